r"""dW = dZ A^T, where the dX of back-propagation is the derivative of the cost by X: read as ∂J/∂W = ∂J/∂Z A^T.

Differentials go the other way, dZ = dW A + W dA: what stands on the right here is computed from what is on the left.
That the derivatives are averaged over m examples in some steps, 1/m dZ A^T, is a custom, and the factor is left aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from derive.notation.declared import members
from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Juxt, Node, Sym

from ..context import Context
from ..descent import is_alike
from ..documents.document import Document
from ..doubts import of_words
from ..found import Found
from ..likelihoods.anew import Judge, read_anew
from ..lines import Line
from ..mended import conflict
from ..outerproducts import without_outer
from ..results import StatementKind, Verdict
from ..rules.wrong_transpose import RULE
from ..unproved import without_doubt
from .writtenout import (
    BY_ENTRIES,
    adjoints_in,
    apart,
    cost_of,
    is_made_of,
    is_whole,
    rewritten,
    slope_of,
    texts_of,
    written_out,
)

SLOPES = re.compile(
    r"\b(?:gradients?|derivatives?|back-?propag\w*|backprop|backward|chain rule|slopes?)\b", re.IGNORECASE
)
OTHERWISE = re.compile(
    r"\b(?:differentials?|infinitesimal\w*|perturb\w*|stochastic|brownian|SDEs?|integra\w+|small changes?)\b",
    re.IGNORECASE,
)
TURNED = re.compile(r"T|\\top|\\intercal|'")
TRUE = (Verdict.PROVED, Verdict.HOLDS)
WRONG = (Verdict.REFUTED, Verdict.CONFLICT)


@dataclass(frozen=True, kw_only=True)
class Factor:
    """A factor without its transpose: in short, with its derivative written out, whether it is turned, and where."""

    name: str
    out: str
    turned: bool
    start: int


def adjoint_found(line: Line, document: Document, context: Context, judged: Judge) -> Found | None:
    """What is found of dX = … dZ …, read as derivatives of a cost; None where it is none of them, or stays open."""
    line = apart(line)
    formula = line.formula
    said = context.dictionary.prose
    if line.right is None or line.link or not SLOPES.search(said) or OTHERWISE.search(said) or any(of_words(line)):
        return None
    own, others = [*adjoints_in(line.left)], [*adjoints_in(line.right)]
    cost = cost_of(context)
    if len(own) != 1 or own[0].turned or not is_whole(line.left, own[0]) or not others or cost is None:
        return None
    if not all(is_made_of(a.of, own[0].of, context) for a in others):
        return None
    texts = texts_of(line, cost)
    before = [*written_out(line, document, context, cost)]
    claim = replace(formula, latex=rewritten(line, texts), before="Then", after="")

    def in_full(again: Line, anew: Document, within: Context) -> Found:
        return without_outer(without_doubt(judged(again, anew, within), again, within), again, within)

    found = read_anew((*before, claim), None, document, in_full)
    if found is not None and found.verdict is Verdict.UNREAD and BY_ENTRIES in claim.latex:  # of one entry each
        of_one = replace(claim, latex=claim.latex.replace(BY_ENTRIES, r"\cdot "))
        found = read_anew((*before, of_one), None, document, in_full)
    if found is not None and found.verdict is Verdict.UNREAD and own[0].of.base.isupper():
        if "vector" in (found.because or ""):  # one by its use alone, softmax(S): that may be a matrix, row by row
            return None
        return _turned(
            line, cost, lambda latex: read_anew((*before, replace(claim, latex=latex)), None, document, in_full)
        )
    if found is None or (found.verdict in TRUE and _needs_turning(line, own[0].of, context)):
        return None
    return _told(found, claim.latex, {text: formula.latex[slice(*span)] for span, text in texts.items() if text})


def _told(found: Found, reading: str, names: Mapping[str, str]) -> Found | None:
    """What is found of the formula with its derivatives written out, told of it as it is written in short."""
    because = f"it is read as derivatives of the cost, {found.because}"
    if found.verdict in TRUE:
        return Found(verdict=found.verdict, because=because, reading=reading)
    if found.verdict not in WRONG or found.suggestion is None:
        return None
    mended = found.suggestion.latex
    straight = {t.removesuffix(r"^\top"): n.rpartition("^")[0] for t, n in names.items() if t.endswith(r"^\top")}
    for text, name in {**names, **straight}.items():
        mended = mended.replace(text, name)
    suggestion = replace(found.suggestion, latex=mended, span=None)
    return replace(found, kind=StatementKind.CLAIM, verdict=Verdict.CONFLICT, because=because, suggestion=suggestion)


def _turned(line: Line, cost: str, judged: Callable[[str], Found | None]) -> Found | None:
    """The conflict of a product of two matrices that does not fit, where another order or transpose is proved."""
    assert line.right is not None
    factors = tuple(_factors(line.right, cost, line))
    if len(factors) != 2 or any(TURNED.search(f.name) for f in factors):
        return None
    (left,) = (slope_of(a, cost, line) for a in adjoints_in(line.left))
    for pair in (factors, factors[::-1]):
        for turns in product((False, True), repeat=2):
            if pair == factors and turns == tuple(f.turned for f in factors):
                continue
            texts = [rf"\left({f.out}\right)^\top" if turn else f.out for f, turn in zip(pair, turns, strict=True)]
            found = judged(f"{left} = {' '.join(texts)}")
            if found is not None and found.verdict is Verdict.PROVED:
                short = [_in_short(f.name, turn) for f, turn in zip(pair, turns, strict=True)]
                message = "the factors do not fit, and in another order or transposed they make the derivative"
                place = (factors[0].start, line.right.span[1])
                return conflict(line, message, message, {place: " ".join(short)}, RULE)
    return None


def _in_short(name: str, turned: bool) -> str:
    return name if not turned else rf"({name})^\top" if "^" in name else rf"{name}^\top"


def _factors(right: Node, cost: str, line: Line) -> Iterator[Factor]:
    """The factors of a product without their transposes."""
    source = line.formula.latex
    found = {a.of.span: a for a in adjoints_in(right)}
    for item in right.items if isinstance(right, Juxt) else ():
        if not isinstance(item, Sym) or (item.base == "d" and item.span[1] in {start for start, _ in found}):
            continue
        adjoint, turned = found.get(item.span), is_transpose(item.sup)
        end = source.rindex("^", *item.span) if turned else item.span[1]
        name = source[item.span[0] : end]
        bare = replace(item, sup=None, span=(item.span[0], end)) if turned else item
        out = slope_of(replace(adjoint, turned=False, of=bare), cost, line) if adjoint else name
        start = adjoint.span[0] if adjoint else item.span[0]
        yield Factor(name=f"d{name}" if adjoint else name, out=out, turned=turned, start=start)


def _needs_turning(line: Line, of: Sym, context: Context) -> bool:
    """Whether a proof may be one by numbers: of capitals of unknown size, multiplied without any transpose."""
    assert line.right is not None
    sized = any(is_alike(sym, of) and len(limits) == 2 for n, _ in context.lines.nodes for sym, limits in members(n))
    letters = [n for n in walk(line.right) if isinstance(n, Sym)]
    products = any(isinstance(n, Juxt) and _capitals(n) > 1 for n in walk(line.right))
    turned = any(is_transpose(n.sup) or "T" in line.formula.latex[slice(*n.span)][1:] for n in letters)
    return of.base.isupper() and products and not sized and not turned


def _capitals(product: Juxt) -> int:
    return sum(isinstance(n, Sym) and n.base.isupper() for n in product.items)
