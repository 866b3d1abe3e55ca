"""What the words before a formula say that it is, and what it then lacks: a logarithm, the sense of an inequality."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from derive.chances.events import SURE_FAMILIES, unbraced
from derive.chances.shapes import is_expectation
from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Fn, Group, Juxt, Listing, Node, Prose, Sym

from ...context import Context
from ...lines import Line
from ...rules import misplaced_function, wrong_operator
from .miss import Miss, sides_of

LOG_LIKELIHOOD = re.compile(
    r"\b(?:expected|expectation of(?: the)?)[\w\s-]{0,40}?\blog[- ](?:likelihood|joint|probability)", re.IGNORECASE
)
CUMULATIVE = re.compile(r"cumulative (?:distribution|density) function|\bCDF\b", re.IGNORECASE)
UPPER = re.compile(r"complement|survival|tail|exceed|1\s*-\s*F", re.IGNORECASE)
TURNED = {">": r"\leq", ">=": r"\leq"}
GREATER = re.compile(r"\\geqslant|\\geq|\\ge(?![a-z])|\\gt(?![a-z])|>=|>|≥")


def without_logarithm(line: Line, context: Context) -> Miss | None:
    """E_{z|x}[p(x, z|θ)] where the text speaks of an expected log-likelihood."""
    if not LOG_LIKELIHOOD.search(line.formula.before) or line.right is None:
        return None
    if any(isinstance(n, Fn) and n.name in ("log", "ln", "exp") for s in sides_of(line) for n in walk(s)):
        return None
    if "log" in line.formula.latex or "ln" in line.formula.latex:
        return None
    bodies = [b for b in _expected(line.right) if _is_probability(b)]
    if len(bodies) != 1 or not any(isinstance(n, Big) and n.op == "argmax" for n in walk(line.right)):
        return None
    source, (start, end) = line.formula.latex, bodies[0].span
    return Miss(
        rule=misplaced_function.RULE,
        because="the text speaks of an expected log-likelihood, and there is no logarithm",
        changes=((start, start, r"\log "),),
        shown=(source[start:end], r"\log " + source[start:end]),
    )


def _expected(node: Node) -> Iterator[Node]:
    """What stands in the brackets of the expected values of a formula."""
    for part in walk(node):
        items = part.items if isinstance(part, Juxt) else ()
        for head, group in pairwise(items):
            if isinstance(head, Sym) and isinstance(group, Group) and is_expectation(head, group):
                yield unbraced(group.body)


def _is_probability(node: Node) -> bool:
    items = node.items if isinstance(node, Juxt) else ()
    return (
        len(items) == 2 and isinstance(items[0], Sym) and items[0].base in SURE_FAMILIES and isinstance(items[1], Group)
    )


def greater_for_less(line: Line, context: Context) -> Miss | None:
    """F(z) = P(Z > z) for a cumulative distribution function, which is P(Z ≤ z)."""
    if line.right is None or line.link or line.operator not in ("=", ":=") or not _is_function(line.left):
        return None
    words = line.formula.before[-250:]
    if not CUMULATIVE.search(words) or UPPER.search(words):
        return None
    chains = [c for c in _compared(line.right) if c.operators[0] in TURNED]
    source = line.formula.latex
    places = [m.span() for c in chains for m in GREATER.finditer(source, *c.span)]
    if not chains or len(places) != len(chains):
        return None
    return Miss(
        rule=wrong_operator.RULE,
        because="a cumulative distribution function is the probability of not more than its argument",
        changes=tuple((start, end, r"\leq") for start, end in places),
        shown=(source[slice(*places[0])], r"\leq"),
    )


def _is_function(node: Node) -> bool:
    items = node.items if isinstance(node, Juxt) else ()
    return (
        len(items) == 2 and isinstance(items[0], Sym) and items[0].base in ("F", "Phi") and isinstance(items[1], Group)
    )


def _compared(node: Node) -> Iterator[Chain]:
    """The comparisons in the bracket of a probability that is all of a side."""
    inside: Node | None = None
    if isinstance(node, Fn) and node.name in ("Pr", "P"):
        inside = node.argument
    elif isinstance(node, Juxt) and len(node.items) == 2 and isinstance(node.items[0], Sym):
        inside = node.items[1] if node.items[0].base in ("P", "Pr") else None
    body = unbraced(inside.body) if isinstance(inside, Group) else None
    for part in body.items if isinstance(body, Listing) else (body,):
        if isinstance(part, Chain) and len(part.operands) == 2:
            yield part
        elif part is not None and not isinstance(part, Prose):
            return
