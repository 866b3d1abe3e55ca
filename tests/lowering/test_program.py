# mypy: disable-error-code="no-untyped-call"
"""Programs mean what their definitions say, read nothing too early and overwrite nothing too soon."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, exp

from derive.model import Model
from derive.prove import prove
from derive.quantities import Definition, Kind, Quantity
from derive.rows.functions import sigmoid, tanh
from derive.rows.models import I, J, mlp
from derive.vocabulary import index, maximum, product, size, tensor, total
from lowering.adjoint import adjoints
from lowering.contract import program
from lowering.loading import loaded_source
from lowering.lower import lowering
from lowering.operations import Contraction, reads
from lowering.program import LoweringError
from lowering.stabilise import computable

K, S = index("k", 0, size("m_k")), index("s", 1, size("n"))
x, w, v, u, b, a = (tensor(name) for name in "xwvuba")
REST = index("l", 1, size("m_x"))
GIVEN = (
    Quantity(name="x", latex="x", axes=(S, I), kind=Kind.DATA, sample_axis=True),
    Quantity(name="w", latex="w", axes=(I, J), kind=Kind.PARAMETER),
    Quantity(name="v", latex="v", axes=(J, K), kind=Kind.PARAMETER),
    Quantity(name="u", latex="u", axes=(K,), kind=Kind.PARAMETER),
    Quantity(name="b", latex="b", axes=(J,), kind=Kind.PARAMETER),
    Quantity(name="a", latex="a", axes=(I, index("l", 0, size("m_x"))), kind=Kind.PARAMETER),  # unused by most
    Quantity(name="c", latex="c", kind=Kind.PARAMETER),  # unused by all
)

# a name, its axes, and what it is: every shape of sum that contractions come in
FORMULAS: tuple[tuple[str, tuple[Any, ...], Expr], ...] = (
    ("matrix product", (S, J), total(x[S, I] * w[I, J], I)),
    ("its transpose", (J, S), total(x[S, I] * w[I, J], I)),
    ("with an offset", (S, J), total(x[S, I] * w[I, J], I) + b[J]),
    ("three factors", (S, K), total(x[S, I] * w[I, J] * v[J, K], I, J)),
    ("four factors to a number", (S,), total(x[S, I] * w[I, J] * v[J, K] * u[K], I, J, K)),
    ("nested sums", (S,), total(b[J] * tanh(total(x[S, I] * w[I, J], I)), J)),
    ("outer product", (J, K), b[J] * u[K]),
    ("squares", (S,), total(x[S, I] ** 2, I)),
    ("sum of a sum", (S, J), total(x[S, I] * w[I, J] + b[J] * w[I, J], I)),
    ("two independent sums", (S,), total(x[S, I], I) * total(b[J], J)),
    ("a sum without its index", (J,), total(b[J], I)),
    ("product over an index", (S,), product(1 + x[S, I] ** 2, I)),
    ("shared index kept", (I, J), total(x[S, I] ** 2 * x[S, I] * w[I, J], S)),
    ("elementwise with broadcast", (S, I, J), x[S, I] * w[I, J] * sigmoid(b[J])),
    ("constant along an axis", (S, J), b[J] / (1 + exp(b[J]))),
    ("sum of everything", (), total(x[S, I] * w[I, J], S, I, J)),
    ("power of a sum", (S,), total(x[S, I], I) ** 3 / size("n")),
    ("one entry", (S,), total(x[S, 1] * x[S, I], I)),
    ("all but the first", (S,), total(x[S, REST] * w[REST, J] * b[J], REST, J)),
    ("the largest", (S,), maximum(x[S, I] * 2, I)),
    ("the index itself", (S, J), total(x[S, I] * I**2, I) + J),
)


def model_of(axes: tuple[Any, ...], expr: Expr) -> Model:
    """The formula as a definition `q`, with an objective that uses every entry of it and every parameter."""
    q = Quantity(name="q", latex="q", axes=axes)
    square = total(q.at() ** 2, *axes) if axes else q.at() ** 2
    rest = total(w[I, J] ** 2, I, J) + total(v[J, K] ** 2, J, K) + total(u[K] ** 2, K) + total(b[J] ** 2, J)
    return Model(
        name="formula",
        title="A formula",
        given=GIVEN,
        definitions=(
            Definition(quantity=q, expr=expr),
            Definition(quantity=Quantity(name="E", latex="E"), expr=square + rest / 2),
        ),
        objective="E",
        sample=S,
    )


@pytest.mark.parametrize(("name", "axes", "expr"), FORMULAS, ids=[f[0] for f in FORMULAS])
def test_a_program_means_its_definition(name: str, axes: tuple[Any, ...], expr: Expr) -> None:
    model = computable(model_of(axes, expr)).model
    found = program(model, model.definitions)
    for d in model.definitions:
        assert prove(d.target, found.read_back(d.name, model.quantities), model) is not None


@pytest.mark.parametrize(("name", "axes", "expr"), FORMULAS, ids=[f[0] for f in FORMULAS])
def test_a_formula_is_lowered_right(name: str, axes: tuple[Any, ...], expr: Expr) -> None:
    """The value and the gradient of every formula, along a direction, against differences of plain einsums."""
    stages = lowering(model_of(axes, expr), dtype="float64", backend="numpy")
    module = loaded_source(stages.source)
    rng = np.random.default_rng(1)
    sizes = {"n": 2, "m_x": 2, "m_h": 3, "m_k": 4}
    lengths = {"n": 2, "m_x + 1": 3, "m_h + 1": 4, "m_k + 1": 5}
    params = {k: np.asarray(rng.normal(size=[lengths[t] for t in axes])) / 2 for k, axes in module.PARAMETERS.items()}
    data = {"x": rng.normal(size=(sizes["n"], 3)) / 2}
    value, grads = module.value_and_grad(params, data)
    q = module.forward(params, data)["q"]
    norms = sum(float((params[k] ** 2).sum()) for k in "wvub") / 2
    assert not grads["a"].any() and not grads["c"].any() and {g.dtype for g in grads.values()} == {value.dtype}
    assert np.shape(q) == tuple(lengths[_text(i)] for i in axes)
    assert value == pytest.approx(float((np.asarray(q) ** 2).sum()) + norms, rel=1e-12)
    direction = {k: np.asarray(rng.normal(size=p.shape)) for k, p in params.items()}

    def moved(t: float) -> float:
        return float(module.value({k: p + t * direction[k] for k, p in params.items()}, data))

    slope = sum(float((grads[k] * direction[k]).sum()) for k in params)
    assert (moved(1e-5) - moved(-1e-5)) / 2e-5 == pytest.approx(slope, rel=1e-6, abs=1e-8)


def _text(i: Any) -> str:
    return str(i.upper - i.lower + 1)


def test_long_products_are_contracted_two_at_a_time_and_cheaply() -> None:
    model = model_of((S,), total(x[S, I] * w[I, J] * v[J, K] * u[K], I, J, K))
    found = program(model, model.definitions[:1])
    contractions = [o for o in found.operations if isinstance(o, Contraction)]
    assert len(contractions) == 3
    assert max(len(o.out.axes) for o in contractions) == 1


@settings(max_examples=20, deadline=None)
@given(st.permutations(["LL", "d_theta_h", "d_theta_yhat", "h", "yhat"]), st.integers(1, 5))
def test_pruned_programs_read_what_exists_and_overwrite_what_is_dead(outputs: list[str], count: int) -> None:
    model = computable(mlp().over_data()).model
    whole = program(model, (*model.definitions, *adjoints(model)))
    pruned = whole.pruned(tuple(outputs[:count]))
    known = {t.name for t in pruned.given}
    for position, operation in enumerate(pruned.every):  # no loop, so that the two are the same
        assert set(reads(operation)) <= known
        known.add(operation.out.name)
        for name in pruned.dead_after(position):
            assert name not in pruned.outputs and name not in {t.name for t in pruned.given}
            assert not any(name in reads(later) for later in pruned.every[position + 1 :])
    assert set(outputs[:count]) <= known


@pytest.mark.parametrize(
    "expr",
    [total(a[I, I] * x[S, I], I), total(x[S, size("m_x") - I] * x[S, I], I)],
    ids=["diagonal", "backwards"],
)
def test_what_has_no_array_form_is_refused(expr: Expr) -> None:
    with pytest.raises(LoweringError, match="the definition of q reads"):
        program(model_of((S,), expr), model_of((S,), expr).definitions)
