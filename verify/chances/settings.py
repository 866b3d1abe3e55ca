"""What a text says of sequences of random variables: the factors of their distribution, names for parts of it."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product
from typing import Any

from derive.chances.events import (
    SAME_FAMILY,
    NotAProbability,
    brackets,
    conditioned,
    has_label,
    label,
    unbraced,
    variables_of,
)
from derive.chances.networks import Factorisation, Network, factorisation_of, spelled, standard
from derive.chances.reading import Reading
from derive.chances.terms import Mass, Over, Term, Total, within
from derive.chances.unrolled import Unrolling, free_letters
from derive.notation.parser import ReadError, parse
from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Big, Bin, Chain, Dots, Entries, Group, Juxt, Listing, Node, Num, Span, Sym

from ..lines import Line, Lines
from .chains import base_of
from .naming import defined

SIZES = ("T", "N", "n", "M", "m", "K", "L", "H")
HIDDEN_MARKOV = re.compile(r"hidden markov|\bHMMs?\b|state[- ]space model", re.IGNORECASE)
MARKOV = re.compile(r"\bmarkov\b", re.IGNORECASE)
INDEPENDENT = re.compile(r"\bindependent|\bi\.\s?i\.\s?d\b", re.IGNORECASE)
OBSERVED = re.compile(
    r"(?:observations?|observed (?:variables?|values?|data|sequence))\s+(?:of\s+)?\$([^$]+)\$", re.IGNORECASE
)
HIDDEN = re.compile(r"(?:hidden|latent|unobserved)\s+(?:states?|variables?)\s+(?:of\s+)?\$([^$]+)\$", re.IGNORECASE)
CHAIN = r"p(h_1, \dots, h_T) = p(h_1) \prod_{k=2}^T p(h_k | h_{k-1})"
HMM = r"p(x_1, \dots, x_T, h_1, \dots, h_T) = p(h_1) p(x_1 | h_1) \prod_{k=2}^T p(h_k | h_{k-1}) p(x_k | h_k)"
PAIRS = r"p(x_1, \dots, x_T, h_1, \dots, h_T) = \prod_{k=1}^T p(x_k, h_k)"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What holds of sequences of one length under a heading.

    Attributes:
        size: the letter of the length.
        length: the number it stands for.
        networks: for the letter of a family its factors.
        wholes: what letters for whole sequences stand for.
        heads: the letters of conditionals of a joint distribution, to its own letter.
        spelled: the same letters with what stands below them.
        below: the parameter of each family that has one, which a text may leave out.
        names: what names mean, with the line that says so.
        tables: random distributions that were made.
        told: where the text says what the factors are: a formula, and where the product stands in it.
    """

    size: str
    length: int
    networks: Mapping[str, Network] = field(default_factory=dict)
    wholes: Mapping[str, Node] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)
    spelled: frozenset[str] = frozenset()
    below: Mapping[str, Node] = field(default_factory=dict)
    names: dict[str, tuple[Term, int]] = field(default_factory=dict)
    tables: dict[Any, Any] = field(default_factory=dict)
    told: frozenset[tuple[int, Span]] = frozenset()

    def tells(self, line: Line) -> bool:
        """Whether a line is where the text says what the factors are."""
        return line.right is not None and (line.formula.offset, line.right.span) in self.told

    def without_factors(self) -> Setting:
        """The same, with nothing known of the distributions."""
        return dataclasses.replace(self, networks={}, tables={}, told=frozenset())

    @cached_property
    def variables(self) -> frozenset[str]:
        return frozenset(v for n in self.networks.values() for v in n.variables)

    def unrolled(self, node: Node, at: Mapping[str, int]) -> Node:
        """A formula at this length and some indices, with parameters below the letters of its distributions.

        Raises: NotAProbability: where it has no meaning there.
        """
        whole = Unrolling(at={**at, self.size: self.length}, wholes=self.wholes).node(node)
        bases = {base_of(v) for v in self.variables}
        return rebuild(whole, lambda n: self._with_parameters(n, bases)) if bases else whole

    def read(self, nodes: tuple[Node, ...]) -> tuple[list[Term], Reading]:
        """The terms of formulas that were taken apart.

        Raises: NotAProbability: for what is no term, or speaks of variables that the factors do not know.
        """
        names = {name: term for name, (term, _) in self.names.items()}
        reading = Reading(variables=variables_of(nodes, self.variables, frozenset()), names=names)
        terms = [reading.term(n) for n in nodes]
        every = [t for term in terms for t in within(term)]
        known = self.variables | {e.variable for t in every if isinstance(t, Mass) for e in t.events | t.given}
        if any(isinstance(t, Over) or (isinstance(t, Total) and not {v for v, _ in t.bound} <= known) for t in every):
            raise NotAProbability("a sum over what is no variable")
        for mass in (t for t in every if isinstance(t, Mass)):
            network = self.networks.get(base_of(mass.family))
            used = {e.variable for e in mass.events | mass.given}
            if network is not None and not used <= set(network.variables):
                raise NotAProbability(f"{min(used - set(network.variables))} is not among the variables of the text")
            if network is None and not all(_is_plain(v) for v in used):
                raise NotAProbability("an index without a number")
        return terms, reading

    def _with_parameters(self, node: Node, bases: set[str]) -> Node:
        """p(x | z, θ) as p_θ(x | z), and every conditional by the letter of its joint distribution."""
        if isinstance(node, Chain) and node.operators == ("~",) and isinstance(law := node.operands[1], Sym):
            return dataclasses.replace(node, operands=(node.operands[0], self._headed(law, ())))
        if not isinstance(node, Juxt):
            return node
        items = list(node.items)
        for k, (head, group) in enumerate(pairwise(node.items)):
            if isinstance(head, Sym) and isinstance(group, Group) and self._family(head) in self.networks:
                events, given = conditioned(group.body)
                kept = tuple(n for n in given if not has_label(n) or base_of(label(n)) in bases)
                body = _bracket(events, kept, group)
                items[k : k + 2] = [self._headed(head, tuple(n for n in given if n not in kept)), body]
        return dataclasses.replace(node, items=tuple(items))

    def _family(self, head: Sym) -> str:
        return self.heads.get(head.base, SAME_FAMILY.get(head.base, head.base))

    def _headed(self, head: Sym, parameters: tuple[Node, ...]) -> Sym:
        if self._family(head) not in self.networks:
            return head
        own = None if spelled(head) in self.spelled else head.sub
        subs = [n for n in (own, *parameters) if n is not None]
        subs = subs or [n for family, n in self.below.items() if family == self._family(head)]
        unique = list({label(n): n for n in subs}.values())
        sub = None if not unique else unique[0]
        if len(unique) > 1:
            sub = Listing(separator=",", items=tuple(unique), span=head.span)
        return Sym(base=self._family(head), sub=sub, span=head.span)


@dataclass(kw_only=True)
class Settings:
    """What a document says of sequences, under each of its headings."""

    lines: Lines
    found: dict[tuple[tuple[str, ...], int], Setting | None] = field(default_factory=dict)

    def at(self, headings: tuple[str, ...], length: int) -> Setting | None:
        """What holds under a heading at a length; None if nothing is said of sequences there."""
        if (headings, length) not in self.found:
            self.found[headings, length] = self._made(headings, length)
        return self.found[headings, length]

    def _made(self, headings: tuple[str, ...], length: int) -> Setting | None:
        inside = [(n, f) for n, f in self.lines.nodes if headings[: len(f.headings)] == f.headings]
        nodes = [n for n, _ in inside]
        wholes = dict(_wholes(nodes))
        said: dict[str, Factorisation] = {}
        places: set[tuple[int, Span]] = set()
        for node, formula in inside:
            for left, right in _equated(node) if isinstance(node, Chain) else ():
                told = factorisation_of(left, right, wholes)
                if told is not None:
                    said.setdefault(told.family, told)
                    places.add((formula.offset, right.span))
        if "p" not in said:
            told = _known(nodes, " ".join(f"{f.before} {f.after}" for _, f in inside))
            said |= {} if told is None else {"p": told}
        sizes = {f.size for f in said.values()}
        size = min(sizes) if len(sizes) == 1 else _size(nodes)
        if len(sizes) > 1 or size is None:
            return None
        networks: dict[str, Network] = {}
        heads: dict[str, str] = {}
        for family, told in said.items():
            networks[family], more = told.at(length)
            wholes |= more
            heads |= dict.fromkeys(told.heads, family)
        setting = Setting(
            size=size,
            length=length,
            networks=networks,
            wholes=wholes,
            heads=heads,
            spelled=frozenset(s for told in said.values() for s in told.spelled),
            below={family: told.parameter for family, told in said.items() if told.parameter is not None},
            told=frozenset(places),
        )
        for line in self.lines.lines:
            if headings[: len(line.formula.headings)] == line.formula.headings:
                _name(line, setting)
        return setting


def places_of(nodes: tuple[Node, ...], setting: Setting, low: int, high: int) -> Iterator[dict[str, int]]:
    """The numbers that the free indices of some formulas may be."""
    free = sorted(frozenset[str]().union(*map(free_letters, nodes)) - {setting.size})
    if len(free) <= 2:
        for values in product(range(low, high + 1), repeat=len(free)):
            yield dict(zip(free, values, strict=True))


def _name(line: Line, setting: Setting) -> None:
    """Note what a line defines: at each place the first meaning counts."""
    if line.right is None or line.operator not in ("=", ":=", "==") or defined(line) is None:
        return
    for at in places_of((line.left,), setting, 0, setting.length + 1):
        try:
            left, right = setting.unrolled(line.left, at), setting.unrolled(line.right, at)
            name = defined(dataclasses.replace(line, left=left))
            if name is None or name in setting.names:
                continue
            terms, reading = setting.read((right,))
        except (NotAProbability, RecursionError):
            continue
        if reading.found or any(isinstance(t, Mass) for t in within(terms[0])):
            setting.names[name] = (terms[0], line.number)


def _is_plain(variable: str) -> bool:
    """Whether the name of a variable has no index but numbers."""
    return all(part.lstrip("-").isdigit() for part in variable.split("_")[1:2] for part in part.split(","))


def _bracket(events: tuple[Node, ...], given: tuple[Node, ...], group: Group) -> Group:
    halves = [Listing(separator=",", items=h, span=group.span) if len(h) > 1 else h[0] for h in (events, given) if h]
    body = halves[0] if len(halves) == 1 else Listing(separator="|", items=tuple(halves), span=group.span)
    return dataclasses.replace(group, body=body)


def _equated(chain: Chain) -> Iterator[tuple[Node, Node]]:
    for operator, right in zip(chain.operators, chain.operands[1:], strict=True):
        if operator in ("=", ":="):
            yield chain.operands[0], right


def _wholes(nodes: list[Node]) -> Iterator[tuple[str, Node]]:
    """z = (z_1, …, z_N), X = {x_1, …, x_N}."""
    for node in nodes:
        if not isinstance(node, Chain) or node.operators != ("=",):
            continue
        left, right = (unbraced(n) for n in node.operands)
        if isinstance(left, Sym) and left.sub is None and has_label(left):
            body = right.body if isinstance(right, Group) and right.opening in ("(", "[", r"\{") else right
            listed = isinstance(body, Listing) and any(isinstance(n, Dots) for n in body.items)
            ranged = isinstance(body, Sym) and isinstance(body.sub, Chain)
            if listed or ranged or isinstance(body, Entries):
                yield label(left), body


def _size(nodes: list[Node]) -> str | None:
    """The letter of the length of the sequences: where lists and products end."""
    ends = Counter[str]()
    for node in (n for root in nodes for n in walk(root)):
        last: Node | None = None
        if isinstance(node, Big) and isinstance(node.below, Chain) and node.above is not None:
            last = unbraced(node.above)
        elif isinstance(node, Entries):
            last = node.running[0][2]
        elif isinstance(node, Listing) and any(isinstance(n, Dots) for n in node.items):
            after = next(b for a, b in pairwise((*node.items, node.items[-1])) if isinstance(a, Dots))
            first = node.items[0]
            begins = isinstance(first, Sym) and isinstance(first.sub, Num)
            last = after.sub if isinstance(after, Sym) and begins else None
        elif isinstance(node, Chain) and node.operators == (":",) and isinstance(node.operands[0], Num):
            last = node.operands[1]
        ends.update(n.base for n in (walk(last) if last is not None else ()) if isinstance(n, Sym))
    return next((letter for letter in SIZES if letter in ends), None)


def _known(nodes: list[Node], prose: str) -> Factorisation | None:
    """The factors of what the text names: a hidden Markov model, a Markov chain, independent pairs."""
    size = _size(nodes) or "T"
    steps: set[Sym | None] = set()
    emitted: set[tuple[Sym, Sym]] = set()
    together: set[Sym] = set()
    for _, group in brackets(nodes):
        try:
            events, given = conditioned(group.body)
        except NotAProbability:
            continue
        indexed = [n for n in (*events, *given) if isinstance(n, Sym) and _is_indexed(n)]
        if len(events) == len(given) == 1 and len(indexed) == 2:
            one, two = indexed
            if one.base == two.base:
                steps.add(_bare(one))
            elif one.sub is not None and two.sub is not None and label(one.sub) == label(two.sub):
                emitted.add((_bare(one), _bare(two)))
        if len(indexed) >= 2 and len({label(n.sub) for n in indexed if n.sub is not None}) == 1:
            together |= {_bare(n) for n in indexed}
    if HIDDEN_MARKOV.search(prose):
        hidden = steps | {_letter(m) for m in HIDDEN.findall(prose)}
        seen = {one for one, two in emitted if two in hidden} | {_letter(m) for m in OBSERVED.findall(prose)}
        hidden, seen = hidden - {None}, seen - hidden - {None}
        return _in_letters(HMM, size, seen, hidden)
    if MARKOV.search(prose) and not emitted:
        return _in_letters(CHAIN, size, {Sym(base="x", span=(0, 0))}, steps)
    if INDEPENDENT.search(prose) and not steps and len(together) == 2:
        one, two = sorted(together, key=str)
        return _in_letters(PAIRS, size, {one}, {two})
    return None


def _is_indexed(node: Sym) -> bool:
    sub = unbraced(node.sub) if node.sub is not None else None
    return isinstance(sub, Num) or (isinstance(sub, Sym | Bin) and bool(free_letters(node)))


def _in_letters(
    template: str, size: str, seen: Iterable[Sym | None], hidden: Iterable[Sym | None]
) -> Factorisation | None:
    if len(observed := list(seen)) != 1 or len(states := list(hidden)) != 1:
        return None
    x, h = observed[0], states[0]
    return standard(template, {"x": x, "h": h}, size) if x is not None and h is not None else None


def _bare(node: Sym) -> Sym:
    return Sym(base=node.base, accents=node.accents, span=(0, 0))


def _letter(source: str) -> Sym | None:
    """The letter of a sequence in the prose."""
    try:
        nodes = parse(source)
    except ReadError:
        return None
    first = next((n for root in nodes for n in walk(root) if isinstance(n, Sym) and n.sub is not None), None)
    return None if first is None else _bare(first)
