# mypy: disable-error-code="no-untyped-call"
"""The oracle against plain Python loops over one point at a time, in every arithmetic."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Idx,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    pi,
    sqrt,
)

from derive.quantities import Quantity
from derive.rows.functions import FUNCTIONS, function, sigmoid
from derive.vocabulary import Inside, Partial, index, product, scalar, size, tensor, total
from lowering.numeric.arithmetic import COMPLEX128, FLOAT64, Arithmetic, mpmath_arithmetic
from lowering.numeric.environment import Environment, environment
from lowering.numeric.errors import EvaluationError
from lowering.numeric.evaluate import evaluate
from lowering.numeric.frame import MOST_ELEMENTS
from lowering.numeric.operations import OPERATIONS

POINTS = 3
m, n = size("m"), size("n")
i, j, k = index("i", 0, m), index("j", 1, n), index("k", 0, m)
x, w, b = tensor("x"), tensor("w"), scalar("b")
SIZES = {"m": 2, "n": 4}
LOWERS = {"x": (0,), "w": (0, 1)}
ARITHMETICS = (FLOAT64, COMPLEX128, mpmath_arithmetic(30))


def surroundings(seed: int = 0, sizes: Mapping[str, int] = SIZES) -> Environment:
    rng = np.random.default_rng(seed)
    shapes = {"x": (sizes["m"] + 1,), "w": (sizes["m"] + 1, sizes["n"]), "b": ()}
    values = {name: rng.normal(size=(POINTS, *shape)) for name, shape in shapes.items()}
    return Environment(sizes=sizes, values=values, lowers=LOWERS)


def loop(expr: Any, env: Environment, point: int, at: Mapping[Basic, int]) -> float:
    """One number by plain loops: the meaning of the language, spelled out once more."""

    def value(part: Any, **more: Any) -> float:
        return loop(part, env, point, more.get("at", at))

    if expr in at:
        return at[expr]
    if isinstance(expr, Indexed):
        name = str(expr.base.label)
        place = [round(value(p)) - low for p, low in zip(expr.indices, env.lowers[name], strict=True)]
        if min(place) < 0:
            raise IndexError(expr)
        return float(env.values[name][(point, *place)])
    if isinstance(expr, Symbol):
        return env.sizes[expr.name] if expr.name in env.sizes else float(env.values[expr.name][point])
    if isinstance(expr, Sum | Product):
        (variable, lower, upper), *outer = reversed(expr.limits)
        rest = expr.func(expr.function, *reversed(outer)) if outer else expr.function
        runs = range(round(value(lower)), round(value(upper)) + 1)
        parts = [value(rest, at={**at, variable: number}) for number in runs]
        return sum(parts) if isinstance(expr, Sum) else math.prod(parts)
    if isinstance(expr, KroneckerDelta):
        return float(value(expr.args[0]) == value(expr.args[1]))
    if isinstance(expr, Inside):
        return float(value(expr.args[1]) <= value(expr.args[0]) <= value(expr.args[2]))
    if isinstance(expr, Mul):
        return vanishing(expr.args, value)
    if isinstance(expr, Add):
        return sum(value(a) for a in expr.args)
    if isinstance(expr, Pow):
        return float(value(expr.base) ** value(expr.exp))
    if isinstance(expr, Piecewise):
        cases: Any = expr.args
        return next(value(case) for case, condition in cases if holds(condition, value))
    if hasattr(expr.func, "row"):
        return value(expr.func.row.expr(expr.args[0]))
    plain: dict[Any, Any] = {exp: math.exp, log: math.log, Abs: abs, Max: max, Min: min}
    return float(plain[expr.func](*map(value, expr.args))) if expr.args else float(expr)


def vanishing(factors: Any, value: Any) -> float:
    """A product in which one factor that can be evaluated to zero settles it, whatever the others are."""
    product, failures = 1.0, []
    for factor in factors:
        try:
            product *= value(factor)
        except IndexError as failure:
            failures.append(failure)
    if failures and product:
        raise failures[0]
    return product


def holds(condition: Any, value: Any) -> bool:
    if isinstance(condition, sympy.ITE):
        return holds(condition.args[1 if holds(condition.args[0], value) else 2], value)
    if isinstance(condition, sympy.And | sympy.Or | sympy.Not):
        parts = [holds(part, value) for part in condition.args]
        return all(parts) if isinstance(condition, sympy.And) else any(parts) if len(parts) > 1 else not parts[0]
    return bool(condition) if condition in (True, False) else bool(condition.func(*map(value, condition.args)))


def by_loops(expr: Expr, env: Environment, free: tuple[Idx, ...]) -> Any:
    ranges = [range(round(loop(f.lower, env, 0, {})), round(loop(f.upper, env, 0, {})) + 1) for f in free]
    table = [
        [loop(expr, env, point, dict(zip(free, place, strict=True))) for place in itertools.product(*ranges)]
        for point in range(POINTS)
    ]
    return np.array(table).reshape(POINTS, *map(len, ranges))


def real(array: Any) -> Any:
    return np.asarray(np.real(array), dtype=np.float64)


SPELLED_OUT: tuple[Expr, ...] = (
    total(x[i] * w[i, j], i),
    sigmoid(total(x[i] * w[i, j], i)) * b,
    Sum(x[i] * w[i, j], (i, 0, m), (j, 1, n)),
    total(x[i] * w[i, j] * w[k, j] * x[k], i, j, k),
    total(total(x[k], k) * x[i] + w[i, j] ** 2, i),
    Sum(x[k] * x[i], (k, 0, i - 1), (i, 0, m)),
    Sum(x[k] * Inside(k - 1, 0, m) * x[k - 1], (k, 0, i), (i, 0, m)),
    product(1 + x[i] ** 2, i) * j,
    Product(x[k], (k, 1, i)),
    total(KroneckerDelta(i, j) * w[i, j] * exp(x[i]), i, j),
    total(Inside(i - 1, 0, m) * x[i - 1] / (1 + x[i - 1] ** 2), i),
    total(Inside(2 * i + j - 2, 0, m) * x[2 * i + j - 2], i),
    Abs(Inside(i - 1, 0, m) * x[i]) * x[i - 1] ** 2,
    Sum(Inside(i - 1, 0, m) * x[k], (k, 0, m)) * x[i - 1],
    Inside(i + j, 0, m) + 2 * KroneckerDelta(i, j) ** 2 - 1,
    Piecewise((x[i] * i, x[i] > b), (w[i, j], b < 0), (pi + sympy.E, True)),
    Piecewise((x[i - 1], i >= 1), (Integer(0), True)),
    Piecewise((x[i], sympy.ITE(i >= 1, x[i - sympy.Min(i, 1)] > b, x[i] > 0)), (b, True)),
    Piecewise((x[i], (x[i] > 0) & (b < 0)), (b, (x[i] < b) | sympy.Not(sympy.Eq(i, 1))), (pi, True)),
    Max(x[i], b, w[i, j]) + Min(x[i], Rational(1, 3)) * sqrt(1 + Abs(b)),
    total(b, i, j) + total(Integer(1), i) + m * n + i,
    Sum(b / 0.25, (k, 1, 0)) + Product(b, (k, 3, 0)),
    total(sigmoid(total(w[i, j] * x[i], i)) * (1 - total(w[k, j], k)), j),
    log(total(exp(x[i] + w[i, j]), i)),
    x[m] + w[m - 1, n],
)


@pytest.mark.parametrize("arithmetic", ARITHMETICS, ids=lambda a: a.name)
@pytest.mark.parametrize("expr", SPELLED_OUT, ids=str)
def test_agrees_with_loops(expr: Expr, arithmetic: Arithmetic) -> None:
    env = surroundings()
    free = tuple(f for f in (j, i) if f in expr.free_symbols)
    result = evaluate(expr, env, free, arithmetic)
    np.testing.assert_allclose(real(result), by_loops(expr, env, free), rtol=1e-12, atol=1e-12)


def expressions() -> st.SearchStrategy[Expr]:
    leaves = st.sampled_from([x[i], x[k], w[i, j], w[k, j], b, m, i, pi, Rational(2, 3), Integer(-1), Integer(0)])

    def grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        pair = st.tuples(inner, inner)
        return st.one_of(
            pair.map(lambda p: p[0] + p[1]),
            pair.map(lambda p: p[0] * p[1]),
            pair.map(lambda p: p[0] / (2 + Abs(p[1]))),
            pair.map(lambda p: Max(p[0], p[1])),
            pair.map(lambda p: Piecewise((p[0], p[0] > p[1]), (p[1], True))),
            inner.map(sigmoid),
            inner.map(lambda e: exp(-Abs(e))),
            inner.map(lambda e: e**2),
            st.tuples(inner, st.sampled_from([i, j, k])).map(lambda p: total(*p)),
            inner.map(lambda e: Sum(e, (k, 0, i))),
            inner.map(lambda e: total(KroneckerDelta(i, k) * e, k)),
            inner.map(lambda e: Inside(i - 1, 0, k) * e * x[i - 1]),
            st.tuples(inner, st.sampled_from([i, k])).map(lambda p: product(1 + exp(-(p[0] ** 2)), p[1])),
        )

    return st.recursive(leaves, grown, max_leaves=6)


@given(expressions(), st.integers(0, 9), st.integers(1, 3), st.integers(1, 3), st.sampled_from(ARITHMETICS[:2]))
@settings(max_examples=150, deadline=None)
def test_random_expressions_agree_with_loops(e: Expr, seed: int, rows: int, columns: int, chosen: Arithmetic) -> None:
    env = surroundings(seed, {"m": rows, "n": columns})
    free = tuple(f for f in (i, j, k) if f in e.free_symbols)
    np.testing.assert_allclose(real(evaluate(e, env, free, chosen)), by_loops(e, env, free), rtol=1e-9, atol=1e-9)


@given(expressions())
@settings(max_examples=40, deadline=None)
def test_digits_rise_with_the_precision(e: Expr) -> None:
    env = surroundings(sizes={"m": 1, "n": 2})
    free = tuple(f for f in (i, j, k) if f in e.free_symbols)
    low, high = (evaluate(e, env, free, mpmath_arithmetic(digits)) for digits in (30, 60))
    np.testing.assert_array_less(abs(low - high).astype(float), 1e-24 * (1 + abs(high)).astype(float))


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.function.__name__)
def test_every_operation_agrees_with_mpmath_and_carries_its_derivative(row: Any) -> None:
    first = {sympy.polygamma: (Integer(1),), sympy.Max: (scalar("c"),), sympy.Min: (scalar("c"),)}.get(row.function, ())
    last = (Rational(1, 2),) if row.function is sympy.Heaviside else ()
    places, h = np.array([0.3, 0.7, 1.6, 2.5]), Rational(1, 10**12)
    expr, ahead, behind = (row.function(*first, b + step, *last) for step in (0, h, -h))
    others = {"c": np.array([0.5, 0.5, 2.0, 2.0])}
    env, precise = Environment(values={"b": places, **others}), mpmath_arithmetic(40)
    exact = evaluate(expr, env, (), precise).astype(float)
    np.testing.assert_allclose(evaluate(expr, env), exact, rtol=1e-13, atol=1e-15)
    stepped = evaluate(expr, Environment(values={"b": places + 1e-30j, **others}), (), COMPLEX128)
    slope = (evaluate(ahead, env, (), precise) - evaluate(behind, env, (), precise)).astype(float) / 2e-12
    np.testing.assert_allclose(stepped.imag / 1e-30, slope, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)
def test_every_row_function_is_its_textbook_form(row: Any) -> None:
    env = Environment(values={"b": np.array([-30.0, -1.5, 0.0, 0.2, 30.0, 800.0])})
    for digits in (30, 60):
        chosen = mpmath_arithmetic(digits)
        ours, textbook = (evaluate(e, env, (), chosen) for e in (function(row)(b), row.expr(b)))
        assert all(ours == textbook)
        assert all(mpmath.isfinite(value) for value in ours)


@pytest.mark.parametrize(
    ("expr", "at"), [(log(b), -1.0), (sqrt(b), -1.0), (b ** Rational(1, 3), -2.0), (log(b - 1), -0.5)], ids=str
)
def test_undefined_is_nan_in_every_arithmetic(expr: Expr, at: float) -> None:
    for arithmetic in ARITHMETICS:
        assert np.isnan(real(evaluate(expr, Environment(values={"b": np.array([at])}), (), arithmetic))).all()


def test_mpmath_keeps_what_float64_loses() -> None:
    env = Environment(values={"b": np.array([100.0])})
    ours = evaluate(log(1 + exp(-b)), env, (), mpmath_arithmetic(80))[0]
    with mpmath.workdps(40):
        assert abs(ours / mpmath.log1p(mpmath.exp(-100)) - 1) < 1e-30


@pytest.mark.parametrize("digits", [30, 120, 500])
@pytest.mark.parametrize("exponent", [1, 3, 10, 29, 60, 119, 300])
@pytest.mark.parametrize("sign", [-1, 1])
def test_logarithms_near_one_have_all_their_digits(digits: int, exponent: int, sign: int) -> None:
    """log(1 + t), t = ±10^−k, to 10^−digits of itself, of the argument as it was rounded."""
    arithmetic = mpmath_arithmetic(digits)
    z = arithmetic.constant(1 + sign * Rational(1, 10**exponent))
    found = arithmetic.operations[log](z)
    with mpmath.workdps(digits + 2 * exponent + 10):
        wanted = mpmath.log(mpmath.mpf(z))
        assert abs(mpmath.mpf(found) - wanted) <= abs(wanted) * mpmath.mpf(10) ** (1 - digits)


def test_a_class_label_picks_an_entry() -> None:
    label = Symbol("c", integer=True)
    env = Environment(values={"x": np.arange(6.0).reshape(2, 3), "c": np.array([2, 0])}, lowers={"x": (0,)})
    np.testing.assert_array_equal(evaluate(x[label], env), [2.0, 3.0])


def test_one_point_serves_for_all() -> None:
    env = Environment(values={"x": np.ones((1, 3)), "b": np.arange(4.0)}, sizes={"m": 2}, lowers={"x": (0,)})
    np.testing.assert_array_equal(evaluate(total(b * x[i], i), env), [0.0, 3.0, 6.0, 9.0])


def test_the_same_name_bound_twice_means_the_inner_one() -> None:
    env = surroundings()
    expr = total(x[i] * total(x[i] ** 2, i), i)
    np.testing.assert_allclose(evaluate(expr, env), by_loops(expr, env, ()))


def test_a_contraction_needs_no_array_over_all_indices() -> None:
    big, s = size("N"), index("s", 1, size("N"))
    sizes = {"N": 2000, "m": 199, "n": 400}
    assert MOST_ELEMENTS < 2000 * 200 * 400
    rng = np.random.default_rng(0)
    values = {"X": rng.normal(size=(1, 2000, 200)), "w": rng.normal(size=(1, 200, 400))}
    env = Environment(sizes=sizes, values=values, lowers={"X": (1, 0), "w": (0, 1)})
    squares = total(total(IndexedBase("X")[s, i] * w[i, j], i) ** 2, s, j) / big
    expected = ((values["X"][0] @ values["w"][0]) ** 2).sum() / 2000
    np.testing.assert_allclose(evaluate(squares, env), [expected])


def test_environment_of_quantities_begins_where_their_axes_begin() -> None:
    quantities = (Quantity(name="w", latex="w", axes=(i, j)), Quantity(name="b", latex="b"))
    values = {"w": np.zeros((POINTS, 3, 4)), "b": np.zeros(POINTS)}
    env = environment(quantities, sizes=SIZES, values=values)
    assert env.lowers == {"w": (0, 1), "b": ()}
    assert env.points == POINTS
    with pytest.raises(EvaluationError, match=r"w has shape \(3, 4, 3\), expected \(points, \*\(3, 4\)\)"):
        environment(quantities, sizes=SIZES, values={"w": np.zeros((POINTS, 4, 3))})


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (Partial(b, x[0]), "Partial"),
        (sympy.Function("f")(b), "f.b. cannot be evaluated"),
        (x[i], "the index i is neither bound nor among the free"),
        (scalar("c"), "c has no value; there are values for b, v, w, x"),
        (tensor("u")[0], "u has no value"),
        (tensor("v")[0], "`lowers` does not say where each of the 1 axes of v begins"),
        (x[0, 1], "x has 1 axes, but 2 indices"),
        (scalar("x"), "x has 1 axes, but is written without"),
        (x[3], "x.3. is read outside its range: axis 1 has positions 0 to 2, the one asked for is 3"),
        (total(x[i + 1], i), "outside its range"),
        (total(x[b], i), "the index b is not a whole number"),
        (Sum(Symbol("t", integer=True), (Symbol("t", integer=True), 0, sympy.oo)), "oo is not a whole number"),
        (sympy.I * b, "I cannot be evaluated|I is not a real number"),
        (sympy.Derivative(b**2, b), "Derivative"),
        (sympy.Integral(b, (b, 0, 1)), "Integral"),
    ],
    ids=str,
)
def test_what_cannot_be_evaluated_is_named(expr: Expr, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        plain = surroundings()
        evaluate(expr, replace(plain, values={**plain.values, "v": np.zeros((1, 3))}))


def test_points_must_agree() -> None:
    env = Environment(values={"b": np.zeros(3), "c": np.zeros(2)})
    with pytest.raises(EvaluationError, match="different numbers of points"):
        evaluate(b, env)


def test_a_grid_too_large_is_refused_at_once() -> None:
    a, c = index("a", 1, 10**5), index("c", 1, 10**5)
    with pytest.raises(EvaluationError, match="smaller sizes"):
        evaluate(total(Max(a, c), a, c), Environment())
