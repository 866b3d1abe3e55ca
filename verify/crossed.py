r"""A sum over the index that the left side leaves free, in which another index is left over: μ_k = Σ_k γ_{nk} x_n.

Such an equation has no meaning whatever its letters stand for: the right side depends on n, and the left does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.definitions import DEFINING
from derive.notation.names_in_notes import index_list
from derive.notation.runs import children, walk
from derive.notation.scope import binder, reach
from derive.notation.syntax import Big, Fn, Group, Node, Sym

from .context import Context
from .found import Found
from .lines import Line
from .repair import repair_right_side
from .results import Verdict
from .rules.table import RULE_ROWS

NO_INDEX = frozenset({"x", "y", "z", "t"})  # values, and what counts steps
OPERATORS = frozenset({"E", "P", "Pr", "Var", "V", "Cov", "H", "I", "KL", "nabla", "partial", "sum"})
WRONG_SUM = tuple(r for r in RULE_ROWS if r.name == "wrong-sum")


def crossed(line: Line, context: Context) -> Found | None:
    """The conflict of a line whose two sides depend on two different indices, one of which a sum binds."""
    if line.right is None or line.operator not in DEFINING or line.carried is not None:
        return None
    letters = context.dictionary.survey.letters
    pair = _crossed(line.left, line.right, letters) if _is_entry(line.left) else None
    if pair is None or not _runs(pair[1], context):
        return None
    bound, left_over = pair

    def rank(edited: Node) -> int | None:
        assert line.right is not None
        same = len(list(walk(edited))) == len(list(walk(line.right)))
        return 0 if same and _free(edited, letters) <= _free(line.left, letters) else None

    mended = repair_right_side(line, context, rank, rules=WRONG_SUM)
    message = f"the sum runs over {bound}, of which the left side is one entry, and {left_over} is left over"
    return Found(
        verdict=Verdict.CONFLICT,
        because=message,
        message=message,
        rule=WRONG_SUM[0].code,
        suggestion=mended[1] if mended else None,
    )


def _crossed(left: Node, right: Node, letters: frozenset[str]) -> tuple[str, str] | None:
    """An index of the left side that a sum of the right side binds, and the index left over within it; else None."""
    right = reach(right)
    given, sums = _free(left, letters), [n for n in walk(right) if isinstance(n, Big)]
    bound = [b[0] for n in sums if (b := binder(n.below)) is not None]
    both, extra = given & set(bound), _free(right, letters) - given
    if len(both) != 1 or len(extra) != 1 or len(sums) != len(bound):
        return None
    (one,), (other,) = both, extra
    whole = [n for n in sums if (b := binder(n.below)) is not None and b[0] == one]
    if len(whole) != 1 or other in bound or not {one, other} <= _free(whole[0].body, letters):
        return None
    apart = (n for n in _outside(right, whole[0]) if isinstance(n, Sym))
    return None if any(other in _indices(n, letters) for n in apart) else (one, other)


def _is_entry(left: Node) -> bool:
    """Whether a left side is an entry of something, and no operator with what it runs over below."""
    return isinstance(left, Sym) and left.base not in OPERATORS and not any(isinstance(n, Fn) for n in walk(left))


def _runs(letter: str, context: Context) -> bool:
    """Whether the text sums over a letter or says how far it runs."""
    survey = context.dictionary.survey
    return letter not in survey.steps.letters and letter in survey.letter_ranges


def _free(node: Node, letters: frozenset[str]) -> set[str]:
    """The indices that stand in scripts of letters outside the sums that bind them."""
    return set(_frees(reach(node), frozenset(), letters)) - NO_INDEX


def _frees(node: Node, bound: frozenset[str], letters: frozenset[str]) -> Iterator[str]:
    if isinstance(node, Sym):
        yield from _indices(node, letters) - bound
        return
    if isinstance(node, Big) and (named := binder(node.below)) is not None:
        bound = bound | {named[0]}
        yield from _frees(node.body, bound, letters)
        return
    for child in children(node):
        yield from _frees(child, bound, letters)


def _indices(sym: Sym, letters: frozenset[str]) -> set[str]:
    """The index letters below a letter, and above it in brackets."""
    above = (sym.sup.body,) if isinstance(sym.sup, Group) and sym.sup.opening == "(" else ()
    below = (index_list(sym.sub, letters) or ()) if sym.sub is not None else ()
    return {n.base for n in (*below, *above) if isinstance(n, Sym) and n.base in letters}


def _outside(node: Node, left_out: Node) -> Iterator[Node]:
    """All nodes but those of one part."""
    if node is left_out:
        return
    yield node
    for child in children(node):
        yield from _outside(child, left_out)
