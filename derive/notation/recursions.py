"""Definitions in an order in which each uses earlier ones, and which of them are recursions along an index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sympy import Expr, Idx

from ..calculus.indices import substitute
from ..vocabulary import indices_of, name_of, names_in


@dataclass(frozen=True, kw_only=True)
class Body:
    """The right side of a definition, and the indices of the entry that it defines."""

    expr: Expr
    place: tuple[Expr, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Order:
    """Definitions in order.

    Attributes:
        bodies: by name, each after those that it uses at the same step; the indices along a recursion are one.
        over: the names that are computed from themselves at earlier steps, and the index that counts these.
    """

    bodies: Mapping[str, Body]
    over: Mapping[str, Idx] = field(default_factory=dict)


def in_order(bodies: Mapping[str, Body]) -> Order:
    """Sort definitions; a circle within one step keeps the order of the text and loses its last part."""
    order = _sorted(bodies)
    over: dict[str, Idx] = {}
    renamed = dict(bodies)
    for name in order:
        for used, letter, axis in earlier(bodies[name]):
            if used not in order or not _reaches(used, name, bodies):
                continue
            along = bodies[used].place[axis]
            if isinstance(along, Idx):
                over[used] = along
                renamed[name] = _along(renamed[name], letter, along)
    return Order(bodies={n: renamed[n] for n in order}, over=over)


def earlier(body: Body) -> Iterator[tuple[str, Idx, int]]:
    """The names used at an earlier step, with the index of the step and the axis at which it stands: h_{t−1}."""
    steps = [i for i in body.place if isinstance(i, Idx)]
    for atom in sorted(names_in(body.expr), key=str):
        for axis, index in enumerate(indices_of(atom)):
            letter = next((i for i in steps if (i - index).is_Integer and i - index > 0), None)
            if letter is not None:
                yield name_of(atom), letter, axis


def used_now(body: Body) -> set[str]:
    """The names used at the same step: what a definition cannot share with itself."""
    steps = [i for i in body.place if isinstance(i, Idx)]
    return {
        name_of(a)
        for a in names_in(body.expr)
        if not any((i - index).is_Integer and i - index > 0 for i in steps for index in indices_of(a))
    }


def circle(name: str, bodies: Mapping[str, Body]) -> tuple[str, ...]:
    """The names through which a name is computed from itself within one step; () if it is not."""
    todo: list[tuple[str, tuple[str, ...]]] = [(n, (name,)) for n in sorted(used_now(bodies[name]))]
    seen: set[str] = set()
    while todo:
        current, path = todo.pop()
        if current == name:
            return path
        if current in bodies and current not in seen:
            seen.add(current)
            todo += [(n, (*path, current)) for n in sorted(used_now(bodies[current]))]
    return ()


def _along(body: Body, letter: Idx, along: Idx) -> Body:
    if letter == along:
        return body
    place = tuple(along if i == letter else i for i in body.place)
    return replace(body, expr=substitute(body.expr, {letter: along}), place=place)


def _reaches(name: str, target: str, bodies: Mapping[str, Body]) -> bool:
    """Whether a name is computed from another, at whatever step."""
    todo, seen = [name], set[str]()
    while todo:
        current = todo.pop()
        if current == target:
            return True
        if current in bodies and current not in seen:
            seen.add(current)
            todo += [name_of(a) for a in names_in(bodies[current].expr)]
    return False


def _sorted(bodies: Mapping[str, Body]) -> list[str]:
    order: list[str] = []
    open_: set[str] = set()

    def visit(name: str) -> bool:
        if name in order:
            return True
        if name in open_:
            return False
        open_.add(name)
        now, used = used_now(bodies[name]), dict.fromkeys(name_of(a) for a in names_in(bodies[name].expr))
        reached = {n: visit(n) for n in used if n in bodies}
        fine = all(reached[n] for n in reached if n in now)
        open_.discard(name)
        if fine:
            order.append(name)
        return fine

    for name in bodies:
        visit(name)
    return order
