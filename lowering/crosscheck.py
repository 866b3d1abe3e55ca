"""The gradient of a module against what JAX and PyTorch make of the same program by themselves, where installed.

They differentiate the forward pass as it is computed, with rules of their own; the adjoints that were proved are not
used. PyTorch cannot differentiate what writes the steps of a recursion into one array, so that is left to JAX; lists of
arrays are written for NumPy alone.
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
from .program import Loop, Program
from .standins import with_stand_ins
from .trialpoints import Arrays, Point, random_point, trial_sizes

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
        replace(_check(ours.module, points, name, theirs.module), functions=ours.formulas)
        for name in libraries
        if _can(name, program)
        for ours, theirs in zip(with_stand_ins(module, model), with_stand_ins(written(name), model), strict=True)
    )


def installed() -> tuple[str, ...]:
    """The libraries that can be asked."""
    return tuple(name for name in LIBRARIES if find_spec(name) is not None)


def _can(name: str, program: Program) -> bool:
    if any(listed_by(t.axes) is not None for t in program.tensors.values()):
        return False
    return name != "torch" or not any(isinstance(step, Loop) for step in program.operations)


def _check(module: ModuleType, points: list[Point], library: str, own: ModuleType) -> Check:
    found = [_compared(module, point, LIBRARIES[library], own) for point in points]
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


def _compared(module: ModuleType, point: Point, differentiated: _Differentiated, own: ModuleType) -> tuple[float, str]:
    value, grads, trouble = called(module, point)
    if trouble:
        return np.inf, trouble
    sizes = {name: n for name, n in point.sizes.items() if name in module.DATA and name not in point.data}
    return worst_error(grads, differentiated(own, point.params, {**point.data, **sizes}), abs(float(value)))


def _by_jax(own: ModuleType, params: Arrays, data: Mapping[str, Any]) -> Arrays:
    import jax

    with jax.enable_x64(True):
        found = jax.grad(lambda p: own.value(p, data))({name: jax.numpy.asarray(a) for name, a in params.items()})
        return {name: np.asarray(gradient) for name, gradient in found.items()}


def _by_torch(own: ModuleType, params: Arrays, data: Mapping[str, Any]) -> Arrays:
    import torch

    held = {name: torch.tensor(a, requires_grad=True) for name, a in params.items()}
    given = {name: torch.tensor(a) if isinstance(a, np.ndarray) else a for name, a in data.items()}
    value = own.value(held, given)
    if not value.requires_grad:  # constant but for jumps
        return {name: np.zeros_like(a) for name, a in params.items()}
    found = torch.autograd.grad(value, list(held.values()), allow_unused=True)
    pairs = zip(held.items(), found, strict=True)
    return {name: np.asarray(torch.zeros_like(a) if g is None else g) for (name, a), g in pairs}


_Differentiated = Callable[[ModuleType, Arrays, Mapping[str, Any]], Arrays]
LIBRARIES: Mapping[str, _Differentiated] = {"jax": _by_jax, "torch": _by_torch}
