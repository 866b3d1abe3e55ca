"""A sample of benchmarks/mutants.py: no false claim is accepted, no true one refused."""

from __future__ import annotations

import pytest

from benchmarks.mutants import cases, outcome, table, wrong

SHARE = {"mutants": 0.2, "rewritings": 0.1}
EVERY = 5


@pytest.mark.parametrize("kind", SHARE)
def test_changed_claims_are_judged_by_what_is_true(kind: str) -> None:
    outcomes = [outcome(case) for case in cases(kind, SHARE[kind], EVERY)]
    print(f"\n{kind}: {len(outcomes)}\n{table(outcomes)}")
    assert len(outcomes) > 10
    assert not wrong(outcomes, rewritten=kind == "rewritings")
    if kind == "mutants":
        assert sum(o.verdict == "refuted" for o in outcomes) > len(outcomes) / 2
