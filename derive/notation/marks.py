"""What a formula shows of vectors by its marks alone."""

from __future__ import annotations

from .names_in_notes import is_letter, is_transpose, take_apart
from .runs import walk
from .shape import NORMS, literal_of
from .syntax import Array, Bin, Entries, Fn, Group, Node, Sym


def is_bold(sym: Node) -> bool:
    """Whether a letter is set as vectors are: bold, or with an arrow."""
    if not isinstance(sym, Sym):
        return False
    return "bold" in sym.fonts or any(a in ("vec", "overrightarrow") for a in sym.accents)


def has_array_letter(node: Node) -> bool:
    """Whether a letter in an expression is set as vectors or matrices are: bold, or a capital."""
    return any(isinstance(n, Sym) and (is_bold(n) or n.base[0].isupper()) for n in walk(node))


def speaks_of_vectors(node: Node) -> bool:
    """Whether a part of a formula shows vectors: a transpose, a norm, a product of entries, diag(v)."""
    if isinstance(node, Group):
        return node.opening in NORMS or is_transpose(node.sup)
    if isinstance(node, Array | Entries):
        return literal_of(node) is not None
    return (isinstance(node, Bin) and node.op == "odot") or (
        isinstance(node, Fn) and node.name in ("softmax", "tr", "det", "diag")
    )


def are_alike_in_bold(left: Node, right: Node) -> bool:
    """Whether two bold letters may both be vectors: of w · x_n each is one, and of W · x only the second."""
    if not (is_bold(left) and is_bold(right)):
        return False
    first, second = (isinstance(n, Sym) and n.base[:1].isupper() for n in (left, right))
    return second or not first


def has_capital(node: Node | None) -> bool:
    """Whether a capital stands in what diag is taken of: the diagonal of a matrix, and no vector."""
    return node is not None and any(isinstance(n, Sym) and n.base[:1].isupper() for n in walk(node))


def has_index(node: Node | None, letters: frozenset[str]) -> bool:
    """Whether a letter with an index stands in it, the p_i of diag(p_i)."""
    syms = (n for n in walk(node) if isinstance(n, Sym)) if node is not None else ()
    return any(is_letter(i, letters) for s in syms for i in take_apart(s, letters).indices)
