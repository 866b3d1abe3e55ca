r"""Over which of two indices a named thing sums: α_{ij} = exp(e_{ij}) / Σ_k exp(e_{ik}) is normalised over j.

A standard formula has one index there and says nothing of the other, so that the words must tell which one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from derive.notation.names_in_notes import text_of
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Chain, Fn, Group, Juxt, Listing, Node, Num, Sym
from derive.rows.functions import FUNCTIONS

from ..functions import Key, key_of
from ..lines import Line
from ..rules.parts import within
from .given import written
from .letters import GREEK, is_owned
from .naming import arguments_of, unsigned
from .sums import bound_by

ACTIVATIONS = frozenset(s for row in FUNCTIONS for s in (row.name, *row.spellings))
SAID = re.compile(r"\b(?:over|along|across)\b[^.$]{0,60}\$\s*([A-Za-z])")

STEP = re.compile(r"_\s*\{?\s*([a-zA-Z])\s*(?![a-zA-Z])\}?")


def summed_otherwise(line: Line) -> bool:
    """Whether a sum runs over one of two indices of the left side, and the words do not say over that one."""
    own = _indices(line.left.items[0] if isinstance(line.left, Juxt) else line.left)
    replaced = set(_replaced(line.right, own)) if line.right is not None and len(set(own)) > 1 else set()
    said = set(SAID.findall(f"{line.formula.before} {line.formula.after}")) & set(own)
    return bool(replaced) and said != replaced


def binds_what_is_free(node: Node) -> bool:
    """Whether a maximum or a sum runs over a letter that is a quantity elsewhere in the formula: α max_α Q(s, α)."""
    for big in (n for n in within(node) if isinstance(n, Big)):
        letter, inside = bound_by(big)[0], {id(n) for n in walk(big)}
        outside = (n for n in within(node) if isinstance(n, Sym) and id(n) not in inside)
        if letter is not None and any(n.base + "'" * n.primes == letter for n in outside):
            return True
    return False


def leaves_out_a_term(node: Node) -> bool:
    """Whether a sum from 1 ends before or behind a letter, Σ_{l=1}^{K−1}, where the usual one has all K terms."""
    bounds = ((n.below, n.above) for n in walk(node) if isinstance(n, Big))
    return any(
        isinstance(below, Chain) and text_of(below.operands[-1]) == "1" and isinstance(above, Bin) and above.op in "+-"
        for below, above in bounds
    )


def overruns(node: Node) -> bool:
    """Whether a sum reaches a letter beyond its range: y_{t+k} where t runs from k + 1 on, y_{t−k} from 1 to T − k."""
    for big in (n for n in walk(node) if isinstance(n, Big) and isinstance(n.below, Chain)):
        assert isinstance(big.below, Chain)
        letter, first, last = bound_by(big)[0], big.below.operands[-1], big.above
        shifts = [n.sub for n in walk(big.body) if isinstance(n, Sym) and isinstance(n.sub, Bin)]
        for sub in (s for s in shifts if text_of(s.left) == letter and isinstance(s.right, Sym)):
            begins_later = isinstance(first, Bin) and key_of(first.left) == key_of(sub.right)
            ends_earlier = isinstance(last, Bin) and last.op == "-" and key_of(last.right) == key_of(sub.right)
            if (sub.op == "+" and begins_later) or (sub.op == "-" and ends_earlier and not begins_later):
                return True
    return False


def leaves_out_an_argument(line: Line, given: Mapping[Key, Group]) -> bool:
    """Whether a right side has some of the arguments of its left side and others not: V(D, G) without a G.

    A single argument is left out where another letter stands alone in its place: sigmoid(z) of an x.
    """
    assert line.right is not None
    left = unsigned(line.left)
    while isinstance(left, Big):  # min_G max_D V(D, G)
        left = left.body
    arguments = {n.base for n in arguments_of(left) if isinstance(n, Sym)}
    inside = {n.base for n in walk(written(line.right, given)) if isinstance(n, Sym)}
    missing = arguments - inside
    if len(arguments) > 1:  # of players; ℓ(z, q) may have the z in what it is made of
        return bool(missing) and missing != arguments and all(a.isupper() for a in arguments)
    head = left.items[0] if isinstance(left, Juxt) else left
    name = head.name if isinstance(head, Fn) else getattr(head, "base", "")
    return bool(missing) and name in ACTIVATIONS


def is_of_itself(left: Node, right: Node) -> bool:
    """Whether what is defined at a step is made of itself at that step, m_t = β m_t + (1 − β) g_t."""
    own = _with_index(left)
    if isinstance(left, Juxt) and _is_at_step(left.items[0]):  # E_t(s)
        pairs = (pairwise(n.items) for n in walk(right) if isinstance(n, Juxt))
        return any(tuple(map(key_of, pair)) == tuple(map(key_of, left.items)) for found in pairs for pair in found)
    if own is None and isinstance(left, Sym) and isinstance(left.sub, Bin):  # m_{t+1}
        syms = (n for n in walk(right) if isinstance(n, Sym) and n.sub is not None)
        return any(text_of(n) == text_of(left) and (is_owned(left) or not is_owned(n)) for n in syms)
    return own is not None and any(_with_index(n) == own and not _labelled_otherwise(left, n) for n in walk(right))


def _is_at_step(node: Node) -> bool:
    """Whether a letter has an index that is no name, as the π of V_π is."""
    indices = _indices(node)
    return bool(indices) and not GREEK.intersection(indices) and "pi" not in indices


def _labelled_otherwise(left: Node, node: Node) -> bool:
    """Whether what stands above tells two letters apart: G_t^λ and G_t^{(n)}."""
    above, other = getattr(left, "sup", None), getattr(node, "sup", None)
    labels = (n for n in (above, other) if isinstance(n, Group) and n.opening in ("(", "["))
    return any(labels) and (above is None or other is None or key_of(above) != key_of(other))


def steps_back(left: Node, right: Node) -> bool:
    """Whether a right side has what is on the left at the step before, m_{t−1} for m_t."""
    syms = (n for n in walk(right) if isinstance(n, Sym) and isinstance(left, Sym) and n.base == left.base)
    return any(isinstance(n, Bin) and n.op == "-" for s in syms if s.sub is not None for n in walk(s.sub))


def carried_from_another(left: Node, right: Node, letters: frozenset[str], *, anywhere: bool) -> Sym | None:
    """The letter, one of these, that stands in the place of the left side's own a step before, or anywhere.

    It is the v_{t−1} of m_t = β v_{t−1} + (1 − β) g_t.
    """
    if not isinstance(left, Sym) or left.accents:
        return None
    syms = [n for n in walk(right) if isinstance(n, Sym)]
    if any(n.base == left.base for n in syms):
        return None
    others = (n for n in syms if n.base in letters and not n.accents)
    return next((n for n in others if anywhere or _is_step_before(n.sub, left.sub)), None)


def _is_step_before(sub: Node | None, own: Node | None) -> bool:
    """Whether an index is the one before another: t − 1 before t, t before t + 1."""
    if isinstance(sub, Bin) and sub.op == "-" and own is not None:
        return text_of(sub.right) == "1" and text_of(sub.left) == text_of(own)
    if isinstance(own, Bin) and own.op == "+" and sub is not None:
        return text_of(own.right) == "1" and text_of(own.left) == text_of(sub)
    return False


def before(latex: str) -> str:
    """What is written for a quantity one step before: `m_{t-1}` for `m_t`."""
    return STEP.sub(r"_{\1-1}", latex, count=1)


def _with_index(node: Node) -> tuple[str, ...] | None:
    """A letter with the letters below it; None for what has none."""
    indices = _indices(node)
    sub = node.sub if isinstance(node, Sym) else None
    parts = walk(sub) if sub is not None else ()
    shifted = any(isinstance(n, Bin) or (isinstance(n, Listing) and n.separator == "|") for n in parts)
    if not isinstance(node, Sym) or not indices or shifted:
        return None
    label = () if node.sup is None or isinstance(node.sup, Num) else (text_of(node.sup),)  # of y_k^{LS} beside y_k
    return (*node.accents, node.base + "'" * node.primes, *indices, *label)  # y_k' is no y_k


def _replaced(right: Node, own: tuple[str, ...]) -> Iterator[str]:
    """The indices of the left side in whose place a letter stands under a sum."""
    for big in (n for n in walk(right) if isinstance(n, Big)):
        letter = bound_by(big)[0]
        for sym in (n for n in walk(big.body) if isinstance(n, Sym)):
            found = _indices(sym)
            if letter in found and len(found) == len(own):
                yield from (mine for mine, other in zip(own, found, strict=True) if other == letter != mine)


def _indices(node: Node) -> tuple[str, ...]:
    """The letters below a symbol, in order."""
    sub = node.sub if isinstance(node, Sym) else None
    inner = sub.body if isinstance(sub, Group) else sub
    parts = inner.items if isinstance(inner, Listing | Juxt) else () if inner is None else (inner,)
    return tuple(p.base + "'" * p.primes for p in parts if isinstance(p, Sym))


def has_no_end(node: Node) -> bool:
    """Whether there is a series in an expression: a sum or product to infinity."""
    sums = (n.above for n in walk(node) if isinstance(n, Big) and n.op in ("sum", "prod"))
    return any(isinstance(above, Sym) and above.base == "infty" for above in sums)
