r"""∂J/∂W = δ a where z = W a: of a matrix W this needs the transpose of a, and read as numbers it would be proved.

A column times a column is no matrix, in whatever layout: with gradients as rows it would be a δ. Where the text says
how many rows and columns W has it is wrong; where it only calls W a matrix, nothing is proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.chances.events import unbraced
from derive.notation.axes import Limits
from derive.notation.declared import members, said_in
from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Fraction, Group, Juxt, Node, Num, Sym

from .context import Context
from .found import Found
from .lines import Line
from .mended import conflict
from .results import Verdict
from .rules.wrong_transpose import RULE

PRODUCTS = frozenset({"cdot", "times"})


def without_outer(found: Found, line: Line, context: Context) -> Found:
    """What is found of a line; that it lacks a transpose, or no proof, where it is such a product of two columns."""
    if found.verdict not in (Verdict.PROVED, Verdict.HOLDS, Verdict.UNDECIDED, Verdict.UNREAD) or line.right is None:
        return found
    weight, last = _differentiated(line.left), _last_of_two(line.right)
    if weight is None or last is None or not _is_multiplied(weight, last, context):
        return found
    rank = _rank(weight, context)
    if rank is None:
        return found
    because = f"{weight.base} is a matrix that multiplies {last.base}, and two columns have no product"
    if rank:
        end = last.span[1]
        own = line.formula.latex[slice(*last.span)]
        text = f"({own})^\\top" if last.sup is not None else f"{own}^\\top"
        return conflict(line, f"{last.base} is to be transposed", because, {(last.span[0], end): text}, RULE)
    proved = found.verdict in (Verdict.PROVED, Verdict.HOLDS)
    return (
        Found(kind=found.kind, verdict=Verdict.UNDECIDED, because=because, reading=found.reading) if proved else found
    )


def _differentiated(node: Node) -> Sym | None:
    """The W of ∂J/∂W."""
    below = _below(node)
    return below if isinstance(below, Sym) and below.base.isupper() else None


def _below(node: Node) -> Node | None:
    node = unbraced(node)
    match node.below if isinstance(node, Fraction) else None:
        case Juxt(items=(Sym(base="partial" | "d"), last)):
            return unbraced(last)
    return None


def _last_of_two(node: Node) -> Sym | None:
    """The a of δ a, where δ is a letter or a derivative, and both stand without a transpose."""
    if isinstance(node, Bin) and node.op in PRODUCTS:
        factors: tuple[Node, ...] = (node.left, node.right)
    else:
        factors = node.items if isinstance(node, Juxt) else ()
    factors = tuple(unbraced(f) for f in factors if not isinstance(f, Num))
    if len(factors) != 2 or not isinstance(last := factors[1], Sym) or is_transpose(last.sup):
        return None
    first = factors[0]
    is_slope = isinstance(_below(first), Sym)
    is_letter = isinstance(first, Sym) and first.base in ("delta", "Delta") and not is_transpose(first.sup)
    return last if (is_slope or is_letter) and last.base.islower() else None


def _is_multiplied(weight: Sym, last: Sym, context: Context) -> bool:
    """Whether the text has the product W a."""
    return any(
        isinstance(a, Sym) and isinstance(b, Sym) and _alike(a, weight) and _alike(b, last)
        for node, _ in context.lines.nodes
        for a, b in _neighbours(node)
    )


def _neighbours(node: Node) -> Iterator[tuple[Node, Node]]:
    for part in walk(node):
        if isinstance(part, Juxt):
            yield from pairwise(part.items)
        elif isinstance(part, Bin) and part.op in PRODUCTS:
            yield part.left, part.right


def _alike(one: Sym, other: Sym) -> bool:
    return (one.base, one.accents, one.fonts) == (other.base, other.accents, other.fonts)


def _rank(weight: Sym, context: Context) -> bool | None:
    """Whether the text gives a letter two sizes; None if it does not even call it a matrix."""
    declared = [found for node, _ in context.lines.nodes for found in members(node)]
    if any(_alike(sym, weight) and _is_tall(limits) for sym, limits in declared):
        return True
    said = [s for s in said_in(context.dictionary.prose) if _alike(s.sym, weight) and s.rank == 2]
    if any(_is_tall(s.limits) for s in said):
        return True
    return False if said else None


def _is_tall(limits: tuple[Limits, ...]) -> bool:
    """Whether there are two sizes, neither of them one."""
    return len(limits) == 2 and not any(isinstance(n, Num) or n is None or isinstance(n, Group) for _, n in limits)
