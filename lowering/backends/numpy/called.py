"""The private functions that a module brings along: those of its operations, and those that its code calls."""

from __future__ import annotations

from ...operations import Cholesky, LogSumExp
from ...program import Program
from .binary import BINARY_LOG_LIKELIHOOD
from .checking import (
    ADDED,
    CHOLESKY,
    COLUMN_SUMS,
    FUNCTIONS_GIVEN,
    LOG_SUM_EXP,
    ONES,
    OVER_TILES,
    RESIDUAL,
    STACKED,
    TOTAL,
    WITHIN,
)
from .functions import DECAY
from .labelled import ADDED_ROWS, ARE_LABELS, LABELLED, ONE_HOT, ROWS
from .likelihood import LOG_LIKELIHOOD
from .zeros import LOG

CALLED = (
    ("_are_labels(", ARE_LABELS),
    ("_labelled(", LABELLED),
    ("_functions(", FUNCTIONS_GIVEN),
    (" _log_likelihood(", LOG_LIKELIHOOD),
    ("_binary_log_likelihood(", BINARY_LOG_LIKELIHOOD),
    ("_residual(", RESIDUAL),
    ("_log(", LOG),
    ("_rows(", ROWS),
    ("_added_rows(", ADDED_ROWS),
    ("_one_hot(", ONE_HOT),
    ("_column_sums(", COLUMN_SUMS),
    ("_within(", WITHIN),
    ("_total(", TOTAL),
    ("_ones(", ONES),
    ("_column_sums(", ONES),
    ("_total(", ONES),
    ("_log_likelihood(", ONES),
    ("_binary_log_likelihood(", DECAY),
    ("_stacked(", STACKED),
    ("_added(", ADDED),
    ("_over_tiles(", OVER_TILES),
    ("_decay(", DECAY),
)
HELPERS = ((LOG_SUM_EXP, LogSumExp), (CHOLESKY, Cholesky))


def helpers_of(program: Program) -> tuple[str, ...]:
    """The functions that the operations of a program need."""
    return tuple(text for text, kind in HELPERS if any(isinstance(o, kind) for o in program.every))


def called_in(written: str) -> tuple[str, ...]:
    """The functions that code calls, each once."""
    return tuple(dict.fromkeys(text for call, text in CALLED if call in written))
