"""The pair that is contracted first begins an order that no other beats."""

from __future__ import annotations

from functools import cache
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Idx

from derive.vocabulary import index, scalar, size, tensor
from lowering.order import NOMINAL, first_pair

LETTERS: tuple[Idx, ...] = tuple(index(letter, 1, size(f"n_{letter}")) for letter in "ijklm")
Axes = frozenset[int]


def entry(name: str, axes: Axes) -> Expr:
    return tensor(name)[tuple(LETTERS[i] for i in sorted(axes))] if axes else scalar(name)


def merged(factors: tuple[Axes, ...], a: int, b: int, free: Axes) -> tuple[int, tuple[Axes, ...]]:
    """What it costs to multiply two factors, and the factors that are left."""
    rest = tuple(f for k, f in enumerate(factors) if k not in (a, b))
    both = factors[a] | factors[b]
    needed = frozenset().union(free, *rest)
    return NOMINAL ** len(both), (*rest, both & needed)


@cache
def least(factors: tuple[Axes, ...], free: Axes) -> int:
    if len(factors) == 1:
        return 0
    found = (merged(factors, a, b, free) for a, b in combinations(range(len(factors)), 2))
    return min(cost + least(rest, free) for cost, rest in found)


@given(
    st.lists(st.frozensets(st.integers(0, 4), min_size=1, max_size=3), min_size=3, max_size=4),
    st.frozensets(st.integers(0, 4), max_size=2),
)
@settings(max_examples=60, deadline=None)
def test_no_order_is_cheaper(factors: list[Axes], wanted: Axes) -> None:
    """In orders of magnitude; what one factor alone has, and is summed over, is summed out of it before."""
    for k, axes in enumerate(factors):
        elsewhere = wanted.union(*(f for j, f in enumerate(factors) if j != k))
        factors[k] = axes & elsewhere
    free = wanted & frozenset().union(*factors)
    entries = [entry(f"A{k}", axes) for k, axes in enumerate(factors)]
    over = [LETTERS[i] for i in sorted(frozenset().union(*factors) - free)]
    a, b = first_pair(entries, over)
    cost, rest = merged(tuple(factors), a, b, free)
    assert cost + least(rest, free) < 4 * least(tuple(factors), free)


def test_a_chain_ends_in_products_with_a_vector() -> None:
    """Σ_{j,k} A_{i,j} B_{j,k} x_k is A (B x)."""
    i, j, k = LETTERS[:3]
    assert first_pair([tensor("A")[i, j], tensor("B")[j, k], tensor("x")[k]], [j, k]) == (1, 2)
    assert first_pair([tensor("x")[i], tensor("A")[i, j], tensor("B")[j, k]], [i, j]) == (0, 1)
