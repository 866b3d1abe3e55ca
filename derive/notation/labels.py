r"""Labels that count classes, told by how they stand: p_{y_i}, Σ_{j≠y_i}, 1[y_i = k], and nowhere as a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from .conventions import PROBABILITY_LETTERS
from .runs import children, walk
from .syntax import Array, Big, Chain, Group, Juxt, Listing, Node, Num, Sym

LETTERS = frozenset({"y", "t", "c"})  # what labels are called
BARE = "y"
RUNNING = "cklmqrvu"  # for the classes that a label is summed over
ENDING = "hot"
EQUAL_OR_NOT = frozenset({"=", "!="})
ONES = frozenset({"1", "I"})


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The labels of a text.

    Attributes:
        letters: what they are called, and whether with a data point's index: `("y", True)` for y_i.
        unused: letters that the text does not use.
    """

    letters: frozenset[tuple[str, bool]] = frozenset()
    unused: tuple[str, ...] = ()

    def __contains__(self, sym: Sym) -> bool:
        """Whether a letter is one of them."""
        return _key(sym) in self.letters and _may_be_label(sym)


def is_one_hot(name: str) -> bool:
    """Whether a quantity stands for a label: it is 1 at one class, and else 0."""
    base = name.split("_")[0]
    return base.endswith(ENDING) and base.removesuffix(ENDING) in LETTERS


def one_hot_name(label: Sym) -> str:
    """The plain name of what stands for a label."""
    return label.base + ENDING


def labels_in(nodes: Iterable[Node]) -> Labels:
    """The letters that stand for classes below others, or beside a class, and nowhere for a number."""
    nodes = tuple(nodes)
    used = {_key(s) for node in nodes for s in _uses(node)}
    numbers = {s.base for node in nodes for s in _numbers(node, top=True)} if used else set()
    found = frozenset(k for k in used if k[0] not in numbers)
    taken = {s.base for node in nodes for s in walk(node) if isinstance(s, Sym)} if found else set()
    return Labels(letters=found, unused=tuple(c for c in RUNNING if c not in taken))


def condition_on_class(node: Node, labels: Labels) -> tuple[Sym, Sym, bool] | None:
    """The label, the class and whether they are equal, of a statement such as j ≠ y_i; None for anything else."""
    pair = list(beside_a_class(node, EQUAL_OR_NOT))
    if len(pair) != 1 or pair[0] not in labels or not isinstance(node, Chain):
        return None
    other = next(n for n in node.operands if n is not pair[0])
    plain = isinstance(other, Sym) and not (other.sub or other.sup or other.accents)
    return (pair[0], other, node.operators == ("=",)) if plain and isinstance(other, Sym) else None


# -- which letters are labels --------------------------------------------------------------------------


def _uses(node: Node) -> Iterator[Sym]:
    """The labels of classes, by how they stand: y_i below another letter, Σ_{j≠y_i}, 1[y_i = k]."""
    for part in walk(node):
        if isinstance(part, Sym) and part.sub is not None and not isinstance(part.sub, Chain):
            yield from (s for s in _listed(part.sub) if _may_be_label(s) and (s.sub or s.sup))
        if isinstance(part, Big) and part.op == "sum":
            yield from beside_a_class(part.below, ("!=",))
        for condition in (condition_of(part), *conditions_in(part)):
            if condition is not None and all(isinstance(n, Sym) for n in condition.operands):  # y = 1 says no class
                yield from beside_a_class(condition, EQUAL_OR_NOT)


def beside_a_class(chain: Node | None, operators: Iterable[str]) -> Iterator[Sym]:
    """The labels that a condition compares with a class; y is one without an index, too."""
    if isinstance(chain, Chain) and len(chain.operands) == 2 and chain.operators[0] in operators:
        found = (n for n in chain.operands if isinstance(n, Sym) and _may_be_label(n))
        yield from (n for n in found if n.base == BARE or n.sub is not None or n.sup is not None)


def _key(sym: Sym) -> tuple[str, bool]:
    return sym.base, sym.sub is not None or sym.sup is not None


def _may_be_label(sym: Sym) -> bool:
    return sym.base in LETTERS and not (sym.accents or sym.primes or isinstance(sym.sub, Chain))


def _listed(sub: Node) -> tuple[Sym, ...]:
    """The letters that stand side by side in a subscript."""
    parts = sub.items if isinstance(sub, Juxt | Listing) else (sub,)
    return tuple(p for p in parts if isinstance(p, Sym))


def condition_of(node: Node) -> Chain | None:
    """The condition of an indicator that is one node, 1_{y = k}, or two, 1[y = k]."""
    if isinstance(node, Juxt):
        groups = (b for a, b in pairwise(node.items) if is_one(a) and isinstance(b, Group))
        return next((g.body for g in groups if isinstance(g.body, Chain)), None)
    ones = (isinstance(node, Sym) and is_one(node)) or _is_braced_one(node)
    inner = node.sub if ones and isinstance(node, Sym | Group) else None
    inner = inner.body if isinstance(inner, Group) else inner
    return inner if isinstance(inner, Chain) else None


def conditions_in(node: Node) -> Iterator[Chain]:
    """The conditions of a table of cases."""
    if isinstance(node, Array) and node.style.endswith("cases"):
        for cell in (c for row in node.rows for c in row[1:]):
            parts = cell.items if isinstance(cell, Listing | Juxt) else (cell,)
            yield from (p for p in parts if isinstance(p, Chain))


def is_one(node: Node) -> bool:
    """Whether a node is the 1 of an indicator."""
    if isinstance(node, Num):
        return node.text == "1"
    return isinstance(node, Sym) and node.base in ONES and bool({"bb", "bold"} & set(node.fonts))


def _is_braced_one(node: Node) -> bool:
    return isinstance(node, Group) and isinstance(node.body, Num) and node.body.text == "1"


def _numbers(node: Node, *, top: bool = False) -> Iterator[Sym]:
    """The letters that stand for numbers: not below others, nor in conditions, nor as arguments."""
    if isinstance(node, Sym):
        if not top and not (node.accents or node.primes):
            yield node
        return
    if isinstance(node, Chain):
        for operand in node.operands if top else ():
            yield from _numbers(operand, top=isinstance(operand, Sym))
        return
    if isinstance(node, Listing):
        for item in node.items:
            yield from _numbers(item, top=True)
        return
    if isinstance(node, Big):
        yield from _numbers(node.body)
        return
    items = node.items if isinstance(node, Juxt) else ()
    heads = {id(b) for a, b in pairwise(items) if isinstance(a, Sym)}
    events = bool(items) and isinstance(items[0], Sym) and items[0].base in PROBABILITY_LETTERS
    for child in children(node):
        bare = id(child) in heads and isinstance(child, Group) and isinstance(child.body, Sym | Listing)
        if not (bare or (events and isinstance(child, Group)) or isinstance(child, Chain)):
            yield from _numbers(child)


# -- statements ----------------------------------------------------------------------------------------


def uses_of(node: Node, labels: Labels) -> Iterator[Sym]:
    """The labels in a statement, each wherever it stands."""
    for part in walk(node):
        if isinstance(part, Sym) and part.sub is not None and not isinstance(part.sub, Chain):
            yield from (s for s in _listed(part.sub) if s in labels)
        if isinstance(part, Big) and part.op == "sum":
            yield from (s for s in beside_a_class(part.below, ("!=",)) if s in labels)
        for condition in (condition_of(part), *conditions_in(part)):
            yield from (s for s in beside_a_class(condition, EQUAL_OR_NOT) if s in labels)


def labels_below(node: Node) -> Iterator[Sym]:
    """What stands below letters, and beside a class below a sum."""
    for part in walk(node):
        if isinstance(part, Sym) and part.sub is not None:
            yield from _listed(part.sub)
        if isinstance(part, Big):
            yield from beside_a_class(part.below, ("!=",))
        for condition in conditions_in(part):
            yield from beside_a_class(condition, EQUAL_OR_NOT)
