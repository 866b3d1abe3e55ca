r"""What a text says of normal variables: x ~ N(m, S), p(y | x) = N(y | Ax + b, R), and joint ones by their blocks."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from derive.chances.events import NotAProbability, conditioned, label, unbraced
from derive.chances.families import NORMAL
from derive.chances.standing import law_of
from derive.notation.ellipses import prepared
from derive.notation.parser import ReadError, parse
from derive.notation.syntax import Array, Chain, Dots, Group, Juxt, Listing, Node, Num, Sym

from ..standards.terms import atoms_of

DISTRIBUTED = frozenset({"~", "sim"})
EQUAL = frozenset({"=", ":=", "=="})
DENSITIES = frozenset({"p", "P", "f", "q"})
NOISE = frozenset({"epsilon", "varepsilon", "eta", "xi", "e", "nu"})
DRAWN = re.compile(
    r"\$(?P<points>[^$]{1,30}dots[^$]{1,20})\$[^.$]{0,60}\b(?:from|distributed as|according to)\b[^.$]{0,40}"
    r"\$(?P<law>\\mathcal\s*\{?\s*N[^$]{3,60})\$"
)


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A normal distribution that a relation states.

    Attributes:
        variables: what is normal, by name; several where it is written by its blocks.
        given: the names behind the bar.
        mean, spread: the parameters, of each variable and of each pair.
    """

    variables: tuple[str, ...]
    given: tuple[str, ...]
    mean: tuple[Node, ...]
    spread: tuple[tuple[Node, ...], ...]


def name_of(node: Node) -> str:
    """The name of a variable as formulas write it; empty for what is none."""
    node = unbraced(node)
    if not isinstance(node, Sym):
        return ""
    atoms = atoms_of(node)
    return atoms[0].name if len(atoms) == 1 else ""


def stated(left: Node, operator: str, right: Node) -> Stated | None:
    """The normal distribution that a relation states; None if it is none."""
    law = law_of(right)
    if law is None or law[0] not in NORMAL or len(law[1]) != 2:
        return None
    halves = _subject(left, operator)
    if halves is None:
        return None
    subject, given = halves
    blocks = column_of(subject)
    mean, spread = (unbraced(n) for n in law[1])
    names = tuple(name_of(n) for n in (blocks or (subject,)))
    if not all(names):
        return None
    if blocks is None:
        return Stated(variables=names, given=given, mean=(mean,), spread=((spread,),))
    means, spreads = column_of(mean), rows_of(spread)
    if means is None or spreads is None or len(means) != len(names) or len(spreads) != len(names):
        return None
    return Stated(variables=names, given=given, mean=means, spread=spreads)


def _subject(left: Node, operator: str) -> tuple[Node, tuple[str, ...]] | None:
    """What a relation is about, and the names behind its bar."""
    body: Node | None = left
    if operator in EQUAL:
        node = unbraced(left)
        items = node.items if isinstance(node, Juxt) else ()
        density = len(items) == 2 and isinstance(items[0], Sym) and items[0].base in DENSITIES
        body = items[1].body if density and isinstance(items[1], Group) else None
    elif operator not in DISTRIBUTED:
        body = None
    if body is None:
        return None
    return subject_of(body)


def subject_of(body: Node) -> tuple[Node, tuple[str, ...]] | None:
    """What stands before a bar, and the names behind it."""
    try:
        events, given = conditioned(body)
    except NotAProbability:
        return None
    if len(events) > 1 and any(isinstance(e, Dots) for e in events):
        first = unbraced(events[0])
        events = (_running(first),) if isinstance(first, Sym) and first.sub is not None else events
    return (unbraced(events[0]), tuple(name_of(g) or _written(g) for g in given)) if len(events) == 1 else None


def _running(first: Sym) -> Sym:
    """The x_n of x_1, …, x_N."""
    return dataclasses.replace(first, sub=Sym(base="n", span=first.span))


def standing(node: Node) -> Stated | None:
    """The distribution of μ where N(μ | m, s²) stands by itself, as a prior."""
    items = node.items if isinstance(node, Juxt) else ()
    group = items[1] if len(items) == 2 and isinstance(items[1], Group) else None
    law = law_of(node) if group is not None and isinstance(group.body, Listing) else None
    found = subject_of(group.body) if group is not None and law is not None else None
    name = name_of(found[0]) if found is not None and group is not None and len(found[1]) == 2 else ""
    if law is None or law[0] not in NORMAL or len(law[1]) != 2 or not name:
        return None
    return Stated(variables=(name,), given=(), mean=(unbraced(law[1][0]),), spread=((unbraced(law[1][1]),),))


def drawn(prose: str) -> Iterator[tuple[Stated, str]]:
    """The distribution of x_n where x_1, …, x_N are said to be drawn from N(m, s²), and the formula of the points."""
    for match in DRAWN.finditer(prose):
        try:
            (listed,), (law,) = parse(match["points"]), parse(match["law"])
        except (ReadError, ValueError):
            continue
        found = stated(prepared(listed), "~", prepared(law))
        if found is not None:
            yield found, match["points"].strip()


def with_noise(left: Node, operator: str, right: Node, laws: Iterable[Stated]) -> Stated | None:
    """The distribution of y in y = A x + ε, where that of ε is known."""
    name = name_of(left) if operator in EQUAL else ""
    noises = {v for law in laws for v in law.variables if v.partition("_")[0] in NOISE}
    if not name or name.partition("_")[0] in NOISE or not noises & {a.name for a in atoms_of(right)}:
        return None
    return _as_made(name, right)


def made_of(left: Node, operator: str, right: Node, laws: Iterable[Stated]) -> Stated | None:
    """The distribution of y in y = A x + b, where that of x is known."""
    name = name_of(left) if operator in EQUAL else ""
    used = used_in(right)
    rests = [law for law in laws if used & {*law.variables}]
    back = {a.name for law in rests for n in law.mean for a in atoms_of(n)} | used
    return _as_made(name, right) if name and rests and name not in back else None


def used_in(node: Node) -> set[str]:
    """The letters of an expression; what is summed over an index is every x_n."""
    return {name for a in atoms_of(node) for name in ((a.name, f"{a.core}_n") if a.arity else (a.name,))}


def _as_made(name: str, right: Node) -> Stated:
    zero = Num(text="0", span=right.span)
    return Stated(variables=(name,), given=(), mean=(right,), spread=((zero,),))


def _written(node: Node) -> str:
    try:
        return label(node)
    except NotAProbability:
        return "…"


def column_of(node: Node) -> tuple[Node, ...] | None:
    """The entries of a column that is written out."""
    rows = rows_of(node)
    return tuple(row[0] for row in rows) if rows is not None and all(len(row) == 1 for row in rows) else None


def rows_of(node: Node) -> tuple[tuple[Node, ...], ...] | None:
    """The rows of a matrix that is written out."""
    node = unbraced(node)
    if isinstance(node, Group) and isinstance(node.body, Array) and node.sup is None:
        node = node.body
    return node.rows if isinstance(node, Array) and not node.style.endswith("cases") else None


def equations(nodes: Iterable[Node]) -> Iterator[tuple[Node, str, Node]]:
    """The relations of a text, those of a list each by itself."""
    for node in nodes:
        if isinstance(node, Listing):
            yield from equations(node.items)
        if isinstance(node, Chain):
            for operator, a, b in zip(node.operators, node.operands, node.operands[1:], strict=False):
                yield a, operator, b


def blocks_in(nodes: Iterable[Node]) -> dict[str, tuple[tuple[Node, ...], ...]]:
    """The letters that the text writes out by blocks: x = (x_a; x_b), Σ = (Σ_aa, Σ_ab; Σ_ba, Σ_bb)."""
    found: dict[str, tuple[tuple[Node, ...], ...]] = {}
    for left, operator, right in equations(nodes):
        rows = rows_of(right) if operator in EQUAL else None
        if rows is not None and (name := name_of(left)):
            found.setdefault(name, rows)
    return found


def by_blocks(found: Stated, blocks: dict[str, tuple[tuple[Node, ...], ...]]) -> Stated:
    """The same, by the blocks that the text gives of its letters elsewhere."""
    if len(found.variables) > 1:
        return found
    rows = blocks.get(found.variables[0])
    means, spreads = blocks.get(name_of(found.mean[0])), blocks.get(name_of(found.spread[0][0]))
    names = tuple(name_of(row[0]) for row in rows or ())
    if not names or not all(names) or means is None or spreads is None or len(means) != len(names):
        return found
    if any(len(row) != 1 for row in means) or any(len(row) != len(names) for row in spreads):
        return found
    return Stated(variables=names, given=found.given, mean=tuple(m[0] for m in means), spread=spreads)
