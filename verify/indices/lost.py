r"""ᾱ_t = ∏_{s=1}^T α_s: a value for every t whose formula is the same for all of them.

The right side sums over all steps, where it should run up to one of them, or from it on.
"""

from __future__ import annotations

import re

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Big, Juxt, Listing, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict
from .primedsums import bare_and_primes, bound_letter, in_scripts, lower_limit

ALIKE = re.compile(
    r"\b(?:constant|same|all|every|averag\w*|mean|total|whole|entire|full\w*|complete|uniform\w*|independent of)\b",
    re.IGNORECASE,
)
STEPS = frozenset("tnks")


def lost_index(line: Line, context: Context) -> Found | None:
    """The conflict of a left side with an index t, and a right side that has none but sums up to T, once."""
    if line.right is None or line.link or line.carried is not None or line.operator not in DEFINING:
        return None
    if not isinstance(line.left, Sym) or any(of_words(line)) or ALIKE.search(_sentence(line)) is not None:
        return None
    syms = [n for n in walk(line.right) if isinstance(n, Sym)]
    own = {n.base for n in in_scripts(line.left) if not n.primes} & STEPS
    for step in sorted(own - {n.base for n in syms if not n.primes}):
        tops = [n for n in syms if n.base == step.upper()]
        sums = [n for n in walk(line.right) if isinstance(n, Big) and n.op in ("sum", "prod") and n.above in tops]
        if len(tops) == 1 == len(sums) and (found := _found(sums[0], step, tops[0], line)) is not None:
            return found
    return None


def _sentence(line: Line) -> str:
    return line.formula.before.rpartition(". ")[2]


def _found(big: Big, step: str, top: Sym, line: Line) -> Found | None:
    letter = bound_letter(big)
    if letter is None or bare_and_primes(letter) not in map(bare_and_primes, in_scripts(big.body)):
        return None
    if big.op == "sum" and bare_and_primes(letter)[0] != step:  # each may get the sum over all
        return None
    lower = lower_limit(big)
    place = lower.span if bare_and_primes(letter)[0] == step and lower is not None else top.span
    message = f"the left side is one for each {step}, and the right side is the same for all"
    return conflict(line, message, message, {place: step})


def lost_entry(line: Line, context: Context) -> Found | None:
    """The conflict of C_{ij} = Σ_k A_{ik} B_{ki}: the entry has two indices, the product one of them twice."""
    if line.right is None or line.link or line.carried is not None or line.operator not in DEFINING:
        return None
    match line.left, line.right:
        case Sym() as entry, Big(op="sum", body=Juxt(items=(Sym() as first, Sym() as second))) as big:
            own, bound = _pair(entry), bound_letter(big)
            pairs = _pair(first), _pair(second)
        case _:
            return None
    if own is None or bound is None or None in pairs or any(of_words(line)) or own[0].base == own[1].base:
        return None
    letters = [n for pair in pairs if pair is not None for n in pair]
    names = [n.base for n in letters]
    kept, gone = own if own[0].base in names else own[::-1]
    if gone.base in names or sorted(names) != sorted([kept.base, kept.base, bound.base, bound.base]):
        return None
    place = [n for n in letters if n.base == kept.base][0 if kept is own[1] else 1]
    message = f"the left side has the index {gone.base}, and the product has {kept.base} twice in its place"
    return conflict(line, message, message, {place.span: gone.base})


def _pair(sym: Sym) -> tuple[Sym, Sym] | None:
    """The two plain indices below a letter."""
    below = sym.sub.items if isinstance(sym.sub, Juxt | Listing) else ()
    match below:
        case (Sym(sub=None, primes=0) as one, Sym(sub=None, primes=0) as other):
            return one, other
    return None
