r"""Vectors and matrices that are written out: `(x_1, \dots, x_n)`, `bmatrix`, lists; and determinants of small ones."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Add, Expr, KroneckerDelta, Mul

from .applications import Applications
from .arrays import Array, Slot, Value, shape_of, slot
from .dictionary import Unreadable
from .lookup import Bound
from .runs import walk
from .shape import Literal, literal_of
from .smallmatrices import determinant
from .syntax import Array as Table
from .syntax import Entries, Group, Node, Sym

DETERMINANT = "vmatrix"
ROUND = frozenset({"array", "matrix", "pmatrix", "smallmatrix"})  # also \left(\begin{array}{c}
WORDS: Mapping[int, tuple[str, ...]] = {
    1: ("the entries of what is written out",),
    2: ("the rows of what is written out", "the columns of what is written out"),
}


class Literals(Applications):
    """The literals of one statement."""

    def _literal(self, node: Table | Entries | Group, bound: Bound) -> Value:
        """A vector or matrix by its entries.

        Raises: Unreadable: for an array with gaps, and for blocks.
        """
        if isinstance(node, Table) and node.style == DETERMINANT:
            matrix = Table(style="matrix", rows=node.rows, span=node.span)
            return self._masked(node.span, determinant(self._literal(matrix, bound)))
        literal = literal_of(node)
        if literal is None:
            raise Unreadable(f"{_kind(node)} is not read here", node.span)
        if isinstance(node, Table) and self._may_count(node):
            self.doubts.append("two numbers above each other in brackets may be a binomial coefficient")
        self.arrays = True
        return self._masked(node.span, self._of_parts(literal, node, bound))

    def _may_count(self, node: Table) -> bool:
        """Whether two counts stand above each other, m over i: letters without scripts, one of them an index."""
        if node.style not in ROUND or len(node.rows) != 2 or len(node.rows[0]) != 1:
            return False
        syms = [n for row in node.rows for n in walk(row[0]) if isinstance(n, Sym)]
        bare = all(not (n.sub or n.sup or n.fonts or n.accents) for n in syms)
        return bare and any(n.base in self.letters for n in syms)

    def _of_parts(self, literal: Literal, node: Node, bound: Bound) -> Array:
        names = WORDS[len(literal.limits)]
        ends = [self.dictionary.limits(limits, "") for limits in literal.limits]
        slots = tuple(slot(*e, (f"literal {node.span[0]}", k), names[k]) for k, e in enumerate(ends))
        entries = _entries_in(node)
        if entries is not None:
            inner = {letter: s.index for (letter, _, _), s in zip(entries.running, slots, strict=True)}
            value = self._value(entries.body, {**bound, **inner})
            return _stacked(value, slots, literal.row, node)
        values = [self._value(part, bound) for part in literal.parts]
        return self._table(values, slots, literal.row, node)

    def _table(self, values: list[Value], slots: tuple[Slot, ...], row: bool, node: Node) -> Array:
        """Finitely many entries, each at its place: Σ_k δ_{ik} a_k."""
        if any(isinstance(v, Array) for v in values):
            return _of_vectors(values, slots, row, node)
        wide = len(values) if len(slots) == 1 else int(slots[1].range[1])
        places = [(k + 1,) if len(slots) == 1 else (k // wide + 1, k % wide + 1) for k in range(len(values))]
        terms = [_at(v, slots, place) for v, place in zip(values, places, strict=True) if not isinstance(v, Array)]
        return Array(entry=Add(*terms), slots=slots, row=row)


def _at(value: Expr, slots: tuple[Slot, ...], place: tuple[int, ...]) -> Expr:
    term: Expr = Mul(value, *(KroneckerDelta(s.index, k) for s, k in zip(slots, place, strict=True)))
    return term


def _of_vectors(values: list[Value], slots: tuple[Slot, ...], row: bool, node: Node) -> Array:
    """Finitely many rows below each other, or columns side by side."""
    arrays = [v for v in values if isinstance(v, Array)]
    first = arrays[0]
    if len(arrays) < len(values) or len(slots) > 1 or any(v.rank != 1 or v.row != first.row for v in arrays):
        raise Unreadable("blocks of numbers, vectors and matrices are not read here", node.span)
    (along,) = first.slots
    if any(v.slots[0].range != along.range for v in arrays):
        raise Unreadable("vectors of several lengths are not put side by side", node.span)
    terms = [_at(v.at(along.index), slots, (k + 1,)) for k, v in enumerate(arrays)]
    return _stacked(Array(entry=Add(*terms), slots=first.slots, row=first.row), slots, row, node)


def _stacked(value: Value, slots: tuple[Slot, ...], row: bool, node: Node) -> Array:
    """The entry at slots that run over it; of a row a matrix with such rows, of a column one with such columns."""
    if not isinstance(value, Array):
        return Array(entry=value, slots=slots, row=row and len(slots) == 1)
    if value.rank != 1 or len(slots) != 1:
        raise Unreadable("blocks of vectors and matrices are not read here", node.span)
    listed = isinstance(node, Group)
    if not listed and row == value.row:
        raise Unreadable(f"{shape_of(value)} does not stand in {'a row' if row else 'a column'} here", node.span)
    return Array(entry=value.entry, slots=(*slots, *value.slots) if value.row else (*value.slots, *slots))


def _entries_in(node: Node) -> Entries | None:
    """The general entry that an ellipsis gave."""
    if isinstance(node, Entries):
        return node
    if isinstance(node, Group):
        return node.body if isinstance(node.body, Entries) else None
    inner = node.rows[0][0] if isinstance(node, Table) else None
    return inner if isinstance(inner, Entries) else None


def _kind(node: Node) -> str:
    return "a list with gaps" if isinstance(node, Group) else "this array"
