# mypy: disable-error-code="no-untyped-call"
"""Every identity is a theorem, is accurate where the textbook form is not, and is used where it applies."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import ModuleType

import mpmath
import numpy as np
import pytest
from sympy import Expr, log

from derive.catalog import find
from derive.model import Model, Sense
from derive.prove import prove
from derive.quantities import Definition, Domain, Kind, Quantity
from derive.rows.building import data, define, name, parameter
from derive.rows.catalogue.classification import softmax_regression
from derive.rows.functions import RowFunction, sigmoid, softplus, tanh
from derive.rows.layers import dense, softmax
from derive.rows.models import I, X, logistic_regression, mlp
from derive.vocabulary import index, product, scalar, size, total
from lowering.checks import called, settled
from lowering.loading import loaded_source
from lowering.lower import lowering
from lowering.numeric.arithmetic import FLOAT64, mpmath_arithmetic
from lowering.numeric.environment import Environment
from lowering.numeric.evaluate import evaluate
from lowering.oracle import Oracle, extreme_points
from lowering.stabilise import IDENTITIES, REFLECTION, Identity, computable, with_preactivations
from lowering.trialpoints import trial_sizes

Z = scalar("z")
EVERY = (*IDENTITIES, REFLECTION)


def at(expr: Expr, z: float, digits: int | None = None) -> mpmath.mpf:
    arithmetic = FLOAT64 if digits is None else mpmath_arithmetic(digits)
    return evaluate(expr, Environment(values={"z": np.array([z])}), (), arithmetic)[0]


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.name)
def test_each_identity_is_proved(row: Identity) -> None:
    model = logistic_regression().over_data()
    assert prove(row.before(Z), row.after(Z), model) is not None
    assert prove(row.before(Z), row.after(Z) + 1, model) is None
    assert prove(row.before(Z), -row.after(Z), model) is None


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.name)
@pytest.mark.parametrize("z", [0.0, 0.3, -2.0, 30.0, -30.0])
def test_each_identity_holds_in_numbers(row: Identity, z: float) -> None:
    before, after = at(row.before(Z), z, 80), at(row.after(Z), z, 80)
    assert abs(before - after) <= 1e-60 * max(1, abs(before))


def chained(activation: type[RowFunction], inner: Expr) -> Model:
    weight = Quantity(name="w", latex="w", axes=(I,), kind=Kind.PARAMETER)
    return Model(
        name="chained",
        title="",
        given=(X, weight),
        definitions=(
            Definition(quantity=Quantity(name="p", latex="p"), expr=activation(inner)),
            Definition(quantity=Quantity(name="E", latex="E"), expr=-log(scalar("p"))),
        ),
        objective="E",
    ).over_data()


WEIGHTED = total(X.at() * Quantity(name="w", latex="w", axes=(I,)).at(), I)


def test_the_bernoulli_log_likelihood_is_written_in_the_logit() -> None:
    for system in ("mlp", "logistic-regression"):
        stages = computable(find(system).over_data())
        s = index("s", 1, size("n"))
        z, y = stages.model.quantities["z_yhat"].at(s), stages.model.quantities["y"].at(s)
        assert stages.model.defined["LL"].expr == total(y * z - softplus(z), s)
        assert stages.rewrites and all(r.proof is not None for r in stages.rewrites)


def test_a_single_log_of_a_sigmoid_is_a_softplus_of_minus_the_logit() -> None:
    stages = computable(chained(sigmoid, WEIGHTED))
    s = index("s", 1, size("n"))
    assert stages.model.defined["E"].expr == total(softplus(-stages.model.quantities["z_p"].at(s)), s)


def test_pre_activations_are_named_and_unfold_to_what_was_there() -> None:
    source = mlp(tanh).over_data()
    split = with_preactivations(source)
    assert [d.name for d in split.definitions] == ["z_h", "h", "z_yhat", "yhat", "P", "L", "LL"]
    for d in source.definitions:
        assert split.unfold(split.defined[d.name].expr, "z_h", "z_yhat") == d.expr


def test_a_pre_activation_does_not_take_a_name_that_is_used() -> None:
    model = chained(sigmoid, WEIGHTED)
    renamed = Model(
        name="clash",
        title="",
        given=(*model.given, Quantity(name="z_p", latex="z", kind=Kind.PARAMETER)),
        definitions=model.definitions,
        objective="E",
        sample=model.sample,
    )
    assert "z_p_" in computable(renamed).model.defined


def test_functions_inside_a_sum_are_named_over_its_index() -> None:
    j = index("j", 0, size("m_h"))
    v = Quantity(name="v", latex="v", axes=(j,), kind=Kind.PARAMETER)
    w = Quantity(name="w", latex="w", axes=(I, j), kind=Kind.PARAMETER)
    model = Model(
        name="one-line",
        title="",
        given=(X, v, w),
        definitions=(
            Definition(quantity=Quantity(name="E", latex="E"), expr=total(v.at() * tanh(total(X.at() * w.at(), I)), j)),
        ),
        objective="E",
    ).over_data()
    split = with_preactivations(model)
    assert [str(i.label) for i in split.quantities["z_E"].axes] == ["j", "s"]
    assert not any(call.args[0].has(*WEIGHTED.func.mro()[:1]) for call in split.defined["E"].expr.atoms(RowFunction))


LOGITS = (30.0, 745.0, 800.0, 1e4)
TOLERANCES = {"float64": 1e-12, "float32": 1e-5}
ROUNDED = 5e-4  # in float32 a sum of terms of 1e4 is known to 1e-3, and moves a gate that others do not saturate
SATURATED = (
    *((name, TOLERANCES) for name in ("logistic-regression", "mlp", "softmax-regression", "rnn", "deep", "residual")),
    ("smooth-perceptron", TOLERANCES),
    *((name, {**TOLERANCES, "float32": ROUNDED}) for name in ("gru", "lstm")),
)


@pytest.mark.parametrize("name, tolerances", SATURATED, ids=[name for name, _ in SATURATED])
def test_value_and_gradient_are_exact_where_every_logit_saturates(name: str, tolerances: dict[str, float]) -> None:
    """The value to 1e-12 of itself, or of 1, the gradient to that part of its largest component; in float32 to 1e-5."""
    stages = lowering(find(name), dtype="float64", backend="numpy")
    module, oracle = loaded_source(stages.source), Oracle(stages.computable.named)
    sizes = next(trial_sizes(stages.computable.named))
    points = [point.cast(dtype) for *_, point in extreme_points(oracle, LOGITS, sizes) for dtype in tolerances]
    for point, (_, exact, gradient) in zip(points, settled(oracle, points), strict=True):
        value, grads, trouble = called(module, point)
        tolerance = tolerances[str(value.dtype)]
        scale = max(1e-3, *(float(np.abs(g).max()) for g in gradient.values()))
        errors = [float(np.abs(grads[k] - g).max()) / scale for k, g in gradient.items()]
        assert not trouble
        assert abs(value - exact) <= tolerance * max(abs(exact), 1.0)
        assert max(errors) <= tolerance


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("label", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("logit", [0.0, -0.0, 1e-3, 30.0, -30.0, 745.0, -745.0, 800.0, -800.0, 1e4, -1e4])
def test_one_point_that_is_predicted_well_has_all_digits(logit: float, label: float, dtype: str) -> None:
    """y z − softplus(z) and y − σ(z) are tiny where z is large and the label agrees, and relative to that exact."""
    module = loaded_source(lowering(logistic_regression(), dtype=dtype, backend="numpy").source)
    x, y, theta = np.ones((1, 1), dtype), np.full(1, label, dtype), np.full(1, logit, dtype)
    value, grads = module.value_and_grad({"theta": theta}, {"x": x, "y": y})
    with mpmath.workdps(400):
        z, given = mpmath.mpf(float(theta[0])), mpmath.mpf(float(y[0]))
        exact = given * z - mpmath.log1p(mpmath.exp(z)), given - 1 / (1 + mpmath.exp(-z))
        for got, wanted in zip((value, grads["theta"][0]), exact, strict=True):
            least = float(np.finfo(dtype).tiny)  # below it numbers have fewer digits
            assert abs(mpmath.mpf(float(got)) - wanted) <= 8 * np.finfo(dtype).eps * max(abs(wanted), least)


HEIGHTS = tuple(sign * z for z in (0.0, 1e-3, 30.0, 300.0, 745.0, 800.0, 1e4) for sign in (1, -1))
LABELS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "right": lambda z: np.eye(3)[z.argmax()],
    "wrong": lambda z: np.eye(3)[z.argmin()],
    "soft": lambda z: np.array([0.3, 0.7, 0.0]),
}


def classifier() -> Model:
    """h = σ(W x + b), z = V h, P = Π_k p_k^{y_k} with p = softmax(z)."""
    k = index("k", 1, size("C"))
    hidden, y = dense(X, "h"), data("y", k, domain=Domain.SIMPLEX)
    (j,) = hidden.output.axes
    weights, z, P = parameter("V", k, j), name("z", k), name("P", domain=Domain.POSITIVE)
    shares = softmax(z, "z")
    return Model(
        name="classifier",
        title="A classifier with a hidden layer",
        given=(X, y, *hidden.parameters, weights),
        definitions=(
            *hidden.definitions,
            define(z, total(weights.at() * hidden.output.at(), j)),
            *shares.definitions,
            define(P, product(shares.output.at() ** y.at(), k)),
            define(name("LL"), log(P.at())),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
    )


@lru_cache
def written(model: Callable[[], Model]) -> ModuleType:
    return loaded_source(lowering(model(), dtype="float64", backend="numpy").source)


def exactly(z: np.ndarray, y: np.ndarray) -> tuple[mpmath.mpf, list[mpmath.mpf]]:
    """Σ y log softmax(z) and its gradient y − softmax(z) Σ y."""
    logits, labels = [mpmath.mpf(float(e)) for e in z], [mpmath.mpf(float(e)) for e in y]
    whole = mpmath.log(mpmath.fsum(map(mpmath.exp, logits)))
    pairs = list(zip(logits, labels, strict=True))
    return (
        mpmath.fsum(a * (e - whole) for e, a in pairs),
        [a - mpmath.exp(e - whole) * mpmath.fsum(labels) for e, a in pairs],
    )


def compare(got: np.ndarray, wanted: list[mpmath.mpf]) -> None:
    """Relative to what is exact, or to the least number that has all digits."""
    least = float(np.finfo(got.dtype).tiny)
    for a, b in zip(got.ravel().tolist(), wanted, strict=True):
        assert abs(mpmath.mpf(a) - b) <= TOLERANCES[str(got.dtype)] * max(abs(b), least)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("height", HEIGHTS)
def test_softmax_of_one_point_has_all_digits(height: float, labels: str, dtype: str) -> None:
    """The value and each entry of the gradient are exact relative to themselves, also where they are tiny."""
    z = np.array([height, 0.0, 0.5], dtype)
    y = LABELS[labels](z).astype(dtype)
    module, given = written(softmax_regression), {"x": np.ones((1, 1), dtype), "y": y[None]}
    value, grads = module.value_and_grad({"W": z[None]}, given)
    with mpmath.workdps(400):
        exact, gradient = exactly(z, y)
        compare(np.array([value, module.value({"W": z[None]}, given)]), [exact, exact])
        compare(grads["W"], gradient)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("height", HEIGHTS)
def test_a_classifier_has_all_digits_at_one_point(height: float, labels: str, dtype: str) -> None:
    """Through a hidden layer of two units, both 1/2 at this point, so that the logits are exact."""
    z = np.array([height, 0.0, 0.5], dtype)
    y = LABELS[labels](z).astype(dtype)
    x, V = np.array([[1.0, 0.5]], dtype), np.stack([2 * z, 0 * z], axis=1)
    params = {"W_h": np.array([[1.0, -2.0], [3.0, -6.0]], dtype), "b_h": np.zeros(2, dtype), "V": V}
    value, grads = written(classifier).value_and_grad(params, {"x": x, "y": y[None]})
    with mpmath.workdps(400):
        exact, by_z = exactly(z, y)
        by_hidden = mpmath.fsum(d * mpmath.mpf(float(v)) for d, v in zip(by_z, V[:, 0], strict=True)) / 4
        compare(np.array([value]), [exact])
        compare(grads["V"], [d / 2 for d in by_z for _ in range(2)])
        compare(grads["b_h"], [by_hidden, mpmath.mpf(0)])
        compare(grads["W_h"], [by_hidden, by_hidden / 2, mpmath.mpf(0), mpmath.mpf(0)])


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("points", [3, 96])
def test_each_of_several_points_has_all_digits(points: int, dtype: str) -> None:
    """Points with a weight of their own each, so that the gradient shows them one by one; ties for the largest too."""
    tied = [(30.0, 30.0, 0.5), (0.0, 0.0, 0.0), (800.0, 800.0 - 1e-3, 0.0)]
    rows = [*tied, *((h, 0.0, 0.5) for h in HEIGHTS), *((0.5, h, 0.0) for h in HEIGHTS)]
    z = np.resize(np.array(rows, dtype), (points, 3))
    y = np.array([LABELS[list(LABELS)[k // 3 % 3]](row[::-1])[::-1] for k, row in enumerate(z)]).astype(dtype)
    value, grads = written(softmax_regression).value_and_grad({"W": z}, {"x": np.eye(points, dtype=dtype), "y": y})
    with mpmath.workdps(400):
        found = [exactly(*row) for row in zip(z, y, strict=True)]
        compare(np.array([value]), [mpmath.fsum(exact for exact, _ in found)])
        compare(grads["W"], [d for _, gradient in found for d in gradient])
