r"""Matrices side by side whose declared shapes do not fit, where the rest of a formula has no reading.

In N(A μ, A^T Σ A) and f(W h) the factors are enough: of two neighbours that the text calls ℝ^{a×b} and ℝ^{c×d}, b
and c must be one size. Sizes are compared as they are written, n_{l-1} at the layer that is meant; those that the
text sets equal, or that differ by a number only, may be one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from derive.notation.declared import members, outer_letters, said_in
from derive.notation.names_in_notes import is_transpose, take_apart
from derive.notation.shape import ONE
from derive.notation.syntax import Bin, Fraction, Group, Juxt, Neg, Node, Num, Sym

from .context import Context
from .declaredshapes import by_line, is_later, is_stated_once
from .documents.document import Document
from .found import Found
from .lines import Line
from .results import Verdict
from .rules.parts import within
from .unfitting import convolves, has_bold_size
from .writtensizes import Moved, Place, are_equated, is_one, place_of, shown, written

UNFITTING = "GP240"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the text says of a letter: the letter as it stands there, and its one or two sizes."""

    sym: Sym
    sizes: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Size:
    """A number of rows or columns: as the text writes it, at which index, and for which letter."""

    node: Node
    moved: Moved
    name: str
    said: str

    @property
    def key(self) -> Hashable:
        """What is equal for sizes that are written alike."""
        return written(self.node, self.moved)

    @property
    def letters(self) -> frozenset[Hashable]:
        """The letters of the size, at their indices."""
        return frozenset(written(s, self.moved) for s in outer_letters(self.node))


@dataclass(frozen=True, kw_only=True)
class Factor:
    """The rows and columns of a factor; a vector that stands as a column has no columns."""

    rows: Size
    columns: Size | None


def side_by_side(line: Line, document: Document, context: Context) -> Found | None:
    """Why a formula is wrong by two factors that cannot stand side by side; None if none are, or not certainly."""
    if line.right is None or line.carried is not None or convolves(line) or has_bold_size(line, context.dictionary):
        return None
    told = tuple(_told(context))
    for first, second in (pair for side in (line.left, line.right) for pair in _neighbours(side, told, context)):
        names = dict.fromkeys((first.name, second.name))
        if any(is_later(n, line, context) or not is_stated_once(n, line, context) for n in names):
            continue
        if not _clash(first, second, context):
            continue
        because = "; ".join(dict.fromkeys(s.said + by_line(s.name, document, context) for s in (first, second)))
        message = f"{first.name} and {second.name} do not fit side by side as factors"
        return Found(verdict=Verdict.CONFLICT, because=because, rule=UNFITTING, message=message)
    return None


# -- letters with what the text says of them -------------------------------------------------------------


def _told(context: Context) -> Iterator[Told]:
    """The letters to which the text gives one or two sizes."""
    declared = [found for node, _ in context.lines.nodes for found in members(node)]
    declared += [(s.sym, s.limits) for s in said_in(context.dictionary.prose) if s.rank > 1 or s.counted]
    for sym, limits in declared:
        sizes = tuple(upper for _, upper in limits if upper is not None)
        if len(limits) == len(sizes) in (1, 2):
            yield Told(sym=sym, sizes=sizes)


def _neighbours(side: Node, told: tuple[Told, ...], context: Context) -> Iterator[tuple[Size, Size]]:
    """The columns of a matrix or a row, and the rows of the factor behind it."""
    bodies = {id(n.body) for n in within(side) if isinstance(n, Group) and n.opening == "["}  # [A B] may be one matrix
    for product in (n for n in within(side) if isinstance(n, Juxt) and id(n) not in bodies):
        for one, other in pairwise(product.items):
            first, second = _factor(one, told, context), _factor(other, told, context)
            if first is not None and second is not None and first.columns is not None:
                yield first.columns, second.rows


def _factor(node: Node, told: tuple[Told, ...], context: Context) -> Factor | None:
    """What is known of the rows and columns of a letter, a product of letters, and such a product over a number."""
    if isinstance(node, Sym):
        return _letter(node, told, context)
    if isinstance(node, Group) and node.opening in ("(", "{") and node.sub is None:
        inner = None if node.primes else _factor(node.body, told, context)
        return inner if node.sup is None or inner is None else _turned(inner) if is_transpose(node.sup) else None
    if isinstance(node, Bin) and node.op in ("+", "-"):
        terms = [_factor(n, told, context) for n in (node.left, node.right)]
        untold = [isinstance(n, Sym) and f is None for n, f in zip((node.left, node.right), terms, strict=True)]
        known = [f for f in terms if f is not None]
        return known[0] if (any(untold) and known) or (len(known) == 2 and _are_alike(*known)) else None
    if isinstance(node, Fraction):
        below = (_factor(n, told, context) for n in within(node.below))
        return None if any(f is not None for f in below) else _factor(node.above, told, context)
    factors = [_factor(n, told, context) for n in node.items] if isinstance(node, Juxt) else [None]
    first, last = factors[0], factors[-1]
    return None if first is None or last is None or None in factors else Factor(rows=first.rows, columns=last.columns)


def _are_alike(first: Factor, second: Factor) -> bool:
    """Whether two terms of a sum have the same rows and columns, as the text writes them."""
    columns = [f.columns.key if f.columns is not None else None for f in (first, second)]
    return first.rows.key == second.rows.key and columns[0] == columns[1]


def _turned(factor: Factor) -> Factor | None:
    return None if factor.columns is None else Factor(rows=factor.columns, columns=factor.rows)


def _letter(node: Sym, told: tuple[Told, ...], context: Context) -> Factor | None:
    """The declared shape of a letter at the index at which it stands, transposed if it is; None for another letter."""
    turned = is_transpose(node.sup)
    bare = replace(node, sup=None) if turned else node
    plain = replace(bare, sup=None) if isinstance(bare.sup, Num | Neg) else bare  # S^{-2}, unless W^2 is another matrix
    known = [(t, moved) for one in (bare, plain) for t in told if (moved := _same(t.sym, one)) is not None]
    exact = [(t, moved) for t, moved in known if not moved]
    if not known:
        return None
    found, moved = (exact or known)[0]
    name = take_apart(found.sym, context.dictionary.survey.letters).plain
    texts = [shown(s) for s in found.sizes]
    said = f"{name} is {' × '.join(texts)}" if len(texts) > 1 else f"{name} has {texts[0]} entries"
    rows, *others = (Size(node=n, moved=moved, name=name, said=said) for n in found.sizes)
    factor = Factor(rows=rows, columns=others[0] if others else None)
    if not turned:
        return factor
    return Factor(rows=others[0] if others else replace(rows, node=ONE), columns=rows)


def _same(told: Sym, used: Sym) -> Moved | None:
    """Where the indices of a declared letter stand at another place, the l of W^{(l)} at l - 1; None for others."""
    if (told.base, told.accents, told.primes) != (used.base, used.accents, used.primes):
        return None
    moved: dict[str, Place] = {}
    for own, other in ((told.sub, used.sub), (told.sup, used.sup)):
        if written(own, {}) == written(other, {}):
            continue
        here, there = place_of(own), place_of(other)
        if here is None or there is None or here[0] != there[0]:
            return None
        moved[here[0]] = (there[0], there[1] - here[1])
    return moved


# -- sizes -----------------------------------------------------------------------------------------------


def _clash(first: Size, second: Size, context: Context) -> bool:
    """Whether the columns of one factor and the rows of the next are certainly two sizes."""
    sizes = (first.node, second.node)
    if (
        first.key == second.key
        or any(is_one(s) for s in sizes)
        or isinstance(sizes[0], Num) != isinstance(sizes[1], Num)
    ):
        return False
    return (first.letters != second.letters or not first.letters) and not are_equated(sizes, context)
