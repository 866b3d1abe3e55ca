r"""Statements about labels as sums over the classes: E(y) = Σ_c 1[y = c] E(c), with 1[y = c] as a vector of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from .brackets import hull
from .conventions import PROBABILITY_LETTERS
from .labels import (
    EQUAL_OR_NOT,
    Labels,
    beside_a_class,
    condition_of,
    condition_on_class,
    conditions_in,
    is_one,
    labels_below,
    one_hot_name,
    uses_of,
    with_indicators,
)
from .names_in_notes import latex_of
from .runs import children, rebuild, walk, with_children
from .scope import binder, reach
from .syntax import Array, Big, Bin, Chain, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym
from .unequal import with_brackets

OPEN = frozenset({"(", "[", "{"})
RELATIONS = frozenset({"=", ":=", "equiv", "<=", ">=", "<", ">"})


def with_conditions(statements: Sequence[Node], labels: Labels) -> list[Node]:
    r"""The statements of one formula, each claim under the condition beside it: `…, \quad k \neq y`, `if k = y: …`."""
    if not labels.letters:
        return list(statements)
    statements = [with_indicators(n) for n in statements]
    found = [with_labels(n, labels) for n in statements]
    claims = [k for k, n in enumerate(found) if _is_claim(n)]
    for at, condition in ((k, n) for k, n in enumerate(statements) if condition_on_class(n, labels) is not None):
        near = [k for k in claims if k < at][-1:] or [k for k in claims if k > at][:1]
        claims = [k for k in claims if k not in near]
        for k in near:
            found[k] = _under(statements[k], condition, labels)
    return found


def with_labels(statement: Node, labels: Labels) -> Node:
    """The statement with its labels as sums over the classes."""
    if not labels.letters or not isinstance(statement, Chain) or not any(True for _ in uses_of(statement, labels)):
        return statement
    if not set(statement.operators) <= RELATIONS or any(_is_event(n) for n in walk(statement)):
        return statement
    operands = tuple(_summed(reach(o), labels) for o in statement.operands)
    return with_brackets(replace(statement, operands=operands))


def _under(statement: Node, condition: Node, labels: Labels) -> Node:
    """The claim that is made of the classes that meet a condition alone: both sides times its bracket."""
    found = condition_on_class(condition, labels)
    if found is None or not isinstance(statement, Chain) or not labels.unused:
        return statement
    label, place, equal = found
    letter = Sym(base=labels.unused[0], span=label.span)
    compared = Chain(operands=(letter, place), operators=("=" if equal else "!=",), span=label.span)
    rest = replace(labels, unused=labels.unused[1:])
    operands = (_summed_under(reach(o), label, letter, compared, rest) for o in statement.operands)
    return with_brackets(replace(statement, operands=tuple(operands)))


def _summed_under(side: Node, label: Sym, letter: Sym, compared: Chain, labels: Labels) -> Node:
    side = rebuild(side, lambda part: _without_indicators(part, labels))
    there = rebuild(side, lambda part: _at_class(part, latex_of(label), letter.base))
    bracket = Group(opening="[", body=compared, closing="]", span=label.span)
    inner = Group(opening="{", body=_summed(there, labels), closing="}", span=side.span)
    items = (_one_hot(label, letter, label), inner, Num(text="1", span=label.span), bracket)
    return Big(op="sum", below=letter, above=None, body=Juxt(items=items, span=side.span), span=side.span)


def _is_claim(node: Node) -> bool:
    """Whether a statement says what a derivative is: a definition is not made under a condition."""
    first = node.operands[0] if isinstance(node, Chain) and node.operators[0] == "=" else None
    head = first.items[0] if isinstance(first, Juxt) else first
    return isinstance(head, Fraction) or (isinstance(head, Sym) and head.base == "nabla")


def _summed(side: Node, labels: Labels) -> Node:
    side = rebuild(side, lambda part: _without_indicators(part, labels))
    for letter in labels.unused:
        label = next(uses_of(side, labels), None)
        if label is None:
            return side
        side = _over_classes(side, label, letter)
    return side


def _without_indicators(part: Node, labels: Labels) -> Node:
    """1[y = k] as the entry of the label at k, and 1[y ≠ k] as what is left of 1."""
    if isinstance(part, Juxt):
        items = list(part.items)
        for k in range(len(items) - 1, 0, -1):
            pair = Juxt(items=tuple(items[k - 1 : k + 1]), span=hull(items[k - 1].span, items[k].span))
            entry = _entry_of(condition_of(pair), pair, labels) if is_one(items[k - 1]) else None
            if entry is not None:
                items[k - 1 : k + 1] = [entry]
        return items[0] if len(items) == 1 else replace(part, items=tuple(items))
    entry = _entry_of(condition_of(part), part, labels)
    return part if entry is None else entry


def _entry_of(condition: Chain | None, whole: Node, labels: Labels) -> Node | None:
    found = [s for s in beside_a_class(condition, EQUAL_OR_NOT) if s in labels]
    if condition is None or not found:
        return None
    label = found[0]
    other = next(n for n in condition.operands if n is not label)
    if not isinstance(other, Sym | Num) or getattr(other, "sup", None) is not None:
        return None
    entry = _one_hot(label, other, whole)
    if condition.operators[0] == "=":
        return entry
    rest = Bin(op="-", left=Num(text="1", span=whole.span), right=entry, span=whole.span)
    return Group(opening="(", body=rest, closing=")", span=whole.span)


def _one_hot(label: Sym, at: Node, whole: Node) -> Sym:
    """The entry of a label at a class."""
    items = (*((label.sub,) if label.sub is not None else ()), at)
    sub = at if len(items) == 1 else Listing(separator=",", items=items, span=whole.span)
    return replace(label, base=one_hot_name(label), sub=sub, span=whole.span)


def _over_classes(node: Node, label: Sym, letter: str) -> Node:
    """Σ_c 1[y = c] E(c) for the least part that has the label below, and is within the sum over its data points."""
    key = latex_of(label)

    def holds(n: Node) -> bool:
        return any(latex_of(s) == key for s in labels_below(n))

    if not holds(node):
        return node
    running = {s.base for s in (label.sub, label.sup) if s is not None for s in walk(s) if isinstance(s, Sym)}
    binds = any(isinstance(n, Big) and (b := binder(n.below)) and b[0] in running and holds(n.body) for n in walk(node))
    sums = isinstance(node, Bin) and node.op in "+-"
    group = isinstance(node, Group) and node.opening in OPEN and not (node.sub or node.sup)
    factors = isinstance(node, Juxt) and _is_factor_alone([holds(i) for i in node.items], node)
    if binds or sums or group or factors or isinstance(node, Neg):
        return with_children(node, (_over_classes(c, label, letter) for c in children(node)))
    there = rebuild(node, lambda part: _at_class(part, key, letter))
    inner = Group(opening="{", body=there, closing="}", span=node.span)
    at = Sym(base=letter, span=label.span)
    product = Juxt(items=(replace(_one_hot(label, at, label), span=label.span), inner), span=node.span)
    return Big(op="sum", below=at, above=None, body=product, span=node.span)


def _is_event(node: Node) -> bool:
    """Whether something is P(…): what is said of chances is read by their laws."""
    items = node.items if isinstance(node, Juxt) else ()
    return any(
        isinstance(a, Sym) and a.base in PROBABILITY_LETTERS and isinstance(b, Group) for a, b in pairwise(items)
    )


def _is_factor_alone(holding: Sequence[bool], product: Juxt) -> bool:
    """Whether one factor alone has the label, and is no letter and no argument."""
    at = holding.index(True)
    before = product.items[at - 1] if at else None
    argument = isinstance(product.items[at], Group) and (
        isinstance(before, Sym) or (before is not None and is_one(before))
    )
    return sum(holding) == 1 and not isinstance(product.items[at], Sym) and not argument


def _at_class(part: Node, key: str, letter: str) -> Node:
    def put(n: Node) -> Node:
        return Sym(base=letter, span=n.span) if isinstance(n, Sym) and latex_of(n) == key else n

    if isinstance(part, Sym) and part.sub is not None:
        return replace(part, sub=rebuild(part.sub, put))
    if isinstance(part, Big) and part.below is not None and isinstance(part.below, Chain):
        return replace(part, below=rebuild(part.below, put))
    if isinstance(part, Array) and any(True for _ in conditions_in(part)):
        rows = (tuple(rebuild(c, put) if k else c for k, c in enumerate(row)) for row in part.rows)
        return replace(part, rows=tuple(rows))
    return part
