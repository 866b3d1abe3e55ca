r"""M(x) = σ(w^T w + b): a function whose argument is missing, beside a letter that stands in a product with itself."""

from __future__ import annotations

import dataclasses

from derive.notation.definitions import DEFINING
from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Bin, Group, Juxt, Node, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict
from ..rules import wrong_quantity

INPUTS = frozenset({"x", "z"})


def lost_argument(line: Line, context: Context) -> Found | None:
    """The conflict of M(x) = … w^T w … without x, where nothing that the text defines could bring x in."""
    if line.right is None or line.link or line.operator not in DEFINING or any(of_words(line)):
        return None
    match line.left:
        case Juxt(items=(Sym(), Group(opening="(", body=Sym(sub=None, sup=None) as argument))):
            pass
        case _:
            return None
    syms = [n for n in walk(line.right) if isinstance(n, Sym)]
    squares = [n for n in walk(line.right) if _is_square(n)]
    if argument.base not in INPUTS or any(n.base == argument.base for n in syms) or len(squares) != 1:
        return None
    if not _is_affine(squares[0], line.right) or _any_defined(syms, line, context):
        return None
    second = _factors(squares[0])[1]
    name, instead = (line.formula.latex[slice(*n.span)] for n in (argument, second))
    message = f"the right side has no {name}, and {instead} in a product with itself"
    return conflict(line, message, message, {second.span: name}, wrong_quantity.RULE)


def _is_affine(square: Node, right: Node) -> bool:
    """Whether one letter is added to a product, as a bias is."""
    sums = (n for n in walk(right) if isinstance(n, Bin) and n.op == "+")
    return any(n.left is square and isinstance(n.right, Sym) and n.right.sup is None for n in sums)


def _factors(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Bin) and node.op == "cdot":
        return node.left, node.right
    return node.items if isinstance(node, Juxt) else (node,)


def _is_square(node: Node) -> bool:
    """Whether a node is a product of a transposed letter and the same one."""
    match _factors(node):
        case (Sym() as first, Sym(sup=None) as second):
            return is_transpose(first.sup) and unplaced(dataclasses.replace(first, sup=None)) == unplaced(second)
    return False


def _any_defined(syms: list[Sym], line: Line, context: Context) -> bool:
    """Whether the text defines a letter by a formula, of which the argument may be a part."""
    others = (n.left for n in context.lines.lines if n is not line and n.right is not None and n.operator in DEFINING)
    heads = {h.base for left in others for h in walk(left) if isinstance(h, Sym)}
    return bool(heads & {n.base for n in syms})
