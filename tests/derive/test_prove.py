"""The prover: chains of derivatives, unfolding as far as needed, and nothing false."""

from __future__ import annotations

import pytest
from sympy import Expr, Integer, Sum, sqrt

from derive.model import Model, Sense
from derive.prove import chain_rule, expand_partials, prove
from derive.quantities import Definition, Domain, Kind, Quantity
from derive.rows.functions import RowFunction, sigmoid, tanh
from derive.rows.models import logistic_regression, mlp
from derive.vocabulary import Inside, Partial, index, scalar, size, tensor, total

D = size("d")
ROW, COLUMN, A, B = (index(name, 1, D) for name in "ijab")


def deep(depth: int, activation: type[RowFunction] = sigmoid) -> Model:
    """h_1 = f(x W_1), h_l = f(h_{l−1} W_l), y = Σ_j h_j: a chain of `depth` layers."""
    given = [Quantity(name="x", latex="x", axes=(ROW,), kind=Kind.DATA)]
    definitions: list[Definition] = []
    before = given[0]
    for layer in range(1, depth + 1):
        weights = Quantity(name=f"W_{layer}", latex=f"W_{layer}", axes=(ROW, COLUMN), kind=Kind.PARAMETER)
        hidden = Quantity(name=f"h_{layer}", latex=f"h_{layer}", axes=(COLUMN,))
        definitions.append(Definition(quantity=hidden, expr=activation(total(before.at(ROW) * weights.at(), ROW))))
        given.append(weights)
        before = hidden
    output = Quantity(name="y", latex="y")
    definitions.append(Definition(quantity=output, expr=total(before.at(COLUMN) ** 2, COLUMN)))
    return Model(name="deep", title="Deep", given=tuple(given), definitions=tuple(definitions), objective="y")


def links(depth: int) -> Expr:
    """∂y/∂W_1 as the sum over all indices between of the derivatives of neighbours."""
    slots = [index(f"k{layer}", 1, D) for layer in range(1, depth + 1)]
    product = Partial(scalar("y"), tensor(f"h_{depth}")[slots[-1]])
    for layer in range(depth, 1, -1):
        product *= Partial(tensor(f"h_{layer}")[slots[layer - 1]], tensor(f"h_{layer - 1}")[slots[layer - 2]])
    product *= Partial(tensor("h_1")[slots[0]], tensor("W_1")[A, B])
    return Sum(product, *[(k, 1, D) for k in slots])


Y, W1 = scalar("y"), tensor("W_1")[A, B]


@pytest.mark.parametrize("depth", [1, 2, 10, 50])
def test_a_chain_of_derivatives_is_proved_link_by_link(depth: int) -> None:
    proof = prove(Partial(Y, W1), links(depth), deep(depth))
    assert proof is not None
    assert len(proof.unfolded) == depth


@pytest.mark.parametrize("depth", [2, 10])
def test_a_wrong_chain_is_not_proved(depth: int) -> None:
    assert prove(Partial(Y, W1), -links(depth), deep(depth)) is None
    swapped = links(depth).xreplace({W1: tensor("W_1")[B, A]})
    assert prove(Partial(Y, W1), swapped, deep(depth)) is None


def test_a_chain_ends_in_closed_form() -> None:
    h = tensor("h_1")
    closed = 2 * h[B] * h[B] * (1 - h[B]) * tensor("x")[A]
    assert prove(Partial(Y, W1), closed, deep(1)) is not None
    assert prove(Partial(Y, W1), closed, deep(1, tanh)) is None


def test_links_that_depend_on_each_other_are_not_added_up() -> None:
    """With u = w², v = u w and y = u v the partials are ∂y/∂u = v + u ∂v/∂u: no ∂y/∂w = ∂y/∂u ∂u/∂w + ∂y/∂v ∂v/∂w."""
    w, u, v = (
        Quantity(name=n, latex=n, kind=k) for n, k in (("w", Kind.PARAMETER), ("u", Kind.DEFINED), ("v", Kind.DEFINED))
    )
    model = Model(
        name="diamond",
        title="Diamond",
        given=(w,),
        definitions=(
            Definition(quantity=u, expr=w.at() ** 2),
            Definition(quantity=v, expr=u.at() * w.at()),
            Definition(quantity=Quantity(name="y", latex="y"), expr=u.at() * v.at()),
        ),
        objective="y",
    )
    at = {q.name: q.at() for q in (w, u, v)}
    twice = Partial(Y, at["u"]) * Partial(at["u"], at["w"]) + Partial(Y, at["v"]) * Partial(at["v"], at["w"])
    assert prove(Partial(Y, at["w"]), twice, model) is None
    assert prove(Partial(Y, at["w"]), 5 * at["w"] ** 4, model) is not None
    assert prove(Partial(Y, at["u"]), at["v"] + at["u"] * at["w"], model) is not None


def test_names_are_unfolded_only_as_far_as_needed() -> None:
    model = mlp()
    h, theta, x, y, yhat = tensor("h"), tensor("theta_yhat"), tensor("x"), scalar("y"), scalar("yhat")
    j = model.quantities["h"].axes[0]
    proof = prove(Partial(scalar("LL"), theta[j]), (y - yhat) * h[j], model)
    assert proof is not None
    assert "h" not in proof.unfolded
    assert prove(Partial(scalar("LL"), theta[j]), (y - yhat) * x[j], model) is None


@pytest.mark.parametrize("model", [mlp(), logistic_regression()], ids=lambda model: model.name)
@pytest.mark.parametrize("wrong", [-1, 2])
def test_a_gradient_over_data_and_its_mutants(model: Model, wrong: int) -> None:
    lifted = model.over_data()
    s = lifted.sample
    assert s is not None
    y, yhat, h, x = tensor("y"), tensor("yhat"), tensor("h"), tensor("x")
    quantity = lifted.parameters[-1]
    (k,) = quantity.axes
    inputs = h[s, k] if "h" in lifted.quantities else x[s, k]
    right = total((y[s] - yhat[s]) * inputs, s)
    left = Partial(scalar("LL"), quantity.at())
    assert prove(left, right, lifted) is not None
    assert prove(left, wrong * right, lifted) is None
    assert prove(left, Sum((y[s] - yhat[s]) * inputs, (s, 2, size("n"))), lifted) is None


def test_conditions_name_the_domains_relied_on() -> None:
    proof = prove(Partial(scalar("LL"), scalar("yhat")), chain(), logistic_regression())
    assert proof is not None
    assert "y binary" in proof.conditions


def chain() -> Expr:
    y, yhat = scalar("y"), scalar("yhat")
    slope: Expr = (y - yhat) / (yhat * (1 - yhat))
    return slope


def test_what_is_not_in_the_model_keeps_its_derivative() -> None:
    unknown = Partial(scalar("unknown"), W1)
    assert expand_partials(unknown, deep(1)) == unknown
    assert prove(unknown, Integer(0), deep(1)) is None


def test_a_name_for_a_name_is_not_written_back_into_its_own_derivative() -> None:
    u, w = Quantity(name="u", latex="u"), Quantity(name="w", latex="w", kind=Kind.PARAMETER, domain=Domain.POSITIVE)
    copy = Quantity(name="c", latex="c")
    model = Model(
        name="copy", title="Copy", given=(w,), objective="c", sense=Sense.MINIMISE,
        definitions=(Definition(quantity=u, expr=w.at() ** 2), Definition(quantity=copy, expr=u.at())),
    )  # fmt: skip
    assert chain_rule(copy.at(), w.at(), model) == Partial(u.at(), w.at())
    assert prove(Partial(copy.at(), w.at()), 2 * w.at(), model) is not None


TIME, EARLIER, LATER = (index(name, 1, size("T")) for name in "trk")


def recursion(step: Expr, base: Expr) -> Model:
    """h_t = step, h_0 = base, E = Σ_t h_t², over x_t, a parameter w and a start b."""
    x = Quantity(name="x", latex="x", axes=(TIME,), kind=Kind.DATA)
    given = (x, *(Quantity(name=name, latex=name, kind=Kind.PARAMETER) for name in "wb"))
    hidden = Definition(quantity=Quantity(name="h", latex="h", axes=(TIME,)), expr=step, over=TIME, base=base)
    output = Definition(quantity=Quantity(name="E", latex="E"), expr=total(tensor("h")[TIME] ** 2, TIME))
    return Model(name="recursion", title="", given=given, definitions=(hidden, output), objective="E")


H, X, W, START, E = tensor("h"), tensor("x"), scalar("w"), scalar("b"), scalar("E")
LINEAR = W * H[TIME - 1] + X[TIME]


def test_a_recursion_is_unfolded_within_its_range_only() -> None:
    model = recursion(5 + 0 * H[TIME - 1], Integer(0))
    assert prove(H[TIME], Integer(5), model) is not None
    assert prove(H[TIME - 1], Integer(5), model) is None  # h_0 = 0


def test_the_domain_of_a_recursion_is_not_that_of_its_start() -> None:
    model = recursion(sigmoid(LINEAR), Integer(-1))
    before = H[TIME - 1]
    assert prove(sqrt(before**2), before, model) is None


def test_the_start_of_a_recursion_has_a_derivative() -> None:
    model = recursion(LINEAR, START)
    assert prove(Partial(H[TIME], START), Integer(0), model) is None
    assert prove(Partial(E, START), Integer(0), model) is None
    assert expand_partials(Partial(H[TIME], START), model) == Partial(H[TIME], START)


def test_an_entry_of_a_recursion_acts_through_later_ones() -> None:
    model = recursion(LINEAR, Integer(0))
    assert prove(Partial(E, H[EARLIER]), 2 * H[EARLIER], model) is None
    through = total(2 * H[LATER] * Partial(H[LATER], H[EARLIER]), LATER)
    assert prove(Partial(E, H[EARLIER]), through, model) is not None
    assert expand_partials(Partial(H[TIME], H[EARLIER]), model) == Partial(H[TIME], H[EARLIER])


def test_one_step_of_a_recursion_forwards() -> None:
    model = recursion(LINEAR, START)
    step = chain_rule(H[TIME], W, model)
    assert prove(step, H[TIME - 1] + W * Inside(TIME - 1, 1, size("T")) * Partial(H[TIME - 1], W), model) is not None
    assert prove(step, W * Inside(TIME - 1, 1, size("T")) * Partial(H[TIME - 1], W), model) is None
