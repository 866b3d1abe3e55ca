"""What the benchmarks of lowering compute: a network with one hidden layer for several classes."""

from __future__ import annotations

from sympy import exp, log

from derive.model import Model, Sense
from derive.quantities import Domain
from derive.rows.building import data, define, name, parameter
from derive.rows.functions import tanh
from derive.vocabulary import index, product, size, total

D, J = index("i", 1, size("D")), index("j", 1, size("H"))
K, L = index("k", 1, size("C")), index("l", 1, size("C"))


def network() -> Model:
    """h = tanh(W1^T x + b1), z = W2^T h + b2, p = softmax(z), P = Π_k p_k^{y_k}."""
    x, y = data("x", D), data("y", K, domain=Domain.SIMPLEX)
    W1, b1, W2, b2 = parameter("W1", D, J), parameter("b1", J), parameter("W2", J, K), parameter("b2", K)
    a, h, z, p, P = (
        name("a", J),
        name("h", J),
        name("z", K),
        name("p", K, domain=Domain.UNIT),
        name("P", domain=Domain.POSITIVE),
    )
    return Model(
        name="network",
        title="A network with one hidden layer and a softmax",
        given=(x, y, W1, b1, W2, b2),
        definitions=(
            define(a, total(x.at() * W1.at(), D) + b1.at()),
            define(h, tanh(a.at())),
            define(z, total(h.at() * W2.at(), J) + b2.at()),
            define(p, exp(z.at()) / total(exp(z.at(L)), L)),
            define(P, product(p.at() ** y.at(), K)),
            define(name("LL"), log(P.at())),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
    )
