"""Names for probabilities: P(Y = y | X = x) is a quantity of its own, told apart by its event and its condition."""

from __future__ import annotations

import dataclasses

from .names_in_notes import is_letter, take_apart, text_of
from .runs import walk
from .syntax import Big, Chain, Fn, Fraction, Group, Listing, Node, Num, Sqrt, Sym

TARGETS = frozenset({"y", "t"})
SPOKEN = {"=": "", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "!=": "ne"}  # P(X > c) is no P(X < c)
BARS = {"|": "abs", "||": "norm", r"\|": "norm"}


def is_event(group: Group) -> bool:
    """Whether a bracket holds an event, `Y = y`, or one under a condition, `y | x`."""
    return isinstance(group.body, Chain) or (isinstance(group.body, Listing) and group.body.separator == "|")


def event_name(sym: Sym, group: Group, letters: frozenset[str]) -> str:
    """A plain name for a probability: `P` for P(Y = y | …), else with the event, `P_Y1`."""
    event, *given = group.body.items if isinstance(group.body, Listing) else (group.body,)
    parts = event.operands if isinstance(event, Chain) else (event,)
    words = [_word(_without_sample(p, letters)) for p in parts]
    if len(words) == 2 and words[0].lower() == words[1].lower() and words[1] in TARGETS and given:
        return sym.base
    on = "".join(_told(n, letters) for g in given for n in walk(g))
    signs = map(_sign, event.operators) if isinstance(event, Chain) else ()
    return f"{sym.base}_{words[0]}{''.join(map(''.join, zip(signs, words[1:], strict=True)))}" + (
        f"_given_{on}" if on else ""
    )


def _word(node: Node) -> str:
    """A part of an event as a word: |X| and X² are others than X."""
    return text_of(node) + "".join(map(_mark, walk(node)))


def _mark(node: Node) -> str:
    """What tells a node from the letters in it."""
    match node:
        case Group():
            return BARS.get(node.opening, "") + ("to" + text_of(node.sup) if node.sup is not None else "")
        case Fraction():
            return f"over{_leaves(node.above)}by{_leaves(node.below)}"
        case Sqrt():
            return f"root{_leaves(node.body)}"
        case Fn() | Big():
            return (node.name if isinstance(node, Fn) else node.op) + _leaves(node)
    return ""


def _leaves(node: Node) -> str:
    return "".join(text_of(n) for n in walk(node) if isinstance(n, Sym | Num))


def _sign(operator: str) -> str:
    return SPOKEN.get(operator, "".join(c for c in operator if c.isalnum()) or "rel")


def _told(node: Node, letters: frozenset[str]) -> str:
    """What a condition says by one of its nodes: a quantity, a number, or how they compare."""
    if isinstance(node, Chain):
        return "".join(map(_sign, node.operators))
    told = isinstance(node, Num) or _is_quantity(node, letters)
    return text_of(_without_sample(node, letters)) if told else ""


def _is_quantity(node: Node, letters: frozenset[str]) -> bool:
    return isinstance(node, Sym) and not is_letter(node, letters)


def _without_sample(node: Node, letters: frozenset[str]) -> Node:
    if isinstance(node, Sym) and not is_letter(node, letters) and take_apart(node, letters).sample is not None:
        return dataclasses.replace(node, sup=None)
    return node
