r"""Labels that count classes, told by how they stand: p_{y_i}, Σ_{j≠y_i}, 1[y_i = k], and nowhere as a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .conventions import PROBABILITY_LETTERS
from .runs import children, rebuild, walk, with_children
from .scope import binder
from .syntax import Array, Big, Bin, Chain, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym

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
        return _key(sym) in self.letters and _is_plain(sym)


def is_one_hot(name: str) -> bool:
    """Whether a quantity stands for a label: it is 1 at one class, and else 0."""
    base = name.split("_")[0]
    return base.endswith(ENDING) and len(base) == len(ENDING) + 1


def one_hot_name(label: Sym) -> str:
    """The plain name of what stands for a label."""
    return label.base + ENDING


def before_classes(node: Node) -> Node:
    """What the author wrote, but for its label, where it was written out as a sum over the classes: S(f_c)."""
    if not isinstance(node, Big) or not isinstance(node.body, Juxt) or len(node.body.items) != 2:
        return node
    entry, inner = node.body.items
    written_out = isinstance(entry, Sym) and is_one_hot(entry.base) and isinstance(inner, Group)
    return inner.body if written_out and isinstance(inner, Group) else node


def labels_in(nodes: Iterable[Node]) -> Labels:
    """The letters that stand for classes below others, or beside a class, and nowhere for a number."""
    nodes = tuple(map(with_indicators, nodes))
    used = {_key(s) for node in nodes for s in _uses(node)} | {(letter, False) for letter in _left_open(nodes)}
    numbers = {s.base for node in nodes for s in _numbers(node, top=True)} if used else set()
    found = frozenset(k for k in used if k[0] not in numbers)
    taken = {s.base for node in nodes for s in walk(node) if isinstance(s, Sym)} if found else set()
    return Labels(letters=found, unused=tuple(c for c in RUNNING if c not in taken))


def condition_on_class(node: Node, labels: Labels) -> tuple[Sym, Sym, bool] | None:
    """The label, the class and whether they are equal, of a statement such as j ≠ y_i; None for anything else."""
    pair = [s for s in beside_a_class(node, EQUAL_OR_NOT) if s in labels]
    if len(pair) != 1 or not isinstance(node, Chain):
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
            yield from (s for s in beside_a_class(part.below, ("!=",)) if _is_called_label(s))
        for condition in (condition_of(part), *conditions_in(part)):
            if condition is not None and all(isinstance(n, Sym) for n in condition.operands):  # y = 1 says no class
                yield from (s for s in beside_a_class(condition, EQUAL_OR_NOT) if _is_called_label(s))


def _left_open(nodes: Sequence[Node]) -> set[str]:
    """The letters g that are compared with a class, that L = −log o_g leaves open, and over which nothing runs."""
    found: set[str] = set()
    taken: set[str] = set()
    compared: set[str] = set()
    for node in nodes:
        if isinstance(node, Chain) and node.operators[0] in ("=", ":=") and isinstance(head := node.operands[0], Sym):
            if head.sub is None and head.sup is None:
                found |= {b for o in node.operands[1:] for n in walk(o) if (b := _alone_below(n)) is not None}
            taken |= {n.base for script in (head.sub, head.sup) if script for n in walk(script) if isinstance(n, Sym)}
        for part in walk(node):
            bound = binder(part.below) if isinstance(part, Big) else None
            taken |= {bound[0]} if bound else set()
            if isinstance(part, Fraction) and isinstance(part.above, Juxt):  # the i of ∂y_i/∂z_j runs over the classes
                signs = any(isinstance(n, Sym) and n.base in ("partial", "d") for n in part.above.items)
                taken |= {b for n in walk(part.above) if signs and (b := _alone_below(n)) is not None}
            for condition in (condition_of(part), *conditions_in(part)):
                compared |= {s.base for s in beside_a_class(condition, EQUAL_OR_NOT)}
    return (found & compared) - taken


def _alone_below(node: Node) -> str | None:
    """The one letter that stands below another."""
    below = node.sub if isinstance(node, Sym) else None
    alone = isinstance(below, Sym) and below.sub is None and below.sup is None and _is_plain(below)
    return below.base if isinstance(below, Sym) and alone else None


def beside_a_class(chain: Node | None, operators: Iterable[str]) -> Iterator[Sym]:
    """The letters that may be labels in a condition that compares two things."""
    if isinstance(chain, Chain) and len(chain.operands) == 2 and chain.operators[0] in operators:
        yield from (n for n in chain.operands if isinstance(n, Sym) and _is_plain(n))


def _is_called_label(sym: Sym) -> bool:
    """Whether a letter beside a class is one by which texts call labels; y is one without an index, too."""
    return _may_be_label(sym) and (sym.base == BARE or sym.sub is not None or sym.sup is not None)


def _key(sym: Sym) -> tuple[str, bool]:
    return sym.base, sym.sub is not None or sym.sup is not None


def _may_be_label(sym: Sym) -> bool:
    return sym.base in LETTERS and _is_plain(sym)


def _is_plain(sym: Sym) -> bool:
    return not (sym.accents or sym.primes or isinstance(sym.sub, Chain))


def _listed(sub: Node) -> tuple[Sym, ...]:
    """The letters that stand side by side in a subscript."""
    parts = sub.items if isinstance(sub, Juxt | Listing) else (sub,)
    return tuple(p for p in parts if isinstance(p, Sym))


def condition_of(node: Node) -> Chain | None:
    """The condition of an indicator that is one node, 1_{y = k} or δ_{yk}, or two, 1[y = k]."""
    if isinstance(node, Sym) and node.base == "delta" and isinstance(node.sub, Juxt | Listing) and node.sup is None:
        pair = _listed(node.sub)
        return Chain(operands=pair, operators=("=",), span=node.span) if len(pair) == len(node.sub.items) == 2 else None
    if isinstance(node, Juxt):
        groups = (b for a, b in pairwise(node.items) if is_one(a) and isinstance(b, Group))
        return next((g.body for g in groups if isinstance(g.body, Chain)), None)
    ones = (isinstance(node, Sym) and is_one(node)) or _is_braced_one(node)
    inner = node.sub if ones and isinstance(node, Sym | Group) else None
    inner = inner.body if isinstance(inner, Group) else inner
    return inner if isinstance(inner, Chain) else None


def with_indicators(node: Node) -> Node:
    """The brackets [y = k] that are factors or terms, written as indicators 1_{y = k}."""

    def change(part: Node) -> Node:
        if isinstance(part, Juxt):
            pairs = zip((None, *part.items), part.items, strict=False)
            items = (b if isinstance(a, Sym | Fn) or (a and is_one(a)) else _indicator(b) for a, b in pairs)
            return replace(part, items=tuple(items))
        return with_children(part, map(_indicator, children(part))) if isinstance(part, Bin | Neg | Chain) else part

    return rebuild(node, change)


def _indicator(node: Node) -> Node:
    inner = node.body if isinstance(node, Group) and node.opening == "[" and not (node.sub or node.sup) else None
    if not isinstance(inner, Chain) or inner.operators != ("=",) or not all(isinstance(n, Sym) for n in inner.operands):
        return node
    return Sym(base="1", fonts=("bb",), sub=inner, span=node.span)


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
