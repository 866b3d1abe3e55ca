"""What random masks do on average: the output keeps its mean, the loss gains a penalty."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..quantities import Quantity
from ..vocabulary import index
from .answers import Answer, Line

if TYPE_CHECKING:
    from ..model import Model
    from ..probability.masks import Masks


@dataclass(frozen=True, kw_only=True)
class Masked:
    """What are the expectations of quantities over masks of independent entries?

    Attributes:
        mask: the name of the mask, 0 or 1 for each entry.
        keep: the name of the probability of a 1.
        of: the names of what is averaged, polynomials in the mask of degree two at most.
    """

    mask: str
    keep: str
    of: tuple[str, ...]

    def answer(self, model: Model) -> Answer:
        """The moments of the mask by summing over its outcomes, then each expectation.

        Raises: ModelError: if the model has no such mask, or a quantity is no such polynomial.
        """
        from ..probability.masks import Masks

        masks = Masks(model=model, mask=self.mask, keep=self.keep)
        means = {n: _mean(model.quantities[n]) for n in self.of}
        found = {n: masks.expectation(n) for n in self.of}
        lines = [*_moments(masks)]
        lines += [Line.equal(means[n].at(), e.value, e.proof, "averaged over the masks") for n, e in found.items()]
        wider = replace(model, given=(*model.given, *means.values()))
        return Answer(title="Averaged over the masks", model=wider, lines=tuple(lines))


def _moments(masks: Masks) -> tuple[Line, Line]:
    axes = masks.model.quantities[masks.mask].axes
    others = tuple(index(f"{i.label}'", i.lower, i.upper) for i in axes)
    entry, other = (masks.model.quantities[masks.mask].at(*where) for where in (axes, others))
    proof = masks.moments_proof()
    return (
        Line.equal(masks.moment((entry,)), masks.short_moment((entry,)), proof, "the mean of an entry"),
        Line.equal(masks.moment((entry, other)), masks.short_moment((entry, other)), proof, "of two entries"),
    )


def _mean(quantity: Quantity) -> Quantity:
    """The expectation of a quantity as a name."""
    return replace(quantity, name=f"mean_{quantity.name}", latex=rf"\mathbb{{E}}[{quantity.latex}]")
