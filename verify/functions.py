r"""Functions of a text written out where they are applied: log f(x_i | θ) with what the text says f(x | θ) is.

A parameter that stands in the formula may be replaced, x by x_i; one that does not is a label, the θ above or the 1 of
P(x | C_1), and must be the same where the function is applied. So must all be if one is no letter: m(x, x²).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from derive.notation.definitions import DEFINING
from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Big, Empty, Group, Juxt, Listing, Node, Num, Span, Sym, altered, fields_of

from .lines import Line

Key = Hashable
OPENINGS = frozenset({"(", "["})
NEVER = frozenset({"partial", "nabla", "d", "mathbb", "E", "Var", "Cov", "KL", "o", "O"})


@dataclass(frozen=True, kw_only=True)
class Function:
    """What a line says that a function is at its parameters."""

    number: int
    head: Key
    parameters: tuple[Node, ...]
    separators: tuple[str, ...]
    body: Node


@dataclass(frozen=True, kw_only=True)
class Written:
    """A side with its functions written out, and where they stood."""

    node: Node
    places: tuple[tuple[Span, Node], ...] = ()


def key_of(node: Node | None) -> Key:
    """What a node says, wherever it stands."""
    if node is None:
        return None
    return type(node).__name__, *[_key(value) for name, value in fields_of(node) if name != "span"]


def _key(value: object) -> Key:
    if isinstance(value, tuple):
        return tuple([_key(v) for v in value])
    return value if value is None or isinstance(value, str | int) else key_of(value)  # type: ignore[arg-type]


def functions_in(lines: Iterable[Line]) -> Iterator[Function]:
    """The functions that lines define, one for each."""
    for line in lines:
        if line.right is None or line.link or line.operator not in DEFINING or isinstance(line.left, Empty):
            continue
        found = applied(line.left)
        if found is None or found[0].base in NEVER:
            continue
        head, parameters, separators = found
        inside = {key_of(n) for n in walk(line.right)}
        whole = any(isinstance(p, Sym) and key_of(p) in inside for p in parameters)
        if found[0].base == "H" and not all(key_of(p) in inside for p in parameters):  # an entropy of what p says
            continue
        if whole and not any(_is_application(pair, head) for n in walk(line.right) for pair in _pairs(n)):
            yield Function(
                number=line.number, head=key_of(head), parameters=parameters, separators=separators, body=line.right
            )


def written_out(node: Node, functions: Iterable[Function]) -> Written:
    """A side with every function of the text written out."""
    known: dict[Key, list[Function]] = {}
    for f in functions:
        known.setdefault(f.head, []).append(f)
    places: list[tuple[Span, Node]] = []

    def change(part: Node) -> Node:
        if not isinstance(part, Juxt):
            return part
        items, k = list(part.items), 0
        while k + 1 < len(items):
            body = _value(items[k], items[k + 1], known)
            if body is not None:
                span = (items[k].span[0], items[k + 1].span[1])
                bracket = _placed(Group(opening="(", body=body, closing=")", span=span), span)
                places.append((span, bracket))
                items[k : k + 2] = [bracket]
            k += 1
        return items[0] if len(items) == 1 else altered(part, items=tuple(items))

    return Written(node=rebuild(node, change), places=tuple(places))


# -- parts ---------------------------------------------------------------------------------------------


def applied(node: Node) -> tuple[Sym, tuple[Node, ...], tuple[str, ...]] | None:
    """The f, the x and θ, and the separators of f(x | θ)."""
    items = node.items if isinstance(node, Juxt) else ()
    if len(items) != 2 or not isinstance(items[0], Sym) or not isinstance(items[1], Group):
        return None
    group = items[1]
    if group.opening not in OPENINGS or group.sup is not None or group.sub is not None:
        return None
    arguments, separators = _arguments(group.body)
    return items[0], tuple(arguments), tuple(separators)


def _arguments(body: Node) -> tuple[list[Node], list[str]]:
    if not isinstance(body, Listing):
        return [body], []
    arguments: list[Node] = []
    separators: list[str] = []
    for k, item in enumerate(body.items):
        inner, between = _arguments(item)
        arguments += inner
        separators += ([body.separator] if k else []) + between
    return arguments, separators


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    items = node.items if isinstance(node, Juxt) else ()
    return pairwise(items)


def _is_application(pair: tuple[Node, Node], head: Sym) -> bool:
    first, second = pair
    same = isinstance(first, Sym) and key_of(first) == key_of(head)
    return same and isinstance(second, Group) and second.opening in OPENINGS


def _value(head: Node, group: Node, known: Mapping[Key, list[Function]]) -> Node | None:
    """What a function of the text is at the arguments of a bracket; None where it is none, or not clearly one."""
    if not isinstance(head, Sym) or not isinstance(group, Group):
        return None
    taken = applied(Juxt(items=(head, group), span=head.span))
    if taken is None:
        return None
    found = [body for f in known.get(key_of(head), ()) if (body := _at(f, taken[1], taken[2])) is not None]
    return found[-1] if found and len({key_of(f) for f in found}) == 1 else None


def _at(function: Function, arguments: tuple[Node, ...], separators: tuple[str, ...]) -> Node | None:
    if separators != function.separators or len(arguments) != len(function.parameters):
        return None
    inside = {key_of(n) for n in walk(function.body)}
    new: dict[Key, Node] = {}
    for parameter, argument in zip(function.parameters, arguments, strict=True):
        if key_of(parameter) == key_of(argument):
            continue
        if key_of(parameter) not in inside or not all(isinstance(p, Sym) for p in function.parameters):
            return None
        new[key_of(parameter)] = argument
    if not new:
        return function.body
    bound = {n.base for b in walk(function.body) if isinstance(b, Big) for n in _below(b)}
    if bound & {n.base for a in new.values() for n in walk(a) if isinstance(n, Sym)}:
        return None
    moved = {p.base for p in function.parameters if isinstance(p, Sym) and key_of(p) in new}
    syms = (n for n in walk(function.body) if isinstance(n, Sym) and n.base in moved)
    if any(_bare(n) not in new for n in syms):  # x_i beside x
        return None
    return rebuild(function.body, lambda part: _replaced(part, new))


def _bare(sym: Sym) -> Key:
    return key_of(dataclasses.replace(sym, sup=None))


def _replaced(part: Node, new: Mapping[Key, Node]) -> Node:
    """A parameter with its power as the argument with that power."""
    argument = new.get(_bare(part)) if isinstance(part, Sym) else None
    if argument is None or not isinstance(part, Sym):
        return part
    if isinstance(argument, Sym) and argument.sup is None:
        return dataclasses.replace(argument, sup=part.sup)
    if isinstance(argument, Num) and part.sup is None:
        return argument
    return Group(opening="(", body=argument, closing=")", sup=part.sup, span=argument.span)


def _below(big: Big) -> Iterator[Sym]:
    return (n for n in walk(big.below) if isinstance(n, Sym)) if big.below is not None else iter(())


def _placed(node: Node, span: Span) -> Node:
    """The tree as if all of it stood at one place."""
    return rebuild(node, lambda n: dataclasses.replace(n, span=span))
