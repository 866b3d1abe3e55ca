"""Points at which a lowered module is tried: sizes, with data and parameters drawn from their domains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from sympy import Expr, Idx, Sum, Symbol, log

from derive.calculus.indices import free_indices
from derive.calculus.trees import args_of
from derive.model import Model
from derive.quantities import Domain, Kind, Quantity
from derive.rows.functions import RowFunction
from derive.vocabulary import SizeAt, is_name, length, name_of, names_in

from .lists import by_letter, span
from .numeric.arithmetic import Array
from .numeric.environment import whole
from .program import LoweringError
from .sums import is_log_sum_exp, limits_of

Arrays = dict[str, Array]

SPAN, FEW_SIZES = 12, 4


@dataclass(frozen=True, kw_only=True)
class Point:
    """Sizes with data and parameters."""

    sizes: Mapping[str, int]
    params: Arrays
    data: Arrays

    def cast(self, dtype: str) -> Point:
        """The same point in arrays of this dtype."""
        return replace(
            self,
            params={k: v.astype(dtype) for k, v in self.params.items()},
            data={k: v.astype(dtype) for k, v in self.data.items()},
        )


def trial_sizes(model: Model) -> Iterator[dict[str, int]]:
    """Three choices of sizes at which every axis has a length, and no two different lengths of given axes agree.

    Where there are many sizes, only those of the same array differ, so that the arrays stay small.
    """
    given = [dict.fromkeys(_length(i) for i in q.axes) for q in model.given]
    every = _lengths(model)
    names = _names(every)
    few = len(names) <= FEW_SIZES
    apart = [dict.fromkeys(e for array in given for e in array)] if few else given
    for shift in range(3):
        order = names[shift % len(names) :] + names[: shift % len(names)] if names else []
        found = _found(model, _sizes(apart, every, order, start=2 + shift // max(len(names), 1), known={}))
        yield {**found, **_widths(model, found)}


def least_sizes(model: Model) -> dict[str, int]:
    """Sizes of 2 where every axis has a length then: the least at which sums are sums."""
    every = _lengths(model)
    found = _found(model, _sizes([], every, _names(every), start=2, known={}))
    return {**found, **_widths(model, found)}


def _widths(model: Model, sizes: Mapping[str, int]) -> dict[str, int]:
    """Sizes n_l, under the name "n_2", no two of them in a row alike."""
    found: dict[str, int] = {}
    for letter, known in by_letter(model.given).items():
        first, last = (whole(end, sizes) for end in span(known))
        found |= {f"{letter}_{k}": sizes[letter] + (0, 2, 1)[(k - first) % 3] for k in range(first, last + 1)}
    return found


def _lengths(model: Model) -> dict[Expr, None]:
    """The lengths of all axes and ranges, those of what is given first."""
    ranges = {i for q in model.quantities.values() for i in q.axes}
    ranges |= {i for d in model.definitions for i in d.expr.atoms(Idx)}
    found = sorted((_length(i) for i in ranges if not free_indices(_length(i))), key=str)
    return dict.fromkeys((*(_length(i) for q in model.given for i in q.axes), *found))


def _length(i: Idx) -> Expr:
    """The length of an axis, with n for each n_l."""
    count = length(i)
    plain: Expr = count.xreplace({e: args_of(e)[0] for e in count.atoms(SizeAt)})
    return plain


def _names(lengths: Iterable[Expr]) -> list[str]:
    return sorted({s.name for e in lengths for s in e.atoms(Symbol)})


def _found(model: Model, sizes: dict[str, int] | None) -> dict[str, int]:
    if sizes is None:
        raise LoweringError(f"no small sizes were found at which every axis of {model.name} has a length")
    return sizes


def _sizes(
    apart: list[dict[Expr, None]], every: Mapping[Expr, None], order: list[str], start: int, known: dict[str, int]
) -> dict[str, int] | None:
    """Sizes for the names, the smallest that fit, from `start` on and then below it."""
    if not order:
        return known
    for number in (*range(start, start + SPAN), *range(1, start)):
        tried = {**known, order[0]: number}
        fixed = {e: whole(e, tried) for e in every if {s.name for s in e.atoms(Symbol)} <= set(tried)}
        groups = [[fixed[e] for e in group if e in fixed] for group in apart]
        taken = len(apart) == 1 and number in known.values()
        if taken or min(fixed.values(), default=1) < 1 or any(len(set(group)) < len(group) for group in groups):
            continue
        found = _sizes(apart, every, order[1:], start, tried)
        if found is not None:
            return found
    return None


def random_point(model: Model, sizes: Mapping[str, int], seed: int) -> Point:
    """Data and parameters drawn from their domains."""
    rng = np.random.default_rng(seed)
    drawn = {q.name: _drawn(rng, q, sizes) for q in model.given}
    parameters = {q.name for q in model.given if q.kind is Kind.PARAMETER}
    return Point(
        sizes=sizes,
        params={k: v for k, v in drawn.items() if k in parameters},
        data={k: v for k, v in drawn.items() if k not in parameters},
    )


def _drawn(rng: np.random.Generator, quantity: Quantity, sizes: Mapping[str, int]) -> Array:
    size = tuple(whole(length(i), sizes) for i in quantity.axes)
    normal = rng.standard_normal(size)
    if quantity.domain is Domain.POSITIVE_DEFINITE:
        return np.asarray(normal @ normal.T / size[-1] + np.eye(size[-1]))
    if quantity.domain is Domain.BINARY:
        return np.asarray((normal > 0).astype(np.float64))
    if quantity.domain is Domain.SIGN:
        return np.asarray(np.where(normal > 0, 1.0, -1.0))
    if quantity.domain is Domain.UNIT:
        return np.asarray(rng.uniform(0.05, 0.95, size))
    if quantity.domain is Domain.NATURAL:
        return np.asarray(rng.poisson(2.0, size).astype(np.float64))
    positive = np.abs(normal) + 0.1
    if quantity.domain is Domain.SIMPLEX:
        return np.asarray(positive / positive.sum(axis=-1, keepdims=True))
    return np.asarray(positive if quantity.domain is not Domain.REAL else normal)


def preactivations(model: Model) -> list[str]:
    """The names that a function of the model is applied to, those under log Σ e^z included."""
    applied = [d.expr.args[0] for d in model.definitions if isinstance(d.expr, RowFunction)]
    sums = [limits_of(s)[1] for d in model.definitions if is_log_sum_exp(d.expr) for s in d.expr.atoms(Sum)]
    applied += [body.args[0] for body in sums if not any(model.defined[n].expr.has(log) for n in _defined(body, model))]
    found = [name_of(z) for z in applied if is_name(z)]
    return [name for name in dict.fromkeys(found) if name in model.defined and direct_parameters(model, name)]


def _defined(expr: Expr, model: Model) -> set[str]:
    return {name_of(a) for a in names_in(expr)} & set(model.defined)


def direct_parameters(model: Model, name: str) -> list[str]:
    """The parameters that the definition of a name uses."""
    parameters = {q.name for q in model.parameters}
    return sorted({name_of(a) for a in names_in(model.defined[name].expr)} & parameters)
