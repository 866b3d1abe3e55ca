"""Classification: softmax regression, a two-state system, cross entropy and Kullback–Leibler divergence."""

from __future__ import annotations

from sympy import Integer, Max, Rational, exp, log

from ...model import Model, Sense
from ...probability.specialise import Values
from ...quantities import Domain
from ...questions.atsize import AtSize, Naming
from ...questions.curved import Curved
from ...questions.derivative import Derivative
from ...questions.fisher import Fisher, Natural
from ...questions.invariance import Invariant
from ...questions.kinks import Kinks
from ...questions.recognised import Recognised
from ...questions.split import Split
from ...vocabulary import index, product, size, tensor, total
from ..building import data, define, name, parameter
from ..functions import sigmoid, step

D, C = size("d"), size("C")
I, K, L = index("i", 1, D), index("k", 1, C), index("l", 1, C)
X, Y = data("x", I, latex=r"\mathbf{x}"), data("y", K, domain=Domain.SIMPLEX)
PROBS = name("p", K, domain=Domain.UNIT)
LL = name("LL")

TARGET, SHARE = data("t", domain=Domain.BINARY), data("t", domain=Domain.UNIT)
TWO_TARGETS = Values(name="y", entries=(TARGET.at(), 1 - TARGET.at()), given=(TARGET,))


def _first_of(vector: str) -> Naming:
    """The first of two probabilities as ŷ, and the second as 1 − ŷ."""
    first = name("yhat", latex=r"\hat{y}", domain=Domain.UNIT)
    return Naming(
        definition=define(first, tensor(vector)[Integer(1)]),
        values=Values(name=vector, entries=(first.at(), 1 - first.at())),
    )


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
        questions=(
            Derivative(of="p", by=("z",)),
            Curved(parameter="W"),
            Invariant(of="p", to="z"),
            AtSize(of=("p[1]",), sizes={"C": 2}, by="x"),
            AtSize(of=("LL",), sizes={"C": 2}, values=(TWO_TARGETS,), naming=_first_of("p")),
            Fisher(parameter="W", target="y"),
            Natural(parameter="W", target="y"),
        ),
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


def canonical_ensemble() -> Model:
    """K states in a heat bath: p_i = e^{−βε_i} / Z with Z = Σ_j e^{−βε_j}, the softmax of −βε, and A = log Z."""
    state, other = index("i", 0, size("K") - 1), index("j", 0, size("K") - 1)
    beta = parameter("beta", latex=r"\beta", domain=Domain.POSITIVE)
    energies, partition = parameter("epsilon", state, latex=r"\epsilon"), name("Z", domain=Domain.POSITIVE)
    shares = name("p", state, domain=Domain.UNIT)
    return Model(
        name="canonical-ensemble",
        title="States in a heat bath",
        given=(beta, energies),
        definitions=(
            define(partition, total(exp(-beta.at() * energies.at(other)), other)),
            define(shares, exp(-beta.at() * energies.at()) / partition.at()),
            define(name("A"), log(partition.at())),
        ),
        objective="A",
        questions=(
            Derivative(of="p", by=("epsilon",)),
            Invariant(of="p", to="epsilon"),
            AtSize(of=("p[1]", "p[0]"), sizes={"K": 2}),
        ),
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
        questions=(
            Split(of="D", by="z"),
            Derivative(of="q", by=("z",)),
            AtSize(
                of=("C_E", "D"),
                sizes={"C": 2},
                values=(Values(name="p", entries=(SHARE.at(), 1 - SHARE.at()), given=(SHARE,)),),
                naming=_first_of("q"),
            ),
        ),
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


def perceptron() -> Model:
    """s = Σ_i w_i x_i + b, ŷ = [s > 0], and half the squared error, whose slope is zero wherever there is one."""
    weights, bias, target = parameter("w", I), parameter("b"), data("t", domain=Domain.BINARY)
    score, output = name("s"), name("yhat", latex=r"\hat{y}", domain=Domain.BINARY)
    return Model(
        name="perceptron",
        title="The perceptron",
        given=(X, target, weights, bias),
        definitions=(
            define(score, total(weights.at() * X.at(), I) + bias.at()),
            define(output, step(score.at())),
            define(name("e"), Rational(1, 2) * (output.at() - target.at()) ** 2),
        ),
        objective="e",
        questions=(Kinks(of="yhat", wrt="s"),),
    )


def perceptron_criterion() -> Model:
    """s = Σ_i w_i x_i + b and e = max(0, −t s) for a target t of −1 or 1: what is wrong costs its distance."""
    weights, bias, target = parameter("w", I), parameter("b"), data("t", domain=Domain.SIGN)
    score = name("s")
    return Model(
        name="perceptron-criterion",
        title="The perceptron criterion",
        given=(X, target, weights, bias),
        definitions=(
            define(score, total(weights.at() * X.at(), I) + bias.at()),
            define(name("e"), Max(0, -target.at() * score.at())),
        ),
        objective="e",
        questions=(Kinks(of="e", wrt="s"),),
    )


ROWS = (
    softmax_regression,
    boltzmann,
    canonical_ensemble,
    cross_entropy,
    perceptron_probability,
    perceptron,
    perceptron_criterion,
)
