r"""Steps that the text gives a name: Δw = η ∂L/∂w, and w(k + 1) = w(k) − Δw; and a letter that it calls a gradient."""

from __future__ import annotations

import dataclasses
import re

from derive.notation.runs import rebuild
from derive.notation.syntax import Bin, Group, Juxt, Node, Num, Sym

from .context import Context
from .lines import Line

GRADIENT = r"(?:its|the|this|their)\s+(?:\w+\s+)?(?:gradient|derivative)"
OF_OTHERS = re.compile(
    r"gradients?\s+(?:with respect to|of)\s+(?:the\s+)?(?:input|log|policy|reward|activation)", re.IGNORECASE
)


def by_index(line: Line) -> Line:
    """A line on w(k + 1) and w(k) as one on w_{k+1} and w_k; another line as it is."""
    match line.left:
        case Juxt(items=(Sym(sub=None, sup=None) as head, Group(opening="(", sup=None) as at)) if _is_step(at.body):
            assert line.right is not None

            def change(node: Node) -> Node:
                if not isinstance(node, Juxt):
                    return node
                items = list(node.items)
                for k in range(len(items) - 1, 0, -1):
                    items[k - 1 : k + 1] = _as_one(items[k - 1], items[k], head.base)
                return items[0] if len(items) == 1 else dataclasses.replace(node, items=tuple(items))

            left = dataclasses.replace(head, sub=at.body, span=line.left.span)
            return dataclasses.replace(line, left=left, right=rebuild(line.right, change))
    return line


def _as_one(one: Node, group: Node, base: str) -> list[Node]:
    """w_k for w and (k); else both."""
    match one, group:
        case Sym(sub=None) as letter, Group() as at if letter.base == base and _is_step(at.body):
            return [dataclasses.replace(letter, sub=at.body, span=(letter.span[0], at.span[1]))]
    return [one, group]


def _is_step(node: Node) -> bool:
    """Whether k or k + 1 stands in a bracket."""
    match node:
        case Sym(sub=None, sup=None) | Bin(op="+" | "-", left=Sym(), right=Num(text="1")):
            return True
    return False


def named_step(node: Node, line: Line, context: Context) -> Line | None:
    """The earlier line that says what the Δw of a step is; None if there is none, or several."""
    name = _difference(node)
    if name is None:
        return None
    found = [
        other
        for other in context.lines.lines
        if other.number < line.number and other.right is not None and not other.link and _difference(other.left) == name
    ]
    return found[0] if len(found) == 1 and found[0].operator in ("=", ":=") else None


def _difference(node: Node) -> str | None:
    r"""The letter w of `\Delta w`, also where a step follows in brackets."""
    items = list(node.items) if isinstance(node, Juxt) else [node]
    while len(items) > 1 and isinstance(group := items[-1], Group) and _is_step(group.body):
        items.pop()
    match items:
        case [Sym(base="Delta", sub=None), Sym(accents=()) as letter] | [Sym(accents=("Delta",)) as letter]:
            return letter.base
    return None


def is_called_gradient(sym: Sym, line: Line) -> bool:
    """Whether the words before a step call a letter the gradient: "let $g$ be its gradient"."""
    letter = re.escape(line.formula.latex[slice(*sym.span)].strip())
    said = line.formula.before[-400:]
    called = rf"\${letter}\$\s+(?:be|is|denotes?|for)\s+{GRADIENT}|{GRADIENT}\s+(?:\w+\s+)?(?:is\s+)?\${letter}\$"
    return re.search(called, said, re.IGNORECASE) is not None and OF_OTHERS.search(said) is None
