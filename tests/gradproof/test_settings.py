"""`[tool.gradproof]`: what is reported, and which files are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradproof.cli import main
from gradproof.errors import UsageError
from gradproof.settings import settings_of

BAD = "$$\\frac{d}{dz} z^3 = 4 z^2$$\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "old.md").write_text(BAD)
    (tmp_path / "note.md").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def code(folder: Path, table: str, *arguments: str) -> int:
    (folder / "pyproject.toml").write_text(f"[tool.gradproof]\n{table}\n")
    return main(["check", ".", "--jobs", "1", *arguments])


@pytest.mark.parametrize(
    ("table", "arguments", "wanted"),
    [
        ("", (), 1),
        ('ignore = ["GP211"]', (), 0),
        ('select = ["GP201"]', (), 0),
        ('select = ["GP201"]', ("--select", "GP2"), 1),
        ('ignore = ["GP2"]', ("--ignore", "GP201"), 1),
        ('exclude = ["drafts"]', (), 1),
        ('exclude = ["drafts", "*.md"]', (), 0),
        ('[tool.gradproof.per-file-ignores]\n"*.md" = ["GP211"]', (), 0),
        ('[tool.gradproof.per-file-ignores]\n"drafts/*" = ["GP211"]', (), 1),
        ('exclude = ["note.md"]\n[tool.gradproof.per-file-ignores]\n"drafts/*" = ["GP211"]', (), 0),
    ],
)
def test_settings_decide_what_is_reported(project: Path, table: str, arguments: tuple[str, ...], wanted: int) -> None:
    assert code(project, table, *arguments) == wanted


def test_a_file_that_is_named_is_checked_all_the_same(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.gradproof]\nexclude = ["note.md"]\n')
    assert main(["check", "note.md", "--jobs", "1"]) == 1


def test_the_nearest_table_counts(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.gradproof]\nignore = ["GP1"]\n')
    (project / "drafts" / "pyproject.toml").write_text("[tool.other]\n")
    assert settings_of(project / "drafts").ignore == ("GP1",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[tool.gradproof]\nignores = []", "'ignores'; there are select, ignore"),
        ('[tool.gradproof]\nignore = "GP2"', "should be a list of strings"),
        ("[tool]\ngradproof = 1", "should be a table"),
        ("[tool.gradproof]\nper-file-ignores = 1", "pattern = "),
        ("[tool", "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(UsageError, match=told):
        settings_of(tmp_path)
