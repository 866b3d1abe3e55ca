"""Formulas with running indices at small numbers: h_t with t = 2 is h_2, x_1, …, x_T is a list, ∏_t is a product.

What a text says of sequences of any length becomes a formula about single variables, which can be read and tried.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..notation.runs import children, walk, with_children
from ..notation.syntax import Big, Bin, Chain, Dots, Empty, Entries, Group, Juxt, Listing, Neg, Node, Num, Span, Sym
from .events import NotAProbability, has_label, label, unbraced

INDICES = frozenset("ijklmnrstuvTNKMLHD")
LONGEST = 24


@dataclass(frozen=True, kw_only=True)
class Unrolling:
    """The numbers at which a formula is taken apart.

    Attributes:
        at: index or size to its number.
        wholes: a letter for all of a sequence, to the list of its members as the text writes it.
        first: the number of the first member of a sequence.
    """

    at: Mapping[str, int]
    wholes: Mapping[str, Node] = field(default_factory=dict)
    first: int = 1

    def node(self, node: Node) -> Node:
        """The formula at these numbers.

        Raises: NotAProbability: where an index has no number, or a list no end.
        """
        match node:
            case Sym():
                return self._sym(node)
            case Group():
                return self._group(node)
            case Listing(separator=",") | Listing(separator=";"):
                return self._list(node, node.separator)
            case Listing():
                items = tuple(self._list(item, ",") for item in node.items)
                kept = tuple(item for item in items if not _is_nothing(item))
                return dataclasses.replace(node, items=kept) if len(kept) > 1 else items[0]
            case Chain(operators=("~",)):
                drawn, law = node.operands
                return dataclasses.replace(node, operands=(self._list(drawn, ","), self.node(law)))
            case Big():
                return self._big(node)
        return with_children(node, iter([self.node(child) for child in children(node)])) if children(node) else node

    def value(self, node: Node | None) -> int | None:
        """The number that an index stands for; None if it is none."""
        node = unbraced(node) if node is not None else None
        match node:
            case Num(text=text) if text.isdigit():
                return int(text)
            case Sym() if has_label(node):
                return self.at.get(label(node))
            case Neg(body=body):
                return None if (inner := self.value(body)) is None else -inner
            case Bin(op="+" | "-", left=left, right=right):
                one, two = self.value(left), self.value(right)
                return None if one is None or two is None else one + two if node.op == "+" else one - two
        return None

    # -- letters and brackets --------------------------------------------------------------------

    def _sym(self, node: Sym) -> Node:
        sup = node.sup
        raised = unbraced(sup) if sup is not None else None
        if node.sub is None and isinstance(raised, Group) and (index := self.value(raised.body)) is not None:
            return dataclasses.replace(node, sub=_number(index, node.span), sup=None)
        sub = None if node.sub is None else self._script(node.sub)
        if isinstance(raised, Sym) and label(raised) not in self.at:
            return dataclasses.replace(node, sub=sub)
        return dataclasses.replace(node, sub=sub, sup=None if sup is None else self.node(sup))

    def _script(self, sub: Node) -> Node:
        """A subscript, with numbers for its indices."""
        inner = unbraced(sub)
        if (index := self.value(inner)) is not None:
            return _number(index, sub.span)
        items = inner.items if isinstance(inner, Listing | Juxt) else ()
        numbers = [self.value(item) for item in items]
        if items and all(n is not None for n in numbers):
            found = tuple(_number(n, sub.span) for n in numbers if n is not None)
            return Listing(separator=",", items=found, span=sub.span)
        if isinstance(inner, Chain):
            return self.node(inner) if inner.operators == ("~",) else inner
        return self._list(inner, ",") if isinstance(inner, Listing | Sym) and _is_listed(inner, self.wholes) else inner

    def _group(self, node: Group) -> Node:
        if node.opening != "{" and isinstance(node.body, Sym | Listing | Entries | Group):
            body = self.node(node.body) if isinstance(node.body, Listing) else self._list(node.body, ",")
            return dataclasses.replace(node, body=body, sup=None if node.sup is None else self.node(node.sup))
        return with_children(node, iter([self.node(child) for child in children(node)]))

    # -- lists -----------------------------------------------------------------------------------

    def _list(self, node: Node, separator: str) -> Node:
        members = self.members(node) if separator == "," else [self._list(n, ",") for n in _items(node)]
        if len(members) == 1:
            return members[0]
        return Listing(separator=separator, items=tuple(members), span=node.span)

    def members(self, node: Node) -> list[Node]:
        """The members of a list, with those that dots stand for."""
        found: list[Node] = []
        for item in _opened(node):
            if isinstance(item, Dots) or not (found and isinstance(found[-1], Dots)):
                found += [item] if isinstance(item, Dots) else self._member(item)
                continue
            found.pop()
            found += self._until(found, self._member(item))
        if any(isinstance(item, Dots) for item in found):
            raise NotAProbability("dots at the end of a list are not read here")
        if len(found) > LONGEST:
            raise NotAProbability("a list that is too long to be tried")
        return found

    def _member(self, item: Node) -> list[Node]:
        """What one item of a list stands for: itself, or a sequence."""
        item = unbraced(item)
        if isinstance(item, Sym) and item.sub is None and item.sup is None and has_label(item):
            whole = self.wholes.get(label(item))
            return [self.node(item)] if whole is None else self.members(whole)
        if isinstance(item, Sym) and isinstance(below := unbraced(item.sub or item), Chain):
            return self._range(item, below)
        if isinstance(item, Group) and item.opening == r"\{" and isinstance(item.sub, Chain):
            return self._family(item)
        if isinstance(item, Entries) and len(item.running) == 1:
            ((letter, first, last),) = item.running
            return self._each(item.body, letter, self.value(first), self.value(last))
        return [self.node(item)]

    def _range(self, item: Sym, below: Chain) -> list[Node]:
        """x_{1:t}, x_{<t} and x_{≤t}."""
        low: int | None
        high: int | None
        if below.operators == (":",):
            low, high = (self.value(n) for n in below.operands)
        elif below.operators[0] in ("<", "<=") and isinstance(below.operands[0], Empty):
            low, high = self.first, self.value(below.operands[1])
            high = high if high is None or below.operators == ("<=",) else high - 1
        else:
            low = high = None
        if low is None or high is None:
            raise NotAProbability("this range of an index is not read here")
        return [dataclasses.replace(item, sub=_number(k, item.span)) for k in _running(low, high)]

    def _family(self, group: Group) -> list[Node]:
        """{x_i}_{i=1}^N."""
        below = group.sub
        assert isinstance(below, Chain)
        if below.operators != ("=",):
            raise NotAProbability("this range of an index is not read here")
        letter = label(below.operands[0])
        return self._each(group.body, letter, self.value(below.operands[1]), self.value(group.sup))

    def _each(self, node: Node, letter: str, low: int | None, high: int | None) -> list[Node]:
        """A member for each number of an index."""
        if low is None or high is None:
            raise NotAProbability("this range of an index is not read here")
        inner = (dataclasses.replace(self, at={**self.at, letter: k}) for k in _running(low, high))
        return [member for unrolling in inner for member in unrolling.members(node)]

    def _until(self, before: list[Node], end: list[Node]) -> list[Node]:
        """What the dots between two parts of a list stand for, with the member behind them; before may lose its last.

        The members before the dots repeat: x_1, z_1, …, x_n, z_n.
        """
        last = end[0]
        for period in range(1, len(before) + 1):
            if _base(before[-period]) == _base(last):
                break
        else:
            raise NotAProbability("it is not clear how this list goes on")
        stop, start = _place(last), _place(before[-period])
        if stop < start:
            if stop == start - 1 and period == 1:
                before.pop()
                return []
            if _place(before[-1]) - stop > 0 and period == 1:
                down = range(start - 1, stop, -1)
                return [*(_moved(before[-1], k) for k in down), last]
            raise NotAProbability("it is not clear how this list goes on")
        if stop == start:
            return end[1:] if period == 1 else []
        cycle, found = before[-period:], list[Node]()
        for k in range(1, LONGEST):
            for member in cycle:
                fresh = _moved(member, _place(member) + k)
                if fresh == dataclasses.replace(last, span=fresh.span) or label(fresh) == label(last):
                    return [*found, *end]
                found.append(fresh)
        raise NotAProbability("it is not clear where this list ends")

    # -- sums and products -----------------------------------------------------------------------

    def _big(self, node: Big) -> Node:
        below = unbraced(node.below) if node.below is not None else None
        if isinstance(below, Chain) and below.operators == ("=",) and node.above is not None:
            low, high = self.value(below.operands[1]), self.value(node.above)
            if low is not None and high is not None and _is_index(below.operands[0]):
                return self._repeated(node, label(below.operands[0]), low, high)
        if isinstance(below, Sym) and below.sub is None and label(below) in INDICES and node.op == "prod":
            ends = [self.at[s] for s in ("T", "N", "n", "K") if s in self.at and s != label(below)]
            if len(ends) == 1:
                return self._repeated(node, label(below), self.first, ends[0])
        if below is not None and node.op in ("sum", "int"):
            listed = below.operands[0] if isinstance(below, Chain) and below.operators == ("in",) else below
            members = self.members(listed)
            body = self.node(node.body)
            if not members:
                return body
            whole = members[0] if len(members) == 1 else Listing(separator=",", items=tuple(members), span=below.span)
            return dataclasses.replace(node, below=whole, above=None, body=body)
        parts = [self.node(n) for n in children(node)]
        return with_children(node, iter(parts))

    def _repeated(self, node: Big, letter: str, low: int, high: int) -> Node:
        if node.op not in ("sum", "prod") or high < low - 1:
            raise NotAProbability("the bounds of a sum or product lie the wrong way round")
        body, rest = _reached(node, letter)
        inner = (dataclasses.replace(self, at={**self.at, letter: k}) for k in _running(low, high))
        terms = [Group(opening="(", body=u.node(body), closing=")", span=node.span) for u in inner]
        empty = Num(text="0" if node.op == "sum" else "1", span=node.span)
        whole: Node = terms[0] if terms else empty
        for term in terms[1:]:
            whole = Bin(op="+" if node.op == "sum" else "cdot", left=whole, right=term, span=node.span)
        found = Group(opening="(", body=whole, closing=")", span=node.span)
        return found if rest is None else Juxt(items=(found, self.node(rest)), span=node.span)


def _reached(node: Big, letter: str) -> tuple[Node, Node | None]:
    """What a product reaches over, and the sum or product behind it that does not depend on its index."""
    items = node.body.items if isinstance(node.body, Juxt) and node.op == "prod" else ()
    for k, item in enumerate(items):
        if k and isinstance(item, Big) and letter not in free_letters(item):
            return _product(items[:k]), _product(items[k:])
    return node.body, None


def _product(items: tuple[Node, ...]) -> Node:
    return items[0] if len(items) == 1 else Juxt(items=items, span=(items[0].span[0], items[-1].span[1]))


def free_letters(node: Node, bound: frozenset[str] = frozenset()) -> frozenset[str]:
    """The letters of indices that no sum or product binds."""
    match node:
        case Big(below=Chain(operators=("=",)) as below, above=above) if above is not None and _is_index(
            below.operands[0]
        ):
            inner = bound | {label(below.operands[0])}
            return free_letters(node.body, inner).union(*(free_in_index(n) - bound for n in (below.operands[1], above)))
        case Group(opening=r"\{", sub=Chain(operators=("=",)) as below) if _is_index(below.operands[0]):
            ends = (free_in_index(n) - bound for n in (below.operands[1], node.sup) if n is not None)
            return free_letters(node.body, bound | {label(below.operands[0])}).union(*ends)
        case Entries(body=body, running=running):
            ends = (free_in_index(n) - bound for _, first, last in running for n in (first, last))
            return free_letters(body, bound | {letter for letter, _, _ in running}).union(*ends)
        case Sym(sub=sub, sup=sup):
            found = free_in_index(sub) - bound if sub is not None else frozenset()
            raised = unbraced(sup) if sup is not None else None
            return found | (free_in_index(raised) - bound if isinstance(raised, Group) else frozenset())
    return frozenset[str]().union(*(free_letters(child, bound) for child in children(node)))


def free_in_index(node: Node) -> frozenset[str]:
    """The letters of an index."""
    return frozenset(n.base for n in walk(node) if isinstance(n, Sym) and _is_index(n))


def _is_index(node: Node) -> bool:
    return isinstance(node, Sym) and node.base in INDICES and not (node.sub or node.sup or node.accents or node.fonts)


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Listing) else (node,)


def _opened(node: Node) -> Iterator[Node]:
    """The items of a list; `… h_T` without its comma is two."""
    node = unbraced(node)
    if isinstance(node, Listing) and node.separator == ",":
        for item in node.items:
            yield from _opened(item)
    elif isinstance(node, Juxt) and any(isinstance(item, Dots) for item in node.items):
        yield from node.items
    elif isinstance(node, Group) and node.opening == "(" and node.sup is None and isinstance(node.body, Listing):
        yield from _opened(node.body)
    elif not isinstance(node, Empty):
        yield node


def _running(low: int, high: int) -> Iterable[int]:
    if high - low > LONGEST:
        raise NotAProbability("a sequence that is too long to be tried")
    return range(low, high + 1)


def _number(value: int, span: Span) -> Node:
    number = Num(text=str(abs(value)), span=span)
    return number if value >= 0 else Neg(body=number, span=span)


def _base(node: Node) -> str:
    return label(dataclasses.replace(node, sub=None)) if isinstance(node, Sym) and node.sub is not None else "?"


def _place(node: Node) -> int:
    match node:
        case Sym(sub=Num(text=text)):
            return int(text)
    raise NotAProbability("it is not clear how this list goes on")


def _moved(node: Node, place: int) -> Node:
    assert isinstance(node, Sym)
    return dataclasses.replace(node, sub=_number(place, node.span))


def _is_listed(node: Node, wholes: Mapping[str, Node]) -> bool:
    """Whether a subscript lists variables, as that of an expected value does."""
    if isinstance(node, Sym):
        return has_label(node) and label(node) in wholes
    return isinstance(node, Listing) and node.separator in (",", "|")


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Listing) and not node.items
