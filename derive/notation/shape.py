r"""The axes of an expression, and those of vectors and matrices that are written out, `(x_1, x_2)` and `bmatrix`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeGuard

from .axes import Limits
from .names_in_notes import is_transpose, take_apart, text_of
from .runs import walk
from .syntax import Array, Bin, Dots, Empty, Entries, Group, Juxt, Listing, Node, Num, Sym, found_of


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The axes of an expression, each as the key of its class, and whether it is a row."""

    axes: tuple[Hashable, ...] = ()
    row: bool = False

    @property
    def turned(self) -> Shape:
        return Shape(axes=self.axes[::-1], row=len(self.axes) == 1 and not self.row)


NUMBER = Shape()
Use = tuple[str, int]  # a plain name and the number of indices written at it
ONE = Num(text="1", span=(0, 0))
NORMS = (r"\|", "||")
OF_WEIGHTS = frozenset("UVW")
OF_MATRICES = OF_WEIGHTS | {"A", "B", "X", "Phi"}
MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array", "column", "row", "grid"})


@dataclass(frozen=True, kw_only=True)
class Literal:
    """A vector or a matrix that is written out.

    Attributes:
        parts: its entries, row after row; the general one only where ellipses gave it.
        limits: of its axes, rows first.
        row: whether it is one row of an array; a list is a column.
    """

    parts: tuple[Node, ...]
    limits: tuple[Limits, ...]
    row: bool = False


def turned_in(nodes: Iterable[Node], letters: frozenset[str]) -> Iterator[Use]:
    """The uses of letters that stand alone in a bracket that is transposed, (W^{(l)})^T, and are no numbers."""
    brackets = (n for top in nodes for n in walk(top) if isinstance(n, Group) and is_transpose(n.sup))
    return uses_of((n.body for n in brackets if isinstance(n.body, Sym)), letters)


def weighing(nodes: Iterable[Node]) -> Iterator[Sym]:
    """The letters of matrices that stand before a small letter within a norm, ‖A x − b‖, or in a layer, W_2 h."""
    every = [n for top in nodes for n in walk(top)]
    normed = {id(n) for norm in every if isinstance(norm, Group) and norm.opening in NORMS for n in walk(norm.body)}
    for juxt in (n for n in every if isinstance(n, Juxt)):
        for first, second in pairwise(juxt.items):
            if not isinstance(first, Sym) or first.base not in OF_MATRICES or not _is_small_letter(second):
                continue
            if id(juxt) in normed or (first.base in OF_WEIGHTS and _is_of_a_layer(first, second)):
                yield first


def _is_of_a_layer(weight: Sym, behind: Node) -> bool:
    """Whether a letter has the mark of a layer, W^{[2]}, W_2 and the W^l of W^l a^{l-1}; W_2 is no weight of an x_2."""
    if any(_is_before(getattr(behind, place), getattr(weight, place)) for place in ("sub", "sup")):
        return True
    if weight.sub is None:
        return isinstance(weight.sup, Group)
    numbered = text_of(weight.sub).isdigit() and weight.sup is None
    return numbered and getattr(behind, "sub", None) is None


def _is_before(earlier: Node | None, script: Node | None) -> bool:
    """Whether a script is the l − 1 before a letter l."""
    match earlier, script:
        case Bin(op="-", left=Sym(sub=None) as left, right=Num(text="1")), Sym(sub=None) as letter:
            return left.base == letter.base
    return False


def uses_of(syms: Iterable[Sym], letters: frozenset[str]) -> Iterator[Use]:
    """The uses that letters are."""
    for named in (take_apart(sym, letters) for sym in syms):
        yield named.plain, len(named.indices)


def names_in(node: Node, letters: frozenset[str]) -> frozenset[str]:
    """The plain names of all letters in a formula."""
    known = found_of(node)
    if (names_in, letters) not in known:
        syms = (n for n in walk(node) if isinstance(n, Sym))
        known[names_in, letters] = frozenset(name for name, _ in uses_of(syms, letters))
    found: frozenset[str] = known[names_in, letters]
    return found


def _is_small_letter(node: Node) -> bool:
    """Whether a node is a small letter."""
    return isinstance(node, Sym) and node.base[0].islower()


def is_list(node: Node) -> bool:
    """Whether a bracket holds a list, `(x_1, x_2)`, or is one with its ellipsis written out."""
    if not isinstance(node, Group) or (node.opening, node.closing) not in (("(", ")"), ("[", "]")):
        return False
    body = node.body
    if isinstance(body, Listing) and body.separator in (",", ";"):
        return not any(isinstance(i, Dots | Empty) for i in body.items)
    return isinstance(body, Entries)


def literal_of(node: Node) -> Literal | None:
    """A bracket with a list, or an array, as a vector or a matrix; None for what is none, or has gaps."""
    if isinstance(node, Entries):
        limits = tuple((low, high) for _, low, high in node.running)
        return Literal(parts=(node.body,), limits=limits)
    if isinstance(node, Group) and is_list(node):
        body = node.body
        if isinstance(body, Entries):
            return literal_of(body)
        items = body.items if isinstance(body, Listing) else ()
        return Literal(parts=items, limits=(_counted(len(items)),))
    if not isinstance(node, Array) or node.style not in MATRICES:
        return None
    if len(node.rows) == 1 and len(node.rows[0]) == 1 and isinstance(inner := node.rows[0][0], Entries):
        limits = tuple((low, high) for _, low, high in inner.running)
        return Literal(parts=(inner.body,), limits=limits, row=node.style == "row")
    return _table(node)


def _table(node: Array) -> Literal | None:
    wide = len(node.rows[0]) if node.rows else 0
    cells = tuple(cell for row in node.rows for cell in row)
    if not wide or any(len(row) != wide for row in node.rows) or any(isinstance(c, Dots | Empty) for c in cells):
        return None
    tall = len(node.rows)
    if wide == 1 or tall == 1:
        return Literal(parts=cells, limits=(_counted(max(wide, tall)),), row=tall == 1 and wide > 1)
    return Literal(parts=cells, limits=(_counted(tall), _counted(wide)))


def _counted(count: int) -> Limits:
    return ONE, Num(text=str(count), span=(0, 0))


def may_be_bias(node: Node, shape: Shape | None) -> bool:
    """Whether what is added to a matrix is a vector: a small letter, or one that is known to be one."""
    small = isinstance(node, Sym) and node.base[0].islower() and len(node.base) == 1
    return small if shape is None else len(shape.axes) == 1


def factors_of(items: list[Node], is_function: Callable[[Sym], bool]) -> list[list[Node]]:
    """The factors of a product, with a function letter and its argument as one."""
    found: list[list[Node]] = []
    while items:
        first = items.pop(0)
        opens = bool(items) and isinstance(items[0], Group) and items[0].opening in ("(", "[")
        applied = isinstance(first, Sym) and opens and (is_list(items[0]) or is_function(first))
        found.append([first, items.pop(0)] if applied else [first])
    return found


def multiplied(shapes: Iterable[Shape | None], joins: list[tuple[Hashable, Hashable]]) -> Shape:
    """The shape of a product; the pairs of its inner axes, which have one length, are added to the joins."""
    product = NUMBER
    for shape in shapes:
        if shape is None or not shape.axes:
            continue
        if not product.axes:
            product = shape
        elif len(product.axes) == 1 and not product.row:
            product = Shape(axes=(*product.axes, *shape.axes)) if shape.row else product
        else:
            joins.append((product.axes[-1], shape.axes[0]))
            axes = (*product.axes[:-1], *shape.axes[1:])
            product = Shape(axes=axes, row=len(product.axes) == 1 and len(axes) == 1)
    return product


def joined(shape: Shape, want: Shape | None, joins: list[tuple[Hashable, Hashable]]) -> Shape:
    """The shape, whose axes have the lengths of those that are wanted; that they have is added to the joins."""
    if want is not None and len(want.axes) == len(shape.axes):
        joins += zip(shape.axes, want.axes, strict=True)
    return shape


def tells(before: Shape, factor: list[Node], after: list[Shape | None]) -> bool:
    """Whether what stands behind a matrix or a row is a vector; the C of u^T C u is not, nor the S of X^T S X."""
    if len(before.axes) != 2 and not before.row:
        return False
    first, following = factor[0], after[0] if after else None
    between = following is not None and following.axes and not (len(following.axes) == 1 and following.row)
    return not (between and isinstance(first, Sym) and first.base[0].isupper())


def has_cases(node: Array | Entries) -> TypeGuard[Array]:
    r"""Whether an array has cases, `\begin{cases}`."""
    return isinstance(node, Array) and node.style.endswith("cases")
