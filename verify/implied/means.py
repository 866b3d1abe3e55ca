r"""Means that a text only marks: Σ_{i=1}^n (x_i − \bar{x})² = Σ_{i=1}^n x_i² − n \bar{x}², nothing said of x̄.

The claim is judged with x̄ = (1/n) Σ_{i=1}^n x_i before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Juxt, Sym

from ..context import Context
from ..documents.document import Document
from ..doubts import of_words
from ..found import Found
from ..likelihoods.anew import Judge, read_anew
from ..lines import Line
from ..results import Verdict
from ..roles import introduction
from ..unwritten import BARS, WEIGHED

TRUE = (Verdict.PROVED, Verdict.HOLDS)


def means_found(line: Line, document: Document, context: Context, judged: Judge) -> Found | None:
    """What is found of a claim if the letters with a bar in it are means; None if it has none, or stays open."""
    if line.right is None or line.operator not in DEFINING or isinstance(line.left, Sym):
        return None
    if any(of_words(line)) or WEIGHED.search(introduction(line.formula)):
        return None
    barred = _barred(line)
    if any(n.base not in barred or n.accents for n in _indexed(line)):
        return None  # w_i may be weights
    written = [w for sym in barred.values() if (w := _mean(sym, line)) is not None]
    if not written or len(written) < len(barred) or any(_is_given(s, line, context) for s in barred.values()):
        return None
    formula = line.formula
    means = (replace(formula, latex=w, before="Let", after="") for w in written)
    before = (f for f in document.formulas if f.offset < formula.offset)
    claim = replace(formula, before=formula.before or "Then")
    found = read_anew((*before, *means, claim), line, document, judged)
    if found is None or not (found.verdict in TRUE or (found.verdict is Verdict.REFUTED and found.suggestion)):
        return None
    letters = ", ".join(w.partition(" = ")[0] for w in written)
    return replace(found, because=f"{found.because}; {letters} taken for the mean")


def _barred(line: Line) -> dict[str, Sym]:
    r"""The letters with a bar and no index: \bar{x}."""
    assert line.right is not None
    syms = (n for side in (line.left, line.right) for n in walk(side) if isinstance(n, Sym))
    return {s.base: s for s in syms if len(s.accents) == 1 and s.accents[0] in BARS and s.sub is None}


def _mean(barred: Sym, line: Line) -> str | None:
    r"""\bar{x} = \frac{1}{n} \sum_{i=1}^n x_i, if one sum of a line runs over the x_i, from 1."""
    source = line.formula.latex
    name = source[slice(*barred.span)].split("^")[0].strip()
    for total in _sums(line):
        bound = binder(total.below)
        points = {n.span: n for n in walk(total.body) if isinstance(n, Sym) and n.base == barred.base and not n.accents}
        indexed = [n for n in points.values() if isinstance(n.sub, Sym) and bound and n.sub.base == bound[0]]
        if total.above is None or total.below is None or not indexed or len(indexed) < len(points):
            continue
        point = source[slice(*indexed[0].span)].split("^")[0].strip()
        above, sign = source[slice(*total.above.span)].strip("{} "), source[total.span[0] : total.body.span[0]]
        return rf"{name} = \frac{{1}}{{{above}}} {sign} {point}"
    return None


def _indexed(line: Line) -> Iterator[Sym]:
    """The letters with an index in the sums of a line."""
    return (n for total in _sums(line) for n in walk(total.body) if isinstance(n, Sym) and n.sub is not None)


def _sums(line: Line) -> Iterator[Big]:
    assert line.right is not None
    return (n for side in (line.left, line.right) for n in walk(side) if isinstance(n, Big) and n.op == "sum")


def _is_given(barred: Sym, line: Line, context: Context) -> bool:
    """Whether the text says what a letter with a bar is, or uses it as a function or with an index."""
    lefts = (n.left for n in context.lines.lines if n.formula is not line.formula and n.right is not None)
    heads = (left.items[0] if isinstance(left, Juxt) else left for left in lefts)
    return any(isinstance(h, Sym) and h.base == barred.base and h.accents == barred.accents for h in heads)
