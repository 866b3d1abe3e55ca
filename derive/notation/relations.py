r"""A level split at its separators and relations; what lies between is read by the caller's `operand`.

Loosest first: infix fractions, bars, prose, `;`, `,`, then ⇒ ⇔, then relations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .brackets import Item, span_of
from .settle import OPERATORS
from .statements import is_prose, strip_breaks
from .syntax import Chain, Empty, Fn, Fraction, Listing, Node, Prose, Sym
from .tokens import ReadError

Operand = Callable[[Sequence[Item]], Node]
_LONE = OPERATORS | {"function", "big", "prime", "factorial", "period", "separator"}


def read_separated(items: Sequence[Item], operand: Operand, *, cell: bool = False) -> Node:
    """A level with separators: a `Listing` of its parts, a `Chain`, or an operand.

    Args:
        items: at least one item, bars paired.
        operand: reads what has neither separators nor relations.
        cell: the level is a cell of an array, where a single word is prose.
    """

    def below(part: Sequence[Item]) -> Node:
        return read_separated(part, operand)

    kinds = {item.kind for item in items}
    if "infix" in kinds:
        return _infix(items, below)
    if "separator" in kinds:
        return _listing(items, "separator", below)
    if "text" in kinds and (len(items) > 1 or cell):
        cuts = [i for i, item in enumerate(items) if item.kind == "text" and is_prose(items, i, statement=cell)]
        if cuts:
            return _around_prose(items, cuts, below)
    for kind in ("semicolon", "comma"):
        if kind in kinds:
            return _listing(items, kind, below)
    return read_related(items, operand)


def read_related(items: Sequence[Item], operand: Operand) -> Node:
    """A level split at ⇒ and ⇔, then at relations; `and`, `or` join relations, else they are operators."""
    if items[0].kind in _LONE and (len(items) == 1 or all(item.kind in OPERATORS for item in items)):
        return Sym(base="".join(item.text for item in items), span=span_of(items))
    kinds = {item.kind for item in items}
    if "logic" in kinds:
        return _chain(items, "logic", lambda part: read_related(part, operand))
    if "junction" in kinds and _joins_relations(items):
        return _chain(items, "junction", lambda part: read_related(part, operand))
    if "relation" in kinds:
        return _chain(items, "relation", operand)
    return operand(items)


def _joins_relations(items: Sequence[Item]) -> bool:
    """Whether every part between ∧ and ∨ has a relation."""
    related = False
    for item in items:
        if item.kind == "junction":
            if not related:
                return False
            related = False
        related = related or item.kind == "relation"
    return related


def _infix(items: Sequence[Item], below: Operand) -> Node:
    r"""`{n \choose k}`, `{a \over b}`."""
    cut = next(index for index, item in enumerate(items) if item.kind == "infix")
    first, second = items[:cut], items[cut + 1 :]
    if not first or not second:
        raise ReadError("missing argument of an infix fraction", items[cut].span[0])
    above, under = below(first), below(second)
    span = span_of(items)
    if items[cut].text == "frac":
        return Fraction(above=above, below=under, span=span)
    return Fn(name="binom", argument=Listing(separator=",", items=(above, under), span=span), span=span)


def _around_prose(items: Sequence[Item], cuts: list[int], below: Operand) -> Node:
    parts: list[Node] = []
    start = 0
    for cut in [*cuts, len(items)]:
        piece = strip_breaks(list(items[start:cut]))
        if piece:
            parts.append(below(piece))
        if cut < len(items):
            parts.append(read_prose(items[cut]))
        start = cut + 1
    return parts[0] if len(parts) == 1 else Listing(separator="text", items=tuple(parts), span=span_of(items))


def _listing(items: Sequence[Item], kind: str, below: Operand) -> Node:
    parts: list[Node] = []
    separator = ""
    current: list[Item] = []
    for item in items:
        if item.kind != kind:
            current.append(item)
            continue
        separator = separator or item.text
        parts.append(below(current) if current else Empty(span=(item.span[0], item.span[0])))
        current = []
    if current:
        parts.append(below(current))
    elif kind == "separator" or all(isinstance(part, Empty) for part in parts):
        parts.append(Empty(span=(items[-1].span[1], items[-1].span[1])))
    if len(parts) == 1:
        return parts[0]  # `(a,)`
    return Listing(separator=separator, items=tuple(parts), span=span_of(items))


def _chain(items: Sequence[Item], kind: str, operand: Operand) -> Chain:
    operands: list[Node] = []
    operators: list[str] = []
    current: list[Item] = []
    for item in items:
        if item.kind != kind:
            current.append(item)
            continue
        if not current and operators:
            raise ReadError(f"nothing before {item.text}", item.span[0])
        operand_items = _unsigned(current) if operators else current
        operands.append(operand(operand_items) if current else Empty(span=(item.span[0], item.span[0])))
        operators.append(item.text)
        current = []
    end = items[-1].span[1]
    current = _unsigned(current)
    operands.append(operand(current) if current else Empty(span=(end, end)))
    return Chain(operands=tuple(operands), operators=tuple(operators), span=span_of(items))


def _unsigned(items: list[Item]) -> list[Item]:
    """What stands behind a relation without its plus: the 3 of x ≥ +3."""
    return items[1:] if len(items) > 1 and items[0].kind == "add" and items[0].text == "+" else items


def read_prose(token: Item) -> Prose:
    """Words of a `text` token as a part of their own."""
    return Prose(text=token.text.strip(), span=token.span)
