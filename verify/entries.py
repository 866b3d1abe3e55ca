"""Proofs entry by entry: what holds at each of a few places, x_1 and x_2, holds of the vector."""

from __future__ import annotations

from itertools import product

from sympy import Basic, Expr, Idx, Integer

from derive.calculus.indices import free_indices, substitute
from derive.model import Model
from derive.prove import Proof, prove

MOST_PLACES = 16


def prove_entries(left: Expr, right: Expr, model: Model) -> Proof | None:
    """A proof of left = right, at once or at each value of the free indices that have few.

    Returns: the proof, with the names and conditions that the parts have used; None if a part has none.
    """
    whole = prove(left, right, model)
    few = sorted((i for i in free_indices(left) | free_indices(right) if _values(i)), key=str)
    places = list(product(*(_values(i) for i in few)))
    if whole is not None or not few or len(places) > MOST_PLACES:
        return whole
    proofs: list[Proof] = []
    for place in places:
        values: dict[Basic, Basic] = {i: Integer(k) for i, k in zip(few, place, strict=True)}
        part = prove(substitute(left, values), substitute(right, values), model)
        if part is None:
            return None
        proofs.append(part)
    names = dict.fromkeys(n for p in proofs for n in p.unfolded)
    conditions = dict.fromkeys(c for p in proofs for c in p.conditions)
    return Proof(unfolded=tuple(names), conditions=tuple(conditions))


def _values(i: Idx) -> range:
    """The values of an index whose range is a few numbers; none of any other."""
    if not (i.lower.is_Integer and i.upper.is_Integer):
        return range(0)
    return range(int(i.lower), int(i.upper) + 1) if int(i.upper) - int(i.lower) < MOST_PLACES else range(0)
