"""Where the gradient of a maximum goes: to the entry that is the largest, or shared by those that are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy import Expr, Integer

from ..backprop import partial
from ..calculus.differentiate import differentiate
from ..calculus.indices import bound_in, fresh, rename_bound
from ..calculus.positivity import nonnegative
from ..model import ModelError
from ..prove import prove, reliable_facts
from ..vocabulary import Maximum, Partial, Positive, name_of, names_in, total
from .answers import Answer, Line, Relation, Sign

if TYPE_CHECKING:
    from ..model import Model

ZERO, ONE = Integer(0), Integer(1)


@dataclass(frozen=True, kw_only=True)
class ArgMax:
    """What is the gradient of z = max_u b_u in terms of the shares of the entries in the maximum?

    Attributes:
        of: the name of the maximum.
        wrt: the name of what its entries are made of.
        shares: the name of the shares, with the axes of the maximum and then its indices.
    """

    of: str
    wrt: str
    shares: str

    def answer(self, model: Model) -> Answer:
        """∂z = Σ_u a_u ∂b_u, with Σ_u a_u = 1, a_u ≥ 0, and a_u = 0 where b_u is not the largest.

        Raises: ModelError: if `of` is not defined as a maximum over indices.
        """
        target, given = model.quantities[self.of].at(), model.quantities[self.wrt]
        body: Any = rename_bound(model.body(target), model.quantities[self.of].axes)
        if not isinstance(body, Maximum):
            raise ModelError(f"{self.of} is asked for its arg max; it must be defined as a maximum over indices")
        outer, inner = model.quantities[self.of].axes, [i for i, _, _ in reversed(bound_in(body))]
        wrt = given.at(*(fresh(i, {*outer, *inner}) for i in given.axes))
        share = model.quantities[self.shares].at(*outer, *inner)
        entry: Any = body.function
        gap = target - entry
        of_entries = total(share * differentiate(entry, wrt), *inner[::-1])
        written = _unfolded(share, model)
        sign = "proved" if nonnegative(written, reliable_facts(model)) else "undecided"
        whole = model.quantities[model.objective].at()
        to_whole = Partial(whole, wrt)
        comes_down = total(partial(model, whole, target).result * of_entries, *outer)
        slope, all_shares = Partial(target, wrt), total(share, *inner[::-1])
        at_least = Relation(left=share, sign=Sign.AT_LEAST, right=ZERO)
        # z ≥ b by the definition of a maximum, so z − b = (z − b) [z − b > 0]
        unshared = prove(share * gap * Positive(gap), ZERO, model)
        lines = (
            Line.equal(slope, of_entries, prove(slope, of_entries, model), "the gradient"),
            Line.equal(all_shares, ONE, prove(all_shares, ONE, model), "the shares sum to one"),
            Line(relation=at_least, label="and are not negative", verdict=sign),
            Line.equal(share * gap, ZERO, unshared, "only the largest have one"),
            Line.equal(to_whole, comes_down, prove(to_whole, comes_down, model), "for the objective"),
        )
        return Answer(
            title=f"Where the gradient of {{{self.of}}} goes",
            model=model,
            lines=lines,
            conclusion=(
                "Where one entry alone is the largest, its share is one and the gradient goes to it. Where several are "
                "equally large there is no derivative, and the shares make a subgradient.",
            ),
        )


def _unfolded(share: Expr, model: Model) -> Expr:
    """A share by its definition, and the names there by theirs."""
    once = model.unfold(share, name_of(share))
    return model.unfold(once, *(name_of(a) for a in names_in(once) if name_of(a) in model.defined))
