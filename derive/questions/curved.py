"""Which way an objective is curved: its Hessian, and the sign of vᵀHv for every v."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answers import Answer, Line

if TYPE_CHECKING:
    from ..model import Model


@dataclass(frozen=True, kw_only=True)
class Curved:
    """Is the objective over the data convex, or concave, in a parameter?

    Attributes:
        parameter: its name.
    """

    parameter: str

    def answer(self, model: Model) -> Answer:
        """H_{jk}, vᵀHv as a sum of weighted squares, and its sign."""
        from ..curvature import Definiteness, curvature

        whole = model.over_data()
        found = curvature(whole, whole.objective, self.parameter)
        lines = [Line.of(found.hessian, "the Hessian")]
        if found.squares is not None:
            lines.append(Line.equal(found.quadratic, found.squares, found.proof, "along any direction"))
        decided = found.definiteness is not Definiteness.UNDECIDED
        return Answer(
            title="The Hessian and its sign",
            model=whole,
            lines=tuple(lines),
            conclusion=(f"The Hessian is {found.definiteness.value}.",) if decided else ("Its sign is undecided.",),
        )
