r"""Derivatives multiplied by the chain rule: ∂L/∂h_k needs ∂L/∂h_t · ∂h_t/∂h_k, in which ∂h_k/∂h_t is upside down.

What the quantities depend on does not matter: in each product the links have to lead from the one to the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.notation.definitions import DEFINING
from derive.notation.syntax import Big, Bin, Fraction, Group, Juxt, Node, Sym

from .doubts import of_words
from .found import Found
from .functions import Key, key_of
from .lines import Line
from .results import Suggestion, Verdict
from .rules.turned_fraction import RULE

SIGNS = ("partial", "d")
CLOSED = ("(", "[", "{")


@dataclass(frozen=True, kw_only=True)
class Link:
    """One factor ∂a/∂b of a product."""

    node: Fraction
    of: Key
    by: Key


def turned_link(line: Line) -> Found | None:
    """The conflict of a product of derivatives that one of them breaks, and would not if it were turned."""
    whole = _link(line.left)
    if whole is None or line.right is None or line.operator not in DEFINING or line.carried is not None:
        return None
    products = list(_products(line.right))
    wrong = [p for p in products if p is None or not _leads(p, whole.of, whole.by)]
    if len(wrong) != 1 or wrong[0] is None or len(wrong[0]) < 2 or any(of_words(line)):
        return None
    turned = [k for k in range(len(wrong[0])) if _leads(_turned(wrong[0], k), whole.of, whole.by)]
    if len(turned) != 1:
        return None
    return _found(line, wrong[0][turned[0]])


def _found(line: Line, link: Link) -> Found:
    assert line.right is not None
    source, (start, end), side = line.formula.latex, link.node.span, line.right.span
    above, below = (source[slice(*n.span)] for n in (link.node.above, link.node.below))
    text = source[start:end].replace(above, "\0", 1).replace(below, above, 1).replace("\0", below, 1)
    span = None if line.formula.origins else (line.formula.offset_of(start), line.formula.offset_of(end))
    return Found(
        verdict=Verdict.CONFLICT,
        because="by the chain rule each factor goes on from what the one before is differentiated by",
        reading=source[slice(*line.span)],
        rule=RULE.code,
        suggestion=Suggestion(
            latex=source[side[0] : start] + text + source[end : side[1]],
            edit=f"{source[start:end]} → {text}",
            verdict=Verdict.UNDECIDED,
            span=span,
            text=text,
        ),
    )


def _turned(links: tuple[Link, ...], k: int) -> tuple[Link, ...]:
    turned = Link(node=links[k].node, of=links[k].by, by=links[k].of)
    return (*links[:k], turned, *links[k + 1 :])


def _leads(links: tuple[Link, ...], of: Key, by: Key) -> bool:
    """Whether the links, each used once, lead from what is differentiated to what it is differentiated by."""
    if not links:
        return of == by
    return any(link.of == of and _leads((*links[:k], *links[k + 1 :]), link.by, by) for k, link in enumerate(links))


def _products(node: Node) -> Iterator[tuple[Link, ...] | None]:
    """The links of each term of a sum; None for a term that has other factors."""
    match node:
        case Bin(op="+", left=left, right=right):
            yield from (*_products(left), *_products(right))
        case Big(op="sum", body=body):
            yield from _products(body)
        case Group(opening=opening, body=body, sup=None, sub=None) if opening in CLOSED:
            yield from _products(body)
        case Fraction() | Juxt() | Bin(op="cdot" | "times"):
            links = tuple(_links(node))
            yield None if None in links else tuple(link for link in links if link is not None)
        case _:
            yield None


def _links(node: Node) -> Iterator[Link | None]:
    """The factors of a product as links; None for one that is no derivative."""
    match node:
        case Juxt(items=items):
            for item in items:
                yield from _links(item)
        case Bin(op="cdot" | "times", left=left, right=right):
            yield from (*_links(left), *_links(right))
        case Big(op="sum", body=body):
            yield from _links(body)
        case Fraction():
            yield _link(node)
        case _:
            yield None


def _link(node: Node) -> Link | None:
    """∂a/∂b as a link."""
    if not isinstance(node, Fraction):
        return None
    parts = [_differentiated(half) for half in (node.above, node.below)]
    if parts[0] is None or parts[1] is None or parts[0] == parts[1]:
        return None
    return Link(node=node, of=parts[0], by=parts[1])


def _differentiated(half: Node) -> Key:
    """The a of ∂a, without its arguments' place; None for what is no first derivative of a letter."""
    match half:
        case Group(opening="{", body=body, sup=None, sub=None):
            return _differentiated(body)
        case Juxt(items=(Sym(base=sign, sup=None, sub=None), Sym() as letter)) if sign in SIGNS:
            return key_of(letter)
    return None
