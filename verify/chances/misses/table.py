"""All standard formulas that a text may just miss."""

from __future__ import annotations

from ...context import Context
from ...doubts import of_words
from ...lines import Line
from .bare_event import bare_event
from .changed import turned_change
from .coins import wrong_counts
from .miss import Miss, Search
from .own_value import own_value
from .strays import stray_index, unused_bound
from .wording import greater_for_less, without_logarithm

DENIAL = "that it is wrong"
SEARCHES: tuple[Search, ...] = (
    bare_event,
    without_logarithm,
    greater_for_less,
    own_value,
    stray_index,
    unused_bound,
    wrong_counts,
    turned_change,
)


def miss_in(line: Line, context: Context) -> Miss | None:
    """What a formula just misses; None if it is none of this kind."""
    if any(DENIAL in doubt for doubt in of_words(line)):
        return None
    return next((miss for search in SEARCHES if (miss := search(line, context)) is not None), None)
