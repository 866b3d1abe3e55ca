"""Entries at k and at k + 1 as letters of their own, so that what is said of any k can be tried."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from sympy import Expr, Idx, Indexed

from derive.calculus.indices import free_indices, transform
from derive.model import Model
from derive.quantities import Domain, Kind, Quantity
from derive.vocabulary import indices_of, name_of, scalar

from ..conditions import Condition


def is_shifted(*exprs: Expr) -> bool:
    """Whether an entry stands at a free index and a number more or less."""
    return any(not isinstance(i, Idx) and free_indices(i) for e in exprs for a in _entries(e) for i in indices_of(a))


def taken_apart(
    lower: Expr, upper: Expr, conditions: tuple[Condition, ...], model: Model
) -> tuple[Expr, Expr, tuple[Condition, ...], Model] | None:
    """The inequality, its conditions and its model with each entry at free indices as a number of its own.

    Returns: None if a name with a definition is among them.
    """
    found: dict[Expr, Quantity] = {}
    exprs = (lower, upper, *(c.expr for c in conditions))
    for a in (a for e in exprs for a in _entries(e)):
        if name_of(a) in model.defined:
            return None
        domain = model.quantities[name_of(a)].domain if name_of(a) in model.quantities else Domain.REAL
        found[a] = Quantity(name=str(a), latex=str(a), kind=Kind.DATA, domain=domain)

    def written(e: Expr) -> Expr:
        done: Expr = transform(e, lambda a: scalar(found[a].name) if a in found else None)
        return done

    held = [dataclasses.replace(c, expr=written(c.expr)) for c in conditions]
    for c in conditions:  # e_k ≥ 0 is said of every k
        held += [dataclasses.replace(c, expr=scalar(q.name)) for a, q in found.items() if _is_alike(a, c.expr)]
    given = (*model.given, *found.values())
    return written(lower), written(upper), tuple(held), dataclasses.replace(model, given=given)


def _entries(expr: Expr) -> Iterator[Indexed]:
    return (
        a for a in sorted(expr.atoms(Indexed), key=str) if free_indices(a) and free_indices(a) <= free_indices(expr)
    )


def _is_alike(entry: Expr, other: Expr) -> bool:
    return isinstance(other, Indexed) and isinstance(entry, Indexed) and other.base == entry.base
