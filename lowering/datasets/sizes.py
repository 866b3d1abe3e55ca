"""Sizes such as `n` or `m_x + 1`, read from a module's shapes and solved from those of arrays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .errors import DataError

_TERM = re.compile(r"\s*([+-])?\s*(?:(\d+)\s*\*\s*)?([^\W\d]\w*|\d+)\s*")
_NAME = re.compile(r"[^\W\d]\w*")
_COMPOSED = re.compile(r"//|[^\W\d]\w*\s*\*(?!\*)")  # a floor, or a product of sizes


@dataclass(frozen=True, kw_only=True)
class Size:
    """constant + Σ factor·name, or what follows from several sizes, `(N + 2 * P - F) // S + 1`.

    Attributes:
        names: the sizes in it.
        composed: whether it is of the second kind, which only the module itself can evaluate.
    """

    text: str
    constant: int
    factors: tuple[tuple[str, int], ...]
    composed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(_NAME.findall(self.text)) if self.composed else tuple(name for name, _ in self.factors)

    def at(self, sizes: Mapping[str, int]) -> int | None:
        """Its value, or None while a name is unknown."""
        if any(name not in sizes for name, _ in self.factors):
            return None
        return self.constant + sum(factor * sizes[name] for name, factor in self.factors)


@lru_cache(maxsize=1024)
def read_size(text: str) -> Size:
    """Read a sum of names and whole numbers.

    Raises:
        DataError: if it is anything else.
    """
    if _COMPOSED.search(text):
        return Size(text=text, constant=0, factors=(), composed=True)
    factors: dict[str, int] = {}
    constant, position = 0, 0
    while position < len(text):
        term = _TERM.match(text, position)
        if term is None or (position and not term[1]):
            raise DataError(f"the size {text!r} is not a sum of names and whole numbers")
        weight = int(term[2] or 1) * (-1 if term[1] == "-" else 1)
        if term[3].isdigit():
            constant += weight * int(term[3])
        else:
            factors[term[3]] = factors.get(term[3], 0) + weight
        position = term.end()
    if not text.strip():
        raise DataError("a size is empty; expected a name or a whole number")
    return Size(text=text, constant=constant, factors=tuple(factors.items()))


def solve_sizes(
    shapes: Mapping[str, tuple[str, ...]],
    found: Mapping[str, tuple[int, ...]],
    known: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """The sizes at which arrays have the shapes that a module states.

    Args:
        shapes: name to sizes, `{"X": ("n", "m_x + 1")}`.
        found: name to the shape of the array.
        known: sizes that are given.

    Raises:
        DataError: if there are none; names the size, what was expected and what came.
    """
    sizes = dict(known or {})
    for name, axes in shapes.items():
        if name not in found:
            raise DataError(f"{name} is missing; expected shape {_tuple(axes)}")
        if len(axes) != len(found[name]):
            raise DataError(f"{name} has shape {found[name]}, expected {len(axes)} axes, {_tuple(axes)}")
    every = [(name, axis, read_size(text)) for name, axes in shapes.items() for axis, text in enumerate(axes)]
    places = [place for place in every if not place[2].composed]  # the module checks the others
    for _ in range(len(places)):
        for name, axis, size in places:
            _solve_one(size, found[name][axis], sizes, f"{name}, axis {axis + 1}")
    for name, axis, size in places:
        value = size.at(sizes)
        if value is None:
            missing = " or ".join(key for key in size.names if key not in sizes)
            raise DataError(
                f"{name}, axis {axis + 1}: {size.text} = {found[name][axis]} does not settle its sizes; give {missing}"
            )
        if value != found[name][axis]:
            at = ", ".join(f"{key} = {sizes[key]}" for key, _ in size.factors)
            raise DataError(f"{name}, axis {axis + 1}: expected {size.text} = {value} ({at}), got {found[name][axis]}")
    return sizes


def _solve_one(size: Size, length: int, sizes: dict[str, int], place: str) -> None:
    """Fill in the one unknown name of a size, if it has just one."""
    unknown = [(name, factor) for name, factor in size.factors if name not in sizes and factor]
    if len(unknown) != 1:
        return
    (name, factor), *_ = unknown
    rest = length - size.constant - sum(f * sizes[key] for key, f in size.factors if key in sizes)
    if rest % factor or rest // factor < 1:
        raise DataError(f"{place}: {size.text} = {length} has no whole positive solution for {name}")
    sizes[name] = rest // factor


def _tuple(axes: tuple[str, ...]) -> str:
    return f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
