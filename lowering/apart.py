"""A module of lists as one of arrays alone, W_1, W_2, … for the arrays of a list W, which is what training moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

from sympy import Basic, Expr, Integer, Symbol

from derive.calculus.indices import substitute
from derive.calculus.trees import args_of
from derive.model import Model
from derive.quantities import Quantity
from derive.vocabulary import SizeAt, length

from .history import TrainingError
from .lists import by_letter, listed_by, span
from .numeric.environment import whole

Sizes = Mapping[str, int]
Chosen = Mapping[str, int | tuple[int, ...]]


def sizes_apart(model: Model, chosen: Chosen) -> dict[str, int]:
    """The sizes with widths one by one: {"n": (64, 32, 10)} is L = 2, n_0 = 64, n_1 = 32, n_2 = 10.

    Args:
        model: over its data.
        chosen: whole numbers, and tuples of them for sizes n_l.
    Raises: TrainingError: if widths are missing, or are given for a size that is one number.
    """
    letters = by_letter(model.given)
    found = {name: count for name, count in chosen.items() if isinstance(count, int) and name not in letters}
    for name, count in chosen.items():
        if name not in found and name not in letters:
            raise TrainingError(f"{name} is one size, not {len(count) if isinstance(count, tuple) else 'several'}")
    for letter, places in letters.items():
        first, last = span(places)
        widths = chosen.get(letter)
        if not isinstance(widths, tuple):
            raise TrainingError(f"the sizes {letter}[{first}] to {letter}[{last}] must be given: {letter}=64,32,10")
        found |= _count(last - first + 1, len(widths), f"{letter}[{first}] to {letter}[{last}]", found)
        found |= {f"{letter}_{whole(first, found) + k}": width for k, width in enumerate(widths)}
    return found


def _count(wanted: Expr, came: int, places: str, known: Sizes) -> dict[str, int]:
    """The number of layers that goes with so many widths.

    Raises: TrainingError: if it is known to be another.
    """
    (free,) = wanted.free_symbols or (None,)
    left = came - (wanted - free if free is not None else wanted)
    if free is None or not left.is_Integer or left < 1 or known.get(str(free), left) != left:
        told = ", ".join(f"{name} = {count}" for name, count in known.items() if name == str(free))
        raise TrainingError(f"there are {came} sizes {places}{f', where {told}' if told else ''}; expected {wanted}")
    return {str(free): int(left)}


def size_text(count: Expr, sizes: Sizes) -> str:
    """A length as a module of arrays states it: n_2 for n_L where L = 2."""
    if not isinstance(count, SizeAt):
        return str(count)
    letter, place = args_of(count)
    return f"{letter}_{place.xreplace({s: Integer(sizes[str(s)]) for s in place.atoms(Symbol)})}"


@dataclass(frozen=True, kw_only=True)
class Apart:
    """The arrays of lists under names of their own.

    Attributes:
        model: over its data.
        sizes: of the number of layers and all widths, as `sizes_apart` has them.
    """

    model: Model
    sizes: Sizes

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """The name of each list, and those of its arrays; of whatever is no list its own."""
        found = {q.name: tuple(f"{q.name}_{k}" for k in self._places(q)) or (q.name,) for q in self._quantities}
        every = [name for names in found.values() for name in names]
        if len(set(every)) < len(every):
            twice = next(name for name in every if every.count(name) > 1)
            raise TrainingError(
                f"{twice} is a name of the model, and of an array in a list; call one of them otherwise"
            )
        return found

    @property
    def _quantities(self) -> tuple[Quantity, ...]:
        return tuple(self.model.quantities.values())

    def _places(self, quantity: Quantity) -> Sequence[int]:
        over = listed_by(quantity.axes)
        return () if over is None else range(whole(over.lower, self.sizes), whole(over.upper, self.sizes) + 1)

    def shapes(self, quantities: Sequence[Quantity]) -> dict[str, tuple[str, ...]]:
        """Name to sizes, of each array."""
        return {name: axes for q in quantities for name, axes in zip(self.names[q.name], self._shapes(q), strict=True)}

    def _shapes(self, quantity: Quantity) -> list[tuple[str, ...]]:
        over, found = listed_by(quantity.axes), []
        for k in self._places(quantity) or (None,):
            here: dict[Basic, Basic] = {} if over is None or k is None else {over: Integer(k)}
            lengths = (substitute(length(i), here) for i in quantity.axes if i != over)
            found.append(tuple(size_text(n, self.sizes) for n in lengths))
        return found

    def arrays(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Lists taken apart; the rest as it is."""
        listed = {n: self.names[n] for n in found if isinstance(found[n], list)}
        pairs = ((n, zip(listed[n], found[n], strict=True) if n in listed else ((n, found[n]),)) for n in found)
        return {name: array for _, arrays in pairs for name, array in arrays}

    def lists(self, arrays: Mapping[str, Any]) -> dict[str, Any]:
        """Arrays put together to lists again; the rest as it is."""
        listed = {n: names for n, names in self.names.items() if names != (n,) and set(names) <= set(arrays)}
        parts = {name for names in listed.values() for name in names}
        rest = {name: array for name, array in arrays.items() if name not in parts}
        return {**rest, **{n: [arrays[name] for name in names] for n, names in listed.items()}}

    def module(self, module: ModuleType) -> ModuleType:
        """The module with arrays in the place of lists."""

        def init(sizes: Sizes, rng: Any) -> dict[str, Any]:
            return self.arrays(module.init({**self.sizes, **sizes, **self._widths()}, rng))

        def value_and_grad(params: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
            value, grads = module.value_and_grad(self.lists(params), self.lists(data))
            return value, self.arrays(grads)

        found = ModuleType(module.__name__)
        vars(found).update(vars(module))
        data = [q for q in self.model.given if q.name in module.DATA]
        whole_numbers = {name: () for name, axes in module.DATA.items() if not axes}
        vars(found).update(
            PARAMETERS=self.shapes(self.model.parameters),
            DATA={**self.shapes(data), **whole_numbers},
            init=init,
            forward=lambda params, data: self.arrays(module.forward(self.lists(params), self.lists(data))),
            value=lambda params, data: module.value(self.lists(params), self.lists(data)),
            value_and_grad=value_and_grad,
        )
        return found

    def _widths(self) -> dict[str, list[int]]:
        """The sizes n_l as a module takes them: {"n": [64, 32, 10]}."""
        spans = {letter: span(places) for letter, places in by_letter(self.model.given).items()}
        return {
            letter: [self.sizes[f"{letter}_{k}"] for k in range(whole(a, self.sizes), whole(b, self.sizes) + 1)]
            for letter, (a, b) in spans.items()
        }
