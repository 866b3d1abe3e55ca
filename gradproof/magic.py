"""`%%check`, a cell magic of IPython and Jupyter: the cell is text with formulas, and is proof-read."""

from __future__ import annotations

from typing import Any, Protocol

NAME = "cell"


class Shell(Protocol):
    """What is needed of an IPython shell."""

    def register_magic_function(self, func: Any, magic_kind: str = "line", magic_name: str | None = None) -> None: ...


def register(shell: Shell) -> None:
    """Make `%%check` known to a shell; `%load_ext gradproof` calls it."""
    shell.register_magic_function(check, magic_kind="cell", magic_name="check")


def check(line: str, cell: str) -> None:
    """Proof-read the cell as Markdown, and print what was found, as `gradproof check` does.

    Args:
        line: what stands behind `%%check`: codes not to report.
        cell: the text.
    """
    from verify.check import check_document
    from verify.documents.markdown import read_markdown
    from verify.formats.as_text import as_text
    from verify.results import CheckResult

    from .command import rule_codes
    from .commands.check import reported
    from .settings import Settings

    result = CheckResult(files=(check_document(read_markdown(NAME, cell), timeout=10.0),))
    print(as_text(reported(result, Settings(ignore=rule_codes(line)))), end="")
