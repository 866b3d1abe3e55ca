r"""Expansions of functions of a vector as those of functions of a number: f(x + v) ≈ f(x) + ∇f(x)ᵀv, fʹ for ∇f.

Up to two vectors and one Hessian there is one scalar that they make, uᵀv or uᵀHv, so that what agrees in one dimension
agrees in all of them if the shapes fit. ∇f(x) is a column, as is every letter added within the bracket of a function.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sqrt, Sym

from ..functions import Key, key_of
from .smooth import NotSmooth

NORMS = frozenset({r"\|", "||"})
ROUND = frozenset({"(", "[", "{"})
MOST_VECTORS = 2
SCALAR = (0, 0)
COLUMN = (1, 0)
ROW = (0, 1)
MATRIX = (1, 1)
Shape = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Flat:
    """A part as it is for a function of a number, and the shape that it has for one of a vector.

    Attributes:
        vectors, hessians: the most of each that are multiplied in it.
    """

    node: Node
    shape: Shape = SCALAR
    vectors: int = 0
    hessians: int = 0


def along_a_line(sides: tuple[Node, Node], *, hessian: bool) -> tuple[Node, Node]:
    """Both sides in one dimension, where they take gradients; as they are where they do not.

    Args:
        sides: of a relation.
        hessian: whether H before a function is its Hessian.
    Raises: NotSmooth: if the shapes do not fit, or several scalars can be made of what is multiplied.
    """
    heads = frozenset(head.base for side in sides for head in _differentiated(side))
    if not heads:
        return sides
    calls = [group for side in sides for head, group in _calls(side) if head.base in heads]
    letters = [s for group in calls for s in _added(group.body)]
    reader = _Flattener(
        heads=heads,
        hessian=hessian,
        vectors=frozenset(map(key_of, letters)),
        variables=frozenset(key_of(dataclasses.replace(s, sub=None)) for s in letters),
    )
    left, right = map(reader.whole, sides)
    if left.shape != right.shape or MATRIX in (left.shape, right.shape):
        raise NotSmooth("sides of several shapes")
    return left.node, right.node


@dataclass(frozen=True, kw_only=True)
class _Flattener:
    """Reads the sides of one relation.

    Attributes:
        heads: the letters of the functions of a vector.
        hessian: whether H before a function is its Hessian.
        vectors: the letters that are vectors.
        variables: those letters without what stands below them: x of x₀.
    """

    heads: frozenset[str]
    hessian: bool
    vectors: frozenset[Key]
    variables: frozenset[Key]

    def whole(self, node: Node) -> Flat:
        """A side. Raises: NotSmooth: if it has another reading in several dimensions."""
        found = self._flat(node)
        if found.vectors > MOST_VECTORS or found.hessians > 1:
            raise NotSmooth("several scalars can be made of its vectors")
        return found

    def _flat(self, node: Node) -> Flat:
        match node:
            case Num():
                return Flat(node=node)
            case Sym():
                return self._letter(node)
            case Neg():
                return self._with(node, body=self._flat(node.body))
            case Bin(op="+" | "-"):
                return self._sum(node, self._flat(node.left), self._flat(node.right))
            case Bin(op="cdot"):
                return self._dot(node, self._flat(node.left), self._flat(node.right))
            case Fraction():
                above, below = self._flat(node.above), self._scalar(node.below)
                return dataclasses.replace(above, node=dataclasses.replace(node, above=above.node, below=below))
            case Sqrt() | Fn() if not any(isinstance(n, Group) and n.opening in NORMS for n in walk(node)):
                self._scalar_parts(node)
                return Flat(node=node)
            case Group():
                return self._group(node)
            case Juxt():
                return self._product(list(node.items), node)
        raise NotSmooth("this part has no shape")

    def _letter(self, node: Sym) -> Flat:
        if node.base in ("nabla", *self.heads):
            raise NotSmooth("a function without its argument")
        turned = is_transpose(node.sup)
        bare = dataclasses.replace(node, sup=None) if turned else node
        if key_of(bare) in self.vectors:
            return Flat(node=bare, shape=ROW if turned else COLUMN, vectors=1)
        if turned or any(key_of(n) in self.vectors for n in walk(bare) if isinstance(n, Sym)):
            raise NotSmooth("a letter with a script that is no number")
        return Flat(node=bare)

    def _with(self, node: Neg, *, body: Flat) -> Flat:
        return dataclasses.replace(body, node=dataclasses.replace(node, body=body.node))

    def _sum(self, node: Bin, left: Flat, right: Flat) -> Flat:
        if left.shape != right.shape:
            raise NotSmooth("a sum of several shapes")
        return Flat(
            node=dataclasses.replace(node, left=left.node, right=right.node),
            shape=left.shape,
            vectors=max(left.vectors, right.vectors),
            hessians=max(left.hessians, right.hessians),
        )

    def _dot(self, node: Bin, left: Flat, right: Flat) -> Flat:
        """u · v, or a number times anything."""
        both = left.shape == right.shape == COLUMN
        found = _times([dataclasses.replace(left, shape=ROW) if both else left, right])
        return dataclasses.replace(found, node=dataclasses.replace(node, left=left.node, right=right.node))

    def _scalar(self, node: Node) -> Node:
        found = self._flat(node)
        if found.shape != SCALAR or found.vectors or found.hessians:
            raise NotSmooth("a vector where a number belongs")
        return found.node

    def _scalar_parts(self, node: Node) -> None:
        for part in walk(node):
            if isinstance(part, Sym) and (part.base in ("nabla", *self.heads) or key_of(part) in self.vectors):
                raise NotSmooth("a vector in a function of numbers")

    def _group(self, node: Group) -> Flat:
        if node.opening == r"\langle" and isinstance(node.body, Listing) and len(node.body.items) == 2:
            left, right = map(self._flat, node.body.items)
            if node.sup is not None or left.shape != COLUMN or right.shape != COLUMN:
                raise NotSmooth("an inner product of other things")
            found = _times([dataclasses.replace(left, shape=ROW), right])
            factors = (_bracketed(left.node, node), _bracketed(right.node, node))
            return dataclasses.replace(found, node=Juxt(items=factors, span=node.span))
        inner = self._flat(node.body)
        if node.opening in NORMS:
            if inner.shape != COLUMN or not isinstance(node.sup, Num) or node.sup.text != "2":
                raise NotSmooth("a length that is not squared")
            squared = dataclasses.replace(_bracketed(inner.node, node), sup=node.sup)
            return Flat(node=squared, vectors=2 * inner.vectors, hessians=2 * inner.hessians)
        if node.opening not in ROUND or node.sub is not None:
            raise NotSmooth("a bracket of another kind")
        if is_transpose(node.sup):
            bare = dataclasses.replace(node, body=inner.node, sup=None)
            return dataclasses.replace(inner, node=bare, shape=inner.shape[::-1])
        if node.sup is not None and (inner.shape != SCALAR or inner.vectors or inner.hessians):
            raise NotSmooth("a power of what holds vectors")
        return dataclasses.replace(inner, node=dataclasses.replace(node, body=inner.node))

    def _product(self, items: list[Node], node: Juxt) -> Flat:
        factors = []
        while items:
            if (taken := self._call(items)) is not None:
                factors.append(taken)
            else:
                factors.append(self._flat(items.pop(0)))
        parts = tuple(part for f in factors for part in (f.node.items if isinstance(f.node, Juxt) else (f.node,)))
        return dataclasses.replace(_times(factors), node=dataclasses.replace(node, items=parts))

    def _call(self, items: list[Node]) -> Flat | None:
        """f(x), ∇f(x) or ∇²f(x) at the beginning of a list, of which they are taken away."""
        order = self._order(items[0])
        if order == 2 and len(items) > 1 and isinstance(items[1], Group) and len(self.heads) == 1:
            (only,) = self.heads
            items.insert(1, Sym(base=only, span=items[1].span))  # the H(x) of one function
        function, group = (*items[bool(order) :], None, None)[:2]
        if not isinstance(function, Sym) or function.base not in self.heads or not isinstance(group, Group):
            return None
        turned = is_transpose(group.sup)
        argument = self._flat(group.body)
        if argument.shape != COLUMN or function.sup or function.sub or function.primes or (group.sup and not turned):
            raise NotSmooth("a function of another kind")
        del items[: 2 + bool(order)]
        called = dataclasses.replace(group, body=argument.node, sup=None)
        shape = (SCALAR, ROW if turned else COLUMN, MATRIX)[order]
        moved = 0 if isinstance(group.body, Sym) else argument.vectors  # as many more as its expansion may multiply
        primed = dataclasses.replace(function, primes=order)
        return Flat(
            node=Juxt(items=(primed, called), span=group.span),
            shape=shape,
            vectors=int(order == 1) + moved,
            hessians=int(order == 2),
        )

    def _order(self, head: Node) -> int:
        """How many derivatives a sign before a function takes: 1 for ∇, 2 for ∇² and the H of a Hessian, else 0."""
        if not isinstance(head, Sym) or head.base not in ("nabla", "H") or (head.base == "H" and not self.hessian):
            return 0
        if head.base == "H" or (isinstance(head.sup, Num) and head.sup.text == "2"):
            return 2
        if head.sup is not None or (head.sub is not None and key_of(head.sub) not in self.vectors | self.variables):
            raise NotSmooth("a gradient by another letter")
        return 1


def _times(factors: Iterable[Flat]) -> Flat:
    """A product, whose node is that of its first factor. Raises: NotSmooth: if the shapes do not fit."""
    first, *rest = factors
    for factor in rest:
        if SCALAR in (first.shape, factor.shape):
            shape = factor.shape if first.shape == SCALAR else first.shape
        elif first.shape[1] == factor.shape[0] == 1:
            shape = (first.shape[0], factor.shape[1])
        else:
            raise NotSmooth("factors whose shapes do not fit")
        first = Flat(
            node=first.node,
            shape=shape,
            vectors=first.vectors + factor.vectors,
            hessians=first.hessians + factor.hessians,
        )
    return first


def _bracketed(node: Node, like: Group) -> Group:
    return Group(opening="(", body=node, closing=")", span=like.span)


def _calls(node: Node) -> Iterator[tuple[Sym, Group]]:
    for juxt in (n for n in walk(node) if isinstance(n, Juxt)):
        for head, group in pairwise(juxt.items):
            if isinstance(head, Sym) and isinstance(group, Group) and group.opening == "(":
                yield head, group


def _differentiated(node: Node) -> Iterator[Sym]:
    """The f of ∇f."""
    for juxt in (n for n in walk(node) if isinstance(n, Juxt)):
        for sign, head in pairwise(juxt.items):
            if isinstance(sign, Sym) and sign.base == "nabla" and isinstance(head, Sym):
                yield head


def _added(node: Node) -> Iterator[Sym]:
    """The letters that are added in an argument, each by itself or behind factors."""
    match node:
        case Sym():
            yield dataclasses.replace(node, sup=None) if is_transpose(node.sup) else node
        case Neg() | Group():
            yield from _added(node.body)
        case Bin(op="+" | "-"):
            yield from _added(node.left)
            yield from _added(node.right)
        case Juxt(items=(*_, Sym() as last)):
            yield last
