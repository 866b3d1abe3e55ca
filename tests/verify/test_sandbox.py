"""A hanging, a greedy and a dying task each end with their reason, and the rest of the run goes on."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from operator import call
from typing import Any

import pytest

from verify.sandbox import Fate, Outcome, Workers

Task = Callable[[], Any]
NOTHING: Any = None
VIEW: Any = memoryview
LOCK: Any = threading.Lock()
A, B = partial(str.upper, "a"), partial(str.upper, "b")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(jobs=2, timeout=60, memory=1024**3) as pool:
        yield pool


def dying(words: str) -> Task:
    """A worker that becomes a shell and dies there.

    Not at once: the pool reads that a task has started and that a worker has ended from two places, and one that ends
    before its start was read counts as one that does not answer.
    """
    return partial(os.execlp, "sh", "sh", "-c", f"sleep 1; {words}")


FATES: tuple[tuple[Task, Fate, str], ...] = (
    (partial(bytearray, 8 * 1024**3), Fate.MEMORY, "memory"),
    (partial(set, range(10**12)), Fate.MEMORY, "memory"),
    (dying("kill -KILL $$"), Fate.CRASHED, "signal 9"),
    (dying("exit 3"), Fate.CRASHED, "exit code 3"),
    (partial(json.loads, "[" * 100_000), Fate.CRASHED, "nested too deeply"),
    (partial(int, "one\ntwo"), Fate.CRASHED, "ValueError: invalid literal"),
    (partial(json.loads, NOTHING), Fate.CRASHED, "TypeError: the JSON object must be"),
    (partial(VIEW, b"bytes"), Fate.CRASHED, "cannot pickle"),
    (partial(call, LOCK), Fate.CRASHED, "cannot pickle"),
)


def test_values_come_back_in_order(workers: Workers) -> None:
    words = [f"word{k}" for k in range(40)]
    outcomes = list(workers.map(str.upper, words))
    assert outcomes == [Outcome(fate=Fate.VALUE, value=word.upper()) for word in words]
    assert list(workers.map(str.upper, [])) == []


@pytest.mark.parametrize(("task", "fate", "reason"), FATES)
def test_a_bad_task_ends_with_its_reason_and_the_rest_goes_on(
    workers: Workers, task: Task, fate: Fate, reason: str
) -> None:
    tasks: list[Task] = [A, task, B]
    before, bad, after = workers.map(call, tasks)
    assert (before.value, after.value) == ("A", "B")
    assert (bad.fate, bad.value) == (fate, None)
    assert reason in bad.reason
    assert "\n" not in bad.reason


def test_a_hanging_task_is_stopped(workers: Workers) -> None:
    tasks: list[Task] = [A, partial(time.sleep, 10_000), B, A]
    outcomes = list(workers.map(call, tasks, timeout=1.0))
    assert [outcome.value for outcome in outcomes] == ["A", None, "B", "A"]
    assert outcomes[1] == Outcome(fate=Fate.TIMEOUT, reason="no answer within 1 s")


def test_a_function_workers_cannot_find_ends_alone(workers: Workers) -> None:
    """This module cannot be imported under its name in a worker; the pool must outlive that."""
    (lost,) = workers.map(partial, [A])
    assert lost.fate is Fate.VALUE
    (unknown,) = workers.map(not_to_be_found, ["a"])
    assert unknown.fate is Fate.CRASHED
    assert [outcome.value for outcome in workers.map(str.upper, ["a"])] == ["A"]


def not_to_be_found(text: str) -> str:
    return text


def test_exceptions_keep_their_traceback(workers: Workers) -> None:
    (outcome,) = workers.map(json.loads, ["{"])
    assert "JSONDecodeError" in outcome.reason
    assert "decode" in outcome.details


def test_leaving_early_stops_what_is_left() -> None:
    tasks: list[Task] = [A, partial(time.sleep, 10_000), partial(time.sleep, 10_000)]
    with Workers(jobs=1, timeout=None) as pool:
        outcomes = pool.map(call, tasks)
        assert next(outcomes).value == "A"
        outcomes.close()
