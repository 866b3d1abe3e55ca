"""First-order optimisers, one row each: how a gradient becomes a direction.

    θ ← θ + η d   to maximise,   θ ← θ - η d   to minimise

with g the gradient at θ, t = 1, 2, … the number of the step, η the step size. All operations are elementwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .solvers import SOLVERS, Solver

Array = NDArray[Any]
Slots = Mapping[str, Array]


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """A first-order optimiser.

    Attributes:
        name: what it is chosen by.
        formula: its direction d, in LaTeX.
        slots: the names of what it remembers, each of the shape of the parameter and zero at first.
        step: the step size η unless another is given.
        direction: g, the slots and t to d and the new slots.
        source: key and place in reports/sources.bib.
    """

    name: str
    formula: str
    slots: tuple[str, ...] = ()
    step: float
    direction: Callable[[Array, Slots, int], tuple[Array, Slots]]
    source: str


def _sgd(g: Array, slots: Slots, t: int) -> tuple[Array, Slots]:
    """D = g."""
    return g, slots


def _momentum(g: Array, slots: Slots, t: int) -> tuple[Array, Slots]:
    """V ← 0.9 v + g, d = v."""
    v = 0.9 * slots["v"] + g
    return v, {"v": v}


def _adam(g: Array, slots: Slots, t: int) -> tuple[Array, Slots]:
    """M ← 0.9 m + 0.1 g, v ← 0.999 v + 0.001 g², d = m̂ / (√v̂ + 1e-8), m̂ = m/(1 - 0.9^t), v̂ = v/(1 - 0.999^t).

    With c = √(1 - 0.999^t), d = m / ((√v + 1e-8 c) (1 - 0.9^t) / c): one division and one array fewer.
    """
    m, scratch = 0.9 * slots["m"], 0.1 * g
    m += scratch
    v, scratch = 0.999 * slots["v"], g * g
    scratch *= 0.001
    v += scratch
    root = np.sqrt(1 - 0.999**t).item()
    size = np.sqrt(v)
    size += 1e-8 * root
    size *= (1 - 0.9**t) / root
    return m / size, {"m": m, "v": v}


OPTIMIZERS: tuple[Optimizer, ...] = (
    Optimizer(name="sgd", formula=r"d = g", step=1.0, direction=_sgd, source="goodfellow2016:8.3.1"),
    Optimizer(
        name="momentum",
        formula=r"v \leftarrow 0.9\,v + g,\quad d = v",
        slots=("v",),
        step=0.1,
        direction=_momentum,
        source="goodfellow2016:8.3.2",
    ),
    Optimizer(
        name="adam",
        formula=r"m \leftarrow 0.9\,m + 0.1\,g,\quad v \leftarrow 0.999\,v + 0.001\,g^2,\quad"
        r" d = \frac{m/(1-0.9^t)}{\sqrt{v/(1-0.999^t)} + 10^{-8}}",
        slots=("m", "v"),
        step=0.01,
        direction=_adam,
        source="kingma2015:algorithm 1",
    ),
)

METHODS: tuple[Optimizer | Solver, ...] = (*OPTIMIZERS, *SOLVERS)


def optimizer_named(name: str) -> Optimizer | Solver:
    """The optimiser with this name.

    Raises:
        ValueError: if there is none; lists those there are.
    """
    for row in METHODS:
        if row.name == name:
            return row
    raise ValueError(f"no optimizer {name!r}; there are {', '.join(row.name for row in METHODS)}")
