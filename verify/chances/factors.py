"""The factors of a joint distribution, counted: in p(x_0) ∏_{t=1}^T p(x_{t−1} | x_t) there are two of x_0, none of x_T.

By the chain rule each variable of the whole has one factor, which does not condition on the variable itself. What
breaks this is no distribution of these variables, whatever the factors are; it is wrong if one edit of its indices
makes it a factorisation.
"""

from __future__ import annotations

from collections import Counter

from derive.chances.events import SAME_FAMILY, NotAProbability, conditioned, has_label, label
from derive.chances.networks import factorisation_of, factors_of
from derive.chances.unrolled import Unrolling, free_letters
from derive.notation.syntax import Node

from ..context import Context
from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..repair import repair
from ..results import Suggestion, Verdict
from ..rules.edit import Rule
from .mending import rules_for

LENGTHS = (3, 4)
FEWEST = 3
Half = tuple[list[str], list[str]]


def judge_factors(line: Line, context: Context) -> tuple[Judgement, tuple[Rule, Suggestion]] | None:
    """What is wrong of a joint distribution whose variables have no factor, or two; None of anything else."""
    if line.right is None or line.operator not in ("=", ":=") or any(of_words(line)):
        return None
    faults = [_fault(line.left, line.right, length) for length in LENGTHS]
    if faults[0] is None or faults[0] != faults[1]:
        return None
    mended = repair(line, context, _is_whole, rules=rules_for(line, context)[:4])
    return None if mended is None else (Judgement(verdict=Verdict.REFUTED, because=faults[0]), mended)


def _is_whole(line: Line) -> Verdict:
    """Whether an edited right side is a factorisation of the left one."""
    told = None if line.right is None else factorisation_of(line.left, line.right, {})
    return Verdict.UNDECIDED if told is None else Verdict.HOLDS


def _fault(left: Node, right: Node, length: int) -> str | None:
    """How the factors miss the chain rule for sequences of a length; None if they do not, or are not read."""
    sizes = free_letters(right)
    if len(sizes) != 1 or not free_letters(left) <= sizes:
        return None
    unrolling = Unrolling(at=dict.fromkeys(sizes, length))
    try:
        ((head, group),) = factors_of(unrolling.node(left))
        whole, _ = _halves(group.body)
        pairs = list(factors_of(unrolling.node(right)))
        factors = [_halves(g.body) for _, g in pairs]
    except (NotAProbability, ValueError):
        return None
    families = {SAME_FAMILY.get(h.base, h.base) for h, _ in pairs}
    named = {v.split("_")[0] for v in whole if "_" not in v}  # x of p(x, y_1, …) may be all of x_1, …, x_T
    every = {v for children, parents in factors for v in (*children, *parents)}
    if families != {SAME_FAMILY.get(head.base, head.base)} or len(set(whole)) != len(whole) or len(whole) < FEWEST:
        return None
    if any("_" in v and v.split("_")[0] in named for v in every):
        return None
    drawn = Counter(v for children, _ in factors for v in children)
    if any(set(children) & set(parents) for children, parents in factors):
        return "a variable stands before and behind the bar of one factor"
    if any(drawn[v] > 1 for v in whole):
        return "one of its variables has two factors"
    return "one of its variables has no factor" if any(v not in drawn for v in whole) else None


def _halves(body: Node) -> Half:
    """The names of the variables before and behind the bar.

    Raises: NotAProbability: where something else stands there.
    """
    events, given = conditioned(body)
    if not all(has_label(n) for n in events):
        raise NotAProbability("an event that is no variable")
    return [label(n) for n in events], [label(n) for n in given if has_label(n)]
