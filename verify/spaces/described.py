"""What an equation says by itself of a matrix or vector: that it is orthonormal, symmetric, or of length one."""

from __future__ import annotations

from derive.notation.names_in_notes import is_transpose
from derive.notation.syntax import Group, Juxt, Node, Num, Sym

NORMS = frozenset({"\\|", "||"})


def described(left: Node, right: Node) -> tuple[str, Sym] | None:
    """What an equation says by itself of a matrix or vector: Q^T Q = I, A = A^T, ‖w‖ = 1."""
    match left, right:
        case Juxt(items=(Sym() as first, Sym() as second)), Sym(base="I") if first.base == second.base:
            return ("orthonormal", second) if is_transpose(first.sup) and second.sup is None else None
        case Sym() as first, Sym() as second if first.base == second.base:
            return ("symmetric", first) if is_transpose(first.sup) != is_transpose(second.sup) else None
        case Group(body=Sym() as inner) as norm, Num(text="1") if norm.opening in NORMS:
            return "unit", inner
    return None
