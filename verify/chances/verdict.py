"""What is known of probabilities says of a line that index expressions leave open."""

from __future__ import annotations

from functools import partial

from ..context import Context
from ..judge import Judgement
from ..lines import Line
from ..normals.verdict import judge_normals
from ..repair import repair
from ..results import Suggestion, Verdict
from ..rules import swapped_index, turned_fraction, wrong_factor, wrong_number, wrong_operator, wrong_sign
from ..rules.edit import Rule
from .acceptance import judge_acceptance
from .factors import judge_factors
from .itself import judge_itself
from .judging import IF_INDEPENDENT, is_of_measures, judge_chances, proved_by_laws
from .linear import judge_linear, judge_spread
from .maximum import judge_maximum
from .mending import rules_for
from .misses.coins import counted
from .misses.miss import Miss, found_as
from .misses.table import miss_in
from .named import judge_named
from .order import judge_order
from .partitions import judge_cases
from .pointwise import holds_pointwise, judge_pointwise, told_by
from .posteriors import judge_posterior_moment
from .predictive import judge_predictive
from .premises import told_more
from .priors import as_prior
from .sampled import judge_sampled
from .sequences import holds_in_sequences, judge_sequences
from .sides import readings_of
from .stated import judge_stated
from .totals import judge_numbers
from .vanishing import judge_vanishing

READ = frozenset({Verdict.UNDECIDED, Verdict.DEFINED, Verdict.HOLDS})
OPEN = READ | {Verdict.UNREAD}

OF_TERMS = (wrong_sign.RULE, wrong_operator.RULE, wrong_factor.RULE)
OF_DERIVATIVES = (wrong_sign.RULE, swapped_index.RULE, wrong_operator.RULE, wrong_number.RULE, wrong_factor.RULE)

Other = tuple[Judgement, tuple[Rule, Suggestion] | None]


def by_chances(line: Line, context: Context, found: Verdict) -> Other | None:
    """The verdict by the laws of probability, and the correction of what is false; None if it adds nothing.

    Args:
        line: a relation.
        context: what the text says.
        found: the verdict by index expressions. It stands, unless it is open, or the line speaks of means, variances,
            entropies or divergences, which are no quantities of their own.
    """
    line = as_prior(line, context.dictionary.prose)
    known = context.chances.at(line)
    if line.operator == "<-" or not (found in OPEN or is_of_measures(line, known)):
        return None
    if known.speaks and (miss := miss_in(line, context)) is not None:
        return found_as(miss, line)
    if (right := counted(line, context) or judge_stated(line, context)) is not None and found is not Verdict.PROVED:
        return right, None
    if (told := judge_cases(line, context) or judge_numbers(line, context) or judge_acceptance(line)) is not None:
        return found_as(told, line) if isinstance(told, Miss) else (told, None)
    if (counted_up := judge_factors(line, context)) is not None:
        return counted_up
    if known.speaks and (strange := judge_itself(line, context, partial(_mended, context=context, lawful=True))):
        return strange
    if (predictive := judge_predictive(line, context) or judge_normals(line, context)) is not None:
        return predictive
    named = judge_named(line, context)
    named = judge_linear(line, context) or judge_spread(line, context) or judge_posterior_moment(line, context) or named
    judgement = named
    for judge in (judge_order, judge_maximum, judge_sampled, judge_chances):
        judgement = judgement or judge(line, known)
    if judgement is None or judgement.verdict is Verdict.UNDECIDED:
        sequential = _of_sequences(line, context)
        if sequential is not None and sequential[0].verdict is not Verdict.UNDECIDED:
            return sequential
    if judgement is None or judgement.verdict is Verdict.UNDECIDED:
        by_outcome = _of_outcomes(line, context)
        if by_outcome is not None:
            return by_outcome
    if judgement is not None and judgement.because == IF_INDEPENDENT and (vanishing := _of_vanishing(line, context)):
        return vanishing
    if judgement is None or (judgement.verdict in READ and found in READ):
        return None
    if judgement.verdict is not Verdict.REFUTED:
        return judgement, None
    if named is None and told_more(line, context):
        return None
    return judgement, repair(line, context, partial(_mended, context=context, lawful=named is None))


def _of_vanishing(line: Line, context: Context) -> Other | None:
    """The verdict on an equation that holds where terms vanish; wrong is only what a sign or a factor makes right."""
    judgement = judge_vanishing(line, context.chances.at(line))
    if judgement is None:
        return None
    measured = any(sides.reading.measures for sides in readings_of(line, context.chances.at(line)))
    rules = OF_TERMS if measured else (turned_fraction.RULE,)
    mended = repair(line, context, partial(_mended, context=context, lawful=True), rules=rules)
    return None if mended is None else (judgement, mended)


def _of_sequences(line: Line, context: Context) -> Other | None:
    """The verdict on a claim about sequences of variables, and the correction of what is false."""
    settings = context.chances.settings
    judgement = None if settings is None else judge_sequences(line, settings)
    if judgement is None or settings is None:
        return None
    if judgement.verdict is not Verdict.REFUTED:
        return judgement, None
    return judgement, repair(
        line, context, partial(holds_in_sequences, settings=settings), rules=rules_for(line, context)
    )


def _of_outcomes(line: Line, context: Context) -> Other | None:
    """The verdict on a derivative of an expected value; wrong is only what one edit makes right."""
    judgement = judge_pointwise(line, context)
    if judgement is None or judgement.verdict is not Verdict.REFUTED:
        return None if judgement is None else (judgement, None)
    told = told_by(context, line.number)
    mended = repair(line, context, partial(holds_pointwise, told=told), rules=OF_DERIVATIVES)
    return None if mended is None else (judgement, mended)


def _mended(line: Line, context: Context, *, lawful: bool) -> Verdict:
    """The verdict on an edited line, by the formulas of named distributions, or by the laws of probability."""
    line = as_prior(line, context.dictionary.prose)
    if lawful:
        best = judge_maximum(line, context.chances.at(line), edited=True)
        return proved_by_laws(line, context.chances.at(line)) if best is None else best.verdict
    if line.number in context.definitions and _left_of(line) != _left_of(context.line(line.number)):
        return Verdict.UNDECIDED  # its own left side would be what it follows from
    named = judge_linear(line, context, edited=True) or judge_spread(line, context, edited=True)
    named = named or judge_posterior_moment(line, context, edited=True)
    named = named or judge_named(line, context, edited=True)
    return Verdict.UNDECIDED if named is None else named.verdict


def _left_of(line: Line) -> str:
    return line.formula.latex[slice(*line.left.span)]
