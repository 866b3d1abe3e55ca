"""Sums, integrals, limits and extremes in a finite probability space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.notation.syntax import Big, Chain, Group, Juxt, Listing, Node

from ..functions import Key, key_of
from ..integrands import integrand
from .events import Events
from .space import NoReading, Values

Bound = Mapping[Key, Any]
FAR = 1e6  # beyond all values


@dataclass(kw_only=True)
class Sums(Events):
    """Reads what binds letters."""

    def _extreme(self, name: str, group: Group, bound: Bound) -> Values:
        parts = group.body.items if isinstance(group.body, Listing) else ()
        if len(parts) < 2 or group.sup is not None:
            raise NoReading("an extreme of another kind")
        values = [float(self.value(p, bound)) for p in parts]
        return np.asarray(min(values) if name == "min" else max(values))

    def _big(self, node: Big, bound: Bound) -> Values:
        match node.op:
            case "sum":
                letter, values = self._range(node, bound)
                return np.asarray(sum(self.value(node.body, {**bound, letter: v}) for v in values))
            case "int":
                return self._integral(node, bound)
            case "lim":
                return self._limit(node, bound)
            case "min" | "max" if node.below is None and isinstance(node.body, Group):
                return self._extreme(node.op, node.body, bound)
        raise NoReading("an operator of another kind")

    def _integral(self, node: Big, bound: Bound) -> Values:
        found = integrand(node.body.items if isinstance(node.body, Juxt) else (node.body,), 1)
        if found is None:
            raise NoReading("an integral by nothing")
        items, letters = found
        body = items[0] if len(items) == 1 else Juxt(items=tuple(items), span=node.span)
        if len(letters) > 1 and (node.below is not None or node.above is not None):
            raise NoReading("an integral by several letters")
        values = self._between(node, letters[0], bound)
        total = np.asarray(0.0)
        for at in np.stack(np.meshgrid(*[values] * len(letters)), -1).reshape(-1, len(letters)):
            inner = {**bound, **{key_of(n): float(v) for n, v in zip(letters, at, strict=True)}}
            total = total + self.value(body, inner)
        return np.asarray(total * self.space.width ** len(letters))

    def _between(self, node: Big, letter: Node, bound: Bound) -> Values:
        """The cells that an integral runs over."""
        grid = self.space.grid
        if node.below is None or isinstance(node.below, Chain):
            return grid if node.below is None else self._members(node.below, letter)
        if node.above is None:
            raise NoReading("an integral over something else")
        lower, upper = (float(self.value(n, bound)) for n in (node.below, node.above))
        if lower > upper:
            raise NoReading("an integral backwards")
        return np.asarray(grid[(grid > lower) & (grid <= upper)])

    def _limit(self, node: Big, bound: Bound) -> Values:
        """What a distribution function tends to far out."""
        below = node.below
        if not isinstance(below, Chain) or below.operators != ("to",):
            raise NoReading("a limit of another kind")
        end = self.value(below.operands[1], bound)
        if abs(float(end)) < FAR:
            raise NoReading("a limit that is not far out")
        first = below.operands[0]
        letters = first.items if isinstance(first, Listing) else (first,)
        return self.value(node.body, {**bound, **{key_of(n): float(end) for n in letters}})
