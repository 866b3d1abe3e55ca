"""What decides a relation as it is read: why it is not judged at all, and else the judgement in any layout."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sympy import Expr

from derive.model import Model
from derive.notation.definitions import is_elsewhere
from derive.notation.derivatives import Layout
from derive.notation.syntax import Node
from derive.vocabulary import Partial

from .conditions import allowed, conditions_behind, conditions_on, demanded
from .context import Context
from .doubts import doubts
from .equations import posed
from .evaluation import needed
from .identities import is_claimed_elsewhere, unknown_capital, why_open
from .inlayouts import in_any_layout
from .judge import Equation, Judgement, judge, true_or_open
from .knownfunctions import stated_function
from .lines import Line, names_defined
from .openness import why_not
from .refute import Allowed
from .results import Verdict
from .shares import labelled
from .substituted import conditions_of, prove_substituted, vanishing, with_solutions
from .symmetric import said_symmetric

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
    because = why_not(equation, model, context)
    if because is not None:
        return Judgement(verdict=Verdict.UNDECIDED, because=because)
    equation = with_solutions(equation, line, context)
    wonder = partial(doubts, line, equation.left, equation.right, model, context)
    if line.link == 0 and not claimed and not _may_be_claimed(line, equation.left, context):
        unknown = unknown_capital(equation, model, context)
        if unknown is not None:
            return Judgement(verdict=Verdict.UNDECIDED, because=unknown)
        open_ = why_open(line, equation.left, equation.right, model, context)
        if open_ is not None:
            return true_or_open(equation, model, open_)
    within = partial(_conditions, line, equation, model, context)
    found = judge(equation, model, wonder, said_symmetric(context.dictionary), within)
    if found.verdict is not Verdict.PROVED and (other := labelled(model)) is not model:
        found = _with_labels(found, judge(equation, other, wonder, said_symmetric(context.dictionary), within))
    if found.verdict is not Verdict.PROVED and prove_substituted(equation, model, vanishing(line, context)) is not None:
        return Judgement(verdict=Verdict.PROVED, because="by the definitions, and what the text has set to zero before")
    return found


def _with_labels(found: Judgement, other: Judgement) -> Judgement:
    """The judgement on what is proved if the targets sum to one; what is false both ways only is wrong."""
    if other.verdict is Verdict.PROVED or found.verdict is not Verdict.REFUTED:
        return other if other.verdict is Verdict.PROVED else found
    if other.verdict is Verdict.REFUTED:
        return found
    return Judgement(verdict=Verdict.UNDECIDED, because=UNLABELLED)


def _conditions(line: Line, equation: Equation, model: Model, context: Context, lasting: bool) -> Allowed | None:
    """The points that the text allows for an equation, by lasting conditions or by all; None if it makes none."""
    found = conditions_on(needed(equation.left, equation.right, model), context)
    found += tuple(demanded(e) for _, _, reader in equation.sources for e in reader.demands)
    found += conditions_of(vanishing(line, context), equation, model)
    behind = conditions_behind(line, context)
    found = (*behind, *(c for c in found if c.lasting or not (lasting or behind)))
    return allowed(found, model) if found else None


def _may_be_claimed(line: Line, left: Expr, context: Context) -> bool:
    """Whether a left side is of the kind that is claimed to equal something: ∂v/∂w, f′(z), σ(z) or a name."""
    dictionary = context.dictionary
    function = stated_function(line.left, dictionary)
    derivative = left.has(Partial) or _is_primed(line.left)
    if is_elsewhere(line.left, dictionary):
        return is_claimed_elsewhere(line, context)
    return derivative or function is not None or names_defined(line, dictionary) is not None


def _is_primed(node: Node) -> bool:
    head = getattr(node, "items", (node,))[0]
    return bool(getattr(head, "primes", 0))
