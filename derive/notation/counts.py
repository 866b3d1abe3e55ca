"""The n of 1/n: the number of data points where a text writes no sum over them, as in ‖y − Xθ‖²/n."""

from __future__ import annotations

from dataclasses import replace

from sympy import Basic, Idx, Symbol

from ..model import Model
from ..quantities import Definition, Quantity
from ..vocabulary import scalar, size

COUNTS = ("n", "N", "m", "M")


def counted(model: Model) -> Model:
    """The model with a given number n as the number of its data points, if the text gives them no other."""
    given = next((q for q in model.given if q.name in COUNTS and not q.axes), None)
    if given is None or model.sample is None or not str(model.sample.upper).startswith("N_"):
        return model
    renamed: dict[Basic, Basic] = {scalar(given.name): size(given.name), model.sample.upper: size(given.name)}

    def quantity(q: Quantity) -> Quantity:
        return replace(q, axes=tuple(_index(i, renamed) for i in q.axes))

    def definition(d: Definition) -> Definition:
        return replace(d, quantity=quantity(d.quantity), expr=d.expr.xreplace(renamed))

    return replace(
        model,
        given=tuple(quantity(q) for q in model.given if q is not given),
        definitions=tuple(definition(d) for d in model.definitions),
        sample=_index(model.sample, renamed),
    )


def _index(i: Idx, renamed: dict[Basic, Basic]) -> Idx:
    found = i.xreplace(renamed)
    assert isinstance(found, Idx) and isinstance(i.label, Symbol)
    return found
