"""Derivatives in terms of the output: from a = f(z), the function g with f′(z) = g(a), by elimination.

Where f is rational in t = e^z, or its logarithm, a D(t) − N(t) = 0 and g Q(t) − P(t) = 0 have a common root t, so
their resultant by t vanishes: a polynomial in a and g, whose factors that are linear in g are tried. Each candidate
is kept only if f′(z) = g(f(z)) is proved. On pieces this is done piece by piece.

Where f both rises and falls there is no g: a level between takes a falling and a rising slope.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import mpmath
from sympy import (
    Dummy,
    Expr,
    S,
    Symbol,
    cancel,
    exp,
    factor_list,
    fraction,
    lambdify,
    log,
    oo,
    resultant,
    together,
)

from ..calculus.normalform import TooLarge, is_zero
from ..calculus.positivity import NO_FACTS, positive
from ..calculus.tidy import tidy
from ..calculus.trees import args_of, operations
from ..kinks import Piece, pieces
from ..rows.functions import RowFunction

TRIED = (S(-3), S(-2), S(-1), -S.Half, S.Half, S(1), S(2), S(3))
SURE = mpmath.mpf("1e-6")  # a slope beyond this, computed with 50 digits, has the sign that it shows


@dataclass(frozen=True, kw_only=True)
class OutputForm:
    """f on one piece.

    Attributes:
        piece: where, and what f and f′ are there.
        power, solved: e^{k z}, and what it is in terms of a; both zero where z is not eliminated this way.
        slope: g(a).
        below, above: f lies between these on the piece, so that the piece is known from the output.
    """

    piece: Piece
    power: Expr
    solved: Expr
    slope: Expr
    below: Expr
    above: Expr


@dataclass(frozen=True, kw_only=True)
class Turning:
    """Two arguments at which the slope is certainly negative and certainly positive."""

    falls: tuple[Expr, Expr]
    rises: tuple[Expr, Expr]


def in_output(textbook: Expr, z: Symbol, a: Expr) -> tuple[OutputForm, ...] | Turning | None:
    """f′ in terms of a = f(z), piece by piece.

    Args:
        textbook: f(z), with every row written out where it has a kink.
        z: the argument.
        a: the output, a name.
    Returns: one form a piece; or the two slopes that show that there is none; or None if neither was found.
    Raises: NoPieces: if f does not fall into pieces.
    """
    found = pieces(textbook, z, NO_FACTS)
    forms = tuple(form for piece in found if (form := _on_piece(piece, z, a)) is not None)
    if len(forms) == len(found) and _apart(forms):
        return forms
    return _turning(found, z)


def _apart(forms: tuple[OutputForm, ...]) -> bool:
    """Whether the output tells the pieces apart: at most c on the one, more than c on the next; or need not."""
    if all(form.slope == forms[0].slope and not form.slope.free_symbols for form in forms):
        return True
    return all(a.above == b.below and positive(b.piece.slope, NO_FACTS) for a, b in pairwise(forms))


def _on_piece(piece: Piece, z: Symbol, a: Expr) -> OutputForm | None:
    written = _written_out(piece.expr)
    slope = _written_out(piece.slope)
    ends = _image(piece, slope, z)
    if ends is None:
        return None
    if not slope.has(z):
        return OutputForm(piece=piece, power=S.Zero, solved=S.Zero, slope=slope, below=ends[0], above=ends[1])
    for power, solved, candidate in _eliminated(written, slope, z, a):
        if _holds(slope, candidate, a, written):
            return OutputForm(piece=piece, power=power, solved=solved, slope=candidate, below=ends[0], above=ends[1])
    return None


def _written_out(expr: Expr) -> Expr:
    out: Any = expr.replace(lambda e: isinstance(e, RowFunction), lambda e: _written_out(e.textbook))
    plain: Expr = out
    return plain


def _image(piece: Piece, slope: Expr, z: Symbol) -> tuple[Expr, Expr] | None:
    """The values at the ends of a piece on which f does not fall; infinite where the piece has no end."""
    if not (slope == 0 or positive(slope, NO_FACTS) or positive(cancel(slope), NO_FACTS) or _is_whole(piece)):
        return None
    ends = (piece.lower, piece.upper)
    low, high = (e if e in (-oo, oo) else piece.expr.subs(z, e).doit() for e in ends)
    return low, high


def _is_whole(piece: Piece) -> bool:
    """Whether there is one piece alone, which need not be told from others."""
    return piece.lower == -oo and piece.upper == oo


def _eliminated(value: Expr, slope: Expr, z: Symbol, a: Expr) -> Iterator[tuple[Expr, Expr, Expr]]:
    """e^{k z}, what it is in terms of a, and candidates for the slope in terms of a."""
    t, out, g = Dummy("t", positive=True), Dummy("a"), Dummy("g")
    logarithmic = isinstance(value, log)
    inside: Expr = args_of(value)[0] if logarithmic else value
    rational, of_slope = _in_exponential(inside, z, t), _in_exponential(slope, z, t)
    if rational is None or of_slope is None:
        return
    back = {out: exp(a) if logarithmic else a}
    above, below = fraction(rational)
    equation = (above - out * below).expand()
    power, solved = _solved_for_power(equation, t)
    top, bottom = fraction(of_slope)
    relation = resultant(equation, (top - g * bottom).expand(), t)
    for part, _ in factor_list(relation)[1]:
        poly = part.as_poly(g)
        if poly is not None and poly.degree() == 1:
            candidate = cancel(-poly.coeff_monomial(1) / poly.coeff_monomial(g))
            yield exp(power * z), tidy(solved).xreplace(back), _shortest(candidate.xreplace(back))


def _in_exponential(expr: Expr, z: Symbol, t: Symbol) -> Expr | None:
    """A rational function of t = e^z, or None if z is left."""
    in_t: Any = expr.replace(lambda e: isinstance(e, exp), lambda e: _as_power(e, z, t))
    return None if in_t.has(z) else cancel(together(in_t))


def _as_power(e: Any, z: Symbol, t: Symbol) -> Any:
    k = cancel(e.args[0] / z)
    return t**k if k.is_Integer else e


def _solved_for_power(equation: Expr, t: Symbol) -> tuple[Expr, Expr]:
    """k and t^k, from an equation c t^k = d; zeros where it is no such equation."""
    poly: Any = equation.as_poly(t)
    degrees = sorted(m[0] for m in poly.monoms())
    if len(degrees) != 2 or degrees[0] != 0:
        return S.Zero, S.Zero
    k = degrees[1]
    return S(k), cancel(-poly.coeff_monomial(1) / poly.coeff_monomial(t**k))


def _shortest(expr: Expr) -> Expr:
    shortest: Expr = min((tidy(expr), expr.expand()), key=operations)
    return shortest


def _holds(slope: Expr, candidate: Expr, a: Expr, value: Expr) -> bool:
    try:
        return is_zero(slope - candidate.xreplace({a: value}), NO_FACTS)
    except TooLarge:
        return False


# -- why there may be none ---------------------------------------------------------------------------


def _turning(found: tuple[Piece, ...], z: Symbol) -> Turning | None:
    """A place where the slope is negative and one where it is positive, if f is smooth."""
    if len(found) != 1:
        return None
    slope = _written_out(found[0].slope)
    with mpmath.workdps(50):
        at = lambdify(z, slope, "mpmath")
        known = [(point, slope.subs(z, point), at(mpmath.mpf(point.p) / point.q)) for point in TRIED]
    falls = next(((x, e) for x, e, v in known if v < -SURE), None)
    rises = next(((x, e) for x, e, v in known if v > SURE), None)
    return None if falls is None or rises is None else Turning(falls=falls, rises=rises)
