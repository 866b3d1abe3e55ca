"""Whether a quantity stays as it is when another is shifted or scaled: the softmax of z + c is that of z."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from ..calculus.indices import transform
from ..model import Model, ModelError
from ..prove import prove
from ..quantities import Domain, Kind, Quantity
from ..vocabulary import is_name, name_of
from .answers import Answer, Line

LETTERS = ("c", "a", "t", "constant")  # for the shift or factor, the first that the model does not use


class Change(StrEnum):
    """What is done to every entry alike."""

    SHIFT = "shift"  # z + c for any real c
    SCALE = "scale"  # c z for any positive c


@dataclass(frozen=True, kw_only=True)
class Invariant:
    """Does a quantity change when all entries of another are shifted, or scaled, alike?

    Attributes:
        of: the name of the quantity.
        to: the name of what is changed.
        change: how.
    """

    of: str
    to: str
    change: Change = Change.SHIFT

    def answer(self, model: Model) -> Answer:
        """The quantity with z + c, or c z, in the place of z, equal to the quantity at z.

        Raises: ModelError: if the model does not define the quantity, or its definition has no z.
        """
        if self.of not in model.defined or self.to not in model.ancestors[self.of]:
            raise ModelError(f"{self.of} of model {model.name} is not defined in terms of {self.to}; name what it uses")
        wider, constant = _with_constant(model, self.change)
        c = constant.at()
        body = wider.defined[self.of].expr
        for name in _between(wider, self.of, self.to):
            body = wider.unfold(body, name)
        shift = self.change is Change.SHIFT
        changed = transform(
            body, lambda e: (e + c if shift else c * e) if is_name(e) and name_of(e) == self.to else None
        )
        target = wider.quantities[self.of].at()
        proof = prove(changed, target, wider)
        line = Line.equal(changed, target, proof, f"{self.change.value} by {constant.name}")
        verb = "shifted" if shift else "scaled"
        words = (target, " does not change when every ", wider.quantities[self.to].at(), f" is {verb} by ", c, ".")
        return Answer(
            title=f"Invariance under a {self.change.value}",
            model=wider,
            lines=(line,),
            conclusion=words if proof else ("Whether it changes is undecided.",),
        )


def _with_constant(model: Model, change: Change) -> tuple[Model, Quantity]:
    letter = next(x for x in LETTERS if x not in model.quantities)
    domain = Domain.REAL if change is Change.SHIFT else Domain.POSITIVE
    constant = Quantity(name=letter, latex=letter, kind=Kind.PARAMETER, domain=domain)
    return replace(model, given=(*model.given, constant)), constant


def _between(model: Model, of: str, to: str) -> list[str]:
    """The names between the two, those closest to the first first."""
    names = [n for n in model.ancestors[of] if n in model.defined and n != to and model.depends(n, to)]
    return sorted(names, key=lambda n: -model.rank[n])
