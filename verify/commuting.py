r"""B = P^{-1} A P, hence B = P A P^{-1}: true of numbers, and of matrices only where they commute.

A capital beside the inverse of another one is a matrix in most texts, whether they say so or not. Where the letters
have been read as numbers, agreement shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Group, Juxt, Neg, Node, Num, Sym

from .context import Context
from .lines import Line

COMMUTING = "its capitals may be matrices, which do not commute"
GREEK = frozenset({"Lambda", "Sigma", "Omega", "Phi", "Psi", "Gamma", "Theta", "Delta"})


def may_not_commute(line: Line, context: Context) -> bool:
    """Whether a line agrees for numbers where the text has products of capitals with an inverse or a transpose."""
    sides = [side for side in (line.left, line.right) if side is not None]
    own = {n.base for side in sides for n in walk(side) if isinstance(n, Sym)}
    defined = (n for n in context.lines.lines if n.number < line.number and n.right is not None)
    used = (n.right for n in defined if isinstance(n.left, Sym) and n.left.base in own and n.right is not None)
    return any(_is_conjugated(n) for side in (*sides, *used) for n in walk(side)) and _is_of_numbers(sides, context)


def _is_conjugated(node: Node) -> bool:
    """Whether a node is a product of capitals, one of them inverted or transposed: P^{-1} A P."""
    if not isinstance(node, Juxt):
        return False
    capitals = [n for n in _factors(node) if isinstance(n, Sym) and _is_capital(n)]
    turned = [n for n in capitals if n.sup is not None and (_is_inverse(n.sup) or is_transpose(n.sup))]
    return bool(turned) and len({n.base for n in capitals}) > 1


def _factors(node: Juxt) -> Iterator[Node]:
    for item in node.items:
        yield from _factors(item) if isinstance(item, Juxt) else (item,)


def _is_capital(sym: Sym) -> bool:
    return (len(sym.base) == 1 and sym.base.isupper()) or sym.base in GREEK


def _is_inverse(sup: Node) -> bool:
    match sup:
        case Neg(body=Num(text="1")):
            return True
        case Group(opening="{", body=body):
            return _is_inverse(body)
    return False


def _is_of_numbers(sides: list[Node], context: Context) -> bool:
    """Whether no letter of the sides is read as a vector or a matrix."""
    try:
        readers = [Reader(context.dictionary) for _ in sides]
        for reader, side in zip(readers, sides, strict=True):
            reader.read(side)
    except (Unreadable, ValueError):
        return False
    return not any(reader.arrays for reader in readers)
