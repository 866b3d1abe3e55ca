"""Models say what is wrong with a definition, and lift to the data set without losing anything."""

from __future__ import annotations

import pytest
from networks import squared_error, two_hidden_layers
from sympy import Idx, Product, Sum, log

from derive.catalog import find, names
from derive.model import Model, ModelError
from derive.notation.plain import UnknownName, atom
from derive.quantities import Definition, Domain, Kind, Quantity
from derive.rows.functions import sigmoid
from derive.rows.models import I, J, X, Y, mlp
from derive.vocabulary import index, indices_of, name_of, scalar, size, tensor, total

THETA = Quantity(name="theta", latex=r"\theta", axes=(I,), kind=Kind.PARAMETER)
OUT = Quantity(name="E", latex="E")


def model_of(*definitions: Definition, objective: str = "E") -> Model:
    return Model(name="m", title="m", given=(X, Y, THETA), definitions=definitions, objective=objective)


BAD = {
    "neither bound nor an index of E": Definition(quantity=OUT, expr=X.at() * 2),
    "which is not defined": Definition(quantity=OUT, expr=scalar("unknown")),
    "uses E itself": Definition(quantity=OUT, expr=scalar("E") + 1),
    "it has 1": Definition(quantity=OUT, expr=total(tensor("x")[I, I], I)),
}


@pytest.mark.parametrize("message", BAD)
def test_a_bad_definition_is_named(message: str) -> None:
    with pytest.raises(ModelError, match=message) as raised:
        model_of(BAD[message])
    assert "E" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_name_is_defined_once() -> None:
    good = Definition(quantity=OUT, expr=total(X.at() * THETA.at(), I))
    with pytest.raises(ModelError, match="defined twice"):
        model_of(good, good)


def test_the_objective_is_a_scalar() -> None:
    hidden = Quantity(name="h", latex="h", axes=(J,))
    with pytest.raises(ModelError, match="scalar"):
        model_of(Definition(quantity=hidden, expr=sigmoid(tensor("h0")[J]) * 0 + 1), objective="h")


def test_unfolding_does_not_capture() -> None:
    """h[i] under its own Σ_i: the bound index of the definition gives way."""
    model = mlp()
    i = model.quantities["theta_h"].axes[0]
    unfolded = model.unfold(total(tensor("h")[i] * tensor("x")[i], i), "h")
    assert isinstance(unfolded, Sum)
    inner = next(s for s in unfolded.function.atoms(Sum))
    assert inner.limits[0][0] != i


@pytest.mark.parametrize("model", [mlp(), two_hidden_layers(), squared_error()], ids=lambda m: m.name)
def test_over_data_gives_every_point_its_index(model: Model) -> None:
    data = model.over_data()
    for q in data.quantities.values():
        lifted = q.sample_axis
        assert lifted is (bool(q.axes) and q.axes[0] == data.sample)
        if q.name in model.quantities:
            assert q.axes[1 if lifted else 0 :] == model.quantities[q.name].axes
    objective = data.defined[data.objective].expr
    assert objective.has(Sum) or (isinstance(objective, log) and data.defined["L"].expr.has(Product))


def test_plain_names() -> None:
    model = mlp()
    assert atom(model, "theta_h[i,j]") == model.quantities["theta_h"].at()
    assert atom(model, "yhat") == scalar("yhat")
    k = indices_of(atom(model, "h[k]"))[0]
    assert isinstance(k, Idx)
    assert (str(k.label), k.lower, k.upper) == ("k", J.lower, J.upper)
    assert name_of(atom(model, " h [ 0 ] ")) == "h"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("theta", "theta_h"),
        ("h[i,j]", "has 1 indices"),
        ("h[i+1]", "not an index"),
        ("h)", "not a name"),
        ("", "not a name"),
    ],
)
def test_a_bad_name_is_explained(text: str, message: str) -> None:
    with pytest.raises(UnknownName, match=message) as raised:
        atom(mlp(), text)
    assert "\n" not in str(raised.value)


def test_the_catalogue() -> None:
    assert all(find(name).name == name for name in names())
    with pytest.raises(ModelError, match="mlp"):
        find("mpl")


def test_a_recursion_may_hand_on_its_value() -> None:
    """v_t = v_{t−1} says nothing of where v lies, and does not go round in circles."""
    t = index("t", 1, size("T"))
    v, start = Quantity(name="v", latex="v", axes=(t,)), Quantity(name="v_0", latex="v_0", kind=Kind.PARAMETER)
    model = Model(
        name="m",
        title="m",
        given=(start,),
        definitions=(
            Definition(quantity=v, expr=v.at(t - 1), over=t, base=start.at()),
            Definition(quantity=OUT, expr=total(v.at(), t)),
        ),
        objective="E",
    )
    assert model.facts["v"] is Domain.REAL
