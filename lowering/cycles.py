"""Definitions in an order in which they can be computed, and those that need each other along an index together.

A definition that uses itself, or a later one, at another value of an index such as time is computed step by step
with all that are on the way round: h_t needs z_t, which needs h_{t−1}. Adjoints need each other at t + 1, so their
steps run backwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sympy import Basic, Expr, Idx, Integer

from derive.calculus.indices import free_indices, placed, substitute
from derive.quantities import Definition
from derive.reach import Reach
from derive.vocabulary import indices_of, name_of, names_in

from .program import LoweringError


@dataclass(frozen=True, kw_only=True)
class Group:
    """One definition, or those of a cycle in the order of one step.

    Attributes:
        over: the index along which they need each other; None if they do not.
        backwards: whether they need later values.
    """

    definitions: tuple[Definition, ...]
    over: Idx | None = None
    backwards: bool = False


def groups(definitions: Iterable[Definition]) -> tuple[Group, ...]:
    """The definitions, each after those that it uses, cycles kept together.

    Raises: LoweringError: for a cycle that does not run along one index.
    """
    listed = tuple(definitions)
    reads = {d.name: _reads(d) for d in listed}
    reach = Reach(reads)
    together: dict[str, tuple[Definition, ...]] = {}
    for d in listed:
        if d.name not in together:
            cycle = tuple(e for e in listed if reach.depends(d.name, e.name) and reach.depends(e.name, d.name))
            together.update(dict.fromkeys((e.name for e in cycle or (d,)), cycle or (d,)))
    found: dict[str, Group] = {}

    def visit(name: str) -> None:
        if name in found or name not in together:
            return
        members = together[name]
        group = _group(members, name in reads and reach.depends(name, name))
        own = {d.name for d in members}
        for d in members:
            for read in reads[d.name]:
                if read not in own:
                    visit(read)
        found.update(dict.fromkeys(own, group))

    for d in listed:
        visit(d.name)
    return tuple({id(group): group for group in found.values()}.values())


def at_base(d: Definition) -> Expr | None:
    """The value of a recursion just before its range, in indices over the ranges that they have there."""
    if d.base is None or d.over is None:
        return d.base
    axes = d.quantity.axes
    there: dict[Basic, Basic] = dict(zip(axes, placed(axes, {d.over: d.over.lower - 1}), strict=True))
    return substitute(d.base, there)


def _reads(d: Definition) -> tuple[str, ...]:
    parts = (d.expr, d.base if d.base is not None else Integer(0))
    return tuple(dict.fromkeys(name_of(a) for part in parts for a in names_in(part)))


def _group(members: tuple[Definition, ...], cyclic: bool) -> Group:
    if not cyclic:
        return Group(definitions=members)
    own = {d.name: d for d in members}
    over, shifts = _along(own)
    return Group(definitions=_one_step(own, over), over=over, backwards=max(shifts) > 0)


def _along(own: Mapping[str, Definition]) -> tuple[Idx, set[int]]:
    """The index along which definitions need each other, and by how much it is moved."""
    moved = [(d, a, k) for d in own.values() for a in names_in(d.expr) if name_of(a) in own for k in _shifted(a)]
    over = {own[name_of(a)].quantity.axes[k] for _, a, k in moved}
    steps = {(indices_of(a)[k] - own[name_of(a)].quantity.axes[k]).expand() for _, a, k in moved}
    shifts = {int(step) for step in steps if step.is_Integer}
    if len(over) != 1 or len(shifts) < len(steps) or not (shifts <= {-1, 0} or shifts <= {0, 1}):
        raise LoweringError(
            f"the definitions of {', '.join(own)} need each other, but not one step before along one index; "
            "lowering needs a recursion h_t of h_(t-1)"
        )
    (index,) = over
    for d in own.values():
        if index not in d.quantity.axes:
            raise LoweringError(f"{d.name} is part of a recursion along {index.label}, but has no such axis")
    return index, shifts


def _shifted(entry: Expr) -> tuple[int, ...]:
    """The positions of an entry whose index is moved by a whole number."""
    return tuple(k for k, e in enumerate(indices_of(entry)) if not isinstance(e, Idx) and _by_a_number(e))


def _by_a_number(place: Expr) -> bool:
    found = free_indices(place)
    return len(found) == 1 and (place - min(found, key=str)).expand().is_Integer is True


def _one_step(own: Mapping[str, Definition], over: Idx) -> tuple[Definition, ...]:
    """The definitions in an order in which each uses values of the same step that are there already."""
    same = {
        d.name: {name_of(a) for a in names_in(d.expr) if name_of(a) in own and _now(a, own, over)} for d in own.values()
    }
    ordered: list[Definition] = []
    while len(ordered) < len(own):
        done = {d.name for d in ordered}
        ready = next((d for d in own.values() if d.name not in done and same[d.name] <= done), None)
        if ready is None:
            raise LoweringError(f"the definitions of {', '.join(own)} need each other at the same {over.label}")
        ordered.append(ready)
    return tuple(ordered)


def _now(entry: Expr, own: Mapping[str, Definition], over: Idx) -> bool:
    return bool(indices_of(entry)[own[name_of(entry)].quantity.axes.index(over)] == over)
