"""Regression: linear in the parameters, with and without a penalty, and on a Bellman error."""

from __future__ import annotations

from sympy import Abs, Expr, MatAdd, MatMul, MatrixSymbol, Rational, Transpose

from ...model import Model
from ...quantities import Domain, Quantity
from ...questions.answers import Question
from ...questions.curved import Curved
from ...questions.forms import SameInMatrices
from ...questions.held import Held
from ...questions.shrunk import Shrunk
from ...questions.stationary import Stationary
from ...vocabulary import index, length, size, total
from ..building import data, define, name, parameter

D = size("d")
J, K = index("j", 1, D), index("k", 0, size("K"))
X, Y = data("x", J, latex=r"\mathbf{x}"), data("y")
THETA = parameter("theta", J, latex=r"\theta")
LAMBDA = parameter("lambda", latex=r"\lambda", domain=Domain.POSITIVE)
Y_HAT = name("yhat", latex=r"\hat{y}")
ERROR = name("e")
SOLVED = (Stationary(parameter="theta"), Curved(parameter="theta"))


def mean_square(features: str, width: Expr) -> Expr:
    """(1/n) (y − X θ)^T (y − X θ), for features with this name."""
    points = size("n")
    apart = MatrixSymbol("y", points, 1) - MatrixSymbol(features, points, width) * MatrixSymbol("theta", width, 1)
    return MatMul(1 / points, Transpose(apart), apart)


def linear_regression() -> Model:
    """ŷ = Σ_j x_j θ_j, e = (ŷ − y)², averaged."""
    questions = (SameInMatrices(formula=mean_square("x", D)), *SOLVED)
    return _least_squares("linear-regression", "Linear regression", questions=questions)


def ridge() -> Model:
    """Linear regression with λ Σ_j θ_j² added once."""
    theta = MatrixSymbol("theta", D, 1)
    whole = MatAdd(mean_square("x", D), MatMul(LAMBDA.at(), Transpose(theta), theta))
    questions = (SameInMatrices(formula=whole), *SOLVED)
    return _least_squares("ridge", "Ridge regression", LAMBDA.at() * total(THETA.at() ** 2, J), questions)


def lasso() -> Model:
    """Linear regression with λ Σ_j |θ_j| added once."""
    penalty = LAMBDA.at() * total(Abs(THETA.at()), J)
    return _least_squares("lasso", "Lasso", penalty, (Shrunk(parameter="theta"),))


def _least_squares(model: str, title: str, penalty: Expr | None = None, questions: tuple[Question, ...] = ()) -> Model:
    extra = () if penalty is None else (define(name("R"), penalty),)
    return Model(
        name=model,
        title=title,
        given=(X, Y, THETA, *(() if penalty is None else (LAMBDA,))),
        definitions=(
            define(Y_HAT, total(X.at() * THETA.at(), J)),
            *extra,
            define(ERROR, (Y_HAT.at() - Y.at()) ** 2),
        ),
        objective="e",
        mean=True,
        penalty="" if penalty is None else "R",
        questions=questions,
    )


def feature_regression() -> Model:
    """ŷ = Σ_k θ_k φ_k(x), for any features φ_k of the input."""
    return _in_features("feature-regression", "A model linear in its parameters, for any features")


def polynomial_regression() -> Model:
    """ŷ = Σ_k θ_k φ_k with the features φ_k = I^k, of one input."""
    current = data("I")
    return _in_features("polynomial-regression", "A model linear in its parameters", current, current.at() ** K)


def _in_features(model: str, title: str, given: Quantity | None = None, feature: Expr | None = None) -> Model:
    """Least squares in features that are given, or made from an input."""
    theta = parameter("theta", K, latex=r"\theta")
    phi = (data if feature is None else name)("phi", K, latex=r"\varphi")
    return Model(
        name=model,
        title=title,
        given=(phi if given is None else given, Y, theta),
        definitions=(
            *(() if feature is None else (define(phi, feature),)),
            define(Y_HAT, total(theta.at() * phi.at(), K)),
            define(ERROR, (Y_HAT.at() - Y.at()) ** 2),
        ),
        objective="e",
        mean=True,
        questions=(SameInMatrices(formula=mean_square("phi", length(K))), *SOLVED),
    )


def bellman() -> Model:
    """δ = r + γ Σ_j w_j φ_j(s′) − Σ_j w_j φ_j(s), e = δ²/2, with both values in the gradient."""
    weights, gamma = parameter("w", J), parameter("gamma", latex=r"\gamma")
    here, there = data("phi", J, latex=r"\phi"), data("phi_next", J, latex=r"\phi'")
    value, following, target = name("V"), name("V_next", latex="V'"), name("delta", latex=r"\delta")
    reward = data("r")
    return Model(
        name="bellman",
        title="Regression on a Bellman error",
        given=(here, there, reward, gamma, weights),
        definitions=(
            define(value, total(weights.at() * here.at(), J)),
            define(following, total(weights.at() * there.at(), J)),
            define(target, reward.at() + gamma.at() * following.at() - value.at()),
            define(ERROR, Rational(1, 2) * target.at() ** 2),
        ),
        objective="e",
        questions=(Held(fixed="V_next", by="w"),),
    )


def semi_gradient() -> Model:
    """The Bellman error with the value of the next state held fixed, as a number that is given."""
    weights, gamma = parameter("w", J), parameter("gamma", latex=r"\gamma")
    here, following, reward = data("phi", J, latex=r"\phi"), data("V_next", latex="V'"), data("r")
    value, target = name("V"), name("delta", latex=r"\delta")
    return Model(
        name="semi-gradient",
        title="The semi-gradient of a Bellman error",
        given=(here, following, reward, gamma, weights),
        definitions=(
            define(value, total(weights.at() * here.at(), J)),
            define(target, reward.at() + gamma.at() * following.at() - value.at()),
            define(ERROR, Rational(1, 2) * target.at() ** 2),
        ),
        objective="e",
    )


ROWS = (linear_regression, ridge, lasso, feature_regression, polynomial_regression, bellman, semi_gradient)
