"""The proved gradient of a model, as numbers at points where code is tried, and its derivation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from derive.backprop import working
from derive.mistakes.step import Slip, steps
from derive.mistakes.table import slips
from derive.model import Model
from derive.vocabulary import SizeAt, length
from lowering.lists import listed_by
from lowering.loading import loaded_source
from lowering.lower import lowering, proved_partials
from lowering.numeric.environment import whole
from lowering.oracle import Oracle, extreme_points
from lowering.padded import on_padded
from lowering.passed import check_formulas
from lowering.stabilise import with_preactivations
from lowering.trialpoints import Arrays, Point, random_point, trial_sizes

from .calling import AuditError
from .numbers import Derived

EXTREMES = (30.0, 800.0)  # pre-activations, and minus these, at which right code may still overflow or cancel
SQUARE = 3  # all sizes alike, where code runs that takes a transpose for the matrix


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The proved value and gradient at a point, and what the point's arguments are."""

    point: Point
    data: Mapping[str, Any]
    value: float
    gradient: Arrays


@dataclass(frozen=True, kw_only=True)
class Points:
    """Where code is tried.

    Attributes:
        truths: ordinary points.
        extremes: points at which a pre-activation saturates, with a word about each.
        labels: the one-hot rows that are passed as labels.
        alone: what has an entry for each data point, and is passed for the only point, without that axis.
    """

    truths: tuple[Truth, ...]
    extremes: tuple[tuple[str, Truth], ...]
    labels: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()

    def given(self, truth: Truth) -> Mapping[str, Any]:
        """The data of a point as code gets them."""
        data = {n: a.argmax(axis=1) if n in self.labels else a for n, a in truth.data.items()}
        return {n: a[0] if n in self.alone else a for n, a in data.items()}


class Proved:
    """The proved gradient of a model as code, and its derivation.

    Args:
        model: for one data point, or over its data.
    Raises: AuditError: if there is no proof of it.
    """

    def __init__(self, model: Model) -> None:
        check_formulas(model, "an audit")
        stages = lowering(model, dtype="float64", backend="numpy")
        if any(e.proof is None for e in proved_partials(stages)):
            raise AuditError(f"the gradient of {model.name} is not proved, so there is nothing to hold code against")
        self.given = model
        self.model, self.named = stages.over_data, stages.computable.named
        self.module = loaded_source(stages.source)
        self.textbook = working(with_preactivations(self.model))
        self.derived = Derived(self.textbook, steps(self.textbook))

    @cached_property
    def weights(self) -> tuple[str, ...]:
        """The parameters that weigh a penalty and do nothing else; code has seldom a gradient by them."""
        only = {self.model.penalty} - {""}
        users = {q.name: {d.name for d in self.model.consumers.get(q.name, ())} for q in self.model.parameters}
        return tuple(q.name for q in self.model.parameters if users[q.name] == only and not q.axes)

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        """The mistakes that code may make, the more usual first."""
        return tuple(slips(self.textbook))

    @cached_property
    def points(self) -> Points:
        """The points at which code is tried, and those at which a pre-activation saturates."""
        truths = (self._truth(random_point(self.model, sizes, seed=k)) for k, sizes in enumerate(self._sizes()))
        extremes = extreme_points(Oracle(self.named), EXTREMES)
        return Points(
            truths=tuple(truths),
            extremes=tuple((f"{name} reaches {largest:g}", self._truth(point)) for name, largest, point in extremes),
        )

    @cached_property
    def labelled(self) -> Points | None:
        """The same with one-hot rows, where they may be labels; None if there are none."""
        labels: Mapping[str, tuple[str, int]] = getattr(self.module, "LABELS", {})
        if not labels:
            return None
        return Points(
            truths=tuple(self._one_hot(truth, labels) for truth in self.points.truths),
            extremes=tuple((where, self._one_hot(truth, labels)) for where, truth in self.points.extremes),
            labels=tuple(labels),
        )

    def single(self, points: Points) -> Points | None:
        """The like of these points with one data point each, passed as it is; None where nothing counts points."""
        sample = self.model.sample
        if sample is None:
            return None
        one = {str(length(sample)): 1}
        truths = [
            self._truth(random_point(self.model, {**t.point.sizes, **one}, seed=k)) for k, t in enumerate(points.truths)
        ]
        return Points(
            truths=tuple(self._one_hot(t, points.labels) for t in truths),
            extremes=(),
            labels=points.labels,
            alone=tuple(q.name for q in self.model.given if q.axes[:1] == (sample,)),
        )

    def _one_hot(self, truth: Truth, labels: Iterable[str]) -> Truth:
        data, rng = truth.point.data, np.random.default_rng(0)
        rows = {n: np.eye(data[n].shape[1])[rng.integers(0, data[n].shape[1], len(data[n]))] for n in labels}
        return self._truth(replace(truth.point, data={**data, **rows}))

    def _sizes(self) -> Iterator[Mapping[str, int]]:
        """Sizes that all differ, and sizes at which all arrays are square."""
        yield from (found := list(trial_sizes(self.model)))
        lists = (over for q in self.model.given if (over := listed_by(q.axes)) is not None)
        counts = {str(symbol) for over in lists for symbol in length(over).free_symbols}
        alike = {name: k if name in counts else SQUARE for name, k in found[0].items()}
        for count in (length(i) for q in self.model.given for i in q.axes):
            if len(symbols := count.free_symbols) == 1 and not count.has(SizeAt):
                name = str(*symbols)
                alike[name] += SQUARE - whole(count, alike)
        if counts or all(whole(length(i), alike) > 0 for q in self.model.quantities.values() for i in q.axes):
            yield alike

    def _truth(self, point: Point) -> Truth:
        data = {**point.data, **{n: k for n, k in point.sizes.items() if n in self.module.DATA and n not in point.data}}
        module = on_padded(self.module, self.model, point.sizes)
        value, gradient = module.value_and_grad(point.params, data)
        return Truth(point=point, data=data, value=float(value), gradient=dict(gradient))
