"""What is small in a relation about a smooth function: the h of f(x + h) beside f(x)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise

from sympy import Expr, Symbol

from derive.notation.dictionary import Dictionary
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Group, Juxt, Node, Sym

from .smooth import UNIT, Place, SmoothReader, Steps, directions_of, is_unit, text_of

CHANGES = frozenset({"Delta", "delta"})
REMAINDERS = frozenset({"o", "O"})


def steps_of(nodes: tuple[Node, ...], dictionary: Dictionary | None, defined: Collection[str] = ()) -> Steps | None:
    """What is small in a relation: the letters that are added in some places of a function and not in all.

    Args:
        nodes: the sides.
        dictionary: what the letters of the text mean; without one any letter may be a function.
        defined: the names that the text defines, which are not any function.
    Returns: None if there is no function of which nothing is said, or it stands at one place only.
    """
    units = any(is_unit(n) for top in nodes for n in walk(top) if isinstance(n, Sym))
    units = units and dictionary is not None and _says_units(dictionary)
    calls = [(f, g) for top in nodes for f, g in _calls(top) if _is_letter(f)]
    if dictionary is not None:
        calls = [(f, g) for f, g in calls if dictionary.function(f.base) is None and f.base not in defined]
    names = frozenset(f.base for f, _ in calls)
    if not names:
        return None
    changes = frozenset(c for c in CHANGES if not any(_stands_alone(c, n) for n in nodes))
    reader = SmoothReader(steps=Steps(functions=names, units=units, changes=changes))
    places: dict[str, set[Place]] = {}
    for f, group in calls:
        places.setdefault(f.base, set()).add(reader.arguments(group))
    small: set[Symbol] = set()
    moved: dict[Symbol, Symbol] = {}
    for found in places.values():
        for position in zip(*found, strict=True) if len({len(p) for p in found}) == 1 else ():
            small |= {s for p in position for d, step in directions_of(p) if d for s in _plain(step)}
            common = frozenset.intersection(*(frozenset(_plain(p)) for p in position))
            every = frozenset().union(*(_plain(p) for p in position))
            if common:
                added = every - common - reader.letters.keys()
                small |= {s for s in added if all(p.diff(s).diff(s) == 0 for p in position)}
            elif len(position) == 2 and all(isinstance(p, Symbol) for p in position):
                moved |= _near(nodes, *position)
    if not small and not moved:
        return None
    return Steps(functions=names, small=frozenset(small), moved=moved, units=units, changes=changes)


def _near(nodes: tuple[Node, ...], a: Expr, b: Expr) -> dict[Symbol, Symbol]:
    """x to a, where a relation takes derivatives at a and x − a as the step."""
    differences = {
        (text_of(n.left), text_of(n.right))
        for top in nodes
        for n in walk(top)
        if isinstance(n, Bin) and n.op == "-" and isinstance(n.left, Sym) and isinstance(n.right, Sym)
    }
    for x, at in ((a, b), (b, a)):
        if (str(x), str(at)) in differences and isinstance(x, Symbol) and isinstance(at, Symbol):
            return {x: at}
    return {}


def _stands_alone(letter: str, node: Node) -> bool:
    """Whether a letter is used by itself, so that it is no change of the next one: δ e_j beside 1/δ."""
    joined = [pair[0] for n in walk(node) if isinstance(n, Juxt) for pair in pairwise(n.items) if _is_change(*pair)]
    alone = [n for n in walk(node) if isinstance(n, Sym) and n.base == letter]
    return any(not any(n is first for first in joined) for n in alone)


def _is_change(sign: Node, following: Node) -> bool:
    return isinstance(sign, Sym) and sign.sub is None and isinstance(following, Sym) and not is_unit(following)


def _calls(node: Node) -> Iterator[tuple[Sym, Group]]:
    for juxt in (n for n in walk(node) if isinstance(n, Juxt)):
        for head, group in pairwise(juxt.items):
            if isinstance(head, Sym) and isinstance(group, Group) and group.opening in ("(", "["):
                yield head, group


def _is_letter(head: Sym) -> bool:
    """Whether what stands before a bracket is a letter that may be a function."""
    plain = not (head.sub or head.sup or head.accents) and head.base.isalpha() and len(head.base) == 1
    return plain and head.base not in REMAINDERS


def _plain(expr: Expr) -> set[Symbol]:
    return {s for s in expr.free_symbols if isinstance(s, Symbol) and not s.name.startswith(UNIT)}


def _says_units(dictionary: Dictionary) -> bool:
    return any(word in dictionary.prose.lower() for word in ("unit", "basis", "standard", "canonical", "coordinate"))
