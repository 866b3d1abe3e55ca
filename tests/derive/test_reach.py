"""Reach: what the edges say followed one by one is what the bits say at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from derive.reach import Reach

NAMES = "abcdefg"
Edges = dict[str, tuple[str, ...]]

graphs = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES + "xyz"), unique=True).map(tuple))


def followed(parents: Edges, name: str) -> set[str]:
    """All names that can be reached along edges, at least one."""
    found: set[str] = set()
    todo = list(parents.get(name, ()))
    while todo:
        new = todo.pop()
        if new not in found:
            found.add(new)
            todo += parents.get(new, ())
    return found


@given(graphs)
def test_the_names_above_are_those_that_edges_lead_to(parents: Edges) -> None:
    reach = Reach(parents)
    assert dict(reach) == {name: followed(parents, name) for name in parents}
    for name in parents:
        for other in NAMES + "xyz":
            assert reach.depends(name, other) == (other in followed(parents, name))


@given(graphs, st.sampled_from(NAMES), st.sampled_from(NAMES + "xyz"))
def test_the_names_between_lie_on_a_way_from_one_to_the_other(parents: Edges, of: str, wrt: str) -> None:
    above, known = {of} | followed(parents, of), {n for own, direct in parents.items() for n in (own, *direct)}
    expected = {n for n in above & known if n == wrt or wrt in followed(parents, n)}
    everything = Reach(parents).between(of, wrt, len(known))
    assert set(everything) == expected
    assert Reach(parents).between(of, wrt, 2) == everything[:2]
