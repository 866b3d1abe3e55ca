"""Lists of arrays as the oracle has them: one array as long as the longest of the list, with zeros beyond."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
from sympy import Basic, Idx, Integer

from derive.calculus.indices import placed, substitute
from derive.model import Model
from derive.quantities import Quantity
from derive.vocabulary import length

from .lists import has_lists, listed_by
from .numeric.arithmetic import Array
from .numeric.environment import whole

Sizes = Mapping[str, int]


def on_padded(module: ModuleType, model: Model, sizes: Sizes) -> ModuleType:
    """A module that takes lists with functions from padded arrays to padded arrays; others as they are.

    Args:
        module: of the model.
        model: over its data.
        sizes: of all arrays, those of lists as `n_2`.
    """
    if not has_lists(model):
        return module

    def apart(arrays: Mapping[str, Any]) -> dict[str, Any]:
        return in_lists(arrays, model, sizes)

    def together(found: Mapping[str, Any]) -> dict[str, Any]:
        return padded(found, model, sizes)

    def value_and_grad(params: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
        value, grads = module.value_and_grad(apart(params), apart(data))
        return value, together(grads)

    found = ModuleType(module.__name__)
    vars(found).update(vars(module))
    functions: dict[str, Callable[..., Any]] = {
        "forward": lambda params, data: together(module.forward(apart(params), apart(data))),
        "value": lambda params, data: module.value(apart(params), apart(data)),
        "value_and_grad": value_and_grad,
    }
    vars(found).update(functions)
    return found


def in_lists(arrays: Mapping[str, Any], model: Model, sizes: Sizes) -> dict[str, Any]:
    """Padded arrays as the lists that a module takes; the others as they are."""
    lists = _lists(model)
    return {name: _rows(lists[name], a, sizes) if name in lists else a for name, a in arrays.items()}


def padded(found: Mapping[str, Any], model: Model, sizes: Sizes) -> dict[str, Any]:
    """Lists of arrays as padded arrays; the others as they are."""
    lists = _lists(model)
    return {n: _joined(lists[n], a, _longest(model, lists[n], sizes)) if n in lists else a for n, a in found.items()}


def _lists(model: Model) -> dict[str, Quantity]:
    return {name: q for name, q in model.quantities.items() if listed_by(q.axes) is not None}


def _rows(quantity: Quantity, array: Array, sizes: Sizes) -> list[Array]:
    """The arrays of a list, each a part of the padded one."""
    over = listed_by(quantity.axes)
    assert over is not None
    first, last = whole(over.lower, sizes), whole(over.upper, sizes)
    return [array[_place(quantity, over, k, first, sizes)] for k in range(first, last + 1)]


def _place(quantity: Quantity, over: Idx, k: int, first: int, sizes: Sizes) -> tuple[int | slice, ...]:
    here: dict[Basic, Basic] = {over: Integer(k)}
    lengths = (None if i == over else whole(substitute(length(i), here), sizes) for i in quantity.axes)
    return tuple(k - first if n is None else slice(n) for n in lengths)


def _longest(model: Model, quantity: Quantity, sizes: Sizes) -> tuple[int, ...]:
    """The shape of the padded array; of a recursion, with room for its base."""
    over, axes = listed_by(quantity.axes), quantity.axes
    assert over is not None
    recursive = quantity.name in model.defined and quantity.name in model.ancestors[quantity.name]
    base = placed(axes, {over: over.lower - 1}) if recursive else axes
    pairs = zip(axes, base, strict=True)
    return tuple(max(whole(length(j), sizes) for j in (i, b) if isinstance(j, Idx)) for i, b in pairs)


def _joined(quantity: Quantity, parts: Any, shape: tuple[int, ...]) -> Array:
    """The arrays of a list in one padded with zeros."""
    over = listed_by(quantity.axes)
    assert over is not None
    at, arrays = quantity.axes.index(over), [np.asarray(part) for part in parts]
    if len(arrays) != shape[at]:
        raise ValueError(f"{quantity.name} has {len(arrays)} arrays, expected {shape[at]}")
    found = np.zeros(shape, np.result_type(*arrays))
    for k, array in enumerate(arrays):
        lengths = iter(array.shape)
        found[tuple(k if axis == at else slice(next(lengths)) for axis in range(len(shape)))] = array
    return found
