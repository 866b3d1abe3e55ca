"""Functions of one variable piece by piece: where they are defined, where they bend, and the slopes on both sides.

The places where |u|, [u > 0], max, min or sign change are the roots of their arguments u. Where every u is a + b x
with a sign of b that the domains give, the real line falls into pieces on which f is smooth, and at a place r where
two pieces meet

    f′₋(r) = lim_{x → r−} f′(x),   f′₊(r) = lim_{x → r+} f′(x)

are the values at r of the derivatives of the two. What the domains do not decide is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sympy import Abs, Basic, Expr, Indexed, Max, Min, Mul, Pow, S, log, oo, sign

from .calculus.cases import in_brackets
from .calculus.differentiate import differentiate
from .calculus.indices import substitute
from .calculus.normalform import TooLarge, is_zero
from .calculus.ordering import key
from .calculus.positivity import Facts, nonnegative, positive
from .calculus.tidy import tidy
from .calculus.trees import args_of
from .quantities import Domain
from .rows.functions import RowFunction
from .vocabulary import Maximum, Positive, name_of

SWITCHES = (Positive, Abs)


class NoPieces(ValueError):
    """A function that does not fall into pieces here; the message says what would have to be known."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """f on the open interval from `lower` to `upper`.

    Attributes:
        lower, upper: free of the variable; −∞ and ∞ where the interval has no end.
        expr: what f equals there, without switches that depend on the variable.
        slope: its derivative by the variable.
    """

    lower: Expr
    upper: Expr
    expr: Expr
    slope: Expr


@dataclass(frozen=True, kw_only=True)
class Kink:
    """A place where two pieces meet and f has no derivative.

    Attributes:
        at: the value of the variable.
        left, right: the limits of the derivative from the two sides.
        below, value, above: the limit of f from the left, its value there, and its limit from the right.
        continuous: whether these three are equal, so that left and right are the one-sided derivatives of f.
    """

    at: Expr
    left: Expr
    right: Expr
    below: Expr
    value: Expr
    above: Expr
    continuous: bool


def pieces(expr: Expr, variable: Expr, facts: Facts) -> tuple[Piece, ...]:
    """The pieces of f on its domain, from left to right; neighbours are different functions.

    Args:
        expr: a term in the variable; only under functions that have a row, `exp`, `log`, powers and switches.
        variable: a scalar or a tensor entry.
        facts: plain name -> domain.
    Raises: NoPieces: if the sign of a switch is not decided by the facts.
    """
    found: list[Piece] = []
    for piece in _pieces(_switches(expr), variable, *domain(expr, variable, facts), facts):
        if found and _same(found[-1].expr, piece.expr, facts):
            found[-1] = replace(found[-1], upper=piece.upper)
        else:
            found.append(piece)
    return tuple(found)


def kinks(expr: Expr, variable: Expr, facts: Facts) -> tuple[Kink, ...]:
    """The places inside the domain where f has no derivative.

    Raises: NoPieces: as for `pieces`.
    """
    found = pieces(expr, variable, facts)
    met = (_meeting(a, b, _switches(expr), variable, facts) for a, b in pairwise(found))
    return tuple(kink for kink in met if not (kink.continuous and _same(kink.left, kink.right, facts)))


def is_convex(expr: Expr, variable: Expr, facts: Facts) -> bool:
    """Whether f is certainly convex: its slope does not fall on any piece, and does not fall from one to the next."""
    smooth = all(_rises(p, variable, facts) for p in pieces(expr, variable, facts))
    bends = all(k.continuous and nonnegative(tidy(k.right - k.left), facts) for k in kinks(expr, variable, facts))
    return smooth and bends


def _rises(piece: Piece, variable: Expr, facts: Facts) -> bool:
    """Whether the slope certainly does not fall on the whole of a piece, whatever domain the variable is given."""
    facts = {**facts, name_of(variable): _lies(piece)}
    of_slope = differentiate(piece.slope, variable)
    forms = (of_slope, tidy(of_slope), differentiate(differentiate(piece.expr, variable), variable))
    return any(nonnegative(form, facts) for form in forms)


def _lies(piece: Piece) -> Domain:
    """A domain that holds the piece."""
    if piece.lower != 0:
        return Domain.REAL
    return Domain.UNIT if piece.upper == 1 else Domain.POSITIVE


def bends(expr: Expr) -> bool:
    """Whether an expression holds a function with a kink or a jump."""
    return bool(expr.has(*SWITCHES, Max, Min, Maximum, sign)) or any(_has_kink(f) for f in expr.atoms(RowFunction))


def check_alone(expr: Expr, entry: Expr) -> None:
    """Refuse an expression in which an entry stands beside others of the same tensor.

    Raises: NoPieces: if it does.
    """
    met = {e for e in expr.atoms(Indexed) if isinstance(entry, Indexed) and e.base == entry.base}
    if not met <= {entry}:
        raise NoPieces(f"{entry} stands beside other entries of {name_of(entry)}; ask for a term with one entry alone")


# -- where f is defined ------------------------------------------------------------------------------


def domain(expr: Expr, variable: Expr, facts: Facts) -> tuple[Expr, Expr]:
    """The ends of the open interval on which every logarithm, root and fraction of f has a value.

    Where a denominator divides the line, the side on which the domain of the variable lies is taken.

    Raises: NoPieces: if the facts do not decide it.
    """
    check_alone(expr, variable)
    lower: Expr = -oo
    upper: Expr = oo
    for u in sorted(_needed_positive(expr, variable, facts), key=key):
        slope, root = _line(u, variable, facts)
        if slope > 0:
            lower = root if lower == -oo else _larger(lower, root, facts)
        else:
            upper = root if upper == oo else -_larger(-upper, -root, facts)
    return lower, upper


def _needed_positive(expr: Expr, variable: Expr, facts: Facts) -> Iterator[Expr]:
    """What depends on the variable and must be positive for f to have a value."""
    if not expr.has(variable) or expr == variable or isinstance(expr, Indexed):
        return
    for a in args_of(expr):
        if isinstance(a, Expr):
            yield from _needed_positive(a, variable, facts)
    if isinstance(expr, log):
        yield from _signed_factors(args_of(expr)[0], variable, facts)
    if isinstance(expr, Pow):
        base, power = args_of(expr)
        whole_up = power.is_integer and power.is_nonnegative
        if not whole_up and base.has(variable) and not positive(base, {}):
            if not positive(base, facts) and power.is_integer:
                raise NoPieces(f"{base} stands below the line and its sign is not known; give it a positive domain")
            yield from _signed_factors(base, variable, facts)


def _signed_factors(u: Expr, variable: Expr, facts: Facts) -> Iterator[Expr]:
    """The factors of u that depend on the variable and give it its sign; the others are positive."""
    for f in Mul.make_args(u):
        base, power = f.as_base_exp()
        if base.has(variable):
            if positive(f, {}):
                continue
            yield base if power.is_odd else f
        elif not positive(f, facts):
            raise NoPieces(f"the sign of {f} is not known; give it a positive domain")


# -- the pieces --------------------------------------------------------------------------------------


def _switches(expr: Expr) -> Expr:
    """The expression with rows that have a kink, maxima, minima and signs written in brackets."""

    def opened(e: Any) -> Any:
        return _switches(e.textbook) if isinstance(e, RowFunction) else in_brackets(e)

    found: Any = expr.replace(lambda e: isinstance(e, Max | Min | sign) or _has_kink(e), opened)
    plain: Expr = found
    return plain


def _has_kink(e: Any) -> bool:
    return isinstance(e, RowFunction) and _switches(e.textbook).has(*SWITCHES)


def _pieces(expr: Expr, variable: Expr, lower: Expr, upper: Expr, facts: Facts) -> Iterator[Piece]:
    switch = _innermost(expr, variable)
    if switch is None:
        shown = tidy(expr)
        yield Piece(lower=lower, upper=upper, expr=shown, slope=tidy(differentiate(shown, variable)))
        return
    u = args_of(switch)[0]
    way, root = _line(u, variable, facts)
    left, right = _resolved(expr, u, -way), _resolved(expr, u, way)
    if lower != -oo and nonnegative((lower - root).expand(), facts):
        yield from _pieces(right, variable, lower, upper, facts)
    elif upper != oo and nonnegative((root - upper).expand(), facts):
        yield from _pieces(left, variable, lower, upper, facts)
    elif _inside(root, lower, upper, facts):
        yield from _pieces(left, variable, lower, root, facts)
        yield from _pieces(right, variable, root, upper, facts)
    else:
        raise NoPieces(f"where {u} is zero, at {variable} = {root}, is not placed by the domains between other kinks")


def _inside(root: Expr, lower: Expr, upper: Expr, facts: Facts) -> bool:
    above = lower == -oo or positive((root - lower).expand(), facts)
    return above and (upper == oo or positive((upper - root).expand(), facts))


def _innermost(expr: Expr, variable: Expr) -> Expr | None:
    """A switch that depends on the variable, with none inside."""
    found = [s for s in expr.atoms(*SWITCHES) if s.has(variable)]
    plain = [s for s in found if not any(t.has(variable) for t in args_of(s)[0].atoms(*SWITCHES))]
    return min(plain, key=key, default=None)


def _resolved(expr: Expr, u: Expr, way: int) -> Expr:
    """The expression where u > 0 (way 1) or u < 0 (way −1)."""
    result: Expr = expr.xreplace({Positive(u): S.One if way > 0 else S.Zero, Abs(u): way * u})
    return result


def _line(u: Expr, variable: Expr, facts: Facts) -> tuple[int, Expr]:
    """The sign of the slope of u = a + b x, and its root −a/b."""
    plain = u.expand()
    slope = plain.coeff(variable)
    rest = (plain - slope * variable).expand()
    if slope == 0 or slope.has(variable) or rest.has(variable):
        raise NoPieces(f"{u} is no line in {variable}; a kink must be where something linear is zero")
    way = 1 if positive(slope, facts) else -1 if positive(-slope, facts) else 0
    if way == 0:
        raise NoPieces(f"the sign of {slope}, the slope of {u}, is not known; give it a positive domain or a value")
    return way, (-rest / slope).expand()


def _larger(a: Expr, b: Expr, facts: Facts) -> Expr:
    if nonnegative((a - b).expand(), facts):
        return a
    if nonnegative((b - a).expand(), facts):
        return b
    raise NoPieces(f"which of {a} and {b} is larger is not known")


# -- where pieces meet -------------------------------------------------------------------------------


def _meeting(a: Piece, b: Piece, expr: Expr, variable: Expr, facts: Facts) -> Kink:
    at = a.upper
    here: dict[Basic, Basic] = {variable: at}
    below, value, above = (tidy(substitute(e, here)) for e in (a.expr, expr, b.expr))
    return Kink(
        at=at,
        left=tidy(substitute(a.slope, here)),
        right=tidy(substitute(b.slope, here)),
        below=below,
        value=value,
        above=above,
        continuous=_same(below, value, facts) and _same(value, above, facts),
    )


def _same(a: Expr, b: Expr, facts: Facts) -> bool:
    try:
        return is_zero(a - b, facts)
    except TooLarge:
        return False
