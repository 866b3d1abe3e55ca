"""Means and variances, given data, of what has a named distribution then: E[θ | D] where θ | D ~ Beta(a + h, b + t)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from derive.chances.events import NotAProbability, conditioned, has_label, label, unbraced
from derive.chances.standing import filled, law_of, laws_of
from derive.notation.parser import ReadError, parse
from derive.notation.runs import join_letters, unplaced, walk
from derive.notation.syntax import Chain, Fn, Group, Juxt, Listing, Node, Sym

from ..context import Context
from ..judge import Judgement
from ..lines import Line
from ..results import Verdict
from .linear import judged_as
from .worded import meant_by_words

POSTERIOR = re.compile(
    r"\bposterior(?: distribution)?[^.$]{0,40}\b(?:is|becomes)\b[^.$]{0,20}\$(?P<law>[^$]+)\$", re.IGNORECASE
)
MEANS = frozenset({"E", "mean"})
VARIANCES = frozenset({"Var", "var", "V"})
ANY = ""


def judge_posterior_moment(line: Line, context: Context, *, edited: bool = False) -> Judgement | None:
    """The verdict on a mean or a variance, given something, of what has a named distribution; None if it is none."""
    found = _moment(line.left) if line.right is not None and line.operator == "=" and not line.link else None
    if found is None or not context.chances.speaks:
        return None
    mean, variable = found
    laws = [law for name, law in _conditional(line, context) if name in (ANY, variable)]
    if len({unplaced(law) for law in laws}) != 1:
        return None
    rows = [row for row in laws_of(laws[0]) if row[0].mean]
    names = [family.name for family, _ in rows]
    judgements: list[Judgement] = []
    words = context.lines.words_under(line.formula.headings)
    for family, places in (row for row in rows if meant_by_words(row[0].name, names, words)):
        left = filled(family.mean if mean else family.variance, places, line.left.span)
        if (judgement := judged_as(line, left, context, edited)) is None:
            return None
        if judgement.verdict in (Verdict.PROVED, Verdict.HOLDS):
            because = f"by the {'mean' if mean else 'variance'} of {family.name}"
            return Judgement(verdict=judgement.verdict, because=because)
        judgements.append(judgement)
    if line.right is None or not _letters(line.right) <= _letters(laws[0]):  # a weight, or a mean with a name
        return None
    if len({unplaced(law) for law in _priors(line, context, variable)}) > 1:  # it may be that under another one
        return None
    return next((j for j in judgements if j.verdict is not Verdict.REFUTED), None) or next(iter(judgements), None)


def _letters(node: Node) -> set[Node]:
    return {unplaced(dataclasses.replace(n, sup=None)) for n in walk(node) if isinstance(n, Sym)}


def _moment(left: Node) -> tuple[bool, str] | None:
    """Whether E[θ | D] or Var(θ | D) is a mean, and of what."""
    node = unbraced(left)
    items = node.items if isinstance(node, Juxt) else ()
    head, group = (items[0], items[1]) if len(items) == 2 else (node, node.argument if isinstance(node, Fn) else None)
    name = head.name if isinstance(head, Fn) else head.base if isinstance(head, Sym) else ""
    if name not in MEANS | VARIANCES or not isinstance(group, Group):
        return None
    try:
        events, given = conditioned(group.body)
        return (name in MEANS, label(unbraced(events[0]))) if len(events) == 1 and given else None
    except NotAProbability:
        return None


def _conditional(line: Line, context: Context) -> Iterator[tuple[str, Node]]:
    """The distributions given something that the text names, with the variable of each."""
    headings = line.formula.headings
    for root, formula in context.lines.nodes:
        if not isinstance(root, Chain) or formula.headings != headings or formula is line.formula:
            continue
        subject, law = unbraced(root.operands[0]), root.operands[-1]
        if root.operators[0] == "=" and isinstance(subject, Juxt) and isinstance(subject.items[-1], Group):
            subject = subject.items[-1].body
        barred = isinstance(subject, Listing) and subject.separator == "|"
        try:
            if barred and law_of(law) is not None and root.operators[0] in ("~", "="):
                yield label(unbraced(conditioned(subject)[0][0])), without_outcome(law)
        except NotAProbability:
            continue
    own = {formula.latex.strip() for _, formula in context.lines.nodes if formula.headings == headings}
    for match in (m for m in POSTERIOR.finditer(context.lines.prose) if m["law"].strip() in own):
        try:
            (node,) = parse(match["law"])
        except (ReadError, ValueError):
            continue
        if law_of(join_letters(node)) is not None:
            yield ANY, join_letters(node)


def _priors(line: Line, context: Context, variable: str) -> Iterator[Node]:
    """The distributions of a variable given nothing."""
    for root, formula in context.lines.nodes:
        if not isinstance(root, Chain) or formula.headings != line.formula.headings or root.operators[0] != "~":
            continue
        subject, law = unbraced(root.operands[0]), root.operands[-1]
        if has_label(subject) and law_of(law) is not None and label(subject) == variable:
            yield law


def without_outcome(law: Node) -> Node:
    """Beta(a, b) for Beta(θ | a, b)."""
    node = unbraced(law)
    group = node.items[-1] if isinstance(node, Juxt) else None
    if not isinstance(node, Juxt) or not isinstance(group, Group) or not isinstance(group.body, Listing):
        return node
    if group.body.separator not in ("|", ";"):
        return node
    inner = Group(opening="(", body=group.body.items[-1], closing=")", span=group.span)
    return Juxt(items=(*node.items[:-1], inner), span=node.span)
