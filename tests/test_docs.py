"""The documentation builds without a warning, holds what is generated, and fetches nothing from elsewhere."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gradproof.cli import COMMANDS
from scripts.docs_hooks import GENERATED, on_page_markdown

TOP = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_command_is_on_its_page(site: Path) -> None:
    page = html.unescape((site / "command-line" / "index.html").read_text(encoding="utf-8"))
    assert all(f"usage: gradproof {command.name}" in page for command in COMMANDS)


def test_no_marker_is_left(site: Path) -> None:
    assert [page for page in site.rglob("*.html") if "generated:" in page.read_text(encoding="utf-8")] == []


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    fetched = re.compile(
        r"""<(?:script|img|iframe)[^>]*\bsrc=["']?(?:https?:)?//|<link[^>]*\bhref=["']?(?:https?:)?//"""
    )
    pages = [page for page in site.rglob("*.html") if fetched.search(page.read_text(encoding="utf-8"))]
    assert pages == []


def test_a_marker_is_replaced_and_the_rest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GENERATED, "decisions", lambda: iter(["one", "two"]))
    assert on_page_markdown("a\n<!-- generated: decisions -->\nb") == "a\none\ntwo\nb"
    assert on_page_markdown("`<!-- generated: decisions -->`") == "`<!-- generated: decisions -->`"
