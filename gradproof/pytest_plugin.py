"""`pytest --gradproof`: the formulas of notes as tests, one a document; findings of severity error fail.

`gradproof = true` in the ini file asks for it always. Documents are collected where pytest looks for tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option and the ini value that ask for it."""
    group = parser.getgroup("gradproof")
    group.addoption("--gradproof", action="store_true", help="proof-read the formulas of documents")
    parser.addini("gradproof", "proof-read the formulas of documents", type="bool", default=False)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A document as a file of tests, if it was asked for."""
    if not (parent.config.getoption("--gradproof") or parent.config.getini("gradproof")):
        return None
    from verify.documents.readers import EXTENSIONS

    from .settings import settings_of

    if file_path.suffix.lower() not in EXTENSIONS or settings_of(parent.config.rootpath).excludes(file_path):
        return None
    return Note.from_parent(parent, path=file_path)


class Note(pytest.File):
    """A document."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test: its formulas are right."""
        yield Formulas.from_parent(self, name="formulas")


class WrongFormulas(Exception):
    """Findings of severity error in a document, or the reason why it cannot be read; the message shows them."""


class Formulas(pytest.Item):
    """The formulas of a document, proof-read."""

    def runtest(self) -> None:
        """Raises: WrongFormulas: if there are findings of severity error, or the document cannot be read."""
        from verify.check import check_file
        from verify.formats.as_text import as_text
        from verify.results import CheckResult

        from .commands.check import reported
        from .settings import settings_of

        settings = settings_of(self.config.rootpath)
        result = reported(CheckResult(files=(check_file(self.path, timeout=10.0),)), settings)
        if result.has_errors or any(file.error for file in result.files):
            raise WrongFormulas(as_text(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """The findings as `gradproof check` prints them."""
        if isinstance(excinfo.value, WrongFormulas):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where it stands and what it is called."""
        return self.path, None, "formulas"
