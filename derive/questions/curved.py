"""Which way an objective is curved: its Hessian, and the sign of vᵀHv for every v."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answers import Answer, Line, Relation, Sign
from .short import for_short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..analysis.curvature import Curvature
    from ..model import Model

HESSIANS = ("H", "Hessian")  # names, the first that the model does not use


@dataclass(frozen=True, kw_only=True)
class Curved:
    """Is the objective over the data convex, or concave, in a parameter?

    Attributes:
        parameter: its name.
    """

    parameter: str

    def answer(self, model: Model) -> Answer:
        """H_{jk}, vᵀHv as a sum of weighted squares, and its sign."""
        from ..analysis.curvature import Definiteness, curvature
        from ..solve.naming import with_name

        whole = model.over_data() if model.sample is None else model
        found = curvature(whole, whole.objective, self.parameter)
        lines = [Line.of(found.hessian, "the Hessian")]
        if len(whole.quantities[self.parameter].axes) == 1:
            named, definition = with_name(found.model, HESSIANS, found.hessian.result, *found.axes)
            short = for_short(definition, named)
            lines += [short] if short.matrices is not None else []
        else:
            named = found.model
        decided = found.definiteness is not Definiteness.UNDECIDED
        return Answer(
            title="The Hessian and its sign",
            model=named,
            lines=(*lines, *along_any_direction(found)),
            conclusion=(f"The Hessian is {found.words}.",) if decided else ("Its sign is undecided.",),
        )


def along_any_direction(found: Curvature) -> Iterator[Line]:
    """vᵀHv as a sum of squares, and its sign."""
    from ..analysis.curvature import Definiteness

    if found.squares is None:
        return
    yield Line.equal(found.quadratic, found.squares, found.proof, "along any direction")
    if found.definiteness is not Definiteness.UNDECIDED:
        yield sign_line(found)


def sign_line(found: Curvature) -> Line:
    """Σ w (Σ f v)² ≥ 0, > 0, ≤ 0 or < 0, as was proved."""
    from ..analysis.curvature import Definiteness

    above = found.definiteness is Definiteness.POSITIVE
    loose, strict = (Sign.AT_LEAST, Sign.GREATER) if above else (Sign.AT_MOST, Sign.LESS)
    assert found.squares is not None
    return Line(
        relation=Relation(left=found.squares, sign=strict if found.strict else loose, right=0 * found.squares),
        label="its sign for every direction but zero" if found.strict else "its sign for every direction",
        verdict=found.verdict,
    )
