r"""Functions told by what they map: `f: \mathbb{R}^2 \to \mathbb{R}, (x, y) \mapsto x y` says f(x, y) = x y."""

from __future__ import annotations

from collections.abc import Iterator

from .syntax import Chain, Group, Juxt, Listing, Node, Sym

SAYS_WHERE = ":"
SAYS_WHAT = "mapsto"


def with_maps(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    r"""The statements of a formula, with f(x) = E for the `x \mapsto E` behind `f:`, where E is one expression."""
    told = sum(SAYS_WHAT in n.operators for n in nodes if isinstance(n, Chain))
    return tuple(_written_out(nodes)) if told == 1 else nodes


def _written_out(nodes: tuple[Node, ...]) -> Iterator[Node]:
    name: Sym | None = None
    for node in nodes:
        if not isinstance(node, Chain):
            yield node
            continue
        if node.operators[0] == SAYS_WHERE:
            first = node.operands[0]
            name = first if isinstance(first, Sym) and first.sup is None else None
        yield from _of_chain(node, name) if name is not None and node.operators[-1] == SAYS_WHAT else (node,)


def _of_chain(node: Chain, name: Sym) -> Iterator[Node]:
    *sets, argument, body = node.operands
    if not _are_letters(argument) or isinstance(body, Listing):
        yield node
        return
    if len(sets) > 1:  # f: A → B: x ↦ E
        span = (node.span[0], sets[-1].span[1])
        yield Chain(operands=tuple(sets), operators=node.operators[: len(sets) - 1], span=span)
    bare = Group(opening="(", body=argument, closing=")", span=argument.span)
    group = argument if isinstance(argument, Group) else bare
    left = Juxt(items=(name, group), span=argument.span)
    yield Chain(operands=(left, body), operators=("=",), span=(argument.span[0], body.span[1]))


def _are_letters(node: Node) -> bool:
    """Whether it can be an argument: a letter, or letters in brackets."""
    if isinstance(node, Group):
        items = node.body.items if isinstance(node.body, Listing) else (node.body,)
        return node.opening == "(" and node.sup is None and all(isinstance(n, Sym) for n in items)
    return isinstance(node, Sym)
