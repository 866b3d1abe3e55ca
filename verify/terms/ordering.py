"""Sums over several letters with the same limits, which may be exchanged: Σ_i Σ_j a_ij b_j is Σ_j b_j Σ_i a_ij.

Of all ways to exchange the names of these letters everywhere in a sum the first one by the alphabet is taken. Names are
exchanged all at once, also within what a sum holds, so that nothing is bound that was free.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice, permutations, product
from typing import Any

from sympy import Expr, Symbol

from .table import Range, Table, Total, symbols_in

NUMBERED = re.compile(r"(•.*?)(\d+)\Z")
MOST = 24  # ways to exchange names


def in_order(value: Expr, table: Table) -> Expr:
    """A value whose sums have their letters in order."""
    new: dict[Any, Any] = {s: ordered(s, table) for s in symbols_in(value) if s in table.totals}
    found: Expr = value.subs(new, simultaneous=True) if new else value
    return found


def ordered(symbol: Symbol, table: Table) -> Symbol:
    """A sum with its letters in order; what is no sum over several letters stays as it is."""
    inner = table.totals.get(symbol)
    if inner is None or len(inner.ranges) < 2:
        return symbol
    bound = {b for r in inner.ranges for b in r.bound or ()}
    if any(r.letters & bound or r.bound is None for r in inner.ranges):  # the limits of Σ_i Σ_{j ≤ i} would change too
        return symbol
    names = _groups(inner)
    if not names:
        return symbol
    cores = [str(_renamed(inner.core, names)) for names in islice(_exchanges(names), MOST)]
    keys = "; ".join(r.key for r in inner.ranges)
    return Symbol(f"M[{keys}]({min(cores)})")


def _groups(inner: Total) -> list[list[str]]:
    """The letters of a sum that have the same limits as others."""
    groups: dict[str, list[str]] = {}
    for r in inner.ranges:
        if (found := _numbered(r)) is not None:
            groups.setdefault(found[0], []).append(found[1])
    return [group for group in groups.values() if len(group) > 1]


def _exchanges(groups: list[list[str]]) -> Iterator[Mapping[str, str]]:
    """The ways to exchange letters with those of their group."""
    for chosen in product(*(permutations(group) for group in groups)):
        pairs = (pair for group, order in zip(groups, chosen, strict=True) for pair in zip(group, order, strict=True))
        yield dict(pairs)


def _numbered(r: Range) -> tuple[str, str] | None:
    """The limits and the name of the only letter of a range; None if it has several, or others in its limits."""
    name = next(iter(r.bound)).name if r.bound is not None and len(r.bound) == 1 else ""
    found = NUMBERED.fullmatch(name)
    if found is None or r.key != f"{found[1][1:]} {name}" or "•" in found[1][1:]:
        return None
    return found[1], name


def _renamed(value: Expr, names: Mapping[str, str]) -> Expr:
    pattern = re.compile("|".join(rf"{re.escape(name)}(?!\d)" for name in names))
    new: dict[Any, Any] = {s: Symbol(pattern.sub(lambda m: names[m[0]], s.name)) for s in symbols_in(value)}
    found: Expr = value.subs(new, simultaneous=True)
    return found
