"""The gradient of a module against what JAX and PyTorch make of the same program by themselves, where installed.

They differentiate the forward pass as it is computed, with rules of their own; the adjoints that were proved are not
used. PyTorch cannot differentiate what writes the steps of a recursion into one array, so that is left to JAX; in lists
of arrays each step has one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import numpy as np

from derive.model import Model

from .checks import Check, called
from .gradcheck import worst_error
from .lists import listed_by
from .numeric.arithmetic import Array
from .padded import in_lists, on_padded, padded
from .program import Loop, Program
from .standins import with_stand_ins
from .trialpoints import Point, random_point, trial_sizes

Given = Mapping[str, Any]  # names to arrays, or lists of them

TOLERANCE = 1e-8
POINTS = 2


def crosschecks(
    module: ModuleType, model: Model, program: Program, written: Callable[[str], ModuleType], libraries: Iterable[str]
) -> tuple[Check, ...]:
    """A check for each library; where functions have no formula one for each choice of stand-ins.

    Args:
        module: on NumPy arrays; its gradient is checked.
        model: over its data with named pre-activations.
        program: what the module computes.
        written: the same program in the words of a back end, loaded.
        libraries: names in `LIBRARIES` that are installed.
    """
    sizes = next(iter(trial_sizes(model)))
    points = [random_point(model, sizes, seed) for seed in range(POINTS)]
    return tuple(
        replace(_check(ours.module, model, points, name, theirs.module), functions=ours.formulas)
        for name in libraries
        if _can(name, program)
        for ours, theirs in zip(with_stand_ins(module, model), with_stand_ins(written(name), model), strict=True)
    )


def installed() -> tuple[str, ...]:
    """The libraries that can be asked."""
    return tuple(name for name in LIBRARIES if find_spec(name) is not None)


def _can(name: str, program: Program) -> bool:
    loops = [step for step in program.operations if isinstance(step, Loop)]
    kept = (o.out for loop in loops for o in loop.body if o.out.name in program.kept)
    return name != "torch" or all(listed_by(t.axes) is not None for t in kept)


def _check(module: ModuleType, model: Model, points: list[Point], library: str, own: ModuleType) -> Check:
    found = [_compared(module, model, point, LIBRARIES[library], own) for point in points]
    error, component = max(found, key=lambda pair: pair[0])
    return Check(
        what="gradient",
        method=f"the same program differentiated by {library}",
        dtype="float64",
        sizes=points[0].sizes,
        points=len(points),
        worst_relative_error=error,
        tolerance=TOLERANCE,
        worst_component=component,
    )


def _compared(
    module: ModuleType, model: Model, point: Point, differentiated: _Differentiated, own: ModuleType
) -> tuple[float, str]:
    value, grads, trouble = called(on_padded(module, model, point.sizes), point)
    if trouble:
        return np.inf, trouble
    sizes = {name: n for name, n in point.sizes.items() if name in module.DATA and name not in point.data}
    params, data = (in_lists(arrays, model, point.sizes) for arrays in (point.params, {**point.data, **sizes}))
    return worst_error(grads, padded(differentiated(own, params, data), model, point.sizes), abs(float(value)))


def _by_jax(own: ModuleType, params: Given, data: Given) -> Given:
    import jax

    with jax.enable_x64(True):
        found = jax.grad(lambda p: own.value(p, data))(jax.tree.map(jax.numpy.asarray, dict(params)))
        gradients: Given = jax.tree.map(np.asarray, found)
        return gradients


def _by_torch(own: ModuleType, params: Given, data: Given) -> Given:
    import torch

    def each(value: Any, do: Callable[[Any], Any]) -> Any:
        return [do(v) for v in value] if isinstance(value, list) else do(value)

    def gradient(held: Any) -> Array:
        return np.asarray(torch.zeros_like(held) if held.grad is None else held.grad)

    held = {name: each(a, lambda v: torch.tensor(v, requires_grad=True)) for name, a in params.items()}
    given = {n: each(a, torch.tensor) if isinstance(a, np.ndarray | list) else a for n, a in data.items()}
    value = own.value(held, given)
    if value.requires_grad:  # else it is constant but for jumps
        value.backward()
    return {name: each(tensors, gradient) for name, tensors in held.items()}


_Differentiated = Callable[[ModuleType, Given, Given], Given]
LIBRARIES: Mapping[str, _Differentiated] = {"jax": _by_jax, "torch": _by_torch}
