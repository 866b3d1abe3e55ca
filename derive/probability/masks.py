r"""Expected values over random masks: entries that are 1 with probability q and else 0, each by itself.

    E[m_i] = Σ_m m q^m (1 − q)^{1−m} = q,     E[m_i m_j] = q² + δ_{ij} (q − q²),

so that the expectation of a polynomial of degree two in the entries follows term by term.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Basic, Expr, Idx, Integer, KroneckerDelta, Mul

from ..calculus.indices import substitute, transform
from ..calculus.tidy import tidy
from ..model import Model, ModelError
from ..prove import Proof, prove
from ..quantities import Definition
from ..vocabulary import index, indices_of, is_name, name_of, total
from .degrees import collected, opened

MOST_ENTRIES = 2
ONE = Integer(1)


@dataclass(frozen=True, kw_only=True)
class Masks:
    """Independent entries of 0 and 1.

    Attributes:
        model: has the mask among what is given.
        mask: its name.
        keep: the name of the probability q of a 1.
    """

    model: Model
    mask: str
    keep: str

    def __post_init__(self) -> None:
        given = {q.name for q in self.model.given}
        if missing := [n for n in (self.mask, self.keep) if n not in given]:
            raise ModelError(f"model {self.model.name} is not given {missing[0]!r}; name a mask and its probability")
        if not self.model.quantities[self.mask].axes or self.model.quantities[self.keep].axes:
            raise ModelError(f"expected a mask with an axis and one probability for all, came {self.mask}, {self.keep}")

    def power(self, k: int) -> Expr:
        """E[m^k] as the sum over both outcomes."""
        q, m = self.model.quantities[self.keep].at(), index("m", 0, 1)
        return total(m**k * q**m * (1 - q) ** (1 - m), m)

    def moment(self, entries: tuple[Expr, ...]) -> Expr:
        """E of a product of entries, each one's outcomes summed: equal entries together, others one by one.

        Raises: ModelError: if there are more than two.
        """
        if len(entries) > MOST_ENTRIES:
            raise ModelError(f"the mask {self.mask} occurs to the power {len(entries)}; at most two are expected")
        if len(entries) < MOST_ENTRIES:
            return self.power(1) if entries else ONE
        same = Mul(*(KroneckerDelta(a, b) for a, b in zip(*map(indices_of, entries), strict=True)))
        return same * self.power(2) + (1 - same) * self.power(1) ** 2

    def short_moment(self, entries: tuple[Expr, ...]) -> Expr:
        """The same without sums: 1, q, or q² + δ (q − q²)."""
        q = self.model.quantities[self.keep].at()
        if len(entries) < MOST_ENTRIES:
            return q ** len(entries)
        same = Mul(*(KroneckerDelta(a, b) for a, b in zip(*map(indices_of, entries), strict=True)))
        return q**2 + same * (q - q**2)

    def moments_proof(self) -> Proof | None:
        """That the short moments are the sums over the outcomes."""
        axes = self.model.quantities[self.mask].axes
        others = tuple(index(f"{i.label}'", i.lower, i.upper) for i in axes)
        entries = tuple(self.model.quantities[self.mask].at(*where) for where in (axes, others))
        found = [prove(self.moment(e), self.short_moment(e), self.model) for e in (entries[:1], entries)]
        return found[-1] if all(found) else None

    def expectation(self, name: str) -> Expectation:
        """E of a quantity that is a polynomial in the entries, of degree two at most.

        Raises: ModelError: if it was not shown to be one.
        """
        target = self.model.quantities[name].at()
        found = collected(target, self.mask, self.model)
        if found is None:
            raise ModelError(f"{name} was not shown to be of degree two in {self.mask}; its expectation is not known")
        by_degree = dict(found.coefficients)
        q = self.model.quantities[self.keep].at()
        axes = self.model.quantities[self.mask].axes
        moments = [self._summed(by_degree[k], axes) if k in by_degree else Integer(0) for k in range(3)]
        squares = by_degree.get(2)
        diagonal = self._diagonal(squares, axes) if squares is not None else Integer(0)
        at_mean = transform(opened(target, self.mask, self.model), self._at_mean)
        short = tidy(at_mean) + tidy((q - q**2) * diagonal)
        return Expectation(target=target, value=short, proof=prove(Add(*moments), short, found.model))

    def _summed(self, coefficient: Definition, axes: tuple[Idx, ...]) -> Expr:
        """Σ c E[entries] over the indices of a coefficient."""
        where = indices_of(coefficient.target)
        count = len(where) // len(axes)
        entries = tuple(
            self.model.quantities[self.mask].at(*where[k * len(axes) : (k + 1) * len(axes)]) for k in range(count)
        )
        body = coefficient.target * self.short_moment(entries)
        return total(body, *(i for i in where if isinstance(i, Idx))) if where else body

    def _diagonal(self, squares: Definition, axes: tuple[Idx, ...]) -> Expr:
        """Σ_i Q_ii."""
        where = squares.quantity.axes
        own: dict[Basic, Basic] = dict(zip(where[len(axes) :], where[: len(axes)], strict=True))
        return total(substitute(squares.expr, own), *where[: len(axes)])

    def _at_mean(self, e: Expr) -> Expr | None:
        """The probability in the place of every entry."""
        mean = self.model.quantities[self.keep].at()
        return mean if is_name(e) and name_of(e) == self.mask else None


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """E[target] = value: what it is at the mean of the mask, and what its variance adds."""

    target: Expr
    value: Expr
    proof: Proof | None
