"""All standard formulas."""

from __future__ import annotations

from . import (
    decisions,
    distributions,
    ensembles,
    estimates,
    families,
    gaussians,
    geometry,
    latent,
    layers,
    learning,
    losses,
    networks,
    penalised,
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
    *distributions.ROWS,
    *families.ROWS,
    *geometry.ROWS,
    *networks.ROWS,
    *penalised.ROWS,
)
