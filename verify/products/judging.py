"""What is found of an equation of vectors and matrices: that it holds whatever they are, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from sympy import Integer

from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Empty, Group, Juxt, Node, Sym

from ..context import Context
from ..found import Found
from ..functions import Function, Key, key_of
from ..lines import Line
from ..results import Verdict
from ..spaces.trials import shown_latex
from ..terms.known import known_before
from ..terms.ordering import in_order, ordered
from ..terms.readings import manners, vanishes
from ..terms.table import NoTerm, Table
from .reader import ProductReader
from .words import Words


def products_found(line: Line, context: Context) -> Found | None:
    """What is found of an equation by its products of vectors and matrices; None if nothing is."""
    if line.right is None or line.operator != "=" or isinstance(line.left, Empty) or not _has_vectors(line):
        return None
    if key_of(line.left) == key_of(line.right):
        return None
    known = known_before(line, context)
    used = agreed(line.left, line.right, known.functions, known.letters)
    if used is None:
        return None
    because = f"by the definition of {', '.join(used)}" if used else "whatever the vectors and matrices in it are"
    return Found(verdict=Verdict.PROVED, because=because, reading=shown_latex(line))


def agreed(
    left: Node, right: Node, functions: Mapping[Key, Function], letters: Mapping[Key, Node]
) -> tuple[str, ...] | None:
    """The names of what was written out where two sides agree in some manner of reading them; None if in none."""
    nodes = [n for side in (left, right) for n in walk(side)]
    bold = any(isinstance(n, Sym) and "bold" in n.fonts for n in nodes)
    transposed = frozenset(_transposed(nodes))
    bare = frozenset(_bare(left)) | frozenset(_bare(right))
    for manner in manners(left, right):
        reader = ProductReader(
            functions=functions, letters=letters, manner=manner, bold=bold, transposed=transposed, bare=bare
        )
        try:
            first, second = reader.words(left, {}), reader.words(right, {})
            difference = _difference(first, second, reader.table)
            if all(vanishes(c) for c in difference.values()):
                return tuple(reader.used)
        except (NoTerm, RecursionError):
            continue
    return None


def _difference(first: Words, second: Words, table: Table) -> Words:
    """One side without the other, the letters of their sums in order."""
    found: Words = {}
    for side, sign in ((first, 1), (second, -1)):
        for word, coefficient in side.items():
            key = tuple(ordered(a, table) for a in word)
            found[key] = found.get(key, Integer(0)) + sign * in_order(coefficient, table)
    return found


def _has_vectors(line: Line) -> bool:
    """Whether a claim has bold letters or transposes."""
    sides = [n for side in (line.left, line.right) if side is not None for n in walk(side)]
    marked = (n.sup for n in sides if isinstance(n, Sym | Group))
    return any(isinstance(n, Sym) and "bold" in n.fonts for n in sides) or any(map(is_transpose, marked))


def _transposed(nodes: list[Node]) -> Iterator[tuple[str, bool]]:
    """The letters that are transposed, and whether they are bold; of functions in small letters, φ(x)^T, with ()."""
    for node in nodes:
        if isinstance(node, Sym) and is_transpose(node.sup):
            yield node.base, "bold" in node.fonts
        for head, group in pairwise(node.items) if isinstance(node, Juxt) else ():
            if isinstance(head, Sym) and isinstance(group, Group) and is_transpose(group.sup) and head.base.islower():
                yield f"{head.base}()", False


def _bare(side: Node) -> Iterator[str]:
    """The letters that stand alone, or as a factor without a bracket behind."""
    heads = {
        id(one)
        for n in walk(side)
        if isinstance(n, Juxt)
        for one, other in pairwise(n.items)
        if isinstance(other, Group)
    }
    return (n.base for n in walk(side) if isinstance(n, Sym) and id(n) not in heads)
