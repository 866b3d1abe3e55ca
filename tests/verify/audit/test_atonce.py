"""An LSTM that is truncated in its state and its output at once."""

from __future__ import annotations

import pytest

from derive.catalog import find
from verify.audit.atonce import MISTAKE, truncated_at_once
from verify.audit.diagnosis import Diagnosis
from verify.audit.proved import Proved
from verify.audit.seen import Seen

LSTM = Proved(find("lstm"))
BORDERS = "over the borders between chunks of 2 steps"


def seen(where: str, quantities: tuple[str, ...]) -> list[Seen]:
    slips = [
        slip
        for slip in LSTM.slips
        if slip.mistake == MISTAKE and slip.says.endswith(where) and slip.step.quantity.name in quantities
    ]
    assert len(slips) == len(quantities)
    mistaken = LSTM.derived.with_slips(slips)
    return [
        Seen(point=t.point, truth=t.gradient, got=mistaken.gradient(mistaken.at(t.point))) for t in LSTM.points.truths
    ]


@pytest.mark.parametrize("where", [BORDERS])
def test_state_and_output_cut_off_at_the_same_places_are_named(where: str) -> None:
    (found,) = Diagnosis(LSTM.derived, LSTM.slips, seen(where, ("h", "c"))).findings()
    assert found.rule == "truncated" and len(found.parameters) == 12
    assert found.message.startswith("∂E/∂h and ∂E/∂c") and found.message.endswith(where)


def test_one_of_them_alone_is_not_both() -> None:
    (found,) = Diagnosis(LSTM.derived, LSTM.slips, seen(BORDERS, ("h",))).findings()
    assert found.rule == "truncated" and found.slip is not None
    assert (
        truncated_at_once(LSTM.derived, seen(BORDERS, ("h",)), LSTM.slips, tuple(LSTM.points.truths[0].gradient))
        is None
    )
