"""The order in which a product of several tensors is contracted, as opt_einsum finds it."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Idx

from .entries import places

NOMINAL = 64  # of every index: lengths are symbols, and orders are told apart by how many indices a step runs over


def first_pair(factors: Sequence[Expr], over: Sequence[Idx]) -> tuple[int, int]:
    """The positions of the two entries to multiply first, so that the whole costs least.

    Args:
        factors: three or more entries.
        over: the indices that are summed over.
    """
    from opt_einsum import contract_path, get_symbol

    letters: dict[Idx, str] = {}
    for factor in factors:
        for i in places(factor):
            letters.setdefault(i, get_symbol(len(letters)))
    inputs = ["".join(letters[i] for i in places(factor)) for factor in factors]
    output = "".join(letter for i, letter in letters.items() if i not in over)
    shapes = [(NOMINAL,) * len(places(factor)) for factor in factors]
    path, _ = contract_path(f"{','.join(inputs)}->{output}", *shapes, shapes=True, optimize="optimal")
    first, second = sorted(next(iter(path)))[:2]
    return first, second
