"""How derivations are given out: as equations, in steps of two kinds, with numbers in front and signs as written."""

from __future__ import annotations

import pytest
from sympy import Eq, Expr, KroneckerDelta

from derive.analysis.symmetric import by_symmetry
from derive.backprop import partial
from derive.calculus.tidy import collapse_deltas
from derive.catalog import find
from derive.rows.functions import sigmoid
from derive.vocabulary import Partial, index, scalar, size, tensor, total


def test_a_derivation_is_an_equation_and_an_expression() -> None:
    model = find("logistic-regression")
    derivation = model.partial("LL", "theta[i]")
    assert derivation.sympy() == derivation.result
    assert derivation.equation() == Eq(derivation.target, derivation.result, evaluate=False)
    assert derivation.equation().lhs == Partial(scalar("LL"), tensor("theta")[model.quantities["theta"].axes])


def test_an_equation_is_not_evaluated() -> None:
    model = find("linear-regression")
    assert isinstance(model.partial("e", "e").equation(), Eq)


def test_full_steps_hold_those_of_the_lecture_and_what_they_rely_on() -> None:
    derivation = find("mlp").partial("LL", "theta_h[i,j]")
    lecture, full = derivation.steps(), derivation.steps("full")
    assert lecture == derivation.steps("lecture") == derivation.chain
    assert [s for s in full if s in lecture] == list(lecture) and len(full) > len(lecture)


@pytest.mark.parametrize("detail", ("", "all", "Lecture", "brief"))
def test_another_detail_is_refused_in_one_line(detail: str) -> None:
    with pytest.raises(ValueError, match=r"detail .* is unknown; choose 'lecture' or 'full'") as refused:
        find("mlp").partial("LL", "theta_h[i,j]").steps(detail)
    assert len(str(refused.value).splitlines()) == 1


READABLE = (
    ("linear-regression", "theta", "2*(-y + yhat)*x[j]"),
    ("loss-gaussian-nll", "p", "(p - t)/v"),
    ("loss-bce", "p", "(1 - t)/(1 - p) - t/p"),
    ("gaussian", "sigma", "-1/sigma + (-mu + x)**2/sigma**3"),
    ("weight-decay", "eta", "-Sum((lambda*theta[t - 1, j] + g[t, j])*Partial(E, theta[t, j]), (t, 1, T), (j, 1, d))"),
    (
        "momentum",
        "theta",
        "(theta[T, j] - y[j])*KroneckerDelta(T, t) + Inside(t + 1, 1, T)*Partial(E, theta[t + 1, j])",
    ),
)


@pytest.mark.parametrize(("name", "wrt", "shown"), READABLE)
def test_results_have_numbers_in_front_and_positive_sums(name: str, wrt: str, shown: str) -> None:
    model = find(name)
    derivation = partial(model, model.quantities[model.objective].at(), model.quantities[wrt].at())
    assert derivation.verdict == "proved" and str(derivation.result) == shown


def test_terms_with_the_same_delta_are_taken_together() -> None:
    model = find("momentum")
    result = partial(model, model.quantities["E"].at(), model.quantities["theta"].at()).result
    deltas = [term for term in result.args if term.has(KroneckerDelta)]
    assert len(deltas) == 1


def test_a_sum_of_zeros_vanishes_and_one_of_constants_is_counted() -> None:
    whole = find("activation-step").over_data()
    assert partial(whole, whole.quantities[whole.objective].at(), scalar("z")).result == 0
    whole = find("activation-softplus").over_data()
    result = partial(whole, whole.quantities[whole.objective].at(), scalar("z")).result
    assert result == size("n") * sigmoid(scalar("z"))


I, K = index("i", 1, size("m")), index("k", 1, size("m"))
A, B, C = (tensor(name) for name in "abc")
POWER = (A[I] + B[I] + 1) ** 4
COLLAPSED = (
    (total((KroneckerDelta(I, K) - B[I]) / POWER, I), (POWER**-1).subs(I, K) - total(B[I] / POWER, I)),
    (total((KroneckerDelta(I, K) + A[I] + B[I]) * C[I], I), C[K] + total((A[I] + B[I]) * C[I], I)),
    (total((1 - KroneckerDelta(I, K)) ** 2 * C[I], I), total(C[I], I) - C[K]),
)


@pytest.mark.parametrize(("before", "after"), COLLAPSED)
def test_a_delta_goes_without_opening_a_power_a_denominator_or_another_sum(before: Expr, after: Expr) -> None:
    assert collapse_deltas(before) == after


def test_what_symmetry_shortens_is_a_step_of_its_own_with_its_condition() -> None:
    model = find("linear-discriminant")
    apart = model.partial("l_1", "mu_1[i]")
    found = by_symmetry(apart)
    (step,) = found.chain[len(apart.chain) :]
    assert found.verdict == "proved" and found.result.count_ops() < apart.result.count_ops()
    assert found.proof is not None and "Sigma symmetric" in found.proof.conditions
    assert step.rule == "symmetry of Sigma" and (step.before, step.after) == (apart.result, found.result)


def test_without_a_symmetric_matrix_nothing_is_added() -> None:
    derivation = find("mlp").partial("LL", "theta_h[i,j]")
    assert by_symmetry(derivation) is derivation
