"""Widths of layers as limits of sums: where the a_j^{(l)} are summed to r_l, those of the layer l + 1 reach to r_{l+1}.

The widths r_l of all layers are read as one number, so that a proof alone would not see the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.names_in_notes import text_of
from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Bin, Group, Node, Num, Sym

from .context import Context
from .lines import Line

Layer = tuple[str, int]


def width_of_another_layer(line: Line, context: Context) -> str | None:
    """Why a sum of a claim may end at the width of the wrong layer; None if it ends where the others of the text do.

    Where these differ, what is usual in the field counts: a_j^{(l)} is summed to r_l.
    """
    usual = {shift for other in context.lines.lines if other.number != line.number for shift, _ in _shifts(other)}
    if len(usual) > 1:
        usual &= {0}
    if not usual:
        return None
    strange = next((vector for shift, vector in _shifts(line) if shift not in usual), None)
    return None if strange is None else f"{text_of(strange)} is summed to the width of another layer than elsewhere"


def _shifts(line: Line) -> Iterator[tuple[int, Sym]]:
    """How far the layer whose width ends a sum lies behind that of each vector in it, with the vector."""
    for side in (line.left, line.right):
        for big in (n for n in walk(side) if isinstance(n, Big)) if side is not None else ():
            bound, end = binder(big.below), _layer(_label(big.above))
            for sym in (n for n in walk(big.body) if isinstance(n, Sym)) if bound and end else ():
                alone = isinstance(sym.sub, Sym) and bound is not None and sym.sub.base == bound[0]
                own = _layer(sym.sup) if alone else None
                if own is not None and end is not None and own[0] == end[0]:
                    yield end[1] - own[1], sym


def _label(node: Node | None) -> Node | None:
    """The l of r_l and of r^{(l)}."""
    inner = node.body if isinstance(node, Group) else node
    return (inner.sub or inner.sup) if isinstance(inner, Sym) else None


def _layer(node: Node | None) -> Layer | None:
    """l + 1 as the letter l and the number 1; None of anything else."""
    if isinstance(node, Group):
        return _layer(node.body)
    if isinstance(node, Sym):
        return node.base, 0
    if isinstance(node, Bin) and isinstance(node.left, Sym) and isinstance(node.right, Num) and node.op in "+-":
        return node.left.base, int(float(node.right.text)) * (1 if node.op == "+" else -1)
    return None
