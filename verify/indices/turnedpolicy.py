r"""Σ_a π(s | a) r where the text has π(a | s): a policy with what it chooses and what it is given exchanged.

A probability p has both of p(x | y) and p(y | x); a policy is the probability of an action given a state, and no text
speaks of the other one, nor of an action given itself, π(a | a).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.chances.events import unbraced
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Group, Juxt, Listing, Node, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict
from ..rules.swapped_index import RULE

POLICIES = frozenset({"pi"})


def turned_policy(line: Line, context: Context) -> Found | None:
    """The conflict of a policy whose two sides of the bar stand the other way round everywhere else in the text."""
    if line.right is None or any(of_words(line)):
        return None
    written = [
        (bar, f.latex)
        for node, f in context.lines.nodes
        if f is not line.formula and f.headings == line.formula.headings
        for bar in _bars(node)
    ]
    others = [_sides(bar) for bar, _ in written]
    for bar in _bars(line.right):
        chosen, given = _sides(bar)
        if chosen == given:
            behind = {latex[slice(*b.items[1].span)] for b, latex in written if _is_given_another(b, chosen)}
            if len(behind) == 1 and (chosen, given) not in others:
                (state,) = behind
                message = f"the text has the policy given {state}, and here it is given what it chooses"
                return conflict(line, message, message, {bar.items[1].span: state}, RULE)
        if chosen == given or (given, chosen) not in others or (chosen, given) in others:
            continue
        first, second = (line.formula.latex[slice(*n.span)] for n in bar.items)
        message = f"the text has the policy given {first}, and here it is the probability of {first} given {second}"
        places = {bar.items[0].span: second, bar.items[1].span: first}
        return conflict(line, message, message, places, RULE)
    return None


def _is_given_another(bar: Listing, chosen: Node) -> bool:
    first, second = _sides(bar)
    return first == chosen != second


def _bars(node: Node) -> Iterator[Listing]:
    """The a | s of the policies π(a | s)."""
    for part in (n for n in walk(node) if isinstance(n, Juxt)):
        for head, group in pairwise(part.items):
            body = group.body if isinstance(group, Group) else None
            named = isinstance(head, Sym) and head.base in POLICIES
            if named and isinstance(body, Listing) and body.separator == "|" and len(body.items) == 2:
                yield body


def _sides(bar: Listing) -> tuple[Node, Node]:
    first, second = (unplaced(unbraced(n)) for n in bar.items)
    return first, second
