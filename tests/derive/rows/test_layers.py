"""Laws of layers: every layer composes."""

from __future__ import annotations

from derive.backprop import partial
from derive.model import Model
from derive.quantities import Kind, Quantity
from derive.rows.building import define, name
from derive.rows.layers import dense, residual, softmax
from derive.vocabulary import index, scalar, size, total

I, J = index("i", 1, size("n")), index("j", 1, size("m"))


def test_every_layer_composes() -> None:
    """Dense, residual around dense, softmax, one after the other; every gradient is proved."""
    before = Quantity(name="x", latex="x", axes=(I,), kind=Kind.DATA)
    first = dense(before, "1", J)
    k = index("k", J.lower, J.upper)
    inner = dense(first.output, "2", k)
    around = residual(first.output, "3", inner)
    last = softmax(around.output, "4")
    used = (first, around, last)
    upstream = Quantity(name="g", latex="g", axes=(J,), kind=Kind.DATA)
    error = define(name("E"), total(upstream.at() * last.output.at(), J))
    model = Model(
        name="composed",
        title="composed",
        given=(before, upstream, *(p for b in used for p in b.parameters)),
        definitions=(*(d for b in used for d in b.definitions), error),
        objective="E",
    )
    for parameter in model.parameters:
        assert partial(model, scalar("E"), parameter.at()).verdict == "proved", parameter.name
