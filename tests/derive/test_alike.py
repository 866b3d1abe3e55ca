"""Places alike: what is passed on is what is derived there, and what differs in more than names is not passed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sympy import Expr

from derive import backprop
from derive.adjoint import far
from derive.alike import Place, passed_on, place
from derive.catalog import all_models
from derive.derivation import established
from derive.model import Model
from derive.quantities import Definition, Domain, Kind, Quantity
from derive.rows.catalogue.networks import deep
from derive.rows.functions import sigmoid, tanh
from derive.vocabulary import index, name_of, scalar, size, tensor, total

FAR = [
    (model, q)
    for model in (*all_models(), deep(7), deep(5, tanh))
    if model.objective
    for q in model.quantities.values()
    if model.depends(model.objective, q.name) and far(model.quantities[model.objective].at(), q.at(), model)
]


def at(model: Model, name: str) -> Place | None:
    wrt = model.quantities[name].at()
    return place(model, backprop.working(model), model.quantities[model.objective].at(), wrt)


@pytest.mark.parametrize(("model", "quantity"), FAR, ids=lambda v: v.name)
def test_what_is_passed_on_is_what_is_derived_here(model: Model, quantity: Quantity) -> None:
    of, wrt = model.quantities[model.objective].at(), quantity.at()
    shared, direct = backprop.partial(model, of, wrt), backprop._backwards(model, of, wrt)
    assert shared.model is model
    assert (shared.target, shared.result, shared.verdict) == (direct.target, direct.result, direct.verdict)
    assert [(s.rule, s.before, s.after, s.proof) for s in shared.chain] == [
        (s.rule, s.before, s.after, s.proof) for s in direct.chain
    ]


def test_the_layers_of_a_net_are_alike() -> None:
    model = deep(9)
    kinds = {at(model, f"{letter}_{layer}") for letter in "Wbza" for layer in (2, 3, 4)}
    assert len(kinds) == 4


def test_every_step_passed_on_is_proved_where_it_arrives() -> None:
    model = deep(6)
    there, here = at(model, "W_2"), at(model, "W_3")
    assert there is not None and there == here
    found = passed_on(backprop._backwards(model, there.of, there.wrt), there, here)
    assert found is not None
    for step in found.chain:
        assert established(step.before, step.after, model) == step.proof


def test_what_looks_further_than_its_place_is_not_passed_on() -> None:
    model = deep(3)
    composed = backprop.partial(model, model.quantities["E"].at(), model.quantities["W_2"].at())
    places = [p for name in ("W_2", "W_3") if (p := at(model, name)) is not None]
    assert passed_on(composed, places[0], places[0]) is None


# -- whatever differs in more than names -------------------------------------------------------------


def with_definition(model: Model, name: str, change: Callable[[Expr], Expr]) -> Model:
    return replace(
        model, definitions=tuple(replace(d, expr=change(d.expr)) if d.name == name else d for d in model.definitions)
    )


def with_domain(model: Model, name: str, domain: Domain) -> Model:
    return replace(model, given=tuple(replace(q, domain=domain) if q.name == name else q for q in model.given))


def with_a_second_use(model: Model) -> Model:
    """W_2 also stands in the objective."""
    weight = model.quantities["W_2"]
    return with_definition(model, "E", lambda e: e + total(weight.at() ** 2, *weight.axes))


def with_longer_axis(model: Model) -> Model:
    """W_2 has a column that nothing uses."""
    rows, columns = model.quantities["W_2"].axes
    longer = index(str(columns.label), columns.lower, columns.upper + 1)
    return replace(model, given=tuple(replace(q, axes=(rows, longer)) if q.name == "W_2" else q for q in model.given))


CHANGES: tuple[Callable[[Model], Model], ...] = (
    lambda m: with_definition(m, "z_2", lambda e: 2 * e),
    lambda m: with_definition(m, "z_2", lambda e: e.xreplace({tensor("a_1"): tensor("b_1")})),
    lambda m: with_domain(m, "b_2", Domain.POSITIVE),
    lambda m: with_domain(m, "W_2", Domain.UNIT),
    with_a_second_use,
    with_longer_axis,
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_differs_in_more_than_names_is_not_alike(change: Callable[[Model], Model]) -> None:
    model = deep(6)
    assert at(model, "W_2") == at(model, "W_3") == at(change(model), "W_3")
    assert at(change(model), "W_2") != at(model, "W_2")


def test_symbols_that_are_one_in_one_place_and_two_in_another_are_told_apart() -> None:
    """x w uses two names, w w one."""
    i = index("i", 1, size("n"))
    x, w, v = (Quantity(name=n, latex=n, axes=(i,), kind=Kind.PARAMETER) for n in "xwv")
    inner = [Quantity(name=f"h{k}", latex="h", axes=(i,)) for k in range(14)]
    start = [Definition(quantity=inner[0], expr=x.at() * w.at()), Definition(quantity=inner[1], expr=v.at() * v.at())]
    layers = [Definition(quantity=inner[k], expr=sigmoid(inner[k - 2].at())) for k in range(2, 14)]
    end = Definition(quantity=Quantity(name="E", latex="E"), expr=total(inner[12].at() * inner[13].at(), i))
    model = Model(name="m", title="m", given=(x, w, v), definitions=(*start, *layers, end), objective="E")
    places = {name: at(model, name) for name in "xwv"}
    assert far(scalar("E"), v.at(), model)
    assert places["v"] not in (places["x"], places["w"])
    for quantity in (x, w, v):
        found = backprop.partial(model, scalar("E"), quantity.at())
        assert (
            found.verdict == "proved" and found.result == backprop._backwards(model, scalar("E"), quantity.at()).result
        )


def test_along_a_recursion_nothing_is_passed_on() -> None:
    for model in all_models():
        recursive = {d.name for d in model.definitions if d.recursive}
        for q in model.quantities.values() if model.objective else ():
            if recursive & {d.name for d in model.consumers.get(q.name, ())}:
                assert at(model, q.name) is None, (model.name, name_of(q.at()))
