r"""x'_i = a_{ii} x_j + Σ_j a_{ij} x_j: the term before a sum shows the index that only the sum binds.

What stands before a sum cannot be meant to lie within it, so that its x_j is bound by nothing. The one that is meant
is of the left side, if the term has the index of that side as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.chances.events import unbraced
from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Node, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict
from .crossed import is_fixed
from .primedsums import bound_letter, in_scripts


def outside_its_sum(line: Line, context: Context) -> Found | None:
    """The conflict of a definition of an entry i with an x_j before the one sum over j, in which x_j stands too."""
    if line.right is None or line.link or line.carried is not None or line.operator not in (*DEFINING, "<-"):
        return None
    own, sums = _plain(line.left), [n for n in walk(line.right) if isinstance(n, Big)]
    letter = bound_letter(sums[0]) if len(sums) == 1 and sums[0].op == "sum" else None
    if letter is None or len(own) != 1 or letter.base in own or is_fixed(letter.base, line) or any(of_words(line)):
        return None
    (index,) = own
    before = next((t for t, rest in _sums(line.right) if any(n is sums[0] for n in walk(rest))), None)
    syms = [n for n in walk(before) if isinstance(n, Sym)] if before is not None else []
    strange = [n for n in syms if isinstance(n.sub, Sym) and n.sub.base == letter.base]
    within = {n.base for n in walk(sums[0].body) if isinstance(n, Sym) and letter.base in _plain(n)}
    shown = {n.base for part in syms for n in in_scripts(part)}
    if len(strange) != 1 or strange[0].base not in within or shown != {letter.base, index}:
        return None
    if index not in {n.base for n in in_scripts(sums[0].body)} or _is_free_elsewhere(letter.base, line, context):
        return None
    because = f"{letter.base} is bound by the sum alone, and stands before it"
    assert strange[0].sub is not None
    return conflict(line, f"the index {letter.base} should be {index}", because, {strange[0].sub.span: index})


def _plain(node: Node) -> set[str]:
    """The letters that stand below the letters of a node."""
    return {n.base for n in in_scripts(node)}


def _sums(node: Node) -> Iterator[tuple[Node, Node]]:
    """The terms before the last one, each with what follows it."""
    node = unbraced(node)
    if isinstance(node, Bin) and node.op in ("+", "-"):
        yield node.left, node.right
        yield from _sums(node.left)


def _is_free_elsewhere(letter: str, line: Line, context: Context) -> bool:
    """Whether another left side of the section has the letter as its index: the text may keep to one j."""
    others = (o for o in context.lines.lines if o.formula is not line.formula and o.right is not None)
    return any(letter in _plain(o.left) for o in others if o.formula.headings == line.formula.headings)
