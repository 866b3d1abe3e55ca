"""Letters that run together: `LL`, `ln f` written without a command."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from typing import Any, cast

from .conventions import FUNCTIONS_BEFORE_BRACKETS, FUNCTIONS_OF_SEVERAL_LETTERS, NAMES_OF_SEVERAL_LETTERS
from .syntax import (
    Array,
    Big,
    Bin,
    Chain,
    Entries,
    Fn,
    Fraction,
    Group,
    Juxt,
    Listing,
    Neg,
    Node,
    Sqrt,
    Sym,
    altered,
    found_of,
)

DIFFERENCE = "Delta"
_EVERY = (*NAMES_OF_SEVERAL_LETTERS, *FUNCTIONS_OF_SEVERAL_LETTERS, *FUNCTIONS_BEFORE_BRACKETS)
WORDS = {  # by the letter that they begin with, the longest first
    letter: tuple(words)
    for letter, words in groupby(sorted(_EVERY, key=lambda word: (word[0], -len(word))), key=lambda word: word[0])
}


PARTS: dict[type, tuple[str, ...]] = {  # the fields that hold nodes, as such or in tuples
    Sym: ("sub", "sup"),
    Group: ("body", "sub", "sup"),
    Juxt: ("items",),
    Bin: ("left", "right"),
    Neg: ("body",),
    Fraction: ("above", "below"),
    Sqrt: ("body", "degree"),
    Big: ("below", "above", "body"),
    Fn: ("argument", "sub", "sup"),
    Listing: ("items",),
    Chain: ("operands",),
    Array: ("rows",),
    Entries: ("body", "running"),
}


def children(node: Node) -> list[Node]:
    """The nodes directly below a node, in order of its fields."""
    found: list[Node] = []
    for name in PARTS.get(type(node), ()):
        value = getattr(node, name)
        if type(value) is tuple:
            for part in value:
                if type(part) is tuple:
                    found += [inner for inner in part if type(inner) is not str]
                else:
                    found.append(part)
        elif value is not None:
            found.append(value)
    return found


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, outermost first."""
    known = found_of(node)
    if walk not in known:
        known[walk] = _all_of(node)
    return iter(known[walk])


def _all_of(node: Node) -> tuple[Node, ...]:
    found: list[Node] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting += reversed(children(current))
    return tuple(found)


def with_children(node: Node, new: Iterator[Node]) -> Node:
    """The node with others in the places of its `children`, in their order."""
    return altered(node, **{name: _exchanged(getattr(node, name), new) for name in PARTS[type(node)]})


def _exchanged(value: Any, new: Iterator[Node]) -> Any:
    if type(value) is tuple:
        return tuple(_exchanged(part, new) for part in value)
    return value if value is None or type(value) is str else next(new)


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with `change` applied to every node, innermost first."""
    new: dict[str, Any] = {}
    for name in PARTS.get(type(node), ()):
        value = getattr(node, name)
        changed = _rebuilt(value, change)
        if changed is not value:
            new[name] = changed
    return change(altered(node, **new) if new else node)


def _rebuilt(value: Any, change: Callable[[Node], Node]) -> Any:
    """A field with the nodes in it rebuilt; the very same where nothing changes."""
    if type(value) is tuple:
        parts = tuple(_rebuilt(part, change) for part in value)
        return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
    return value if value is None or type(value) is str else rebuild(value, change)


def unplaced(node: Node) -> Node:
    """A node without its places in the source, and without fonts of weight."""

    def change(part: Node) -> Node:
        return altered(part, span=(0, 0), fonts=()) if isinstance(part, Sym) else altered(part, span=(0, 0))

    return rebuild(node, change)


def join_letters(node: Node) -> Node:
    """The tree with runs of letters that are one name, or a function, made one."""
    return rebuild(node, _join)


def _join(node: Node) -> Node:
    if not isinstance(node, Juxt):
        return node
    items = _differences(list(node.items))
    k = 0
    while k < len(items):
        first = items[k]
        for word in WORDS.get(first.base[:1], ()) if isinstance(first, Sym) else ():
            run = items[k : k + len(word)]
            if _spells(run, word) and (
                word not in FUNCTIONS_BEFORE_BRACKETS or _stands_before_a_bracket(items, k, word)
            ):
                items[k:] = _joined(word, cast(list[Sym], run), items[k + len(word) :])
                break
        k += 1
    return items[0] if len(items) == 1 else altered(node, items=tuple(items))


def _differences(items: list[Node]) -> list[Node]:
    """Δ before a letter is part of its name, as an accent is: Δε."""
    joined: list[Node] = []
    for item in items:
        last = joined[-1] if joined else None
        delta = isinstance(last, Sym) and last == Sym(base=DIFFERENCE, span=last.span)
        if delta and last is not None and isinstance(item, Sym) and item.base not in ("Delta", "partial", "nabla"):
            span = (last.span[0], item.span[1])
            joined[-1] = dataclasses.replace(item, accents=(*item.accents, DIFFERENCE), span=span)
        else:
            joined.append(item)
    return joined


def _spells(run: list[Node], word: str) -> bool:
    if len(run) != len(word) or not all(isinstance(n, Sym) for n in run):
        return False
    syms = cast(list[Sym], run)
    bare = all(not (s.sub or s.sup or s.accents or s.primes) for s in syms[:-1]) and not syms[-1].accents
    adjacent = all(a.span[1] == b.span[0] for a, b in pairwise(syms))
    return bare and adjacent and "".join(s.base for s in syms) == word


def _stands_before_a_bracket(items: list[Node], k: int, word: str) -> bool:
    """Whether letters that spell a function are a word of their own, right before what it is taken of."""
    before, last = items[k - 1] if k else None, items[k + len(word) - 1]
    goes_on = isinstance(before, Sym) and before.span[1] == items[k].span[0] and not (before.sub or before.sup)
    group = items[k + len(word)] if k + len(word) < len(items) else None
    bracket = isinstance(group, Group) and group.opening in ("(", "[") and group.sub is None and group.sup is None
    plain = all(isinstance(n, Sym) and not (n.primes or n.fonts) for n in items[k : k + len(word)])
    return bracket and plain and not goes_on and isinstance(last, Sym) and last.sub is None


def _joined(word: str, run: list[Sym], rest: list[Node]) -> list[Node]:
    last = run[-1]
    span = (run[0].span[0], last.span[1])
    if word in NAMES_OF_SEVERAL_LETTERS:
        return [dataclasses.replace(last, base=word, span=span), *rest]
    if word in FUNCTIONS_BEFORE_BRACKETS:
        applied = Fn(name=word, argument=rest[0], sub=last.sub, sup=last.sup, span=(span[0], rest[0].span[1]))
        return [applied, *rest[1:]]
    argument = (
        rest[0]
        if len(rest) == 1
        else Juxt(items=tuple(rest), span=(rest[0].span[0], rest[-1].span[1]))
        if rest
        else None
    )
    end = argument.span[1] if argument is not None else span[1]
    return [Fn(name=word, argument=argument, sub=last.sub, sup=last.sup, span=(span[0], end))]
