"""How a joint distribution falls into factors: p(x, h) = p(h_1) p(x_1|h_1) ∏_t p(h_t|h_{t−1}) p(x_t|h_t)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..notation.parser import parse
from ..notation.runs import rebuild
from ..notation.syntax import Big, Bin, Chain, Dots, Group, Juxt, Listing, Node, Sym
from .events import (
    SAME_FAMILY,
    SURE_FAMILIES,
    NotAProbability,
    conditioned,
    has_label,
    label,
    unbraced,
)
from .unrolled import Unrolling, free_letters

HEADS = SURE_FAMILIES | {"pi", "mu", "rho", "f", "g", "T", "eta", "nu", "d"}
INSIDE = ("(", "[")


@dataclass(frozen=True, kw_only=True)
class Factor:
    """p(children | parents), by the names of variables; whether it changes with the parameter of the distribution."""

    children: tuple[str, ...]
    parents: tuple[str, ...]
    changes: bool = True


@dataclass(frozen=True, kw_only=True)
class Network:
    """The factors of a joint distribution of single variables, parents first."""

    factors: tuple[Factor, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(v for f in self.factors for v in f.children)


@dataclass(frozen=True, kw_only=True)
class Factorisation:
    """What a text says of the factors of a distribution over sequences.

    Attributes:
        family: the letter of the distribution, p or q.
        left: the whole, p(x, h).
        right: the product.
        size: the letter of the length.
        heads: the letters of distributions in it, all of which are conditionals of one joint distribution.
        spelled: the same with what stands below them.
        wholes: what single letters stand for, as the text says.
    """

    family: str
    left: Node
    right: Node
    size: str
    heads: frozenset[str]
    spelled: frozenset[str] = frozenset()
    wholes: Mapping[str, Node] = field(default_factory=dict)

    def at(self, length: int) -> tuple[Network, dict[str, Node]]:
        """The network of sequences of a length, and the members of each whole sequence.

        Raises: NotAProbability: where the product is no factorisation of the whole.
        """
        product = Unrolling(at={self.size: length}, wholes=self.wholes).node(self.right)
        pairs = list(factors_of(product))
        below = self._parameters()
        factors = [_factor(head, group, below) for head, group in pairs]
        letters = {label(n): n for _, g in pairs for half in conditioned(g.body) for n in half if has_label(n)}
        inside = {v for f in factors for v in f.children}
        wholes = {**self.wholes, **self._wholes_of({v: n for v, n in letters.items() if v in inside})}
        events, given = self._left(length, wholes)
        roots = {v for f in factors for v in f.parents} - inside
        sequences = {v.split("_")[0] for v in letters if "_" in v}
        roots -= {r for r in roots if r.endswith("_0") and r not in given}  # p(h_1 | h_0) is p(h_1)
        factors = [dataclasses.replace(f, parents=tuple(p for p in f.parents if p in roots | inside)) for f in factors]
        parameters = {v for v in roots | set(given) if v.split("_")[0] not in sequences}
        roots -= parameters
        if set(events) - parameters != inside or not roots <= set(given) or not inside:
            raise NotAProbability("this product is no factorisation")
        factors = [dataclasses.replace(f, parents=tuple(p for p in f.parents if p not in parameters)) for f in factors]
        marked = any(f.changes for f in factors)
        whole = [Factor(children=(r,), parents=()) for r in sorted(roots)] + factors
        kept = [dataclasses.replace(f, changes=f.changes or not marked) for f in whole]
        return Network(factors=_ordered(kept)), wholes

    @property
    def parameter(self) -> Node | None:
        """The one parameter of the distribution: below its letter, or behind its bar."""
        ((head, group),) = factors_of(self.left)
        behind = [n for n in conditioned(group.body)[1] if isinstance(n, Sym) and n.sub is None]
        found = [*behind, *([head.sub] if head.sub is not None else [])]
        return found[0] if len(found) == 1 else None

    def _parameters(self) -> frozenset[str]:
        """What stands below the letter of the whole, or behind its bar."""
        ((head, group),) = factors_of(self.left)
        behind = [n for n in conditioned(group.body)[1] if has_label(n)]
        return frozenset(label(n) for n in (*behind, head.sub) if n is not None)

    def _left(self, length: int, wholes: Mapping[str, Node]) -> tuple[list[str], list[str]]:
        node = Unrolling(at={self.size: length}, wholes=wholes).node(self.left)
        ((_, group),) = factors_of(node)
        events, given = conditioned(group.body)
        return [label(n) for n in events], [label(n) for n in given]

    def _wholes_of(self, letters: Mapping[str, Node]) -> dict[str, Node]:
        """The bare letters on the left whose members stand on the right; a single strange letter is all of them."""
        ((_, group),) = factors_of(self.left)
        bare = [n for n in conditioned(group.body)[0] if isinstance(n, Sym) and n.sub is None and has_label(n)]
        found: dict[str, Node] = {}
        for node in bare:
            name = label(node)
            members = [n for v, n in letters.items() if v.startswith(f"{name}_")]
            if not members and len(bare) == 1 and name not in letters:
                members = [n for v, n in letters.items() if "_" in v]
            if members:
                found[name] = Listing(separator=",", items=tuple(members), span=node.span)
        return found


def factorisation_of(left: Node, right: Node, wholes: Mapping[str, Node]) -> Factorisation | None:
    """What `p(…) = ∏ p(…)` says of a sequence; None if it says nothing of this kind."""
    if not _is_product(right):
        return None
    sizes = free_letters(right)
    try:
        ((head, _),) = factors_of(left)
        heads = {h for h, _ in factors_of(right, loosely=True)}
        letters = {n.base for n in heads}
        if len(sizes) != 1 or head.base not in HEADS or not letters <= HEADS:
            return None
        family = SAME_FAMILY.get(head.base, head.base)
        found = Factorisation(
            family=family,
            left=left,
            right=right,
            size=min(sizes),
            heads=frozenset(letters | {head.base}),
            spelled=frozenset(map(spelled, heads | {head})),
            wholes=wholes,
        )
        for length in (3, 4):
            found.at(length)
    except (NotAProbability, ValueError):
        return None
    return found


def standard(template: str, letters: Mapping[str, Node], size: str) -> Factorisation:
    """A known factorisation, `p(…) = …` with x, h and T, in the letters of a text."""
    (chain,) = parse(template)
    assert isinstance(chain, Chain)

    def change(node: Node) -> Node:
        if isinstance(node, Sym) and node.base in letters:
            there = letters[node.base]
            assert isinstance(there, Sym)
            return dataclasses.replace(there, sub=node.sub, sup=None, span=node.span)
        return dataclasses.replace(node, base=size) if isinstance(node, Sym) and node.base == "T" else node

    left, right = (rebuild(side, change) for side in chain.operands)
    return Factorisation(family="p", left=left, right=right, size=size, heads=frozenset({"p"}))


def spelled(head: Sym) -> str:
    """The letter of a distribution with what stands below it."""
    return label(Sym(base=head.base, sub=head.sub, span=head.span))


def _is_product(node: Node) -> bool:
    """Whether a node is a product over an index."""
    node = unbraced(node)
    if isinstance(node, Group) and node.opening in INSIDE:
        return _is_product(node.body)
    if isinstance(node, Big):
        return node.op == "prod"
    if isinstance(node, Bin):
        return node.op in ("cdot", "times") and (_is_product(node.left) or _is_product(node.right))
    return isinstance(node, Juxt) and any(_is_product(item) for item in node.items)


def factors_of(node: Node, *, loosely: bool = False) -> Iterator[tuple[Sym, Group]]:
    """The probabilities that a product consists of.

    Args:
        node: the product.
        loosely: go into products over an index, as they stand.
    Raises: NotAProbability: where something else stands in it.
    """
    node = unbraced(node)
    match node:
        case Group(opening=opening, body=body, sup=None) if opening in INSIDE:
            yield from factors_of(body, loosely=loosely)
        case Bin(op="cdot" | "times"):
            yield from factors_of(node.left, loosely=loosely)
            yield from factors_of(node.right, loosely=loosely)
        case Big(op="prod") if loosely:
            yield from factors_of(node.body, loosely=True)
        case Juxt():
            items = list(node.items)
            while items:
                head = items.pop(0)
                following = items[0] if items else None
                if isinstance(head, Sym) and isinstance(following, Group) and following.opening in INSIDE:
                    del items[0]
                    yield head, following
                elif isinstance(head, Dots):
                    raise NotAProbability("dots in a product")
                else:
                    yield from factors_of(head, loosely=loosely)
        case _:
            raise NotAProbability("this factor is no probability")


def _factor(head: Sym, group: Group, below: frozenset[str]) -> Factor:
    events, given = conditioned(group.body)
    children, parents = tuple(label(n) for n in events), tuple(label(n) for n in given)
    if len(set(children + parents)) < len(children + parents):
        raise NotAProbability("a variable stands twice in one bracket")
    own = {label(head.sub)} if head.sub is not None else set[str]()
    return Factor(children=children, parents=parents, changes=bool((own | set(parents)) & below))


def _ordered(factors: list[Factor]) -> tuple[Factor, ...]:
    """The factors, parents first."""
    found: list[Factor] = []
    left, known = list(factors), set[str]()
    while left:
        ready = next((f for f in left if set(f.parents) <= known), None)
        if ready is None or known & set(ready.children):
            raise NotAProbability("a variable has two factors, or depends on itself")
        found.append(ready)
        known |= set(ready.children)
        left.remove(ready)
    return tuple(found)
