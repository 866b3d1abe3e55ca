"""Names of norms that a text has in the place of words: the $L_2$ of L_2 regularisation is no entry of the loss L."""

from __future__ import annotations

import re

from derive.notation.syntax import Node, Num, Sym

from .documents.document import Formula

LETTERS = frozenset({"L", "l", "ell"})
ORDERS = frozenset({"p", "q", "infty"})
FOLLOWING = re.compile(
    r"[\s~-]*(?:[a-z]+[\s-])?(?:regulari[sz]\w*|norms?|penal\w+|loss(?:es)?|distances?|errors?|balls?|spaces?|metrics?"
    r"|weight decay|decay|constraints?|terms?)\b",
    re.IGNORECASE,
)


def names_a_norm(nodes: tuple[Node, ...], formula: Formula) -> bool:
    """Whether a formula within a sentence is the name of a norm, as the words behind it say."""
    if formula.display or len(nodes) != 1 or not isinstance(nodes[0], Sym) or nodes[0].base not in LETTERS:
        return False
    order = nodes[0].sub if nodes[0].sup is None else nodes[0].sup if nodes[0].sub is None else None
    told = isinstance(order, Num) or (isinstance(order, Sym) and order.base in ORDERS)
    return told and FOLLOWING.match(formula.after) is not None
