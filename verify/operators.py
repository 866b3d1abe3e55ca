"""Operators that stand before braces, F{f ∗ g} and L{f}: they take functions, and multiply nothing."""

from __future__ import annotations

from itertools import pairwise

from derive.notation.runs import walk
from derive.notation.syntax import Group, Juxt, Sym

from .lines import Line

NOT_READ = "an operator before braces is not read here"
SCRIPTS = frozenset({"cal", "scr", "frak"})


def has_operators(line: Line) -> bool:
    r"""Whether a line has a letter in script before braces, as `\mathcal{F}\{f\}`."""
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side) if isinstance(n, Juxt))
    pairs = (pair for n in nodes for pair in pairwise(n.items))
    return any(isinstance(a, Sym) and SCRIPTS & {*a.fonts} and _in_braces(b) for a, b in pairs)


def _in_braces(node: object) -> bool:
    return isinstance(node, Group) and node.opening == "\\{"
