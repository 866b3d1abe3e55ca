"""Stationary points under a constraint: eigenvectors and shares, proved, measured, and refused where there are none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sympy import Expr, Idx, Integer, exp, log

from derive.model import Model, Sense
from derive.prove import prove
from derive.quantities import Domain
from derive.questions.constrained import Constrained
from derive.rows.building import data, define, name, parameter
from derive.rows.catalogue.constrained import class_shares, principal_component
from derive.solve.constrained import Eigenvector, Shared, lagrangian, solved
from derive.solve.stationary import NoStationaryPoint
from derive.vocabulary import index, length, size, total
from lowering.numeric.arithmetic import Array, mpmath_arithmetic
from lowering.numeric.environment import environment, whole
from lowering.numeric.evaluate import evaluate

I, J, K = index("i", 1, size("d")), index("j", 1, size("d")), index("k", 1, size("C"))
SIZES = {"n": 6, "d": 3, "C": 3}


def generalised() -> Model:
    """V = (Σ_i w_i x_i)² under Σ_ij w_i M_ij w_j = 1, with M positive definite."""
    x, w, m = data("x", I), parameter("w", I), parameter("M", I, J, domain=Domain.POSITIVE_DEFINITE)
    return Model(
        name="generalised",
        title="Generalised",
        given=(x, w, m),
        definitions=(
            define(name("c"), total(w.at(I) * m.at(I, J) * w.at(J), I, J)),
            define(name("V"), total(w.at() * x.at(), I) ** 2),
        ),
        objective="V",
        sense=Sense.MAXIMISE,
    )


def lengths() -> Model:
    """e = Σ_k a_k t_k² under Σ_k t_k = 1."""
    a, t = data("a", K, domain=Domain.POSITIVE), parameter("t", K, domain=Domain.POSITIVE)
    return Model(
        name="lengths",
        title="Lengths",
        given=(a, t),
        definitions=(define(name("c"), total(t.at(), K)), define(name("e"), total(a.at() * t.at() ** 2, K))),
        objective="e",
    )


EIGEN = (principal_component(), generalised(), replace(principal_component(), sense=Sense.MINIMISE))
SHARED = (class_shares(), lengths())


@pytest.mark.parametrize("model", EIGEN, ids=lambda m: f"{m.name}-{m.sense.value}")
def test_stationary_points_of_quadratic_forms_are_eigenvectors(model: Model) -> None:
    given = lagrangian(model.over_data(), "w", "c", Integer(1))
    found = solved(given)
    assert isinstance(found, Eigenvector) and all(found.proofs)
    assert prove(found.gradient.result, -found.factored, found.model) is None
    assert prove(found.along, 2 * found.difference, found.model) is None
    answer = Constrained(parameter="w", constraint="c").answer(model)
    assert answer.verdict == "proved"
    plain = model.name == "principal-component"
    assert ("largest" in str(answer.conclusion)) == (plain and model.sense is Sense.MAXIMISE)
    assert ("smallest" in str(answer.conclusion)) == (model.sense is Sense.MINIMISE)


def test_the_measured_variance_along_an_eigenvector_is_its_eigenvalue() -> None:
    model = principal_component().over_data()
    found = solved(lagrangian(model, "w", "c", Integer(1)))
    assert isinstance(found, Eigenvector)
    given = numbers(model)
    matrix = at(found.model, found.form.expr, found.form.quantity.axes, given)
    values, vectors = np.linalg.eigh(matrix)
    for value, vector in zip(values, vectors.T, strict=True):
        there = {**given, "w": vector, "lambda": np.asarray(value)}
        assert np.allclose(at(found.model, found.gradient.result, (I,), there), 0, atol=1e-10)
        assert np.isclose(at(model, model.quantities["V"].at(), (), there), value)
    rng = np.random.default_rng(8)
    for direction in rng.normal(size=(20, 3)):
        there = {**given, "w": direction / np.linalg.norm(direction)}
        assert values[0] - 1e-12 <= at(model, model.quantities["V"].at(), (), there) <= values[-1] + 1e-12


@pytest.mark.parametrize("model", SHARED, ids=lambda m: m.name)
def test_what_is_solved_entry_by_entry_keeps_the_constraint(model: Model) -> None:
    (wrt,) = (q.name for q in model.parameters)
    over = model.over_data()
    given = lagrangian(over, wrt, "c", Integer(1))
    found = solved(given)
    assert isinstance(found, Shared) and all(found.proofs)
    assert Constrained(parameter=wrt, constraint="c").answer(model).verdict == "proved"
    values = numbers(over)
    if "y" in values:
        values["y"] = np.eye(3)[[0, 1, 2, 0, 1, 0]]
    best = at(given.model, found.solution, (K,), values)
    there = {**values, wrt: best, "lambda": at(given.model, found.multiplier, (), values)}
    assert np.isclose(best.sum(), 1)
    assert np.allclose(at(given.model, found.at_multiplier.gradient.result, (K,), there), 0, atol=1e-9)
    sign = 1 if model.sense is Sense.MAXIMISE else -1
    objective = over.quantities[over.objective].at()
    top = sign * at(over, objective, (), there)
    for shares in np.random.default_rng(9).dirichlet(np.ones(3), size=20):
        assert sign * at(over, objective, (), {**values, wrt: shares}) <= top + 1e-12


def test_the_shares_of_classes_are_their_counts() -> None:
    found = solved(lagrangian(class_shares().over_data(), "pi", "c", Integer(1)))
    assert isinstance(found, Shared)
    assert (str(found.multiplier), str(found.solution)) == ("n", "Sum(y[s, k], (s, 1, n))/n")


def test_labels_that_do_not_sum_to_one_leave_their_total() -> None:
    model = class_shares()
    loose = tuple(replace(q, domain=Domain.NONNEGATIVE) if q.name == "y" else q for q in model.given)
    found = solved(lagrangian(replace(model, given=loose).over_data(), "pi", "c", Integer(1)))
    assert isinstance(found, Shared) and all(found.proofs)
    assert str(found.multiplier) != "n"


def test_what_is_no_quadratic_form_is_refused() -> None:
    """The variance with a linear term, and a constraint that does not depend on the parameter."""
    model = generalised()
    tilted = model.definitions[1].expr + total(model.quantities["w"].at(), I)
    changed = replace(model, definitions=(model.definitions[0], replace(model.definitions[1], expr=tilted)))
    with pytest.raises(NoStationaryPoint, match="no quadratic forms"):
        solved(lagrangian(changed.over_data(), "w", "c", Integer(1)))
    with pytest.raises(NoStationaryPoint, match="no scalar"):
        lagrangian(model.over_data(), "w", "x", Integer(1))


def test_a_constraint_that_is_not_solved_is_refused() -> None:
    model = class_shares()
    bent = replace(model.definitions[0], expr=total(exp(model.quantities["pi"].at()), K))
    sums = replace(model, definitions=(bent, model.definitions[1]))
    with pytest.raises(NoStationaryPoint):
        solved(lagrangian(sums.over_data(), "pi", "c", Integer(1)))
    spread = replace(model.definitions[1], expr=total(log(model.quantities["pi"].at()), K))
    fixed = replace(model, definitions=(model.definitions[0], spread))
    found = solved(lagrangian(fixed, "pi", "c", Integer(2)))
    assert isinstance(found, Shared) and str(found.solution) == "2/C"


def numbers(model: Model) -> dict[str, Array]:
    rng = np.random.default_rng(7)
    return {q.name: rng.uniform(0.2, 0.9, tuple(whole(length(i), SIZES) for i in q.axes)) for q in model.given}


def at(model: Model, expr: Expr, free: tuple[Idx, ...], given: dict[str, Array]) -> Array:
    """An expression with every name unfolded that is not given, at numbers."""
    for definition in reversed(model.definitions):
        expr = model.unfold(expr, definition.name) if definition.name not in given else expr
    known = {n: v for n, v in given.items() if n in model.quantities}
    quantities = tuple(model.quantities[n] for n in known)
    env = environment(quantities, sizes=SIZES, values={n: np.asarray(v)[None] for n, v in known.items()})
    return np.asarray(evaluate(expr, env, free, mpmath_arithmetic(40))[0], dtype=np.float64)
