r"""The features of a point as a vector of its own: w^T φ(x_n) as w^T φ_n, where the text says no more of φ.

What is claimed then holds for any features: they may be any vectors, the same wherever the same stands in the bracket.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from .names_in_notes import is_transpose
from .runs import rebuild, walk
from .syntax import Chain, Group, Juxt, Node, Sym

LETTERS = frozenset({"phi", "varphi", "psi"})
SLOPES = frozenset({"partial", "nabla", "d"})


def feature_letters(nodes: Sequence[Node]) -> Mapping[str, Sym]:
    """The letters that a text applies to single points only, gives no formula, and multiplies with weights.

    Returns: for each of them a point, one with an index if the text has any.
    """
    found = {letter: _points_of(letter, nodes) for letter in sorted(LETTERS)}
    used = {k: points for k, points in found.items() if any(_is_multiplied(k, node) for node in nodes)}
    return {k: next((p for p in points if p.sub or p.sup), points[0]) for k, points in used.items() if points}


def with_features(node: Node, letters: Mapping[str, Sym]) -> Node:
    """A statement with φ(x_n) as φ_n and φ(x^{(i)})^T as (φ^{(i)})^T, for these letters."""
    declared = node.operands[0] if isinstance(node, Chain) and node.operators[0] == "in" else None

    def change(part: Node) -> Node:
        if not isinstance(part, Juxt):
            return part
        items, k = list(part.items), 0
        while k + 1 < len(items):
            head, group = items[k], items[k + 1]
            point = _point(head, group)
            if point is not None and isinstance(head, Sym) and head.base in letters:
                sample = letters[head.base]
                other = _is_bare(point) and not _is_bare(sample)  # φ(x) beside φ(x_n): of any point, or of one more
                head = dataclasses.replace(head, base=f"{head.base}of{point.base}") if other and not declared else head
                items[k : k + 2] = [_vector(head, group, sample if other and declared else point)]
            k += 1
        return items[0] if len(items) == 1 else dataclasses.replace(part, items=tuple(items))

    return rebuild(node, change) if letters else node


def _is_bare(point: Sym) -> bool:
    return point.sub is None and point.sup is None


def _points_of(letter: str, nodes: Iterable[Node]) -> list[Sym]:
    """The points that a letter stands before; none if it stands elsewhere too, is defined, or derived by them."""
    points: list[Sym] = []
    slopes: set[str] = set()
    for node in nodes:
        if isinstance(node, Sym) and node.base == letter:  # "features φ" says no more than the name
            continue
        if isinstance(node, Chain) and node.operators[0] in ("=", ":=") and _head(node.operands[0]) == letter:
            return []
        uses = sum(isinstance(n, Sym) and n.base == letter for n in walk(node))
        found = [p for a, b in _pairs(node) if getattr(a, "base", "") == letter and (p := _point(a, b)) is not None]
        if len(found) < uses:
            return []
        points += found
        slopes |= set(_derived_by(node))
    letters = {p.base for p in points}
    return points if len(letters) == 1 and not letters & slopes else []


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    return (pair for n in walk(node) if isinstance(n, Juxt) for pair in pairwise(n.items))


def _point(head: Node, group: Node) -> Sym | None:
    """The x_n of φ(x_n)."""
    plain = isinstance(head, Sym) and not (head.sub or head.sup or head.primes or head.accents)
    if not plain or not isinstance(group, Group) or group.opening != "(" or group.sub is not None:
        return None
    point = group.body
    return point if isinstance(point, Sym) and not point.primes and not point.accents else None


def _head(node: Node) -> str:
    first = node.items[0] if isinstance(node, Juxt) else node
    return first.base if isinstance(first, Sym) else ""


def _derived_by(node: Node) -> Iterator[str]:
    """The letters behind ∂ and d, and below ∇."""
    for n in walk(node):
        if isinstance(n, Sym) and n.base == "nabla" and n.sub is not None:
            yield from (s.base for s in walk(n.sub) if isinstance(s, Sym))
        if isinstance(n, Juxt):
            yield from (b.base for a, b in pairwise(n.items) if _is_slope(a) and isinstance(b, Sym))


def _is_slope(node: Node) -> bool:
    return isinstance(node, Sym) and node.base in SLOPES


def _is_multiplied(letter: str, node: Node) -> bool:
    """Whether φ(x) stands behind what is transposed, or is transposed itself."""
    for n in walk(node):
        items = n.items if isinstance(n, Juxt) else ()
        for k, (head, group) in enumerate(pairwise(items)):
            if getattr(head, "base", "") == letter and _point(head, group) is not None:
                before = getattr(items[k - 1], "sup", None) if k else None
                if is_transpose(before) or is_transpose(getattr(group, "sup", None)):
                    return True
    return False


def _vector(head: Node, group: Node, point: Sym) -> Node:
    """φ(x_n)^p as φ_n^p, φ(x^{(n)})^p as (φ^{(n)})^p."""
    assert isinstance(head, Sym) and isinstance(group, Group)
    span = (head.span[0], group.span[1])
    if point.sup is None or group.sup is None:
        return dataclasses.replace(head, sub=point.sub, sup=point.sup or group.sup, span=span)
    inner = dataclasses.replace(head, sub=point.sub, sup=point.sup, span=span)
    return Group(opening="(", body=inner, closing=")", sup=group.sup, span=span)
