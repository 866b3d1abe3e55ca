"""A JAX module on NumPy arrays, for the checks: compiled, and with 64-bit numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np


def on_arrays(module: ModuleType) -> ModuleType:
    """The module with its functions jitted, arrays in and arrays out; sizes and functions stay as they are."""
    import jax

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        traced = jax.jit(lambda params, data, sizes: function(params, {**data, **dict(sizes)}), static_argnums=2)

        def run(params: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
            arrays = {name: value for name, value in data.items() if isinstance(value, np.ndarray | list)}
            sizes = tuple((name, value) for name, value in data.items() if name not in arrays)
            with jax.enable_x64(True):
                return jax.tree.map(np.asarray, traced(dict(params), arrays, sizes))

        return run

    found = ModuleType(module.__name__)
    vars(found).update(vars(module))
    for name in ("forward", "value", "value_and_grad"):
        setattr(found, name, compiled(getattr(module, name)))
    return found
