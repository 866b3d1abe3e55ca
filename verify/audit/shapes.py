"""Shapes of what code returns beside those of the model: (d, 1) or (1, d) for (d,) holds the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .calling import Part

Shape = tuple[Any, ...]  # of an array; of a list of arrays, those of each


def shape_of(part: Part) -> Shape:
    """The shape of an array, or those of a list."""
    return tuple(map(shape_of, part)) if isinstance(part, list) else np.shape(part)


def longer(shape: Shape) -> Shape:
    """A shape without its axes of length 1; of a list each."""
    return tuple(longer(n) if isinstance(n, tuple) else n for n in shape if n != 1)


def fitted(found: Mapping[str, Part], shapes: Mapping[str, Shape]) -> tuple[dict[str, Part], dict[str, str]]:
    """Arrays that have axes of length 1 too many or too few, in the shapes wanted, and a word about each of them."""
    arrays, told = dict(found), {}
    for name, part in found.items():
        shape, wanted = shape_of(part), shapes[name]
        if shape != wanted and longer(shape) == longer(wanted):
            arrays[name] = _reshaped(part, wanted)
            told[name] = f"{name} has {_said(shape)}, expected {wanted}"
    return arrays, told


def _reshaped(part: Part, shape: Shape) -> Part:
    if isinstance(part, list):
        return [np.reshape(a, s) for a, s in zip(part, shape, strict=True)]
    return np.reshape(part, shape)


def _said(shape: Shape) -> str:
    return f"shapes {shape}" if any(isinstance(n, tuple) for n in shape) else f"shape {shape}"
