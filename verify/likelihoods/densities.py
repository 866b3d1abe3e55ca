r"""Claims about densities that a text gives by the name of a distribution, p(x) = N(x; μ, σ²), by their formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from derive.chances.events import NotAProbability, conditioned, label
from derive.chances.families import NORMAL
from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Group, Juxt, Node, Sym

from ..context import Context
from ..documents.document import Document, Formula
from ..found import Found
from ..functions import Key, applied, key_of
from ..lines import Line
from ..results import Verdict
from .anew import Judge, read_anew
from .laws import densities_of, families_of

TELLING = (Verdict.PROVED, Verdict.HOLDS, Verdict.REFUTED)
SIZE = re.compile(r"\\mathbb\s*\{?\s*R\s*\}?\s*\^\s*\{?\s*([A-Za-z])\b")
VARIANCE = re.compile(r".*(?:\^\{?2\}?|\^\{?-1\}?)|1")
FONT = r"(?:\\(?:mathbf|boldsymbol|bm|mathrm)\s*\{?\s*)?"
IDENTITY = re.compile(rf"(?P<scale>.*?){FONT}(?<![A-Za-z\\])I\}}?(?:_\w|_\{{\w+\}})?")
MATRIX = re.compile(rf"{FONT}(?:\\?[A-Z][a-z]*)\}}?(?:[_^](?:\w|\{{[^{{}}]*\}}|\\\w+))*")


def density_found(line: Line, document: Document, context: Context, judged: Judge) -> Found | None:
    """What is found of a claim once the densities of the text are written as formulas; None if it stays open.

    Args:
        line: the claim.
        document: that it stands in.
        context: what the document says.
        judged: what judges a line of a document that is read anew.
    """
    if line.number in context.definitions:
        return None
    heads = frozenset(key for side in (line.left, line.right) if side for key in _heads(side))
    stated = (n for n in context.lines.lines if n.number < line.number and n.formula is not line.formula)
    written = {id(n.formula): f for n in stated if (f := _written(n, heads, document)) is not None}
    if not written:
        return None
    before = (written.get(id(f), f) for f in document.formulas if f.offset < line.formula.offset)
    found = read_anew((*before, line.formula), line, document, judged)
    return found if found is not None and found.verdict in TELLING else None


def _heads(node: Node) -> Iterator[Key]:
    """The letters that stand before a bracket."""
    for juxt in (n for n in walk(node) if isinstance(n, Juxt)):
        yield from (key_of(a) for a, b in pairwise(juxt.items) if isinstance(a, Sym) and isinstance(b, Group))


def _written(line: Line, heads: frozenset[Key], document: Document) -> Formula | None:
    """The formula of a line, p(x) = N(x; μ, σ²), with the density written out; None for other lines."""
    called = applied(line.left)
    match line.right:
        case Juxt(items=(Sym() as head, Group(body=body))) if called is not None and key_of(called[0]) in heads:
            pass
        case _:
            return None
    source = line.formula.latex
    if line.link or line.operator not in DEFINING or line.span[1] < len(source.rstrip(" .,;\n")):
        return None
    try:
        outcome, parameters = conditioned(body)
        name = label(head)
    except NotAProbability:
        return None
    values = tuple(source[slice(*p.span)].strip() for p in (*outcome, *parameters))
    density = _density(name, values, document) if len(outcome) == 1 else None
    return None if density is None else replace(line.formula, latex=source[: line.right.span[0]] + density)


def _density(name: str, values: tuple[str, ...], document: Document) -> str | None:
    """The density of a named distribution, where it is beyond doubt which parametrisation is meant."""
    families = families_of(name, len(values) - 1)
    if families and families[0].heads == NORMAL:
        if VARIANCE.fullmatch(values[-1]) and not MATRIX.fullmatch(values[-1]):
            return densities_of(families[:1], *values)[0]
        return _of_vector(SIZE.search(document.text), *values)
    return densities_of(families, *values)[0] if len(families) == 1 else None


def _of_vector(size: re.Match[str] | None, outcome: str, mean: str, spread: str) -> str | None:
    """The density of a normal vector, with the covariance σ² I or Σ."""
    count = size[1] if size is not None else "d"
    apart = outcome if mean.strip("{}") in ("0", r"\mathbf{0") else rf"\left({outcome} - {mean}\right)"
    if (scaled := IDENTITY.fullmatch(spread)) is not None:
        scale = scaled["scale"].strip() or "1"
        whole = rf"\frac{{1}}{{(2 \pi {scale})^{{{count}/2}}}}"
        return rf"{whole} \exp\left(-\frac{{1}}{{2 {scale}}} {apart}^\top {apart}\right)"
    if MATRIX.fullmatch(spread) is None or "^" in spread:
        return None
    whole = rf"\frac{{1}}{{\sqrt{{(2 \pi)^{{{count}}} |{spread}|}}}}"
    return rf"{whole} \exp\left(-\frac{{1}}{{2}} {apart}^\top {spread}^{{-1}} {apart}\right)"
