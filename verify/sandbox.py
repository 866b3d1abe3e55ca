"""Work on strangers' formulas in processes that may hang, run out of memory or die without harm to the run.

A worker is forked from a server that has SymPy loaded, holds a limited amount of memory, and is killed when a
task takes too long; the next task gets a new one.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import TimeoutError as PebbleTimeout
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

T = TypeVar("T")
R = TypeVar("R")

MEMORY = 2 * 1024**3  # bytes of address space a worker
COLLECTED = 50_000  # objects made between two collections of garbage, for trees of expressions are hardly ever any
TASKS = 200  # tasks until a worker is replaced, so that caches do not grow
PRELOADED = ("sympy", "mpmath")
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")  # each reserves address space


class Fate(StrEnum):
    """How a task ended."""

    VALUE = "value"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"


@dataclass(frozen=True, kw_only=True)
class Outcome(Generic[R]):
    """What became of one task.

    Attributes:
        fate: value, timeout, memory or crashed.
        value: what the function returned, if it did.
        reason: one line that says what went wrong, empty for a value.
        details: the traceback of an exception, for bug reports.
    """

    fate: Fate
    value: R | None = None
    reason: str = ""
    details: str = ""


class Workers:
    """A pool of such processes, as a context manager.

        with Workers(jobs=2, timeout=10) as workers:
            for outcome in workers.map(check_file, files): ...

    Args:
        jobs: the number of processes; the number of processors if None.
        timeout: seconds for each task unless `map` says otherwise; None for no limit.
        memory: bytes of address space for each process.
        preload: modules that workers find already loaded.
    """

    def __init__(
        self,
        *,
        jobs: int | None = None,
        timeout: float | None = 30.0,
        memory: int = MEMORY,
        preload: Iterable[str] = PRELOADED,
    ) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self.timeout, self.memory = timeout, memory
        self._preload = tuple(preload)
        self._pool: Any = None

    def __enter__(self) -> Self:
        self._pool = ProcessPool(
            max_workers=self.jobs,
            max_tasks=TASKS,
            initializer=_prepare,
            initargs=(self.memory,),
            context=_context(self._preload),
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop() if kind else self._pool.close()
        self._pool.join()
        self._pool = None

    def map(
        self, function: Callable[[T], R], items: Iterable[T], timeout: float | None = None
    ) -> Generator[Outcome[R], None, None]:
        """The outcomes of `function(item)` in the order of the items, each as soon as it and those before it are there.

        Args:
            function: a function at the top level of a module.
            items: picklable.
            timeout: seconds for each task; None for the pool's own.
        """
        limit = self.timeout if timeout is None else timeout
        futures = [self._schedule(function, item, limit) for item in items]
        try:
            for future in futures:
                yield future if isinstance(future, Outcome) else _outcome(future, limit)
        finally:
            for future in futures:
                if not isinstance(future, Outcome):
                    future.cancel()

    def _schedule(self, function: Callable[[T], R], item: T, limit: float | None) -> Any:
        """The task's future, or its outcome if it cannot travel; pickled here, for pebble's pool breaks at that."""
        try:
            parcel = pickle.dumps((function, item))
        except Exception as error:
            return Outcome[R](fate=Fate.CRASHED, reason=_one_line(error))
        return self._pool.schedule(_guarded, args=(parcel,), timeout=limit)


def _outcome(future: Any, limit: float | None) -> Outcome[Any]:
    try:
        outcome: Outcome[Any] = pickle.loads(future.result())
    except PebbleTimeout:
        return Outcome(fate=Fate.TIMEOUT, reason=f"no answer within {limit:g} s")
    except ProcessExpired as error:
        return Outcome(fate=Fate.CRASHED, reason=f"the worker died ({_cause(error.exitcode)})")
    except Exception as error:  # the pool broke
        return Outcome(fate=Fate.CRASHED, reason=_one_line(error))
    return outcome


def _guarded(parcel: bytes) -> bytes:
    """Runs in the worker: exceptions become outcomes here, where the traceback is."""
    try:
        function, item = pickle.loads(parcel)
        return pickle.dumps(Outcome(fate=Fate.VALUE, value=function(item)))
    except MemoryError:
        outcome = Outcome[Any](fate=Fate.MEMORY, reason="more memory needed than a worker may have")
    except RecursionError:
        outcome = Outcome[Any](fate=Fate.CRASHED, reason="nested too deeply")
    except Exception as error:
        outcome = Outcome[Any](fate=Fate.CRASHED, reason=_one_line(error), details=traceback.format_exc())
    return pickle.dumps(outcome)


def _prepare(limit: int) -> None:
    """Runs once in each worker, before its first task; what was imported is never garbage."""
    gc.freeze()
    gc.set_threshold(COLLECTED, 20, 100)
    _limit_memory(limit)


def _limit_memory(limit: int) -> None:
    """Bound what this process may take."""
    for variable in ONE_THREAD:
        os.environ.setdefault(variable, "1")
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _context(preload: tuple[str, ...]) -> Any:
    """Forkserver where there is one: a fork of a clean process is fast, and safe with threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*preload, __name__])
    return context


def _cause(exitcode: int | None) -> str:
    if exitcode is None or exitcode >= 0:
        return f"exit code {exitcode}"
    return f"signal {-exitcode}"


def _one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
