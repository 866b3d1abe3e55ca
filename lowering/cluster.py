"""Training on a cluster of dask.distributed: actors hold the rows; those of a worker that is lost go to another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from logging import CRITICAL
from typing import Any

from .datasets.rows import Lines
from .epochs import samples
from .history import TrainingError
from .loading import loaded_source
from .parts import Parts
from .spread import Array, Holder, Places, Spread, Work, bounds, stretch

PATIENCE = 60  # seconds to wait for a worker where none is left
ATTEMPTS = 10
ASKING = 2  # seconds between looks at whether a worker is still there


@contextmanager
def connected(address: str | None, workers: int | None = None) -> Iterator[Any]:
    """A client of the cluster at this address, or of one on this machine that ends with it.

    Args:
        address: of the scheduler, `tcp://host:8786`.
        workers: of a cluster on this machine; one for each processor if None.
    Raises: TrainingError: if there is no scheduler at the address.
    """
    from distributed import Client, LocalCluster

    if address is not None:
        try:
            client = Client(address, timeout=PATIENCE / 4)
        except (OSError, ValueError) as error:
            raise TrainingError(
                f"no scheduler answers at {address} ({error}); start one with `dask scheduler`"
            ) from None
        with client:
            yield client
        return
    options: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0}
    options["silence_logs"] = CRITICAL  # a worker that is stopped while it reports is no news
    with LocalCluster(n_workers=workers, **options) as cluster, Client(cluster, direct_to_workers=True) as client:
        yield client


@dataclass
class Actors:
    """Actors that hold rows, in the order of the rows; a `Holders`.

    Attributes:
        client: of the cluster.
        source: of the lowered module.
        data: the arrays here, from which a lost actor is made anew.
        sampled: the names of those that have a row for each point.
        parts: how the objective is composed.
        ends: where the rows of each actor begin, and the end.
        lost: how many actors have been made anew.
    """

    client: Any
    source: str
    data: Mapping[str, Lines]
    sampled: Sequence[str]
    parts: Parts
    ends: list[int]
    lost: int = 0
    made: dict[int, tuple[Any, Any]] = field(default_factory=dict)

    def shares(self, work: Work, places: Places | None) -> Iterator[tuple[int, list[Array]]]:
        """What each actor that has some of the places computes of them, in the order of the rows."""
        travelling, wanted = replace(work, module=None), {}
        for k, (first, after) in enumerate(pairwise(self.ends)):
            own = None if places is None else places[(first <= places) & (places < after)]
            if own is None or len(own):
                wanted[k] = own
        asked = {k: self.ask(k, travelling, own) for k, own in wanted.items()}
        for k, own in wanted.items():
            found = self.answer(k, asked[k], travelling, own)
            yield self.ends[k + 1] - self.ends[k] if own is None else len(own), found

    def ask(self, k: int, work: Work, places: Places | None) -> Any:
        """The answer of an actor to come, or why there will be none."""
        try:
            if k not in self.made:
                self.made[k] = self.new(k)
            return self.made[k][1].computed(work, places)
        except TrainingError:
            raise
        except _LOST as error:
            return error

    def answer(self, k: int, asked: Any, work: Work, places: Places | None) -> list[Array]:
        """What the k-th actor says, or another in its stead.

        Raises: TrainingError: if no worker is left, or actors are lost again and again; whatever the module raises.
        """
        for _ in range(ATTEMPTS):
            found, lost = (None, asked) if isinstance(asked, BaseException) else self.heard(k, asked)
            if isinstance(found, Exception):
                raise found
            if found is not None:
                return found
            self.made.pop(k, None)
            self.lost += 1
            asked = self.ask(k, work, places)
        raise TrainingError(
            f"{ATTEMPTS} workers in a row were lost ({lost!r}); look at their logs, go on with --resume"
        )

    def heard(self, k: int, asked: Any) -> tuple[list[Array] | Exception | None, BaseException | None]:
        """The answer; or none, and why, if the worker is lost."""
        while True:
            try:
                return asked.result(timeout=ASKING), None
            except TimeoutError as error:
                if self.made[k][0].status != "finished":
                    return None, error
            except _LOST as error:
                return None, error

    def new(self, k: int) -> tuple[Any, Any]:
        """An actor that holds the k-th rows, on the worker that has the fewest, as a future and as itself.

        Raises: TrainingError: if there is no worker.
        """
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except (TimeoutError, OSError):
            raise TrainingError(
                f"no worker of the cluster has been left for {PATIENCE} s; start some and go on with --resume"
            ) from None
        first, after = self.ends[k], self.ends[k + 1]
        arrays = {n: stretch(a, first, after) if n in self.sampled else a for n, a in self.data.items()}
        there = sorted(self.client.nthreads())
        held = [actor._address for _, actor in self.made.values()]
        place = min(there, key=lambda address: (held.count(address), address))
        future = self.client.submit(
            Holder, self.source, arrays, self.sampled, first, self.parts, actor=True, pure=False, workers=[place]
        )
        return future, self.arrived(future, place)

    def arrived(self, future: Any, place: str) -> Any:
        """What a future comes to. Raises: TimeoutError: if its worker is lost, or after a minute."""
        for _ in range(PATIENCE // ASKING - 1):
            try:
                return future.result(timeout=ASKING)
            except TimeoutError:
                if place not in self.client.nthreads():
                    raise
        return future.result(timeout=ASKING)


def spread(data: Mapping[str, Lines], *, client: Any, source: str, parts: Parts) -> dict[str, Any]:
    """The data with its rows on the workers, as evenly as they can be.

    Args:
        data: the arrays.
        client: of the cluster.
        source: of the lowered module.
        parts: how the objective is composed.
    """
    sampled, _ = samples(loaded_source(source), data)
    client.wait_for_workers(1, timeout=PATIENCE)
    ends = bounds(data[sampled[0]], len(client.nthreads()))
    actors = Actors(client=client, source=source, data=data, sampled=sampled, parts=parts, ends=ends)
    return {n: Spread(rows=a, holders=actors) if n in sampled else a for n, a in data.items()}


_LOST = (Exception, asyncio.CancelledError)  # whatever asking a lost actor comes to; a module's errors are answers
