"""Inverse and log-determinant: their rules are what differences say, and no more is proved than holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sympy import Expr, Idx, Indexed, Integer, KroneckerDelta, Rational, Sum, log

from derive.backprop import partial
from derive.calculus.differentiate import differentiate
from derive.calculus.normalform import is_zero
from derive.model import Model, ModelError
from derive.notation.names import Names
from derive.notation.printer import layout
from derive.notation.renderers.latex import to_latex
from derive.quantities import Domain
from derive.rows.building import data, define, name, parameter
from derive.rows.catalogue.gaussians import gaussian_vector
from derive.vocabulary import index, inverse, logdet, names_in, size, tensor, total
from lowering.numeric.arithmetic import COMPLEX128, FLOAT64, Arithmetic, mpmath_arithmetic
from lowering.numeric.environment import Environment
from lowering.numeric.evaluate import evaluate
from lowering.numeric.forward import forward

PRECISE = mpmath_arithmetic(60)
D = size("d")
I, J, K, L, M = (index(letter, 1, D) for letter in "ijklm")
Z = index("z", 0, D - 1)
WIDE = index("w", 0, D)
A, B, X = tensor("A"), tensor("B"), tensor("x")
STEP = PRECISE.convert(1) / PRECISE.convert(10**15)


def inv(i: Expr, j: Expr) -> Any:
    """An entry of the inverse of the block 1, …, d of A."""
    return inverse("A", I, J).func(A, i, j, Integer(1), D)


def values(d: int) -> dict[str, Any]:
    """Matrices stored from 0 to d, so that the inverse is one of a block, which has a positive determinant."""
    drawn = np.random.default_rng(d).integers(-4, 5, (2, d + 1, d + 1)) / 8 + 2 * np.eye(d + 1)
    return {"A": drawn[:1], "B": drawn[1:], "x": drawn[:1, 0]}


def number(expr: Expr, d: int, free: tuple[Idx, ...], given: Any = None, arithmetic: Arithmetic = PRECISE) -> Any:
    lowers = {"A": (0, 0), "B": (0, 0), "x": (0,)}
    environment = Environment(sizes={"d": d}, values=given or values(d), lowers=lowers)
    return np.asarray(evaluate(expr, environment, free, arithmetic)[0])


# -- the rules -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("of", "free"),
    [
        (inverse("A", I, J), (I, J)),
        (logdet("A", I), ()),
        (total(inverse("A", I, J) * X[I] * X[J], I, J), ()),
        (inverse("A", I, J) ** 2 * logdet("A", I), (I, J)),
        (log(total(inverse("A", I, J) * A[J, I] * inverse("A", I, I) ** 2, I, J)), ()),
    ],
)
def test_derivatives_are_what_differences_say(of: Expr, free: tuple[Idx, ...], d: int) -> None:
    row, column = (index(letter, 0, D) for letter in "uv")  # also the entries outside the block
    exact = number(differentiate(of, A[row, column]), d, (*free, row, column))
    for where in np.ndindex(d + 1, d + 1):
        ends = []
        for sign in (1, -1):
            moved = {n: PRECISE.convert(v) for n, v in values(d).items()}
            moved["A"][0][where] += sign * STEP
            ends.append(number(of, d, free, moved))
        difference = (ends[0] - ends[1]) / (2 * STEP)
        assert np.all(np.abs(exact[(..., *where)] - difference) <= 1e-20 * (1 + np.abs(difference))), where


def test_other_names_are_constants() -> None:
    assert differentiate(inverse("A", I, J), B[K, L]) == 0
    assert differentiate(logdet("A", I), X[K]) == 0


def test_a_matrix_has_two_indices() -> None:
    with pytest.raises(TypeError, match="two indices"):
        differentiate(logdet("A", I), A[K])


# -- what is proved ------------------------------------------------------------------------------------

IDENTITIES: tuple[tuple[Expr, Expr, tuple[Idx, ...]], ...] = (
    (total(inv(I, J) * A[J, K], J), KroneckerDelta(I, K), (I, K)),
    (total(A[I, J] * inv(J, K), J), KroneckerDelta(I, K), (I, K)),
    (total(inv(I, Z + 1) * A[Z + 1, K], Z), KroneckerDelta(I, K), (I, K)),
    (total(inv(I, J) * A[J, K] * inv(K, L), J, K), inv(I, L), (I, L)),
    (total(inv(I, J) * total(A[J, K] * X[K], K), J), X[I], (I,)),
    (total(inv(I, J) * A[J, I], I, J), D, ()),
    (total(inv(I, J) * X[I] * X[J], I, J), total(inv(J, I) * X[I] * X[J], I, J), ()),
    (total(X[I] * inv(I, J) * A[J, K] * inv(K, L) * X[L], I, J, K, L), total(X[I] * X[J] * inv(I, J), I, J), ()),
    (differentiate(total(inv(I, J) * A[J, K], J), A[L, M]), Integer(0), (I, K, L, M)),
    (total(A[K, L] * differentiate(logdet("A", I), A[K, M]), K), KroneckerDelta(L, M), (L, M)),
    (differentiate(inv(I, J), A[K, L]), -inv(I, K) * inv(L, J), (I, J, K, L)),
)

MUTANTS: tuple[tuple[Expr, Expr, tuple[Idx, ...]], ...] = (
    (total(inv(J, I) * A[J, K], J), KroneckerDelta(I, K), (I, K)),
    (total(inv(I, J) * A[K, J], J), KroneckerDelta(I, K), (I, K)),
    (total(inv(I, J) * B[J, K], J), KroneckerDelta(I, K), (I, K)),
    (total(inv(I, J) * A[J, K], J), -KroneckerDelta(I, K), (I, K)),
    (total(inv(I, J) * A[J, WIDE], J), KroneckerDelta(I, WIDE), (I, WIDE)),
    (Sum(inv(I, J) * A[J, K], (J, 2, D)), KroneckerDelta(I, K), (I, K)),
    (total(inv(I, Z + 1) * A[Z, K], Z), KroneckerDelta(I, K), (I, K)),
    (total(inv(I, J) * A[J, K] * X[J], J), X[I] * KroneckerDelta(I, K), (I, K)),
    (total(inv(I, J) ** 2 * A[J, K], J), inv(I, K) * KroneckerDelta(I, K), (I, K)),
    (total(inv(I, J) * A[J, K] ** 2, J), A[I, K] * KroneckerDelta(I, K), (I, K)),
    (total(inv(J, J) * A[J, K], J), Integer(1), (K,)),
    (total(inv(I, J) * A[J, J], J), Integer(1), (I,)),
    (total(inv(I, J) * A[J, I], I, J), D + 1, ()),
    (inv(I, J), inv(J, I), (I, J)),
    (inv(I, J) * A[I, J], Integer(1), (I, J)),
    (differentiate(inv(I, J), A[K, L]), inv(I, K) * inv(L, J), (I, J, K, L)),
    (differentiate(inv(I, J), A[K, L]), -inv(I, L) * inv(K, J), (I, J, K, L)),
    (differentiate(logdet("A", I), A[K, L]), inv(K, L), (K, L)),
    (differentiate(logdet("A", I), A[K, WIDE]), inverse("B", I, J).func(A, WIDE, K, 0, D), (K, WIDE)),
    (logdet("A", I), logdet("B", I), ()),
    (logdet("A", I), logdet("A", WIDE), ()),
)


@pytest.mark.parametrize(("left", "right", "free"), IDENTITIES, ids=str)
def test_identities_are_proved_and_hold(left: Expr, right: Expr, free: tuple[Idx, ...]) -> None:
    assert is_zero(left - right)
    for d in (1, 2, 3, 4):
        assert np.all(np.abs(number(left - right, d, free)) < 1e-40)


@pytest.mark.parametrize(("left", "right", "free"), MUTANTS, ids=str)
def test_what_is_false_is_not_proved(left: Expr, right: Expr, free: tuple[Idx, ...]) -> None:
    assert not is_zero(left - right)
    assert any(np.any(np.abs(number(left - right, d, free)) > 1e-6) for d in (2, 3))


# -- numbers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expr", [inverse("A", I, J), logdet("A", I)])
@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_the_arithmetics_agree(expr: Expr, d: int) -> None:
    free = (I, J) if expr == inverse("A", I, J) else ()
    exact = number(expr, d, free).astype(float)
    for arithmetic in (FLOAT64, COMPLEX128):
        assert np.allclose(number(expr, d, free, arithmetic=arithmetic), exact, rtol=1e-12, atol=1e-12)


def test_a_complex_step_carries_the_derivative() -> None:
    moved: dict[str, Any] = {n: v.astype(complex) for n, v in values(3).items()}
    moved["A"][0, 1, 2] += 1e-30j
    slopes = number(differentiate(logdet("A", I), A[K, L]), 3, (K, L)).astype(float)
    stepped = number(logdet("A", I), 3, (), moved, COMPLEX128).imag / 1e-30
    assert np.isclose(stepped, slopes[0, 1], rtol=1e-12)


@pytest.mark.parametrize("arithmetic", [FLOAT64, COMPLEX128, PRECISE], ids=lambda a: a.name)
def test_what_a_singular_matrix_has_not_is_no_number(arithmetic: Arithmetic) -> None:
    singular = {**values(2), "A": np.ones((1, 3, 3))}
    for expr, free in ((inverse("A", I, J), (I, J)), (logdet("A", I), ())):
        found = number(expr, 2, free, singular, arithmetic)
        assert np.all(found != found)


def test_a_negative_determinant_has_no_logarithm() -> None:
    swapped = {**values(2), "A": np.eye(3)[[0, 2, 1]][None]}
    for arithmetic in (FLOAT64, COMPLEX128, PRECISE):
        found = number(logdet("A", I), 2, (), swapped, arithmetic)
        assert np.all(found != found)


# -- words, models and print ---------------------------------------------------------------------------


def test_only_square_matrices_have_an_inverse() -> None:
    with pytest.raises(ValueError, match="square"):
        inverse("A", I, WIDE)
    with pytest.raises(ValueError, match="fixed length"):
        logdet("A", index("p", 1, I))


def test_a_model_sees_the_matrix_inside() -> None:
    assert [a.base for a in names_in(inverse("A", I, J) * X[I]) if isinstance(a, Indexed)].count(A) == 1
    with pytest.raises(ModelError, match="not defined before"):
        Model(name="m", title="m", given=(), definitions=(define(name("f"), logdet("A", I)),), objective="f")


def test_a_matrix_of_each_data_point_is_refused() -> None:
    given = data("A", I, J)
    model = Model(name="m", title="m", given=(given,), definitions=(define(name("f"), logdet("A", I)),), objective="f")
    with pytest.raises(ModelError, match="2 indices; it has 3"):
        model.over_data()


def kernel() -> Model:
    """LL = −½ (Σ x_i C^{-1}_{i,j} x_j + log|C|) for a covariance C_ij = Σ_k w_ik w_jk + v δ_ij that is defined."""
    weights, noise = parameter("w", I, K), parameter("v", domain=Domain.POSITIVE)
    covariance = total(weights.at(I, K) * weights.at(J, K), K) + noise.at() * KroneckerDelta(I, J)
    square = total(X[I] * inverse("C", I, J) * X[J], I, J)
    return Model(
        name="kernel",
        title="A Gaussian of few factors",
        given=(data("x", I), weights, noise),
        definitions=(
            define(name("C", I, J), covariance),
            define(name("LL"), -Rational(1, 2) * (square + logdet("C", I))),
        ),
        objective="LL",
    )


def drawn(model: Model, d: int) -> dict[str, Any]:
    """Values of what a model is given, those of matrices positive definite."""
    generator = np.random.default_rng(d)
    found: dict[str, Any] = {}
    for q in model.given:
        entries = generator.integers(-6, 7, (1, *[d] * len(q.axes))) / 8
        square = entries @ np.swapaxes(entries, -1, -2) + np.eye(d) if len(q.axes) == 2 else entries
        found[q.name] = {Domain.POSITIVE_DEFINITE: square, Domain.POSITIVE: np.abs(entries) + 0.5}.get(
            q.domain, entries
        )
    return found


@pytest.mark.parametrize("d", [1, 2, 3, 4])
@pytest.mark.parametrize("model", [gaussian_vector(), kernel()], ids=lambda m: m.name)
def test_gradients_of_a_log_likelihood_are_proved_and_measured(model: Model, d: int) -> None:
    given = drawn(model, d)
    environment = forward(model, {"d": d}, given, PRECISE)
    for q in [q for q in model.quantities.values() if q.name in model.ancestors["LL"]]:
        derivation = partial(model, model.quantities["LL"].at(), q.at())
        assert derivation.verdict == "proved"
        exact = evaluate(derivation.result, environment, q.axes, PRECISE)
        for where in np.ndindex(exact.shape):
            ends = []
            for sign in (1, -1):
                nudge = PRECISE.convert(np.zeros(exact.shape))
                nudge[where] += sign * STEP
                ends.append(forward(model, {"d": d}, given, PRECISE, nudges={q.name: nudge}).values["LL"][0])
            measured = (ends[0] - ends[1]) / (2 * STEP)
            assert abs(exact[where] - measured) < 1e-15 * (1 + abs(measured)), (q.name, where)


def test_over_data_the_gradients_are_proved() -> None:
    model = gaussian_vector().over_data()
    for q in model.parameters:
        assert partial(model, model.quantities["LL"].at(), q.at()).verdict == "proved"


def test_print() -> None:
    model = gaussian_vector()
    names = Names.of(model.quantities.values())
    assert to_latex(layout(inverse("Sigma", I, J), names)) == r"(\Sigma^{-1})_{i,j}"
    assert to_latex(layout(logdet("Sigma", I), names)) == r"\log\lvert \Sigma \rvert"


@pytest.mark.parametrize(
    ("latex", "printed"),
    [
        (r"\Sigma_x", r"(\Sigma_{x}^{-1})_{i,j}"),
        (r"\theta^{(h)}", r"((\theta^{(h)})^{-1})_{i,j}"),
        (r"\mathbf{K}", r"(\mathbf{K}^{-1})_{i,j}"),
    ],
)
def test_a_name_keeps_its_own_scripts(latex: str, printed: str) -> None:
    names = Names.of([parameter("A", I, J, latex=latex)])
    assert to_latex(layout(inverse("A", I, J), names)) == printed
