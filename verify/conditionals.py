r"""A posterior and a likelihood confused: P(x | C) = σ(w·x + b) in a text that has shown P(C | x) = σ(z).

It is told where the text gives P(x | C) by another formula, and P(C | x) by the same function as the line.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.runs import walk
from derive.notation.syntax import Fn, Group, Juxt, Listing, Node, Sym

from .context import Context
from .found import CONTRADICTED, Found
from .functions import Key, applied, key_of
from .lines import Line
from .results import Suggestion, Verdict

SQUASHING = frozenset({"sigma", "sigmoid", "softmax", "logistic", "expit"})
FAMILIES = frozenset({"p", "P", "Pr"})


def confused_conditional(line: Line, context: Context) -> Found | None:
    """What is found of a line that gives P(A | B) the formula of P(B | A); None of anything else."""
    if line.right is None or line.link or line.carried is not None or line.operator not in ("=", ":="):
        return None
    told, function = _conditional(line.left), _squashed(line.right)
    if told is None or function is None or told[1] == told[2]:
        return None
    family, event, given = told
    before = [n for n in context.lines.lines if n.number < line.number and n.right is not None]
    own = [n for n in before if not n.link and n.carried is None and _conditional(n.left) == told]
    other = any(n.right is not None and _squashed(n.right) is None and _is_formula(n.right) for n in own)
    turned = (family, given, event)
    shown = [n for n in before if n.right is not None and _squashed(n.right) == function]
    if not other or not any(_conditional(_root(n, before)) == turned for n in shown):
        return None
    if any(n.right is not None and _squashed(n.right) is not None for n in own):
        return None
    edited = _turned(line)
    return Found(
        verdict=Verdict.CONFLICT,
        because="the text gives this probability by another formula, and this formula to the one with both exchanged",
        message="the event and the condition may have changed places",
        rule=CONTRADICTED,
        reading=line.formula.latex[slice(*line.span)],
        suggestion=edited,
    )


def _conditional(node: Node) -> tuple[str, Key, Key] | None:
    """The P, the A and the B of P(A | B)."""
    found = applied(node)
    if found is None or found[0].base not in FAMILIES or found[2] != ("|",):
        return None
    head, (event, given), _ = found
    return (head.base, key_of(event), key_of(given)) if head.sub is None or isinstance(head.sub, Sym) else None


def _squashed(node: Node) -> Key | None:
    """The function of a side that is nothing but σ(…)."""
    if isinstance(node, Fn):
        return node.name if node.name in SQUASHING else None
    items = node.items if isinstance(node, Juxt) else ()
    alone = len(items) == 2 and isinstance(items[0], Sym) and isinstance(items[1], Group) and items[1].sup is None
    head = items[0] if alone else None
    return head.base if isinstance(head, Sym) and head.base in SQUASHING and head.sup is None else None


def _is_formula(node: Node) -> bool:
    """Whether a side is written out with an exponential."""
    return any((isinstance(n, Fn) and n.name == "exp") or (isinstance(n, Sym) and n.base == "e") for n in walk(node))


def _root(line: Line, before: list[Line]) -> Node:
    """The first operand of the chain in which a line stands, over all its displays."""
    node = line.left
    while (earlier := next(_ending(node, before), None)) is not None:
        node = earlier.left
    return node


def _ending(node: Node, lines: list[Line]) -> Iterator[Line]:
    return (n for n in lines if n.right is node)


def _turned(line: Line) -> Suggestion | None:
    """The left side with the event and the condition exchanged."""
    group = line.left.items[1] if isinstance(line.left, Juxt) else None
    body = group.body if isinstance(group, Group) else None
    if not isinstance(body, Listing) or len(body.items) != 2:
        return None
    source, (first, second) = line.formula.latex, body.items
    text = source[slice(*second.span)] + source[first.span[1] : second.span[0]] + source[slice(*first.span)]
    start, end = first.span[0], second.span[1]
    left, right = line.left.span
    was, now = source[left:right], source[left:start] + text + source[end:right]
    span = None if line.formula.origins else (line.formula.offset + start, line.formula.offset + end)
    return Suggestion(latex=now, edit=f"{was} → {now}", verdict=Verdict.UNDECIDED, span=span, text=text)
