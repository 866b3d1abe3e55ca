"""Attention and embedding."""

from __future__ import annotations

from sympy import exp, sqrt

from ...model import Model
from ...quantities import Domain
from ...vocabulary import index, size, total
from ..building import data, define, name, parameter


def attention() -> Model:
    """S = Q K^T / √d, A = softmax of the rows of S, O = A V; the objective is Σ G ⊙ O for a given G = ∂E/∂O."""
    tokens, width = size("T"), size("d")
    s, t, r, a = index("s", 1, tokens), index("t", 1, tokens), index("r", 1, tokens), index("a", 1, width)
    queries, keys, values = parameter("Q", s, a), parameter("K", t, a), parameter("V", t, a)
    scores, weights, output = name("S", s, t), name("A", s, t, domain=Domain.UNIT), name("O", s, a)
    upstream = data("G", s, a)
    return Model(
        name="attention",
        title="Scaled dot-product attention",
        given=(queries, keys, values, upstream),
        definitions=(
            define(scores, total(queries.at() * keys.at(), a) / sqrt(width)),
            define(weights, exp(scores.at()) / total(exp(scores.at(s, r)), r)),
            define(output, total(weights.at() * values.at(), t)),
            define(name("E"), total(upstream.at() * output.at(), s, a)),
        ),
        objective="E",
    )


def embedding() -> Model:
    """e_a = Σ_v u_v M_{v,a} for a one-hot word u: the gradient touches the word's row alone."""
    words, width = size("V"), size("d")
    v, a = index("v", 1, words), index("a", 1, width)
    word, table, upstream = data("u", v), parameter("M", v, a), data("g", a)
    return Model(
        name="embedding",
        title="Embedding",
        given=(word, table, upstream),
        definitions=(
            define(name("e", a), total(word.at() * table.at(), v)),
            define(name("E"), total(upstream.at() * name("e", a).at(), a)),
        ),
        objective="E",
    )


ROWS = (attention, embedding)
