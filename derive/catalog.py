"""The models that come with gradproof, by the name used on the command line."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

from .model import Model, ModelError
from .rows import models
from .rows.catalogue import (
    activations,
    attention,
    classification,
    constrained,
    convolution,
    dropout,
    gaussians,
    graphs,
    losses,
    networks,
    normalisation,
    optimizers,
    pooling,
    posteriors,
    probability,
    recognition,
    regression,
    sequences,
)

TOPICS = (
    models,
    regression,
    classification,
    graphs,
    networks,
    normalisation,
    dropout,
    convolution,
    pooling,
    sequences,
    recognition,
    attention,
    probability,
    gaussians,
    constrained,
    posteriors,
    losses,
    activations,
    optimizers,
)


@lru_cache(maxsize=1)
def all_models() -> tuple[Model, ...]:
    """Every model of the catalogue, in the order of the topics."""
    return tuple(build() for topic in TOPICS for build in topic.ROWS)


def names() -> tuple[str, ...]:
    """The names of all models."""
    return tuple(model.name for model in all_models())


def find(name: str) -> Model:
    """The model with this name.

    Raises: ModelError: if there is none; the message has the nearest names.
    """
    for model in all_models():
        if model.name == name:
            return model
    near = get_close_matches(name, names(), n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else "gradproof list models shows all."
    raise ModelError(f"no model is called {name!r}; {hint}")
