"""A recursion of a few steps written out: h_t = f(h_{t−1}) for t = 1, …, T at T = 2 as h_1 = f(h_0) and h_2 = f(h_1).

What is computed step by step gets a name for each step, so that nothing recurs any more, and derivatives through all
steps can be carried out. What is given keeps its axis, at the length that it then has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from sympy import Add, Basic, Expr, Idx, Integer, Mul, Product, Sum, Symbol

from ..calculus.indices import bound_in, free_indices, moved, substitute, transform
from ..model import Model
from ..quantities import Definition, Quantity
from ..vocabulary import Partial, indices_of, is_name, name_of, names_in


class OutOfRange(ValueError):
    """An expression speaks of a step before the first or behind the last one."""


@dataclass(frozen=True, kw_only=True)
class Unrolled:
    """A model with a number of steps.

    Attributes:
        model: without recursions.
        size: the name of the size that was given a number.
        steps: that number.
        axes: of each name that is written out, which of its axes counts the steps.
        begun: of each recursion its value before the first step, with the axes that it is given at.
        first: the number of the first step.
    """

    model: Model
    size: Symbol
    steps: int
    axes: Mapping[str, int]
    begun: Mapping[str, Definition]
    first: int

    def places(self, *sides: Expr) -> Iterator[dict[Basic, Basic]]:
        """The values of the free indices that count steps, all of them in turn."""
        free = sorted({i for side in sides for i in free_indices(side) if i.upper.has(self.size)}, key=str)
        found: list[dict[Basic, Basic]] = [{}]
        for i in free:
            low, high = (int(end.subs(self.size, self.steps)) for end in (i.lower, i.upper))
            found = [{**place, i: Integer(k)} for place in found for k in range(low, high + 1)]
        yield from found

    def at(self, expr: Expr, place: Mapping[Basic, Basic]) -> Expr:
        """An expression of the model with recursions, at a place.

        Raises: OutOfRange: if it speaks of a step that there is none.
        """
        return _written(substitute(expr, {**place, self.size: Integer(self.steps)}), self)


def steps_of(model: Model, names: Iterable[str]) -> Idx | None:
    """The index along which names are computed from themselves; None if there is none, or no single one."""
    over = {(d.over.lower, d.over.upper): d.over for d in model.definitions if d.over is not None}
    wanted = set(names)
    found = next(iter(over.values()), None)
    if len(over) != 1 or found is None or not any(model.recurs(n) for n in wanted if n in model.defined):
        return None
    return found if isinstance(found.upper, Symbol) and found.lower.is_Integer else None


@lru_cache(maxsize=64)
def unrolled(model: Model, over: Idx, steps: int) -> Unrolled | None:
    """The model with so many steps of its recursion, or None if its other recursions leave no order."""
    size = over.upper
    axes = {d.name: k for d in model.definitions if (k := _axis_of(d, over)) is not None}
    begun = {d.name: d for d in model.definitions if d.over is not None}
    given = tuple(replace(q, axes=_sized(q.axes, size, steps)) for q in model.given)
    bare = Unrolled(model=model, size=size, steps=steps, axes=axes, begun=begun, first=int(over.lower))
    found = {d.name: d for definition in model.definitions for d in _copies(definition, bare)}
    ordered = _in_order(found, {q.name for q in given})
    if ordered is None:
        return None
    return replace(bare, model=replace(model, given=given, definitions=ordered, objective="", sample=None))


def _axis_of(definition: Definition, over: Idx) -> int | None:
    ends = (over.lower, over.upper)
    return next((k for k, i in enumerate(definition.quantity.axes) if (i.lower, i.upper) == ends), None)


def _sized(axes: Iterable[Idx], size: Symbol, steps: int) -> tuple[Idx, ...]:
    return tuple(moved(i, {size: Integer(steps)}) for i in axes)


def _copies(definition: Definition, whole: Unrolled) -> Iterator[Definition]:
    """A definition once for each step, but where it speaks of a step that there is none; another one as it is."""
    axis = whole.axes.get(definition.name)
    quantity = definition.quantity
    for step in range(whole.first, whole.steps + 1) if axis is not None else (0,):
        place: dict[Basic, Basic] = {} if axis is None else {quantity.axes[axis]: Integer(step)}
        rest = tuple(i for k, i in enumerate(quantity.axes) if k != axis)
        old: dict[Basic, Basic] = {
            i: new for i, new in zip(rest, _sized(rest, whole.size, whole.steps), strict=True) if i != new
        }
        try:
            expr = whole.at(definition.expr, {**place, **old})
        except OutOfRange:
            continue
        name = quantity.name if axis is None else _named(quantity.name, step)
        named: Quantity = replace(quantity, name=name, axes=_sized(rest, whole.size, whole.steps))
        yield Definition(quantity=named, expr=expr)


def _named(name: str, step: int) -> str:
    return f"{name}__{step}"


def _written(expr: Expr, whole: Unrolled) -> Expr:
    """The expression with the names of single steps, and sums over steps as their terms."""

    def rule(e: Expr) -> Expr | None:
        if isinstance(e, Partial):
            wrt = _written(e.wrt, whole)
            if not is_name(wrt):
                raise OutOfRange(f"{e.wrt} is no quantity of its own")
            return Partial(_written(e.of, whole), wrt)
        if isinstance(e, Sum | Product) and _runs_over_steps(e, whole):
            return _terms(e, whole)
        return _atom(e, whole) if is_name(e) and name_of(e) in whole.axes else None

    written: Expr = transform(expr, rule)
    return written


def _atom(atom: Expr, whole: Unrolled) -> Expr:
    name, where = name_of(atom), indices_of(atom)
    axis = whole.axes[name]
    step, rest = where[axis], tuple(i for k, i in enumerate(where) if k != axis)
    if not step.is_Integer:
        raise OutOfRange(f"{name} stands at a step that is not known")
    if int(step) == whole.first - 1 and name in whole.begun:
        return _base(whole.begun[name], axis, rest, whole)
    if not whole.first <= int(step) <= whole.steps:
        raise OutOfRange(f"{name} has no step {step}")
    quantity = Quantity(name=_named(name, int(step)), latex="")
    return quantity.at(*rest) if rest else quantity.at()


def _base(definition: Definition, axis: int, rest: tuple[Expr, ...], whole: Unrolled) -> Expr:
    """The value before the first step, at the other indices."""
    assert definition.base is not None
    others = (i for k, i in enumerate(definition.quantity.axes) if k != axis)
    places: dict[Basic, Basic] = dict(zip(others, rest, strict=True))
    return _written(substitute(definition.base, places), whole)


def _runs_over_steps(expr: Sum | Product, whole: Unrolled) -> bool:
    """Whether a bound index stands at the step of a name."""
    bound = {i for i, _, _ in bound_in(expr)}
    atoms = (a for a in names_in(expr.function) if name_of(a) in whole.axes)
    return any(free_indices(indices_of(a)[whole.axes[name_of(a)]]) & bound for a in atoms)


def _terms(expr: Sum | Product, whole: Unrolled) -> Expr:
    """A sum or product written out over its outermost index."""
    *inner, (i, lower, upper) = bound_in(expr)
    if not (lower.is_Integer and upper.is_Integer):
        raise OutOfRange(f"the ends of {i} are not known")
    body = expr.func(expr.function, *inner) if inner else expr.function
    terms = [_written(substitute(body, {i: Integer(k)}), whole) for k in range(int(lower), int(upper) + 1)]
    return Add(*terms) if isinstance(expr, Sum) else Mul(*terms)


def _in_order(found: Mapping[str, Definition], given: set[str]) -> tuple[Definition, ...] | None:
    """The definitions, each after those that it uses; those that use what there is none are left out."""
    ordered: dict[str, Definition] = {}
    left = dict(found)
    while left:
        ready = [n for n, d in left.items() if {name_of(a) for a in names_in(d.expr)} <= given | ordered.keys()]
        if not ready:
            break
        ordered |= {n: left.pop(n) for n in ready}
    return tuple(ordered.values()) if ordered else None
