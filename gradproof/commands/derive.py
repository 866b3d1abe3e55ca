"""`gradproof derive`: a derivation of a model's partials."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ..command import Command, argument
from ..errors import UsageError
from ..models import find_model, find_quantity
from ..output import check_file, deliver

if TYPE_CHECKING:
    from sympy import Expr

    from derive.model import Model
    from reports.content.results import Results

FORMATS = ("text", "latex", "pdf", "html", "md", "ipynb", "json")
SUFFIXES = {".tex": "latex", ".pdf": "pdf", ".html": "html", ".md": "md", ".ipynb": "ipynb", ".json": "json"}


def run(args: Namespace) -> int:
    """Derive what is asked for and write it in the format `args.format`."""
    form = _format(args)
    if args.output is not None:
        check_file(args.output)
    elif form == "pdf":
        raise UsageError("a PDF is not text: give a file to write, -o FILE.pdf")
    results = _results(args)
    deliver(_written(results, form, args), args.output, form)
    return 0


def _format(args: Namespace) -> str:
    """The format asked for, or that of the file's suffix."""
    suffix = Path(args.output).suffix if args.output is not None else ""
    return SUFFIXES.get(suffix, "text") if args.format == "text" else str(args.format)


def _results(args: Namespace) -> Results:
    from derive.vocabulary import name_of
    from reports.content.results import all_results, second_results, some_results

    model = find_model(args.model)
    if args.order == 1 and args.of is None and args.wrt is None:
        return _in_form(_in_layout(all_results(model), args), args.form)
    if args.of is None and not model.objective:
        raise UsageError(f"model {model.name} has no objective; say with --of what to differentiate")
    of = _entry(model, args.of) if args.of else model.quantities[model.objective].at()
    wrt = (_entry(model, args.wrt),) if args.wrt else _everything(model, of)
    pairs = tuple((_apart(model, of, w) if args.of == name_of(of) else of, w) for w in wrt)
    results = some_results(model, pairs) if args.order == 1 else second_results(model, of, wrt)
    return _in_form(_in_layout(results, args), args.form)


def _apart(model: Model, of: Expr, wrt: Expr) -> Expr:
    """A quantity named without indices, at indices that are not those of what it is differentiated by: ∂p_j/∂z_k."""
    from derive.vocabulary import indices_of, name_of
    from reports.content.results import apart

    return apart(model, model.quantities[name_of(of)], indices_of(wrt), indices_of(of))


def _in_layout(results: Results, args: Namespace) -> Results:
    """The results in the layout that was asked for, if one was.

    Raises: UsageError: for second derivatives; ConventionError: for the gradient layout of a vector or matrix that
        was itself asked for.
    """
    if args.layout is None:
        return results
    if args.order == 2:
        raise UsageError("--layout is about first derivatives; leave it out with --order 2")
    from derive.layouts import said
    from derive.matrices.conventions import Convention
    from reports.content.results import in_layout

    convention = Convention(args.layout)
    if args.of is not None or args.wrt is not None:
        for result in results.point:
            said(result.derivation, convention)
    return in_layout(results, convention)


def _entry(model: Model, text: str) -> Expr:
    """The entry that a NAME means, within the ranges of its quantity."""
    from derive.wellformed import check_entry

    return check_entry(model, find_quantity(model, text))


def _everything(model: Model, of: Expr) -> tuple[Expr, ...]:
    """What a quantity is differentiated by if nothing is said.

    Raises: UsageError: if it depends on nothing.
    """
    from derive.vocabulary import name_of
    from reports.content.results import variables

    found = tuple(q.at() for q in variables(model, name_of(of)))
    if not found:
        raise UsageError(
            f"{name_of(of)} of model {model.name} depends on nothing that is given; say with --wrt by what"
        )
    return found


def _in_form(results: Results, form: str) -> Results:
    """The results, after making sure that those asked for in matrix notation have one.

    Raises: UsageError: if one has no matrix form.
    """
    for result in (*results.point, *results.whole) if form == "matrix" else ():
        if result.matrix is None:
            raise UsageError(f"∂{result.of}/∂{result.wrt} has no form in matrix notation; take --form index")
    return results


def _written(results: Results, form: str, args: Namespace) -> str | bytes:
    full = args.of is not None or args.wrt is not None
    if form == "json":
        from reports.content.as_json import to_json

        return to_json(results)
    if form == "text":
        from reports.content.as_text import to_text_page

        return to_text_page(results, full=full, matrix_only=args.form == "matrix")
    from reports.content.report import build
    from reports.formats import format_named

    return format_named(form).emit(build(results, full=full, matrix_only=args.form == "matrix"))


COMMAND = Command(
    name="derive",
    summary="derive the partials of a model, step by step",
    arguments=(
        argument("model", metavar="MODEL", help="a catalogue name, a .tex or .md file, or module:attribute"),
        argument("--of", metavar="NAME", help="the quantity to differentiate (the objective)"),
        argument("--wrt", metavar="NAME", help="by which quantity, such as 'theta_h[i,j]' (every parameter)"),
        argument("--form", choices=("index", "matrix"), default="index", help="notation of the results (%(default)s)"),
        argument(
            "--layout",
            choices=("numerator", "denominator", "gradient"),
            help="which way round a matrix of derivatives is written, said on the page (the shape of what it is by)",
        ),
        argument("--order", type=int, choices=(1, 2), default=1, help="first or second derivatives (%(default)s)"),
        argument(
            "--format", choices=FORMATS, default="text", help="how it is written (that of FILE, else %(default)s)"
        ),
        argument("-o", "--output", metavar="FILE", help="file to write (standard output)"),
    ),
    run=run,
)
