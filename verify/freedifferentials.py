"""Differentials that stand by themselves, df = ∇f(x)^T dx: a d that is a sign, and no letter or part of a fraction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from derive.notation.runs import children
from derive.notation.syntax import Big, Chain, Fn, Fraction, Group, Juxt, Listing, Node, Sym

from .lines import Line

SIGN = "d"
UPRIGHT = "rm"
INTEGRALS = ("int", "iint", "iiint", "oint")
RANDOM = re.compile(r"\b(?:it[oô]|brownian|wiener|stochastic|SDEs?|martingale|quadratic variation)\b", re.IGNORECASE)
NOT_READ = "a differential that stands by itself is not read here"


def is_differential(sign: Node, of: Node | None) -> bool:
    r"""Whether a letter and what follows it are a differential: the d and x of dx or `\mathrm{d}\mathbf{x}`."""
    if not isinstance(sign, Sym) or sign.base != SIGN or sign.sub is not None or sign.sup is not None or sign.primes:
        return False
    if isinstance(of, Group) and (of.opening not in ("(", "\\|") or isinstance(of.body, Listing)):  # d(x, y)
        return False
    return isinstance(of, Sym | Fn | Group) and (UPRIGHT in sign.fonts or sign.span[1] == of.span[0])


def differentials_in(node: Node) -> Iterator[Node]:
    """What the differentials of an expression are of, but for those of derivatives and integrals."""
    if isinstance(node, Big) and node.op in INTEGRALS:
        return
    if isinstance(node, Fraction) and any(True for _ in differentials_in(node.below)):
        return
    if isinstance(node, Juxt):
        yield from (second for first, second in pairwise(node.items) if is_differential(first, second))
    for child in children(node):
        yield from differentials_in(child)


def is_of_differentials(line: Line) -> bool:
    """Whether both sides of a line have differentials that stand by themselves, the right one some of letters."""
    return line.right is not None and are_of_differentials(line.left, line.right)


def are_of_differentials(left: Node, right: Node) -> bool:
    """Whether two sides have differentials that stand by themselves, the right one some of letters."""
    of_letters = any(isinstance(n, Sym) for n in differentials_in(right))
    return of_letters and any(True for _ in differentials_in(left))


def moving_in(roots: Iterable[Node], prose: str) -> tuple[Sym, ...]:
    """The letters of which formulas write differentials, without those of which they say how much they change.

    None where the words speak of random motion, whose differentials obey other laws.
    """
    nodes = [] if RANDOM.search(prose) else list(roots)
    told = {n.base for root in nodes if isinstance(root, Chain) for n in _first_of(root.operands[0])}
    found = (n for root in nodes for n in differentials_in(root) if isinstance(n, Sym) and n.base not in told)
    plain = (replace(n, sup=None, span=(0, 0)) for n in found)
    return tuple(dict.fromkeys(plain))


def _first_of(node: Node) -> Iterable[Sym]:
    """The letter of a left side dL."""
    match node:
        case Juxt(items=(sign, Sym(sup=None) as of, *_)) if is_differential(sign, of):
            yield of
