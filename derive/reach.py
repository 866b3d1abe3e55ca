"""Which names depend on which, as bits: the pairs of a net of a thousand layers are millions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Reach(Mapping[str, frozenset[str]]):
    """All names that each defined name depends on; along a recursion these may come after it, and hold it itself.

    Args:
        parents: the names that each defined name uses directly.
    """

    def __init__(self, parents: Mapping[str, tuple[str, ...]]) -> None:
        self._names = tuple(dict.fromkeys(name for own, direct in parents.items() for name in (*direct, own)))
        self._bit = {name: 1 << k for k, name in enumerate(self._names)}
        self._above = self._closed(parents)
        below: dict[str, list[str]] = {}
        for own, direct in parents.items():
            for name in direct:
                below.setdefault(name, []).append(own)
        self._below = self._closed({name: tuple(below.get(name, ())) for name in reversed(self._names)})

    def _closed(self, edges: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
        """What each name reaches; one pass where names come after what they reach, more along recursions."""
        found = dict.fromkeys(edges, 0)
        grown = True
        while grown:
            grown = False
            for name, direct in edges.items():
                wider = found[name]
                for other in direct:
                    wider |= self._bit[other] | found.get(other, 0)
                grown |= wider != found[name]
                found[name] = wider
        return found

    def __getitem__(self, name: str) -> frozenset[str]:
        return frozenset(self._listed(self._above[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._above)

    def __len__(self) -> int:
        return len(self._above)

    def depends(self, name: str, on: str) -> bool:
        """Whether a defined name is computed from another."""
        return bool(self._above.get(name, 0) & self._bit.get(on, 0))

    def between(self, of: str, wrt: str, most: int) -> tuple[str, ...]:
        """At most `most` of the names on the ways from `wrt` to `of`, the two themselves included."""
        above = self._above.get(of, 0) | self._bit.get(of, 0)
        below = self._below.get(wrt, 0) | self._bit.get(wrt, 0)
        return tuple(name for name, _ in zip(self._listed(above & below), range(most), strict=False))

    def _listed(self, mask: int) -> Iterator[str]:
        while mask:
            lowest = mask & -mask
            yield self._names[lowest.bit_length() - 1]
            mask ^= lowest
