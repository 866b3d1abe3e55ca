"""Pages of the documentation that are read from the project itself, put in when mkdocs builds them.

A line `<!-- generated: commands -->` in a page is replaced by what the function of that name writes.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from gradproof.cli import build_parser

DECISIONS = Path(__file__).resolve().parent.parent / "docs" / "decisions"


def on_page_markdown(markdown: str, **_: object) -> str:
    """Called by mkdocs for every page."""
    return _MARKER.sub(lambda match: "\n".join(GENERATED[match[1]]()), markdown)


def commands() -> Iterator[str]:
    """A heading and the help text of every command."""
    parser = build_parser()
    table = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    for name, child in table.choices.items():
        child.formatter_class = _wide
        yield f"### gradproof {name}\n\n```text\n{child.format_help().rstrip()}\n```\n"


def decisions() -> Iterator[str]:
    """A link to every decision record, by its title, in the order of the file names."""
    for file in sorted(DECISIONS.glob("*.md")):
        title = file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("#").strip()
        yield f"- [{title}](decisions/{file.name})"


def rules() -> Iterator[str]:
    """The documentation of every finding, as `gradproof explain` prints it."""
    from verify.rules import RULES

    for code, text in RULES.items():
        yield f"### {code}\n\n{text.strip()}\n"


def _wide(prog: str) -> argparse.HelpFormatter:
    """Help as on a terminal of 100 columns, whatever the one that builds the pages."""
    return argparse.HelpFormatter(prog, width=100)


GENERATED: dict[str, Callable[[], Iterator[str]]] = {"commands": commands, "decisions": decisions, "rules": rules}

_MARKER = re.compile(rf"^<!-- generated: ({'|'.join(GENERATED)}) -->$", re.MULTILINE)
