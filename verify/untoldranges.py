"""Sums over entries of a vector or matrix whose range the text does not tell: Σ_{i,j} (A ⊙ B)_{ij}."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Indexed, Sum

from derive.model import Model
from derive.vocabulary import indices_of, name_of


def of_untold_ranges(left: Expr, right: Expr, model: Model) -> Iterator[str]:
    """Doubts about indices that are given a range of their own, and run over entries that have another."""
    for total in (t for side in (left, right) for t in side.atoms(Sum)):
        for index, *limits in total.limits:
            own = len(limits) == 2 and str(limits[1]) == f"N_{index}"
            if own and any(_runs_elsewhere(entry, index, model) for entry in total.function.atoms(Indexed)):
                yield f"the text does not say how far {index} runs"


def _runs_elsewhere(entry: Indexed, index: Expr, model: Model) -> bool:
    """Whether an index stands at an axis that has another length than the range of its own."""
    quantity = model.quantities.get(name_of(entry))
    places = indices_of(entry)
    if quantity is None or len(quantity.axes) != len(places):
        return False
    return any(
        str(at) == str(index) and str(axis.upper) != f"N_{index}"
        for at, axis in zip(places, quantity.axes, strict=True)
    )
