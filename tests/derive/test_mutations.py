"""A wrong row is caught: every mistake in a definition or in a result breaks the laws of the catalogue.

The laws are that a derivative is proved and is what numbers say it is. A mistake that changes no number is none; for
every other the numbers differ, and nothing may be proved. `python -m benchmarks.mistakes` takes all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from mistakes import Mistake, in_definitions, in_results, results

from derive.catalog import all_models
from derive.model import Model

MOST = 5  # tried in each row


@pytest.mark.parametrize("mistakes", [in_results, in_definitions], ids=["result", "definition"])
@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_no_mistake_is_proved(model: Model, mistakes: Callable[[Model, int], Iterator[Mistake]]) -> None:
    found = list(mistakes(model, MOST))
    if mistakes is in_definitions and all(result == 0 for _, _, result in results(model)):
        return  # a step stays flat under every mistake in what it is a step of
    assert found, "mistakes that change numbers"
    for mistake in found:
        assert mistake.caught, mistake
