"""The two sides of a relation as expressions, and the model in which they are judged."""

from __future__ import annotations

from derive.calculus.indices import free_indices
from derive.model import Model
from derive.notation.derivatives import MIXED, Layout
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.vocabulary import name_of, names_in
from derive.wellformed import runs_to_itself

from .context import Context
from .judge import Equation, with_variables
from .lines import Line
from .shares import with_shares


def equation_of(line: Line, context: Context, layout: Layout = MIXED) -> Equation:
    """Both sides of a relation as expressions, derivatives in a layout; the left one may stand in an earlier display.

    Raises: Unreadable: if one of them has no reading.
    """
    assert line.right is not None
    reader = Reader(context.dictionary, layout)
    left_reader = Reader(context.dictionary, layout) if line.carried is not None else reader
    left_reader.free = reader.free
    left = left_reader.read(line.left)
    reader.opened, reader.shape = left_reader.opened, left_reader.shape
    right = reader.read(line.right)
    source = line.formula.latex
    sources = ((line.carried.latex if line.carried else source, line.left, left_reader), (source, line.right, reader))
    return Equation(left=left, right=right, sources=sources)


def model_for(equation: Equation, context: Context, at: int) -> Model:
    """The model in which an equation is judged: of one data point, or of all where it speaks of them."""
    used = {name_of(a) for side in (equation.left, equation.right) for a in names_in(side)}
    if any(reader.samples for _, _, reader in equation.sources):
        return context.model_at(at, used, whole=True)
    model = context.model_at(at, used)
    totals = {d.name for d in context.definitions.values() if d.whole} - set(model.defined)
    return context.model_at(at, used, whole=True) if used & totals else model


def model_of(equation: Equation, context: Context, at: int) -> Model:
    """The same, with the letters of the equation that have no definition and what sums to one.

    Raises: ModelError: if the definitions make no model.
    """
    return with_shares(with_variables(equation, model_for(equation, context, at)), context.shares)


def posed(line: Line, context: Context, at: int | None = None, layout: Layout = MIXED) -> tuple[Equation, Model]:
    """The equation of a line, and the model by the definitions that hold where it stands, or at another line.

    Raises: Unreadable, ModelError: if a side has no reading, or the definitions make no model.
    """
    equation = equation_of(line, context, layout)
    for i in free_indices(equation.left) | free_indices(equation.right):
        if runs_to_itself(i):
            raise Unreadable(f"{i} is an index, and the last value of its own range", line.left.span)
    return equation, model_of(equation, context, line.number if at is None else at)
