"""Finding the MODEL of a command: a name of the catalogue, a document that defines one, or `module:attribute`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sympy import Expr

    from derive.model import Model
    from verify.context import Context
    from verify.documents.document import Document, Formula


def find_model(text: str) -> Model:
    """The model that an argument names.

    Args:
        text: a catalogue name; a path to a document, by its suffix; or `module:attribute`, where the module is
            looked for in the current folder too and the attribute is a `Model` or makes one.
    Raises: UsageError, ModelError, DocumentError: in one line what was looked for and what was found.
    """
    from derive.catalog import find
    from verify.documents.readers import EXTENSIONS

    if Path(text).suffix.lower() in EXTENSIONS:
        return _from_document(Path(text))
    if ":" in text:
        return _from_python(*text.rsplit(":", 1))
    if Path(text).suffix == ".py":
        raise UsageError(f"{text}: a model in Python is named by its module and attribute: {Path(text).stem}:model")
    return find(text)


def find_quantity(model: Model, text: str) -> Expr:
    r"""The entry that a NAME means, in plain text (`theta_h[i,j]`) or in LaTeX (`\theta^{(h)}_{i,j}`).

    Raises: UnknownName, UsageError: if the model has no such quantity, or with other indices.
    """
    from derive.notation.plain import PLAIN, UnknownName, atom

    if not PLAIN.match(text):
        return atom(model, _plain_from_latex(model, text))
    try:
        return atom(model, text)
    except UnknownName as unknown:  # h_k is a name in plain text and an entry in LaTeX
        try:
            return atom(model, _plain_from_latex(model, text))
        except ValueError:
            raise unknown from None


# -- LaTeX names -----------------------------------------------------------------------------------


def _plain_from_latex(model: Model, text: str) -> str:
    """A name in LaTeX as plain text: the letter and labels of a quantity of the model, and the indices given."""
    from derive.notation.names_in_notes import take_apart, text_of
    from derive.notation.parser import ReadError, parse
    from derive.notation.syntax import Sym

    letters = frozenset("ijklmnpqrstuvw")
    try:
        nodes = parse(text)
    except ReadError as error:
        raise UsageError(f"{text!r} is not a name: {error.message}; write it as theta_h[i,j]") from None
    if len(nodes) != 1 or not isinstance(nodes[0], Sym):
        raise UsageError(f"{text!r} is not the name of one quantity; write it as theta_h[i,j]")
    named = take_apart(nodes[0], letters)
    name = _by_latex(model, named.latex) or named.plain
    indices = ",".join(text_of(i) for i in named.indices)
    return f"{name}[{indices}]" if indices else name


def _by_latex(model: Model, latex: str) -> str | None:
    """The quantity that is set so, bold or not."""
    wanted = _bare(latex)
    return next((q.name for q in model.quantities.values() if _bare(q.latex) == wanted), None)


def _bare(latex: str) -> str:
    for mark in (r"\mathbf", r"\boldsymbol", r"\mathrm", r"\bm", "{", "}", " "):
        latex = latex.replace(mark, "")
    return latex


# -- the user's own Python -------------------------------------------------------------------------


def _from_python(module: str, attribute: str) -> Model:
    from derive.model import Model

    where = f"{module}:{attribute}"
    with _current_folder():
        try:
            found = import_module(module)
        except ModuleNotFoundError as error:
            if error.name not in (module, module.partition(".")[0]):
                raise
            raise UsageError(f"{where}: there is no module {module} here or on the Python path") from None
        except (Exception, SystemExit) as error:  # whatever the user's own code does
            raise UsageError(f"{where}: importing {module} failed: {type(error).__name__}: {error}") from None
    try:
        value = getattr(found, attribute)
    except AttributeError:
        raise UsageError(f"{where}: the module {module} has no {attribute}") from None
    try:
        made = value() if callable(value) else value
    except (Exception, SystemExit) as error:
        raise UsageError(f"{where}: calling it failed: {type(error).__name__}: {error}") from None
    if not isinstance(made, Model):
        raise UsageError(f"{where} is a {type(made).__name__}; expected a gradproof.Model or a function that makes one")
    return made


@contextmanager
def _current_folder() -> Iterator[None]:
    sys.path.insert(0, str(Path.cwd()))
    try:
        yield
    finally:
        sys.path.remove(str(Path.cwd()))


# -- documents -------------------------------------------------------------------------------------


def _from_document(path: Path) -> Model:
    from derive.model import ModelError
    from derive.notation.definitions import assemble, with_objective
    from verify.context import context_of
    from verify.documents.readers import read_document
    from verify.lines import lines_of

    document = read_document(path)
    context = context_of(lines_of(document))
    if not context.definitions:
        reason = next(
            iter(_failures(document, context)), f"{path}: none of its {len(document.formulas)} formulas is a definition"
        )
        raise UsageError(f"{reason}; a model needs formulas such as h_j = …")
    try:
        model = with_objective(assemble(path.stem, context.definitions.values(), context.dictionary))
    except ModelError as error:
        raise UsageError(f"{path}: {error}") from None
    _demand(document, context, model)
    return replace(_with_outcomes(model), title=_title(document) or path.stem)


def _with_outcomes(model: Model) -> Model:
    """The model with the outcome y of a likelihood p^y (1 − p)^{1−y} known to be 0 or 1."""
    from sympy import Pow

    from derive.quantities import Domain, Kind
    from derive.vocabulary import is_name, name_of

    powers = model.defined[model.likelihood].expr.atoms(Pow) if model.likelihood else set()
    exponents = {p.args[1] for p in powers}
    outcomes = {name_of(e) for e in exponents if is_name(e) and 1 - e in exponents}
    binary = (
        replace(q, domain=Domain.BINARY) if q.name in outcomes and q.kind is Kind.DATA else q for q in model.given
    )
    return replace(model, given=tuple(binary))


def _demand(document: Document, context: Context, model: Model) -> None:
    """Refuse a model that uses a name whose definition could not be read; tell of the rest that was passed over."""
    from verify.lines import names_defined

    given = {q.name for q in model.given}
    for line in context.lines.lines:
        named = names_defined(line, context.dictionary)
        if line.number in context.problems and named is not None and named[0] in given:
            raise UsageError(
                _place(
                    document,
                    line.formula,
                    f"the definition of {named[0]} cannot be read: {context.problems[line.number]}",
                )
            )
    for failure in _failures(document, context):
        print(f"gradproof: note: {failure}; passed over", file=sys.stderr)


def _failures(document: Document, context: Context) -> Iterator[str]:
    """What could not be read, in the order of the text."""
    found = [(u.formula, u.reason) for u in context.lines.unparsed]
    found += [(n.formula, context.problems[n.number]) for n in context.lines.lines if n.number in context.problems]
    for formula, reason in sorted(found, key=lambda pair: pair[0].offset):
        yield _place(document, formula, reason)


def _place(document: Document, formula: Formula, reason: str) -> str:
    return f"{document.path}:{formula.line}:{formula.column}: {reason}"


def _title(document: Document) -> str:
    """The first heading that stands over a formula."""
    return next((f.headings[0] for f in document.formulas if f.headings), "")
