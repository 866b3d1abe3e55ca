"""What a text says of its probabilities: which letters are random, what is independent, which names it defines."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import pairwise

from derive.chances.equality import Assumed, Moments
from derive.chances.events import (
    SURE_FAMILIES,
    NotAProbability,
    Variables,
    brackets,
    enumerated,
    family_name,
    has_label,
    label,
    listed,
    names_its_variables,
    unbraced,
    variables_of,
)
from derive.chances.measures import Distribution
from derive.chances.reading import EXPECTATIONS, VARIANCES, Reading
from derive.chances.shapes import is_expectation
from derive.chances.standing import Law, named_laws
from derive.chances.terms import Term
from derive.notation.parser import ReadError, parse
from derive.notation.runs import join_letters, walk
from derive.notation.syntax import Big, Chain, Fn, Group, Juxt, Listing, Neg, Node, Num, Sym

from ..lines import Line, Lines
from .independence import Independence, independences, is_independence
from .moments import Told, moments_of
from .naming import bare_distributions, defined
from .settings import MARKOV, Settings
from .worded import laws_in_words, laws_of_densities

SPEAKS_OF_CHANCE = re.compile(
    r"probab|distribut|densit|likelihood|expect|random|entrop|bayes|posterior|diverg|varian|bernoulli|gaussian|normal"
    r"|\\sim\b|\b(?:Var|Cov)\b|\\mathbf\{?\s*E\b"
    r"|evidence|\bELBO\b|\bKL\b|kullback|\\Pr\b|\\mathbb\{?\s*[EP]\b|markov|a posteriori|mutual information"
    r"|\\(?:mathrm|text|operatorname)\{Pr\}"
    r"|\b[pq](?:_\{?\\?\w+\}?)?\([^()$]*(?:\||\\mid\b)"
    r"|(?<![A-Za-z\\])E\s*(?:\\left\s*)?\[|potential outcome|treatment effect",
    re.IGNORECASE,
)
ENTROPIES = re.compile(
    r"entrop|mutual information|information gain|shannon|\bbits\b|\bnats\b"
    r"|\bH\([^()$]{1,9}\) *= *- *\\(?:sum|int)[^$=]{0,20}[pq][_(][^$=]{1,12}\\(?:log|ln)",  # H(p) = −Σ_x p(x) log p(x)
    re.IGNORECASE,
)
RANDOM = re.compile(r"random (?:variables?|vectors?)\s*((?:\$[^$]*\$(?:,| and|, and)?\s*)+)", re.IGNORECASE)
NESTED = re.compile(r"\\subset(?:eq)?\b|\bsubsets?\b|\bimplies\b", re.IGNORECASE)
DISJOINT = re.compile(r"\bdisjoint\b|\bmutually exclusive\b|\bexclude each other\b", re.IGNORECASE)
TWO_VALUED = re.compile(r"\bbinary\b|\bbernoulli\b|\btwo classes\b|\bcoin\b|\btwo outcomes\b", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
MATHS = re.compile(r"\$([^$]+)\$")


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a name means under a heading, and the line that says so."""

    name: str
    line: int
    headings: tuple[str, ...]
    term: Term


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What a document says of its probabilities.

    Attributes:
        speaks: whether it speaks of probabilities at all.
        variables: how its letters name variables.
        bare: a distribution named without its bracket, with the bracket it has elsewhere.
        assumed: the values of its variables, and where a line stands what is independent.
        independences: what it calls independent, and where.
        moments: under each heading, the means and mean squares of the variables whose distributions it names.
        names: what it defines in terms of probabilities, the first time under each heading.
        several: whether it has several distributions.
        disjoint: whether it calls events disjoint.
        nested: whether it calls an event a part of another one.
        merged: whether no two distributions differ in a subscript only.
        settings: what it says of sequences of variables.
        computed: the variables that it computes from others, Y = g(X), with these.
        samples: the variables of which there are numbered samples, with the distribution that they are drawn from.
        independently: whether it says of variables that they are independent, without a condition.
        laws: the named distributions that it gives a name.
        tied: whether it sets one distribution equal to another, q(z) = p(z|x).
        chained: whether it speaks of Markov chains, in which a variable may not depend on some before it.
        entropies: whether it speaks of entropies, so that H(x) is one.
    """

    speaks: bool
    variables: Variables = field(default_factory=Variables)
    bare: Mapping[str, Distribution] = field(default_factory=dict)
    assumed: Assumed = field(default_factory=Assumed)
    moments: Mapping[tuple[str, ...], Mapping[str, Moments]] = field(default_factory=dict)
    names: tuple[Meaning, ...] = ()
    several: bool = False
    disjoint: bool = False
    nested: bool = False
    merged: bool = False
    tied: bool = False
    laws: Mapping[str, Law] = field(default_factory=dict)
    independently: bool = False
    independences: tuple[Independence, ...] = ()
    chained: bool = False
    entropies: bool = True
    samples: Mapping[str, Distribution] = field(default_factory=dict)
    settings: Settings | None = None
    computed: frozenset[tuple[str, str]] = frozenset()

    def reading(self, line: Line, *, plain: bool = False, disjoint: bool = False) -> Reading:
        """A reader for the sides of a line."""
        sides = tuple(side for side in (line.left, line.right) if side is not None)
        return Reading(
            variables=dataclasses.replace(self.variables, enumerated=enumerated(sides)),
            names=self.names_at(line),
            bare=self.bare,
            plain=plain,
            disjoint=disjoint,
            several=self.several,
            entropies=self.entropies,
        )

    def at(self, line: Line) -> Knowledge:
        """What is known where a line stands: the distributions and independences that its own headings name."""
        headings = line.formula.headings
        found: dict[str, Moments] = {}
        for depth in range(len(headings) + 1):
            found |= self.moments.get(headings[:depth], {})
        told = next((i.variables for i in self.independences if i.counts_at(line.formula)), frozenset())
        return dataclasses.replace(self, assumed=dataclasses.replace(self.assumed, moments=found, independent=told))

    def names_at(self, line: Line) -> dict[str, Term]:
        """What names mean at a line: their first definition under its own heading, else under one above."""
        headings = line.formula.headings
        found: dict[str, Meaning] = {}
        for meaning in self.names:
            above = headings[: len(meaning.headings)] == meaning.headings
            nearer = meaning.name not in found or len(meaning.headings) > len(found[meaning.name].headings)
            if above and nearer:
                found[meaning.name] = meaning
        return {name: m.term for name, m in found.items() if m.line != line.number}

    def defines(self, line: Line) -> bool:
        """Whether a line is where a name gets its meaning."""
        return any(m.line == line.number for m in self.names)


def knowledge_of(lines: Lines, text: str) -> Knowledge:
    """Collect what a document says of probabilities."""
    nodes = tuple(n for n, _ in lines.nodes)
    if not SPEAKS_OF_CHANCE.search(text):
        return Knowledge(speaks=False)
    indexed = frozenset(_indices(nodes))
    told = tuple(_told(lines, text))
    random = frozenset((*_random(tuple(n for n, _ in told)), *_said_random(text)))
    variables = variables_of(nodes, random, indexed)
    families = set(_families(nodes))
    values = dict(_two_valued(nodes, variables, text))
    moments = {} if len(families) > 1 else moments_of(told, variables, values, lines.words_under)
    assumed = Assumed(two_valued=values)
    bases = [f.split("_")[0] for f in families if "_" in f]
    known = Knowledge(
        speaks=True,
        variables=variables,
        bare=dict(bare_distributions(nodes, variables, text)),
        assumed=assumed,
        moments=moments,
        several=len(families) > 1,
        disjoint=DISJOINT.search(text) is not None,
        nested=NESTED.search(text) is not None,
        tied=any(map(_ties, nodes)),
        laws=named_laws(nodes),
        independently=any(map(is_independence, SENTENCE.split(text))),
        independences=tuple(independences(text, lines, SENTENCE, partial(_variables_in, variables=variables))),
        merged=len(set(bases)) == len(bases) and not any(names_its_variables(*found) for found in brackets(nodes)),
        chained=MARKOV.search(text) is not None,
        entropies=ENTROPIES.search(text) is not None,
        settings=Settings(lines=lines),
        computed=frozenset(_computed(nodes, variables)),
    )
    known = dataclasses.replace(known, samples=dict(_samples(nodes, known)))
    for line in lines.lines:
        known = _with_meaning(line, known)
    return known


def _told(lines: Lines, text: str) -> Iterator[Told]:
    """The statements of a text with their headings, and the distributions that it gives in words."""
    for node, formula in lines.nodes:
        yield node, formula.headings
        yield from ((law, formula.headings) for law in laws_of_densities(node))
    for law, start in laws_in_words(text):
        at = next((f for _, f in lines.nodes if f.offset >= start), None)
        yield from ((law, at.headings),) if at is not None else ()


def _samples(nodes: Iterable[Node], known: Knowledge) -> Iterator[tuple[str, Distribution]]:
    """z^{(i)} ~ q(z | x): what the numbered samples of a variable are drawn from."""
    reader = Reading(variables=known.variables, bare=known.bare, several=known.several)
    for node in nodes:
        for chain in (n for n in walk(node) if isinstance(n, Chain) and n.operators == ("~",)):
            sym, law = chain.operands
            if isinstance(sym, Sym) and known.variables.index_of(sym):
                try:
                    variable = known.variables.variable(sym)
                    found = reader.distribution(law, None)
                except NotAProbability:
                    continue
                if {e.variable for e in found.events} == {variable}:
                    yield variable, found


def _ties(node: Node) -> bool:
    """Whether a relation sets one distribution equal to another."""
    if not isinstance(node, Chain):
        return False
    for left, right in pairwise(node.operands):
        both = [n.items for n in (unbraced(left), unbraced(right)) if isinstance(n, Juxt) and len(n.items) == 2]
        heads = [(h, g) for h, g in both if isinstance(h, Sym) and isinstance(g, Group) and h.base in SURE_FAMILIES]
        if len(set(_named(heads))) == 2:
            return True
    return False


def _computed(nodes: Iterable[Node], variables: Variables) -> Iterator[tuple[str, str]]:
    """Y and X of `Y = g(X)`, where both are variables."""
    for node in (n for n in nodes if isinstance(n, Chain) and n.operators[0] in ("=", ":=")):
        left = unbraced(node.operands[0])
        if not has_label(left) or (name := variables.variable(left)) not in variables.known:
            continue
        for sym in (n for n in walk(node.operands[1]) if has_label(n)):
            if (other := variables.variable(sym)) in variables.known - {name}:
                yield name, other


def _families(nodes: Iterable[Node]) -> Iterator[str]:
    return _named(brackets(nodes))


def _named(found: Iterable[tuple[Sym | Fn, Group]]) -> Iterator[str]:
    for head, group in found:
        try:
            yield family_name(head, group)
        except NotAProbability:
            continue


def _with_meaning(line: Line, known: Knowledge) -> Knowledge:
    """What is known after a line: its equation is a definition if it is the first for a name under its heading."""
    name = defined(line)
    taken = any(m.name == name and m.headings == line.formula.headings for m in known.names)
    if name is None or taken or line.right is None or line.operator not in ("=", ":=", "=="):
        return known
    reader = known.reading(line)
    try:
        term = reader.term(line.right)
    except (NotAProbability, RecursionError):
        return known
    if not reader.found:
        return known
    meaning = Meaning(name=name, line=line.number, headings=line.formula.headings, term=term)
    return dataclasses.replace(known, names=(*known.names, meaning))


def _group(items: tuple[Node, ...], k: int) -> Group | None:
    following = items[k + 1] if k + 1 < len(items) else None
    return following if isinstance(following, Group) else None


def _indices(nodes: tuple[Node, ...]) -> Iterator[str]:
    """The letters over which sums and products run between bounds."""
    for root in nodes:
        for node in walk(root):
            below = unbraced(node.below) if isinstance(node, Big) and node.below is not None else None
            if isinstance(below, Chain) and has_label(below.operands[0]):
                yield label(below.operands[0])


def _random(nodes: tuple[Node, ...]) -> Iterator[str]:
    """Letters that stand alone in E[·] and Var(·), capitals inside them, and what is distributed in some way."""
    for root in nodes:
        if isinstance(root, Chain) and "~" in root.operators and isinstance(root.operands[0], Sym):
            yield from _labels(root.operands[0])
        for node in walk(root):
            items = node.items if isinstance(node, Juxt) else ()
            for k, head in enumerate(items):
                group = _group(items, k)
                if isinstance(head, Sym) and group is not None and (is_expectation(head, group) or head.base == "V"):
                    yield from _inside(group.body)
            if isinstance(node, Fn) and node.name in VARIANCES | EXPECTATIONS | {"Cov"} and node.argument is not None:
                inner = node.argument.body if isinstance(node.argument, Group) else node.argument
                for part in listed(inner):
                    yield from _inside(part)


def _inside(body: Node) -> Iterator[str]:
    inner = unbraced(body)
    if isinstance(inner, Listing) and inner.separator == "|":
        inner = unbraced(inner.items[0])
    if isinstance(inner, Sym):
        yield from _labels(inner)
    for node in walk(inner):
        capital = isinstance(node, Sym) and len(node.base) == 1 and node.base.isupper() and not node.fonts
        if isinstance(node, Sym) and capital and node.base not in "EPVH":
            yield from _labels(node)


def _labels(sym: Sym) -> Iterator[str]:
    bare = Sym(base=sym.base, accents=sym.accents, fonts=sym.fonts, sub=sym.sub, span=sym.span)
    if has_label(bare):
        yield label(bare)


def _said_random(text: str) -> Iterator[str]:
    for match in RANDOM.finditer(text):
        yield from _letters_in(match[1])


def _letters_in(prose: str) -> Iterator[str]:
    """The single letters among the formulas of some words."""
    for source in MATHS.findall(prose):
        try:
            nodes = parse(source)
        except ReadError:
            continue
        for node in (p for n in nodes for p in listed(join_letters(n))):
            if isinstance(node, Sym):
                yield from _labels(node)


def _variables_in(sentence: str, variables: Variables) -> frozenset[str]:
    """The known variables that a sentence names."""
    return frozenset(folded for n in _letters_in(sentence) if (folded := variables.folded_name(n)) in variables.known)


def _two_valued(
    nodes: tuple[Node, ...], variables: Variables, text: str
) -> Iterator[tuple[str, tuple[Fraction, Fraction]]]:
    """Variables that are 0 or 1, or −1 or 1, because the text says so."""
    for root in nodes:
        for node in walk(root):
            if isinstance(node, Chain) and node.operators[-1] == "in" and isinstance(node.operands[-1], Group):
                values = _numbers(node.operands[-1])
                for left in node.operands[:-1]:
                    for sym in filter(has_label, listed(left)):
                        if values is not None:
                            yield variables.variable(sym), values
    if TWO_VALUED.search(text):
        taken: dict[str, set[Fraction]] = {}
        for _, group in brackets(nodes):
            for node in (n for n in walk(group.body) if isinstance(n, Chain) and n.operators == ("=",)):
                value = _number(node.operands[1])
                if value is not None and has_label(node.operands[0]):
                    taken.setdefault(variables.variable(node.operands[0]), set()).add(value)
        for variable, numbers in taken.items():
            if numbers <= {Fraction(0), Fraction(1)}:
                yield variable, (Fraction(0), Fraction(1))


def _numbers(group: Group) -> tuple[Fraction, Fraction] | None:
    values = [_number(n) for n in listed(group.body)]
    found = sorted(v for v in values if v is not None)
    return (found[0], found[1]) if len(values) == len(found) == 2 and group.opening == r"\{" else None


def _number(node: Node) -> Fraction | None:
    node = unbraced(node)
    if isinstance(node, Neg):
        inner = _number(node.body)
        return None if inner is None else -inner
    return Fraction(node.text.replace(",", "")) if isinstance(node, Num) else None
