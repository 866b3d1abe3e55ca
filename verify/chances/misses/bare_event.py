"""P(D | θ) P(θ) / D: data where their probability is meant."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import pairwise

from derive.chances.events import SET_FONTS, SURE_FAMILIES, unbraced
from derive.notation.runs import rebuild
from derive.notation.syntax import Fraction, Group, Juxt, Node, Sym

from ...context import Context
from ...lines import Line
from ...results import Verdict
from ...rules import misplaced_function
from ..judging import judge_chances
from ..maximum import judge_maximum
from .miss import Miss, nodes_of


def bare_event(line: Line, context: Context) -> Miss | None:
    """Data below a fraction, where the relation is proved with their probability in its place."""
    if line.right is None or line.carried is not None:
        return None
    head = next((h for n in nodes_of(line) for h in _heads(n)), None)
    for below in (unbraced(n.below) for n in nodes_of(line) if isinstance(n, Fraction)):
        if head is None or not isinstance(below, Sym) or not set(below.fonts) & SET_FONTS:
            continue
        mended = dataclasses.replace(
            line, left=_with_mass(line.left, below, head), right=_with_mass(line.right, below, head)
        )
        judge = judge_maximum(mended, context.chances) or judge_chances(mended, context.chances)
        if judge is not None and judge.verdict is Verdict.PROVED:
            start, end = below.span
            source = line.formula.latex
            text = f"{source[slice(*head.span)]}({source[start:end]})"
            return Miss(
                rule=misplaced_function.RULE,
                because="data stand where their probability is meant",
                changes=((start, end, text),),
                shown=(source[start:end], text),
            )
    return None


def _with_mass(node: Node, event: Sym, head: Sym) -> Node:
    """A side with the probability of an event in place of the event that stands at one place of the source."""
    group = Group(opening="(", body=event, closing=")", span=event.span)
    mass = Juxt(items=(head, group), span=event.span)

    def change(part: Node) -> Node:
        return dataclasses.replace(part, below=mass) if isinstance(part, Fraction) and _is(part.below, event) else part

    return rebuild(node, change)


def _is(node: Node, event: Sym) -> bool:
    return unbraced(node) == event


def _heads(node: Node) -> Iterator[Sym]:
    items = node.items if isinstance(node, Juxt) else ()
    for head, group in pairwise(items):
        if isinstance(head, Sym) and isinstance(group, Group) and head.base in SURE_FAMILIES and head.sub is None:
            yield head
