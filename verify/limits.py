"""A bound on the time that one formula may take."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 1.0  # seconds until it is raised once more, for Python drops what is raised while an object is destroyed


class OutOfTime(BaseException):
    """The time for one formula is used up: no Exception, for those that a library raises are caught on the way."""


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise OutOfTime in the block after so many seconds of processor time, whatever else the machine does.

    It interrupts Python code; what hangs inside one call of a C library is left to the process that runs this
    one. Without effect where the platform has no timers, or outside the main thread.
    """
    possible = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if seconds is None or not possible:
        yield
        return

    def expired(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, expired)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
