r"""How far functions reach: f(a) − b beside f(a − b), and one function of two terms, e^a − e^b beside e^{a − b}."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.notation.names_in_notes import is_transpose
from derive.notation.syntax import Big, Bin, Fn, Fraction, Group, Juxt, Node, Num, Sym

from .edit import Edit, Side
from .parts import PLUS_MINUS, is_derivative, unwrapped

CLOSING = {"(": ")", "[": "]", "\\{": "\\}"}
CHEAP = 0.002  # a character for a character: what only moves is not written anew


def reaching(side: Side, node: Bin) -> Iterator[Edit]:
    """A term put into the brackets of the function before it, and two values made one of both arguments."""
    if node.op not in PLUS_MINUS:
        return
    left = _last_term(node)
    if (group := _argument(left)) is not None:
        yield from _put_in(side, group, node)
    inner = _exponents(left, node.right)
    if inner is not None:
        start, end = inner[0].span[1], inner[1].span[1]
        between = side.source[left.span[1] : node.right.span[0]]
        merged = f"{between}{side.text(inner[1])}"
        yield side.edit("bracket", start, end, merged, (left.span[0], node.right.span[1]))


def taking_out(side: Side, node: Node) -> Iterator[Edit]:
    """The last term within the brackets of a function put behind them: f(a − b) made f(a) − b and (f(a) − b)."""
    group = _argument(node)
    if group is None or not isinstance(group.body, Bin) or group.body.op not in PLUS_MINUS:
        return
    closing, low = _closing(side, group), group.body.left.span[1]
    if closing:
        rest = side.source[low : group.span[1] - len(closing)].rstrip()
        head = node.items[-2] if isinstance(node, Juxt) else node
        start, end = head.span[0], group.span[1]
        yield side.edit("bracket", low, end, f"{closing}{rest}", node.span)
        yield side.edit("bracket", start, end, f"({side.source[start:low]}{closing}{rest})", node.span)


def summing_inside(side: Side, group: Group) -> Iterator[Edit]:
    """The sum at the beginning of a bracket put before it: (Σ_i a − b)² made Σ_i (a − b)²."""
    first = group.body
    while isinstance(first, Bin) and first.op in PLUS_MINUS:
        first = first.left
    if group.sup is None or group.opening not in CLOSING or not (isinstance(first, Big) and first.op == "sum"):
        return
    start, end = group.span[0], first.body.span[0]
    opening, head = side.source[start : first.span[0]].rstrip(), side.source[first.span[0] : end].rstrip()
    yield side.edit("bracket", start, end, f"{head} {opening}", group.span)


def raising_a_product(side: Side, node: Juxt) -> Iterator[Edit]:
    """The power of a letter taken of the factor before it as well, a b^k made (a b)^k."""
    for first, raised in pairwise(node.items):
        if not isinstance(first, Sym) or not isinstance(raised, Sym) or raised.sup is None:
            continue
        if first.sup is not None or is_transpose(raised.sup) or first.base in ("d", "partial", "nabla"):
            continue
        (low, _), (start, end) = first.span, raised.span
        at = side.source.rfind("^", start, max(raised.sup.span[0], start + 1))
        if at > 0:
            text = f"({side.source[low:at].strip()}){side.source[at:end]}"
            yield side.edit("bracket", low, end, text, (low, end))


def lifting_a_power(side: Side, group: Group) -> Iterator[Edit]:
    """The power of the last term of a bracket put behind it, (a − b^k) made (a − b)^k, and the other way round."""
    last = group.body.right if isinstance(group.body, Bin) and group.body.op in PLUS_MINUS else None
    if not isinstance(last, Sym) or group.opening not in CLOSING or not (closing := _closing_of(side, group)):
        return
    if group.sup is None and last.sup is not None and not is_transpose(last.sup):
        at = side.source.rfind("^", last.span[0], max(last.sup.span[0], last.span[0] + 1))
        low, high = last.span[1], group.span[1]
        if at > 0:
            text = side.source[low:high] + side.source[at:low]
            yield side.edit("bracket", at, high, text, group.span, -CHEAP * len(text))
    if group.sup is not None and last.sup is None and not is_transpose(group.sup):
        low, high = last.span[1], group.span[1]
        at = side.source.find(closing, low) + len(closing)
        text = side.source[at:high].strip() + side.source[low:at]
        yield side.edit("bracket", low, high, text, group.span, -CHEAP * len(text))


def dividing_inside(side: Side, node: Bin) -> Iterator[Edit]:
    """A divisor behind the brackets of a function put into them: f(a) / b made f(a / b)."""
    group = _argument(node.left) if node.op == "/" else None
    if group is not None:
        yield from _put_in(side, group, node)


def reaching_on(side: Side, node: Bin) -> Iterator[Edit]:
    """A bracket put around the argument of a function and the term behind it: log a + b made log(a + b)."""
    left = _last_term(node)
    inner = left.argument if isinstance(left, Fn) else None
    if inner is None or isinstance(inner, Group) or node.op not in PLUS_MINUS:
        return
    low, high = inner.span[0], node.right.span[1]
    yield side.edit("bracket", low, high, f"({side.source[low:high].strip()})", (left.span[0], high))


def leaving_a_fraction(side: Side, node: Fraction) -> Iterator[Edit]:
    r"""The last term above or below put behind a fraction: \frac{a}{b + 1} made \frac{a}{b} + 1."""
    if is_derivative(node):
        return
    above, below = unwrapped(node.above), unwrapped(node.below)
    command = side.source[node.span[0] : node.above.span[0]].split("{")[0].strip() or r"\frac"
    for half in (above, below):
        if isinstance(half, Bin) and half.op in PLUS_MINUS and isinstance(half.right, Num):
            rest = side.source[half.left.span[1] : half.right.span[1]].strip()
            texts = (side.text(half.left if part is half else part) for part in (above, below))
            fraction = command + "".join(f"{{{text}}}" for text in texts)
            yield side.edit("bracket", *node.span, f"{fraction} {rest}", node.span)


def _put_in(side: Side, group: Group, node: Bin) -> Iterator[Edit]:
    closing = _closing(side, group)
    if closing:
        low, high = group.span[1] - len(closing), node.right.span[1]
        yield side.edit("bracket", low, high, side.source[group.span[1] : high] + closing, node.span)


def _last_term(node: Bin) -> Node:
    """The term before the sign: b of (a + b) − c, which its own sign does not turn."""
    return node.left.right if isinstance(node.left, Bin) and node.left.op == "+" else node.left


def _argument(node: Node) -> Group | None:
    """The brackets of log(…), and of σ(…)."""
    inner = node.argument if isinstance(node, Fn) else None
    if isinstance(node, Juxt) and len(node.items) > 1 and isinstance(node.items[-2], Sym):
        inner = node.items[-1]
    plain = isinstance(inner, Group) and inner.opening in CLOSING and not (inner.sub or inner.sup)
    return inner if plain and isinstance(inner, Group) else None


def _closing(side: Side, group: Group) -> str:
    """The bracket that closes a group, as it is written."""
    sign, text = CLOSING[group.opening], side.source[: group.span[1]]
    return next((c for c in (f"\\right{sign}", sign) if text.endswith(c)), "")


def _closing_of(side: Side, group: Group) -> str:
    """The bracket that closes a group with a power."""
    sign, text = CLOSING[group.opening], side.source[group.body.span[1] : group.span[1]].lstrip()
    return next((c for c in (f"\\right{sign}", sign) if text.startswith(c)), "")


def _exponents(left: Node, right: Node) -> tuple[Node, Node] | None:
    """The exponents of e^a and e^b."""
    found = [n.sup for n in (left, right) if isinstance(n, Sym) and n.base == "e" and n.sub is None]
    return (found[0], found[1]) if len(found) == 2 and found[0] is not None and found[1] is not None else None
