"""What is wrong of the indices of a formula by themselves, whatever its letters stand for."""

from __future__ import annotations

from ..context import Context
from ..found import Found
from ..lines import Line
from .argument import lost_argument
from .complements import named_twice
from .crossed import crossed
from .enumerated import unlike_the_others
from .integrated import wrong_differential
from .itself import made_of_itself
from .lone import lone_index
from .lost import lost_entry, lost_index
from .outside import outside_its_sum
from .turnedextreme import turned_extreme
from .turnedpolicy import turned_policy
from .unconditioned import unconditioned
from .unused import unused_index

CHECKS = (
    crossed,
    unused_index,
    lost_index,
    lost_entry,
    lone_index,
    outside_its_sum,
    unlike_the_others,
    unconditioned,
    lost_argument,
    named_twice,
    made_of_itself,
    turned_extreme,
    turned_policy,
    wrong_differential,
)


def indices_found(line: Line, context: Context) -> Found | None:
    """The conflict of a line with its own indices, if it stays open otherwise; None if nothing is found."""
    return next((found for check in CHECKS if (found := check(line, context)) is not None), None)
