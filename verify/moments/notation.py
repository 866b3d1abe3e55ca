"""How means, variances and covariances are written, and of which letters they are taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from derive.chances.events import unbraced
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Bin, Fn, Group, Juxt, Listing, Node, Num, Sym

MEANS = frozenset({"E"})
SPREADS = frozenset({"Var", "var", "V"})
TOGETHER = frozenset({"Cov", "cov", "Corr", "corr"})
VARIABLES = frozenset("XYZUVW")
FUNCTIONS = frozenset("fgh")


class Name(NamedTuple):
    """What tells one letter from another: its fonts, marks and label, but no index."""

    base: str
    fonts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    label: str = ""


def name_of(sym: Sym) -> Name:
    """A letter with its marks and fonts, and with what stands below it unless that is an index."""
    label = repr(unplaced(sym.sub)) if sym.sub is not None and is_label(sym.sub) else ""
    fonts = tuple(f for f in sym.fonts if f != "rm")
    return Name(base=sym.base, fonts=fonts, marks=(*sym.accents, *("'" * sym.primes)), label=label)


def is_label(sub: Node | None) -> bool:
    """Whether what stands below a letter is a label, σ_{MLE}, and no index: i, 1, i + 1, or several of these."""
    sub = unbraced(sub) if sub is not None else None
    match sub:
        case None | Num():
            return False
        case Sym(base=base, fonts=fonts, sub=None, sup=None):
            return len(base) > 1 or not base.islower() or bool(fonts)
        case Bin(left=left, right=right):
            return is_label(left) or is_label(right)
        case Listing(items=items) | Juxt(items=items):
            return any(map(is_label, items))
    return True


def operator(node: Node) -> tuple[str, Group] | None:
    """The name of a mean, variance or covariance and its bracket; None of anything else."""
    match node:
        case Fn(name=name, argument=Group() as group, sub=None, sup=None) if name in MEANS | SPREADS | TOGETHER:
            return name, group
        case Juxt(items=(Sym(base=name, sub=None, sup=None, accents=()) as head, Group() as group)):
            if name in MEANS | SPREADS | TOGETHER and (name != "V" or "bb" in head.fonts):
                return name, group
    return None


def operators(root: Node) -> Iterator[tuple[str, Group]]:
    """The means, variances and covariances in an expression, with their brackets."""
    for node in walk(root):
        parts = [node]
        if isinstance(node, Juxt) and len(node.items) > 2:
            parts += [Juxt(items=pair, span=pair[0].span) for pair in zip(node.items, node.items[1:], strict=False)]
        yield from (found for part in parts if (found := operator(part)) is not None)


def application(pair: Node) -> tuple[Sym, Group] | None:
    """The function and the bracket of f(x); None of any other two things side by side."""
    match pair:
        case Juxt(items=(Sym(base=base, sup=None) as head, Group(opening="(") as group)) if base in FUNCTIONS:
            return head, group
    return None


def random_arguments(roots: Iterable[Node]) -> list[Sym]:
    """The letters of whose functions moments are taken, x of Var(f(x)), each if it stands in moments only."""
    roots = list(roots)
    inside = [sym for root in roots for _, group in operators(root) for sym in _arguments(group.body)]
    every = Counter(map(name_of, (sym for root in roots for sym in _arguments(root))))
    taken = Counter(map(name_of, inside))
    return [sym for sym in inside if taken[name_of(sym)] == every[name_of(sym)]]


def _arguments(root: Node) -> Iterator[Sym]:
    for juxt in (n for n in walk(root) if isinstance(n, Juxt)):
        for pair in zip(juxt.items, juxt.items[1:], strict=False):
            called = application(Juxt(items=pair, span=juxt.span))
            if called is not None and isinstance(called[1].body, Sym):
                yield called[1].body


def random_letters(root: Node) -> Iterator[Sym]:
    """The letters of which a moment is taken, Var(ε), and the capitals with an index in one, E[(X_i − c)²]."""
    for _, group in operators(root):
        items = group.body.items if isinstance(group.body, Listing) else (group.body,)
        yield from (n for n in items if isinstance(n, Sym) and n.sup is None)
        syms = (n for n in walk(group.body) if isinstance(n, Sym))
        yield from (n for n in syms if n.base in VARIABLES and isinstance(n.sub, Sym | Num) and not n.accents)
