r"""π(θ), which a text calls the prior: the same distribution as p, without the data behind the bar."""

from __future__ import annotations

import dataclasses
import re
from functools import lru_cache

from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Group, Juxt, Node, Sym

from ..lines import Line

CALLED = re.compile(
    r"\$\\pi\s*\([^()$]{1,12}\)\$[^.$]{0,12}\b(?:is|be|denotes?|as|for|called)\b(?: the| our| a)?"
    r" (?:\w+ ){0,1}prior\b|\bprior\b(?: \w+){0,2} \$\\pi\s*\([^()$]{1,12}\)\$"
)


def as_prior(line: Line, prose: str) -> Line:
    """A line with p(θ) for π(θ), where the text calls π(θ) the prior and writes its other distributions with one p."""
    if line.right is None or not _is_prior(prose):
        return line
    families = {n.base for side in (line.left, line.right) for n in walk(side) if isinstance(n, Sym)} & {"p", "P"}
    if len(families) != 1:
        return line
    (family,) = families

    def renamed(node: Node) -> Node:
        if not isinstance(node, Juxt):
            return node
        pairs = zip(node.items, (*node.items[1:], None), strict=True)
        return dataclasses.replace(node, items=tuple(_named(a, b, family) for a, b in pairs))

    return dataclasses.replace(line, left=rebuild(line.left, renamed), right=rebuild(line.right, renamed))


def _named(node: Node, after: Node | None, family: str) -> Node:
    """p for a π before a bracket."""
    if isinstance(node, Sym) and node.base == "pi" and node.sub is None and node.sup is None:
        return dataclasses.replace(node, base=family) if isinstance(after, Group) else node
    return node


@lru_cache(maxsize=64)
def _is_prior(prose: str) -> bool:
    return CALLED.search(prose) is not None
