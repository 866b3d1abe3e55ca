"""Parameters that are changed before the derivative behind them is taken: δ_1 = (W_2 + η ∂L/∂W_2)ᵀ δ_2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Add, Expr

from ..calculus.indices import transform
from ..model import Model
from ..quantities import Quantity
from ..vocabulary import Partial, is_name, name_of, names_in
from .step import Slip, Step, steps

MISTAKE = "updated-parameter"


@dataclass(frozen=True, kw_only=True)
class Updated:
    """A step that reads a parameter after a step of training.

    Attributes:
        slip: the mistake with a rate of 1; with a rate η what it changes is η times as much.
        parameter: that is read.
    """

    slip: Slip
    parameter: Quantity


def updates(model: Model) -> Iterator[Updated]:
    """The steps in which a parameter is a factor.

    Args:
        model: over its data, with closed forms and pre-activations.
    """
    for step in steps(model):
        for q in model.parameters if not step.is_parameter else ():
            ways = [way for way in step.ways if q.name in {name_of(a) for a in names_in(way)}]
            if ways:
                changed = Add(*(_of_the_gradient(way, q, step) for way in ways))
                slip = Slip(mistake=MISTAKE, step=step, axes=step.quantity.axes, wrong=step.expr + changed, says="")
                yield Updated(slip=slip, parameter=q)


def _of_the_gradient(way: Expr, q: Quantity, step: Step) -> Expr:
    """What comes by a way with ∂L/∂q in the place of q."""

    def gradient(e: Expr) -> Expr | None:
        if isinstance(e, Partial):
            return e
        return Partial(step.of, e) if is_name(e) and name_of(e) == q.name else None

    return transform(way, gradient)
