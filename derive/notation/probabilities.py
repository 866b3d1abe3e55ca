"""Names for probabilities: P(Y = y | X = x) is a quantity of its own, told apart by its event and its condition."""

from __future__ import annotations

import dataclasses

from .names_in_notes import is_letter, take_apart, text_of
from .runs import walk
from .syntax import Chain, Group, Listing, Node, Sym

TARGETS = frozenset({"y", "t"})


def is_event(group: Group) -> bool:
    """Whether a bracket holds an event, `Y = y`, or one under a condition, `y | x`."""
    return isinstance(group.body, Chain) or (isinstance(group.body, Listing) and group.body.separator == "|")


def event_name(sym: Sym, group: Group, letters: frozenset[str]) -> str:
    """A plain name for a probability: `P` for P(Y = y | …), else with the event, `P_Y1`."""
    event, *given = group.body.items if isinstance(group.body, Listing) else (group.body,)
    parts = event.operands if isinstance(event, Chain) else (event,)
    words = [text_of(_without_sample(p, letters)) for p in parts]
    if len(words) == 2 and words[0].lower() == words[1].lower() and words[1] in TARGETS and given:
        return sym.base
    on = "".join(text_of(_without_sample(n, letters)) for g in given for n in walk(g) if _is_quantity(n, letters))
    return f"{sym.base}_{''.join(words)}" + (f"_given_{on}" if on else "")


def _is_quantity(node: Node, letters: frozenset[str]) -> bool:
    return isinstance(node, Sym) and not is_letter(node, letters)


def _without_sample(node: Node, letters: frozenset[str]) -> Node:
    if isinstance(node, Sym) and not is_letter(node, letters) and take_apart(node, letters).sample is not None:
        return dataclasses.replace(node, sup=None)
    return node
