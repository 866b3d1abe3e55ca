"""The identity matrix, the vector of ones and unit vectors, as long as what they meet; π where it is a letter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count

from sympy import Expr, Integer, KroneckerDelta

from .arrays import Array, flexible, slot
from .names_in_notes import is_transpose, take_apart
from .runs import walk
from .syntax import Bin, Chain, Group, Juxt, Listing, Neg, Node, Num, Sym

IDENTITY = re.compile(r"\bidentity\b", re.IGNORECASE)
SPECTRAL = re.compile(r"\b(?:eigen\w+|(?:semi-?)?definite|spectr\w+|symmetric (?:[\w-]+ )*matri\w+)\b", re.IGNORECASE)
SHARE = re.compile(r"\b(?:parameters?|probability|proportion|policy|prior|prevalence)\s+\$\\pi\$")
_FRESH = count()


def has_identity(nodes: Iterable[Node], prose: str) -> bool:
    """Whether the letter I of a text is the identity, and never defined.

    It is set bold, called so, stands within an inverse, is added to a product such as X^⊤ X, or stands before a
    capital, (I − η A), in a text on eigenvalues and the like.
    """
    nodes = tuple(nodes)
    defined = any(_is_i(c.operands[0]) for c in nodes if isinstance(c, Chain))
    if defined or not any(_is_i(n) for top in nodes for n in walk(top)):
        return False
    bold = any(_is_i(n) and {"bold", "bb"} & {*n.fonts} for top in nodes for n in walk(top) if isinstance(n, Sym))
    parts = (n for top in nodes for n in walk(top))
    spectral = SPECTRAL.search(prose) is not None
    added = any(_inverts_i(n) or _adds_i(n) or (spectral and _before_a_capital(n)) for n in parts)
    return bold or IDENTITY.search(prose) is not None or added


def has_pi_as_letter(nodes: Iterable[Node], prose: str) -> bool:
    """Whether π is a quantity of a text: it writes 1 − π or p(x | π), or says what π is."""
    return SHARE.search(prose) is not None or any(_takes_pi(n) for top in nodes for n in walk(top))


def _takes_pi(node: Node) -> bool:
    if isinstance(node, Bin):
        return node.op == "-" and isinstance(node.left, Num) and node.left.text == "1" and _is_pi(node.right)
    return isinstance(node, Listing) and node.separator in ("|", ";") and _is_pi(node.items[-1])


def _is_pi(node: Node) -> bool:
    return isinstance(node, Sym) and node.base == "pi" and node.sub is None and node.sup is None


def is_identity(sym: Sym, letters: frozenset[str]) -> bool:
    """Whether a letter is I, with nothing or a size below."""
    return _is_i(sym) and not (sym.accents or sym.primes) and not take_apart(sym, letters).indices


def below_identity(sym: Sym) -> str:
    """The letter of the size that is written below I; nothing for other symbols."""
    return sym.sub.base if _is_i(sym) and isinstance(sym.sub, Sym) else ""


def is_ones(sym: Sym) -> bool:
    """Whether a letter is the bold 1, with nothing but a transpose."""
    return sym.base == "1" and bool({"bold", "bb"} & {*sym.fonts}) and sym.sub is None


def identity(limits: tuple[Expr, Expr] | None) -> Array:
    """I, of a size if one is written."""
    name = f"I{next(_FRESH)}"
    if limits is None:
        rows, columns = flexible(name), flexible(name)
    else:
        rows, columns = (slot(*limits, (name, k), f"the {what} of I") for k, what in enumerate(("rows", "columns")))
    return Array(entry=KroneckerDelta(rows.index, columns.index), slots=(rows, columns))


def ones(*, row: bool) -> Array:
    """The vector of ones."""
    return Array(entry=Integer(1), slots=(flexible(f"1{next(_FRESH)}"),), row=row)


def _is_i(node: Node) -> bool:
    return isinstance(node, Sym) and node.base == "I"


def _adds_i(node: Node) -> bool:
    """Whether I, or a multiple of it, is added to a matrix and its transpose, multiplied: X^⊤ X + λ I, I - U U^⊤."""
    if not isinstance(node, Bin) or node.op not in "+-":
        return False
    if isinstance(node.right, Juxt) and _is_i(node.left):
        letters = [n for n in walk(node.right) if isinstance(n, Sym)]
        turned = {n.base: k for k, n in enumerate(letters) if _is_turned(n)}
        return any(k < turned.get(n.base, 0) for k, n in enumerate(letters) if not _is_turned(n))
    if not isinstance(node.left, Juxt):
        return False
    last = node.right.items[-1] if isinstance(node.right, Juxt) else node.right
    pair = [n for n in node.left.items if isinstance(n, Sym) and n.sub is None]
    return _is_i(last) and any(n.base == t.base and n.sup is None for n in pair for t in pair if _is_turned(t))


def _before_a_capital(node: Node) -> bool:
    """Whether a bracket holds I and, behind a sign, a capital or a multiple of one: (I − A), (I − η A)."""
    inner = node.body if isinstance(node, Group) and node.opening in ("(", "[") else None
    if not isinstance(inner, Bin) or inner.op not in "+-" or not _is_i(inner.left):
        return False
    last = inner.right.items[-1] if isinstance(inner.right, Juxt) else inner.right
    return isinstance(last, Sym) and len(last.base) == 1 and last.base.isupper()


def _is_turned(sym: Sym) -> bool:
    return sym.sup is not None and is_transpose(sym.sup)


def _inverts_i(node: Node) -> bool:
    sup = node.sup if isinstance(node, Group) else None
    inverted = isinstance(sup.body if isinstance(sup, Group) else sup, Neg)
    return inverted and any(_is_i(n) for n in walk(node))
