"""Names that a program can have in Python code."""

from __future__ import annotations

from collections.abc import Iterable

from derive.model import Model
from derive.quantities import Definition

from .passed import label, passed
from .program import LoweringError


def functions_of(definitions: Iterable[Definition]) -> set[str]:
    """The names of the functions that are passed in, and of their derivatives."""
    found = passed(part for d in definitions for part in (d.expr, d.base) if part is not None)
    return {label(letter, orders) for letter, each in found.items() for orders in each}


def check_names(model: Model, definitions: tuple[Definition, ...]) -> None:
    """Refuse names that cannot stand in code, or that would stand for two things there."""
    names = [q.name for q in model.given] + [d.name for d in definitions]
    sizes = {s.name for q in model.quantities.values() for i in q.axes for s in (i.upper - i.lower).free_symbols}
    functions = functions_of(definitions)
    for name in (*names, *sizes, *functions):
        if not name.isidentifier() or name.startswith("_"):
            raise LoweringError(
                f"the name {name!r} cannot be used in Python code; give the quantity another plain name"
            )
    for name in functions & {*names, *sizes}:
        raise LoweringError(f"{name} is a function and a quantity or size; give one of them another plain name")
    for name in sizes & set(names):
        raise LoweringError(f"{name} is a size and a quantity; give one of them another plain name")
