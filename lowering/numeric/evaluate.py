"""The oracle: index expressions evaluated as NumPy arrays, independently of any generated code.

Sums and products become reductions of whole axes. A bracket (`KroneckerDelta`, `Inside`) that is zero makes its
product zero, whatever the other factors are there: an entry outside its range is then never looked at. An empty
sum is 0 and an empty product 1, also where the upper bound lies far below the lower one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, reduce
from typing import Any

import numpy as np
from sympy import (
    ITE,
    Abs,
    Add,
    And,
    Basic,
    Dummy,
    Expr,
    Idx,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Not,
    Number,
    NumberSymbol,
    Or,
    Piecewise,
    Pow,
    Product,
    Sum,
    Symbol,
    sign,
)
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne
from sympy.logic.boolalg import BooleanAtom

from derive.vocabulary import Inside, InverseEntry, LogDet, Maximum, Positive, SizeAt, name_of

from .arithmetic import FLOAT64, Arithmetic, Array
from .contract import contracted
from .environment import Environment, size_there
from .errors import EvaluationError
from .frame import Frame, checked_size
from .matrices import inverses, log_determinants


def evaluate(
    expr: Expr, environment: Environment, free: tuple[Idx, ...] = (), arithmetic: Arithmetic = FLOAT64
) -> Array:
    """The values of an expression at all points and all values of its free indices.

    Args:
        expr: an expression of the language in `derive/vocabulary.py`.
        environment: sizes, values and where each axis begins.
        free: the free indices, each over the range that it carries.
        arithmetic: `FLOAT64`, `COMPLEX128` or `mpmath_arithmetic(digits)`.

    Returns: an array of shape (points, *lengths of free, in their order). NaN where the expression is undefined; 0
        where an index is beyond the size n_l at the value of another, up to the largest such size.

    Raises:
        EvaluationError: naming the part that cannot be evaluated.
    """
    frame = Frame(environment=environment, arithmetic=arithmetic, stored={})
    for i in free:
        lower, upper = (_whole(frame, bound) for bound in (i.lower, i.upper))
        if (lower.size, upper.size) != (1, 1) and not isinstance(i.upper, SizeAt):
            raise EvaluationError(f"the range of the free index {i} depends on another index or on the data")
        frame = frame.bound(i, int(lower.min()), int(upper.max()))
        if upper.size > 1:
            frame = frame.within(frame.grids[i] <= upper)
    with np.errstate(all="ignore"):
        result = _evaluate(frame, expr)
    if frame.active is not None:
        result = np.where(frame.active, result, arithmetic.convert(0))
    full = np.broadcast_to(result, (*frame.lengths, environment.points))
    return arithmetic.convert(np.transpose(full))


def _evaluate(frame: Frame, expr: Basic) -> Array:
    if expr not in frame.known:
        frame.known[expr] = np.asarray(_rule(frame, expr)(frame, expr))
    return frame.known[expr]


def _rule(frame: Frame, expr: Basic) -> Callable[[Frame, Any], Any]:
    rule = _rule_of(expr.func)
    if rule is not None:
        return rule
    if expr.func in frame.arithmetic.operations:
        return _operation
    if hasattr(expr.func, "row"):
        return _row_function
    raise EvaluationError(f"{expr} cannot be evaluated: {type(expr).__name__} has no numerical meaning here")


@lru_cache(maxsize=512)
def _rule_of(kind: Any) -> Callable[[Frame, Any], Any] | None:
    return next((rule for kinds, rule in _RULES if issubclass(kind, kinds)), None)


def _number(frame: Frame, expr: Expr) -> Any:
    return frame.arithmetic.constant(expr)


def _symbol(frame: Frame, symbol: Expr) -> Array:
    """An index of the scope, an argument of a row function, a size, or a scalar quantity."""
    if symbol in frame.letters:
        return frame.letters[symbol]
    if symbol in frame.grids:
        return frame.arithmetic.convert(frame.grids[symbol])
    if isinstance(symbol, Idx):
        raise EvaluationError(f"the index {symbol} is neither bound nor among the free indices")
    name = name_of(symbol)
    if name in frame.environment.sizes:
        return frame.arithmetic.convert(frame.environment.sizes[name])
    values = frame.values(name)
    if values is None:
        raise EvaluationError(f"{name} has no value; there are values for {frame.known_names}")
    if values.ndim != 1:
        raise EvaluationError(f"{name} has {values.ndim - 1} axes, but is written without indices")
    return values


def _size_at(frame: Frame, expr: SizeAt) -> Array:
    """The size n_l at each value of l; 0 at values that do not matter."""
    letter, places = str(expr.args[0]), _whole(frame, expr.args[1])
    there = np.zeros(places.shape)
    for k in np.unique(places):
        here = places == k
        if frame.matters(here):
            there[here] = size_there(letter, int(k), frame.environment.sizes)
    return frame.arithmetic.convert(there)


def _indexed(frame: Frame, entry: Indexed) -> Array:
    return frame.read(entry, name_of(entry), tuple(_whole(frame, index) for index in entry.indices))


def _inverse_entry(frame: Frame, expr: InverseEntry) -> Array:
    first, name = _first(frame, expr), f"inverse of {expr.func(expr.args[0], *[Integer(0)] * 2, *expr.span)}"
    key = (frame.arithmetic.name, name)
    if key not in frame.stored:
        frame.stored[key] = inverses(_matrix(frame, expr), frame.arithmetic)
    known = replace(frame.environment, lowers={**frame.environment.lowers, name: (first, first)})
    where = tuple(_whole(frame, place) for place in expr.place)
    return replace(frame, environment=known).read(expr, name, where)


def _log_determinant(frame: Frame, expr: LogDet) -> Array:
    return log_determinants(_matrix(frame, expr), frame.arithmetic)


def _first(frame: Frame, expr: InverseEntry | LogDet) -> int:
    return int(_whole(frame, expr.span[0]).item())


def _matrix(frame: Frame, expr: InverseEntry | LogDet) -> Array:
    """The whole matrix at each point, of shape (points, d, d)."""
    axis = np.arange(_first(frame, expr), int(_whole(frame, expr.span[1]).item()) + 1)
    everywhere = replace(frame, active=None)
    entries = everywhere.read(expr, str(expr.args[0]), (axis[:, None, None], axis[None, :, None]))
    return np.moveaxis(entries, -1, 0)


def _add(frame: Frame, expr: Add) -> Array:
    return _combined(np.add, [_evaluate(frame, term) for term in expr.args])


def _mul(frame: Frame, expr: Mul) -> Array:
    brackets = _brackets(expr)
    factors = [factor for factor in expr.args if not _is_bracket(factor)]
    if not brackets:
        return _combined(np.multiply, [_evaluate(frame, factor) for factor in factors])
    mask = reduce(np.logical_and, [_bracket(frame, bracket) for bracket in brackets])
    zero, one = (frame.arithmetic.convert(number) for number in (0, 1))
    if not frame.matters(mask):
        return np.where(mask, one, zero)
    inside = frame.within(mask)
    signs = [_bracket_value(inside, bracket) for bracket in brackets if isinstance(bracket, Positive)]
    product = _combined(np.multiply, [one, *signs, *(_evaluate(inside, factor) for factor in factors)])
    return np.where(mask, product, zero)


def _pow(frame: Frame, expr: Pow) -> Array:
    base, exponent = (_evaluate(frame, arg) for arg in expr.args)
    checked_size(base, exponent)
    return np.asarray(frame.arithmetic.power(base, exponent))


def _operation(frame: Frame, expr: Expr) -> Array:
    arguments = [_evaluate(frame, arg) for arg in expr.args]
    checked_size(*arguments)
    return np.asarray(frame.arithmetic.operations[expr.func](*arguments))


def _row_function(frame: Frame, expr: Expr) -> Array:
    letters, body = _textbook(expr.func)
    arguments: dict[Basic, Array] = {z: _evaluate(frame, arg) for z, arg in zip(letters, expr.args, strict=True)}
    return _evaluate(frame.calling(arguments), body)


@lru_cache(maxsize=256)
def _textbook(row_function: Any) -> tuple[tuple[Symbol, ...], Expr]:
    """Letters for the arguments of a row function, and its textbook form in them."""
    letters = tuple(Dummy(real=True) for _ in range(row_function.nargs.args[0]))
    return letters, row_function.row.expr(*letters)


def _bracket_value(frame: Frame, expr: Expr) -> Array:
    zero, one = (frame.arithmetic.convert(number) for number in (0, 1))
    value = np.where(_bracket(frame, expr), one, zero)
    if not isinstance(expr, Positive):
        return value
    of = _evaluate(frame, expr.args[0])
    return np.where(of == of, value, of)  # where z has no value, [z > 0] has none


def _sum(frame: Frame, expr: Sum) -> Array:
    inner, mask = _bind(frame, expr)
    axes = inner.depth - frame.depth
    terms = [_summed(inner, term, mask, axes) for term in Add.make_args(expr.function)]
    return _combined(np.add, terms)


def _summed(frame: Frame, term: Expr, mask: Array | None, axes: int) -> Array:
    """Σ of one term over the outermost `axes` axes of the frame."""
    factors = Mul.make_args(term)
    if mask is None and not _brackets(term):
        values = [_evaluate(frame, factor) for factor in factors]
        return contracted(values, frame.lengths[:axes], frame.depth, frame.arithmetic.dot)
    zero = frame.arithmetic.convert(0)
    return _reduced(np.add, frame, _masked(_evaluate(frame, term), mask, zero), axes)


def _product(frame: Frame, expr: Product) -> Array:
    inner, mask = _bind(frame, expr)
    body = _masked(_evaluate(inner, expr.function), mask, frame.arithmetic.convert(1))
    return _reduced(np.multiply, inner, body, inner.depth - frame.depth)


def _maximum(frame: Frame, expr: Maximum) -> Array:
    """The largest value; −∞ over an empty range."""
    inner, mask = _bind(frame, expr)
    least = frame.arithmetic.convert(-np.inf)
    body = _masked(_evaluate(inner, expr.function), mask, least)
    return _reduced(np.maximum, frame, body, inner.depth - frame.depth, initial=least.item())


def _masked(body: Array, mask: Array | None, neutral: Array) -> Array:
    return body if mask is None else np.where(mask, body, neutral)


def _reduced(operation: np.ufunc, frame: Frame, body: Array, axes: int, **options: Any) -> Array:
    full = np.broadcast_shapes(body.shape, frame.lengths[:axes] + (1,) * (frame.depth - axes))
    return np.asarray(operation.reduce(np.broadcast_to(body, full), axis=tuple(range(axes)), **options))


def _bind(frame: Frame, expr: Sum | Product | Maximum) -> tuple[Frame, Array | None]:
    """The frame inside a sum or product, and where its indices lie inside bounds that depend on other indices."""
    masks = []
    for limit in reversed(expr.limits):
        if len(limit) != 3:
            raise EvaluationError(f"{expr}: the index {limit[0]} has no range")
        index, *bounds = limit
        lower, upper = (_whole(frame, bound) for bound in bounds)
        empty = not lower.size or not upper.size
        first, last = (0, -1) if empty else (int(lower.min()), int(upper.max()))
        frame = frame.bound(index, first, last)
        if lower.size > 1 or upper.size > 1:
            grid = frame.grids[index]
            masks.append((grid >= lower) & (grid <= upper))
            frame = frame.within(masks[-1])
    return frame, reduce(np.logical_and, masks) if masks else None


def _piecewise(frame: Frame, expr: Piecewise) -> Array:
    result, left = frame.arithmetic.convert(np.nan), np.asarray(True)
    cases: Any = expr.args
    for value, condition in cases:
        chosen = left & _condition(frame.within(left), condition)
        if frame.matters(chosen):
            result = np.where(chosen, _evaluate(frame.within(chosen), value), result)
        left = left & ~chosen
    return result


def _condition(frame: Frame, condition: Basic) -> Array:
    """Where a condition holds."""
    if isinstance(condition, BooleanAtom):
        return np.asarray(bool(condition))
    if isinstance(condition, Not):
        return ~_condition(frame, condition.args[0])
    if isinstance(condition, ITE):
        asked = _condition(frame, condition.args[0])
        yes, no = (_condition(frame.within(m), c) for m, c in zip((asked, ~asked), condition.args[1:], strict=True))
        return np.where(asked, yes, no)
    for kind, operation in _CONNECTIVES:
        if isinstance(condition, kind):
            return np.asarray(reduce(operation, [_condition(frame, arg) for arg in condition.args]))
    for kind, operation in _RELATIONS:
        if isinstance(condition, kind):
            left, right = (frame.arithmetic.real(_evaluate(frame, arg)) for arg in condition.args)
            return np.asarray(operation(left, right)).astype(bool)
    raise EvaluationError(f"{condition} is not a condition that can be evaluated")


def _brackets(expr: Basic) -> list[Any]:
    """The brackets that make the whole expression zero where they are zero."""
    if isinstance(expr, KroneckerDelta | Inside | Positive):
        return [expr]
    if isinstance(expr, Pow):
        return _brackets(expr.base) if expr.exp.is_positive else []
    if isinstance(expr, Sum):
        bound = {limit[0] for limit in expr.limits}
        return [bracket for bracket in _brackets(expr.function) if not bound & bracket.free_symbols]
    if isinstance(expr, Mul | Abs | sign):
        return [bracket for arg in expr.args for bracket in _brackets(arg)]
    return []


def _is_bracket(factor: Expr) -> bool:
    if isinstance(factor, Pow):
        return _is_bracket(factor.base) and bool(factor.exp.is_positive)
    return isinstance(factor, KroneckerDelta | Inside | Positive)


def _bracket(frame: Frame, bracket: Expr) -> Array:
    """Where a bracket is one, or has no value."""
    if isinstance(bracket, KroneckerDelta):
        left, right = (_whole(frame, arg) for arg in bracket.args[:2])
        return np.asarray(left == right)
    if isinstance(bracket, Positive):
        of = frame.arithmetic.real(_evaluate(frame, bracket.args[0]))
        return np.asarray((of > 0) | (of != of)).astype(bool)
    place, lower, upper = (_whole(frame, arg) for arg in bracket.args)
    return np.asarray((lower <= place) & (place <= upper))


def _whole(frame: Frame, expr: Basic) -> Array:
    """An index expression as whole numbers; anything where it does not matter."""
    if expr in frame.grids:
        return frame.grids[expr].astype(np.int64)
    if isinstance(expr, Integer):
        return np.asarray(int(expr))
    values = _evaluate(replace(frame, arithmetic=FLOAT64, known={}), expr)
    rounded = np.rint(values)
    whole = np.abs(values - rounded) < 1e-9  # false for what is not finite
    if frame.matters(~whole):
        raise EvaluationError(f"the index {expr} is not a whole number everywhere")
    return np.where(whole, rounded, 0).astype(np.int64)


def _combined(operation: np.ufunc, arrays: list[Array]) -> Array:
    checked_size(*arrays)
    return np.asarray(reduce(operation, arrays))


_Rule = Callable[[Frame, Any], Any]

_RULES: tuple[tuple[type | tuple[type, ...], _Rule], ...] = (
    ((Number, NumberSymbol), _number),
    (Symbol, _symbol),
    (Idx, _symbol),
    (Indexed, _indexed),
    (SizeAt, _size_at),
    (InverseEntry, _inverse_entry),
    (LogDet, _log_determinant),
    (Add, _add),
    (Mul, _mul),
    (Pow, _pow),
    (Sum, _sum),
    (Product, _product),
    (Maximum, _maximum),
    (Piecewise, _piecewise),
    ((KroneckerDelta, Inside, Positive), _bracket_value),
)

_CONNECTIVES: tuple[tuple[type, Any], ...] = ((And, np.logical_and), (Or, np.logical_or))

_RELATIONS: tuple[tuple[type, Any], ...] = (
    (Eq, np.equal),
    (Ne, np.not_equal),
    (Lt, np.less),
    (Le, np.less_equal),
    (Gt, np.greater),
    (Ge, np.greater_equal),
)
