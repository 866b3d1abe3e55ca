"""A wrong rule of the kernel is caught: with it, a law of the catalogue fails for a row that uses the rule.

The prover rests on the same rules, and may prove what they get wrong; that is why every derivative is measured too.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from wrongkernel import WRONG, breaks_a_law


def _elsewhere(name: str) -> bool:
    """What a process of its own finds: results made with a wrong rule must not be met again."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(breaks_a_law, name).result()


@pytest.mark.parametrize("name", [w.name for w in WRONG])
def test_a_wrong_rule_breaks_a_law(name: str) -> None:
    assert _elsewhere(name)


def test_with_the_right_rules_the_laws_hold() -> None:
    assert not _elsewhere("")
