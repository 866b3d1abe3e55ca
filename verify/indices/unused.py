r"""Sums and products in whose terms their index is missing: Σ_{t'=t}^T r(s_t), ∏_{i=1}^n p(w_n), Σ_i (y_i − log y!).

A sum of equal terms may be meant; it is not where another letter stands at the place of the index: its own without the
prime, its upper limit, a letter that has an index everywhere else, or one that nothing else in the text speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Big, Prose, Span, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict
from .primedsums import bare_and_primes, bound_letter, in_scripts

WORDS = {"sum": "sum", "prod": "product"}
LETTERS = frozenset("ijklmn")
EQUAL = re.compile(
    r"\b(?:constants?|same|equal|identical|copies|independent of|depends? on|times|shared)\b", re.IGNORECASE
)
Places = Mapping[Span, str]


def unused_index(line: Line, context: Context) -> Found | None:
    """The conflict of a sum that does not use its index, where another letter stands in its place."""
    if line.right is None or line.link or line.carried is not None or line.operator not in DEFINING:
        return None
    if any(of_words(line)) or EQUAL.search(f"{line.formula.before} {line.formula.after}") is not None:
        return None
    for big in (n for side in (line.left, line.right) for n in walk(side) if isinstance(n, Big) and n.op in WORDS):
        letter = bound_letter(big)
        if letter is None or _is_used(letter, big, line):
            continue
        for instead in CHECKS:
            places = instead(big, letter, line, context)
            if places:
                return _told(big, letter, places, line)
    return None


def _told(big: Big, letter: Sym, places: Places, line: Line) -> Found:
    message = f"the {WORDS[big.op]} runs over {_source(letter, line)}, which it does not use"
    (start, end), text = min(places.items())
    instead = line.formula.latex[start:end]
    because = f"{message}, and {instead} stands in its place" if instead else f"{message}: a letter lacks {text}"
    return conflict(line, message, because, places)


def _source(sym: Sym, line: Line) -> str:
    return line.formula.latex[slice(*sym.span)]


def _is_used(letter: Sym, big: Big, line: Line) -> bool:
    """Whether a letter stands in its sum, or in what may belong to it; not so in other sums over the same letter."""
    key = bare_and_primes(letter)
    again = [n for n in _big(line) if n is not big and (b := bound_letter(n)) is not None and bare_and_primes(b) == key]
    apart = {id(n) for other in again for n in walk(other)} - {id(n) for n in walk(big.body)}
    syms = [n for side in (line.left, line.right) if side is not None for n in walk(side) if isinstance(n, Sym)]
    met = [n for n in syms if bare_and_primes(n) == key and id(n) not in apart and n.span != letter.span]
    written = re.sub(r"\\[a-zA-Z]+", " ", line.formula.latex[slice(*big.body.span)])
    prose = any(isinstance(n, Prose) for n in walk(big.body))
    return bool(met) or prose or (not key[1] and key[0] in written)


def _big(line: Line) -> Iterator[Big]:
    yield from (n for side in (line.left, line.right) if side is not None for n in walk(side) if isinstance(n, Big))


def _unprimed(big: Big, letter: Sym, line: Line, context: Context) -> Places:
    """r(s_t) under Σ_{t'}: the index without its prime."""
    bare, primes = bare_and_primes(letter)
    if not primes:
        return {}
    own, source = _source(letter, line), line.formula.latex
    found = (n.span for n in in_scripts(big.body) if bare_and_primes(n) == (bare, 0))
    return {span: f"{{{own}}}" if source[span[0] - 1] in "_^" else own for span in found}


def _limit(big: Big, letter: Sym, line: Line, context: Context) -> Places:
    """p(w_n) under ∏_{i=1}^n: the upper limit, which the left side does not have, is every index."""
    above, indices = big.above, list(in_scripts(big.body))
    if not isinstance(above, Sym) or above.sub is not None or not above.base.islower() or not indices:
        return {}
    if any(n.base != above.base or n.primes for n in indices) or any(
        n.base == above.base for n in in_scripts(line.left)
    ):
        return {}
    return {n.span: _source(letter, line) for n in indices}


def _bare(big: Big, letter: Sym, line: Line, context: Context) -> Places:
    """log y! under Σ_i beside y_i: a letter that has an index wherever else it stands."""
    if any(True for _ in in_scripts(big.body)):
        return {}
    every = [n for root, _ in context.lines.nodes for n in walk(root) if isinstance(n, Sym)]
    own = [n for n in _symbols(line) if isinstance(n.sub, Sym)]
    found = []
    for sym in (n for n in walk(big.body) if isinstance(n, Sym) and n.sub is None and n.sup is None and not n.primes):
        alike = [n for n in every if (n.base, n.accents, n.fonts) == (sym.base, sym.accents, sym.fonts)]
        if any((n.base, n.accents) == (sym.base, sym.accents) for n in own) and sum(n.sub is None for n in alike) == 1:
            found.append(sym)
    return {(n.span[1], n.span[1]): f"_{_source(letter, line)}" for n in found} if len(found) == 1 else {}


def _stray(big: Big, letter: Sym, line: Line, context: Context) -> Places:
    """log k under Σ_{i=1}^n: a letter that usually counts, and that nothing else in the text speaks of."""
    syms = [n for n in walk(big.body) if isinstance(n, Sym)]
    strange = [n for n in syms if n.base in LETTERS - {letter.base} and n.sub is None and n.sup is None]
    if len(strange) != 1 or any(n.sub is not None for n in syms):
        return {}
    (one,) = strange
    times = sum(isinstance(n, Sym) and n.base == one.base for root, _ in context.lines.nodes for n in walk(root))
    return {one.span: _source(letter, line)} if times == 1 else {}


def _symbols(line: Line) -> Iterator[Sym]:
    yield from (n for side in (line.left, line.right) if side is not None for n in walk(side) if isinstance(n, Sym))


CHECKS: tuple[Callable[[Big, Sym, Line, Context], Places], ...] = (_unprimed, _limit, _bare, _stray)
