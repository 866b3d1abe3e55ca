"""What looks equal and is not, and what looks different and is not: cases at the edge, by hand."""

from __future__ import annotations

import pytest
from sympy import Abs, Basic, Expr, Function, Idx, Integer, KroneckerDelta, Max, Product, Rational, Sum, exp, log, sqrt

from derive.calculus.contraction import collapse
from derive.calculus.differentiate import differentiate
from derive.calculus.indices import free_indices, rename_bound, substitute, transform, within
from derive.calculus.normalform import TooLarge, is_zero, normal_form
from derive.calculus.positivity import Facts
from derive.quantities import Domain
from derive.vocabulary import Inside, Partial, index, scalar, size, tensor, total

m, n, S = size("m"), size("n"), size("S")
x, y, z, v, w = map(scalar, "xyzvw")
a, b, A = map(tensor, "abA")
i, j, k = (index(name, 0, m) for name in "ijk")
i1, j1 = index("i", 1, m), index("j", 1, m)
j_less = index("j", 1, m - 1)
s = index("s", 1, n)
FACTS: Facts = {"v": Domain.POSITIVE, "w": Domain.NONNEGATIVE}

FALSE = (
    ("root of a square", sqrt(x**2), x),
    ("root of a hidden square", sqrt(x**2 + 2 * x * y + y**2), x + y),
    ("root of a sixth power", (x**6) ** Rational(1, 2), x**3),
    ("cube root of a square", (x**2) ** Rational(1, 3) * (x**2) ** Rational(1, 6), x),
    ("logarithm of a square", log((x - y) ** 2), 2 * log(x - y)),
    ("logarithm of a product of unknown signs", log(x * y), log(x) + log(y)),
    ("logarithm of minus", log(x), log(-x)),
    ("logarithm of a sum", log(v + 1), log(v)),
    ("symbolic power of a square", (x**2) ** y, x ** (2 * y)),
    ("symbolic root of a whole power", sqrt((x**n) ** 2), x**n),
    ("symbolic power of a product", (x * y) ** z, x**z * y**z),
    ("absolute value of a sum", Abs(x + y), Abs(x) + Abs(y)),
    ("absolute value", Abs(x), x),
    ("bound off by one", total(a[i], i), total(a[i1], i1)),
    ("upper bound off by one", Sum(a[i], (i, 0, m)), Sum(a[i], (i, 0, m - 1))),
    ("count of a range that may be empty", Sum(Integer(1), (i, 2, n - 1)), n - 2),
    ("constant over a range that may be empty", Sum(x, (i, 2, n - 1)), (n - 2) * x),
    ("product over a range that may be empty", Product(x, (i, 2, n - 1)), x ** (n - 2)),
    ("mean over a range that may be empty", Sum(a[i] + x, (i, 2, n - 1)), Sum(a[i], (i, 2, n - 1)) + (n - 2) * x),
    ("first term of a range that may be empty", Sum(a[i], (i, 1, n - 1)), a[1] + Sum(a[i], (i, 2, n - 1))),
    ("lower above upper", Sum(x, (i, 3, 1)), -x),
    ("delta outside its range", total(KroneckerDelta(i1, k) * a[i1], i1), a[k]),
    ("delta in a shorter range", total(KroneckerDelta(j_less, j1) * a[j_less], j_less), a[j1]),
    ("shifted delta", total(KroneckerDelta(i, j + 1) * a[i], i), a[j + 1]),
    ("affine delta without its bracket", total(KroneckerDelta(S * k + i, j) * a[i], i), a[j - S * k]),
    ("delta is not one", KroneckerDelta(i, j), Integer(1)),
    ("deltas are not exclusive", KroneckerDelta(i, j) + KroneckerDelta(i, k), Integer(1)),
    ("diagonal only", A[i, j], A[j, i]),
    ("bracket dropped", Inside(i, 1, m) * a[i], a[i]),
    ("square of a sum on the diagonal", total(a[i], i) ** 2, total(a[i] ** 2, i)),
    ("sum of products", total(a[i] * b[i], i), total(a[i], i) * total(b[i], i)),
    ("triangle", Sum(A[i, j], (j, 0, i), (i, 0, m)), total(A[i, j], i, j) / 2),
    ("triangle transposed", Sum(A[i, j], (j, 0, i), (i, 0, m)), Sum(A[j, i], (j, 0, i), (i, 0, m))),
    ("product of a sum", Product(a[i] + b[i], (i, 0, m)), Product(a[i], (i, 0, m)) + Product(b[i], (i, 0, m))),
    ("nested product is no double one", Product(a[i] * Product(A[i, j], (j, 1, m)), (i, 1, m)),
     Product(a[i] * A[i, j], (j, 1, m), (i, 1, m))),
    ("order of indices", Partial(A[i, j], x), Partial(A[j, i], x)),
    ("functions differ", Function("f")(x), Function("g")(x)),
    ("maximum", Max(x, y), x),
    ("index as a number", total(i * a[i], i), total(a[i], i)),
    ("sum of the index", total(i, i), m * (m + 1)),
)  # fmt: skip

TRUE = (
    ("cube root of a cube", (x**3) ** Rational(1, 3), x),
    ("root of a square", sqrt(x**2), Abs(x)),
    ("absolute value squared", Abs(x - y) ** 2, (x - y) ** 2),
    ("root of a positive square", sqrt(v**2 + 2 * v + 1), v + 1),
    ("power of a power", (v**x) ** y, v ** (x * y)),
    ("whole power of a whole power", (x**n) ** m, x ** (n * m)),
    ("zero to zero is one", x**0, Integer(1)),
    ("empty sum", Sum(a[i], (i, 3, 1)), Integer(0)),
    ("empty product", Product(a[i], (i, 3, 1)), Integer(1)),
    ("count of a range that may be empty", Sum(Integer(1), (i, 1, n - 1)), n - 1),
    ("shadowed name", Sum(a[i] * Sum(b[i], (i, 0, m)), (i, 0, m)), total(a[i], i) * total(b[j], j)),
    ("one name with two ranges", total(a[i], i) - total(a[i1], i1), a[0]),
    ("delta of a bound index outside", total(total(KroneckerDelta(i, j) * A[i, k], i), j), total(A[i, k], i)),
    ("delta under a dependent range", Sum(KroneckerDelta(i, k) * a[j], (j, 0, i), (i, 0, m)), Sum(a[j], (j, 0, k))),
    ("delta with a bracket", total(KroneckerDelta(i1, k) * a[i1], i1), Inside(k, 1, m) * a[k]),
    ("affine delta", total(KroneckerDelta(S * k + i, j) * a[i], i), Inside(j - S * k, 0, m) * a[j - S * k]),
    ("deltas in a chain", KroneckerDelta(i, j) * KroneckerDelta(j, k) * a[i],
     KroneckerDelta(i, j) * KroneckerDelta(i, k) * a[k]),
    ("delta squared", KroneckerDelta(i, j) ** 2, KroneckerDelta(i, j)),
    ("delta in an exponent", exp(KroneckerDelta(i, j) * x), 1 + KroneckerDelta(i, j) * (exp(x) - 1)),
    ("symmetric on the diagonal", KroneckerDelta(i, j) * A[i, j], KroneckerDelta(i, j) * A[j, i]),
    ("product of negative numbers", Product(-a[s], (s, 1, n)), (-1) ** n * Product(a[s], (s, 1, n))),
    ("product over two indices", Product(Product(v * A[i, j], (j, 0, m)), (i, 0, m)),
     v ** ((m + 1) ** 2) * Product(A[i, j], (i, 0, m), (j, 0, m))),
    ("sum of the index", total(i, i), m * (m + 1) / 2),
    ("sum of squares", total(i**2, i), m * (m + 1) * (2 * m + 1) / 6),
    ("count of a triangle", Sum(Integer(1), (j, 0, i), (i, 0, m)), (m + 1) * (m + 2) / 2),
    ("argument of an unknown function", Function("f")((x + y) ** 2), Function("f")(x**2 + 2 * x * y + y**2)),
    ("derivative of an absolute value", differentiate(Abs(x), x) * Abs(x), x),
)  # fmt: skip


def name(row: tuple[str, Expr, Expr]) -> str:
    return row[0]


@pytest.mark.parametrize("row", FALSE, ids=name)
def test_what_is_false_is_not_proved(row: tuple[str, Expr, Expr]) -> None:
    assert not is_zero(row[1] - row[2], FACTS)


@pytest.mark.parametrize("row", TRUE, ids=name)
def test_what_is_true_is_proved(row: tuple[str, Expr, Expr]) -> None:
    assert is_zero(row[1] - row[2], FACTS)


def test_division_by_zero_is_never_a_proof() -> None:
    with pytest.raises(TooLarge):
        is_zero(1 / (Abs(x - y) - sqrt((x - y) ** 2)), FACTS)


def test_too_much_work_stops() -> None:
    product = Integer(1)
    for letter in range(20):
        product *= 1 + sum(tensor(f"t{letter}")[k] for k in range(6))
    with pytest.raises(TooLarge):
        normal_form(product)


@pytest.mark.parametrize("level", ["_0", "~0"])
def test_names_of_the_calculus_itself_are_not_captured(level: str) -> None:
    taken = index(level, 0, m)
    assert not is_zero(total(A[i, taken], i) - total(A[i, i], i))
    assert not is_zero(total(KroneckerDelta(2 * i, taken), i) - total(KroneckerDelta(2 * i, i), i))
    assert is_zero(total(A[i, taken] * KroneckerDelta(taken, j), i) - KroneckerDelta(taken, j) * total(A[i, j], i))


def test_a_range_that_a_free_index_carries_is_not_that_of_a_bound_one() -> None:
    carried = index("j", 0, i)  # a free j in 0..i, where i is free as well; the sum binds another i
    inner = index("k", 0, i)
    expr = Sum(KroneckerDelta(inner, carried) * a[inner], (inner, 0, i), (i, 0, m))
    assert not is_zero(expr - total(a[carried], i))


SUBSTITUTIONS = (
    ("capture", Sum(A[i, j], (i, 0, m)), {j: i}, Sum(A[k, i], (k, 0, m))),
    ("bound is left alone", Sum(a[i], (i, 0, m)), {i: k}, Sum(a[i], (i, 0, m))),
    ("fresh name is replaced by no other entry", Sum(a[i] * b[j], (i, 0, m)), {j: i, index("i'", 0, m): k},
     Sum(a[k] * b[i], (k, 0, m))),
    ("swap", A[i, j], {i: j, j: i}, A[j, i]),
    ("range", Sum(a[k], (k, 0, i)), {i: j}, Sum(a[k], (k, 0, j))),
    ("range of an inner index", Sum(A[j, k], (k, 0, j), (j, 0, i)), {i: k}, Sum(A[i, j], (j, 0, i), (i, 0, k))),
    ("whole entry under its own binder", Sum(a[i], (i, 0, m)), {a[i]: x}, Sum(a[i], (i, 0, m))),
)  # fmt: skip


@pytest.mark.parametrize("row", SUBSTITUTIONS, ids=name)
def test_substitution_does_not_capture(row: tuple[str, Expr, dict[Basic, Basic], Expr]) -> None:
    assert normal_form(substitute(row[1], row[2])) == normal_form(row[3])


def test_renaming_keeps_free_indices_free() -> None:
    prime = index("i'", 0, m)
    expr = Sum(A[i, prime], (i, 0, m))
    renamed = rename_bound(expr, {i})
    assert free_indices(renamed) == {prime}
    assert normal_form(renamed) == normal_form(expr)


def test_renaming_renames_dependent_ranges() -> None:
    expr = Sum(A[i, k], (k, 0, i), (i, 0, m))
    renamed = rename_bound(expr, {i, k})
    assert free_indices(renamed) == set()
    assert normal_form(renamed) == normal_form(expr)


def test_unfolding_does_not_capture() -> None:
    body = Sum(A[i, j], (i, 0, m))
    unfolded = transform(Sum(b[i], (i, 0, m)), lambda e: substitute(body, {j: i}) if e == b[i] else None)
    assert normal_form(unfolded) == normal_form(total(A[k, i], k, i))


@pytest.mark.parametrize(
    ("value", "lower", "upper", "expected"),
    [(i, 0, m, True), (i1, 0, m, True), (i, 1, m, False), (i + 1, 1, m + 1, True), (i + 1, 0, m, False),
     (index("j", 0, i), 0, m, True), (index("j", i, m), 0, m, True), (Integer(0), 0, m, True),
     (Integer(2), 0, m, False)],
)  # fmt: skip
def test_within_follows_the_ranges(value: Expr, lower: int, upper: Expr, expected: bool) -> None:
    assert within(value, Integer(lower), upper) is expected


def test_a_delta_that_ties_a_range_to_itself_is_solved_for_the_other_index() -> None:
    inner = index("j", 0, i)
    factors, left = collapse((KroneckerDelta(i, inner + 1), a[i]), (i, inner))
    assert len(left) == 1
    assert all(free_indices(limit) <= set(left) for idx in left for limit in (idx.lower, idx.upper))
    assert isinstance(left[0], Idx) and factors
