"""Attention, with one head and with several, and embedding."""

from __future__ import annotations

from sympy import exp, sqrt

from ...model import Model
from ...quantities import Domain
from ...questions.errors import Errors
from ...vocabulary import index, size, total
from ..building import data, define, name, parameter

TOKENS, WIDTH = size("T"), size("d")
S, T, R = index("s", 1, TOKENS), index("t", 1, TOKENS), index("r", 1, TOKENS)
A = index("a", 1, WIDTH)


def attention() -> Model:
    """S = Q K^T / √d, A = softmax of the rows of S, O = A V; the objective is Σ G ⊙ O for a given G = ∂E/∂O."""
    queries, keys, values = parameter("Q", S, A), parameter("K", T, A), parameter("V", T, A)
    scores, weights, output = name("S", S, T), name("A", S, T, domain=Domain.UNIT), name("O", S, A)
    upstream = data("G", S, A)
    return Model(
        name="attention",
        title="Scaled dot-product attention",
        given=(queries, keys, values, upstream),
        definitions=(
            define(scores, total(queries.at() * keys.at(), A) / sqrt(WIDTH)),
            define(weights, exp(scores.at()) / total(exp(scores.at(S, R)), R)),
            define(output, total(weights.at() * values.at(), T)),
            define(name("E"), total(upstream.at() * output.at(), S, A)),
        ),
        objective="E",
        questions=(Errors(logits=("S", "A", "O")),),
    )


def multi_head_attention() -> Model:
    """Heads h with Q = X W^Q, K = X W^K, V = X W^V and O = softmax(Q K^T / √m) V; Y = Σ_h O W^O; E = Σ G ⊙ Y."""
    h, c, b = index("h", 1, size("H")), index("c", 1, size("m")), index("b", 1, WIDTH)
    tokens, upstream = data("X", T, A), data("G", S, A)
    projections = {letter: parameter(f"W_{letter}", h, A, c, latex=f"W^{{{letter}}}") for letter in "QKV"}
    back = parameter("W_O", h, c, A, latex="W^{O}")
    projected = {letter: name(letter, h, T, c) for letter in "QKV"}
    scores, weights = name("S", h, S, T), name("A", h, S, T, domain=Domain.UNIT)
    heads, output = name("O", h, S, c), name("Y", S, A)
    queries, keys = projected["Q"].at(h, S, c), projected["K"].at()
    return Model(
        name="multi-head-attention",
        title="Attention with several heads",
        given=(tokens, upstream, *projections.values(), back),
        definitions=(
            *(define(projected[n], total(tokens.at(T, b) * projections[n].at(h, b, c), b)) for n in "QKV"),
            define(scores, total(queries * keys, c) / sqrt(size("m"))),
            define(weights, exp(scores.at()) / total(exp(scores.at(h, S, R)), R)),
            define(heads, total(weights.at() * projected["V"].at(), T)),
            define(output, total(heads.at() * back.at(), h, c)),
            define(name("E"), total(upstream.at() * output.at(), S, A)),
        ),
        objective="E",
        questions=(Errors(logits=("Q", "K", "V", "S", "A", "O"), inputs=("X",)),),
    )


def embedding() -> Model:
    """e_a = Σ_v u_v M_{v,a} for a one-hot word u: the gradient touches the word's row alone."""
    v = index("v", 1, size("V"))
    word, table, upstream = data("u", v, domain=Domain.SIMPLEX), parameter("M", v, A), data("g", A)
    return Model(
        name="embedding",
        title="Embedding",
        given=(word, table, upstream),
        definitions=(
            define(name("e", A), total(word.at() * table.at(), v)),
            define(name("E"), total(upstream.at() * name("e", A).at(), A)),
        ),
        objective="E",
    )


ROWS = (attention, multi_head_attention, embedding)
