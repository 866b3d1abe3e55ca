"""What tells that a usual formula is meant otherwise: another coefficient in a sum, a letter that counts outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.notation.definitions import DEFINING
from derive.notation.syntax import Bin, Fraction, Juxt, Node, Num
from derive.standards.standard import Domain

from ..context import Context
from ..functions import Key, key_of
from ..lines import Line
from .matching import Match

Weighted = tuple[tuple[Key, ...], tuple[Key, ...]]
TRIALS = re.compile(r"\b(?:trials|tosses|flips|throws|draws|successes|heads in|out of)\b", re.IGNORECASE)
REACH = 300  # characters before a formula


def weighs_otherwise(line: Line, context: Context) -> bool:
    """Whether a sum has a term with another coefficient than the definition has that the text makes of it alone."""
    terms = {body: weight for weight, body in map(_weighted, _terms(line.right))}
    if len(terms) < 2:
        return False
    others = (n for n in context.lines.lines if n.formula.headings == line.formula.headings and n.number != line.number)
    alone = (n.right for n in others if n.right is not None and not n.link and n.operator in DEFINING)
    return any(body and terms.get(body, weight) != weight for weight, body in map(_weighted, alone))


def may_count(line: Line, match: Match) -> bool:
    """Whether what is 0 or 1 in a usual formula may count outcomes in the text: p^x (1 − p)^{1 − x} of x heads."""
    alone = any(part.domain is Domain.BIT and not atom.arity for atom, part in match.assignment.items())
    return alone and TRIALS.search(line.formula.before[-REACH:]) is not None


def _terms(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Bin) and node.op in "+-":
        yield from _terms(node.left)
        yield from _terms(node.right)
    elif node is not None:
        yield node


def _weighted(node: Node) -> Weighted:
    """The numbers and fractions that a term begins with, and the rest of it."""
    items = node.items if isinstance(node, Juxt) else (node,)
    first = next((k for k, item in enumerate(items) if not isinstance(item, Num | Fraction)), len(items))
    return tuple(map(key_of, items[:first])), tuple(map(key_of, items[first:]))
