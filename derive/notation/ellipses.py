r"""Ellipses written out: x_1 + \dots + x_n as a sum, (x_1, \dots, x_n) and a_{11} … a_{mn} by their general entry.

The pattern is what the terms beside the dots have in common: where one has a number and the last one something
else, an index runs from the one to the other. Where that leaves a doubt the dots stay, and are not read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import cast

from .differentials import with_reach
from .primed import told_apart
from .runs import children, join_letters, rebuild, walk, with_children
from .strokes import upright
from .syntax import Array, Big, Bin, Chain, Dots, Empty, Entries, Fn, Group, Juxt, Listing, Node, Num, Span, Sym
from .unequal import with_brackets
from .unindexed import indexed

LETTERS = "ijklpqr"
BIG = {"+": "sum", "cdot": "prod", "times": "prod"}
Running = tuple[Node, Node]  # the number at the first term, and what stands there at the last


def prepared(node: Node) -> Node:
    """A statement as parsed: letters joined, k' told from k, ellipses and Σ_{i≠j} written out, sums indexed, ∂f/∂x."""
    return with_brackets(indexed(written_out(told_apart(join_letters(with_reach(upright(node)))))))


def written_out(node: Node) -> Node:
    """The tree with every ellipsis whose pattern is plain written out."""
    return rebuild(node, _changed) if any(isinstance(n, Dots) for n in walk(node)) else node


def _changed(node: Node) -> Node:
    if isinstance(node, Bin) and node.op in BIG:
        return _sum(node) or node
    if isinstance(node, Juxt):
        return _product(node) or node
    if isinstance(node, Group) and isinstance(node.body, Listing) and node.body.separator == ",":
        return _list(node, node.body.items) or node
    if isinstance(node, Array):
        return _array(node) or node
    return node


# -- sums and products ---------------------------------------------------------------------------------


def _sum(node: Bin) -> Node | None:
    """a_1 + a_2 + … + a_n, with what stands before it."""
    terms = _terms(node, node.op)
    if len(terms) < 3 or not isinstance(terms[-2], Dots) or any(isinstance(t, Dots) for t in terms[:-2]):
        return None
    found = _series(terms[:-2], terms[-1])
    if found is None:
        return None
    count, letter, start, end, body = found
    total = _big(BIG[node.op], letter, start, end, body, (terms[-2 - count].span[0], node.span[1]))
    before = terms[: -2 - count]
    return _joined([*before, total], node.op) if before else total


def _terms(node: Node, op: str) -> list[Node]:
    if isinstance(node, Bin) and node.op == op:
        return [*_terms(node.left, op), *_terms(node.right, op)]
    return [node]


def _joined(terms: Sequence[Node], op: str) -> Node:
    node = terms[0]
    for term in terms[1:]:
        node = Bin(op=op, left=node, right=term, span=(node.span[0], term.span[1]))
    return node


def _product(node: Juxt) -> Node | None:
    r"""x_1 x_2 \cdots x_n; as many factors before the dots as behind them make one term."""
    items = list(node.items)
    dots = [k for k, item in enumerate(items) if isinstance(item, Dots)]
    if len(dots) != 1 or not 0 < dots[0] < len(items) - 1:
        return None
    last = items[dots[0] + 1 :]
    size = len(last)
    before = items[: dots[0]]
    groups = [before[max(k - size, 0) : k] for k in range(len(before), 0, -size)][::-1]
    found = _series([_side_by_side(g) for g in groups], _side_by_side(last))
    if found is None:
        return None
    count, letter, start, end, body = found
    rest = [item for g in groups[:-count] for item in g]
    span = (groups[-count][0].span[0], node.span[1])
    total = _big("prod", letter, start, end, body, span)
    return dataclasses.replace(node, items=(*rest, total)) if rest else total


def _side_by_side(items: Sequence[Node]) -> Node:
    return items[0] if len(items) == 1 else Juxt(items=tuple(items), span=(items[0].span[0], items[-1].span[1]))


def _big(op: str, letter: str, start: Node, end: Node, body: Node, span: Span) -> Big:
    i = Sym(base=letter, span=span)
    below = Chain(operands=(i, start), operators=("=",), span=span)
    return Big(op=op, below=below, above=end, body=body, span=span)


# -- lists and arrays ----------------------------------------------------------------------------------


def _list(node: Group, items: Sequence[Node]) -> Node | None:
    r"""(x_1, \dots, x_n) as a vector."""
    one = _line(items, node.span)
    return None if one is None else dataclasses.replace(node, body=one)


def _line(items: Sequence[Node], span: Span, taken: Iterable[Node] = ()) -> Entries | None:
    """Entries in a row or a column, some of them dots."""
    if len(items) < 3 or not isinstance(items[-2], Dots) or any(isinstance(t, Dots) for t in items[:-2]):
        return None
    found = _series(items[:-2], items[-1], taken)
    if found is None or found[0] < len(items) - 2:
        return None
    _, letter, start, end, body = found
    return Entries(body=body, running=((letter, start, end),), span=span)


def _array(node: Array) -> Node | None:
    if (diagonal := _diagonal(node.rows, node.span)) is not None:
        return diagonal
    rows = node.rows
    if all(len(row) == 1 for row in rows):
        column = _line([row[0] for row in rows], node.span)
        return None if column is None else dataclasses.replace(node, rows=((column,),), style="column")
    if len(rows) == 1:
        line = _line(rows[0], node.span)
        return None if line is None else dataclasses.replace(node, rows=((line,),), style="row")
    found = _grid(rows, node.span)
    return None if found is None else dataclasses.replace(node, rows=((found,),), style="grid")


def _grid(rows: Sequence[Sequence[Node]], span: Span) -> Entries | None:
    """a_{11} … a_{mn}: dots in the last row and the last column but one, or in the rows only."""
    lines = [row for row in rows if not all(isinstance(c, Dots) for c in row)]
    tall = len(lines) < len(rows)
    across = [_line(row, span) for row in lines]
    if not tall or any(line is None for line in across) or not all(isinstance(c, Dots) for c in rows[-2]):
        return None
    found = cast("list[Entries]", across)
    first = found[0].running
    if any(line.running[0][0] != first[0][0] or _keys(line.running) != _keys(first) for line in found):
        return None
    down = _series([line.body for line in found[:-1]], found[-1].body, taken=[Sym(base=first[0][0], span=span)])
    if down is None or down[0] < len(found) - 1:
        return None
    _, letter, start, end, body = down
    return Entries(body=body, running=((letter, start, end), *first), span=span)


def _keys(running: tuple[tuple[str, Node, Node], ...]) -> list[object]:
    return [(_key(low), _key(high)) for _, low, high in running]


def _diagonal(rows: Sequence[Sequence[Node]], span: Span) -> Node | None:
    """d_1, d_2, …, d_n on the diagonal and nothing, zeros or dots elsewhere."""
    if len(rows) < 3 or any(len(row) != len(rows) for row in rows):
        return None
    diagonal = [row[k] for k, row in enumerate(rows)]
    others = [c for k, row in enumerate(rows) for m, c in enumerate(row) if m != k]
    if not all(isinstance(c, Dots | Empty) or (isinstance(c, Num) and c.text == "0") for c in others):
        return None
    line = _line(diagonal, span)
    inner = None if line is None else Group(opening="(", body=line, closing=")", span=span)
    return None if inner is None else Fn(name="diag", argument=inner, span=span)


# -- the pattern ---------------------------------------------------------------------------------------


def _series(terms: Sequence[Node], last: Node, taken: Iterable[Node] = ()) -> tuple[int, str, Node, Node, Node] | None:
    """How many of the terms belong to the series, its index with its limits, and the general term."""
    found = _common(terms[-1], last)
    if found is None:
        return None
    start, end = found
    used = {n.base for root in (terms[-1], last, *taken) for n in walk(root) if isinstance(n, Sym)}
    letter = next((c for c in LETTERS if c not in used), None)
    if letter is None or not isinstance(start, Num):
        return None
    body = _general(terms[-1], last, Sym(base=letter, span=last.span))
    number, count = int(start.text), 1
    while count < len(terms) and number > 0 and _is_at(terms[-1 - count], body, letter, number - 1):
        count, number = count + 1, number - 1
    return count, letter, Num(text=str(number), span=start.span), end, body


def _key(value: object) -> object:
    """A tree without the places it comes from, to compare it."""
    if isinstance(value, tuple):
        return tuple(_key(v) for v in value)
    if not dataclasses.is_dataclass(value):
        return value
    fields = [f.name for f in dataclasses.fields(value) if f.name != "span"]
    return (type(value).__name__, *(_key(getattr(value, name)) for name in fields))


def _common(one: Node, other: Node) -> Running | None:
    """What runs from one term to the other: a number here and one and the same expression there."""
    pairs = list(_differences(one, other))
    plain = all(isinstance(a, Num) and a.text.isdigit() and isinstance(b, Sym | Bin | Num) for a, b in pairs)
    if not pairs or not plain or len({_key(pair) for pair in pairs}) > 1:
        return None
    first, last = pairs[0]
    if isinstance(first, Num) and isinstance(last, Num) and last.text.isdigit() and int(last.text) <= int(first.text):
        return None  # 0, 1, …, 0 does not run
    return pairs[0]


def _differences(one: Node, other: Node) -> Iterable[Running]:
    """The places at which two trees differ; digits run together are places of their own, as in a_{11} and a_{1n}."""
    if _key(one) == _key(other):
        return
    parts = _digits(one, other)
    if parts is not None:
        yield from (d for a, b in parts for d in _differences(a, b))
        return
    if not _same_kind(one, other):
        yield one, other
        return
    for a, b in zip(children(one), children(other), strict=True):
        yield from _differences(a, b)


def _digits(one: Node, other: Node) -> list[Running] | None:
    if isinstance(one, Num) and len(one.text) == 2 and one.text.isdigit():
        both = [Num(text=c, span=one.span) for c in one.text]
        if isinstance(other, Juxt) and len(other.items) == 2:
            return list(zip(both, other.items, strict=True))
        if isinstance(other, Num) and len(other.text) == 2 and other.text.isdigit():
            return list(zip(both, [Num(text=c, span=other.span) for c in other.text], strict=True))
    return None


def _same_kind(one: Node, other: Node) -> bool:
    """Whether two nodes differ below only."""
    if type(one) is not type(other) or isinstance(one, Num):
        return False
    marks = ("base", "accents", "fonts", "primes", "opening", "closing", "op", "name", "separator", "operators")
    alike = all(getattr(one, m, None) == getattr(other, m, None) for m in marks)
    scripts = all((getattr(one, s, None) is None) == (getattr(other, s, None) is None) for s in ("sub", "sup"))
    return alike and scripts and len(list(children(one))) == len(list(children(other)))


def _general(one: Node, other: Node, letter: Sym) -> Node:
    """The last term with the letter wherever the two differ."""
    if _key(one) == _key(other):
        return other
    parts = _digits(one, other)
    if parts is not None:
        span = other.span
        return Juxt(items=tuple(_general(a, b, letter) for a, b in parts), span=span)
    if not _same_kind(one, other):
        return letter
    new = iter([_general(a, b, letter) for a, b in zip(children(one), children(other), strict=True)])
    return with_children(other, new)


def _is_at(term: Node, body: Node, letter: str, number: int) -> bool:
    """Whether a term is the general one at this number."""
    pairs = list(_differences(term, body))
    return bool(pairs) and all(
        isinstance(a, Num) and a.text == str(number) and isinstance(b, Sym) and b.base == letter for a, b in pairs
    )
