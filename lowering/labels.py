"""One-hot rows as labels, where they are multiplied with tables, or are the targets of a softmax, and nothing else.

e[s, a] = Σ_v u[s, v] M[v, a]    →    e = M[u]
d_M[v, a] = Σ_s u[s, v] d_e[s, a]    →    rows of d_e added at their labels
Σ_k y[s, k] log p[s, k]    →    log p at the labels
d_z[s, k] = y[s, k] − p[s, k] Σ_k y[s, k]    →    −p, and at the labels the sum of the other shares
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np
from sympy import Expr, Idx, Mul, Sum

from derive.calculus.indices import free_indices
from derive.model import Model
from derive.quantities import Domain, Kind, Quantity
from derive.vocabulary import is_name, length, name_of, names_in

from .entries import places
from .gradcheck import worst_error
from .numeric.arithmetic import Array
from .operations import Contraction, Elementwise, LogSumExp, Operation, Reduction, Residual, reads
from .program import Program
from .softmax import is_log_share
from .trialpoints import Point

Counted = tuple[str, int]  # a parameter, and the axis that labels count


def with_labels(program: Program, model: Model, outputs: tuple[str, ...]) -> Program:
    """The program with the data that may be labels, as far as these outputs go; for others there are one-hot rows."""
    given = [
        q for q in model.given if q.kind is Kind.DATA and q.domain is Domain.SIMPLEX and q.axes[:-1] == (model.sample,)
    ]
    needed = program.pruned(outputs)
    read = {name for operation in needed.every for name in reads(operation)}
    fit = [q for q in given if q.name in read and may_be_labels(needed, q.name)]
    found = {q.name: counted for q in fit if (counted := _counted(model, q)) is not None}
    return replace(program, labels=found)


def _counted(model: Model, quantity: Quantity) -> Counted | None:
    """A parameter, and its axis, that has as many entries as there are labels; None if there is none."""
    axes = [(q.name, k, i) for q in model.parameters for k, i in enumerate(q.axes)]
    return next(((name, k) for name, k, i in axes if length(i) == length(quantity.axes[-1])), None)


def only_labels(program: Program) -> Program:
    """The program with those data that it can read as labels, as it is."""
    return replace(program, labels={n: c for n, c in program.labels.items() if may_be_labels(program, n)})


def may_be_labels(program: Program, name: str) -> bool:
    """Whether all that reads a name can do with labels."""
    return all(_by_label(o, name, program) for o in program.every if name in reads(o))


def _by_label(operation: Operation, name: str, program: Program) -> bool:
    if isinstance(operation, Contraction):
        return form_of(operation, name) is not None
    if operation.out.name in program.in_loops:
        return False
    if isinstance(operation, Residual):
        return weight_of_targets(operation, name) is not None
    return isinstance(operation, Elementwise) and log_share_at(operation, name, program) is not None


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


# -- targets of a softmax --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LogShare:
    """What is weight · y[s, k] log p[s, k], to be summed over k.

    Attributes:
        product: its name.
        logarithm: that of log p, which nothing else reads.
        targets: that of y.
        weight: without k, such as the weight w[s] of a point; of what is given.
    """

    product: str
    logarithm: str
    targets: str
    weight: Expr


def log_shares_at(program: Program) -> Mapping[str, LogShare]:
    """The logarithms of shares that are read at labels alone, by name."""
    plain = [o for o in program.every if isinstance(o, Elementwise) and o.out.name not in program.in_loops]
    found = (log_share_at(o, name, program) for o in plain for name in program.labels if name in reads(o))
    return {at.logarithm: at for at in found if at is not None}


def log_share_at(operation: Elementwise, name: str, program: Program) -> LogShare | None:
    """The product of targets and logarithms of shares that an operation computes; None for anything else."""
    if len(operation.out.axes) != 2:
        return None
    weight, entries = _factors(operation.expr, operation.out.axes[-1])
    if len(entries) != 2 or not all(map(is_name, entries)) or name not in (names := [name_of(e) for e in entries]):
        return None
    logarithm = names[1 - names.index(name)]
    alone = [o.out.name for o in program.every if logarithm in reads(o)] == [operation.out.name]
    alike = all(places(e) == operation.out.axes for e in entries)
    given = not any(name_of(e) in program.by_name for e in names_in(weight))  # what is computed may come later
    if not (alike and alone and given and _is_log_share(logarithm, program) and _is_summed(operation, program)):
        return None
    return LogShare(product=operation.out.name, logarithm=logarithm, targets=name, weight=weight)


def _is_log_share(name: str, program: Program) -> bool:
    """Whether a name that is no result is z[s, k] − log Σ_k e^z[s, k]."""
    made = program.by_name.get(name)
    if not isinstance(made, Elementwise) or name in program.outputs:
        return False
    sums = (o for o in program.operations if isinstance(o, LogSumExp) and len(o.over) == 1)
    whole = next((o for o in sums if is_log_share(made, o)), None)
    if whole is None or made.out.axes[:-1] != whole.out.axes:
        return False
    return [o for o in program.every if isinstance(o, Elementwise) and is_log_share(o, whole)] == [made]


def _is_summed(operation: Elementwise, program: Program) -> bool:
    """Whether nothing but sums over all labels read a result."""
    name, (*_, k) = operation.out.name, operation.out.axes
    readers = [o for o in program.every if name in reads(o)]
    sums = [o for o in readers if isinstance(o, Reduction) and o.kind is Sum and k in o.over]
    return name not in program.outputs and len(sums) == len(readers) and all(_is_entry(o.expr, name, k) for o in sums)


def _is_entry(expr: Expr, name: str, k: Idx) -> bool:
    (*_, entries) = _factors(expr, k)
    return len(entries) == 1 and is_name(entries[0]) and name_of(entries[0]) == name


def weight_of_targets(operation: Residual, name: str) -> Expr | None:
    """c of c y[s, k] − p[s, k] Σ_k c y[s, k], without k; None for anything else."""
    axes = operation.out.axes
    if len(axes) != 2 or operation.over != axes[1:]:
        return None
    weight, entries = _factors(operation.expr, axes[1])
    if (
        len(entries) != 1
        or not is_name(entries[0])
        or name_of(entries[0]) != name
        or name in map(name_of, names_in(weight))
    ):
        return None
    return weight if places(entries[0]) == places(operation.shares) == axes else None


def _factors(expr: Expr, k: Idx) -> tuple[Expr, list[Expr]]:
    """What is without an index in a product, and the other factors."""
    factors = Mul.make_args(expr)
    entries = [f for f in factors if k in free_indices(f)]
    return Mul(*(f for f in factors if f not in entries)), entries


# -- data ----------------------------------------------------------------------------------------


def shapes_given(
    shapes: Mapping[str, tuple[str, ...]], labels: Collection[str], found: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[str, ...]]:
    """The shapes that a module states, without the axis of one-hot rows where there are labels.

    Args:
        shapes: name to sizes, `{"y": ("n", "K")}`.
        labels: the names that may be labels.
        found: name to the shape of the array.
    """
    short = {name for name in labels if len(found.get(name, ())) == 1}
    return {name: axes[:1] if name in short else axes for name, axes in shapes.items()}


def as_rows(labels: Mapping[str, Counted], params: Mapping[str, Array], data: Mapping[str, Array]) -> dict[str, Array]:
    """The data with one-hot rows in the place of labels."""
    counts = {n: np.shape(params[table])[axis] for n, (table, axis) in labels.items() if np.ndim(data[n]) == 1}
    return {name: np.eye(counts[name])[array] if name in counts else array for name, array in data.items()}


# -- checks ----------------------------------------------------------------------------------------


def agreement(module: ModuleType, labels: Mapping[str, Counted], point: Point) -> tuple[float, str]:
    """The worst relative difference between value and gradient for labels and for the rows that they stand for."""
    rng = np.random.default_rng(0)
    chosen = {name: rng.integers(0, a.shape[1], len(a)) for name, a in point.data.items() if name in labels}
    eyes = {name: np.eye(point.data[name].shape[1], dtype=point.data[name].dtype) for name in chosen}
    rows = {**point.data, **{name: eyes[name][each] for name, each in chosen.items()}}
    short = {**point.data, **chosen}
    try:
        (value, grads), (wanted, exact) = (module.value_and_grad(point.params, data) for data in (short, rows))
    except Exception as error:
        return np.inf, f"{type(error).__name__}: {error}"
    return worst_error({**grads, "the value": value}, {**exact, "the value": np.asarray(wanted)}, float(wanted))
