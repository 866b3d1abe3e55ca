r"""What can be told from the notation of a relation alone: Σ_{k=1}^{k}, and a letter that is free and bound at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.notation.dictionary import Dictionary
from derive.notation.names_in_notes import is_letter
from derive.notation.runs import children, walk
from derive.notation.scope import binder, present, reach
from derive.notation.syntax import Big, Chain, Entries, Fn, Listing, Node, Sym

from .context import Context
from .idleshares import idle_shares
from .lines import Line
from .lostexp import lost_exponentials
from .rebound import rebound
from .results import Severity, Suggestion, Verdict
from .rules.misplaced_function import RULE as MISPLACED
from .rules.swapped_index import RULE as SWAPPED_INDEX
from .rules.wrong_quantity import RULE as WRONG_QUANTITY
from .rules.wrong_sum import RULE as WRONG_SUM
from .textranges import beyond_the_text
from .unknownends import to_nowhere
from .voids import voids
from .wrongcounts import miscounted

OWN_BOUND = "GP301"
FREE_AND_BOUND = "GP302"


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A finding that needs no numbers.

    Attributes:
        rule: its code.
        severity: an error for what has no meaning, a warning for what a reader stumbles on.
        message: what is wrong, in one line.
        suggestion: the repair, where there is one.
    """

    rule: str
    severity: Severity
    message: str
    suggestion: Suggestion | None = None


def slip_in(line: Line, context: Context) -> Slip | None:
    """The first slip of notation in a relation, the gravest kind first."""
    dictionary = context.dictionary
    sides = [line.right] if line.carried is not None else [line.left, line.right]
    shares = (slip for n in sides if n is not None for slip in (*_idle_shares(n, line), *_lost_exponentials(n, line)))
    idle = next(shares, None) or next(_voids(line, context), None)
    if idle is not None or line.right is None:
        return idle
    nodes = [reach(dictionary.survey.steps.settled(n)) for n in sides if n is not None]
    graver = (
        *_own_bounds_of(nodes, line),
        *_bound_twice(line),
        *_idle_binders(line, dictionary),
        *_beyond_the_text(line, context),
        *_miscounted(line, context),
    )
    return next(iter((*graver, *_free_and_bound(nodes, dictionary))), None)


def _beyond_the_text(line: Line, context: Context) -> Iterator[Slip]:
    for found in (*beyond_the_text(line, context), *to_nowhere(line, context)):
        repaired = _replaced(line, found.span, found.text)
        yield Slip(rule=WRONG_SUM.code, severity=Severity.ERROR, message=found.message, suggestion=repaired)


def _miscounted(line: Line, context: Context) -> Iterator[Slip]:
    for found in miscounted(line, context):
        repaired = _replaced(line, found.span, found.text)
        yield Slip(rule=WRONG_QUANTITY.code, severity=Severity.ERROR, message=found.message, suggestion=repaired)


def _voids(line: Line, context: Context) -> Iterator[Slip]:
    for found in voids(line, context):
        repaired = found.place and _replaced(line, found.place, found.text)
        yield Slip(rule=WRONG_QUANTITY.code, severity=Severity.ERROR, message=found.message, suggestion=repaired)


def _lost_exponentials(node: Node, line: Line) -> Iterator[Slip]:
    for found in lost_exponentials(node):
        repaired = _replaced(line, found.place, f"\\exp({line.formula.latex[slice(*found.place)].strip()})")
        yield Slip(rule=MISPLACED.code, severity=Severity.ERROR, message=found.message, suggestion=repaired)


def _bound_twice(line: Line) -> Iterator[Slip]:
    for found in rebound(line.right, line.left) if line.right is not None else ():
        repaired = _replaced(line, found.span, found.text)
        yield Slip(rule=SWAPPED_INDEX.code, severity=Severity.ERROR, message=found.message, suggestion=repaired)


def _idle_shares(node: Node, line: Line) -> Iterator[Slip]:
    for found in idle_shares(node):
        start, end = found.index.span
        letter = line.formula.latex[start:end]
        bare = found.place is not None and line.formula.latex[: found.place[0]].endswith("_") and len(letter) > 1
        repaired = found.place and _replaced(line, found.place, f"{{{letter}}}" if bare else letter)
        message = f"the sum runs over {letter}, and its terms are all the numerator: a share that depends on nothing"
        yield Slip(rule=SWAPPED_INDEX.code, severity=Severity.ERROR, message=message, suggestion=repaired)


def _own_bounds_of(nodes: list[Node], line: Line) -> Iterator[Slip]:
    return (slip for node in nodes for slip in _own_bounds(node, line))


def _idle_binders(line: Line, dictionary: Dictionary) -> Iterator[Slip]:
    r"""`\sum_i a_i + \sum_p b_i`: a sum over a letter that its terms do not have, beside one over the letter they have.

    The letter that they have stands nowhere else by itself, so that nothing else could be meant.
    """
    if line.right is None or line.carried is not None:
        return
    letters = dictionary.survey.letters
    sides = [dictionary.survey.steps.settled(n) for n in (line.left, line.right)]
    bigs = [b for b in walk(sides[1]) if isinstance(b, Big) and b.op in _WORDS and b.below is not None]
    bound = {named[0] for b in bigs if (named := binder(b.below)) is not None}
    free = [name for side in sides for name in _free(side, frozenset(), letters)]
    for big in bigs:
        own = next((n for n in walk(big.below or big) if isinstance(n, Sym)), None)
        if own is None or any(isinstance(n, Sym) and n.base == own.base for n in walk(big.body)):
            continue
        inside = [*_free(big, frozenset(), letters)]
        if len({*inside} & bound) != 1 or len({*inside}) != 1 or free.count(inside[0]) != len(inside):
            continue
        message = f"the {_WORDS[big.op]} runs over {own.base}, and its terms have the index {inside[0]}"
        repaired = _replaced(line, own.span, inside[0])
        yield Slip(rule=SWAPPED_INDEX.code, severity=Severity.ERROR, message=message, suggestion=repaired)


def _replaced(line: Line, span: tuple[int, int], text: str) -> Suggestion:
    """The side of a relation with other text at a place."""
    (start, end), source = span, line.formula.latex
    side = line.right if line.right is not None and line.right.span[0] <= start else line.left
    edited = source[side.span[0] : start] + text + source[end : side.span[1]]
    place = None if line.formula.origins else (line.formula.offset + start, line.formula.offset + end)
    edit = f"{source[start:end]} → {text}"
    return Suggestion(latex=edited, edit=edit, verdict=Verdict.DEFINED, span=place, text=text)


def _own_bounds(node: Node, line: Line) -> Iterator[Slip]:
    r"""`\sum_{k=1}^{k}`: repaired with the capital letter."""
    source = line.formula.latex
    for big in (n for n in walk(node) if isinstance(n, Big) and n.op != "int"):  # ∫_a^a has limits alone
        bound, above = binder(big.below), present(big.above)
        if bound is None or not isinstance(above, Sym) or above.base != bound[0] or above.sub or above.sup:
            continue
        if above.primes or above.accents:  # k runs up to k'
            continue
        capital, (start, end) = bound[0].upper(), above.span
        message = f"the index {bound[0]} is its own upper bound"
        can = capital != bound[0] and source[start:end] == bound[0]
        repaired = _replaced(line, above.span, capital) if can else None
        yield Slip(rule=OWN_BOUND, severity=Severity.ERROR, message=message, suggestion=repaired)


def _free_and_bound(nodes: list[Node], dictionary: Dictionary) -> Iterator[Slip]:
    r"""`\frac{e^{z_k}}{\sum_k e^{z_k}}`: legal, and read twice by everyone."""
    letters = dictionary.survey.letters
    free = {name for n in nodes for name in _free(n, frozenset(), letters)} - set(_drawn(nodes))
    for big in (b for n in nodes for b in walk(n) if isinstance(b, Big)):
        bound = binder(big.below)
        if bound is not None and bound[0] in free and big.op in ("sum", "prod"):
            message = f"the letter {bound[0]} is free and bound by a {_WORDS[big.op]} in one formula"
            yield Slip(rule=FREE_AND_BOUND, severity=Severity.WARNING, message=message)


def _drawn(nodes: list[Node]) -> Iterator[str]:
    r"""The letters that a mean binds, `E_{a \\sim \\pi}`."""
    scripts = (n.sub for top in nodes for n in walk(top) if isinstance(n, Sym | Fn))
    for script in (s for s in scripts if isinstance(s, Chain) and "~" in s.operators):
        yield from (n.base for n in walk(script.operands[0]) if isinstance(n, Sym))


_WORDS = {"sum": "sum", "prod": "product"}


def _free(node: Node, bound: frozenset[str], letters: frozenset[str]) -> Iterator[str]:
    """The index letters that stand in a node outside the sums that bind them."""
    if isinstance(node, Sym) and is_letter(node, letters):
        yield from {node.base} - bound
    if isinstance(node, Big) and (named := binder(node.below)) is not None:
        for limit in (named[1], present(node.above)):
            yield from _free(limit, bound, letters) if limit is not None else ()
        yield from _free(node.body, bound | {named[0]}, letters)
        return
    if isinstance(node, Big) and isinstance(node.below, Chain | Listing):  # Σ_{a ≠ b}, which may bind each of them
        yield from _free(node.body, bound | {n.base for n in walk(node.below) if isinstance(n, Sym)}, letters)
        return
    if isinstance(node, Entries):  # the i that runs in x_1, …, x_T
        bound |= {letter for letter, _, _ in node.running}
    for child in children(node):
        yield from _free(child, bound, letters)
