"""One-hot rows as labels: u M is a row of M for each label, and u^T d the sum of the rows of d that have it.

e[s, a] = Σ_v u[s, v] M[v, a]    →    e = M[u]
d_M[v, a] = Σ_s u[s, v] d_e[s, a]    →    rows of d_e added at their labels
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType

import numpy as np

from derive.model import Model
from derive.quantities import Domain, Kind, Quantity
from derive.vocabulary import name_of

from .entries import places
from .gradcheck import worst_error
from .operations import Contraction, reads
from .program import Program
from .trialpoints import Point

Counted = tuple[str, int]  # a parameter, and the axis that labels count


def with_labels(program: Program, model: Model) -> Program:
    """The program with the data that may be labels: shares that are multiplied with matrices and nothing else."""
    given = [
        q for q in model.given if q.kind is Kind.DATA and q.domain is Domain.SIMPLEX and q.axes[:-1] == (model.sample,)
    ]
    found = {q.name: counted for q in given if (counted := _counted(program, q)) is not None}
    return replace(program, labels=found) if found else program


def _counted(program: Program, quantity: Quantity) -> Counted | None:
    """The parameter whose rows are looked up by a quantity; None if it is read in another way too."""
    tables: list[str] = []
    for operation in program.every:
        if quantity.name in reads(operation):
            if not isinstance(operation, Contraction) or (form := form_of(operation, quantity.name)) is None:
                return None
            tables += [form] if form else []
    parameters = [t for t in tables if t in {given.name for given in program.given}]
    return (parameters[0], 0) if parameters else None


def form_of(operation: Contraction, name: str) -> str | None:
    """The table that a contraction looks up rows of, "" if it adds rows at labels; None if it does neither.

    Args:
        operation: which reads the name.
        name: of rows u[s, v].
    """
    sides = (operation.left, operation.right)
    own, other = sides if name_of(sides[0]) == name else sides[::-1]
    if name_of(other) == name or len(places(own)) != 2 or len(places(other)) != 2:
        return None
    (s, v), out = places(own), operation.out.axes
    first, last = places(other)
    if operation.over == (v,) and first == v and out == (s, last):
        return name_of(other)
    return "" if operation.over == (s,) and first == s and out == (v, last) else None


# -- checks ----------------------------------------------------------------------------------------


def agreement(module: ModuleType, labels: Mapping[str, Counted], point: Point) -> tuple[float, str]:
    """The worst relative difference between value and gradient for labels and for the rows that they stand for."""
    rng = np.random.default_rng(0)
    chosen = {name: rng.integers(0, a.shape[1], len(a)) for name, a in point.data.items() if name in labels}
    eyes = {name: np.eye(point.data[name].shape[1], dtype=point.data[name].dtype) for name in chosen}
    rows = {**point.data, **{name: eyes[name][each] for name, each in chosen.items()}}
    short = {**point.data, **chosen}
    (value, grads), (wanted, exact) = (module.value_and_grad(point.params, data) for data in (short, rows))
    return worst_error({**grads, "the value": value}, {**exact, "the value": np.asarray(wanted)}, float(wanted))
