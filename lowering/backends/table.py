"""The back ends: how each writes a module, and how its modules run on NumPy arrays when they are checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

from derive.model import Model
from derive.quantities import Definition

from ..program import Program
from .jax.running import on_arrays as jax_on_arrays
from .jax.words import JAX
from .numpy.module import module as numpy_module
from .torch.running import on_arrays as torch_on_arrays
from .torch.words import TORCH
from .translation import Words, translated

Writer = Callable[[Model, Model, Program, tuple[Definition, ...], str], str]


@dataclass(frozen=True, kw_only=True)
class Backend:
    """A back end.

    Attributes:
        library: what its modules import.
        write: the source of a module.
        on_arrays: the module with functions from NumPy arrays to NumPy arrays.
    """

    library: str
    write: Writer
    on_arrays: Callable[[ModuleType], ModuleType]


def _in_words(words: Words) -> Writer:
    """The NumPy module in other words, without tiles: compilers choose their own, and devices hold parts."""
    return lambda *program: translated(numpy_module(*program, tiles=False), words)


BACKENDS: Mapping[str, Backend] = {
    "numpy": Backend(library="numpy", write=numpy_module, on_arrays=lambda module: module),
    "jax": Backend(library="jax", write=_in_words(JAX), on_arrays=jax_on_arrays),
    "torch": Backend(library="torch", write=_in_words(TORCH), on_arrays=torch_on_arrays),
}
