"""The normal form against numbers: random expressions keep their value, and nothing false is proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from os import environ
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sympy import Abs, Expr, I, Idx, Integer, KroneckerDelta, Max, Min, Product, Rational, Sum, exp, log, sign, sqrt

from derive.calculus.indices import rename_bound
from derive.calculus.normalform import TooLarge, is_zero, normal_form
from derive.calculus.positivity import Facts
from derive.quantities import Domain
from derive.rows.functions import FUNCTIONS, function
from derive.vocabulary import Inside, Positive, index, scalar, size, tensor
from lowering.numeric.errors import EvaluationError

M, N = size("m"), size("n")
FACTS: Facts = {
    "p": Domain.UNIT, "v": Domain.POSITIVE, "b": Domain.BINARY, "v_1": Domain.POSITIVE, "p_1": Domain.UNIT,
}  # fmt: skip
SIZES = ({"m": 1, "n": 1}, {"m": 2, "n": 1}, {"m": 3, "n": 2}, {"m": 1, "n": 3})
RANGES = ((0, M), (1, M), (1, N), (1, M - 1), (2, N - 1), (0, M + 1), (1, 3), (2, 1))
LETTERS = "ijkl"

FREE = (index("a", 0, M), index("c", 1, M), index("d", 1, N), index("i", 0, M))


def entries(scope: tuple[Idx, ...]) -> st.SearchStrategy[Expr]:
    """A scalar or an entry at indices of the scope, at times shifted."""
    places = st.sampled_from(scope or (Integer(0),))
    shifted = st.builds(lambda i, k: i + k, places, st.sampled_from((0, 0, 0, 1, -1)))
    return st.one_of(
        st.sampled_from([scalar("s"), scalar("p"), scalar("v"), scalar("b")]),
        st.builds(lambda name, i: tensor(name)[i], st.sampled_from(["x", "v_1", "p_1"]), shifted),
        st.builds(lambda i, j: tensor("y")[i, j], shifted, shifted),
    )


def brackets(scope: tuple[Idx, ...]) -> st.SearchStrategy[Expr]:
    places = st.sampled_from(scope or (Integer(1),))
    shift = st.sampled_from((0, 0, 1, -1))
    return st.one_of(
        st.builds(lambda i, j, k: KroneckerDelta(i, j + k), places, places, shift),
        st.builds(lambda i, j: KroneckerDelta(2 * i, j), places, places),
        st.builds(lambda i, r: Inside(i, *r), places, st.sampled_from(RANGES)),
    )


Kind = Callable[[int, tuple[Idx, ...]], st.SearchStrategy[Expr]]  # of expressions, by depth and scope


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3, scope: tuple[Idx, ...] = FREE) -> Expr:
    """An expression over the free indices of the scope."""
    if depth == 0:
        return draw(
            st.one_of(entries(scope), st.sampled_from([Integer(2), Integer(-1), Rational(1, 2), M, *scope[:1]]))
        )
    kind = draw(st.sampled_from(KINDS))
    return draw(kind(depth - 1, scope))


def _binary(make: Callable[[Any, Any], Expr]) -> Kind:
    return lambda depth, scope: st.builds(make, expressions(depth, scope), expressions(depth, scope))


def _unary(make: Callable[[Any], Expr]) -> Kind:
    return lambda depth, scope: st.builds(make, expressions(depth, scope))


def _binder(make: Callable[[Expr, tuple[Idx, Expr, Expr]], Expr]) -> Kind:
    @st.composite
    def strategy(draw: st.DrawFn, depth: int, scope: tuple[Idx, ...]) -> Expr:
        ranges = [*RANGES, *((0, i) for i in scope[-1:]), *((i + 1, M) for i in scope[-1:])]
        i = index(draw(st.sampled_from(LETTERS)), *draw(st.sampled_from(ranges)))
        body = draw(expressions(depth, (*(j for j in scope if j != i), i)))
        return make(body, (i, i.lower, i.upper))

    return strategy


def _extreme(kind: Callable[[Expr, Expr], Expr], a: Expr, b: Expr) -> Expr:
    """The larger or the smaller of the two; SymPy refuses numbers that are not real, such as a root of −1."""
    try:
        return kind(a, b)
    except ValueError:
        added: Expr = a + b
        return added


KINDS: tuple[Kind, ...] = (
    _binary(lambda a, b: a + b),
    _binary(lambda a, b: a - b),
    _binary(lambda a, b: a * b),
    _binary(lambda a, b: a * b),
    _binary(lambda a, b: a / (1 + b**2)),
    _binary(lambda a, b: a / b),
    _unary(lambda a: a**2),
    _unary(lambda a: sqrt(a**2)),
    _unary(lambda a: (a * a + 1) ** Rational(-3, 2)),
    _unary(lambda a: a if a.is_number else (a**3) ** Rational(1, 3)),  # no roots of −1, which are not real
    _binary(lambda a, b: (a**2 * b) ** Rational(1, 2)),
    _unary(lambda a: Abs(a)),
    _unary(Positive),
    _unary(lambda a: 1 - Positive(-a)),
    _unary(sign),
    _binary(lambda a, b: _extreme(Max, a, b)),
    _binary(lambda a, b: _extreme(Min, a, b)),
    _binary(lambda a, b: a * Positive(b)),
    _unary(lambda a: exp(a)),
    _binary(lambda a, b: log(a**2 * b)),
    _unary(lambda a: log(a)),
    _unary(lambda a: scalar("p") ** a),
    _unary(lambda a: scalar("s") ** a),
    _unary(lambda a: a**M),
    *(_unary(function(row)) for row in FUNCTIONS),
    _binder(Sum),
    _binder(Sum),
    _binder(Sum),
    _binder(Sum),
    _binder(Product),
    lambda depth, scope: st.builds(lambda d, e: d * e, brackets(scope), expressions(depth, scope)),
    lambda depth, scope: st.builds(lambda d, e: d * e, brackets(scope), expressions(depth, scope)),
)


REAL = expressions().filter(lambda e: not e.has(I))  # (−1)^(1/2) may arise, and has no place among real quantities

SETTINGS = settings(
    max_examples=int(environ.get("GRADPROOF_FUZZ", "80")), deadline=None, suppress_health_check=list(HealthCheck)
)

Disagreement = Callable[[Expr, Expr, Facts, Mapping[str, int]], float]
Mutants = Callable[[Expr, tuple[Idx, ...]], Iterator[Expr]]


def agree(left: Expr, right: Expr, disagreement: Disagreement) -> bool:
    """Whether two expressions have the same values at all the sizes; what cannot be evaluated is passed over."""
    for sizes in SIZES:
        try:
            if disagreement(left, right, FACTS, sizes) > 1e-6:
                return False
        except EvaluationError:
            continue
    return True


@SETTINGS
@given(REAL)
def test_the_normal_form_has_the_values_of_the_expression(disagreement: Disagreement, expr: Expr) -> None:
    try:
        form = normal_form(expr, FACTS)
    except TooLarge:
        assume(False)
    assert agree(expr, form, disagreement)


@SETTINGS
@given(REAL)
def test_the_names_of_bound_indices_do_not_matter(expr: Expr) -> None:
    renamed = rename_bound(expr, {index(f"{letter}{prime}", 0, M) for letter in LETTERS for prime in ("", "'")})
    try:
        form = normal_form(expr, FACTS)
    except TooLarge:
        assume(False)
    assert normal_form(renamed, FACTS) == form


@SETTINGS
@given(REAL, st.integers(0, 40))
def test_no_false_mutant_is_proved(disagreement: Disagreement, mutants: Mutants, expr: Expr, start: int) -> None:
    for mutant in islice(mutants(expr, FREE), start, start + 3):
        try:
            proved = is_zero(expr - mutant, FACTS)
        except TooLarge:
            continue
        assert not proved or agree(expr, mutant, disagreement)
