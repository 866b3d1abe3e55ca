"""The arguments with which a text introduces its functions: the θ of L(θ) = …, and of ∇L(θ)."""

from __future__ import annotations

from collections.abc import Iterator

from .differentials import differentiated_functions, opens
from .names_in_notes import take_apart
from .pointfree import KNOWN_FUNCTIONS
from .runs import children, walk
from .syntax import Chain, Group, Juxt, Listing, Node, Sym

Arguments = tuple[str, ...]


def arguments_in(
    nodes: tuple[Node, ...], letters: frozenset[str], defined: frozenset[str]
) -> dict[str, frozenset[Arguments]]:
    """The arguments with which the text introduces quantities, as in L(θ) = …, or differentiates them, as in ∇L(θ)."""
    found: dict[str, set[Arguments]] = {}
    for head, group in differentiated_functions(nodes):
        name = take_apart(head, letters).plain
        if only_names(group) and name not in defined | KNOWN_FUNCTIONS:
            found.setdefault(name, set()).add(argument_names(group, letters))
    for name, args in (pair for node in nodes for pair in _introduced(node, letters)):
        found.setdefault(name, set()).add(args)
    return {name: frozenset(args) for name, args in found.items()}


def only_names(group: Node) -> bool:
    """Whether a bracket holds nothing but names, as the arguments in L(θ; x) do."""
    body = group.body if isinstance(group, Group) else group
    parts = body.items if isinstance(body, Listing | Juxt) else (body,)
    return all(isinstance(p, Sym) or (isinstance(p, Listing | Group) and only_names(p)) for p in parts)


def argument_names(group: Group, letters: frozenset[str]) -> Arguments:
    """The arguments in a bracket that holds only names: `("theta", "x")` for `(θ; x)`; labels and indices dropped."""
    return tuple(take_apart(n, letters).base for n in _tops(group.body))


def _tops(node: Node) -> Iterator[Sym]:
    if isinstance(node, Sym):
        yield node
    elif isinstance(node, Group | Listing | Juxt):
        for part in children(node):
            yield from _tops(part)


def _introduced(node: Node, letters: frozenset[str]) -> Iterator[tuple[str, Arguments]]:
    for part in walk(node):
        first = part.operands[0] if isinstance(part, Chain) else None
        head, group = first.items if isinstance(first, Juxt) and len(first.items) == 2 else (None, None)
        if isinstance(head, Sym) and isinstance(group, Group) and opens(group) and only_names(group):
            yield take_apart(head, letters).plain, argument_names(group, letters)
