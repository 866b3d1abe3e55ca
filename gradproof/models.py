"""Finding the MODEL of a command: a name of the catalogue, a document that defines one, or `module:attribute`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sympy import Expr

    from derive.model import Model
    from derive.notation.syntax import Sym
    from derive.rows.functions import Unary
    from derive.rows.losses import Loss


def find_model(text: str) -> Model:
    """The model that an argument names.

    Args:
        text: a catalogue name; a path to a document, by its suffix; or `module:attribute`, where the module is
            looked for in the current folder too and the attribute is a `Model`, makes one, or is a row of a function
            or a loss.
    Raises: UsageError, ModelError, DocumentError: in one line what was looked for and what was found.
    """
    from derive.catalog import find
    from verify.documents.readers import EXTENSIONS

    if Path(text).suffix.lower() in EXTENSIONS:
        from .notes import model_of

        return model_of(Path(text))
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
    from derive.notation.parser import ReadError, parse
    from derive.notation.syntax import Sym

    try:
        nodes = parse(text)
    except ReadError as error:
        raise UsageError(f"{text!r} is not a name: {error.message}; write it as theta_h[i,j]") from None
    if len(nodes) != 1 or not isinstance(nodes[0], Sym):
        raise UsageError(f"{text!r} is not the name of one quantity; write it as theta_h[i,j]")
    readings = list(_readings(model, nodes[0]))
    wanted = next((r for r in readings if _fits(model, *r)), readings[0])
    name, indices = wanted
    return f"{name}[{','.join(indices)}]" if indices else name


def _readings(model: Model, sym: Sym) -> Iterator[tuple[str, tuple[str, ...]]]:
    r"""The names and indices that a letter with scripts may stand for: what is above is a label, or the first index."""
    from derive.notation.names_in_notes import latex_of, take_apart, text_of
    from derive.notation.syntax import Group, Listing, Num, Sym

    named = take_apart(sym, frozenset("ijklmnopqrstuvw"))
    yield _by_latex(model, named.latex) or named.plain, tuple(text_of(i) for i in named.indices)
    bare = take_apart(
        Sym(base=sym.base, accents=sym.accents, fonts=sym.fonts, primes=sym.primes, span=sym.span), frozenset()
    )
    sub = sym.sub.body if isinstance(sym.sub, Group) else sym.sub
    below = () if sub is None else tuple(getattr(sub, "items", (sub,)))
    sup = sym.sup.body if isinstance(sym.sup, Group) else sym.sup
    above = () if sup is None else (sup,)
    name = _by_latex(model, bare.latex) or bare.plain
    yield name, tuple(text_of(i) for i in (*above, *below))
    if len(below) == 1 and isinstance(sub, Num) and not isinstance(sub, Listing):
        yield _by_latex(model, f"{bare.latex}_{{{latex_of(sub)}}}") or f"{bare.plain}_{text_of(sub)}", ()


def _fits(model: Model, name: str, indices: tuple[str, ...]) -> bool:
    return name in model.quantities and len(indices) in (0, len(model.quantities[name].axes))


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

    from .ownpython import attribute_of, row_of

    where = f"{module}:{attribute}"
    value = attribute_of(module, attribute)
    if (row := _of_row(row_of(value))) is not None:
        return row
    try:
        made = value() if callable(value) else value
    except (Exception, SystemExit) as error:
        raise UsageError(f"{where}: calling it failed: {type(error).__name__}: {error}") from None
    if not isinstance(made, Model):
        raise UsageError(f"{where} is a {type(made).__name__}; expected a gradproof.Model or a function that makes one")
    return made


def _of_row(row: Unary | Loss | None) -> Model | None:
    """The model that a row stands for: a function of one argument, or a loss."""
    from derive.rows.catalogue.activations import activation_model
    from derive.rows.catalogue.losses import loss_model
    from derive.rows.functions import Unary

    if row is None:
        return None
    return activation_model(row) if isinstance(row, Unary) else loss_model(row)
