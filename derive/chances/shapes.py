"""What formulas about probabilities look like: differentials, words of several letters, how far a function reaches."""

from __future__ import annotations

import dataclasses

from ..notation.runs import walk
from ..notation.syntax import Big, Bin, Empty, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Sym
from .events import NotAProbability, conditioned, unbraced
from .terms import Mass, Term, within

RANDOM = frozenset("XYZU")
COVARIANCES = frozenset({"Cov", "cov"})
FUNCTIONS = frozenset(
    {"f", "g", "h", "r", "R", "T", "u", "phi", "psi", "F", "G", "J", "L", "cal L", "ell", "Q", "V", "l"}
)
DIVERGENCES = frozenset({"KL", "D_KL", "D_(KL)", "KLD", "D_K,L", "D"})


def ranged(letter: str, inside: Term) -> str | None:
    """The variable that takes the value `letter` somewhere inside a sum over it."""
    for mass in (m for m in within(inside) if isinstance(m, Mass)):
        for event in sorted(mass.events | mass.given, key=str):
            if event.value == letter:
                return event.variable
    return None


def without_differentials(node: Node) -> tuple[Node | None, list[Node]]:
    """An integrand without the dx at its end (or beginning), and the letters of its differentials."""
    if isinstance(node, Juxt):
        items = list(node.items)
        letters: list[Node] = []
        while len(items) >= 2 and isinstance(items[-2], Sym) and items[-2].base == "d" and isinstance(items[-1], Sym):
            letters.insert(0, items.pop())
            items.pop()
        if not letters and len(items) > 2 and isinstance(items[0], Sym) and items[0].base == "d":
            letters, items = [items[1]], items[2:]
        if not letters and items:
            last, letters = without_differentials(items[-1])
            items = items[:-1] + ([] if last is None else [last])
        whole = items[0] if len(items) == 1 else Juxt(items=tuple(items), span=node.span) if items else None
        return whole, letters
    if isinstance(node, Fn) and node.argument is not None and not isinstance(node.argument, Group):
        inner, letters = without_differentials(node.argument)
        return (dataclasses.replace(node, argument=inner), letters) if inner is not None else (node, [])
    if isinstance(node, Big):
        inner, letters = without_differentials(node.body)
        if node.op in ("int", "iint") and inner is not None and len(letters) > 1:
            own = Juxt(items=(inner, Sym(base="d", span=node.span), letters[0]), span=node.span)
            return dataclasses.replace(node, body=own), letters[1:]
        return (
            (dataclasses.replace(node, body=inner), letters) if inner is not None and node.op == "sum" else (node, [])
        )
    if isinstance(node, Bin) and node.op in ("cdot", "times", "*"):
        inner, letters = without_differentials(node.right)
        return (dataclasses.replace(node, right=inner), letters) if inner is not None else (node.left, letters)
    return node, []


def is_whole(below: Node, above: Node) -> bool:
    """Whether an integral reaches over the whole line."""
    low, high = unbraced(below), unbraced(above)
    negative = isinstance(low, Neg) and isinstance(low.body, Sym) and low.body.base == "infty"
    if isinstance(high, Bin) and isinstance(high.left, Empty):  # +∞
        high = unbraced(high.right)
    return negative and isinstance(high, Sym) and high.base == "infty"


def worded(items: list[Node], names: frozenset[str] = frozenset()) -> list[Node]:
    """Capitals side by side as one name (E L B O), Var, Cov and other known names of several letters as one."""
    for size in sorted({5, 4, 3, *(len(n) for n in names if len(n) > 2)}, reverse=True):
        run = items[:size]
        if len(run) == size and all(isinstance(n, Sym) and not n.accents and len(n.base) == 1 for n in run):
            word = "".join(n.base for n in run if isinstance(n, Sym))
            plain = all(n.sub is None and n.sup is None for n in run[:-1] if isinstance(n, Sym))
            if plain and (word.isupper() or word in ("Var", "Cov", "var", "cov") or word in names):
                last = run[-1]
                assert isinstance(last, Sym)
                joined = dataclasses.replace(last, base=word, span=(run[0].span[0], last.span[1]))
                return [joined, *items[size:]]
    return items


def is_expectation(head: Sym, group: Group | None) -> bool:
    """Whether a letter is the sign of an expected value: 𝔼, E_q, E[…]; a plain E(…) may be an error."""
    if head.base not in ("E", "Ep") or head.sup is not None or head.accents:
        return False
    if head.fonts or head.sub is not None:
        return True
    return group is not None and (group.opening in ("[", r"\{") or _is_of_random(group.body))


def _is_of_random(body: Node) -> bool:
    """Whether a bracket holds an expression in letters by which texts write random variables: E(X²)."""
    return not isinstance(body, Listing) and any(isinstance(n, Sym) and n.base in RANDOM for n in walk(body))


def is_argument(group: Group) -> bool:
    """Whether a bracket holds names only."""
    try:
        nodes = [n for half in conditioned(group.body) for n in half]
    except NotAProbability:
        return False
    return all(isinstance(unbraced(n), Sym) for n in nodes)


def is_barred(body: Node) -> bool:
    """Whether a bracket holds a condition."""
    return isinstance(body, Listing) and body.separator == "|"


def is_one(items: list[Node]) -> bool:
    """Whether factors side by side are one: a bracket, a letter with its bracket, a function of one thing."""
    if len(items) == 1:
        only = items[0]
        inner = only.argument if isinstance(only, Fn) else None
        return inner is None or is_one(list(inner.items) if isinstance(inner, Juxt) else [inner])
    return len(items) == 2 and isinstance(items[0], Sym | Fn) and isinstance(items[1], Group)


def differentiated_by(node: Node, *, of: bool = False) -> Node | None:
    """The θ of ∇_θ and of ∂/∂θ; with `of` that of ∂A/∂θ, where something is differentiated above the line."""
    if not of and isinstance(node, Sym) and node.base == "nabla" and node.sup is None:
        return node.sub
    if not isinstance(node, Fraction) or not isinstance(node.below, Juxt) or len(node.below.items) != 2:
        return None
    sign, wrt = node.below.items
    first = node.above.items[0] if of and isinstance(node.above, Juxt) else node.above
    signs = [n.base for n in (sign, first) if isinstance(n, Sym) and n.sup is None]
    return wrt if isinstance(wrt, Sym) and signs in (["partial", "partial"], ["d", "d"]) else None
