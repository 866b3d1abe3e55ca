"""What a text defines before a line: functions, letters, and letters with an index, each in one way only."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Node, Num, Sym

from ..context import Context
from ..functions import Function, Key, functions_in, key_of
from ..lines import Line
from ..spaces.claimed import is_posed
from ..spaces.letters import COUNTING
from .readings import compared, lefts_of
from .table import INDEXED
from .writing import inside, items_of

WIDTH = 80
CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|until|suppos\w*|assum\w*|such that|because|since)\b", re.IGNORECASE
)
DEFINES = re.compile(
    r"\b(?:let|defin\w+|denot\w+|where|with|is|are|be|by|function|write|put|set|as|has|have|and|call\w*|keeps?|obeys?)\W*"
    r"(?:\w+\W*){0,3}\Z",
    re.IGNORECASE,
)
IN_CHINESE = re.compile(r"(?:令|设|记(?:为|作)?|定义(?:为)?|其中)\s*\Z")  # let, denote, define, where


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a text defines, by the key of its head."""

    functions: Mapping[Key, Function]
    letters: Mapping[Key, Node]


def known_before(line: Line, context: Context) -> Known:
    """What the lines before a formula define."""
    if context.stated is None:
        context.stated = tuple(_stated(context.lines.lines))
    own = {ln.number for ln in context.lines.lines if ln.formula is line.formula}
    before = tuple(s for s in context.stated if s.number < line.number and s.number not in own)
    numbers = tuple(id(s) for s in before)
    if numbers not in context.known:
        context.known[numbers] = before, _known(before)  # kept, so that no other one gets the identity of one of them
    found: Known = context.known[numbers][1]
    return found


def _known(before: Iterable[Function]) -> Known:
    """What definitions say together."""
    functions: dict[Key, list[Function]] = {}
    letters: dict[Key, list[Node]] = {}
    for stated in before:
        if stated.parameters:
            functions.setdefault(stated.head, []).append(stated)
        else:
            letters.setdefault(stated.head, []).append(stated.body)
    told = {k: found[0] for k, found in letters.items() if _alike(found)}
    single = {k: found[0] for k, found in functions.items() if _alike(f.body for f in found)}
    others = {k: found for k, found in functions.items() if k not in single}
    again = {k: found[0] for k, found in others.items() if _says_again(found, Known(functions=single, letters=told))}
    return Known(functions=_without_circles(single | again), letters=told)


def _without_circles(functions: Mapping[Key, Function]) -> dict[Key, Function]:
    """The functions without those that rest on themselves by what was defined before them."""
    kept: dict[Key, Function] = {}
    rests: dict[Key, set[Key]] = {}
    for head, function in sorted(functions.items(), key=lambda item: item[1].number):
        inside = {key_of(n) for n in walk(function.body) if isinstance(n, Sym)}
        families = {key_of(dataclasses.replace(n, sub=None)) for n in walk(function.body) if isinstance(n, Sym)}
        inside |= {k for k in families if k in functions and functions[k].separators == INDEXED}
        below = inside | {k for name in inside for k in rests.get(name, ())}
        if head not in below:
            kept[head], rests[head] = function, below
            for other in rests.values():
                other |= below if head in other else set()
    return kept


def _says_again(found: list[Function], known: Known) -> bool:
    """Whether several definitions of a function give the same."""
    first = found[0]
    if any([key_of(p) for p in f.parameters] != [key_of(p) for p in first.parameters] for f in found):
        return False
    bodies = [f.body for f in found[1:]]
    return all(
        compared(lefts_of(first.body, body, known.functions, known.letters), body).agreed is not None for body in bodies
    )


def _stated(lines: tuple[Line, ...]) -> Iterator[Function]:
    """All that lines define; a letter is a function without parameters."""
    lines = tuple(line for line in lines if _may_define(line))
    yield from functions_in(lines)
    yield from _members(lines)
    for line in _definitions(lines):
        assert isinstance(line.left, Sym) and line.right is not None
        yield Function(number=line.number, head=key_of(line.left), parameters=(), separators=(), body=line.right)


def _may_define(line: Line) -> bool:
    """Whether the words before a formula let it say what something is; within a sentence it may be a condition."""
    words = line.formula.before.rstrip().split("\n\n")[-1][-WIDTH:]
    if is_posed(line) or CONDITION.search(words.rpartition("$")[2]):
        return False
    own = words.rpartition("$")[2]
    return line.formula.display or DEFINES.search(own) is not None or IN_CHINESE.search(own) is not None


def _definitions(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines that say what a letter is; x = 4 and X = Y may be conditions or values."""
    for line in lines:
        if not isinstance(line.left, Sym) or line.link or line.operator not in DEFINING:
            continue
        if not isinstance(line.right, Sym | Num | None):
            yield line


def _members(lines: Iterable[Line]) -> Iterator[Function]:
    """The letters with indices that lines define for all values of these: δ_t = r_t + γ V(s_{t+1}) − V(s_t)."""
    for line in _definitions(lines):
        assert isinstance(line.left, Sym) and line.right is not None
        indices = _indices(line.left.sub)
        letters = {n.base for n in indices if n.base in COUNTING and n.sub is None and n.sup is None}
        if not indices or len(letters) != len(indices) or line.left.sup is not None:
            continue
        uses = {key_of(n) for n in indices} <= {key_of(n) for n in walk(line.right)}
        recurs = any(isinstance(n, Sym) and n.base == line.left.base for n in walk(line.right))
        if uses and not recurs:
            head = key_of(dataclasses.replace(line.left, sub=None))
            yield Function(number=line.number, head=head, parameters=indices, separators=INDEXED, body=line.right)


def _indices(sub: Node | None) -> tuple[Sym, ...]:
    """The letters below another one; none if something else stands there."""
    items = items_of(inside(sub)) if sub is not None else ()
    letters = tuple(n for n in items if isinstance(n, Sym))
    return letters if len(letters) == len(items) else ()


def _alike(nodes: Iterable[Node]) -> bool:
    return len({key_of(n) for n in nodes}) == 1
