"""One smooth function in the place of any, in numbers: fast, to drop edits of an expansion that cannot be true."""

from __future__ import annotations

import math
import zlib
from typing import Any

import numpy as np

from derive.notation.syntax import Fn, Node, Num, Sqrt, Sym

from .smooth import NotSmooth, Place, SmoothReader, Steps, text_of

SIZES = (0.02, 0.005)
AXES = 24  # letters of axes share them by chance, which only lets an edit through
SLACK = 0.4
NOTHING = 1e-11
FUNCTIONS = {"exp": np.exp, "log": np.log, "ln": np.log, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sqrt": np.sqrt}


def number_of(name: str) -> float:
    """A number between 0.5 and 1.5 that only a name decides."""
    return 0.5 + (zlib.crc32(name.encode()) % 9973) / 9973


class NumberReader(SmoothReader):
    """The same reading, where steps have a size and functions are exponentials, each with slopes of its own."""

    def __init__(self, steps: Steps, size: float) -> None:
        super().__init__(steps=steps)
        self.size = size

    def axis(self, by: Sym, arguments: Place) -> str:
        if len(arguments) > 1:
            at = self.letter(text_of(by))
            found = [float(np.sum(np.asarray(a, dtype=float))) for a in arguments]
            return f"#{min(range(len(found)), key=lambda k: abs(found[k] - at))}"
        return "" if by.sub is None or not self.steps.units else text_of(by.sub)

    def _value(self, node: Node) -> Any:
        if isinstance(node, Num):
            return float(node.text.replace(",", ""))
        if isinstance(node, Fn) and node.name in FUNCTIONS and node.argument is not None and node.sub is None:
            inner: Any = self.read(node.argument)
            return self._raised(FUNCTIONS[node.name](inner), node.sup)
        if isinstance(node, Sqrt):
            return np.sqrt(np.asarray(self.read(node.body), dtype=float))
        return super()._value(node)

    def unit(self, name: str) -> Any:
        return np.eye(AXES)[zlib.crc32(name.encode()) % AXES]

    def letter(self, name: str) -> Any:
        small = {s.name for s in self.steps.small}
        moved = {s.name: at.name for s, at in self.steps.moved.items()}
        if name in moved:
            return number_of(moved[name]) + self.size * number_of(f"{name} − {moved[name]}")
        return number_of(name) * (self.size if name in small else 1.0)

    def _raised(self, value: Any, sup: Node | None) -> Any:
        return value if sup is None else value ** self.read(sup)

    def product(self, factors: list[Any]) -> Any:
        return math.prod(factors, start=1.0)

    def value_at(self, name: str, arguments: tuple[Any, ...], taken: tuple[str, ...]) -> Any:
        self.places.setdefault(name, arguments)
        slopes = np.linspace(0.3, 0.9, AXES) * number_of(name)
        several = len(arguments) > 1
        power = 0.0
        for k, a in enumerate(arguments):
            scale = slopes[k] if several else 1.0
            power = power + scale * (np.sum(slopes * a) if isinstance(a, np.ndarray) else self._along(a, slopes))
        value = np.exp(power)
        for direction in taken:
            value = value * self._slope(direction, slopes)
        return value

    def _along(self, a: float, slopes: Any) -> float:
        return float(a * (np.sum(slopes) if self.steps.units else slopes[0]))

    def _slope(self, direction: str, slopes: Any) -> float:
        if direction.startswith("#"):
            return float(slopes[int(direction[1:])] * self._along(1.0, slopes))
        if direction:
            return float(np.sum(slopes * self.unit(direction)))
        return self._along(1.0, slopes)


def may_agree(left: Node, right: Node, steps: Steps, due: int) -> bool:
    """Whether the sides differ by no more than t^due for steps of size t, as far as two sizes show."""
    gaps = []
    for size in SIZES:
        reader = NumberReader(steps, size)
        try:
            with np.errstate(all="ignore"):
                b, a = reader.read(right), reader.read(left)
                gaps.append(float(abs(a - b)))
        except (NotSmooth, ValueError, TypeError, OverflowError, ZeroDivisionError):
            return False
    if not all(map(math.isfinite, gaps)):
        return False
    if gaps[1] < NOTHING:
        return True
    return math.log(gaps[0] / gaps[1]) / math.log(SIZES[0] / SIZES[1]) > due - SLACK
