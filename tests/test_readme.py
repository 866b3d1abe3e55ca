"""The examples of README, CONTRIBUTING and the documentation, run as a reader would type them.

`pycon` blocks are one Python session a document. In a `console` block, lines after `$ ` are commands, the rest is what
they print on both streams, with `...` for what varies. A block after a line that ends in "`name`:" is that file. `sh`
blocks are not run; the make targets, extras and gradproof commands they name must exist.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import metadata
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from gradproof.cli import build_parser

TOP = Path(__file__).parents[1]
DOCUMENTS = (TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").rglob("*.md")))
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: its language, its text, its line, and the file it stands for, if any."""

    language: str
    text: str
    line: int
    file: str | None


def blocks(document: Path) -> Iterator[Block]:
    before = ""
    for token in MarkdownIt().parse(document.read_text(encoding="utf-8")):
        if token.type == "inline":
            before = token.content
        if token.type == "fence" and token.map:
            named = re.search(r"`([\w.]+)`:$", before)
            file = named[1] if named else None
            yield Block(language=token.info.strip(), text=token.content, line=token.map[0] + 1, file=file)
            before = ""


def documents_with(language: str) -> list[Path]:
    return [document for document in DOCUMENTS if any(block.language == language for block in blocks(document))]


def place(document: Path) -> str:
    return str(document.relative_to(TOP))


@pytest.mark.parametrize("document", documents_with("pycon"), ids=place)
def test_python_examples(document: Path) -> None:
    session: dict[str, object] = {}
    for block in blocks(document):
        if block.language == "pycon":
            case = doctest.DocTestParser().get_doctest(block.text, session, document.name, str(document), block.line)
            report: list[str] = []
            failed = doctest.DocTestRunner(optionflags=FLAGS).run(case, out=report.append, clear_globs=False).failed
            assert case.examples
            assert not failed, "".join(report)
            session = case.globs


@pytest.mark.parametrize("document", documents_with("console"), ids=place)
def test_shell_examples(document: Path, tmp_path: Path) -> None:
    for block in blocks(document):
        if block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        if block.language == "console":
            for command, expected in typed(block.text):
                printed = run(command, tmp_path)
                assert doctest.OutputChecker().check_output(expected, printed, FLAGS), f"$ {command}\n{printed}"


def typed(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output that follows it."""
    parts = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)
    assert parts[0] == "", "a console block begins with a command"
    return zip(parts[1::2], parts[2::2], strict=True)


def run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = os.environ | {"PATH": path, "PYTHONWARNINGS": "default", "PYTHONUTF8": "1"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("document", documents_with("sh"), ids=place)
def test_what_shell_blocks_name_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    extras = set(metadata("gradproof").get_all("Provides-Extra") or [])
    for words in (line for block in blocks(document) if block.language == "sh" for line in commands_of(block)):
        if words[0] == "make":
            assert set(words[1:]) <= targets
        elif words[0] == "gradproof":
            build_parser().parse_args(words[1:])
        else:
            assert words[:2] == ["pip", "install"]
            assert {name for word in words for name in re.findall(r"\[(.+)\]", word)} <= extras


def commands_of(block: Block) -> Iterator[list[str]]:
    for line in block.text.splitlines():
        if words := shlex.split(line, comments=True):
            yield words


def test_every_block_says_what_it_is() -> None:
    known = {"pycon", "console", "sh", "text", "toml"}
    unknown = [(d.name, b.line, b.language) for d in DOCUMENTS for b in blocks(d) if not b.file]
    assert [row for row in unknown if row[2] not in known] == []
