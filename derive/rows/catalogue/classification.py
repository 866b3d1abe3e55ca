"""Classification: softmax regression, a two-state system, cross entropy and Kullback–Leibler divergence."""

from __future__ import annotations

from sympy import exp, log

from ...model import Model, Sense
from ...quantities import Domain
from ...questions.derivative import Derivative
from ...questions.invariance import Invariant
from ...questions.recognised import Recognised
from ...questions.split import Split
from ...vocabulary import index, product, size, total
from ..building import data, define, name, parameter
from ..functions import sigmoid

D, C = size("d"), size("C")
I, K, L = index("i", 1, D), index("k", 1, C), index("l", 1, C)
X, Y = data("x", I, latex=r"\mathbf{x}"), data("y", K, domain=Domain.SIMPLEX)
PROBS = name("p", K, domain=Domain.UNIT)
LL = name("LL")


def softmax_regression() -> Model:
    """z_k = Σ_i x_i W_{i,k}, p_k = e^{z_k} / Σ_l e^{z_l}, P = Π_k p_k^{y_k} for a one-hot target y."""
    weights, logits = parameter("W", I, K), name("z", K)
    point = name("P", domain=Domain.POSITIVE)
    return Model(
        name="softmax-regression",
        title="Softmax regression",
        given=(X, Y, weights),
        definitions=(
            define(logits, total(X.at() * weights.at(), I)),
            define(PROBS, exp(logits.at()) / total(exp(logits.at(L)), L)),
            define(point, product(PROBS.at() ** Y.at(), K)),
            define(LL, log(point.at())),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
        questions=(Derivative(of="p", by=("z",)), Invariant(of="p", to="z")),
    )


def boltzmann() -> Model:
    """Two states in a heat bath: P_1 = e^{−βε_1} / (e^{−βε_0} + e^{−βε_1})."""
    beta = parameter("beta", latex=r"\beta", domain=Domain.POSITIVE)
    low, high = parameter("epsilon_0", latex=r"\epsilon_{0}"), parameter("epsilon_1", latex=r"\epsilon_{1}")
    weights = [exp(-beta.at() * e.at()) for e in (low, high)]
    gap = name("Delta", latex=r"\Delta\epsilon")
    return Model(
        name="boltzmann",
        title="A two-state system",
        given=(beta, low, high),
        definitions=(
            define(gap, high.at() - low.at()),
            define(name("P_0", latex="P_{0}", domain=Domain.UNIT), weights[0] / sum(weights)),
            define(name("P_1", latex="P_{1}", domain=Domain.UNIT), weights[1] / sum(weights)),
        ),
        objective="P_1",
        questions=(Recognised(names=("P_0", "P_1")),),
    )


def cross_entropy() -> Model:
    """D = Σ_k p_k log(p_k / q_k), with q a softmax of the logits, H = −Σ p log p and C = −Σ p log q."""
    given, logits = data("p", K, domain=Domain.SIMPLEX), parameter("z", K)
    model = name("q", K, domain=Domain.UNIT)
    return Model(
        name="cross-entropy",
        title="Kullback–Leibler divergence and cross entropy",
        given=(given, logits),
        definitions=(
            define(model, exp(logits.at()) / total(exp(logits.at(L)), L)),
            define(name("H"), -total(given.at() * log(given.at()), K)),
            define(name("C_E", latex="C"), -total(given.at() * log(model.at()), K)),
            define(name("D"), total(given.at() * log(given.at() / model.at()), K)),
        ),
        objective="D",
        questions=(Split(of="D", by="z"), Derivative(of="q", by=("z",))),
    )


def perceptron_probability() -> Model:
    """The smooth perceptron: s = Σ_i w_i x_i + b, P = σ(s)."""
    weights, bias = parameter("w", I), parameter("b")
    return Model(
        name="smooth-perceptron",
        title="The smooth perceptron",
        given=(X, weights, bias),
        definitions=(
            define(name("s"), total(weights.at() * X.at(), I) + bias.at()),
            define(name("P", domain=Domain.UNIT), sigmoid(name("s").at())),
        ),
        objective="P",
    )


ROWS = (softmax_regression, boltzmann, cross_entropy, perceptron_probability)
