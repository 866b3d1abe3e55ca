r"""Norms that were read of numbers: X and w of \|X w - y\|² were not readable as a matrix and a vector in their text.

What agrees of numbers then says nothing: X (X w − y) is the derivative of ½ (X w − y)² by a number w.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.notation.names_in_notes import take_apart
from derive.notation.runs import walk
from derive.notation.syntax import Group, Juxt, Node, Sym

from .context import Context
from .lines import Line

FLAT = "the norm of a product with a capital is read as that of a number"
BARS = frozenset({r"\|", "||"})


def has_flat_norm(line: Line, context: Context) -> bool:
    """Whether a capital of a line stands in the norm of a product, under the same heading, and was read as a number."""
    own = {n.base for side in (line.left, line.right) if side is not None for n in walk(side) if isinstance(n, Sym)}
    if not any(base.isupper() for base in own):
        return False
    here = (node for node, formula in context.lines.nodes if formula.headings == line.formula.headings)
    norms = (n for node in here for n in walk(node) if isinstance(n, Group) and n.opening in BARS)
    return any(sym.base in own and _is_number(sym, context) for norm in norms for sym in _before_letters(norm))


def _before_letters(norm: Node) -> Iterator[Sym]:
    """The capitals in a norm that stand before another letter: the X of X w − y."""
    for product in (n for n in walk(norm) if isinstance(n, Juxt)):
        for first, second in pairwise(product.items):
            if isinstance(first, Sym) and isinstance(second, Sym) and len(first.base) == 1 and first.base.isupper():
                yield first


def _is_number(sym: Sym, context: Context) -> bool:
    survey = context.dictionary.survey
    named = take_apart(sym, survey.letters)
    return not named.indices and survey.rank.get(survey.name(named)) == 0
