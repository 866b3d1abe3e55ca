r"""Functions of which a text says nothing, taken as quantities: f(x^{(i)} | θ) as f^{(i)}, and log(1 + e^{-f(x)}).

What is claimed of such values is algebra: they may be any numbers, the same wherever the same stands in the bracket.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from derive.model import Model
from derive.notation.conventions import PROBABILITY_LETTERS
from derive.notation.definitions import DEFINING
from derive.notation.dictionary import Dictionary
from derive.notation.introduced import only_names
from derive.notation.names_in_notes import text_of
from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Group, Juxt, Node, Sym
from derive.quantities import Domain

from .functions import NEVER, applied, key_of
from .lines import Line

VALUE = "value"
SLOPES = frozenset({"partial", "nabla", "d"})
OTHERS = NEVER | PROBABILITY_LETTERS | {"Gamma", "delta", "log", "exp"}


def says_probability(line: Line) -> bool:
    """Whether a line says only which probability a function is: π(x) = P(y = 1 | x)."""
    right = line.right
    head = right.items[0] if isinstance(right, Juxt) and len(right.items) == 2 else None
    return isinstance(head, Sym) and head.base in PROBABILITY_LETTERS and isinstance(right, Juxt)


def unsaid(lines: Iterable[Line], dictionary: Dictionary) -> frozenset[str]:
    """The letters that a text has before a bracket of names wherever they stand, and does not say what they are."""
    heads: set[str] = set()
    others: set[str] = set()
    for line in lines:
        if line.right is None and isinstance(line.left, Sym):  # "a classifier f" says no more than its name
            continue
        sides = [s for s in (line.left, line.right) if s is not None]
        before = [pair for s in sides for n in walk(s) if isinstance(n, Juxt) for pair in pairwise(n.items)]
        found = {id(a): _letter(a) for a, b in before if isinstance(a, Sym) and _is_applied(a, b)}
        heads |= set(found.values())
        others |= {_letter(n) for s in sides for n in walk(s) if isinstance(n, Sym) and id(n) not in found}
        said = applied(line.left) if line.link == 0 and line.operator in DEFINING else None
        if said is not None and not says_probability(line):
            others.add(_letter(said[0]))
    return frozenset(h for h in heads - others - OTHERS if dictionary.function(h) is None)


def as_shares(model: Model, heads: frozenset[str]) -> Model:
    """The model where the values of these functions lie between 0 and 1: they may be probabilities or densities."""
    values = tuple(f"{head}{VALUE}" for head in heads)
    given = tuple(
        dataclasses.replace(q, domain=Domain.UNIT) if q.domain is Domain.REAL and q.name.startswith(values) else q
        for q in model.given
    )
    return dataclasses.replace(model, given=given)


def probability_named(line: Line, lines: Iterable[Line]) -> Callable[[Node], Node]:
    """What makes of a side the same with a quantity for the one probability of a claim: log p(t | μ) = ….

    Sides stay the same where the text does not define it, where several stand in a claim, so that laws hold between
    them, and where its arguments have indices: p(x_i | μ_k).
    """
    pairs = [pair for side in (line.left, line.right) for pair in _probabilities(side)]
    keys = {key_of(pair) for pair in pairs}
    said = [n for n in lines if n.link == 0 and n.operator in DEFINING and n.number < line.number]
    if len(keys) != 1 or any(map(_has_letters_below, pairs)) or not any(key_of(n.left) in keys for n in said):
        return lambda side: side

    def change(part: Node) -> Node:
        if not isinstance(part, Juxt):
            return part
        items = list(part.items)
        for k in reversed(range(len(items) - 1)):
            pair = _pair(items[k], items[k + 1])
            if pair is not None and key_of(pair) in keys:
                items[k : k + 2] = [Sym(base=f"probability{VALUE}", fonts=("rm",), span=pair.span)]
        return items[0] if len(items) == 1 else dataclasses.replace(part, items=tuple(items))

    return lambda side: rebuild(side, change)


def _probabilities(side: Node | None) -> Iterator[Juxt]:
    """The p(t | μ) in a side."""
    tops = (n for n in walk(side) if isinstance(n, Juxt)) if side is not None else ()
    yield from (pair for n in tops for a, b in pairwise(n.items) if (pair := _pair(a, b)) is not None)


def _has_letters_below(pair: Node) -> bool:
    """Whether a letter has another one below or above it, which may be an index."""
    scripts = (script for s in walk(pair) if isinstance(s, Sym) for script in _scripts(s))
    return any(isinstance(n, Sym) for script in scripts for n in walk(script))


def _pair(head: Node, group: Node) -> Juxt | None:
    """A probability as a node of its own; None for other pairs."""
    if not (isinstance(head, Sym) and head.base in PROBABILITY_LETTERS and isinstance(group, Group)):
        return None
    return Juxt(items=(head, group), span=(head.span[0], group.span[1])) if _is_applied(head, group) else None


def _letter(sym: Sym) -> str:
    r"""The letter, with its script font: \mathcal N is no size N."""
    return f"{sym.base}{'cal' if 'cal' in sym.fonts else ''}"


def _is_applied(head: Sym, group: Node) -> bool:
    bare = head.sup is None and not head.primes
    return bare and isinstance(group, Group) and group.opening == "(" and group.sub is None and only_names(group)


def has_slopes(nodes: Iterable[Node]) -> bool:
    """Whether something is differentiated, which a function is not opaque to."""
    return any(isinstance(n, Sym) and n.base in SLOPES for node in nodes for n in walk(node))


def taken_as_quantities(node: Node, heads: frozenset[str], bound: frozenset[str]) -> Node:
    """A side with the values of these functions as quantities, each with the index that its argument has."""

    def change(part: Node) -> Node:
        if not isinstance(part, Juxt):
            return part
        items, k = list(part.items), 0
        while k + 1 < len(items):
            head, group = items[k], items[k + 1]
            if (
                isinstance(head, Sym)
                and isinstance(group, Group)
                and _letter(head) in heads
                and _is_applied(head, group)
            ):
                items[k : k + 2] = [_quantity(head, group, bound)]
            k += 1
        return items[0] if len(items) == 1 else dataclasses.replace(part, items=tuple(items))

    return rebuild(node, change)


def _quantity(head: Sym, group: Group, bound: frozenset[str]) -> Node:
    span = (head.span[0], group.span[1])
    indexed = [n for n in walk(group.body) if isinstance(n, Sym) and any(_holds(s, bound) for s in _scripts(n))]
    scripts = {(text_of(s), n.sup is s): s for n in indexed for s in _scripts(n) if _holds(s, bound)}
    above, below = ([s for (_, is_above), s in scripts.items() if is_above is which] for which in (True, False))
    if len(above) > 1 or (indexed and head.sub is not None):
        return Juxt(items=(head, group), span=span)
    argument = rebuild(group.body, lambda n: _unindexed(n, bound))
    label = "" if head.sub is None else text_of(head.sub)
    numbers = {script: str(k) for k, script in enumerate(scripts)}
    order = "".join(_place(n, numbers) for n in walk(group.body) if isinstance(n, Sym)) if scripts else ""
    name = f"{_letter(head)}{VALUE}{label}of{text_of(argument)}{order}"
    sub = below[0] if len(below) == 1 else Juxt(items=tuple(below), span=span) if below else None
    value = Sym(base=name, fonts=("rm",), sub=sub, sup=above[0] if above else None, span=span)
    if group.sup is None or not above:
        return value if group.sup is None else dataclasses.replace(value, sup=group.sup)
    return Group(opening="(", body=value, closing=")", sup=group.sup, span=span)


def _place(sym: Sym, numbers: Mapping[tuple[str, bool], str]) -> str:
    """Which of the indices a letter has: h(x_n | μ_k) is told apart from h(x_n | μ) and from h(x_n | μ_n)."""
    return "".join(numbers.get((text_of(s), sym.sup is s), "") for s in _scripts(sym)) or "o"


def _scripts(sym: Sym) -> Iterator[Node]:
    yield from (s for s in (sym.sub, sym.sup) if s is not None)


def _holds(script: Node, bound: frozenset[str]) -> bool:
    return any(isinstance(n, Sym) and n.base in bound for n in walk(script))


def _unindexed(node: Node, bound: frozenset[str]) -> Node:
    if not isinstance(node, Sym):
        return node
    sub = None if node.sub is not None and _holds(node.sub, bound) else node.sub
    sup = None if node.sup is not None and _holds(node.sup, bound) else node.sup
    return dataclasses.replace(node, sub=sub, sup=sup)
