r"""Gradients of p_θ(x), of which a text says no more than that it depends on θ: it may be any function of θ.

∇_θ p_θ(x) = p_θ(x) ∇_θ log p_θ(x) is read as ∇_θ F(θ) = F(θ) ∇_θ log F(θ).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from derive.notation.runs import walk
from derive.notation.syntax import Group, Juxt, Node, Span, Sym

from ..context import Context
from ..documents.document import Document
from ..found import ANYTHING_FALSE, Found
from ..functions import applied, key_of
from ..lines import Line
from ..results import Suggestion, Verdict
from .anew import Judge, fresh_name, read_anew

OF_CHANCE = frozenset({"p", "q", "pi", "f", "P"})
TELLING = (Verdict.PROVED, Verdict.HOLDS, Verdict.REFUTED)


@dataclass(frozen=True, kw_only=True)
class Family:
    """A density with its parameter below: where it stands in a formula, and how the parameter is written."""

    span: Span
    key: tuple[object, object]
    parameter: str


def parametric_found(line: Line, document: Document, context: Context, judged: Judge) -> Found | None:
    """What is found of a claim on the gradient of p_θ(x), as of one of any function of θ; None if it stays open."""
    formula, source = line.formula, line.formula.latex
    sides = [side for side in (line.left, line.right) if side is not None]
    families = [f for side in sides for f in _families(side, source)]
    signs = [n for side in sides for n in walk(side) if isinstance(n, Sym) and n.base == "nabla"]
    if not families or not signs or len({f.key for f in families}) > 1 or line.link or line.carried is not None:
        return None
    if _is_defined(families[0].key[0], context) or not all(_is_by(sign, families[0], source) for sign in signs):
        return None
    name = fresh_name(document)
    if name is None:
        return None
    any_function = rf"{name}({families[0].parameter})"
    edits = {f.span: f" {any_function}" for f in families}  # with a blank, as in \theta F
    edits |= {s.span: rf"\nabla_{{{families[0].parameter}}}" for s in signs if s.sub is None}
    last = replace(formula, latex=_edited(source, edits))
    before = (f for f in document.formulas if f.offset < formula.offset)
    found = read_anew((*before, last), None, document, judged)
    if found is None or found.verdict not in TELLING:
        return None
    if found.verdict is Verdict.REFUTED and not _is_of_nothing_else(line, families):  # the text may say what p is
        return None
    written = source[slice(*families[0].span)]
    correction = _in_words_of(found.suggestion, name, any_function, written)
    rule = found.rule if correction or found.verdict is not Verdict.REFUTED else ANYTHING_FALSE
    return replace(found, reading=source[slice(*line.span)], judgement=None, rule=rule, suggestion=correction)


def _families(node: Node, source: str) -> Iterator[Family]:
    """The p_θ(x) of a side."""
    for juxt in (n for n in walk(node) if isinstance(n, Juxt)):
        for head, group in pairwise(juxt.items):
            if not isinstance(head, Sym) or head.base not in OF_CHANCE or not isinstance(head.sub, Sym) or head.sup:
                continue
            if isinstance(group, Group) and group.opening in ("(", "[") and not group.sup:
                parameter = source[slice(*head.sub.span)].strip("{} ")
                span = (head.span[0], group.span[1])
                yield Family(span=span, key=(key_of(head), key_of(group)), parameter=parameter)


def _is_of_nothing_else(line: Line, families: list[Family]) -> bool:
    """Whether a claim is made of the density and its gradients alone."""
    syms = (n for side in (line.left, line.right) if side for n in walk(side) if isinstance(n, Sym))
    outside = (n for n in syms if not any(f.span[0] <= n.span[0] and n.span[1] <= f.span[1] for f in families))
    by = {families[0].parameter.lstrip("\\"), "nabla"}
    return all(n.base in by for n in outside)


def _is_by(sign: Sym, family: Family, source: str) -> bool:
    """Whether ∇ is taken by the parameter, or says nothing else."""
    return sign.sub is None or source[slice(*sign.sub.span)].strip("{} ") == family.parameter


def _is_defined(head: object, context: Context) -> bool:
    """Whether the text says what a density is."""
    stated = (applied(n.left) for n in context.lines.lines if n.right is not None and n.link == 0)
    return any(found is not None and key_of(found[0]) == head for found in stated)


def _edited(source: str, edits: dict[Span, str]) -> str:
    """A formula with some of its parts replaced."""
    for (start, end), text in sorted(edits.items(), reverse=True):
        source = source[:start] + text + source[end:]
    return source


def _in_words_of(found: Suggestion | None, name: str, any_function: str, written: str) -> Suggestion | None:
    """A correction with the density in the place of the function; None if it changes the function itself."""
    if found is None:
        return None
    latex = found.latex.replace(f" {any_function}", written).replace(any_function, written)
    if re.search(rf"(?<![A-Za-z\\]){name}(?![a-z])", latex):
        return None
    argument = any_function.removeprefix(name)  # the part that an edit behind it changes
    edit = found.edit.replace(any_function, written).replace(argument, written)
    return replace(found, latex=latex, edit=edit, span=None, text="")
