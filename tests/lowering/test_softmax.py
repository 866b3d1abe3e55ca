"""Softmax over any axes: what is found in a program, and that it is computed with all digits."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp
from sympy import Expr, Idx, exp, log

from derive.catalog import find
from derive.model import Model, Sense
from derive.quantities import Domain, Quantity
from derive.rows.building import data, define, name, parameter
from derive.vocabulary import index, size, total
from lowering.checks import settled
from lowering.loading import loaded_source
from lowering.lower import lower, lowering, proved_partials
from lowering.operations import Elementwise, Residual, reads
from lowering.oracle import Oracle
from lowering.trialpoints import Point

K, M = index("k", 1, size("C")), index("m", 1, size("R"))
OTHERS = {K: index("l", 1, size("C")), M: index("r", 1, size("R"))}


def cross_entropy(*over: Idx, weight: Expr | int = 1, more: Expr | int = 0) -> Model:
    """E = −w Σ y log p + more, with p the softmax of the logits z[k, m] over some of their indices."""
    z, y = parameter("z", K, M), data("y", K, M)
    p = name("p", K, M, domain=Domain.UNIT)
    inner = exp(z.at(*(OTHERS[i] if i in over else i for i in (K, M))))
    return Model(
        name="shares",
        title="Shares",
        given=(y, z),
        definitions=(
            define(p, exp(z.at()) / total(inner, *(OTHERS[i] for i in over))),
            define(name("E"), -weight * total(y.at() * log(p.at()), K, M) + more),
        ),
        objective="E",
        sense=Sense.MINIMISE,
    )


def residuals(model: Model) -> int:
    stages = lowering(model, dtype="float64", backend="numpy")
    return sum(isinstance(o, Residual) for o in stages.program.operations)


@pytest.mark.parametrize("over", [(K,), (M,), (K, M)], ids=str)
def test_a_softmax_over_any_axes_has_all_digits_and_is_certified(over: tuple[Idx, ...]) -> None:
    model = cross_entropy(*over)
    assert all(p.proof is not None for p in proved_partials(lowering(model, dtype="float64", backend="numpy")))
    module = loaded_source(lower(model).source)
    axes = tuple((K, M).index(i) for i in over)
    z = np.zeros((3, 2))
    z[{(K,): (1,), (M,): (slice(None), 1), (K, M): (1, 1)}[over]] = 40.0
    y = (z > 0).astype(float)
    value, grads = module.value_and_grad({"z": z}, {"y": y[None]})
    rest = float(np.exp(-40.0)) * (z == 0).sum(axis=axes).min()  # log(1 + rest) too, to all digits
    assert value == pytest.approx(y.sum() * rest, rel=1e-12)
    assert grads["z"][y > 0] == pytest.approx(-rest, rel=1e-12)
    assert grads["z"][y == 0] == pytest.approx(float(np.exp(-40.0)), rel=1e-12)


def test_a_divergence_reads_the_logarithms_of_shares_that_it_writes_as_differences() -> None:
    stages = lowering(find("cross-entropy"), dtype="float64", backend="numpy")
    logarithm = next(o for o in stages.program.every if isinstance(o, Elementwise) and str(o.expr) == "-lse_q + z[k]")
    readers = {o.out.name for o in stages.program.every if logarithm.out.name in reads(o)}
    assert readers == {"t3", "t5"} and "lse_q" not in reads(stages.program.by_name["t5"])


def test_a_weighted_cross_entropy_is_found_and_another_objective_is_not() -> None:
    z = Quantity(name="z", latex="z", axes=(K, M))
    assert residuals(cross_entropy(K)) == 1
    assert residuals(cross_entropy(K, weight=1 / size("C"))) == 1
    assert residuals(cross_entropy(K, more=total(z.at() ** 2, K, M))) == 0
    assert residuals(find("softmax-regression")) == 1
    assert residuals(find("attention")) == 0


def fed_back() -> Model:
    """p_t = softmax(W x_t + U p_{t−1}), whose shares enter the logits one step later; E = −Σ y log p."""
    t, i = index("t", 1, size("T")), index("i", 1, size("d"))
    k, j, r = (index(letter, 1, size("C")) for letter in "kjl")
    x, y, start = data("x", t, i), data("y", t, k, domain=Domain.SIMPLEX), data("p_0", k, domain=Domain.SIMPLEX)
    w, u = parameter("W", k, i), parameter("U", k, j)
    z, p = name("z", t, k), name("p", t, k, domain=Domain.UNIT)
    return Model(
        name="fed-back",
        title="A softmax that is fed back",
        given=(x, y, start, w, u),
        definitions=(
            define(z, total(w.at() * x.at(t, i), i) + total(u.at() * p.at(t - 1, j), j)),
            define(p, exp(z.at()) / total(exp(z.at(t, r)), r), over=t, base=start.at()),
            define(name("E"), -total(y.at() * log(p.at(t, k)), t, k)),
        ),
        objective="E",
    )


def test_a_softmax_in_a_recursion_keeps_its_digits_where_it_is_sure() -> None:
    lowered, stages = lower(fed_back()), lowering(fed_back(), dtype="float64", backend="numpy")
    assert lowered.certificate.proved and "_, p_now, log_p_now = _log_sum_exp(" in lowered.source
    module, oracle = loaded_source(lowered.source), Oracle(stages.computable.named)
    labels = np.array([[0, 1, 2, 1], [2, 0, 0, 1]])
    rows, rng = np.eye(3)[labels], np.random.default_rng(0)
    params = {"W": 30 * np.eye(3) + rng.standard_normal((3, 3)), "U": rng.standard_normal((3, 3))}
    point = Point(sizes={"n": 2, "T": 4, "C": 3, "d": 3}, params=params, data={"x": rows, "y": rows, "p_0": rows[:, 0]})
    value, grads = module.value_and_grad(point.params, point.data)
    ((_, exact, gradient),) = settled(oracle, [point])
    assert 0 < exact < 1e-10 and value == pytest.approx(exact, rel=1e-12)
    for key, wanted in gradient.items():
        np.testing.assert_allclose(grads[key], wanted, rtol=1e-10, atol=1e-13 * np.abs(wanted).max())


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_other_back_ends_write_a_softmax_in_a_recursion(backend: str) -> None:
    source = lowering(fed_back(), dtype="float64", backend=backend).source
    compile(source, "fed_back", "exec")
    assert "_, p_now, log_p_now = _log_sum_exp(" in source


@pytest.mark.parametrize("points", [0, 1, 2, 127, 128, 300])
@pytest.mark.parametrize("labelled", [False, True], ids=["rows", "labels"])
def test_few_and_many_points_keep_their_digits(points: int, labelled: bool) -> None:
    """Sure rows, unsure ones, ties and masks, in a call of any length; Σ y log p and y − p to all digits."""
    module = loaded_source(lowering(find("softmax-regression"), dtype="float64", backend="numpy").source)
    rng = np.random.default_rng(points)
    x = rng.choice([0.0, 0.3, 40.0, -40.0, 700.0], (points, 4)) + rng.choice([0.0, 1e-3], (points, 4))
    labels = rng.integers(0, 4, points)
    rows, weights = np.eye(4)[labels], np.eye(4)
    value, grads = module.value_and_grad({"W": weights}, {"x": x, "y": labels if labelled else rows})
    with mp.workdps(400):
        exact, slopes = mp.mpf(0), np.zeros((points, 4))
        for s, row in enumerate(x):
            powers = [mp.exp(mp.mpf(float(z))) for z in row]
            shares = [p / mp.fsum(powers) for p in powers]
            exact += mp.log(shares[labels[s]])
            slopes[s] = [float(mp.mpf(float(y)) - p) for y, p in zip(rows[s], shares, strict=True)]
    assert value == pytest.approx(float(exact), rel=1e-13, abs=0)
    np.testing.assert_allclose(grads["W"], x.T @ slopes, rtol=1e-12, atol=1e-12 * np.abs(x.T @ slopes).max(initial=0))


def test_what_a_call_keeps_for_the_next_cannot_be_changed() -> None:
    module = loaded_source(lowering(find("softmax-regression"), dtype="float64", backend="numpy").source)
    for kept in (module._ones(3, np.dtype("float32")), module._starts(2, 3)):
        with pytest.raises(ValueError, match="read-only"):
            kept[0] = 7
