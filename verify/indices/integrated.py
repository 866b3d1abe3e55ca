r"""An integral over what the left side holds fixed: Γ(x) = ∫ u^{x−1} e^{−u} dx, E[φ(X, Y) | X = x] = ∫ … f(y | x) dx.

The left side depends on x and the right side does not, but on the letter that is left over.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Group, Juxt, Listing, Node, Sym

from ..context import Context
from ..found import Found
from ..integrands import integrand
from ..lines import Line
from ..mended import conflict
from ..rules import wrong_quantity

OPERATORS = frozenset({"E", "H", "I", "KL", "D", "J", "V", "Var", "Cov", "S", "M", "mu", "sigma", "mean", "h"})
CONSTANTS = frozenset({"e", "pi", "d", "i", "infty"})


def wrong_differential(line: Line, context: Context) -> Found | None:
    """The conflict of a line that integrates over a letter of its left side, where another one is left over."""
    if line.right is None or line.operator not in DEFINING or line.carried is not None or line.link:
        return None
    integrals = [n for n in walk(line.right) if isinstance(n, Big) and n.op == "int"]
    if len(integrals) != 1:
        return None
    (big,) = integrals
    parts = integrand((big.body,) if not isinstance(big.body, Juxt) else big.body.items)
    if parts is None or len(parts[1]) != 1 or not isinstance(by := parts[1][0], Sym) or not _is_plain(by):
        return None
    others = {n.base for n in _left_over(line, big, context, by.base)}
    if len(others) != 1:
        return None
    (other,) = others
    message = f"it is integrated over {by.base}, which the left side holds fixed, and {other} is left over"
    return conflict(line, message, message, {by.span: _written(other)}, wrong_quantity.RULE)


def _left_over(line: Line, big: Big, context: Context, by: str) -> Iterator[Sym]:
    """The letters that an integral should be over; none where it may be over the letter that it is over."""
    match line.left:
        case Juxt(items=(Sym() as head, Group() as group)):
            before, given = _arguments(group)
        case _:
            return
    if by in {n.base for n in given} and by not in {n.base for n in before}:
        yield from _beside(big, by, None, "|")
        return
    if head.base in OPERATORS or {"bb", "cal"} & {*head.fonts} or by not in {n.base for n in before if _is_plain(n)}:
        return
    if (found := list(_beside(big, by, head, ","))) or big.below is None or _is_in(by, big.below, big.above):
        yield from found
        return
    here = [n for root, f in context.lines.nodes if f is not line.formula for n in walk(root) if isinstance(n, Sym)]
    listed = (n for n in walk(big.body) if isinstance(n, Listing) and _is_in(by, n))  # p(x, a): a is a parameter
    told = {n.base for n in (*here, *before, *given, *(s for n in listed for s in _letters(n)))} | CONSTANTS | {by}
    yield from (n for n in _values(big.body) if n.base not in told)


def _arguments(group: Group) -> tuple[list[Sym], list[Sym]]:
    """The letters in a bracket before a bar, and the values behind it: the x of `X = x`."""
    body = group.body
    if isinstance(body, Listing) and body.separator == "|":
        event, *given = body.items
        values = [n.operands[-1] if isinstance(n, Chain) else n for g in given for n in _parts(g)]
        return _letters(event), [n for n in values if isinstance(n, Sym) and _is_plain(n)]
    return _letters(body), []


def _parts(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Listing) else (node,)


def _letters(node: Node) -> list[Sym]:
    return [n for n in walk(node) if isinstance(n, Sym)]


def _beside(big: Big, by: str, head: Sym | None, separator: str) -> Iterator[Sym]:
    """The letters beside x in densities under an integral: the z of p(x, z), the y of f(y | x)."""
    products = (n.items for n in walk(big.body) if isinstance(n, Juxt))
    for one, group in (pair for items in products for pair in pairwise(items)):
        if not isinstance(one, Sym) or not isinstance(group, Group) or not isinstance(group.body, Listing):
            continue
        if group.body.separator != separator or (head is not None and one.base != head.base):
            continue
        items = [n for n in group.body.items if isinstance(n, Sym)]
        if len(items) == len(group.body.items) == 2 and by in {n.base for n in items}:
            yield from (n for n in items if n.base != by and (separator == "," or n is items[0]))


def _values(body: Node) -> Iterator[Sym]:
    """The plain letters of a formula that are no functions before a bracket."""
    heads = {id(a) for n in walk(body) if isinstance(n, Juxt) for a, b in pairwise(n.items) if isinstance(b, Group)}
    yield from (n for n in walk(body) if isinstance(n, Sym) and id(n) not in heads)


def _is_in(letter: str, *limits: Node | None) -> bool:
    return any(isinstance(n, Sym) and n.base == letter for limit in limits if limit is not None for n in walk(limit))


def _is_plain(sym: Sym) -> bool:
    return not (sym.sub or sym.sup or sym.accents or sym.primes)


def _written(letter: str) -> str:
    return letter if len(letter) == 1 else f"\\{letter} "
