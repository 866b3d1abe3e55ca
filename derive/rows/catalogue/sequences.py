"""Recurrences: the simple recurrent network, LSTM and GRU, at symbolic length T."""

from __future__ import annotations

from sympy import Expr, Rational

from ...model import Model
from ...quantities import Definition, Quantity
from ...questions.errors import Errors
from ...vocabulary import index, size, total
from ..building import data, define, name, parameter
from ..functions import sigmoid, tanh

T, H, D = size("T"), size("H"), size("d")
TIME, I, J, K = index("t", 1, T), index("i", 1, H), index("j", 1, H), index("k", 1, D)
X, Y, START = data("x", TIME, K), data("y", TIME, I), data("h_0", I, latex="h^{(0)}")
STATE = name("h", TIME, I)


def _affine(gate: str, state: Expr) -> tuple[Expr, tuple[Quantity, ...]]:
    """W x_t + U s + b for a gate, and its parameters."""
    label = f"_{{{gate}}}" if gate else ""
    suffix = f"_{gate}" if gate else ""
    weights = parameter(f"W{suffix}", I, K, latex=f"W{label}")
    recurrent = parameter(f"U{suffix}", I, J, latex=f"U{label}")
    bias = parameter(f"b{suffix}", I, latex=f"b{label}")
    return total(weights.at() * X.at(), K) + total(recurrent.at() * state, J) + bias.at(), (weights, recurrent, bias)


def _model(title: str, model: str, given: tuple[Quantity, ...], *definitions: Definition) -> Model:
    error = define(name("E"), Rational(1, 2) * total((STATE.at() - Y.at()) ** 2, TIME, I))
    return Model(
        name=model,
        title=title,
        given=(X, Y, START, *given),
        definitions=(*definitions, error),
        objective="E",
        questions=(Errors(logits=tuple(d.name for d in definitions)),),
    )


def recurrent() -> Model:
    """h_t = tanh(W x_t + U h_{t−1} + b)."""
    inside, given = _affine("", STATE.at(TIME - 1, J))
    return _model("A recurrent network", "rnn", given, define(STATE, tanh(inside), over=TIME, base=START.at()))


def lstm() -> Model:
    """Gates i, f, o and candidate g of W x_t + U h_{t−1} + b; c_t = f c_{t−1} + i g, h_t = o tanh(c_t)."""
    affine = {gate: _affine(gate, STATE.at(TIME - 1, J)) for gate in "ifog"}
    gate = {g: name(f"gate_{g}", TIME, I, latex=g) for g in "ifog"}
    cell, start = name("c", TIME, I), data("c_0", I, latex="c^{(0)}")
    return _model(
        "Long short-term memory",
        "lstm",
        (start, *(p for _, given in affine.values() for p in given)),
        *(define(gate[g], (tanh if g == "g" else sigmoid)(affine[g][0])) for g in "ifog"),
        define(
            cell,
            gate["f"].at() * cell.at(TIME - 1, I) + gate["i"].at() * gate["g"].at(),
            over=TIME,
            base=start.at(),
        ),
        define(STATE, gate["o"].at() * tanh(cell.at()), over=TIME, base=START.at()),
    )


def gru() -> Model:
    """z and r gates of W x_t + U h_{t−1} + b; n = tanh(W x_t + U (r h_{t−1}) + b), h_t = (1 − z) n + z h_{t−1}."""
    update, update_given = _affine("z", STATE.at(TIME - 1, J))
    reset, reset_given = _affine("r", STATE.at(TIME - 1, J))
    z, r = name("gate_z", TIME, I, latex="z"), name("gate_r", TIME, I, latex="r")
    candidate, candidate_given = _affine("n", r.at(TIME, J) * STATE.at(TIME - 1, J))
    new = name("gate_n", TIME, I, latex="n")
    return _model(
        "Gated recurrent unit",
        "gru",
        (*update_given, *reset_given, *candidate_given),
        define(z, sigmoid(update)),
        define(r, sigmoid(reset)),
        define(new, tanh(candidate)),
        define(STATE, (1 - z.at()) * new.at() + z.at() * STATE.at(TIME - 1, I), over=TIME, base=START.at()),
    )


ROWS = (recurrent, lstm, gru)
