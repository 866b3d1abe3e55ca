"""The values that stand for the parts of a formula where it is compared with another one."""

from __future__ import annotations

import random
from functools import lru_cache

import numpy as np

from derive.standards.standard import Domain, Part

from .values import Value

SIZES = (3, 4, 3, 5, 4, 3, 4, 3, 5, 3, 4, 3)
WIDTH, POINTS = 3, 5  # of the vectors and matrices that stand for any, and of those that have a row for each point


@lru_cache(maxsize=65536)
def drawn(part: Part, at: tuple[int, ...], trial: int) -> Value:
    """The value of a part at indices, in one of the trials: the same wherever it is asked for."""
    generator = random.Random(f"{part.letter}|{part.domain}|{at}|{trial}")
    match part.domain:
        case Domain.REAL:
            return generator.uniform(0.3, 2.0) * generator.choice((-1, 1))
        case Domain.POSITIVE:
            return generator.uniform(0.2, 2.5)
        case Domain.SHARE:
            return generator.uniform(0.05, 0.95)
        case Domain.BIT:
            return float((trial + sum(at)) % 2)
        case Domain.SIGN:
            return float(2 * ((trial + sum(at)) % 2) - 1)
        case Domain.COUNT:
            return float(SIZES[trial])
        case Domain.NATURAL:
            return float(generator.randint(2, 6))
        case Domain.VECTOR | Domain.LONG:
            return _uniform(generator, 2.0, POINTS if part.domain is Domain.LONG else WIDTH, 1)
        case Domain.TALL:
            return _uniform(generator, 1.0, POINTS, WIDTH)
        case Domain.WIDE:
            return _uniform(generator, 1.0, WIDTH, POINTS)
    size = POINTS if part.domain is Domain.LARGE else WIDTH
    mixed = _uniform(generator, 0.9, size, size)
    return mixed + generator.uniform(4.0, 5.0) * np.eye(size)  # so that determinants and quadratic forms are positive


def _uniform(generator: random.Random, most: float, rows: int, columns: int) -> Value:
    return np.array([[generator.uniform(-most, most) for _ in range(columns)] for _ in range(rows)])
