"""Each activation as a model of its own: a = f(z) for every scalar function of the table, and the softmax."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sympy import exp

from ...model import Model
from ...quantities import Domain
from ...questions.kinks import Kinks
from ...questions.outputs import InOutput
from ...vocabulary import index, size, total
from ..building import define, name, parameter
from ..functions import FUNCTIONS, Unary, function


def activation_model(row: Unary) -> Model:
    """a = f(z)."""
    logit, output = parameter("z"), name("a", domain=row.range)
    return Model(
        name=f"activation-{row.name.replace('_', '-')}",
        title=f"The activation {row.name.replace('_', ' ')}",
        given=(logit,),
        definitions=(define(output, function(row)(logit.at())),),
        objective="a",
        questions=(Kinks(of="a", wrt="z"), InOutput(of="a", wrt="z")),
    )


def softmax() -> Model:
    """p_i = e^{z_i} / Σ_k e^{z_k}, and E = Σ_i g_i p_i for a gradient g that comes from above."""
    units = size("K")
    i, k = index("i", 1, units), index("k", 1, units)
    logits, output, upstream = parameter("z", i), name("p", i, domain=Domain.UNIT), parameter("g", i)
    return Model(
        name="activation-softmax",
        title="The activation softmax",
        given=(logits, upstream),
        definitions=(
            define(output, exp(logits.at()) / total(exp(logits.at(k)), k)),
            define(name("E"), total(upstream.at() * output.at(), i)),
        ),
        objective="E",
        questions=(InOutput(of="p", wrt="z"),),
    )


ROWS: tuple[Callable[[], Model], ...] = (*(partial(activation_model, row) for row in FUNCTIONS), softmax)
