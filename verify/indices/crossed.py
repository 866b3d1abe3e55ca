r"""A sum over the wrong index, in which another one is left over: μ_k = Σ_k γ_{nk} x_n, and p(x) = ∏_i p(x_j).

Such an equation has no meaning whatever its letters stand for: the right side depends on n, and the left does not. The
index of the sum is either the one that the left side leaves free, or none that stands in what is summed.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

from derive.notation.definitions import DEFINING
from derive.notation.names_in_notes import index_list
from derive.notation.runs import children, walk
from derive.notation.scope import binder, reach, uses_freely
from derive.notation.syntax import Big, Chain, Fn, Group, Juxt, Node, Prose, Sym

from ..context import Context
from ..found import Found
from ..lines import Line
from ..mended import conflict
from ..repair import repair_right_side
from ..results import Verdict
from ..rules.edit import Rule
from ..rules.table import RULE_ROWS
from .primedsums import in_scripts

NO_INDEX = frozenset({"x", "y", "z", "t"})  # values, and what counts steps
OPERATORS = frozenset({"E", "P", "Pr", "Var", "V", "Cov", "H", "I", "KL", "nabla", "partial", "sum"})
USUAL = frozenset({"i", "j", "k", "l"})  # others are labels as well: σ_n of noise, μ_m
WORDS = {"sum": "sum", "prod": "product"}
WRONG_INDEX = tuple(r for r in RULE_ROWS if r.name in ("wrong-sum", "swapped-index"))
WRONG_SUM = tuple(r for r in RULE_ROWS if r.name == "wrong-sum")


def crossed(line: Line, context: Context) -> Found | None:
    """The conflict of a line whose right side depends on an index that the left side has not, and sums over another."""
    if line.right is None or line.operator not in (*DEFINING, "approx") or line.carried is not None:
        return None
    letters = context.dictionary.survey.letters
    if _is_entry(line.right) and isinstance(line.left, Big):  # Σ_j A_{ij} = d_j
        line = dataclasses.replace(line, left=line.right, right=line.left)
    assert line.right is not None
    pair = _crossed(line.left, line.right, letters) if _is_entry(line.left) else None
    if pair is not None and (_runs(pair[1], context) or ({*pair} <= USUAL and not _is_ordinal(pair[1], line))):
        message = f"the sum runs over {pair[0]}, of which the left side is one entry, and {pair[1]} is left over"
        return _told(line, context, message, partial(_has_no_more, line=line, letters=letters), WRONG_SUM)
    idle = _idle(line, context)
    if idle is None:
        return None
    big, letter, left_over = idle
    message = f"the {WORDS[big.op]} runs over {letter}, which it does not use, and {left_over} is left over"
    if letter in NO_INDEX:  # steps are what a text sums over
        places = {n.span: letter for n in in_scripts(big.body) if n.base == left_over}
        return conflict(line, message, message, places)
    return _told(line, context, message, partial(_uses_all, letters=letters, left_over=left_over), WRONG_INDEX)


def _told(line: Line, context: Context, message: str, fits: Callable[[Node], bool], rules: tuple[Rule, ...]) -> Found:
    """The conflict, with the change of one index or of the sum after which there is none."""
    assert line.right is not None
    size = len(list(walk(line.right)))
    mended = repair_right_side(
        line, context, lambda edited: 0 if len(list(walk(edited))) == size and fits(edited) else None, rules=rules
    )
    return Found(
        verdict=Verdict.CONFLICT,
        because=message,
        message=message,
        rule=(mended[0] if mended else WRONG_SUM[0]).code,
        suggestion=mended[1] if mended else None,
    )


def _has_no_more(edited: Node, *, line: Line, letters: frozenset[str]) -> bool:
    return _free(edited, letters) <= _free(line.left, letters)


def _uses_all(edited: Node, *, letters: frozenset[str], left_over: str) -> bool:
    """Whether every sum uses its index, and nothing is left over."""
    sums = [n for n in walk(reach(edited)) if isinstance(n, Big) and n.op in WORDS]
    bound = [(b[0], n) for n in sums if (b := binder(n.below)) is not None]
    return left_over not in _free(edited, letters) and all(uses_freely(n.body, letter) for letter, n in bound)


def _idle(line: Line, context: Context) -> tuple[Big, str, str] | None:
    """A sum or product that does not use its index, that index, and the only one left over in it; else None.

    The one left over stands nowhere else in the formula, so that it is bound by nothing.
    """
    assert line.right is not None
    letters = context.dictionary.survey.letters
    right = reach(line.right)
    for big in (n for n in walk(right) if isinstance(n, Big) and n.op in WORDS):
        bound = binder(big.below)
        if bound is None or not _counts(bound[0], big, letters) or not _is_unused(bound[0], big, line):
            continue
        extra = _free(big.body, letters) - _free(line.left, letters)
        if len(extra) != 1 or any(isinstance(n, Prose) for n in walk(big.body)):
            continue
        (other,) = extra
        syms = [n for n in walk(big.body) if isinstance(n, Sym) and other in _indices(n, letters)]
        applied = any(n.base in OPERATORS and _is_applied(n, big.body) for n in syms)
        if other in USUAL and not applied and not _is_drawn(other, big.body) and _is_alone(other, big, line, context):
            return big, bound[0], other
    return None


def _is_drawn(letter: str, body: Node) -> bool:
    """Whether an operator binds a letter by a relation: the j of E_{j ∼ P}[log σ(u_j^⊤ v)], not that of I_j.

    A sum over k of it adds up K equal ones.
    """
    heads = (n for n in walk(body) if isinstance(n, Fn | Sym))
    below = (n.sub for n in heads if (n.name if isinstance(n, Fn) else n.base) in OPERATORS)
    return any(isinstance(n, Sym) and n.base == letter for sub in below if isinstance(sub, Chain) for n in walk(sub))


def _is_applied(sym: Sym, body: Node) -> bool:
    """Whether a bracket follows a letter: E_j[x] is an expected value, I_j an indicator."""
    inside = (n.items for n in walk(body) if isinstance(n, Juxt))
    return any(a is sym and isinstance(b, Group) for items in inside for a, b in pairwise(items))


def _counts(letter: str, big: Big, letters: frozenset[str]) -> bool:
    """Whether a sum runs over an index: the t of Σ_{t=1}^T is one, the x of Σ_x a value."""
    return letter in letters and (letter not in NO_INDEX or (letter == "t" and big.above is not None))


def _is_unused(letter: str, big: Big, line: Line) -> bool:
    """Whether what is summed does not show the letter at all, not even in a word."""
    written = re.sub(r"\\[a-zA-Z]+", " ", line.formula.latex[slice(*big.body.span)])
    return letter not in written and not uses_freely(big.body, letter)


def _is_alone(letter: str, big: Big, line: Line, context: Context) -> bool:
    """Whether a letter stands nowhere else in a formula, nor is said to be some one index."""
    nodes = [n for top, formula in context.lines.nodes if formula is line.formula for n in walk(reach(top))]
    inside = {n.span for n in walk(big.body)}
    apart = [n for n in nodes if isinstance(n, Sym) and n.base == letter and n.span not in inside]
    if big.op == "prod":  # a product of the same factor is written as a power
        return not apart and not _is_ordinal(letter, line)
    return not apart and not is_fixed(letter, line)


def is_fixed(letter: str, line: Line) -> bool:
    """Whether the text around a line may say that a letter is some one index."""
    around = f"{line.formula.before} {line.formula.after}"
    return f"${letter}$" in around or _is_ordinal(letter, line)


def _is_ordinal(letter: str, line: Line) -> bool:
    """Whether the text speaks of the j-th of something, or of what holds for one j."""
    around = f"{line.formula.before} {line.formula.after}"
    one = rf"\b(?:for|at|in|given|under|fix\w*)\s+(?:\w+\s+){{0,3}}\${letter}\$"
    return re.search(rf"\b{letter}(?:-|\^|\$-?)?(?:th|'th)\b|{one}", around, re.IGNORECASE) is not None


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
    if len(whole) != 1 or not {one, other} <= _free(whole[0].body, letters):
        return None
    own = {id(n) for big in sums if (b := binder(big.below)) is not None and b[0] == other for n in walk(big.body)}
    apart = (n for n in _outside(right, whole[0]) if isinstance(n, Sym) and id(n) not in own)
    if {id(n) for n in walk(whole[0])} & own or any(other in _indices(n, letters) for n in apart):
        return None
    return one, other


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
