"""From found spans to a document: places, the prose around each formula, heading paths, macros."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .document import Document, Formula
from .macros import macros_source, only_macros
from .scan import Found, Region

REACH = 600  # characters of prose kept on each side of a formula
Plain = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading: its level (1 is outermost), its title, and the span of text it takes."""

    level: int
    title: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a scan of a text gives: its formulas, its headings, and the code that is neither prose nor formula."""

    found: tuple[Found, ...] = ()
    headings: tuple[Heading, ...] = ()
    blocked: tuple[Region, ...] = ()

    def shifted(self, by: int) -> Parts:
        """The same parts in a text that has `by` more characters in front."""
        return Parts(
            found=tuple(
                Found(
                    start=f.start + by,
                    end=f.end + by,
                    outer_start=f.outer_start + by,
                    outer_end=f.outer_end + by,
                    display=f.display,
                )
                for f in self.found
            ),
            headings=tuple(
                Heading(level=h.level, title=h.title, start=h.start + by, end=h.end + by) for h in self.headings
            ),
            blocked=tuple((start + by, end + by) for start, end in self.blocked),
        )

    def joined(self, other: Parts) -> Parts:
        """The parts of both, in this order."""
        return Parts(
            found=self.found + other.found,
            headings=self.headings + other.headings,
            blocked=self.blocked + other.blocked,
        )


@dataclass(frozen=True)
class Derived:
    """A text taken out of a file that writes it otherwise: `origins[k]` is where character k stands in the file."""

    text: str
    origins: Sequence[int]


def assemble(path: str, text: str, parts: Parts, plain: Plain, derived: Derived | None = None) -> Document:
    """The document of a scanned text.

    Args:
        path: as the user wrote it.
        text: the file's text.
        parts: what the scan gave, as spans of the derived text if there is one.
        plain: strips the format's markup from a piece of prose.
        derived: the text that was scanned, where it is not the file's own.
    """
    scanned = derived.text if derived else text
    origins = derived.origins if derived else ()
    kept = sorted((f for f in parts.found if not only_macros(scanned[f.start : f.end])), key=lambda f: f.start)
    around = _Surroundings(scanned, kept, parts, plain)
    place = Document(path, text)
    formulas = tuple(_formula(place, scanned, origins, item, around, n) for n, item in enumerate(kept))
    return Document(path, text, formulas, macros_source(_blank(scanned, parts.blocked)))


def _formula(
    document: Document, scanned: str, origins: Sequence[int], item: Found, around: _Surroundings, number: int
) -> Formula:
    latex = scanned[item.start : item.end]
    where = tuple(origins[item.start : item.end])
    offset = where[0] if where else item.start
    verbatim = document.text.startswith(latex, offset)
    end = offset + len(latex) if verbatim or not where else where[-1] + 1
    line, column = document.position(offset)
    end_line, end_column = document.position(end)
    return Formula(
        latex=latex,
        offset=offset,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        display=item.display,
        before=around.before(number),
        after=around.after(number),
        headings=around.path(item.start),
        origins=() if verbatim else where,
    )


class _Surroundings:
    """The prose before and after each formula, and the headings above it."""

    def __init__(self, text: str, found: Sequence[Found], parts: Parts, plain: Plain) -> None:
        self.text, self.found = text, found
        self.plain = lru_cache(maxsize=4096)(lambda start, end: plain(text[start:end]))
        self.starts = [f.outer_start for f in found]
        self.headings = [h for h in parts.headings if not self._cuts_formula(h)]
        displays = [(f.outer_start, f.outer_end) for f in parts.found if f.display]
        edges = [(edge, edge) for h in self.headings for edge in (h.start, h.end)]
        walls = sorted([*displays, *edges, *parts.blocked])
        self.wall_starts = [start for start, _ in walls]
        self.wall_ends = sorted(end for _, end in walls)
        self.paths = _paths(self.headings)

    def _cuts_formula(self, heading: Heading) -> bool:
        """Whether a formula's own lines look like the heading: `=` alone below a line underlines it in Markdown."""
        number = bisect_right(self.starts, heading.start) - 1
        return number >= 0 and self.found[number].outer_end > heading.end

    def before(self, number: int) -> str:
        end = self.found[number].outer_start
        last = bisect_right(self.wall_ends, end)
        start = max(self.wall_ends[last - 1] if last else 0, end - REACH)
        return self._prose(start, end)

    def after(self, number: int) -> str:
        start = self.found[number].outer_end
        next_wall = bisect_left(self.wall_starts, start)
        end = self.wall_starts[next_wall] if next_wall < len(self.wall_starts) else len(self.text)
        return self._prose(start, min(end, start + REACH))

    def path(self, position: int) -> tuple[str, ...]:
        number = bisect_right([h.start for h in self.headings], position)
        return self.paths[number - 1] if number else ()

    def _prose(self, start: int, end: int) -> str:
        parts: list[str] = []
        first = bisect_left(self.starts, start)
        if first and self.found[first - 1].outer_end > start:
            start = min(self.found[first - 1].outer_end, end)  # the reach began inside a formula
        for item in self.found[first:]:
            if item.outer_start >= end:
                break
            if item.outer_end <= end:
                parts += [self.plain(start, item.outer_start), f"${self.text[item.start : item.end]}$"]
            start = item.outer_end
        parts.append(self.plain(start, end) if start < end else "")
        return re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", "".join(parts))).strip()


def _paths(headings: Sequence[Heading]) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = []
    open_headings: list[Heading] = []
    for heading in headings:
        open_headings = [h for h in open_headings if h.level < heading.level] + [heading]
        paths.append(tuple(h.title for h in open_headings))
    return paths


def _blank(text: str, regions: Iterable[Region]) -> str:
    parts, last = [], 0
    for start, end in sorted(regions):
        if end > last:
            parts += [text[last : max(start, last)], " " * (end - max(start, last))]
            last = end
    return "".join([*parts, text[last:]])
