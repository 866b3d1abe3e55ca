"""Gradients given layer by layer, [(dW, db), …], as lists of each parameter, dW, db = [dW_1, …], [db_1, …].

Two layers of two parameters look alike either way, so the shapes decide; where they do not, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, islice, permutations

import numpy as np

from .calling import Part

Shape = tuple[object, ...]
MOST_TRIED = 1000  # ways to match lists with parameters


def by_parameter(parts: Mapping[str, Part], shapes: Mapping[str, Shape]) -> dict[str, Part]:
    """The parts of a result, with those that are layers turned into those that are parameters.

    Args:
        parts: names of the code, or places, "0", "1" or "1.0", "1.1", to arrays and lists of arrays.
        shapes: of the parameters: of one that is a list a tuple of shapes.
    """
    wanted = [shape for shape in shapes.values() if any(isinstance(part, tuple) for part in shape)]
    found: dict[str, Part] = {}
    for beginning, names in groupby(parts, key=_place):
        group = {name: parts[name] for name in names}
        turned = None if beginning is None else _turned(list(group.values()), wanted)
        found |= group if turned is None else {f"{beginning}.{k}".lstrip("."): a for k, a in enumerate(turned)}
    return found


def _place(name: str) -> str | None:
    """The name of a tuple or list of which a part is one of the entries; None for what has a name of its own."""
    before, _, own = name.rpartition(".")
    return before if own.isdecimal() else None


def _turned(layers: Sequence[Part], wanted: Sequence[Shape]) -> list[Part] | None:
    """For each parameter the arrays of all layers, if that fits better; None if it does not, or cannot be."""
    lists = [layer for layer in layers if isinstance(layer, list) and len(layer) == len(wanted)]
    if len(lists) < len(layers) or not wanted:
        return None
    turned: list[Part] = [list(each) for each in zip(*lists, strict=True)]
    return turned if _fit(turned, wanted) > _fit(layers, wanted) else None


def _fit(found: Sequence[Part], wanted: Sequence[Shape]) -> int:
    """How many arrays have the shape that is wanted where they stand, in the best order of the lists."""
    if len(found) != len(wanted):
        return 0
    orders = islice(permutations(found), MOST_TRIED)
    return max(sum(_alike(part, shape) for part, shape in zip(order, wanted, strict=True)) for order in orders)


def _alike(part: Part, shape: Shape) -> int:
    """How many arrays of a list have their shapes; none if there are too few or too many."""
    return sum(1 for a, own in zip(part, shape, strict=True) if np.shape(a) == own) if len(part) == len(shape) else 0
