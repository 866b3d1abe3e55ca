r"""Numbers, names, sums, products, powers and functions as a textbook writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import (
    Abs,
    Add,
    E,
    Expr,
    Float,
    Function,
    Idx,
    Indexed,
    Integer,
    Max,
    Min,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    ceiling,
    exp,
    floor,
    log,
    nan,
    oo,
    pi,
    sign,
)
from sympy.core.numbers import ImaginaryUnit

from ..vocabulary import SizeAt, indices_of, is_name, name_of
from .layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Root, Row, Script, Words
from .ordering import Factors, arranged, factors, has_big, is_monomial, is_size, ordered_terms
from .pieces import (
    Context,
    Level,
    Piece,
    Rule,
    added,
    applied,
    juxtaposed,
    listed,
    operator,
    raised,
    round_brackets,
    row,
    weight,
)
from .quote import name_layout, quote
from .renderers.spacing import knows

_SPECIAL_FUNCTIONS = {"gamma": r"\Gamma", "digamma": r"\psi"}
_LONGEST_EXPONENT = 9  # symbols in e^{…}; longer ones become exp(…)


def indexed(name: str, indices: Sequence[Expr], context: Context) -> Layout:
    r"""A name with its indices: `\theta^{(h)}_{i,j}`; the index of a data point stands above, `x^{(s)}_{i}`."""
    where = [context.press(i).layout for i in indices]
    return with_indices(name_layout(context.names.latex(name)), where, context.names.has_sample_axis(name))


def with_indices(base: Layout, indices: list[Layout], sample: bool = False) -> Layout:
    """A name with indices added to the scripts that it has; with `sample` the first one stands above."""
    indices = list(indices)
    above = [round_brackets(indices.pop(0))] if sample and indices else []
    sub, sup = indices, list[Layout](above)
    if isinstance(base, Script):
        sub = [*([base.sub] if base.sub is not None else []), *sub]
        sup = [*([base.sup] if base.sup is not None else []), *sup]
        base = base.base
    if not sub and not sup:
        return base
    return Script(base, listed(sub) if sub else None, row(*sup) if len(sup) > 1 else sup[0] if sup else None)


def _name(expr: Any, context: Context) -> Piece:
    """A scalar, an entry, a size or an index."""
    name = str(expr.label) if isinstance(expr, Idx) else name_of(expr)
    found = indexed(name, indices_of(expr), context)
    raised_already = isinstance(found, Script) and found.sup is not None
    level = Level.PRODUCT if isinstance(found, Row) else Level.SCRIPTED if raised_already else Level.ATOM
    return Piece(found, level)


def _size_at(expr: Any, context: Context) -> Piece:
    """A size at an index, n_l or n_{l−1}."""
    return Piece(indexed(name_of(expr.args[0]), (expr.args[1],), context))


def _integer(expr: Any, context: Context) -> Piece:
    value = int(expr)
    return Piece(Atom(str(value))) if value >= 0 else Piece(row("-", str(-value)), Level.SUM)


def _rational(expr: Any, context: Context) -> Piece:
    return _product(expr, context)


def _float(expr: Any, context: Context) -> Piece:
    if expr.is_negative:
        return added([(True, context.press(-expr))])
    mantissa, _, exponent = str(expr).partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    if not exponent:
        return Piece(Atom(mantissa))
    power = Script(Atom("10"), sup=_integer(Integer(int(exponent)), context).layout)
    return Piece(power if mantissa == "1" else row(mantissa, r"\cdot", power), Level.PRODUCT)


def _constant(glyph: Layout, level: Level = Level.ATOM) -> Rule:
    return lambda expr, context: Piece(glyph, level)


def _sum_of_terms(expr: Any, context: Context) -> Piece:
    terms = ordered_terms(expr, context.names)
    return added([_signed(term, context) for term in terms])


def _signed(term: Expr, context: Context) -> tuple[bool, Piece]:
    """A term as (negative?, what stands after the sign)."""
    parts = factors(term)
    if isinstance(term, Mul | Rational | Float) or parts.negative:
        return parts.negative, _unsigned(parts, context)
    return False, context.press(term)


def _product(expr: Any, context: Context) -> Piece:
    parts = factors(expr)
    unsigned = _unsigned(parts, context)
    return added([(True, unsigned)]) if parts.negative else unsigned


def _unsigned(parts: Factors, context: Context) -> Piece:
    """A product without its sign: coefficient, fraction, and what does not belong above the bar."""
    sizes = [part for part in parts.below if is_size(part)]
    below = [part for part in parts.below if not is_size(part)]
    light = [part for part in parts.above if not has_big(part)]
    inside = light if below or _fits_above(light) else []
    outside = [part for part in parts.above if part not in inside]
    coefficient = _fraction(parts, inside, [*sizes, *below], context)
    rest = [context.press(part) for part in arranged(outside, context.names)]
    pieces = [*coefficient, *rest] or [Piece(Atom("1"))]
    return juxtaposed(pieces)


def _fits_above(parts: Sequence[Expr]) -> bool:
    """Whether the factors stand above a numeric denominator: z²/2, but ½ (y - ŷ)²."""
    if len(parts) == 1 and isinstance(parts[0], Add):
        return True
    return len(parts) <= 2 and all(map(is_monomial, parts))


def _fraction(parts: Factors, above: list[Expr], below: list[Expr], context: Context) -> list[Piece]:
    """The coefficient and what stands above and below its bar; no bar if nothing is below."""
    numerator = _multiplied(parts.numerator, above, context)
    if parts.denominator == 1 and not below:
        return numerator
    denominator = juxtaposed(_multiplied(parts.denominator, below, context) or [Piece(Atom("1"))])
    top = juxtaposed(numerator or [Piece(Atom("1"))])
    return [Piece(Frac(top.layout, denominator.layout), Level.SCRIPTED)]


def _multiplied(number: int, parts: list[Expr], context: Context) -> list[Piece]:
    coefficient = [Piece(Atom(str(number)))] if number != 1 else []
    return [*coefficient, *(context.press(part) for part in arranged(parts, context.names))]


def _power(expr: Any, context: Context) -> Piece:
    base, exponent = expr.args
    if isinstance(exponent, Rational) and exponent.is_negative:
        return _product(expr, context)
    if isinstance(exponent, Rational) and exponent.p == 1:
        degree = None if exponent.q == 2 else Atom(str(exponent.q))
        return Piece(Root(context.press(base).layout, degree))
    if isinstance(exponent, Rational) and exponent.q != 1:
        return raised(context.press(base), row(str(exponent.p), "/", str(exponent.q)))
    return raised(context.press(base), context.press(exponent).layout)


def _exponential(expr: Any, context: Context) -> Piece:
    argument = context.press(expr.args[0])
    if weight(argument.layout) <= _LONGEST_EXPONENT:
        return Piece(Script(Atom("e"), sup=argument.layout), Level.SCRIPTED)
    return applied(r"\exp", argument)


def _logarithm(expr: Any, context: Context) -> Piece:
    inner = expr.args[0]
    argument = context.press(inner)
    bare = is_name(inner) or isinstance(inner, Integer | Sum | Product) or hasattr(inner, "row")
    return applied(r"\log", argument, bare=bare and argument.level >= Level.PRODUCT)


def _function(expr: Any, context: Context) -> Piece:
    """A function of a row by its own LaTeX, a known command, or its name upright."""
    arguments = [context.press(argument).layout for argument in expr.args]
    return applied(
        _head(type(expr).__name__, getattr(getattr(expr, "row", None), "latex", "")), Piece(listed(arguments))
    )


def _head(name: str, latex: str) -> str:
    """How a function is called: one symbol, or upright words."""
    match quote(latex) if latex else None:
        case Atom(symbol):
            return symbol
        case BigOp(symbol, None, None, Row(())):
            return symbol
        case Words(words):
            return operator(words)
    if name in _SPECIAL_FUNCTIONS:
        return _SPECIAL_FUNCTIONS[name]
    plain = name.replace("_", "-")
    return f"\\{name}" if knows(f"\\{name}") else plain if len(plain) == 1 else operator(plain)


def _extremum(expr: Any, context: Context) -> Piece:
    arguments = sorted(expr.args, key=lambda argument: (not argument.is_number, str(argument)))
    head = r"\max" if isinstance(expr, Max) else r"\min"
    return applied(head, Piece(listed([context.press(argument).layout for argument in arguments])))


def _fence(opening: str, closing: str) -> Rule:
    return lambda expr, context: Piece(Fenced(opening, context.press(expr.args[0]).layout, closing))


SCALAR_ROWS: dict[type, Rule] = {
    Symbol: _name,
    Indexed: _name,
    Idx: _name,
    SizeAt: _size_at,
    Integer: _integer,
    Rational: _rational,
    Float: _float,
    type(pi): _constant(Atom(r"\pi")),
    type(E): _constant(Atom("e")),
    type(oo): _constant(Atom(r"\infty")),
    type(-oo): _constant(row("-", r"\infty"), Level.SUM),
    type(nan): _constant(Words("undefined")),
    ImaginaryUnit: _constant(Accent("roman", Atom("i"))),
    Add: _sum_of_terms,
    Mul: _product,
    Pow: _power,
    exp: _exponential,
    log: _logarithm,
    Abs: _fence("|", "|"),
    floor: _fence("⌊", "⌋"),
    ceiling: _fence("⌈", "⌉"),
    sign: _function,
    Max: _extremum,
    Min: _extremum,
    Function: _function,
}
