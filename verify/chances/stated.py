"""Claims that follow from an equation of the text by putting one of its sides in the place of the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import pairwise

from derive.chances.events import brackets
from derive.notation.runs import rebuild, unplaced
from derive.notation.syntax import Chain, Group, Juxt, Node, Sym

from ..context import Context
from ..judge import Judgement
from ..lines import Line
from ..results import Verdict


def judge_stated(line: Line, context: Context) -> Judgement | None:
    """Proved, if both sides are the same after every probability is replaced by what the text says it equals."""
    if line.right is None or line.operator not in ("=", ":=", "==") or not any(brackets((line.left, line.right))):
        return None
    told = dict(_told(line, context))
    left, right = unplaced(line.left), unplaced(line.right)
    if not told or left == right or _with(left, told) != _with(right, told):
        return None
    return Judgement(verdict=Verdict.PROVED, because="by what the text says a probability equals")


def _told(line: Line, context: Context) -> Iterator[tuple[Node, Node]]:
    """Each probability that an earlier formula of the section equates with a letter, and that letter."""
    for root, formula in context.lines.nodes:
        if not isinstance(root, Chain) or set(root.operators) != {"="} or formula.offset >= line.formula.offset:
            continue
        letters = [n for n in root.operands if isinstance(n, Sym)]
        for node in root.operands if letters else ():
            if isinstance(node, Juxt) and len(node.items) == 2 and next(brackets((node,)), None) is not None:
                yield unplaced(node), unplaced(letters[0])


def _with(node: Node, told: dict[Node, Node]) -> Node:
    """A node with letters for the probabilities that equal them."""

    def change(part: Node) -> Node:
        if not isinstance(part, Juxt):
            return part
        items = list(part.items)
        for k, (head, group) in reversed(list(enumerate(pairwise(part.items)))):
            bare = dataclasses.replace(group, sup=None) if isinstance(group, Group) else group
            letter = told.get(Juxt(items=(head, bare), span=(0, 0)))
            if isinstance(letter, Sym) and isinstance(group, Group):
                items[k : k + 2] = (
                    [dataclasses.replace(letter, sup=group.sup)] if letter.sup is None else items[k : k + 2]
                )
        return items[0] if len(items) == 1 else dataclasses.replace(part, items=tuple(items))

    return rebuild(node, change)
