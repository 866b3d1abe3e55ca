"""The sources of `sources.bib`, and how a source is set in a list of references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .document import Emph, Piece, ReportError

_ENTRY = re.compile(r"@(\w+)\{([\w-]+),(.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"(\w+)\s*=\s*\{([^{}]*)\}")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One entry of the list of sources; `fields` are BibTeX's."""

    key: str
    kind: str
    fields: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """The field, empty where the entry has none."""
        return dict(self.fields).get(name, "")


def read_sources(text: str) -> dict[str, Source]:
    """BibTeX entries by key; braces inside a field are not read."""
    return {
        key: Source(key=key, kind=kind, fields=tuple(_FIELD.findall(body))) for kind, key, body in _ENTRY.findall(text)
    }


@cache
def sources() -> dict[str, Source]:
    """The entries of `reports/sources.bib`."""
    return read_sources((files("reports") / "sources.bib").read_text(encoding="utf-8"))


def source(key: str) -> Source:
    """The entry with this key.

    Raises: ReportError: if there is none.
    """
    if key not in sources():
        raise ReportError(f"source {key!r} is not in reports/sources.bib; known: {', '.join(sources())}")
    return sources()[key]


def reference(entry: Source) -> tuple[Piece, ...]:
    """The entry as it stands in a list: authors, title in italics, where, year."""
    authors = _listed(entry.get("author").split(" and "))
    place = [entry.get("journal") or entry.get("booktitle"), _edition(entry.get("edition")), entry.get("publisher")]
    if entry.get("volume"):
        place[0] += f" {entry.get('volume')}"
    if entry.get("pages"):
        place.append(entry.get("pages").replace("--", "–"))
    rest = ", ".join(part for part in (*place, entry.get("year")) if part)
    return (f"{authors}. ", Emph(entry.get("title")), f". {rest}.")


def _edition(ordinal: str) -> str:
    return f"{ordinal} edition" if ordinal else ""


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
