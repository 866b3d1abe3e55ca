"""Mistakes in one step evaluated together, and which of them a gradient can be a multiple of."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from derive.catalog import find
from derive.mistakes.step import Slip
from lowering.numeric.environment import Environment
from lowering.numeric.errors import EvaluationError
from lowering.trialpoints import Arrays
from verify.audit.diagnosis import _step
from verify.audit.numbers import Derived
from verify.audit.proved import Proved
from verify.audit.seen import proportional


@pytest.mark.parametrize("name", ["mlp", "rnn"])
def test_mistakes_evaluated_together_have_the_numbers_of_each_alone(name: str) -> None:
    case, compared, without = Proved(find(name)), 0, 0
    known = case.derived.at(case.points.truths[0].point)
    for _, group in groupby(sorted(case.slips, key=lambda slip: str(_step(slip))), key=_step):
        slips = list(group)
        alone = [_alone(case.derived, known, slip) for slip in slips]
        try:
            together = case.derived.mistaken(known, slips)
        except EvaluationError:
            continue
        for one, other in zip(alone, together, strict=True):
            assert (one is None) == (other is None)
            compared, without = compared + 1, without + (one is None)
            for parameter, numbers in (one or {}).items():
                np.testing.assert_allclose(numbers, (other or {})[parameter], rtol=1e-12, atol=1e-14)
    assert compared > 30 and (without > 0 or name == "mlp")


def _alone(derived: Derived, known: Environment, slip: Slip) -> Arrays | None:
    try:
        return derived.gradient(known, slip)
    except EvaluationError:
        return None


def test_a_multiple_but_for_rounding() -> None:
    got = np.array([[1.0, -2.0], [3.0, 1e-3]])
    assert proportional(got, got / -7) and proportional(got, got * (1 + 1e-9)) and proportional(0 * got, 0 * got)
    assert not proportional(got, got + 1) and not proportional(got, got.T) and not proportional(got, got[0])
    assert not proportional(got, 0 * got) and not proportional(got, got * np.nan)
