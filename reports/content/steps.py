"""A chain of steps as the lines of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Expr

from derive.derivation import Step
from derive.model import Model
from derive.views import rule_words

from ..document import ReportStep, Text
from .wording import badge_of, formula, shown


def chain_of(
    chain: tuple[Step, ...], model: Model, *, full: bool = False, by: Callable[[Step], Text] = lambda step: ()
) -> Iterator[ReportStep]:
    """The steps of a derivation, each continuing the one above it where it can.

    Args:
        chain: the steps.
        model: gives the names.
        full: all steps that they rely on, too.
        by: what is said of a step instead of its rule; empty for the rule.
    """
    chains: dict[int, tuple[Expr, Expr]] = {}  # where the chain at each depth began, and how far it has come
    above = 0
    for depth, step in shown(chain, model, full=full):
        begun, reached = chains.get(depth, (step.before, step.before))
        begun = begun if reached == step.before else step.before
        resumed = above > depth and begun != step.before
        chains[depth], above = (begun, step.after), depth
        yield ReportStep(
            rule=by(step) or rule_words(step, model),
            before=formula(begun if resumed else step.before, model),
            after=formula(step.after, model),
            badge=badge_of(step.verdict),
            depth=depth,
        )
