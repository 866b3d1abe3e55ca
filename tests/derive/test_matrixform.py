"""Matrix forms: every gradient over the data has one, its entries are proved, its shape is the parameter's."""

from __future__ import annotations

import pytest
from networks import squared_error, two_hidden_layers
from sympy import (
    DiagMatrix,
    Identity,
    Idx,
    Indexed,
    Inverse,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatrixExpr,
    OneMatrix,
    Sum,
    Trace,
    Transpose,
)

from derive.calculus.matrixform import entries, matrix_form, symbol_of
from derive.catalog import find
from derive.matrices.entries import Entries
from derive.matrices.partials import PartialMatrix
from derive.model import Model
from derive.prove import prove
from derive.rows.building import define, name, parameter
from derive.rows.functions import tanh
from derive.rows.models import MODELS, mlp
from derive.vocabulary import index, inverse, length, scalar, size, total

D = size("d")
I, J = index("i", 1, D), index("j", 1, D)
MODELS_TRIED: tuple[Model, ...] = (*MODELS, mlp(tanh), squared_error())


@pytest.mark.parametrize("over_data", [False, True], ids=["point", "data"])
@pytest.mark.parametrize("model", MODELS_TRIED, ids=lambda m: m.name)
def test_gradients_have_matrix_forms(model: Model, over_data: bool) -> None:
    """Proved equal to the index form, entry by entry, and of the shape of the parameter."""
    model = model.over_data() if over_data else model
    for wanted in model.parameters:
        derivation = model.partial(model.quantities[model.objective].at(), wanted.at())
        form = derivation.matrix()
        assert form is not None, derivation.target
        assert form.verdict == "proved"
        sizes = [length(i) for i in wanted.axes]
        assert isinstance(form.expr, MatrixExpr)
        assert tuple(form.expr.shape) == (sizes[0], sizes[1] if len(sizes) > 1 else 1)


HAVE_FORMS = (
    ("lasso", "theta"),
    ("gaussian-vector", "mu"),
    ("gaussian-vector", "Sigma"),
    ("mixture", "mu"),
    ("vae-kl", "sigma"),
    ("layer-norm", "gamma"),
    ("deep", "W_1"),
)


@pytest.mark.parametrize(("system", "weights"), HAVE_FORMS)
def test_inverses_functions_and_partials_have_matrix_forms(system: str, weights: str) -> None:
    """Proved, of the shape of the parameter, over the data, and with nothing left in indices."""
    model = find(system).over_data()
    wrt = model.quantities[weights]
    form = model.partial(model.quantities[model.objective].at(), wrt.at()).matrix()
    assert form is not None
    assert form.verdict == "proved"
    assert isinstance(form.expr, MatrixExpr)
    assert not form.expr.atoms(Indexed, Sum, Idx)
    parameter = symbol_of(wrt)
    assert isinstance(parameter, MatrixExpr)
    assert tuple(form.expr.shape) == tuple(parameter.shape)


@pytest.mark.parametrize("system", ["rnn", "gru"])
def test_backwards_through_time_in_matrices(system: str) -> None:
    """Σ_t (∂E/∂z_t) x_t^T is a product with the inputs of all steps."""
    model = find(system)
    for weights in (p for p in model.parameters if p.name.startswith(("W", "b"))):
        form = model.partial(model.quantities[model.objective].at(), weights.at()).matrix()
        assert form is not None
        assert form.verdict == "proved"
        assert form.expr.has(PartialMatrix)


def test_the_gaussian_as_in_the_textbook() -> None:
    """Σ^{-1} (x − μ), and ½ Σ^{-1} r r^T Σ^{-1} − ½ Σ^{-1}, for a symmetric Σ, which the proof names."""
    model = find("gaussian-vector")
    mean, covariance = (model.partial(model.quantities["LL"].at(), model.quantities[n].at()) for n in ("mu", "Sigma"))
    forms = mean.matrix(), covariance.matrix()
    assert [str(form.expr) for form in forms if form] == [
        "Sigma**(-1)*r",
        "-(1/2)*Sigma**(-1) + (1/2)*Sigma**(-1)*r*r.T*Sigma**(-1)",
    ]
    for form in forms:
        assert form is not None and form.proof is not None
        assert "Sigma symmetric" in form.proof.conditions


def test_ones_and_identities_take_the_range_of_their_neighbour() -> None:
    """Axes that begin at 0: neither (1 v^T) diag(v) nor tr(1 v^T) may count from 1."""
    v = parameter("v", index("k", 0, D - 1))
    symbol, ones = symbol_of(v), OneMatrix(D, 1)
    row, column = index("p", 0, D - 1), index("q", 0, D - 1)
    reading = Entries(quantities={"v": v})
    product = MatMul(ones, Transpose(symbol), DiagMatrix(symbol))
    model = Model(name="m", title="m", given=(v,), definitions=(), objective="")
    assert prove(reading.at(product, (row,), (column,)), v.at(column) ** 2, model)
    mixed = MatMul(MatAdd(Identity(D), MatMul(symbol, Transpose(ones))), DiagMatrix(symbol))
    expected = (KroneckerDelta(row, column) + v.at(row)) * v.at(column)
    assert prove(reading.at(mixed, (row,), (column,)), expected, model)
    trace = reading.number(Trace(MatMul(ones, Transpose(symbol))))
    assert prove(trace, total(v.at(row), row), model)


def test_what_is_not_symmetric_keeps_its_transpose() -> None:
    a, x = (parameter(n, *axes) for n, axes in (("A", (I, J)), ("x", (I,))))
    square = total(x.at(I) * inverse("A", I, J) * x.at(J), I, J)
    model = Model(name="m", title="m", given=(a, x), definitions=(define(name("f"), square),), objective="f")
    form = model.partial("f", "x[i]").matrix()
    assert form is not None
    assert form.verdict == "proved"
    assert form.expr.has(Transpose(Inverse(symbol_of(a))))
    assert not form.proof or not form.proof.conditions


def test_the_data_set_gradient_is_a_product_with_the_inputs() -> None:
    """X^T(…): the inputs transposed stand first."""
    form = mlp().over_data().partial("LL", "theta_h[i,j]").matrix()
    assert form is not None
    assert isinstance(form.expr, MatMul)
    assert isinstance(form.expr.args[0], Transpose)


def test_a_wrong_matrix_form_is_not_proved() -> None:
    """The proof is of the entries: a transposed factor that still has a shape is caught."""
    model = mlp().over_data()
    derivation = model.partial("LL", "theta_h[i,j]")
    form = derivation.matrix()
    assert form is not None
    axes = model.quantities["theta_h"].axes
    right = entries(form.expr, axes, model)
    assert prove(right, derivation.result, model)
    assert not prove(-right, derivation.result, model)
    assert not prove(right * scalar("two"), derivation.result, model)


def test_what_has_no_chain_has_no_matrix_form() -> None:
    """Σ_i x_i θ_{i,j} h_j over a vector of three-fold products stays in indices."""
    model = two_hidden_layers()
    q = model.quantities
    i = q["x"].axes[0]
    free = model.quantities["theta_g"].at()
    assert matrix_form(free, q["theta_h"].at(), model) is None
    assert matrix_form(total(free * q["x"].at(), i), q["g"].at(), model) is not None
