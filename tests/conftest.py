"""Golden files: text that is compared with a stored copy, and stored anew with --update-golden.

Hypothesis tries the same examples in every run, so that a failure is due to what was changed; `make fuzz` tries others.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from verify.sandbox import COLLECTED

settings.register_profile("same", derandomize=True, deadline=None)
if "GRADPROOF_FUZZ" not in os.environ:
    settings.load_profile("same")

LONGEST = "test_mutants"  # minutes each: first, so that none of the workers is left alone with them
Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="store what the golden tests produce; read the diff")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first, all others in the order that they have."""
    items.sort(key=lambda item: LONGEST not in item.nodeid)


def pytest_collection_finish() -> None:
    """Keep the collector from looking through ten thousand tests again and again, as workers of `check` do."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED, 20, 20)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """`golden(path, text)` fails unless the file holds exactly that text, or stores it."""
    update = bool(request.config.getoption("--update-golden"))

    def check(path: Path, text: str) -> None:
        if update:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path.name} is missing; run pytest with --update-golden and read it"
        assert path.read_text(encoding="utf-8") == text

    return check
