r"""Functions written without their argument: dσ/dz for dσ(z)/dz, and σ′ = σ(1 − σ) for σ′(z) = σ(z)(1 − σ(z))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..rows.functions import FUNCTIONS
from .differentials import differentials, first_base
from .runs import children, walk, with_children
from .syntax import Fn, Fraction, Group, Juxt, Node, Sym
from .unreadable import Unreadable

KNOWN_FUNCTIONS = frozenset(name for row in FUNCTIONS for name in (row.name, *row.spellings))


def applied_letters(nodes: Iterable[Node]) -> dict[str, Sym]:
    """For each known function that a text applies, the letter that it is first applied to."""
    found: dict[str, Sym] = {}
    for name, body in (pair for node in nodes for pair in _applications(node)):
        plain = isinstance(body, Sym) and not (body.sub or body.sup or body.primes)
        found.setdefault(name, body if plain and isinstance(body, Sym) else Sym(base="z", span=body.span))
    return found


def with_arguments(statement: Node, letters: Mapping[str, Sym]) -> Node:
    """The statement with an argument behind every known function that is differentiated without one, and beside it.

    Only the functions that the text applies somewhere, to these letters: σ may be a number in another one.
    """
    for name, letter in letters.items():
        by = {id(f): by for f, by in _by_its_argument(statement, name)}
        bare = [f for f in _bare(statement, name) if id(f) not in by]
        applied = [body for found, body in _applications(statement) if found == name]
        if applied or not (by or any(f.primes for f in bare)):
            bare = [f for f in bare if f.primes and {first_base(body) for body in applied} == {letter.base}]
        places = by | {id(f): next(iter(by.values()), letter) for f in bare}
        statement = _filled(statement, places) if places else statement
    return statement


def _applications(node: Node) -> Iterator[tuple[str, Node]]:
    """The known functions before a bracket in which they do not stand themselves, and what it holds."""
    for inner in walk(node):
        for head, group in zip(inner.items, inner.items[1:], strict=False) if isinstance(inner, Juxt) else ():
            if _name(head) in KNOWN_FUNCTIONS and _opens(group, _name(head)):
                assert isinstance(group, Group)
                yield _name(head), group.body
        if isinstance(inner, Fn) and inner.name in KNOWN_FUNCTIONS and isinstance(inner.argument, Group):
            yield inner.name, inner.argument.body


def _name(node: Node) -> str:
    if isinstance(node, Sym) and not (node.sub or node.sup or node.accents):
        return node.base
    return node.name if isinstance(node, Fn) and node.argument is None else ""


def _opens(group: Node, name: str) -> bool:
    """Whether this is the bracket of the argument of a function: the function does not stand in it by itself."""
    return isinstance(group, Group) and group.opening in ("(", "[") and not list(_bare(group.body, name))


def _bare(node: Node, name: str) -> Iterator[Sym | Fn]:
    """The places where a function stands without an argument, powers of it among them."""
    heads: set[int] = set()
    if isinstance(node, Juxt):
        pairs = zip(node.items, node.items[1:], strict=False)
        heads = {id(a) for a, b in pairs if isinstance(a, Sym) and a.base == name and _opens(b, name)}
    if isinstance(node, Sym) and node.base == name and not (node.sub or node.accents):
        yield node
    if isinstance(node, Fn) and node.name == name and node.argument is None and node.sub is None:
        yield node
    for child in children(node):
        if id(child) not in heads:
            yield from _bare(child, name)


def _by_its_argument(statement: Node, name: str) -> Iterator[tuple[Sym | Fn, Sym]]:
    """The σ and the z of every dσ/dz."""
    for node in walk(statement):
        if not isinstance(node, Fraction) or first_base(node.above) not in ("d", "partial"):
            continue
        below = _below(node.below)
        above = node.above.items[1:] if isinstance(node.above, Juxt) else ()
        if below and len(below) == len(above) == 1 and isinstance(below[0], Sym) and _name(above[0]) == name:
            assert isinstance(above[0], Sym | Fn)
            yield above[0], below[0]


def _below(node: Node) -> Sequence[Node] | None:
    """What a derivative is by; None where it is none, or by several quantities."""
    if first_base(node) not in ("d", "partial"):
        return None
    try:
        return differentials(node, 1)
    except Unreadable:
        return None


def _filled(node: Node, places: Mapping[int, Sym]) -> Node:
    """The tree with a bracket behind each of these nodes, that holds the letter."""
    letter = places.get(id(node))
    if letter is None:
        new = with_children(node, (_filled(child, places) for child in children(node))) if children(node) else node
        return replace(new, items=tuple(_flat(node, new, places))) if isinstance(new, Juxt) else new
    nowhere = (node.span[1], node.span[1])  # the argument has no place in the source
    bracket = Group(opening="(", body=replace(letter, span=nowhere), closing=")", span=nowhere)
    if isinstance(node, Fn):
        return replace(node, argument=bracket)
    assert isinstance(node, Sym)
    raised = replace(bracket, sup=node.sup)
    return Juxt(items=(replace(node, sup=None), raised), span=node.span)


def _flat(old: Node, new: Juxt, places: Mapping[int, Sym]) -> Iterator[Node]:
    """The factors of a product, those of σ(z) among them."""
    assert isinstance(old, Juxt)
    for before, after in zip(old.items, new.items, strict=True):
        yield from after.items if id(before) in places and isinstance(after, Juxt) else (after,)
