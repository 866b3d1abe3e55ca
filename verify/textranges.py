r"""Sums over more, or over other things, than the text has: Σ_{j=0}^{R} of g_1, …, g_R, Σ_{k=1}^{N} of K weights.

The text says how far an index runs by a list with dots, `g_1, \dots, g_R`, by `\{g_j\}_{j=1}^R`, and by its other sums.
A letter with index 0 anywhere in the text, and an index that also stands by itself, leave it open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Chain, Dots, Entries, Group, Listing, Node, Num, Span, Sym

from .context import Context
from .lines import Line

Letter = tuple[str, tuple[str, ...], tuple[str, ...]]
COUNTED = ("sum", "prod")


@dataclass(frozen=True, kw_only=True)
class Beyond:
    """A limit that is none of the text.

    Attributes:
        message: what is wrong, in one line.
        span: where the limit stands.
        text: the limit that the text has.
    """

    message: str
    span: Span
    text: str


def beyond_the_text(line: Line, context: Context) -> Iterator[Beyond]:
    """The limits of sums and products of a relation that run beyond what the text has."""
    sides = [n for n in (line.left, line.right) if n is not None and line.carried is None]
    bigs = [b for side in sides for b in walk(side) if isinstance(b, Big) and b.op in COUNTED]
    if not bigs:
        return
    here = [n for n, f in context.lines.nodes if f.headings == line.formula.headings[: len(f.headings)]]
    for big in bigs:
        yield from _from_zero(big, here)
        yield from _of_another(big, here, context.dictionary.prose)


def _from_zero(big: Big, here: list[Node]) -> Iterator[Beyond]:
    """Σ_{j=0}^{R} g_j where the text has g_1, …, g_R and nothing of index 0."""
    bound = binder(big.below)
    if bound is None or not isinstance(bound[1], Num) or bound[1].text != "0" or not isinstance(big.above, Sym):
        return
    summed = below(big.body, bound[0])
    top, ends = plain(big.above), dict(pair for node in here for pair in listed(node))
    if top is None or not summed or any(ends.get(letter) != top for letter in summed):
        return
    if any(isinstance(n, Sym) and _has_zero(n) for node in here for n in walk(node)):
        return
    name = next(iter(summed))[0]
    message = f"the {big.op} runs from 0, and the text has {name} from 1 on"
    yield Beyond(message=message, span=bound[1].span, text="1")


def _of_another(big: Big, here: list[Node], prose: str) -> Iterator[Beyond]:
    """Σ_{k=1}^{N} α_k where the text sums α_k up to K, and N is the number of something else."""
    bound, above = binder(big.below), plain(big.above)
    if bound is None or above is None or above.lower() == bound[0]:
        return
    own = bound[0].upper()
    summed = below(big.body, bound[0])
    others = [b for node in here for b in walk(node) if isinstance(b, Big) and b.span != big.span]
    same = [b for b in others if _letter_of(b) == bound[0]]
    if not summed or not same or any(plain(b.above) not in (own, above) for b in same):
        return
    twins = [b for b in same if plain(b.above) == own and summed <= below(b.body, bound[0])]
    counted = any(end == above for node in here for letter, end in listed(node) if letter not in summed)
    counted = counted or any(plain(b.above) == above and _letter_of(b) == above.lower() for b in others)
    counted = counted or says_number_of(above, prose)
    if twins and len(twins) == len(same) and counted and isinstance(big.above, Sym):
        name = next(iter(summed))[0]
        message = f"the {big.op} runs to {above}, and elsewhere in the text {name} runs to {own}"
        yield Beyond(message=message, span=big.above.span, text=own)


def _letter_of(big: Big) -> str | None:
    bound = binder(big.below)
    return None if bound is None else bound[0]


def says_number_of(size: str, prose: str) -> bool:
    """Whether a sentence says what a size counts: "$N$ data points"."""
    return re.search(rf"\${re.escape(size)}\$\s+(?:[\w-]+\s+){{0,2}}[a-z-]+s\b", prose) is not None


# -- what the text has -----------------------------------------------------------------------------------


def listed(node: Node) -> Iterator[tuple[Letter, str]]:
    r"""The letters that a formula lists from 1 on, `g_1, \dots, g_R` and `\{g_j\}_{j=1}^R`, with where they end."""
    for part in walk(node):
        if isinstance(part, Listing) and any(isinstance(i, Dots) for i in part.items):
            first, last = part.items[0], part.items[-1]
            ends = (
                isinstance(first, Sym) and isinstance(last, Sym) and _core(first) == _core(last) and _is_one(first.sub)
            )
            if ends and isinstance(last, Sym) and (end := plain(last.sub)) is not None:
                yield _core(last), end
        elif isinstance(part, Entries) and len(part.running) == 1 and isinstance(part.body, Sym):
            _, low, high = part.running[0]
            if _is_one(low) and (end := plain(high)) is not None and part.body.sub is not None:
                yield _core(part.body), end
        elif isinstance(part, Group) and isinstance(part.sub, Chain) and isinstance(part.body, Sym):
            bound, end = binder(part.sub), plain(part.sup)
            if bound is not None and _is_one(bound[1]) and end is not None and plain(part.body.sub) == bound[0]:
                yield _core(part.body), end


def below(body: Node, index: str) -> frozenset[Letter]:
    """The letters with an index and no other; none if the index also stands elsewhere."""
    found = {id(n.sub): _core(n) for n in walk(body) if isinstance(n, Sym) and plain(n.sub) == index}
    everywhere = [n for n in walk(body) if isinstance(n, Sym) and n.base == index]
    return frozenset(found.values()) if all(id(n) in found for n in everywhere) else frozenset()


def _core(sym: Sym) -> Letter:
    return (sym.base, sym.accents, sym.fonts)


def plain(node: Node | None) -> str | None:
    """A letter without any mark."""
    plain = isinstance(node, Sym) and not (node.sub or node.sup or node.accents or node.primes)
    return node.base if plain and isinstance(node, Sym) else None


def _is_one(node: Node | None) -> bool:
    return isinstance(node, Num) and node.text == "1"


def _has_zero(sym: Sym) -> bool:
    """Whether a letter stands with the index 0."""
    return any(
        isinstance(n, Num) and n.text == "0" for script in (sym.sub,) if script is not None for n in walk(script)
    )
