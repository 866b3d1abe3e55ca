"""Least squares with a penalty that bends: 0 ∈ c (θ − b) + ∂h(θ), solved piece by piece.

On a piece of a convex h with the slope m₀ + m₁ θ the solution is θ = (c b − m₀)/(c + m₁). At a kink r, where the
slopes of h are m₋ and m₊, it is θ = r for every b from r + m₋/c to r + m₊/c. So every b has exactly one case, since
c (θ − b) + ∂h(θ) rises strictly with θ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Basic, Expr, S, oo

from ..calculus.indices import substitute
from ..calculus.positivity import Facts, positive
from ..calculus.tidy import tidy
from ..kinks import Kink, NoPieces, is_convex, kinks, pieces


@dataclass(frozen=True, kw_only=True)
class Case:
    """The solution for the b between two bounds.

    Attributes:
        lower, upper: the bounds; −∞ and ∞ where there is none.
        solution: θ.
        slopes: on a piece the slope of h, a line in θ, once; at a kink those on both sides.
    """

    lower: Expr
    upper: Expr
    solution: Expr
    slopes: tuple[Expr, ...]

    @property
    def at_kink(self) -> bool:
        """Whether the solution is the same for all these b."""
        return len(self.slopes) == 2


def shrunk(penalty: Expr, theta: Expr, b: Expr, c: Expr, facts: Facts) -> tuple[Case, ...]:
    """The solution of 0 ∈ c (θ − b) + ∂h(θ) for every b, from left to right.

    Args:
        penalty: h(θ), convex, with slopes that are lines in θ.
        theta: the unknown.
        b: what θ would be without the penalty, free of θ.
        c: the certainly positive factor.
        facts: plain name -> domain.
    Raises: NoPieces: if the penalty is not known to be convex, a slope is no line, or the sign of c is not known.
    """
    if not positive(c, facts):
        raise NoPieces(f"the factor {c} of θ − b is not known to be positive; give its names positive domains")
    if not is_convex(penalty, theta, facts):
        raise NoPieces(f"the penalty {penalty} is not known to be convex in {theta}, so it may have several minima")
    return tuple(_cases(penalty, theta, b, c, facts))


def _cases(penalty: Expr, theta: Expr, b: Expr, c: Expr, facts: Facts) -> Iterator[Case]:
    bends = {kink.at: kink for kink in kinks(penalty, theta, facts)}
    for piece in pieces(penalty, theta, facts):
        plain = piece.slope.expand()
        m1 = plain.coeff(theta)
        m0 = (plain - m1 * theta).expand()
        if m0.has(theta) or m1.has(theta):
            raise NoPieces(f"the slope {piece.slope} of the penalty is no line in {theta}")
        solution = tidy((b - m0 / c) / (1 + m1 / c))
        low, high = (e if e in (-oo, oo) else _bound(plain, theta, e, c) for e in (piece.lower, piece.upper))
        yield Case(lower=low, upper=high, solution=solution, slopes=(plain,))
        if piece.upper in bends:
            yield _at(bends[piece.upper], c)


def _bound(slope: Expr, theta: Expr, end: Expr, c: Expr) -> Expr:
    """The b at which the solution reaches the end of a piece."""
    here: dict[Basic, Basic] = {theta: end}
    return tidy(end + substitute(slope, here) / c)


def _at(kink: Kink, c: Expr) -> Case:
    low, high = (tidy(kink.at + slope / c) for slope in (kink.left, kink.right))
    return Case(lower=low, upper=high, solution=S(0) + kink.at, slopes=(kink.left, kink.right))
