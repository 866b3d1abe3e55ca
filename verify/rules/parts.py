"""The parts of a side that edits work on: its expressions, their terms, and the factors of these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.notation.names_in_notes import is_letter, is_transpose
from derive.notation.nodes import children
from derive.notation.runs import walk
from derive.notation.syntax import Array, Big, Bin, Empty, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sqrt, Sym

from .edit import Side

OPERATORS = frozenset({"partial", "d", "nabla"})
BRACKETS = frozenset({"(", "[", "{", "|", "\\{", "\\|", "lbrace"})
MINUS = ("-", "−")
PLUS_MINUS = ("+", *MINUS)
TIMES = ("cdot", "times", "*")


@dataclass(frozen=True, kw_only=True)
class Term:
    """A term of a sum: its sign as written ("" for none), where the sign begins, and the term itself."""

    sign: str
    start: int
    node: Node


def within(node: Node) -> Iterator[Node]:
    """The node and the expressions below it, outermost first: powers too, but no indices, labels and limits."""
    yield node
    for child in children(node):
        if not _is_script(node, child):
            yield from within(child)


def _is_script(node: Node, child: Node) -> bool:
    if isinstance(node, Sym | Group | Fn) and child is node.sub:
        return True
    if isinstance(node, Sym) and child is node.sup:
        return is_transpose(child) or (isinstance(child, Group) and child.opening in ("(", "["))
    if isinstance(node, Group) and child is node.sup:
        return is_transpose(child)
    return isinstance(node, Big) and child is not node.body


def is_derivative(node: Node) -> bool:
    """Whether a node is ∂v/∂w, or one of its halves."""
    first = node.above if isinstance(node, Fraction) else node
    first = first.items[0] if isinstance(first, Juxt) else first
    return isinstance(first, Sym) and _is_sign(first)


def _is_sign(sym: Sym) -> bool:
    """Whether a letter is a sign such as ∂ and ∇_x; d_j is a letter."""
    return sym.base in OPERATORS and not (sym.base == "d" and sym.sub is not None)


def is_quantity(node: Node, letters: frozenset[str]) -> bool:
    """Whether a node is a letter that is neither an index nor a sign such as ∂, nor the name of a law."""
    if not isinstance(node, Sym) or _is_sign(node) or (node.base == "N" and "cal" in node.fonts):
        return False
    return not is_letter(node, letters)


def transposes_in(root: Node) -> Iterator[Node]:
    """The marks of transposes."""
    for node in walk(root):
        if isinstance(node, Sym | Group) and node.sup is not None and is_transpose(node.sup):
            yield node.sup


def slots(root: Node) -> Iterator[Node]:
    """The places where a whole expression stands: the side, what is in brackets, arguments, halves, powers."""
    yield root
    for node in within(root):
        match node:
            case Group(opening=opening) if opening in BRACKETS:
                yield node.body
            case Fraction() if not is_derivative(node):
                yield from (node.above, node.below)
            case Sqrt() | Big():
                yield node.body
            case Fn() if node.argument is not None and not isinstance(node.argument, Group):
                yield node.argument
            case Listing():
                yield from node.items
            case Array():
                yield from (cell for row in node.rows for cell in row if not isinstance(cell, Empty))
        if isinstance(node, Sym | Group) and node.sup is not None and not _is_script(node, node.sup):
            yield node.sup


def unwrapped(node: Node) -> Node:
    """What stands in invisible braces."""
    while isinstance(node, Group) and node.opening == "{" and node.sub is None and node.sup is None:
        node = node.body
    return node


def terms(side: Side, node: Node) -> tuple[Term, ...]:
    """The terms of a sum, in order; one term for anything else."""
    if isinstance(node, Bin) and node.op in PLUS_MINUS:
        sign = sign_between(side, node)
        if sign is not None:
            right = Term(sign=side.source[sign], start=sign, node=node.right)
            return (*terms(side, node.left), right)
    if isinstance(node, Neg):
        return (Term(sign="-", start=node.span[0], node=node.body),)
    return (Term(sign="", start=node.span[0], node=node),)


def sign_between(side: Side, node: Bin) -> int | None:
    """Where the + or − of a sum stands."""
    start, end = node.left.span[1], node.right.span[0]
    found = (side.source.find(c, start, end) for c in (PLUS_MINUS if node.op in PLUS_MINUS else (node.op,)))
    return next((k for k in found if k >= 0), None)


def factors(node: Node) -> tuple[Node, ...]:
    """The factors of a product, in order; one factor for anything else."""
    if isinstance(node, Juxt):
        return tuple(f for item in node.items for f in factors(item))
    if isinstance(node, Bin) and node.op in TIMES:
        return (*factors(node.left), *factors(node.right))
    return (node,)


def products(root: Node) -> Iterator[tuple[Node, ...]]:
    """The products of a side that have several factors, each as its factors."""
    inner: set[int] = set()
    for node in within(root):
        found = factors(node)
        if len(found) > 1 and id(node) not in inner and not is_derivative(node):
            inner |= {id(n) for n in within(node) if isinstance(n, Juxt | Bin) and _same_product(node, n)}
            yield found


def _same_product(node: Node, part: Node) -> bool:
    return part is not node and set(map(id, factors(part))) <= set(map(id, factors(node)))


def beside(left: str, right: str) -> str:
    r"""Two factors side by side, with the blank that `\lambda x` needs and the dot that `2 3` needs."""
    if right[:1].isdigit() and left[-1:].isalnum() and left[-1:].isdigit():
        return rf"{left} \cdot {right}"
    blank = " " if left[-1:].isalpha() and right[:1].isalpha() else ""
    return left + blank + right


def is_number(node: Node) -> bool:
    """Whether a node is a number as written."""
    return isinstance(node, Num)
