"""What agrees and still proves nothing, for how the letters of a line are read is not how the text may mean them."""

from __future__ import annotations

from .commuting import COMMUTING, may_not_commute
from .context import Context
from .dependence import UNTOLD, hides_a_slope
from .found import Found
from .lines import Line
from .results import Verdict
from .sets import MIXED, mixes_sets

REASONS = ((MIXED, mixes_sets), (UNTOLD, hides_a_slope), (COMMUTING, may_not_commute))


def without_doubt(found: Found, line: Line, context: Context) -> Found:
    """What was found of a line; undecided where it was found true and there is such a reason."""
    if found.verdict not in (Verdict.PROVED, Verdict.HOLDS) or line.right is None:
        return found
    because = next((why for why, test in REASONS if test(line, context)), None)
    if because is None:
        return found
    return Found(kind=found.kind, verdict=Verdict.UNDECIDED, because=because, reading=found.reading)
