"""One handler for everything that can go wrong: one clear line on standard error and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from .extras import extra_for

FINE, FINDINGS, UNUSABLE, INTERRUPTED = 0, 1, 2, 130

OUR_PACKAGES = ("derive", "lowering", "verify", "reports", "gradproof")


class UsageError(ValueError):
    """The call cannot be used as it stands."""


def guard(action: Callable[[], int]) -> int:
    """Run `action` and return its exit code; whatever it raises becomes one line and an exit code.

    Returns: what `action` returns; 2 for a call or an input that cannot be used; 130 when interrupted; 0 when
        the reader of our output went away, as in `gradproof list | head -1`.
    """
    try:
        code = action()
        sys.stdout.flush()  # a full disk or a closed pipe shows here rather than after the last line of Python
        return code
    except KeyboardInterrupt as error:
        return _report("interrupted", INTERRUPTED, error)
    except BrokenPipeError:
        _settle_stdout()
        return FINE
    except Exception as error:
        return _report(describe(error), UNUSABLE, error)


def describe(error: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(error, ModuleNotFoundError):
        return _missing_module(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename is not None else error.strerror
    if isinstance(error, ValueError) and not isinstance(error, UnicodeError) and str(error).strip():
        return _one_line(str(error))
    detail = f"{type(error).__name__}: {_one_line(str(error))}".removesuffix(": ")
    return f"unexpected {detail} (set GRADPROOF_DEBUG=1 to see where)"


def _missing_module(error: ModuleNotFoundError) -> str:
    package = (error.name or "").partition(".")[0]
    if package in OUR_PACKAGES:
        return f"this version of gradproof has no {error.name}, which that needs"
    extra = extra_for(package)
    if extra is None:
        return f"{_one_line(str(error))}; install it, or see `gradproof doctor`"
    return f"{error.name} is not installed, which gives {extra.gives}; run: {extra.install_line}"


def _report(line: str, code: int, error: BaseException) -> int:
    _settle_stdout()
    if os.environ.get("GRADPROOF_DEBUG") == "1":
        traceback.print_exception(error)
    print(f"gradproof: error: {line}" if code == UNUSABLE else f"gradproof: {line}", file=sys.stderr)
    return code


def _settle_stdout() -> None:
    """Write out what was printed; if that cannot be, point standard output at nothing.

    Python flushes once more at exit and would complain of the same closed pipe or full disk again.
    """
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _one_line(text: str) -> str:
    return " ".join(text.split())
