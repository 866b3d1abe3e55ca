"""The derivative of a function in terms of its own output: a(1 − a) for the logistic function."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sympy import Expr, Gt, Integer, Le, Lt, Piecewise, Symbol, oo

from ..analysis.outputs import OutputForm, Turning, in_output
from ..backprop import partial
from ..calculus.indices import fresh
from ..prove import prove
from ..quantities import Quantity
from ..rows.functions import RowFunction
from ..vocabulary import Partial, name_of, names_in
from .answers import Answer, Line, Relation, Sign
from .words import at, between

if TYPE_CHECKING:
    from ..model import Model

FORWARD = "What the forward pass computed is all that the backward pass needs."
TURNS = (
    "There is no such form: the function rises and falls, so between the two slopes some level is taken twice, "
    "once falling and once rising."
)
NOT_FOUND = "No such form was found."


@dataclass(frozen=True, kw_only=True)
class InOutput:
    """Can the derivative be computed from the output alone?

    Attributes:
        of: the output, a function of one number, or a vector.
        wrt: the input.
    """

    of: str
    wrt: str

    def answer(self, model: Model) -> Answer:
        """The derivative with the input eliminated; else why there is none, or that none was found."""
        output, given = model.quantities[self.of], model.quantities[self.wrt]
        title = f"The derivative of {{{self.of}}} in terms of {{{self.of}}}"
        if output.axes:
            lines, word = _of_a_vector(model, output, given)
        else:
            lines, word = _of_a_number(model, output.at(), given.at())
        return Answer(title=title, model=model, lines=lines, conclusion=(word,))


def _of_a_vector(model: Model, output: Quantity, given: Quantity) -> tuple[tuple[Line, ...], str]:
    """The Jacobian, which is in terms of the output if no other name is left."""
    columns = [fresh(i, output.axes) for i in given.axes]
    found = partial(model, output.at(), given.at(*columns))
    alone = {name_of(a) for a in names_in(found.result)} <= {output.name}
    return (Line.of(found, "the Jacobian"),), FORWARD if alone else NOT_FOUND


def _of_a_number(model: Model, output: Expr, given: Any) -> tuple[tuple[Line, ...], str]:
    body: Expr = model.body(output)
    textbook = body.textbook if isinstance(body, RowFunction) else body
    found = in_output(textbook, given, output)
    lines = [Line.equal(output, textbook, prove(output, textbook, model), "the textbook form")]
    derivation = partial(model, output, given)
    if isinstance(found, tuple):
        lines += _eliminated(found, model, output, given)
    else:
        lines.append(Line.of(derivation, "the derivative"))
    if isinstance(found, Turning):
        for (place, slope), sign in ((found.falls, Sign.LESS), (found.rises, Sign.GREATER)):
            relation = Relation(left=slope, sign=sign, right=Integer(0))
            label = f"the slope at {at(given, place, model)}"
            lines.append(Line(relation=relation, label=label, verdict="proved"))
    return tuple(lines), FORWARD if isinstance(found, tuple) else TURNS if found else NOT_FOUND


def _eliminated(forms: tuple[OutputForm, ...], model: Model, output: Expr, given: Symbol) -> Iterator[Line]:
    """The slope, the input solved for, and the slope without it; on pieces, what was proved on each."""
    target = Partial(output, given)
    if len(forms) == 1:
        (form,) = forms
        yield Line.equal(target, form.piece.slope, prove(target, form.piece.slope, model), "the derivative")
        if form.power != 0:
            yield Line.equal(form.power, form.solved, prove(form.power, form.solved, model), "the input eliminated")
        yield Line.equal(target, form.slope, prove(target, form.slope, model), "in terms of the output")
        return
    slopes: list[Any] = [(f.piece.slope, _side(given, f.piece.lower, f.piece.upper, strict=True)) for f in forms]
    relation = Relation(left=target, right=Piecewise(*slopes, evaluate=False))
    yield Line(relation=relation, label="the derivative", verdict="proved")
    for form in (f for f in forms if f.power != 0):
        solved = Relation(left=form.power, right=form.solved)
        label = f"the input eliminated, where {between(form.piece.lower, given, form.piece.upper, model)}"
        yield Line(relation=solved, label=label, verdict="proved")
    if len({f.slope for f in forms}) == 1:
        right = forms[0].slope
    else:
        ends = [_joint(a, b, output) for a, b in pairwise(forms)]
        rows: list[Any] = [(a.slope, _below(output, a.above, strict)) for a, strict in zip(forms, ends, strict=False)]
        right = Piecewise(*rows, (forms[-1].slope, Gt(output, forms[-1].below, evaluate=False)), evaluate=False)
    yield Line(relation=Relation(left=target, right=right), label="in terms of the output", verdict="proved")


def _joint(before: OutputForm, after: OutputForm, output: Expr) -> bool:
    """Whether the value where two pieces meet belongs to neither: it is taken at the kink alone."""
    same = (before.slope - after.slope).subs(output, before.above) == 0
    return before.slope != 0 and not same


def _below(output: Expr, end: Expr, strict: bool) -> Any:
    return (Lt if strict else Le)(output, end, evaluate=False)


def _side(variable: Expr, lower: Expr, upper: Expr, *, strict: bool) -> Any:
    """The condition that a variable lies on one side of a place."""
    if upper != oo:
        return _below(variable, upper, strict)
    return Gt(variable, lower, evaluate=False)
