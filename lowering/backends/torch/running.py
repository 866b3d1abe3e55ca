"""A PyTorch module on NumPy arrays, for the checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np


def on_arrays(module: ModuleType) -> ModuleType:
    """The module with its functions from arrays to arrays."""
    import torch

    def tensors(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: tensors(v) for name, v in value.items()}
        if isinstance(value, list):
            return list(map(tensors, value))
        return torch.from_numpy(np.array(value)) if isinstance(value, np.ndarray) else value

    def arrays(found: Any) -> Any:
        if isinstance(found, Mapping):
            return {name: arrays(value) for name, value in found.items()}
        return type(found)(map(arrays, found)) if isinstance(found, tuple | list) else found.detach().numpy()

    def wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda params, data: arrays(function(tensors(params), tensors(data)))

    found = ModuleType(module.__name__)
    vars(found).update(vars(module))
    for name in ("forward", "value", "value_and_grad"):
        setattr(found, name, wrapped(getattr(module, name)))
    return found
