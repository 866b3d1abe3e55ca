"""Distributions as texts name them: q(z|x), the bare q, what stands below the sign of an expected value."""

from __future__ import annotations

import dataclasses
from abc import ABC
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..notation.syntax import Chain, Fn, Group, Juxt, Listing, Node, Sym
from .events import SET_FONTS, NotAProbability, Variables, conditioned, family_name, is_probability, listed, unbraced
from .measures import Distribution
from .terms import Event, Mass, Term, free_events, within

UNNAMED = "it is not clear under which distribution the mean is taken"


@dataclass(kw_only=True)
class Laws(ABC):
    """Which distribution a formula means, from what stands below E, in KL(·‖·), or before a bracket.

    Attributes:
        variables: how its letters name variables and values.
        names: what the text has defined, by plain name.
        bare: a family without bracket, the q of KL(q‖p), with what stands in its bracket elsewhere.
        plain: whether subscripts of distributions, p_θ, and what stands behind a semicolon are left out.
        disjoint: whether events of which one or the other happens exclude each other.
        several: whether the text has several distributions, so that one left unnamed may be any of them.
        entropies: whether the text speaks of entropies, so that H(x) is one.
        heads: the letters P, p, Q, q that have been read before brackets.
        families: the distributions that have been read.
        doubts: what else the author may have meant.
        found: how many probabilities, expected values, … have been read.
        unions: how many of them are of one event or the other.
        letters: the outcomes that have been read, as they are written.
        measures: how many of them are means, variances, entropies or divergences.
    """

    variables: Variables
    names: Mapping[str, Term] = field(default_factory=dict)
    bare: Mapping[str, Distribution] = field(default_factory=dict)
    plain: bool = False
    disjoint: bool = False
    several: bool = False
    entropies: bool = True
    heads: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    unions: int = 0
    doubts: list[str] = field(default_factory=list)
    found: int = 0
    measures: int = 0
    letters: set[str] = field(default_factory=set)

    def _family(self, head: Sym | Fn, group: Group | None = None) -> str:
        if isinstance(head, Sym) and head.accents:
            self.doubts.append("a distribution with a mark may be an estimate, or not normalised")
        name = family_name(dataclasses.replace(head, sub=None)) if self.plain else family_name(head, group)
        self.families.add(name)
        base = name.split("_")[0]
        if base in self.families and any(f.startswith(f"{base}_") for f in self.families):
            self.doubts.append(f"{base} with a subscript and without may be one distribution")
        return name

    def _doubt_case(self, head: Sym | Fn) -> None:
        """Doubt that P and p are one distribution where a statement has both of them and q as well."""
        self.heads.add(head.base if isinstance(head, Sym) else head.name)
        if {"P", "p"} <= self.heads and len(self.heads) > 2:
            self.doubts.append("P and p may be different distributions")

    def _bracket(self, group: Group) -> tuple[frozenset[Event], frozenset[Event]]:
        """The events of a bracket and its conditions, without parameters where these are left out."""
        events, given = conditioned(group.body)
        return self.variables.events(events), self._conditions(given)

    def _conditions(self, given: Iterable[Node]) -> frozenset[Event]:
        left_out = self.variables.parameters if self.plain else frozenset()
        return frozenset(e for e in self.variables.events(given) if e.variable not in left_out)

    def _law(self, sub: Node | None, inside: Term) -> Distribution:
        """The distribution under which a mean is taken, from what stands below E, or from what is in it."""
        node = unbraced(sub) if sub is not None else None
        if node is None:
            return self._unnamed(inside)
        if isinstance(node, Chain) and node.operators == ("~",):
            law = self.distribution(node.operands[1], self.variables.events(listed(node.operands[0])))
            return law
        if isinstance(node, Listing) and node.separator == "|":
            before, behind = conditioned(node)
            self._doubt_family()
            return Distribution(family="p", events=self.variables.events(before), given=self.variables.events(behind))
        if isinstance(node, Juxt) or (isinstance(node, Sym) and self._family(node) in self.bare):
            return self.distribution(node, None)
        if isinstance(node, Sym) and (node.base in ("p", "q", "P", "Q", "f", "g", "pi") or set(node.fonts) & SET_FONTS):
            return self._of_family(self._family(node), inside)
        self._doubt_family()
        return Distribution(family="p", events=self.variables.events(listed(node)))

    def _of_family(self, family: str, inside: Term) -> Distribution:
        """E_q of what is random; where q(z|x) stands in it, z alone is, and x is given."""
        found = self._random_in(inside)
        own = {(t.events, t.given) for t in within(inside) if isinstance(t, Mass) and t.family == family}
        if len(own) == 1 and (events := next(iter(own))[0]) < found:
            return Distribution(family=family, events=events, given=next(iter(own))[1])
        if len(found) > 1 and not any(events == found for events, _ in own):
            self.doubts.append("it is not clear which variables are random")
        return Distribution(family=family, events=found)

    def _unnamed(self, inside: Term) -> Distribution:
        """The distribution of whatever is random in a term; means within it, E[Y | X], have theirs."""
        free = free_events(inside)
        if any(isinstance(t, Mass) and (t.family != "p" or t.events & free) for t in within(inside)):
            self.doubts.append(UNNAMED)
        self._doubt_family()
        found = self._random_in(inside)
        if len(found) > 1 and len({name[:1].isupper() for name in self.letters}) > 1:
            self.doubts.append("it is not clear which letters are random")
        return Distribution(family="p", events=found)

    def _doubt_family(self) -> None:
        if self.several:
            self.doubts.append(UNNAMED)

    def _random_in(self, inside: Term) -> frozenset[Event]:
        found = frozenset(e for e in free_events(inside) if e.variable in self.variables.random)
        if len(found) > 1 and any(not e.variable.isascii() or len(e.variable.split("_")[0]) > 1 for e in found):
            self.doubts.append("it is not clear which variables are random")
        if not found:
            raise NotAProbability("an expected value in which no variable is known to be random")
        return found

    def distribution(self, node: Node, events: frozenset[Event] | None) -> Distribution:
        """What q(z|x), or the bare q, stands for."""
        node = unbraced(node)
        items = node.items if isinstance(node, Juxt) else (node,)
        if len(items) == 2 and isinstance(items[0], Sym) and isinstance(items[1], Group) and items[0].base.isalpha():
            if not is_probability(items[0], items[1]) and items[0].base not in ("f", "g", "r", "m", "pi", "rho", "mu"):
                raise NotAProbability("this distribution is not read among probabilities")
            found, given = self._bracket(items[1])
            if {e.variable for e in found} & {e.variable for e in given}:
                raise NotAProbability("one variable stands before and behind the bar")
            if events is not None and {e.variable for e in events} == {e.variable for e in found}:
                found = events
            elif events is not None:
                raise NotAProbability("the variables of an expected value and of its distribution differ")
            return Distribution(family=self._family(items[0]), events=found, given=given)
        if len(items) == 1 and isinstance(items[0], Sym):
            name = self._family(items[0])
            if events is not None:
                return Distribution(family=name, events=events)
            if name in self.bare:
                return self.bare[name]
        raise NotAProbability("this distribution is not read among probabilities")
