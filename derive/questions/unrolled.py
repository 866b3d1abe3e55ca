"""What a recursion comes to after t steps: its closed form, found by unrolling and proved by induction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Basic, Integer

from ..calculus.indices import substitute, transform
from .answers import Answer, Line

if TYPE_CHECKING:
    from ..analysis.recurrences import ClosedForm
    from ..model import Model


@dataclass(frozen=True, kw_only=True)
class Unrolled:
    """What is a recursion at every step, without the step before?

    Attributes:
        recursion: the name that it defines.
    """

    recursion: str

    def answer(self, model: Model) -> Answer:
        """The closed form before the first step, from one step to the next, and so at every step.

        Raises: ModelError: if the name is no recursion of the model.
        """
        from ..analysis.recurrences import closed_forms

        target = model.quantities[self.recursion].at() if self.recursion in model.quantities else Integer(0)
        found = closed_forms(model, self.recursion)
        lines = _induction(model, found[-1]) if found else ()
        words = () if found else ("No closed form of ", target, " was found.")
        return Answer(title="The recursion unrolled", model=model, lines=lines, conclusion=words)


def _induction(model: Model, found: ClosedForm) -> tuple[Line, ...]:
    """The two equalities that an induction consists of, and what follows from them."""
    recursion, over = model.defined[found.name], model.defined[found.name].over
    assert over is not None and recursion.base is not None
    one_back: dict[Basic, Basic] = {over: over - 1}
    start: dict[Basic, Basic] = {over: over.lower - 1}
    before, target = substitute(found.value, one_back), recursion.target
    last = substitute(target, one_back)
    step = transform(recursion.expr, lambda e: before if e == last else None)
    return (
        Line.equal(substitute(found.value, start), recursion.base, found.induction.base, "before the first step"),
        Line.equal(step, found.value, found.induction.step, "from one step to the next"),
        Line.equal(target, found.value, found.induction.step, "so, by induction"),
    )
