"""Layouts of a model's derivatives: shapes as the convention says, entries proved where they stand."""

from __future__ import annotations

import pytest
from sympy import Expr, Idx, MatrixExpr

from derive.backprop import partial, working
from derive.catalog import all_models, find
from derive.derivation import Derivation
from derive.layouts import laid_out, said
from derive.matrices.conventions import Convention, ConventionError
from derive.matrices.entries import Entries
from derive.matrices.symmetry import in_one_order, symmetric_names
from derive.model import Model
from derive.prove import prove
from derive.quantities import Quantity
from derive.vocabulary import index, indices_of, length

NUMERATOR, DENOMINATOR, GRADIENT = Convention
LAID = tuple(m for m in all_models() if not any(d.recursive for d in m.definitions))


def neighbours(model: Model) -> list[Derivation]:
    """Each name by each that its definition uses, at indices of its own."""
    short = working(model)
    pairs = ((d.quantity, short.quantities[name]) for d in short.definitions for name in short.parents[d.name])
    return [partial(model, _apart(y, "ijkl"), _apart(x, "pqrs")) for y, x in pairs]


def _apart(quantity: Quantity, letters: str) -> Expr:
    return quantity.at(*(index(f"{c}_", i.lower, i.upper) for c, i in zip(letters, quantity.axes, strict=False)))


def _sides(derivation: Derivation) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    y, x = derivation.target.args
    return indices_of(y), indices_of(x)


def _axes(derivation: Derivation, convention: Convention) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """The indices of the rows and of the columns, by the definition of the convention."""
    y, x = _sides(derivation)
    if len(y) == len(x) == 1:
        return (y, x) if convention is NUMERATOR else (x, y)
    lone, upright = (y, convention is NUMERATOR) if y else (x, convention is not NUMERATOR)
    rows, columns = lone[:1], lone[1:]
    return (rows, columns) if upright else (columns, rows)


@pytest.mark.parametrize("model", LAID, ids=lambda m: m.name)
@pytest.mark.parametrize("convention", Convention)
def test_the_entries_stand_where_the_convention_says(model: Model, convention: Convention) -> None:
    for derivation in neighbours(model):
        y, x = _sides(derivation)
        if (y and convention is GRADIENT) or len(y) + len(x) > 2:
            continue
        form = laid_out(derivation, convention)
        if form is None or not (y or x):
            continue
        rows, columns = _axes(derivation, convention)
        assert form.verdict == "proved"
        assert isinstance(form.expr, MatrixExpr)
        for side, count in zip((rows, columns), form.expr.shape, strict=True):
            assert (count - sum(length(i) for i in side if isinstance(i, Idx)) - (not side)).expand() == 0
        entry = Entries(quantities=model.quantities).at(form.expr, rows, columns)
        symmetric = symmetric_names(derivation.result, model)
        left, right = (in_one_order(e, symmetric) for e in (entry, derivation.result))
        assert prove(left, right, model), (derivation.target, form.expr)


def test_the_jacobian_of_the_softmax_has_a_form_in_both_layouts() -> None:
    model = find("softmax-regression")
    derivation = partial(model, _apart(model.quantities["p"], "ij"), _apart(model.quantities["z"], "pq"))
    assert all(laid_out(derivation, c) is not None for c in (NUMERATOR, DENOMINATOR))
    assert said(derivation, NUMERATOR).startswith("numerator layout: ∂y/∂x has the rows of y")
    with pytest.raises(ConventionError, match="expected a scalar"):
        laid_out(derivation, GRADIENT)


def test_more_than_two_indices_stay_in_index_notation() -> None:
    model = find("mlp")
    derivation = model.partial("h[k]", "theta_h[i,j]")
    assert laid_out(derivation, NUMERATOR) is None
    assert "stays in index notation" in said(derivation, NUMERATOR)


def test_entries_at_the_same_index_are_no_matrix() -> None:
    model = find("softmax-regression")
    assert laid_out(model.partial("p[k]", "z[k]"), NUMERATOR) is None
