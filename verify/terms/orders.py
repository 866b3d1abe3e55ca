r"""Inequalities that follow from the signs of measures alone: KL(q ‖ p) ≥ 0, Var(X) ≥ 0, I(X; Y) ≥ 0, 0 ≤ 𝟙(A) ≤ 1.

What else stands in the two sides may have any value, and has to cancel: log p(x) − KL(q ‖ p) ≤ log p(x). A
cross-entropy H(P, Q) is H(P) and a divergence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product

from sympy import Expr, Integer, Poly, Symbol

from derive.notation.runs import rebuild
from derive.notation.syntax import Bin, Fn, Group, Juxt, Listing, Node, Sym

from ..context import Context
from ..found import Found
from ..functions import Key, key_of
from ..lines import Line
from ..results import Verdict
from ..spaces.trials import shown_latex
from .reader import TermReader
from .readings import manners
from .table import NoTerm

NOT_MORE = frozenset({"<=", "leq"})
NOT_LESS = frozenset({">=", "geq"})
DIVERGENCES = frozenset({"KL", "JS", "JSD"})
SPREADS = frozenset({"Var", "var", "Variance"})
CROSS = re.compile(r"\bcross[\s-]entrop", re.IGNORECASE)
UNIT, POSITIVE = "unit", "positive"
MOST_UNITS = 4


def measured_order_found(line: Line, context: Context) -> Found | None:
    """That an inequality holds by the signs of the measures in it; None of anything else."""
    if line.right is None or line.operator not in NOT_MORE | NOT_LESS:
        return None
    masked = _Masked(cross=CROSS.search(context.dictionary.prose) is not None)
    left, right = (masked.side(side) for side in (line.left, line.right))
    if not masked.names:
        return None
    lower, upper = (left, right) if line.operator in NOT_MORE else (right, left)
    for manner in manners(left, right):
        reader = TermReader(functions={}, letters={}, manner=manner)
        try:
            gap = (reader.read(upper) - reader.read(lower)).expand()
        except (NoTerm, RecursionError):
            continue
        if _is_never_negative(gap, masked.signs):
            because = "divergences, variances and informations are never negative, and indicators lie between 0 and 1"
            return Found(verdict=Verdict.PROVED, because=because, reading=shown_latex(line))
    return None


def _is_never_negative(gap: Expr, signs: dict[Symbol, str]) -> bool:
    """Whether a polynomial is not negative, by the signs of the letters of which alone it is made."""
    if gap == 0 or not gap.free_symbols or not gap.free_symbols <= signs.keys():
        return False
    units = [s for s in sorted(gap.free_symbols, key=str) if isinstance(s, Symbol) and signs[s] == UNIT]
    if not gap.is_polynomial(*gap.free_symbols) or len(units) > MOST_UNITS:
        return False
    if any(Poly(gap, u).degree() > 1 for u in units):
        return False
    corners = (gap.subs(dict(zip(units, ends, strict=True))).expand() for ends in product((0, 1), repeat=len(units)))
    return all(_has_no_minus(corner) for corner in corners)


def _has_no_minus(value: Expr) -> bool:
    if not value.free_symbols:
        return bool(value >= Integer(0))
    return all(c.is_number and c >= 0 for c in Poly(value, *value.free_symbols).coeffs())


# -- measures --------------------------------------------------------------------------------------------


@dataclass
class _Masked:
    """Sides with letters in the place of measures.

    Attributes:
        cross: whether H(P, Q) is a cross-entropy.
        names: by measure, the letter in its place.
        signs: of these letters.
    """

    cross: bool
    names: dict[Key, str] = field(default_factory=dict)
    signs: dict[Symbol, str] = field(default_factory=dict)

    def side(self, side: Node) -> Node:
        """A side with its measures replaced."""
        return rebuild(side, self._changed)

    def _changed(self, node: Node) -> Node:
        if isinstance(node, Fn) and isinstance(node.argument, Group) and node.sup is None and node.name in SPREADS:
            return self._letter(node, POSITIVE)
        return self._with_measures(node) if isinstance(node, Juxt) else node

    def _with_measures(self, node: Juxt) -> Node:
        pairs = [pair for pair in pairwise(node.items) if self._measure(*pair) is not None]
        if not pairs:
            return node
        heads = {id(head): group for head, group in pairs}
        groups = {id(group) for _, group in pairs}
        items = [self._measure(n, heads[id(n)]) if id(n) in heads else n for n in node.items if id(n) not in groups]
        kept = tuple(n for n in items if n is not None)
        return kept[0] if len(kept) == 1 else Juxt(items=kept, span=node.span)

    def _measure(self, head: Node, group: Node) -> Node | None:
        """What stands for a measure with its bracket; None of other things side by side."""
        if not isinstance(head, Sym) or not isinstance(group, Group) or group.sup is not None or group.sub is not None:
            return None
        if head.accents or head.sup is not None or head.primes:
            return None
        whole = Juxt(items=(head, group), span=head.span)
        separator = group.body.separator if isinstance(group.body, Listing) else ""
        below = "".join(_bases(head.sub)) if head.sub is not None else ""
        if separator == "||" and (head.base in DIVERGENCES or (head.base == "D" and below in DIVERGENCES)):
            return self._letter(whole, POSITIVE)
        if head.base == "I" and "bb" not in head.fonts and separator == ";" and head.sub is None:
            return self._letter(whole, POSITIVE)
        if head.base in SPREADS:
            return self._letter(whole, POSITIVE)
        if head.base == "I" and "bb" in head.fonts and group.opening in ("(", "[", r"\{"):
            return self._letter(whole, UNIT)
        return self._entropy(head, group) if head.base == "H" and head.sub is None and separator == "," else None

    def _entropy(self, head: Sym, group: Group) -> Node | None:
        """H(P) and a divergence for H(P, Q)."""
        items = group.body.items if isinstance(group.body, Listing) else ()
        if not self.cross or len(items) != 2:
            return None
        own = Group(opening=group.opening, body=items[0], closing=group.closing, span=group.span)
        more = self._letter(Juxt(items=(head, group), span=head.span), POSITIVE)
        added = Bin(op="+", left=Juxt(items=(head, own), span=head.span), right=more, span=head.span)
        return Group(opening="(", body=added, closing=")", span=head.span)

    def _letter(self, node: Node, sign: str) -> Sym:
        name = self.names.setdefault(key_of(node), f"measure{len(self.names)}")
        self.signs[Symbol(name)] = sign
        return Sym(base=name, span=node.span)


def _bases(node: Node) -> Iterator[str]:
    items = node.items if isinstance(node, Juxt) else (node,)
    yield from (n.base for n in items if isinstance(n, Sym))
