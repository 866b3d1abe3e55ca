"""Which letters of a claim are random variables, and which events: by where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from derive.chances.events import unbraced
from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Group, Juxt, Listing, Node, Num, Sym

from ..moments.notation import operators

CHANCES = frozenset({"P", "Pr"})
MASSES, DENSITIES, TOTALS = frozenset({"p", "P"}), frozenset({"f"}), frozenset({"F"})
CAPITALS = frozenset("ABCDEGHKSTUVWXYZ")
NAMED = frozenset({"mu", "sigma"})
HATS = frozenset({"hat", "widehat"})


def pairs_in(root: Node) -> Iterator[tuple[Sym, Group]]:
    """The letters right before brackets, with these."""
    for juxt in (n for n in walk(root) if isinstance(n, Juxt)):
        for head, group in pairwise(juxt.items):
            if isinstance(head, Sym) and isinstance(group, Group):
                yield head, group


def named_below(head: Sym) -> tuple[tuple[Sym, ...], tuple[Sym, ...]] | None:
    """The variables below p_{Y | X}, before and behind the bar; None if something else stands there."""
    sub = unbraced(head.sub) if head.sub is not None else None
    halves = sub.items if isinstance(sub, Listing) and sub.separator in ("|", "mid") else (sub,)
    if len(halves) > 2 or any(h is None for h in halves):
        return None
    found = [_capitals(unbraced(h)) for h in halves if h is not None]
    if any(letters is None for letters in found):
        return None
    first, *others = (letters for letters in found if letters is not None)
    return first, others[0] if others else ()


def _capitals(node: Node) -> tuple[Sym, ...] | None:
    items = node.items if isinstance(node, Juxt | Listing) else (node,)
    letters = tuple(n for n in items if isinstance(n, Sym) and n.base in CAPITALS)
    return letters if len(letters) == len(items) else None


def variables_in(roots: Iterable[Node]) -> frozenset[str]:
    """The letters that are compared with values, stand below a distribution, or have a mean."""
    found: set[str] = set()
    for root in roots:
        for head, group in pairs_in(root):
            if is_mean_of(head, group) and isinstance(head.sub, Sym):
                found.add(head.sub.base)
            if head.base in CHANCES and head.sub is None:
                chains = (n for n in walk(group.body) if isinstance(n, Chain))
                found |= {o.base for c in chains for o in c.operands if isinstance(o, Sym) and o.base in CAPITALS}
                sets = (c.operands[-1] for c in walk(group.body) if isinstance(c, Chain) and c.operators[-1] == "in")
                found -= {s.base for s in sets if isinstance(s, Sym)}
            elif head.base in MASSES | DENSITIES | TOTALS and (below := named_below(head)) is not None:
                found |= {n.base for half in below for n in half}
        named = (n.sub for n in walk(root) if isinstance(n, Sym) and n.base in NAMED and n.sub is not None)
        found |= {n.base for sub in named for n in _capitals(unbraced(sub)) or ()}
        for _, group in operators(root):
            found |= {n.base for n in walk(group.body) if isinstance(n, Sym) and n.base in CAPITALS - {"A", "B"}}
    return frozenset(found)


def numerals_in(roots: Iterable[Node]) -> tuple[float, ...]:
    """The numbers with which variables are compared: in the brackets of probabilities and distributions."""
    found: set[float] = set()
    for head, group in (pair for root in roots for pair in pairs_in(root)):
        if head.base in CHANCES | MASSES | DENSITIES | TOTALS | {"E", "I", "1"}:
            found |= {float(n.text.replace(",", "")) for n in walk(group.body) if isinstance(n, Num)}
    return tuple(sorted(found))


def errors_in(roots: Iterable[Node]) -> frozenset[str]:
    """The letters E that stand with a hat before a bracket: E(h) is an error then, and no mean."""
    pairs = (pair for root in roots for pair in pairs_in(root))
    return frozenset(head.base for head, _ in pairs if HATS & set(head.accents) and head.base in CAPITALS)


def classes_in(roots: Iterable[Node]) -> frozenset[str]:
    """The letters of sets that ∃ and ∀ speak of."""
    chains = (n for root in roots for n in walk(root) if isinstance(n, Chain) and n.operators[0] == "in")
    quantified = (c for c in chains if isinstance(c.operands[0], Juxt) and len(c.operands) > 2)
    return frozenset(c.operands[1].base for c in quantified if isinstance(c.operands[1], Sym))


def is_mean_of(head: Node, group: Node) -> bool:
    """Whether a mean names the variable that it is over: E_X[f(X)]."""
    if not isinstance(head, Sym) or head.base != "E" or head.sup is not None or not isinstance(group, Group):
        return False
    sub = unbraced(head.sub) if head.sub is not None else None
    return isinstance(sub, Sym) and sub.base in CAPITALS and any(n == sub.base for n in _bases(group))


def _bases(node: Node) -> Iterator[str]:
    return (n.base for n in walk(node) if isinstance(n, Sym))


def means_by_law(head: Node, group: Node) -> tuple[Node, Sym] | None:
    """The law below the sign of a mean or a variance over a letter, and this: E_{x ∼ q}[…]; None of anything else."""
    if (
        not isinstance(head, Sym)
        or head.base not in {"E", "Var", "var"}
        or head.sup is not None
        or not isinstance(group, Group)
    ):
        return None
    sub = unbraced(head.sub) if head.sub is not None else None
    if not isinstance(sub, Chain) or sub.operators != ("~",) or not isinstance(sub.operands[0], Sym):
        return None
    return sub.operands[1], sub.operands[0]


def speaks_of_densities(roots: Iterable[Node]) -> bool:
    """Whether a claim has integrals, or densities f_X."""
    nodes = [n for root in roots for n in walk(root)]
    integrals = any(isinstance(n, Big) and n.op == "int" for n in nodes)
    return integrals or any(isinstance(n, Sym) and n.base in DENSITIES and n.sub is not None for n in nodes)
