"""All standard formulas."""

from __future__ import annotations

from . import (
    bayesian,
    decisions,
    distributions,
    ensembles,
    episodes,
    estimates,
    families,
    gaussians,
    generative,
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
    subspaces,
    training,
    transforms,
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
    *bayesian.ROWS,
    *transforms.ROWS,
    *generative.ROWS,
    *subspaces.ROWS,
    *episodes.ROWS,
)
