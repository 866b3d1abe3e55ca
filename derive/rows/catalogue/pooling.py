"""Max pooling: the largest entry of each window, whose gradient goes to the entry that is the largest."""

from __future__ import annotations

from sympy import Expr

from ...model import Model
from ...questions.argmax import ArgMax
from ...vocabulary import Positive, index, maximum, size, total
from ..building import data, define, name, parameter

STRIDE, WINDOW = size("S"), size("F")


def max_pooling() -> Model:
    """z_p = max_u x_{S p + u}, with a_{p,u} the share of the entry u in the maximum of its window."""
    outputs = size("P")
    p, u, v = index("p", 0, outputs - 1), index("u", 0, WINDOW - 1), index("v", 0, WINDOW - 1)
    signal = parameter("x", index("q", 0, STRIDE * (outputs - 1) + WINDOW - 1))
    upstream, after = data("g", p), name("z", p)
    winners, shares = name("w", p, u), name("a", p, u)
    return Model(
        name="max-pooling",
        title="Max pooling",
        given=(signal, upstream),
        definitions=(
            define(after, maximum(signal.at(STRIDE * p + u), u)),
            define(winners, _attains(signal.at(STRIDE * p + u), maximum(signal.at(STRIDE * p + v), v))),
            define(shares, winners.at() / total(winners.at(p, v), v)),
            define(name("E"), total(upstream.at() * after.at(), p)),
        ),
        objective="E",
        questions=(ArgMax(of="z", wrt="x", shares="a"),),
    )


def max_pooling_2d() -> Model:
    """z_{p,r} = max_{u,v} x_{S p + u, S r + v}, with the shares of the entries of each window."""
    height, width = size("P"), size("R")
    p, r = index("p", 0, height - 1), index("r", 0, width - 1)
    u, v = index("u", 0, WINDOW - 1), index("v", 0, WINDOW - 1)
    k, m = index("k", 0, WINDOW - 1), index("m", 0, WINDOW - 1)
    rows = index("q", 0, STRIDE * (height - 1) + WINDOW - 1)
    columns = index("s", 0, STRIDE * (width - 1) + WINDOW - 1)
    image, upstream, after = parameter("x", rows, columns), data("g", p, r), name("z", p, r)
    winners, shares = name("w", p, r, u, v), name("a", p, r, u, v)
    entry = image.at(STRIDE * p + u, STRIDE * r + v)
    return Model(
        name="max-pooling-2d",
        title="Max pooling in two dimensions",
        given=(image, upstream),
        definitions=(
            define(after, maximum(entry, v, u)),
            define(winners, _attains(entry, maximum(image.at(STRIDE * p + k, STRIDE * r + m), m, k))),
            define(shares, winners.at() / total(winners.at(p, r, k, m), m, k)),
            define(name("E"), total(upstream.at() * after.at(), r, p)),
        ),
        objective="E",
        questions=(ArgMax(of="z", wrt="x", shares="a"),),
    )


def _attains(entry: Expr, largest: Expr) -> Expr:
    """One where an entry is the largest, else zero; in terms of z it would jump right there."""
    return 1 - Positive(largest - entry)


ROWS = (max_pooling, max_pooling_2d)
