r"""Averages over another number than that of their terms: 1/n Σ_{n=1}^N x_n, and 1/B Σ_{b=1}^K where B is nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Fraction, Juxt, Num, Span, Sym

from .context import Context
from .lines import Line

AVERAGE = re.compile(r"\b(?:averag\w+|means?)\b", re.IGNORECASE)
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


def _is_bare(sym: Sym) -> bool:
    return len(sym.base) == 1 and not (sym.sub or sym.sup or sym.accents or sym.primes)


def _is_one(node: object) -> bool:
    return isinstance(node, Num) and node.text == "1"
