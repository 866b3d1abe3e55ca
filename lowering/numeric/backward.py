"""The values of adjoints: definitions in terms of each other, evaluated in order, cycles step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sympy import Idx, Integer

from derive.calculus.indices import placed, substitute
from derive.quantities import Definition

from ..cycles import Group, groups
from .arithmetic import FLOAT64, Arithmetic, Array
from .environment import Environment, whole
from .evaluate import evaluate


def backward(
    definitions: Iterable[Definition], environment: Environment, arithmetic: Arithmetic = FLOAT64
) -> Environment:
    """The environment with the values of the definitions added.

    Args:
        definitions: of adjoints, in terms of each other and of what the environment has.
        environment: sizes, and the values of a forward pass.
        arithmetic: of the computation.
    """
    for group in groups(definitions):
        if group.over is None:
            environment = _whole(group.definitions[0], environment, arithmetic)
        else:
            environment = _stepwise(group, group.over, environment, arithmetic)
    return environment


def _whole(d: Definition, known: Environment, arithmetic: Arithmetic) -> Environment:
    values = evaluate(d.expr, known, d.quantity.axes, arithmetic)
    lowers = tuple(whole(i.lower, known.sizes) for i in d.quantity.axes)
    return replace(known, values={**known.values, d.name: values}, lowers={**known.lowers, d.name: lowers})


def _stepwise(group: Group, over: Idx, known: Environment, arithmetic: Arithmetic) -> Environment:
    first, last = whole(over.lower, known.sizes), whole(over.upper, known.sizes)
    for d in group.definitions:
        lengths = [whole(i.upper - i.lower + 1, known.sizes) for i in d.quantity.axes]
        zeros = arithmetic.zeros((known.points, *lengths))
        lowers = tuple(whole(i.lower, known.sizes) for i in d.quantity.axes)
        known = replace(known, values={**known.values, d.name: zeros}, lowers={**known.lowers, d.name: lowers})
    for step in range(last, first - 1, -1) if group.backwards else range(first, last + 1):
        for d in group.definitions:
            array = known.values[d.name].copy()
            entry = array[(slice(None),) * (d.quantity.axes.index(over) + 1) + (step - first,)]
            now = _at(step, d, over, known, arithmetic)
            entry[(slice(None), *map(slice, now.shape[1:]))] = now  # a size n_l may be larger at other steps
            known = replace(known, values={**known.values, d.name: array})
    return known


def _at(step: int, d: Definition, over: Idx, known: Environment, arithmetic: Arithmetic) -> Array:
    """A definition at one value of an index, over its other axes."""
    axes = d.quantity.axes
    where = placed(axes, {over: Integer(step)})
    rest = tuple(i for i in where if isinstance(i, Idx))
    return evaluate(substitute(d.expr, dict(zip(axes, where, strict=True))), known, rest, arithmetic)
