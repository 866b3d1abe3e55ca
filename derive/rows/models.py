"""The catalogue: each model is its definitions and nothing else."""

from __future__ import annotations

from sympy import Expr, log

from ..model import Model, Sense
from ..quantities import Definition, Domain, Kind, Quantity
from ..questions.curved import Curved
from ..questions.fisher import Fisher, Natural
from ..questions.newton import Newton
from ..vocabulary import index, size, total
from .functions import RowFunction, sigmoid

M_X, M_H = size("m_x"), size("m_h")
I, J = index("i", 0, M_X), index("j", 0, M_H)

X = Quantity(name="x", latex=r"\mathbf{x}", axes=(I,), kind=Kind.DATA)
Y = Quantity(name="y", latex="y", kind=Kind.DATA, domain=Domain.BINARY)
Y_HAT = Quantity(name="yhat", latex=r"\hat{y}")


def bernoulli(probability: Expr, outcome: Expr) -> Expr:
    """P(Y = y) = p^y (1 − p)^{1−y}."""
    return probability**outcome * (1 - probability) ** (1 - outcome)


def likelihood(expr: Expr) -> tuple[Definition, Definition]:
    """The likelihood of one point and its logarithm, the objective to maximise."""
    point = Quantity(name="P", latex="P", domain=Domain.POSITIVE)
    return (
        Definition(quantity=point, expr=expr),
        Definition(quantity=Quantity(name="LL", latex="LL"), expr=log(point.at())),
    )


def logistic_regression() -> Model:
    """ŷ = σ(Σ_i θ_i x_i), P(Y = y) = ŷ^y (1 − ŷ)^{1−y}."""
    theta = Quantity(name="theta", latex=r"\theta", axes=(I,), kind=Kind.PARAMETER)
    return Model(
        name="logistic-regression",
        title="Logistic regression",
        given=(X, Y, theta),
        definitions=(
            Definition(quantity=Y_HAT, expr=sigmoid(total(X.at() * theta.at(), I))),
            *likelihood(bernoulli(Y_HAT.at(), Y.at())),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
        questions=(
            Curved(parameter="theta"),
            Newton(parameter="theta"),
            Fisher(parameter="theta", target="y"),
            Natural(parameter="theta", target="y"),
        ),
    )


def mlp(activation: type[RowFunction] = sigmoid) -> Model:
    """One hidden layer: h_j = f(Σ_i x_i θ^(h)_{i,j}), ŷ = σ(Σ_j h_j θ^(ŷ)_j)."""
    theta_h = Quantity(name="theta_h", latex=r"\theta^{(h)}", axes=(I, J), kind=Kind.PARAMETER)
    theta_y = Quantity(name="theta_yhat", latex=r"\theta^{(\hat{y})}", axes=(J,), kind=Kind.PARAMETER)
    hidden = Quantity(name="h", latex=r"\mathbf{h}", axes=(J,))
    return Model(
        name="mlp",
        title="A network with one hidden layer",
        given=(X, Y, theta_h, theta_y),
        definitions=(
            Definition(quantity=hidden, expr=activation(total(X.at() * theta_h.at(), I))),
            Definition(quantity=Y_HAT, expr=sigmoid(total(hidden.at() * theta_y.at(), J))),
            *likelihood(bernoulli(Y_HAT.at(), Y.at())),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
    )


ROWS = (mlp, logistic_regression)
MODELS: tuple[Model, ...] = (mlp(), logistic_regression())
