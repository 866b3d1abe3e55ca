"""Models made at random: what is derived is what numbers say, at sizes down to one, proved or not.

Names are used several times, directly and through others, in sums over one or both axes, transposed, shifted inside
their range, and along recursions, so that paths of every shape lie between a name and the objective.
"""

from __future__ import annotations

from collections.abc import Callable
from os import environ
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from measuring import Measurement, agrees, sizes_of, upstream
from sympy import Add, Expr, Idx, KroneckerDelta

from derive.backprop import partial
from derive.model import Model
from derive.quantities import Definition, Domain, Quantity
from derive.rows.building import data, define, name, parameter
from derive.rows.functions import sigmoid, softplus, tanh
from derive.vocabulary import Inside, Partial, index, size, total

EXAMPLES = int(environ.get("GRADPROOF_FUZZ", "6"))
M, N, T = size("m"), size("n"), size("T")
I, K, J, STEP = index("i", 1, M), index("k", 1, M), index("j", 1, N), index("t", 1, T)
GIVEN = (
    data("x", I),
    data("y", J),
    parameter("A", I, J),
    parameter("B", I, K),
    parameter("c"),
    parameter("u", I, domain=Domain.UNIT),
)
AXES: tuple[tuple[Idx, ...], ...] = ((), (I,), (J,), (I, J), (I, K))
OUTER: tuple[Callable[[Any], Any], ...] = (
    sigmoid,
    tanh,
    softplus,
    lambda z: z**2,
    lambda z: 1 / (1 + z**2),
    lambda z: z,
)


@st.composite
def terms(draw: st.DrawFn, known: tuple[Quantity, ...], axes: tuple[Idx, ...]) -> Expr:
    """A product of entries of known quantities whose free indices are among the axes."""
    result: Any = 1
    for q in draw(st.lists(st.sampled_from(known), min_size=1, max_size=3)):
        places = [draw(st.sampled_from(_letters(i))) for i in q.axes]
        result *= q.at(*places) if places else q.at()
    if I in axes and draw(st.integers(0, 4)) == 0:
        result *= draw(st.sampled_from((KroneckerDelta(I, K), Inside(I, 2, M - 1), 1 - KroneckerDelta(I, K))))
    bound = [i for i in (I, K, J) if i in result.free_symbols | result.atoms(Idx) and i not in axes]
    return total(result, *bound)


def _letters(i: Idx) -> tuple[Idx, ...]:
    """The indices that an axis can be read at."""
    return (J,) if i == J else (I, K)


@st.composite
def definitions(draw: st.DrawFn, known: tuple[Quantity, ...], label: str) -> Definition:
    """A function of a sum of terms; along t, of its own value one step before too."""
    axes = draw(st.sampled_from(AXES))
    body = Add(*draw(st.lists(terms(known, axes), min_size=1, max_size=2)))
    outer = draw(st.sampled_from(OUTER))
    return define(name(label, *axes), outer(body))


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Two to five definitions and a sum of the last ones as objective."""
    known: tuple[Quantity, ...] = GIVEN
    made: list[Definition] = []
    for k in range(draw(st.integers(2, 4))):
        made.append(draw(definitions(known, f"v{k}")))
        known = (*known, made[-1].quantity)
    if draw(st.integers(0, 2)) == 0:
        made.append(_recursion(made[-1].quantity))
        known = (*known, made[-1].quantity)
    ends = [d.quantity for d in made[-2:]]
    objective = Add(*(total(_end(q), *(i for i in q.axes if i != STEP)) for q in ends))
    return Model(
        name="random",
        title="A random model",
        given=GIVEN,
        definitions=(*made, define(name("E"), objective)),
        objective="E",
    )


def _recursion(inner: Quantity) -> Definition:
    """h_t = tanh(c h_{t−1} + v), from h_0 = v."""
    h = name("h", STEP, *inner.axes)
    before = h.at(STEP - 1, *inner.axes)
    return define(h, tanh(GIVEN[4].at() * before + inner.at()), over=STEP, base=inner.at())


def _end(q: Quantity) -> Expr:
    return (q.at(*(T if i == STEP else i for i in q.axes)) if q.axes else q.at()) ** 2


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(models())
def test_every_derivative_is_what_numbers_say(model: Model) -> None:
    objective = model.quantities["E"].at()
    places = [Measurement(model=model, sizes=sizes_of(model, {"default": d, "n": n})) for d, n in ((1, 2), (3, 1))]
    for q in upstream(model):
        derivation = partial(model, objective, q.at())
        event(derivation.verdict)
        for here in places:
            assert agrees(here.of_result(derivation.result, q.axes), here.by_entry("E", q.name)), derivation.result
        assert Partial(objective, q.at()) == derivation.target
