"""What is found of numbers to the digits shown, and of Taylor polynomials."""

from __future__ import annotations

from derive.model import Model

from .computed import judged_computed
from .context import Context
from .expansion import judged_unknown, posed_unknown
from .found import ANYTHING_FALSE, Found
from .judge import Equation, Judgement
from .lines import Line
from .repair import repair
from .results import Suggestion, Verdict
from .rounding import judged_numbers
from .rules.edit import Rule
from .taylor import judged_expansion


def approximate_found(line: Line, context: Context) -> Found | None:
    """What is found of numbers to the digits shown, and of Taylor polynomials; None of anything else."""
    if (judgement := judged_numbers(line, context)) is not None:
        return _found(line, judgement, None)
    if (judgement := judged_computed(line, context)) is not None:
        return _found(line, judgement, None)
    if (judgement := judged_expansion(line, context)) is not None:
        return _found(line, judgement, _mended(line, context) if judgement.verdict is Verdict.REFUTED else None)
    if (judgement := judged_unknown(line, context)) is not None:
        wrong = judgement.verdict is Verdict.REFUTED
        return _found(line, judgement, _mended_unknown(line, context) if wrong else None)
    return None


Mended = tuple[Rule, Suggestion] | None


def _mended(line: Line, context: Context) -> Mended:
    def verdict(edited: Line) -> Verdict:
        found = judged_expansion(edited, context, refuting=False)
        return Verdict.UNDECIDED if found is None else found.verdict

    return repair(line, context, verdict)


def _mended_unknown(line: Line, context: Context) -> Mended:
    def verdict(edited: Line) -> Verdict:
        found = judged_unknown(edited, context)
        return Verdict.UNDECIDED if found is None else found.verdict

    def pose(edited: Line) -> tuple[Equation, Model] | None:
        found = posed_unknown(edited, context)
        return None if found is None else found[:2]

    return repair(line, context, verdict, pose)


def _found(line: Line, judgement: Judgement, mended: Mended) -> Found:
    false = judgement.verdict is Verdict.REFUTED
    return Found(
        verdict=judgement.verdict,
        because=judgement.because,
        reading=line.formula.latex[line.span[0] : line.span[1]],
        judgement=judgement,
        rule=mended[0].code if mended else ANYTHING_FALSE if false else None,
        suggestion=mended[1] if mended else None,
    )
