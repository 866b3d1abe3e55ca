r"""Relations that say what something is, and claim nothing: x ∈ ℝⁿ, x ~ p, f: A → B, λ > 0, i < j, i = 1, …, n."""

from __future__ import annotations

import re

from derive.notation.conventions import PROBABILITY_LETTERS
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Chain, Dots, Empty, Entries, Group, Juxt, Listing, Neg, Node, Num, Sym

from .context import Context
from .lines import Line, names_defined
from .roles import CLAIMING, Role, announced, introduction

BELONGS = frozenset({"in", "ni", "~", "subset", "subseteq"})
MAPS = frozenset({":", "to", "mapsto", "->"})
SIGNS = frozenset({"<", ">", "<=", ">=", "!="})
ALWAYS = frozenset({"<<", ">>", "notin", "perp", "models", "succ", "succeq", "prec", "preceq", "<->", "leadsto"})
ROUGHLY = re.compile(r"\\(?:lesssim|gtrsim|lessapprox|gtrapprox)(?![a-zA-Z])")
MEASURES = frozenset({"E", "Var", "Cov", "H", "D", "I", "KL"})  # whose values obey laws
CONDITIONS = (Role.EQUATION, Role.ASSUMPTION)  # `subject to`, `assume that`
LABELS = frozenset({"*", "ast", "star", "prime"})
BARS = frozenset({"|", r"\|", "||"})
OPENS = re.compile(  # the words right before a formula, with other formulas of their list between
    r"\b(?:if|when(?:ever)?|where|such that|subject to|s\.\s?t\.|assum\w+(?: that)?|suppos\w+(?: that)?|let|with"
    r"|for(?: (?:all|any|some|every|each))?|provided(?: that)?|unless|until|while|given(?: that)?|as long as|once"
    r"|requir\w+(?: that)?|satisf\w+|constraints?|conditions?|in case|case|all|any|some|every|each)"
    r"[:\s]*(?:\$[^$]*\$[\s,]*(?:and|or)?\s*)*\Z",
    re.IGNORECASE,
)
OPENS_IN_CHINESE = re.compile(  # if, when, suppose, let, take, note, where, so that, under the constraint
    r"(?:若|如果|假如|当|假设|假定|设|令|记|取|其中|使得|约束(?:条件)?[为是]?|限制(?:条件)?|对于?(?:任意|所有)的?)"
    r"\s*(?:\$[^$]*\$[\s,，、]*(?:和|且|或)?\s*)*\Z"
)
MUST = re.compile(r"\b(?:must|needs? to|has to|have to)\b", re.IGNORECASE)


def bounds_a_name(line: Line, context: Context) -> bool:
    """Whether a relation gives letters a sign or a bound that is a number: λ > 0."""
    if line.operator not in SIGNS or line.right is None or isinstance(line.left, Empty):
        return False
    names = names_only(line.left) and isinstance(line.right.body if isinstance(line.right, Neg) else line.right, Num)
    return names and not speaks_of_measures(line) and not defines_any(line, context)


def is_declaration(line: Line, context: Context) -> bool:
    """Whether a relation only says what a name is: a member of a set, a map, within bounds, or counting from 1 to n."""
    if line.right is None or isinstance(line.left, Empty):
        return False
    if line.operator in MAPS:
        return not isinstance(line.right, Chain)
    if line.operator in BELONGS:
        return names_only(_unquantified(line.left)) or all(isinstance(s, Num) for s in (line.left, line.right))
    if line.operator in ALWAYS or (line.operator in SIGNS | {"approx"} and _is_rough(line)):
        return True
    if line.operator in SIGNS:
        return is_condition(line, context)
    return line.operator == "=" and isinstance(line.left, Sym) and _counts(line.right)


def _unquantified(node: Node) -> Node:
    r"""The i of `\forall i`."""
    if isinstance(node, Juxt) and isinstance(node.items[0], Sym) and node.items[0].base in ("forall", "exists"):
        rest = node.items[1:]
        return rest[0] if len(rest) == 1 else Juxt(items=rest, span=node.span)
    return node


def names_only(node: Node) -> bool:
    """Letters, with or without indices, listed or one; also the entry before a bracket, P(x), and a pair, (x, y)."""
    if isinstance(node, Listing):
        return all(names_only(i) for i in node.items)
    if isinstance(node, Entries):  # x_1, …, x_n
        return names_only(node.body)
    if isinstance(node, Group):
        return node.opening in ("(", r"\{") and isinstance(node.body, Listing) and names_only(node.body)
    if isinstance(node, Juxt):
        head, *rest = node.items
        return isinstance(head, Sym) and len(rest) == 1 and isinstance(rest[0], Group) and names_only(rest[0].body)
    return isinstance(node, Sym | Dots)


def has_chances(side: Node) -> bool:
    """Whether a side has P(…), of which laws may hold."""
    heads = (n.items[0] for n in walk(side) if isinstance(n, Juxt))
    return any(isinstance(head, Sym) and head.base in PROBABILITY_LETTERS for head in heads)


def is_left_out(line: Line) -> bool:
    """Whether a side of a relation is nothing but dots, x_1 = ⋯, so that it says nothing by itself."""
    return any(isinstance(side, Dots) for side in (line.left, line.right))


# -- conditions ------------------------------------------------------------------------------------------


def is_condition(line: Line, context: Context) -> bool:
    """Whether a comparison restricts what the text leaves free, and says nothing of what it defines."""
    if line.operator not in SIGNS or line.right is None:
        return False
    if line.operator == "!=" and not defines_any(line, context):
        return True
    opening = line.words or ("" if line.formula.display else line.formula.before)
    if OPENS.search(opening) is not None or OPENS_IN_CHINESE.search(opening) is not None:
        return True
    if speaks_of_measures(line):
        return False
    words = introduction(line.formula) if line.formula.display else ""
    if MUST.search(words) is not None:
        return True
    role = announced(words) if line.formula.display else None
    if role in CONDITIONS or role in CLAIMING:
        return role in CONDITIONS
    if not all(is_plain(side) for side in (line.left, line.right)):
        return False
    return not defines_any(line, context)


def speaks_of_measures(line: Line) -> bool:
    """Whether a relation has a letter of expected values, entropies and the like."""
    sides = (side for side in (line.left, line.right) if side is not None)
    return any(isinstance(n, Sym) and n.base in MEASURES for side in sides for n in walk(side))


def _is_rough(line: Line) -> bool:
    """Whether it holds up to a factor, or roughly."""
    assert line.right is not None
    if line.carried is not None:
        return False
    return ROUGHLY.search(line.formula.latex, line.left.span[1], line.right.span[0]) is not None


def is_plain(node: Node) -> bool:
    """A letter, a value f(x), a magnitude, a number, or a sum or a product of a few of these: k − 1, 2 n."""
    if isinstance(node, Neg):
        return is_plain(node.body)
    if isinstance(node, Bin):
        return node.op in "+-/" and is_plain(node.left) and is_plain(node.right)
    if isinstance(node, Group):
        return node.opening in BARS and node.sup is None and names_only(node.body)
    if isinstance(node, Juxt):
        return names_only(node) or all(isinstance(i, Num | Sym) and is_plain(i) for i in node.items)
    if isinstance(node, Sym):
        return node.sup is None or isinstance(node.sup, Group) or getattr(node.sup, "base", "") in LABELS
    return isinstance(node, Num | Dots | Empty)


def defines_any(line: Line, context: Context) -> bool:
    """Whether the text defines a name of a comparison, so that it is a claim about it."""
    defined = {d.name for d in (*context.definitions.values(), *context.others.values())}
    if (found := names_defined(line, context.dictionary)) is not None and found[0] in defined:
        return True
    bases = {name.split("_")[0] for name in defined}
    sides = (side for side in (line.left, line.right) if side is not None)
    return any(isinstance(n, Sym) and n.base in bases for side in sides for n in walk(side))


def _counts(node: Node) -> bool:
    """1, …, n, with commas or without."""
    items = node.items if isinstance(node, Listing | Juxt) else ()
    return len(items) >= 3 and any(isinstance(i, Dots) for i in items)
