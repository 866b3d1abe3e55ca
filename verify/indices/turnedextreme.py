"""θ* = argmax L(θ) where the sentence says that the loss L is to be as small as possible."""

from __future__ import annotations

import re

from derive.chances.events import unbraced
from derive.notation.runs import walk
from derive.notation.syntax import Big, Fn, Group, Juxt, Node, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict
from ..roles import introduction
from ..rules import misplaced_function

_COST = r"(?:loss(?:es)?|cost|errors?)"
_BETWEEN = r"(?:\W+\w+){0,4}?\W+"
SMALL = re.compile(
    rf"\b(?:minimi[sz]\w+|smallest|lowest|least){_BETWEEN}{_COST}\b"
    rf"|\b{_COST}{_BETWEEN}(?:as (?:small|low) as possible|minimal|is minimi[sz]ed|smallest|lowest)\b",
    re.IGNORECASE,
)
LARGE = re.compile(
    rf"\b(?:maximi[sz]\w+|largest|highest){_BETWEEN}(?:likelihood|posterior|evidence)\b"
    rf"|\b(?:likelihood|posterior|evidence){_BETWEEN}(?:as large as possible|is maximi[sz]ed|largest|highest)\b",
    re.IGNORECASE,
)
EITHER = {
    "argmax": (SMALL, re.compile(r"max|large|high|negative|minus|adversar|reward|utility|gain|score", re.IGNORECASE)),
    "argmin": (LARGE, re.compile(r"minim|small|low|negative|minus|loss|cost|error|equival", re.IGNORECASE)),
}
COSTS = frozenset({"L", "J", "E", "C", "ell", "loss", "cost"})


def turned_extreme(line: Line, context: Context) -> Found | None:
    """The conflict of an argmax of a loss with words that ask for the least one, and of an argmin of a likelihood."""
    if line.right is None or line.link or not isinstance(line.right, Big) or any(of_words(line)):
        return None
    big, said = line.right, introduction(line.formula)
    wanted, other = EITHER.get(big.op, (None, None))
    if wanted is None or other is None or wanted.search(said) is None or other.search(wanted.sub(" ", said)):
        return None
    if not (_is_cost(big.body) if big.op == "argmax" else _is_likelihood(big.body)):
        return None
    start, end = line.formula.latex.find(big.op[3:], *big.span), big.body.span[0]
    message = (
        f"the words ask for the {'least' if big.op == 'argmax' else 'greatest'} value, and the formula for the other"
    )
    places = {(start, start + 3): "min" if big.op == "argmax" else "max"} if 0 <= start < end else {}
    return conflict(line, message, message, places, misplaced_function.RULE)


def _is_cost(node: Node) -> bool:
    """Whether a node is L or L(θ)."""
    node = unbraced(node)
    head = node.items[0] if isinstance(node, Juxt) and all(isinstance(n, Group) for n in node.items[1:]) else node
    return isinstance(head, Sym) and head.base in COSTS


def _is_likelihood(node: Node) -> bool:
    """Whether a node is a probability or its logarithm, without a sign."""
    node = unbraced(node)
    inner = unbraced(node.argument) if isinstance(node, Fn) and node.name in ("log", "ln") and node.argument else node
    head = inner.items[0] if isinstance(inner, Juxt) and all(isinstance(n, Group) for n in inner.items[1:]) else None
    return (
        isinstance(head, Sym)
        and head.base in ("p", "P", "Pr")
        and not any(n.primes for n in walk(head) if isinstance(n, Sym))
    )
