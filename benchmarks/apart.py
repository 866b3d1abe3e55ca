"""Measurements in processes of their own: no cache is warm, and one that takes too long is ended."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")


def apart(measure: Callable[..., T], *args: object, most: float, imported: bool = False) -> T | None:
    """What a function returns in a fresh process.

    Args:
        measure: a function of a module.
        args: what it is given.
        most: seconds by the clock, the start of the process included.
        imported: whether the process has what is imported and built here, where the system can give it that.
    Returns: None if it takes longer, or fails; then its traceback is on standard error.
    """
    forks = imported and "fork" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("fork" if forks else "spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sending, measure, args))
    process.start()
    sending.close()  # so that the death of the process is the end of the pipe
    try:
        found: T | None = receiving.recv() if receiving.poll(most) else None
        return found
    except EOFError:
        return None
    finally:
        process.kill()
        process.join()


def _send(sending: Connection, measure: Callable[..., object], args: tuple[object, ...]) -> None:
    sending.send(measure(*args))
