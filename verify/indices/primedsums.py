r"""z_j = Σ_{j=1}^J w_{jj'} h_{j'}: a sum over the index of the left side, where the primed one is left over."""

from __future__ import annotations

from collections.abc import Iterator

from derive.chances.events import unbraced
from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Node, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict


def primed_sum(line: Line, context: Context) -> Found | None:
    """The conflict of a sum over j in the value of an entry z_j, in whose terms j' stands that nothing binds.

    The prime is given to keep two indices apart, so that the sum can only be meant over the other one.
    """
    if line.right is None or line.link or line.carried is not None or line.operator not in DEFINING:
        return None
    own = {n.base for n in in_scripts(line.left) if not n.primes}
    others = (root for root, formula in context.lines.nodes if formula is not line.formula)
    everywhere = [n for root in others for n in walk(root) if isinstance(n, Sym) and n.primes]
    bound = {(b.base, b.primes) for n in walk(line.right) if isinstance(n, Big) and (b := bound_letter(n)) is not None}
    for big in (n for n in walk(line.right) if isinstance(n, Big) and n.op == "sum"):
        letter = bound_letter(big)
        if letter is None or letter.primes or letter.base not in own:
            continue
        primed = {(n.base, n.primes) for n in in_scripts(big.body) if n.primes and n.base == letter.base}
        met = {(n.base, n.primes) for n in (*everywhere, *in_scripts(line.left))}
        if len(primed) == 1 and not primed & (bound | met) and not any(of_words(line)):
            ((base, primes),) = primed
            other = f"{base}{chr(39) * primes}"
            message = f"the sum runs over {letter.base}, of which the left side is one entry, and {other} is left over"
            return conflict(line, message, message, {letter.span: other})
    return None


def bound_letter(big: Big) -> Sym | None:
    """The letter over which a sum or product runs."""
    below = unbraced(big.below) if big.below is not None else None
    first = below.operands[0] if isinstance(below, Chain) else below
    return first if isinstance(first, Sym) and first.sub is None and first.sup is None else None


def bare_and_primes(letter: Sym) -> tuple[str, int]:
    """The letter without its primes, and how many it has: t' is written as one name where it is bound."""
    bare = letter.base.rstrip("'")
    return bare, letter.primes + len(letter.base) - len(bare)


def lower_limit(big: Big) -> Node | None:
    """Where a sum or product begins, if that is written."""
    below = unbraced(big.below) if big.below is not None else None
    return below.operands[1] if isinstance(below, Chain) and len(below.operands) == 2 else None


def in_scripts(node: Node) -> Iterator[Sym]:
    """The letters that stand below others."""
    for sym in (n for n in walk(node) if isinstance(n, Sym) and n.sub is not None):
        assert sym.sub is not None
        yield from (n for n in walk(sym.sub) if isinstance(n, Sym))
