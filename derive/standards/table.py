"""All standard formulas."""

from __future__ import annotations

from . import (
    decisions,
    ensembles,
    estimates,
    gaussians,
    latent,
    layers,
    learning,
    losses,
    probability,
    scores,
    sequences,
    training,
)
from .standard import Standard

STANDARDS: tuple[Standard, ...] = (
    *losses.ROWS,
    *scores.ROWS,
    *probability.ROWS,
    *layers.ROWS,
    *training.ROWS,
    *learning.ROWS,
    *latent.ROWS,
    *gaussians.ROWS,
    *sequences.ROWS,
    *decisions.ROWS,
    *ensembles.ROWS,
    *estimates.ROWS,
)
