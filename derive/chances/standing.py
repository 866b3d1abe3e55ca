r"""Named distributions written out: N(x | μ, σ²) as its density, KL(N(μ, σ²) ‖ N(0, 1)) in closed form."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ..notation.enclosed import WRITTEN_OUT
from ..notation.parser import parse
from ..notation.runs import join_letters, rebuild, walk
from ..notation.syntax import Fn, Group, Juxt, Listing, Node, Num, Span, Sym
from .events import NotAProbability, conditioned, label, unbraced
from .families import FAMILIES, Family
from .shapes import DIVERGENCES

MOST_VARIANTS = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class WrittenOut:
    """A formula with its distributions written out.

    Attributes:
        node: the formula.
        families: the rows that were used.
        positive, unit: the parameters, as the text writes them, that are positive, or lie between 0 and 1.
    """

    node: Node
    families: tuple[Family, ...]
    positive: tuple[Node, ...] = ()
    unit: tuple[Node, ...] = ()


def written_out(node: Node) -> Iterator[WrittenOut]:
    """The readings of a formula in which a named distribution stands at a value, or in a divergence; often none."""
    for variant in range(MOST_VARIANTS):
        writer = _Writer(variant)
        found = rebuild(node, writer.change)
        if not writer.used or (variant and all(len(_rows(f)) <= variant for f in writer.used)):
            return
        yield WrittenOut(
            node=found, families=tuple(writer.used), positive=tuple(writer.positive), unit=tuple(writer.unit)
        )


def _rows(family: Family) -> list[Family]:
    return [f for f in FAMILIES if f.heads == family.heads and len(f.parameters) == len(family.parameters)]


def family_of(head: str, count: int, variant: int = 0) -> Family | None:
    """The row of a name with so many parameters; the last one where it has fewer rows than asked for."""
    rows = [f for f in FAMILIES if head in f.heads and len(f.parameters) == count]
    return rows[min(variant, len(rows) - 1)] if rows else None


class _Writer:
    """Writes out what stands in one formula."""

    def __init__(self, variant: int) -> None:
        self.variant = variant
        self.used: list[Family] = []
        self.positive: list[Node] = []
        self.unit: list[Node] = []

    def change(self, node: Node) -> Node:
        try:
            if isinstance(node, Fn) and isinstance(node.argument, Group):
                return self._applied(_head(node), node.argument, node.span) or node
            if isinstance(node, Juxt):
                return self._product(node)
        except NotAProbability:
            pass
        return node

    def _product(self, node: Juxt) -> Node:
        items: list[Node] = []
        rest = list(node.items)
        while rest:
            first = rest.pop(0)
            group = rest[0] if rest and isinstance(rest[0], Group) else None
            found = None
            if isinstance(first, Sym) and group is not None and first.sup is None and not first.accents:
                found = self._applied(label(first), group, (first.span[0], group.span[1]))
            if found is not None:
                rest.pop(0)
            items.append(found or first)
        if len(items) == len(node.items):
            return node
        return items[0] if len(items) == 1 else Juxt(items=tuple(items), span=node.span)

    def _applied(self, head: str, group: Group, span: Span) -> Node | None:
        if head in DIVERGENCES and isinstance(group.body, Listing) and group.body.separator == "||":
            return self._divergence(group.body, span)
        outcome, parameters = conditioned(group.body)
        family = family_of(head, len(parameters), self.variant) if len(outcome) == 1 else None
        if family is None or any(map(_is_matrix, parameters)):
            return None
        self._note(family, parameters)
        places = {"x": outcome[0], **dict(zip(family.parameters, parameters, strict=True))}
        return filled(family.density, places, span, group.sup)

    def _divergence(self, body: Listing, span: Span) -> Node | None:
        """KL(N(m, v) ‖ N(M, V))."""
        sides = [_parametrised(part) for part in body.items]
        if len(sides) != 2 or sides[0] is None or sides[1] is None or sides[0][0] != sides[1][0]:
            return None
        (head, first), (_, second) = sides[0], sides[1]
        family = family_of(head, len(first), self.variant) if len(first) == len(second) else None
        if family is None or not family.divergence or any(map(_is_matrix, (*first, *second))):
            return None
        self._note(family, first)
        self._note(family, second)
        places = dict(zip(family.parameters, first, strict=True))
        places |= {letter.upper(): node for letter, node in zip(family.parameters, second, strict=True)}
        return filled(family.divergence, places, span)

    def _note(self, family: Family, parameters: tuple[Node, ...]) -> None:
        self.used.append(family)
        for letter, node in zip(family.parameters, parameters, strict=True):
            self.positive += [node] * (letter in family.positive)
            self.unit += [node] * (letter in family.unit)


def _is_matrix(node: Node) -> bool:
    """Whether a parameter is written as a matrix is, by a capital: Σ, or σ² I."""
    return any(isinstance(n, Sym) and (n.base in ("Sigma", "Lambda") or n.base.isupper()) for n in walk(node))


def _head(node: Fn) -> str:
    return node.name + ("" if node.sub is None else f"_{label(node.sub)}")


def _parametrised(node: Node) -> tuple[str, tuple[Node, ...]] | None:
    """The name and the parameters of a distribution without an outcome, N(μ, σ²)."""
    node = unbraced(node)
    if isinstance(node, Fn) and isinstance(node.argument, Group):
        head, group = _head(node), node.argument
    elif isinstance(node, Juxt) and len(node.items) == 2 and isinstance(node.items[1], Group):
        if not isinstance(node.items[0], Sym):
            return None
        head, group = label(node.items[0]), node.items[1]
    else:
        return None
    parameters, given = conditioned(group.body)
    return None if given else (head, parameters)


def laws_of(node: Node) -> list[tuple[Family, dict[str, Node]]]:
    """The rows that `N(μ, σ²)` may mean, with its parameters; with a square it gives the variance."""
    named = _parametrised(node)
    if named is None or any(map(_is_matrix, named[1])):
        return []
    head, parameters = named
    rows = [f for f in FAMILIES if head in f.heads and len(f.parameters) == len(parameters)]
    squared = bool(parameters) and isinstance(parameters[-1], Sym) and isinstance(parameters[-1].sup, Num)
    rows = rows[:1] if squared else rows
    return [(f, dict(zip(f.parameters, parameters, strict=True))) for f in rows]


def inserted(template: str, places: Mapping[str, Node]) -> Node:
    """A template with what a text writes in the places of its letters."""

    def change(node: Node) -> Node:
        if isinstance(node, Sym) and node.base in places:
            return Group(opening="(", body=places[node.base], closing=")", sup=node.sup, span=node.span)
        return node

    return rebuild(_template(template), change)


def filled(template: str, places: Mapping[str, Node], span: Span, sup: Node | None = None) -> Node:
    """A template with what a text writes in the places of its letters; all of it stands at one span of the source."""

    def change(node: Node) -> Node:
        if isinstance(node, Sym) and node.base in places:
            return Group(opening="{", body=places[node.base], closing="}", sup=node.sup, span=span)
        return dataclasses.replace(node, span=span)

    body = rebuild(_template(template), change)
    return Group(opening=WRITTEN_OUT, body=body, closing=WRITTEN_OUT, sup=sup, span=span)


@lru_cache(maxsize=64)
def _template(latex: str) -> Node:
    (node,) = parse(latex)
    return join_letters(node)
