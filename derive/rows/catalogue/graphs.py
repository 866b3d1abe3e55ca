"""Computational graphs of named scalars."""

from __future__ import annotations

from ...model import Model
from ...questions.passes import Passes
from ..building import define, name, parameter


def computational_graph() -> Model:
    """d = 2b, e = a + d, L = c e."""
    a, b, c = (parameter(letter) for letter in "abc")
    d, e = name("d"), name("e")
    return Model(
        name="computational-graph",
        title="A computational graph",
        given=(a, b, c),
        definitions=(
            define(d, 2 * b.at()),
            define(e, a.at() + d.at()),
            define(name("L"), c.at() * e.at()),
        ),
        objective="L",
        questions=(Passes(values=(("a", 3), ("b", 1), ("c", -2))),),
    )


ROWS = (computational_graph,)
