"""Derivatives measured: a quantity is nudged where it is computed, and what that does to another is a difference.

With 60 digits and a step of 1e-15 a central difference is right to about 30 digits, so a law that compares a derived
partial with it at 1e-12 has no doubt about rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Expr, IndexedBase, Symbol

from derive.calculus.indices import transform
from derive.model import Model
from derive.quantities import Domain, Quantity
from derive.vocabulary import Partial, indices_of, name_of
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.environment import Environment, whole
from lowering.numeric.evaluate import evaluate
from lowering.numeric.forward import forward

ARITHMETIC = mpmath_arithmetic(60)
STEP = ARITHMETIC.convert(1) / ARITHMETIC.convert(10**15)
TOLERANCE = 1e-12
SIZES: tuple[dict[str, int], ...] = ({}, {"default": 2}, {"default": 3, "S": 2, "H": 2, "m": 2})
FIRST = {
    "n": 2,
    "N": 5,
    "m_x": 1,
    "m_h": 2,
    "d": 3,
    "C": 3,
    "T": 3,
    "H": 2,
    "L": 3,
    "P": 2,
    "F": 2,
    "R": 3,
    "O": 2,
    "S": 1,
}


def sizes_of(model: Model, choice: Mapping[str, int]) -> dict[str, int]:
    """A number for every size of a model: the one of `choice`, its default, or one of a first, uneven set."""
    symbols = {s.name for q in model.quantities.values() for i in q.axes for s in (i.lower + i.upper).free_symbols}
    symbols |= {s.name for d in model.definitions for s in d.expr.atoms(Symbol) if s.is_integer and s.is_positive}
    default = choice.get("default")
    return {n: choice.get(n, default or FIRST.get(n, 2)) for n in symbols}


def shape_of(q: Quantity, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The lengths of the axes of a quantity."""
    return tuple(whole(i.upper - i.lower + 1, sizes) for i in q.axes)


def drawn(q: Quantity, sizes: Mapping[str, int], points: int, generator: np.random.Generator) -> Any:
    """Values of a given quantity inside its domain, of shape (points, *axes); they are exact decimals."""
    shape = (points, *shape_of(q, sizes))
    if q.domain in (Domain.POSITIVE, Domain.UNIT):
        return np.round(generator.uniform(0.2, 0.9, shape), 3)
    if q.domain is Domain.SIGN:
        return 2 * generator.integers(0, 2, shape) - 1
    if q.domain is Domain.SIMPLEX:  # sixteenths that sum to one exactly, none of them zero
        length = shape[-1]
        return (1 + generator.multinomial(16 - length, np.full(length, 1 / length), shape[:-1])) / 16
    if q.domain is Domain.POSITIVE_DEFINITE:
        root = np.round(generator.uniform(-0.8, 0.8, shape), 1)
        return root @ np.swapaxes(root, -1, -2) + np.eye(shape[-1])
    return np.round(generator.uniform(-0.8, 0.8, shape), 3)


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """A model at some points.

    Attributes:
        model: its definitions, recursions included.
        sizes: name to number.
        points: how many points are drawn.
        seed: of the draw.
    """

    model: Model
    sizes: Mapping[str, int]
    points: int = 1
    seed: int = 3

    @cached_property
    def given(self) -> dict[str, Any]:
        """The given quantities, drawn in the order in which the model has them."""
        generator = np.random.default_rng(self.seed)
        return {q.name: drawn(q, self.sizes, self.points, generator) for q in self.model.given}

    @cached_property
    def environment(self) -> Environment:
        """All quantities at the points."""
        return forward(self.model, self.sizes, self.given, ARITHMETIC)

    def along(self, of: str, wrt: str, directions: Any) -> Any:
        """The derivative of `of` along directions of `wrt`.

        Args:
            of, wrt: names.
            directions: shape (points, k, *axes of wrt), k of them for each point.
        Returns: shape (points, k, *axes of `of`).
        """
        count = directions.shape[1]
        tiled = {name: np.repeat(values, 2 * count, axis=0) for name, values in self.given.items()}
        steps = ARITHMETIC.convert(np.stack([directions, -directions], axis=2).reshape(-1, *directions.shape[2:]))
        needed = [d.name for d in self.model.definitions if self.model.depends(of, d.name)]
        moved = forward(self.model, self.sizes, tiled, ARITHMETIC, needed=needed, nudges={wrt: steps * STEP})
        values = self._own(of, moved)
        if values.shape[0] == 1:  # `of` does not depend on anything that differs between the points
            values = np.repeat(values, self.points * 2 * count, axis=0)
        ends = values.reshape(self.points, count, 2, *values.shape[1:])
        return (ends[:, :, 0] - ends[:, :, 1]) / (2 * STEP)

    @cached_property
    def _measured(self) -> dict[tuple[str, str], Any]:
        return {}

    def by_entry(self, of: str, wrt: str) -> Any:
        """∂of/∂wrt at every entry of `wrt`, of shape (points, *axes of `of`, *axes of wrt)."""
        if (of, wrt) not in self._measured:
            self._measured[of, wrt] = self._by_entry(of, wrt)
        return self._measured[of, wrt]

    def _by_entry(self, of: str, wrt: str) -> Any:
        shape = shape_of(self.model.quantities[wrt], self.sizes)
        count = int(np.prod(shape, dtype=int))
        units = np.eye(count).reshape(1, count, *shape)
        measured = self.along(of, wrt, np.repeat(units, self.points, axis=0))
        last = np.moveaxis(measured, 1, -1)
        return last.reshape(*last.shape[:-1], *shape)

    def of_result(self, result: Expr, axes: tuple[Expr, ...]) -> Any:
        """A derived expression at the points, over the given axes.

        What it leaves in terms of other derivatives of the objective, along a recursion, is put in as measured.
        """
        left = {(name_of(p.of), name_of(p.wrt)) for p in result.atoms(Partial)}
        values, lowers = dict(self.environment.values), dict(self.environment.lowers)
        for of, wrt in left:
            values[f"measured_{of}_{wrt}"] = self.by_entry(of, wrt)
            axes_there = (*self.model.quantities[of].axes, *self.model.quantities[wrt].axes)
            lowers[f"measured_{of}_{wrt}"] = tuple(whole(i.lower, self.sizes) for i in axes_there)
        env = Environment(sizes=self.sizes, values=values, lowers=lowers)
        return evaluate(transform(result, _as_measured), env, axes, ARITHMETIC)

    def _own(self, name: str, moved: Environment) -> Any:
        """The values of a quantity in its own range; a recursion stores its base before it."""
        array = moved.values[name]
        for axis, i in enumerate(self.model.quantities[name].axes):
            if moved.lowers[name][axis] < whole(i.lower, self.sizes):
                array = np.delete(array, 0, axis=axis + 1)
        return array


def _as_measured(expr: Expr) -> Expr | None:
    """A derivative as an entry of the array that was measured for it."""
    if not isinstance(expr, Partial):
        return None
    of, wrt = expr.of, expr.wrt
    name, where = f"measured_{name_of(of)}_{name_of(wrt)}", (*indices_of(of), *indices_of(wrt))
    return IndexedBase(Symbol(name, real=True))[where] if where else Symbol(name, real=True)


def upstream(model: Model) -> list[Quantity]:
    """The quantities that the objective depends on, given or defined."""
    return [q for q in model.quantities.values() if q.name in model.ancestors[model.objective]]


def agrees(exact: Any, measured: Any, tolerance: float = TOLERANCE) -> bool:
    """Whether two arrays are equal entry by entry, relative to 1 + |measured|."""
    scale = 1 + np.abs(measured)
    return bool((np.abs(exact - measured) <= tolerance * scale).all())
