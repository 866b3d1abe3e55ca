r"""Letters that are bound twice, so that one of the terms stays free: Σ_x Σ_x p(x, y), and ∫_{-∞}^x f(z) dx."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Group, Juxt, Listing, Node, Span, Sym


@dataclass(frozen=True, kw_only=True)
class Rebound:
    """A letter that binds what is bound already.

    Attributes:
        message: what is wrong, in one line.
        span: of the letter.
        text: the letter that the terms have in its place.
    """

    message: str
    span: Span
    text: str


def rebound(right: Node, left: Node) -> Iterator[Rebound]:
    """The letters of a right side that are bound twice, where its terms have one other letter that nothing binds.

    Sums side by side, Σ_i a_i Σ_i b_i, each have their own terms: only Σ_i Σ_i has none for one of them. If nothing in
    its terms is free, a second sum without limits is left out.
    """
    outside = {n.base for n in walk(left) if isinstance(n, Sym)}
    for big in (n for n in walk(right) if isinstance(n, Big)):
        yield from _integrated_by_its_limit(big, outside) if big.op == "int" else _summed_twice(big, outside)


def _summed_twice(big: Big, outside: set[str]) -> Iterator[Rebound]:
    inner = big.body
    if not isinstance(inner, Big) or inner.op != big.op or big.op not in ("sum", "prod"):
        return
    first, second = _letter(big), _letter(inner)
    if first is None or second is None or _key(first) != _key(second):
        return
    free = _arguments(inner.body) - outside - {first.base}
    bound = {s.base for n in walk(inner.body) if isinstance(n, Big) and (s := _letter(n)) is not None}
    if len(free - bound) == 1:
        (other,) = free - bound
        mistaken = first if _set(big).lower() == other else second
        message = f"two sums run over {first.base}, and none over {other}"
        yield Rebound(message=message, span=mistaken.span, text=other)
    elif not free - bound and _has(inner.body, first) and inner.above is None and isinstance(inner.below, Sym):
        message = f"two sums run over {first.base}, one within the other"
        yield Rebound(message=message, span=(inner.span[0], inner.body.span[0]), text="")


def _has(node: Node, letter: Sym) -> bool:
    return any(isinstance(n, Sym) and n.base == letter.base for n in walk(node))


def _integrated_by_its_limit(big: Big, outside: set[str]) -> Iterator[Rebound]:
    items = big.body.items if isinstance(big.body, Juxt) else ()
    if len(items) < 3 or not isinstance(sign := items[-2], Sym) or sign.base != "d" or not isinstance(items[-1], Sym):
        return
    by, terms = items[-1], items[:-2]
    limits = {_key(n) for n in (big.below, big.above) if isinstance(n, Sym)}
    inside = {n.base for term in terms for n in walk(term) if isinstance(n, Sym)}
    free = {letter for term in (Juxt(items=terms, span=big.span),) for letter in _arguments(term)} - outside
    if _key(by) in limits and by.base not in inside and len(free) == 1:
        (other,) = free
        message = f"it is integrated by {by.base}, which is a limit, and the integrand has {other}"
        yield Rebound(message=message, span=by.span, text=other)


def _letter(big: Big) -> Sym | None:
    """The letter that a sum binds."""
    below = big.below.operands[0] if isinstance(big.below, Chain) else big.below
    return below if isinstance(below, Sym) else None


def _set(big: Big) -> str:
    """The letter of the set that a sum runs over, x ∈ X."""
    last = big.below.operands[-1] if isinstance(big.below, Chain) else None
    return last.base if isinstance(last, Sym) else ""


def _key(sym: Sym) -> tuple[object, ...]:
    return sym.base, sym.primes, sym.accents, sym.sub, sym.sup


def _arguments(node: Node) -> set[str]:
    """The small letters that stand alone in brackets behind a letter, or below one: those of p(x, y) and a_{ij}."""
    scripts = (n.sub.items for n in walk(node) if isinstance(n, Sym) and isinstance(n.sub, Juxt | Listing))
    found = {p.base for items in scripts for p in items if isinstance(p, Sym) and len(p.base) == 1 and not p.primes}
    for head, group in (pair for n in walk(node) if isinstance(n, Juxt) for pair in pairwise(n.items)):
        if isinstance(head, Sym) and isinstance(group, Group) and group.opening == "(":
            parts = group.body.items if isinstance(group.body, Listing) else (group.body,)
            found |= {
                p.base for p in parts if isinstance(p, Sym) and len(p.base) == 1 and not p.primes and p.sub is None
            }
    return found
