"""Means, divergences and normal densities as functions of what stands in them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from derive.notation.runs import walk
from derive.notation.syntax import Chain, Group, Juxt, Listing, Node, Num, Sym
from derive.standards.standard import Standard

from .letters import GREEK, Atom, State, Term, is_constant
from .sums import Sums
from .values import Unclear, Value, density

WEIGHING = frozenset({"p", "q", "P", "Q"})  # laws that are read as probabilities of what is drawn
WORLDS = 3
APART = 100  # worlds are numbered beyond all indices
NORMALS = frozenset({"N", "Normal", "normal", "Norm"})
DIVERGENCE = frozenset({"KL", "KLD"})
BARS = ("||", "|", ",")
SEPARATORS = (";", "|", ",")


@dataclass
class Laws(Sums):
    """Reads what is made of distributions."""

    def _expected(self, below: Node | None, body: Node) -> Term:
        """E[…] as a mean over worlds in which every Latin letter has other values, weighted by what is drawn from."""
        law = _law(below)
        weight = self.term(law) if law is not None else None
        if isinstance(body, Listing) and body.separator == "|":
            if any(isinstance(n, Num) for n in walk(body.items[1])):  # E[Y | T = 1] − E[Y | T = 0]
                raise Unclear("an expected value where something has a value is not read here")
            body = body.items[0]
        term = self.term(body)
        fixed = any(isinstance(n, Sym) and n.base not in GREEK for n in walk(body))  # else all of it is random

        def mean(s: State) -> Value:
            worlds = [_in_world(s, k, fixed=fixed) for k in range(1, WORLDS + 1)]
            return sum((weight(w) if weight is not None else 1 / WORLDS) * term(w) for w in worlds)

        return mean

    def _divergence(self, node: Node) -> Term:
        """KL(p ‖ q) = Σ p log(p / q), over worlds."""
        if not (isinstance(node, Listing) and node.separator in BARS and len(node.items) == 2):
            raise Unclear("a divergence has two distributions")
        p, q = (self.term(n) for n in node.items)

        def total(s: State) -> Value:
            worlds = [_in_world(s, k, fixed=True) for k in range(1, WORLDS + 1)]
            return sum(p(w) * np.log(p(w) / q(w)) for w in worlds)

        return total

    def _normal(self, node: Node) -> Term:
        """N(x; m, V), and N(m, V) at a point."""
        named, parameters = None, node
        if isinstance(node, Listing) and node.separator in SEPARATORS[:2] and len(node.items) == 2:
            named, parameters = node.items
        if not (isinstance(parameters, Listing) and parameters.separator == "," and len(parameters.items) in (2, 3)):
            raise Unclear("a normal distribution has a mean and a variance")
        *first, mean, spread = (self.term(n) for n in parameters.items)
        if first and named is not None:
            raise Unclear("a normal distribution has a mean and a variance")
        point = first[0] if first else self.term(named) if named is not None else None
        return lambda s: density(point(s) if point is not None else 0.0, mean(s), spread(s))


def is_divergence(head: Sym) -> bool:
    """Whether a letter is that of a Kullback-Leibler divergence: D_{KL}."""
    below = head.sub.base if isinstance(head.sub, Sym) else ""
    if isinstance(head.sub, Juxt):
        below = "".join(n.base for n in head.sub.items if isinstance(n, Sym))
    return head.sup is None and (head.base in DIVERGENCE or (head.base in ("D", "d") and below.upper() in DIVERGENCE))


def is_normal(head: Sym, group: Group) -> bool:
    """Whether a letter before a bracket is the normal distribution."""
    scripted = head.sub is not None or head.sup is not None
    return not scripted and head.base in NORMALS and bool(head.fonts) and isinstance(group.body, Listing)


def _law(below: Node | None) -> Node | None:
    """What an expected value is taken under: the p(x) of E_{x ~ p(x)}; None where only the variable is named."""
    if isinstance(below, Chain):
        if below.operators != ("~",):
            raise Unclear("an expected value of what is drawn in a way of its own is not read here")
        below = below.operands[1]
        if any(isinstance(n, Sym) and n.base == "cdot" for n in walk(below)):  # P(· | s, a)
            return None
        return below if isinstance(below, Juxt) or not isinstance(below, Sym) or below.base in "pqPQ" else None
    return below if isinstance(below, Juxt) or (isinstance(below, Sym) and below.base in "pqPQ") else None


def _in_world(s: State, world: int, *, fixed: bool) -> State:
    """The state in which Latin letters have other values; constants too, where all is random."""
    outside = s.value_of

    def value_of(atom: Atom, at: tuple[int, ...]) -> Value:
        return outside(atom, at if fixed and is_constant(atom) else (*at, APART * world))

    return dataclasses.replace(s, value_of=value_of)


def draws_otherwise(right: Node, row: Standard) -> bool:
    """Whether expected values have a law below them, E_{x ∼ p}, of which the formulas of a row say nothing."""
    below = (n.sub for n in walk(right) if isinstance(n, Sym) and n.base == "E" and n.sub is not None)
    laws = (n.operands[-1] for sub in below for n in walk(sub) if isinstance(n, Chain) and "~" in n.operators)
    drawn = any(isinstance(n, Sym) and n.base in WEIGHING for law in laws for n in walk(law))
    return drawn and not any(r"\sim" in formula for formula in (*row.formulas, *row.also))


def writes_a_normal(latex: str) -> bool:
    """Whether a usual formula names normal distributions with their parameters."""
    return r"\mathcal{N}(" in latex


def names_a_normal(right: Node) -> bool:
    """Whether a right side names normal distributions, N(z; μ, diag(σ²)) or ∏ N(y_n | μ, σ), with no formula of them.

    Whether what stands behind the mean is a variance or a standard deviation is for the text to say.
    """
    products = (n.items for n in walk(right) if isinstance(n, Juxt))
    called = (pair for items in products for pair in pairwise(items))
    return any(isinstance(a, Sym) and isinstance(b, Group) and is_normal(a, b) for a, b in called)
