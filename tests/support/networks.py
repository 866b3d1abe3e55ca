"""Models that the tests derive and prove: variations of the catalogue, built from definitions alone."""

from __future__ import annotations

from sympy import Rational

from derive.model import Model, Sense
from derive.quantities import Definition, Kind, Quantity
from derive.rows.functions import RowFunction, sigmoid, tanh
from derive.rows.models import Y_HAT, I, J, X, Y, bernoulli, likelihood
from derive.vocabulary import index, size, total


def two_hidden_layers(activation: type[RowFunction] = sigmoid) -> Model:
    """x -> g -> h -> ŷ with the Bernoulli likelihood."""
    k = index("k", 0, size("m_g"))
    theta_g = Quantity(name="theta_g", latex=r"\theta^{(g)}", axes=(I, k), kind=Kind.PARAMETER)
    theta_h = Quantity(name="theta_h", latex=r"\theta^{(h)}", axes=(k, J), kind=Kind.PARAMETER)
    theta_y = Quantity(name="theta_yhat", latex=r"\theta^{(\hat{y})}", axes=(J,), kind=Kind.PARAMETER)
    first = Quantity(name="g", latex="g", axes=(k,))
    second = Quantity(name="h", latex="h", axes=(J,))
    return Model(
        name="two-hidden",
        title="Two hidden layers",
        given=(X, Y, theta_g, theta_h, theta_y),
        definitions=(
            Definition(quantity=first, expr=activation(total(X.at() * theta_g.at(), I))),
            Definition(quantity=second, expr=activation(total(first.at() * theta_h.at(), k))),
            Definition(quantity=Y_HAT, expr=sigmoid(total(second.at() * theta_y.at(), J))),
            *likelihood(bernoulli(Y_HAT.at(), Y.at())),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
    )


def squared_error(activation: type[RowFunction] = tanh) -> Model:
    """A hidden layer with a bias, a linear output and half the squared error, averaged over the data."""
    weights = Quantity(name="W", latex="W", axes=(J, I), kind=Kind.PARAMETER)
    bias = Quantity(name="b", latex="b", axes=(J,), kind=Kind.PARAMETER)
    output = Quantity(name="v", latex="v", axes=(J,), kind=Kind.PARAMETER)
    z = Quantity(name="z", latex="z", axes=(J,))
    a = Quantity(name="a", latex="a", axes=(J,))
    error = Quantity(name="E", latex="E")
    return Model(
        name="squared-error",
        title="Squared error",
        given=(X, Quantity(name="t", latex="t", kind=Kind.DATA), weights, bias, output),
        definitions=(
            Definition(quantity=z, expr=total(weights.at() * X.at(), I) + bias.at()),
            Definition(quantity=a, expr=activation(z.at())),
            Definition(quantity=Y_HAT, expr=total(output.at() * a.at(), J)),
            Definition(quantity=error, expr=Rational(1, 2) * (Y_HAT.at() - Quantity(name="t", latex="t").at()) ** 2),
        ),
        objective="E",
        sense=Sense.MINIMISE,
        mean=True,
    )
