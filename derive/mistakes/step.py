"""A derivation backwards, one step for each quantity, kept in the pieces in which a person writes it and errs.

The step of v is ∂L/∂v[I] = Σ_c Σ_K ∂L/∂c[K] · ∂c[K]/∂v[I]; `derive.mistakes.table` says what goes wrong in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sympy import Add, Expr, Idx

from ..adjoint import Passage, passages
from ..calculus.tidy import collapse_deltas
from ..model import Model
from ..quantities import Definition, Quantity


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """The step of one quantity.

    Attributes:
        model: over its data, with closed forms.
        quantity: what one differentiates by.
        passages: its ways to the objective.
    """

    model: Model
    quantity: Quantity
    passages: tuple[Passage, ...]

    @property
    def of(self) -> Expr:
        """The objective."""
        return self.model.quantities[self.model.objective].at()

    @property
    def is_parameter(self) -> bool:
        return self.quantity in self.model.parameters

    @cached_property
    def ways(self) -> tuple[Expr, ...]:
        """What comes by each passage."""
        return tuple(collapse_deltas(p.expr) for p in self.passages)

    @property
    def expr(self) -> Expr:
        """The derivative."""
        return Add(*self.ways)

    def with_way(self, k: int, expr: Expr) -> Expr:
        """The derivative with another expression for one of the passages."""
        return Add(*self.ways[:k], collapse_deltas(expr), *self.ways[k + 1 :])


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A step with one mistake in it.

    Attributes:
        mistake: the name of the row that makes it.
        step: the step as it should be.
        axes: of the mistaken result, which may have more or fewer than the quantity.
        wrong: what it was taken for.
        says: what was done wrong, in words.
    """

    mistake: str
    step: Step
    axes: tuple[Idx, ...]
    wrong: Expr
    says: str


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A step gone wrong: its expression, what was edited, and its axes if they are not those of the quantity."""

    expr: Expr
    what: str = ""
    axes: tuple[Idx, ...] | None = None


Edit = Callable[[Step], Iterator[Wrong]]


def steps(model: Model) -> tuple[Step, ...]:
    """The steps that the parameters' gradients need, those nearest to the objective first, the parameters' last.

    Args:
        model: over its data.
    """
    of = model.quantities[model.objective].at()
    parameters = {q.name for q in model.parameters}
    between = [d.quantity for d in model.definitions if _is_between(d, model, parameters)]
    order = (*reversed(between), *model.parameters)
    found = (Step(model=model, quantity=q, passages=tuple(passages(of, q.at(), model))) for q in order)
    return tuple(step for step in found if step.passages)


def _is_between(d: Definition, model: Model, parameters: set[str]) -> bool:
    reached = d.name != model.objective and model.depends(model.objective, d.name)
    return reached and any(model.depends(d.name, p) for p in parameters)
