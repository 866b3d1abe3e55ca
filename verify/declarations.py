r"""Relations that say what something is, and claim nothing: x ∈ ℝⁿ, x ~ p, f: A → B, λ > 0, i = 1, …, n."""

from __future__ import annotations

from derive.notation.syntax import Chain, Dots, Empty, Group, Juxt, Listing, Neg, Node, Num, Sym

from .context import Context
from .lines import Line, names_defined

BELONGS = frozenset({"in", "ni", "~", "subset", "subseteq"})
MAPS = frozenset({":", "to", "mapsto", "->"})
SIGNS = frozenset({"<", ">", "<=", ">=", "neq", "ne"})


def is_declaration(line: Line, context: Context) -> bool:
    """Whether a relation only says what a name is: a member of a set, a map, of one sign, or counting from 1 to n."""
    if line.right is None or isinstance(line.left, Empty):
        return False
    if line.operator in MAPS:
        return not isinstance(line.right, Chain)
    if line.operator in BELONGS:
        return _names_only(line.left)
    if line.operator in SIGNS:
        return _is_number(line.right) and _names_only(line.left) and not _is_defined(line, context)
    return line.operator == "=" and isinstance(line.left, Sym) and _counts(line.right)


def _names_only(node: Node) -> bool:
    """Letters, with or without indices, listed or one; also the entry before a bracket, P(x)."""
    if isinstance(node, Listing):
        return all(_names_only(i) for i in node.items)
    if isinstance(node, Juxt):
        head, *rest = node.items
        return isinstance(head, Sym) and len(rest) == 1 and isinstance(rest[0], Group) and _names_only(rest[0].body)
    return isinstance(node, Sym | Dots)


def _is_number(node: Node) -> bool:
    return isinstance(node.body if isinstance(node, Neg) else node, Num)


def _counts(node: Node) -> bool:
    """1, …, n."""
    return isinstance(node, Listing) and len(node.items) >= 3 and any(isinstance(i, Dots) for i in node.items)


def _is_defined(line: Line, context: Context) -> bool:
    """Whether the text defines the name on the left, so that its sign is a claim."""
    found = names_defined(line, context.dictionary)
    return found is None or any(d.name == found[0] for d in context.definitions.values())
