"""The models that come with gradproof, by the name used on the command line."""

from __future__ import annotations

from difflib import get_close_matches

from .model import Model, ModelError
from .rows.models import MODELS


def names() -> tuple[str, ...]:
    """The names of all models."""
    return tuple(row.name for row in MODELS)


def find(name: str) -> Model:
    """The model with this name.

    Raises: ModelError: if there is none; the message has the nearest names.
    """
    for model in MODELS:
        if model.name == name:
            return model
    near = get_close_matches(name, names(), n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else "gradproof list models shows all."
    raise ModelError(f"no model is called {name!r}; {hint}")
