"""Softmax over any axes: what is found in a program, and that it is computed with all digits."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Expr, Idx, exp, log

from derive.catalog import find
from derive.model import Model, Sense
from derive.quantities import Domain, Quantity
from derive.rows.building import data, define, name, parameter
from derive.vocabulary import index, size, total
from lowering.loading import loaded_source
from lowering.lower import lower, lowering, proved_partials
from lowering.operations import Elementwise, Residual, reads

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
