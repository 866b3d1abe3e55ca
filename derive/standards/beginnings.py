"""Families of which texts have two kinds, from 0 on and from 1 on: with which one a usual formula goes."""

from __future__ import annotations

FIRST: dict[tuple[str, str], int] = {
    ("geometric", "(1 - p)^{k - 1} p"): 1,
    ("geometric", "q^{k - 1} p"): 1,
    ("geometric", "(1 - p)^k p"): 0,
    ("geometric", r"\frac{1}{p}"): 1,
    ("geometric", r"\frac{1 - p}{p}"): 0,
    ("geometric", r"\frac{p e^t}{1 - (1 - p) e^t}"): 1,
    ("geometric", r"\frac{p}{1 - (1 - p) e^t}"): 0,
}
