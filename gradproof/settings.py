"""`[tool.gradproof]` of the nearest pyproject.toml: which findings are reported, and which files are left out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from .command import rule_codes
from .errors import UsageError

KEYS = ("select", "ignore", "per-file-ignores", "exclude")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a project asks of `gradproof check`.

    Attributes:
        folder: of the pyproject.toml, to which its patterns refer.
        select: codes or beginnings of codes to report; all if None.
        ignore: codes not to report.
        per_file_ignores: patterns of paths, with the codes not to report there.
        exclude: patterns of paths that are not checked when a folder is.
    """

    folder: Path = Path()
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = ()

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """The codes not to report in a file."""
        here = (codes for pattern, codes in self.per_file_ignores if self._matches(path, pattern))
        return (*self.ignore, *(code for codes in here for code in codes))

    def excludes(self, path: Path | str) -> bool:
        """Whether a file found in a folder is left out."""
        return any(self._matches(str(path), pattern) for pattern in self.exclude)

    def _matches(self, path: str, pattern: str) -> bool:
        """Whether a pattern names the file, or a folder above it."""
        full = Path(path).resolve()
        told = full.relative_to(self.folder).as_posix() if full.is_relative_to(self.folder) else full.as_posix()
        above = (told, *(parent.as_posix() for parent in Path(told).parents))
        return any(fnmatch(part, pattern.rstrip("/")) for part in above) or fnmatch(full.name, pattern)


def settings_of(folder: Path) -> Settings:
    """The settings of the nearest pyproject.toml at or above a folder that has any.

    Raises: UsageError: if it cannot be read, or asks for what there is not.
    """
    for place in (folder.resolve(), *folder.resolve().parents):
        file = place / "pyproject.toml"
        if not file.is_file():
            continue
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("gradproof")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, AttributeError) as error:
            raise UsageError(f"{file}: cannot be read: {error}") from None
        if table is not None:
            return _settings(table, file)
    return Settings()


def _settings(table: Any, file: Path) -> Settings:
    if not isinstance(table, dict):
        raise UsageError(f"{file}: tool.gradproof should be a table, got {table!r}")
    for key in table:
        if key not in KEYS:
            raise UsageError(f"{file}: [tool.gradproof] has no {key!r}; there are {', '.join(KEYS)}")
    per_file = table.get("per-file-ignores", {})
    if not isinstance(per_file, dict):
        raise UsageError(f"{file}: per-file-ignores should be a table of pattern = [codes], got {per_file!r}")
    return Settings(
        folder=file.parent,
        select=_codes(table["select"], "select", file) if "select" in table else None,
        ignore=_codes(table.get("ignore", []), "ignore", file),
        per_file_ignores=tuple((p, _codes(c, f"per-file-ignores of {p!r}", file)) for p, c in per_file.items()),
        exclude=_strings(table.get("exclude", []), "exclude", file),
    )


def _codes(value: Any, key: str, file: Path) -> tuple[str, ...]:
    return rule_codes(",".join(_strings(value, key, file)))


def _strings(value: Any, key: str, file: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{file}: {key} should be a list of strings, got {value!r}")
    return tuple(value)
