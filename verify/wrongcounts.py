r"""Averages over another number than that of their terms: 1/n Σ_{n=1}^N x_n, and 1/B Σ_{b=1}^K where B is nothing.

And 1/m Σ_{i=0}^m x_i, which has a term more than m, in texts without anything of index 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from derive.notation.runs import unplaced, walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Fraction, Juxt, Node, Num, Span, Sym

from .context import Context
from .lines import Line
from .textranges import says_number_of

AVERAGE = re.compile(r"\b(?:averag\w+|means?)\b", re.IGNORECASE)
STEPS = frozenset({"t", "s", "tau"})
WEIGHTED = re.compile(r"\bweight\w*|\bper\b|\bprobabilit\w+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Miscounted:
    """A divisor that is not the number of terms: where it stands, and what that number is."""

    message: str
    span: Span
    text: str


def miscounted(line: Line, context: Context) -> Iterator[Miscounted]:
    """The divisors of averages that are the index of the sum, or that the text has nowhere else."""
    if line.right is None or line.carried is not None:
        return
    for product in (n for side in (line.left, line.right) for n in walk(side) if isinstance(n, Juxt)):
        for quotient, big in pairwise(product.items):
            if isinstance(quotient, Fraction) and isinstance(big, Big) and big.op == "sum":
                yield from _of(quotient, big, line, context)
                yield from _one_too_many(quotient, big, context)


def _of(quotient: Fraction, big: Big, line: Line, context: Context) -> Iterator[Miscounted]:
    by, bound, top = quotient.below, binder(big.below), big.above
    if not isinstance(by, Sym) or not isinstance(top, Sym) or bound is None or not _is_one(quotient.above):
        return
    if not _is_bare(by) or not _is_bare(top) or by.base == top.base or not _is_one(bound[1]):
        return
    if by.base == bound[0]:
        if not any(isinstance(n, Sym) and n.base == by.base for n in walk(line.left)):
            message = f"it is divided by {by.base}, the index of the sum, and not by the number of its terms"
            yield Miscounted(message=message, span=by.span, text=top.base)
        return
    said = line.formula.before.rpartition(". ")[2]
    here = [root for root, f in context.lines.nodes if f.headings == line.formula.headings]
    everywhere = [n for root in here for n in walk(root) if isinstance(n, Sym) and n.base == by.base]
    spoken = re.search(rf"(?<![\w\\]){by.base}(?!\w)", f"{line.formula.before} {line.formula.after}") is not None
    if AVERAGE.search(said) and not WEIGHTED.search(said) and len(everywhere) == 1 and not spoken:
        message = f"an average of {top.base} terms is divided by {by.base}, of which the text says nothing else"
        yield Miscounted(message=message, span=by.span, text=top.base)


def _one_too_many(quotient: Fraction, big: Big, context: Context) -> Iterator[Miscounted]:
    """1/m Σ_{i=0}^m x_i: one term more than what it is divided by, where the text has nothing of index 0."""
    bound, top = binder(big.below), big.above
    factors = quotient.below.items if isinstance(quotient.below, Juxt) else (quotient.below,)
    if bound is None or not isinstance(bound[1], Num) or bound[1].text != "0" or not _is_one(quotient.above):
        return
    if bound[0] in STEPS:  # from 0 to T there are T steps
        return
    if not isinstance(top, Sym) or not _is_bare(top) or unplaced(top) not in map(unplaced, factors):
        return
    begun = any(isinstance(n, Sym) and _has_zero(n) for root, _ in context.lines.nodes for n in walk(root))
    indexed = any(isinstance(n, Sym) and _is_index(n.sub, bound[0]) for n in walk(big.body))
    if indexed and not begun and says_number_of(top.base, context.dictionary.prose):
        message = f"it is divided by {top.base}, and the sum from 0 on has one term more"
        yield Miscounted(message=message, span=bound[1].span, text="1")


def _is_index(node: Node | None, letter: str) -> bool:
    return isinstance(node, Sym) and node.base == letter


def _has_zero(sym: Sym) -> bool:
    return any(isinstance(n, Num) and n.text == "0" for s in (sym.sub, sym.sup) if s is not None for n in walk(s))


def _is_bare(sym: Sym) -> bool:
    return len(sym.base) == 1 and not (sym.sub or sym.sup or sym.accents or sym.primes)


def _is_one(node: object) -> bool:
    return isinstance(node, Num) and node.text == "1"
