"""The values of adjoints: definitions in terms of each other, evaluated in order, cycles step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from sympy import Basic, Expr, Idx, Integer

from derive.calculus.indices import placed, substitute
from derive.quantities import Definition

from ..cycles import Group, groups
from .arithmetic import FLOAT64, Arithmetic, Array
from .environment import Environment, whole
from .errors import EvaluationError
from .evaluate import evaluate


@dataclass(frozen=True, kw_only=True)
class Instead:
    """What one adjoint is at each of several points, instead of what its definition says.

    Attributes:
        name: of the adjoint. Its definition has all that is read in them.
        exprs: for each point.
        failed: the points that turn out to have no value there.
    """

    name: str = ""
    exprs: tuple[Expr, ...] = ()
    failed: set[int] = field(default_factory=set)

    def of(self, d: Definition) -> tuple[Expr, ...]:
        """One expression for all points, or one for each."""
        return self.exprs if d.name == self.name else (d.expr,)


def backward(
    definitions: Iterable[Definition],
    environment: Environment,
    arithmetic: Arithmetic = FLOAT64,
    instead: Instead | None = None,
) -> Environment:
    """The environment with the values of the definitions added.

    Args:
        definitions: of adjoints, in terms of each other and of what the environment has.
        environment: sizes, and the values of a forward pass.
        arithmetic: of the computation.
        instead: of one of them, at several points.
    """
    instead = instead or Instead()
    for group in groups(definitions):
        if group.over is None:
            environment = _whole(group.definitions[0], environment, arithmetic, instead)
        else:
            environment = _stepwise(group, group.over, environment, arithmetic, instead)
    return environment


def _whole(d: Definition, known: Environment, arithmetic: Arithmetic, instead: Instead) -> Environment:
    values = _evaluated(instead.of(d), known, d.quantity.axes, arithmetic, instead.failed)
    lowers = tuple(whole(i.lower, known.sizes) for i in d.quantity.axes)
    return replace(known, values={**known.values, d.name: values}, lowers={**known.lowers, d.name: lowers})


def _evaluated(
    each: tuple[Expr, ...], known: Environment, axes: tuple[Idx, ...], arithmetic: Arithmetic, failed: set[int]
) -> Array:
    """One expression at all points, or each of several at a point of its own; NaN where one has no value."""
    if len(each) == 1:
        return evaluate(each[0], known, axes, arithmetic)
    found: dict[int, Array] = {}
    for k, expr in enumerate(each):
        try:
            found[k] = evaluate(expr, _alone(known, k), axes, arithmetic)
        except (ValueError, IndexError):
            failed.add(k)
    if not found:
        raise EvaluationError("none of the expressions has a value")
    none = np.full_like(next(iter(found.values())), np.nan)
    return np.concatenate([found.get(k, none) for k in range(len(each))])


def _alone(known: Environment, point: int) -> Environment:
    """One point; what has but one serves for all."""
    return replace(known, values={n: v[point : point + 1] if len(v) > 1 else v for n, v in known.values.items()})


def _stepwise(group: Group, over: Idx, known: Environment, arithmetic: Arithmetic, instead: Instead) -> Environment:
    points = max(known.points, len(instead.exprs))
    first, last = whole(over.lower, known.sizes), whole(over.upper, known.sizes)
    for d in group.definitions:
        lengths = [whole(i.upper - i.lower + 1, known.sizes) for i in d.quantity.axes]
        zeros = arithmetic.zeros((points, *lengths))
        lowers = tuple(whole(i.lower, known.sizes) for i in d.quantity.axes)
        known = replace(known, values={**known.values, d.name: zeros}, lowers={**known.lowers, d.name: lowers})
    for step in range(last, first - 1, -1) if group.backwards else range(first, last + 1):
        for d in group.definitions:
            array = known.values[d.name].copy()
            entry = array[(slice(None),) * (d.quantity.axes.index(over) + 1) + (step - first,)]
            now = _at(step, d, over, known, arithmetic, instead)
            entry[(slice(None), *map(slice, now.shape[1:]))] = now  # a size n_l may be larger at other steps
            known = replace(known, values={**known.values, d.name: array})
    return known


def _at(step: int, d: Definition, over: Idx, known: Environment, arithmetic: Arithmetic, instead: Instead) -> Array:
    """A definition at one value of an index, over its other axes."""
    axes = d.quantity.axes
    where = placed(axes, {over: Integer(step)})
    rest = tuple(i for i in where if isinstance(i, Idx))
    now: dict[Basic, Basic] = dict(zip(axes, where, strict=True))
    each = tuple(substitute(expr, now) for expr in instead.of(d))
    return _evaluated(each, known, rest, arithmetic, instead.failed)
