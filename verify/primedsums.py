r"""z_j = Σ_{j=1}^J w_{jj'} h_{j'}: a sum over the index of the left side, where the primed one is left over."""

from __future__ import annotations

from collections.abc import Iterator

from derive.chances.events import unbraced
from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Node, Sym

from .context import Context
from .doubts import of_words
from .found import Found
from .lines import Line
from .results import Suggestion, Verdict
from .rules.swapped_index import RULE


def primed_sum(line: Line, context: Context) -> Found | None:
    """The conflict of a sum over j in the value of an entry z_j, in whose terms j' stands that nothing binds.

    The prime is given to keep two indices apart, so that the sum can only be meant over the other one.
    """
    if line.right is None or line.link or line.carried is not None or line.operator not in DEFINING:
        return None
    own = {n.base for n in _in_scripts(line.left) if not n.primes}
    others = (root for root, formula in context.lines.nodes if formula is not line.formula)
    everywhere = [n for root in others for n in walk(root) if isinstance(n, Sym) and n.primes]
    bound = {(b.base, b.primes) for n in walk(line.right) if isinstance(n, Big) and (b := _binder(n)) is not None}
    for big in (n for n in walk(line.right) if isinstance(n, Big) and n.op == "sum"):
        letter = _binder(big)
        if letter is None or letter.primes or letter.base not in own:
            continue
        primed = {(n.base, n.primes) for n in _in_scripts(big.body) if n.primes and n.base == letter.base}
        met = {(n.base, n.primes) for n in (*everywhere, *_in_scripts(line.left))}
        if len(primed) == 1 and not primed & (bound | met) and not any(of_words(line)):
            ((base, primes),) = primed
            return _found(line, letter, f"{base}{chr(39) * primes}")
    return None


def _found(line: Line, letter: Sym, primed: str) -> Found:
    assert line.right is not None
    source, (start, end), (low, high) = line.formula.latex, line.right.span, letter.span
    message = f"the sum runs over {letter.base}, of which the left side is one entry, and {primed} is left over"
    return Found(
        verdict=Verdict.CONFLICT,
        because=message,
        message=message,
        rule=RULE.code,
        suggestion=Suggestion(
            latex=source[start:low] + primed + source[high:end],
            edit=f"{letter.base} → {primed}",
            verdict=Verdict.UNDECIDED,
            span=None if line.formula.origins else (line.formula.offset + low, line.formula.offset + high),
            text=primed,
        ),
    )


def _binder(big: Big) -> Sym | None:
    """The letter over which a sum or product runs."""
    below = unbraced(big.below) if big.below is not None else None
    first = below.operands[0] if isinstance(below, Chain) else below
    return first if isinstance(first, Sym) and first.sub is None and first.sup is None else None


def _in_scripts(node: Node) -> Iterator[Sym]:
    """The letters that stand below others."""
    for sym in (n for n in walk(node) if isinstance(n, Sym) and n.sub is not None):
        assert sym.sub is not None
        yield from (n for n in walk(sym.sub) if isinstance(n, Sym))
