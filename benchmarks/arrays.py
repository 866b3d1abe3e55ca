"""Data at given sizes for what the benchmarks of lowering compute: rows, images, sequences and tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Made = Callable[[Any, dict[str, int]], dict[str, Any]]


def rows(width: str) -> Made:
    """x of (n, width), with y of 0 and 1, or one-hot for C classes; m_x counts no column of ones."""

    def made(rng: Any, z: dict[str, int]) -> dict[str, Any]:
        x = rng.standard_normal((z["n"], z[width] + (width == "m_x")))
        y = one_hot(rng, z["n"], z["C"]) if "C" in z else (rng.random(z["n"]) > 0.5).astype(float)
        return {"x": x, "y": y}

    return made


def images(rng: Any, z: dict[str, int]) -> dict[str, Any]:
    """x of (n, side, side), on which a filter of F × F in steps of two has R × R places; y one-hot for K classes."""
    side = 2 * z["R"] + z["F"] - 2
    return {"x": rng.random((z["n"], side, side)), "y": one_hot(rng, z["n"], z["K"])}


def sequences(rng: Any, z: dict[str, int]) -> dict[str, Any]:
    """x of (n, T, d), y one-hot for K classes."""
    return {"x": rng.standard_normal((z["n"], z["T"], z["d"])), "y": one_hot(rng, z["n"], z["K"])}


def tokens(rng: Any, z: dict[str, int]) -> dict[str, Any]:
    """X and G of (n, T, d)."""
    shape = (z["n"], z["T"], z["d"])
    return {"X": rng.standard_normal(shape), "G": rng.standard_normal(shape)}


def one_hot(rng: Any, count: int, classes: int) -> Any:
    """Rows with a one each, at random places."""
    import numpy as np  # here, so that the number of threads can be set before

    return np.eye(classes)[rng.integers(0, classes, count)]
