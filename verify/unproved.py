"""What agrees and still proves nothing, for how the letters of a line are read is not how the text may mean them."""

from __future__ import annotations

from .commuting import COMMUTING, may_not_commute
from .context import Context
from .dependence import UNTOLD, hides_a_slope
from .flatnorms import FLAT, has_flat_norm
from .found import Found
from .lines import Line
from .results import Verdict
from .sets import MIXED, mixes_sets

REASONS = ((MIXED, mixes_sets), (UNTOLD, hides_a_slope), (FLAT, has_flat_norm))
OF_NUMBERS = "numerical trials agree"  # of letters read as the text declares them, and not as matrices


def without_doubt(found: Found, line: Line, context: Context) -> Found:
    """What was found of a line; undecided where it was found true and there is such a reason."""
    if found.verdict not in (Verdict.PROVED, Verdict.HOLDS) or line.right is None:
        return found
    because = next((why for why, test in REASONS if test(line, context)), None)
    as_read = found.verdict is Verdict.PROVED or (found.because or "").endswith(OF_NUMBERS)
    if because is None and as_read and may_not_commute(line, context):
        because = COMMUTING
    if because is None:
        return found
    return Found(kind=found.kind, verdict=Verdict.UNDECIDED, because=because, reading=found.reading)
