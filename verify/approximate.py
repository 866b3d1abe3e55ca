"""What is found of numbers to the digits shown, and of Taylor polynomials."""

from __future__ import annotations

from .context import Context
from .found import ANYTHING_FALSE, Found
from .lines import Line
from .repair import repair
from .results import Verdict
from .rounding import judged_numbers
from .taylor import judged_expansion


def approximate_found(line: Line, context: Context) -> Found | None:
    """What is found of numbers to the digits shown, and of Taylor polynomials; None of anything else."""
    judgement = judged_numbers(line, context)
    expansion = judged_expansion(line, context) if judgement is None else None
    if judgement is None and expansion is None:
        return None

    def verdict(edited: Line) -> Verdict:
        found = judged_expansion(edited, context, refuting=False)
        return Verdict.UNDECIDED if found is None else found.verdict

    wrong = expansion is not None and expansion.verdict is Verdict.REFUTED
    mended = repair(line, context, verdict) if wrong else None
    judged_ = judgement or expansion
    assert judged_ is not None
    false = judged_.verdict is Verdict.REFUTED
    return Found(
        verdict=judged_.verdict,
        because=judged_.because,
        reading=line.formula.latex[line.span[0] : line.span[1]],
        judgement=judged_,
        rule=mended[0].code if mended else ANYTHING_FALSE if false else None,
        suggestion=mended[1] if mended else None,
    )
