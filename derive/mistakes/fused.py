"""Steps that people take at once: ∂L/∂z = y − ŷ, through the loss and the output together."""

from __future__ import annotations

from sympy import Integer

from ..adjoint import Passage
from ..backprop import partial
from ..model import Model
from ..quantities import Quantity
from ..vocabulary import Partial
from .step import Step


def fused(model: Model) -> tuple[Step, ...]:
    """The steps of what lies two definitions before the objective, in closed form.

    Args:
        model: over its data, with closed forms.
    """
    of = model.quantities[model.objective].at()
    found = []
    for q in (*(d.quantity for d in model.definitions), *model.parameters):
        if _is_second(model, q):
            closed = partial(model, of, q.at()).result
            if not closed.has(Partial):
                whole = Passage(consumer=model.defined[model.objective], body=of, adjoint=Integer(1), local=closed)
                found.append(Step(model=model, quantity=q, passages=(whole,)))
    return tuple(found)


def _is_second(model: Model, q: Quantity) -> bool:
    """Whether all that uses a quantity on its way to the objective is used by the objective alone."""
    users = _users(model, q.name)
    return bool(users) and model.objective not in users and all(_users(model, u) == {model.objective} for u in users)


def _users(model: Model, name: str) -> set[str]:
    """The definitions through which a quantity acts on the objective."""
    return {d.name for d in model.consumers.get(name, ()) if model.depends(model.objective, d.name)}
