r"""Named distributions written out: N(x | μ, σ²) as its density, KL(N(μ, σ²) ‖ N(0, 1)) in closed form."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from ..notation.enclosed import WRITTEN_OUT
from ..notation.parser import parse
from ..notation.runs import join_letters, rebuild, walk
from ..notation.syntax import Big, Chain, Fn, Group, Juxt, Listing, Node, Num, Span, Sym
from .events import NotAProbability, conditioned, label, unbraced
from .families import FAMILIES, NORMAL, Family
from .normals import at_entry, density_of, divergence_of, is_matrix, normal_of, repeated, running_index
from .shapes import DIVERGENCES, is_argument

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


Law = tuple[str, tuple[Node, ...]]
NO_LAWS: Mapping[str, Law] = MappingProxyType({})


def written_out(node: Node, *, laws: Mapping[str, Law] = NO_LAWS, claim: Iterable[Node] = ()) -> Iterator[WrittenOut]:
    """The readings of a formula in which a named distribution stands at a value, or in a divergence; often none.

    Args:
        node: the formula.
        laws: the distributions to which the text gives a name: q = N(μ, σ²).
        claim: both sides of the claim in which it stands.
    """
    claim = tuple(claim)
    for variant in range(MOST_VARIANTS):
        writer = _Writer(variant, laws, claim)
        found = rebuild(node, writer.change)
        if not writer.used or (variant and all(len(_rows(f)) <= variant for f in writer.used)):
            return
        yield WrittenOut(
            node=found, families=tuple(writer.used), positive=tuple(writer.positive), unit=tuple(writer.unit)
        )


def _rows(family: Family) -> list[Family]:
    return [f for f in FAMILIES if f.heads == family.heads and len(f.parameters) == len(family.parameters)]


def families_of(head: str, count: int) -> tuple[Family, ...]:
    """The parametrisations that a name with so many parameters may mean."""
    return tuple(f for f in FAMILIES if head in f.heads and len(f.parameters) == count)


def families_said(head: str, count: int, prose: str) -> tuple[Family, ...]:
    """The parametrisations that a name with so many parameters may mean in a text, by its words for one of them."""
    rows = families_of(head, count)
    told = tuple(f for f in rows if f.words and re.search(rf"\b(?:{f.words})\b", prose, re.IGNORECASE))
    return told if len(told) == 1 else rows


def family_of(head: str, count: int, variant: int = 0) -> Family | None:
    """The row of a name with so many parameters; the last one where it has fewer rows than asked for."""
    rows = families_of(head, count)
    return rows[min(variant, len(rows) - 1)] if rows else None


class _Writer:
    """Writes out what stands in one formula."""

    def __init__(self, variant: int, laws: Mapping[str, Law], claim: tuple[Node, ...]) -> None:
        self.variant, self.laws = variant, laws
        self.running = running_index(claim)
        self.beta = any(_names_beta(n) for side in claim for n in walk(side))
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
        rest = spelled(list(node.items))
        while rest:
            first = rest.pop(0)
            group = rest[0] if rest and isinstance(rest[0], Group) else None
            found = None
            if isinstance(first, Sym) and group is not None and first.sup is None and not first.accents:
                span = (first.span[0], group.span[1])
                found = self._beta_function(first, group, span) or self._applied(label(first), group, span)
            if found is not None:
                rest.pop(0)
            items.append(found or first)
        if len(items) == len(node.items):
            return node
        return items[0] if len(items) == 1 else Juxt(items=tuple(items), span=node.span)

    def _applied(self, head: str, group: Group, span: Span) -> Node | None:
        separators = ("||",) if head == "D" else ("||", ",", "|")
        if head in DIVERGENCES and isinstance(group.body, Listing) and group.body.separator in separators:
            return self._divergence(group.body, span)
        outcome, parameters = conditioned(group.body)
        family = family_of(head, len(parameters), self.variant) if len(outcome) == 1 else None
        if family is None:
            return None
        if family.heads == NORMAL and any(map(is_matrix, parameters)):
            return self._of_vector(outcome[0], parameters, span, group.sup)
        self._note(family, parameters)
        self.positive += outcome if family.outcome == "positive" else ()
        self.unit += outcome if family.outcome == "unit" else ()
        places = {"x": outcome[0], **dict(zip(family.parameters, parameters, strict=True))}
        return filled(family.density, places, span, group.sup)

    def _of_vector(self, outcome: Node, parameters: tuple[Node, ...], span: Span, sup: Node | None) -> Node | None:
        """N(x | m, S) of a vector."""
        law = normal_of(parameters)
        template = density_of(law, self.running) if law is not None else None
        if law is None or template is None:
            return None
        self.used.append(VECTORS)
        return self._entered(template, {"x": outcome, "m": law.mean, "v": law.spread}, span, sup, "prod")

    def _entered(
        self, template: tuple[str, Big | None], places: dict[str, Node], span: Span, sup: Node | None, op: str
    ) -> Node:
        """A template filled, at each entry where it is one of an entry."""
        latex, running = template
        if running is None:
            return filled(latex, places, span, sup)
        body = filled(latex, {k: at_entry(n, running) for k, n in places.items()}, span)
        return Group(
            opening=WRITTEN_OUT,
            body=moved(repeated(running, body, span, op), span),
            closing=WRITTEN_OUT,
            sup=sup,
            span=span,
        )

    def _beta_function(self, head: Sym, group: Group, span: Span) -> Node | None:
        """B(a, b) beside a Beta distribution."""
        items = group.body.items if isinstance(group.body, Listing) and group.body.separator == "," else ()
        if not self.beta or head.base != "B" or head.sub is not None or len(items) != 2:
            return None
        self.used += [f for f in FAMILIES if "Beta" in f.heads]
        return filled(BETA, dict(zip("ab", items, strict=True)), span, group.sup)

    def _divergence(self, body: Listing, span: Span) -> Node | None:
        """KL(N(m, v) ‖ N(M, V))."""
        sides = [self.laws.get(_name_of(part)) or _parametrised(part) for part in body.items]
        if len(sides) != 2 or sides[0] is None or sides[1] is None or sides[0][0] != sides[1][0]:
            return None
        (head, first), (_, second) = sides[0], sides[1]
        family = family_of(head, len(first), self.variant) if len(first) == len(second) else None
        if family is None or not family.divergence:
            return None
        if family.heads == NORMAL and any(map(is_matrix, (*first, *second))):
            one, two = normal_of(first), normal_of(second)
            template = divergence_of(one, two, self.running) if one is not None and two is not None else None
            if one is None or two is None or template is None:
                return None
            self.used.append(VECTORS)
            places = {"m": one.mean, "v": one.spread, "M": two.mean, "V": two.spread}
            return self._entered(template, places, span, None, "sum")
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


VECTORS = Family(
    name="the normal distribution of a vector", heads=NORMAL, parameters=("m", "v"), density="", mean="m", variance="v"
)
BETA = r"\frac{\Gamma(a) \Gamma(b)}{\Gamma(a + b)}"
WORDS = frozenset(head for family in FAMILIES for head in family.heads if head.isalpha() and len(head) > 2)


def _names_beta(node: Node) -> bool:
    if isinstance(node, Sym) and node.base == "Beta":
        return True
    return isinstance(node, Juxt) and any(isinstance(n, Sym) and n.base == "Beta" for n in spelled(list(node.items)))


def spelled(items: list[Node]) -> list[Node]:
    """Letters side by side that spell the name of a distribution before a bracket, as one name: B e t a (…)."""
    for k, group in enumerate(items):
        if not isinstance(group, Group):
            continue
        for size in range(12, 2, -1):
            run = items[k - size : k] if size <= k else []
            letters = [n for n in run if isinstance(n, Sym) and len(n.base) == 1 and n == Sym(base=n.base, span=n.span)]
            word = "".join(n.base for n in letters)
            if run and len(letters) == size and word in WORDS:
                name = Sym(base=word, span=(run[0].span[0], run[-1].span[1]))
                return spelled([*items[: k - size], name, *items[k:]])
    return items


def _name_of(node: Node) -> str:
    """The name of a distribution: q, or q(z|x) with its bracket."""
    node = unbraced(node)
    items = node.items if isinstance(node, Juxt) else (node,)
    try:
        return "".join(label(n) for n in items)
    except NotAProbability:
        return ""


def named_laws(nodes: Iterable[Node]) -> dict[str, Law]:
    """The distributions to which a text gives a name, q = N(μ, σ²) or q(z|x) = N(z; μ, σ²); those given only one."""
    found: dict[str, list[Law]] = {}
    for node in nodes:
        if not isinstance(node, Chain) or node.operators[0] not in ("=", ":="):
            continue
        law, name = law_of(node.operands[-1]), _name_of(node.operands[0])
        if law is None or not name:
            continue
        found.setdefault(name, []).append(law)
        bare = name.partition("(")[0]
        if bare != name:
            found.setdefault(bare, []).append(law)
    return {name: laws[0] for name, laws in found.items() if len(laws) == 1}


def names_a_law(left: Node, right: Node) -> bool:
    """Whether a relation gives a named distribution a name of its own: q(z|x) = N(z; μ, σ²)."""
    node = unbraced(left)
    items = node.items if isinstance(node, Juxt) else (node,)
    plain = len(items) == 1 or (len(items) == 2 and isinstance(items[1], Group) and is_argument(items[1]))
    return isinstance(items[0], Sym) and plain and bool(_name_of(left)) and law_of(right) is not None


def law_of(node: Node) -> Law | None:
    """N(μ, σ²), or N(x; μ, σ²) without its outcome."""
    node = unbraced(node)
    if isinstance(node, Juxt):
        items = tuple(spelled(list(node.items)))
        node = node if len(items) == len(node.items) else dataclasses.replace(node, items=items)
    try:
        law = _parametrised(node)
        if law is None and isinstance(node, Juxt) and len(node.items) == 2:
            head, group = node.items
            if isinstance(head, Sym) and isinstance(group, Group):
                outcome, parameters = conditioned(group.body)
                law = (label(head), parameters) if len(outcome) == 1 and parameters else None
    except NotAProbability:
        return None
    return law if law is not None and family_of(law[0], len(law[1])) is not None else None


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
    if named is None or any(map(is_matrix, named[1])):
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
    placed = {letter: moved(node, span) for letter, node in places.items()}

    def change(node: Node) -> Node:
        if isinstance(node, Sym) and node.base in places:
            return Group(opening="{", body=placed[node.base], closing="}", sup=node.sup, span=span)
        return dataclasses.replace(node, span=span)

    body = rebuild(_template(template), change)
    return Group(opening=WRITTEN_OUT, body=body, closing=WRITTEN_OUT, sup=sup, span=span)


def moved(node: Node, span: Span) -> Node:
    """The same, as if all of it stood at one span of the source."""
    return rebuild(node, lambda n: dataclasses.replace(n, span=span))


@lru_cache(maxsize=64)
def _template(latex: str) -> Node:
    (node,) = parse(latex)
    return join_letters(node)
