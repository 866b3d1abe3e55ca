"""What decides a relation as it is read: why it is not judged at all, and else the judgement in any layout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sympy import Expr

from derive.alongsteps import at_the_step
from derive.model import Model
from derive.notation.definitions import is_elsewhere
from derive.notation.derivatives import Layout
from derive.notation.syntax import Node
from derive.vocabulary import Partial, is_name, name_of

from .atvalues import false_at_values
from .conditions import COMPARISONS, Condition, allowed, conditions_behind, conditions_on, demanded
from .context import Context
from .doubts import SENTENCE, doubts
from .equations import posed
from .evaluation import needed
from .freedifferentials import NOT_READ, is_of_differentials
from .identities import bare_capitals, is_claimed_elsewhere, unknown_capital, why_open
from .inlayouts import in_any_layout
from .judge import FEWEST_TRIALS, SPOKEN_AGAINST, Equation, Judgement, judge, true_or_open
from .knownfunctions import stated_function
from .lines import Line, names_defined
from .openness import why_not
from .operators import NOT_READ as OPERATORS
from .operators import has_operators
from .points import Allowed
from .refute import DIAGONAL, refute
from .results import Verdict
from .said import met_before, said_to_differ
from .shares import UNTOLD, labelled, perhaps_shares
from .substituted import conditions_of, prove_substituted, vanishing, with_solutions
from .symmetric import said_symmetric
from .widths import width_of_another_layer

UNLABELLED = "numbers speak against it, but not where the targets sum to one, of which the text says nothing"
Pose = Callable[[Line, Layout], tuple[Equation, Model]]


def judged(
    line: Line, context: Context, at: int | None = None, pose: Pose | None = None, *, claimed: bool = False
) -> tuple[Equation, Judgement]:
    """A relation as read, and the judgement on it by the definitions that hold where it stands, or at another line.

    What derivatives it has may be laid out in any way: it is wrong if it is in each that gives it a meaning.

    Args:
        line: the relation.
        context: the text.
        at: the line whose definitions hold; its own if None.
        pose: how it is read; as it stands if None.
        claimed: whether it is known to be a claim, and no equation to solve.
    Raises: Unreadable, ModelError: if a side has no reading, or the definitions make no model.
    """
    return in_any_layout(
        lambda layout: pose(line, layout) if pose is not None else posed(line, context, at, layout),
        lambda equation, model: _decided(equation, model, line, context, claimed=claimed),
        line,
    )


def _decided(equation: Equation, model: Model, line: Line, context: Context, *, claimed: bool) -> Judgement:
    """The judgement on a relation as it was read."""
    because = _why_unread(line) or why_not(equation, model, context)
    if because is not None:
        return Judgement(verdict=Verdict.UNDECIDED, because=because)
    equation = with_solutions(_at_the_step(equation), line, context)
    met = met_before(line, equation, model, context)
    wonder = partial(doubts, met.line, equation.left, equation.right, model, context)
    within = partial(conditions_for, line, equation, model, context, met=met.conditions)
    if line.link == 0 and not claimed and not _may_be_claimed(line, equation.left, context):
        unknown = unknown_capital(equation, model, context)
        if unknown is not None:
            return Judgement(verdict=Verdict.UNDECIDED, because=unknown)
        open_ = why_open(line, equation.left, equation.right, model, context)
        if open_ is not None:
            return true_or_open(equation, model, open_, within)
    found = judge(equation, model, wonder, said_symmetric(context.dictionary), within)
    if (there := false_at_values(line, found, equation, model, context)) is not None:
        wonder = partial(doubts, met.line, *there, model, context)
        found = judge(equation, model, wonder, said_symmetric(context.dictionary), within)
    if found.because == DIAGONAL and said_to_differ(line, equation, context):
        return Judgement(verdict=Verdict.HOLDS, because="no proof was found; it holds wherever the two indices differ")
    other = model if found.verdict is Verdict.PROVED else labelled(model, context.definitions.values())
    if other is not model:
        found = _with_labels(found, judge(equation, other, wonder, said_symmetric(context.dictionary), within))
    if found.verdict is Verdict.REFUTED:
        model_of_shares, names = perhaps_shares(other)
        if names and judge(equation, model_of_shares, conditions=within).verdict is not Verdict.REFUTED:
            return Judgement(verdict=Verdict.UNDECIDED, because=UNTOLD.format(names))
    if found.verdict is Verdict.PROVED and (unknown := bare_capitals(equation, model, context)) is not None:
        return Judgement(verdict=Verdict.UNDECIDED, because=unknown)
    if found.verdict is Verdict.PROVED and (why := width_of_another_layer(line, context)) is not None:
        return Judgement(verdict=Verdict.UNDECIDED, because=why)
    if found.because.startswith(SPOKEN_AGAINST) and _holds_in_its_sentence(equation, model, line, context):
        return Judgement(verdict=Verdict.HOLDS, because="all trials agree under the condition of its sentence")
    if found.verdict is not Verdict.PROVED and prove_substituted(equation, model, vanishing(line, context)) is not None:
        return Judgement(verdict=Verdict.PROVED, because="by the definitions, and what the text has set to zero before")
    return found


def _why_unread(line: Line) -> str | None:
    """Why a line is not judged by index expressions, in which its letters would mean something else."""
    if is_of_differentials(line):
        return NOT_READ
    return OPERATORS if has_operators(line) else None


def _with_labels(found: Judgement, other: Judgement) -> Judgement:
    """The judgement on what is proved if the targets sum to one; what is false both ways only is wrong."""
    if other.verdict is Verdict.PROVED or found.verdict is not Verdict.REFUTED:
        return other if other.verdict is Verdict.PROVED else found
    if other.verdict is Verdict.REFUTED:
        return found
    return Judgement(verdict=Verdict.UNDECIDED, because=UNLABELLED)


def _at_the_step(equation: Equation) -> Equation:
    """∂C/∂W_{l+1} = … as a claim on ∂C/∂W_l, of which all steps speak."""
    sides = at_the_step(equation.left, equation.right)
    if sides == (equation.left, equation.right):
        return equation
    confirmed = equation.confirmed or (equation.left, equation.right)
    return replace(equation, left=sides[0], right=sides[1], confirmed=confirmed)


def _holds_in_its_sentence(equation: Equation, model: Model, line: Line, context: Context) -> bool:
    """Whether all trials agree where the words before a formula, or directly behind it, say that it holds."""
    sentence, names = SENTENCE.split(line.formula.before.strip())[-1], needed(equation.left, equation.right, model)
    before = (n for n in context.lines.lines if n.number < line.number and n.operator in COMPARISONS)
    stated = conditions_on(names, context, [n for n in before if f"${n.formula.latex}$" in sentence])
    found = (*stated, *conditions_behind(line, context))
    if not found:
        return False
    trials = refute(equation.left, equation.right, model, entries=equation.entries, allowed=allowed(found, model))
    return trials.counterexample is None and trials.agreed >= FEWEST_TRIALS


def conditions_for(
    line: Line, equation: Equation, model: Model, context: Context, lasting: bool, met: tuple[Condition, ...] = ()
) -> Allowed | None:
    """The points that the text allows for an equation, by lasting conditions or by all; None if it makes none.

    Conditions that its own sentence puts a claim under, `met`, are among them in any case.
    """
    found = conditions_on(needed(equation.left, equation.right, model), context)
    found += tuple(demanded(e) for _, _, reader in equation.sources for e in reader.demands)
    found += conditions_of(vanishing(line, context), equation, model)
    behind = conditions_behind(line, context)
    found = (*met, *behind, *(c for c in found if c.lasting or not (lasting or behind)))
    return allowed(found, model) if found else None


def _may_be_claimed(line: Line, left: Expr, context: Context) -> bool:
    """Whether a left side is of the kind that is claimed to equal something: ∂v/∂w, f′(z), σ(z) or a name."""
    dictionary = context.dictionary
    function = stated_function(line.left, dictionary)
    derivative = left.has(Partial) or _is_primed(line.left)
    if is_elsewhere(line.left, dictionary):
        return is_claimed_elsewhere(line, context)
    names = {name_of(side) for side in (left, -left) if is_name(side)}  # −ℓ for ℓ
    placed = not names.isdisjoint(d.name for d in context.definitions.values())  # δ^L after δ^l
    return derivative or function is not None or placed or names_defined(line, dictionary) is not None


def _is_primed(node: Node) -> bool:
    head = getattr(node, "items", (node,))[0]
    return bool(getattr(head, "primes", 0))
