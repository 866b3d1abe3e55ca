r"""Claims about densities that a text gives by the name of a distribution, p(x) = N(x; μ, σ²), by their formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from derive.chances.events import NotAProbability, conditioned, label
from derive.chances.families import NORMAL
from derive.chances.normals import Kind, is_zero, normal_of
from derive.chances.standing import families_of
from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Group, Juxt, Node, Span, Sym

from ..context import Context
from ..documents.document import Document, Formula
from ..found import Found
from ..functions import Key, applied, key_of
from ..lines import Line
from ..results import Verdict
from .anew import Judge, read_anew
from .laws import densities_of, filled_in

Densities = Mapping[Span, str]
TELLING = (Verdict.PROVED, Verdict.HOLDS, Verdict.REFUTED)
VARIANCE = re.compile(r".*(?:\^\{?2\}?|\^\{?-1\}?)|1")
SHAPES = {  # of the densities of normal vectors, but for a factor without the vector and its mean
    Kind.FULL: r"\exp(-\frac{1}{2} (x - m)^\top v^{-1} (x - m))",
    Kind.SCALED: r"\exp(-\frac{1}{2 v} (x - m)^\top (x - m))",
    Kind.STANDARD: r"\exp(-\frac{1}{2} (x - m)^\top (x - m))",
}


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
    by = frozenset(letter for side in (line.left, line.right) if side for letter in _slopes(side))
    letters = frozenset(n.base for side in (line.left, line.right) if side for n in walk(side) if isinstance(n, Sym))
    written = {id(n.formula): f for n in stated if (f := _written(n, heads, by) or _in_parts(n, letters)) is not None}
    own = _densities_in(line)
    if (not written and not own) or (own and _is_several(line)):
        return None
    before = (written.get(id(f), f) for f in document.formulas if f.offset < line.formula.offset)
    claim = replace(line.formula, latex=_put(line.formula.latex, own)) if own else line.formula
    found = read_anew((*before, claim), None if own else line, document, judged)
    return _as_named(found, line, own) if found is not None and found.verdict in TELLING else None


def _as_named(found: Found, line: Line, densities: Densities) -> Found:
    """What was found of a claim with its densities written out, said of the claim as it stands."""
    if not densities:
        return found
    source, suggestion = line.formula.latex, found.suggestion
    if suggestion is not None:
        latex = suggestion.latex
        for (start, end), density in densities.items():
            latex = latex.replace(density, source[start:end])
        suggestion = replace(suggestion, latex=latex, span=None)
    return replace(found, reading=source[slice(*line.span)], suggestion=suggestion)


def _heads(node: Node) -> Iterator[Key]:
    """The letters that stand before a bracket."""
    for juxt in (n for n in walk(node) if isinstance(n, Juxt)):
        yield from (key_of(a) for a, b in pairwise(juxt.items) if isinstance(a, Sym) and isinstance(b, Group))


def _slopes(node: Node) -> Iterator[str]:
    """The letters by which gradients in a side are taken, ∇_x."""
    by = (n.sub for n in walk(node) if isinstance(n, Sym) and n.base == "nabla" and n.sub is not None)
    yield from (n.base for sub in by for n in walk(sub) if isinstance(n, Sym))


def _written(line: Line, heads: frozenset[Key], by: frozenset[str]) -> Formula | None:
    """The formula of a line, p(x) = N(x; μ, σ²), with its densities written out; None for other lines.

    Args:
        line: the line.
        heads: the letters before brackets in the claim.
        by: the letters by which gradients are taken in it.
    """
    called = applied(line.left)
    match line.right:
        case Juxt(items=(Sym() as head, Group(body=body))) if called is not None and key_of(called[0]) in heads:
            pass
        case _:
            return None
    source = line.formula.latex
    if _is_several(line):
        return None
    try:
        outcome, parameters = conditioned(body)
        name = label(head)
    except NotAProbability:
        return None
    if len(outcome) != 1:
        return None
    values = tuple(source[slice(*p.span)].strip() for p in (*outcome, *parameters))
    density = _density(name, values) or _of_vector(name, parameters, values[0], source, by)
    return None if density is None else replace(line.formula, latex=source[: line.right.span[0]] + density)


def _is_several(line: Line) -> bool:
    """Whether a formula is no single equation, or has more than the equation."""
    source = line.formula.latex
    return bool(line.link) or line.operator not in DEFINING or line.span[1] < len(source.rstrip(" .,;\n"))


def _in_parts(line: Line, letters: frozenset[str]) -> Formula | None:
    """A definition of one of some letters with the densities in it written out; None for other lines."""
    head = line.left if isinstance(line.left, Sym) else (applied(line.left) or (None,))[0]
    if head is None or head.base not in letters or _is_several(line) or not (found := _densities_in(line)):
        return None
    return replace(line.formula, latex=_put(line.formula.latex, found))


def _densities_in(line: Line) -> Densities:
    """Where normal densities of numbers stand in a relation, π_k N(x; μ_k, σ_k²), and what they are."""
    source, found = line.formula.latex, dict[Span, str]()
    sides = (line.left, line.right) if line.right is not None else ()
    within = (n for side in sides for n in walk(side))
    for head, group in (pair for n in within if isinstance(n, Juxt) for pair in pairwise(n.items)):
        if not (isinstance(head, Sym) and isinstance(group, Group)):
            continue
        try:
            outcome, parameters = conditioned(group.body)
            name = label(head)
        except NotAProbability:
            continue
        values = tuple(source[slice(*p.span)].strip() for p in (*outcome, *parameters))
        if name in NORMAL and len(outcome) == 1 and (density := _density(name, values)) is not None:
            found[head.span[0], group.span[1]] = density
    return found


def _put(source: str, densities: Densities) -> str:
    """A formula with what stands in some places of it."""
    for (start, end), density in sorted(densities.items(), reverse=True):
        source = f"{source[:start]}{density}{source[end:]}"
    return source


def _density(name: str, values: tuple[str, ...]) -> str | None:
    """The density of a named distribution, where it is beyond doubt which parametrisation is meant."""
    families = families_of(name, len(values) - 1)
    if families and families[0].heads == NORMAL:
        families = families[:1] if VARIANCE.fullmatch(values[-1]) else ()
    return densities_of(families, *values)[0] if len(families) == 1 else None


def _of_vector(name: str, parameters: tuple[Node, ...], outcome: str, source: str, by: frozenset[str]) -> str | None:
    """The density of a normal vector with covariance Σ, v I or I as far as gradients by its other letters show it."""
    law = normal_of(parameters) if name in NORMAL else None
    if law is None or law.kind not in SHAPES or not by or by & {n.base for n in walk(law.spread) if isinstance(n, Sym)}:
        return None
    if law.kind is Kind.FULL and not (
        isinstance(law.spread, Sym) and law.spread.base == "Sigma" and not law.spread.sup
    ):
        return None  # Λ may be a precision
    mean, spread = (source[slice(*n.span)].strip() for n in (law.mean, law.spread))
    template = SHAPES[law.kind].replace("(x - m)", "x") if is_zero(law.mean) else SHAPES[law.kind]
    return filled_in(template, {"x": outcome, "m": mean, "v": spread})
