"""Numbers a report once, for every emitter: sections, equations, tables, figures and citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from .document import (
    Bibliography,
    Block,
    Callout,
    Cite,
    Display,
    Figure,
    Heading,
    Piece,
    Ref,
    Report,
    ReportError,
    ReportStep,
    Table,
)
from .sources import source


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A block with its number, empty where it has none, and the blocks inside it."""

    block: Block
    number: str
    children: tuple[Placed, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a `Ref` leads to: how it reads, and a name for the place that is safe in every format."""

    text: str
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What an emitter needs to know about the whole report.

    Attributes:
        placed: its blocks, numbered.
        labels: label -> what a `Ref` to it shows and leads to.
        cites: key -> number, in the order of the first citation.
        figures: the name that a figure's file has in the output, without suffix -> the file.
    """

    report: Report
    placed: tuple[Placed, ...]
    labels: Mapping[str, Target]
    cites: Mapping[str, int]
    figures: Mapping[str, Path]


def outline(report: Report) -> Outline:
    """Numbers the blocks of a report.

    Raises: ReportError: for a label given twice, a `Ref` to no label, a `Cite` of no source.
    """
    placed = _number(report.blocks, {})
    flat = tuple(_flat(placed))
    labels = _labels(flat)
    found = tuple(_pieces_in(report))
    for piece in found:
        if isinstance(piece, Ref) and piece.label not in labels:
            raise ReportError(f"Ref({piece.label!r}) names no labelled display, table or figure of the report")
    keys = dict.fromkeys(source(piece.key).key for piece in found if isinstance(piece, Cite))
    return Outline(
        report=report,
        placed=placed,
        labels=labels,
        cites={key: position for position, key in enumerate(keys, start=1)},
        figures={figure_name(p): p.block.path for p in flat if isinstance(p.block, Figure)},
    )


def figure_name(placed: Placed) -> str:
    """The stem of a figure's file in the output: free of characters that mean something to an engine."""
    return f"figure-{placed.number}"


def figure_file(path: Path, suffixes: tuple[str, ...]) -> Path:
    """The file itself, or one beside it with the same stem, whose suffix is the first of `suffixes` to exist.

    Raises: ReportError: if there is none.
    """
    for suffix in suffixes:
        if path.with_suffix(suffix).is_file():
            return path.with_suffix(suffix)
    raise ReportError(f"figure {path} was not found as {' or '.join(suffixes)}; write the figure before the report")


def _number(blocks: tuple[Block, ...], counts: dict[str, int]) -> tuple[Placed, ...]:
    placed = []
    for block in blocks:
        number = _next_number(block, counts)
        children = _number(block.blocks, counts) if isinstance(block, Callout) else ()
        placed.append(Placed(block=block, number=number, children=children))
    return tuple(placed)


def _next_number(block: Block, counts: dict[str, int]) -> str:
    if isinstance(block, Heading):
        return _section_number(block, counts)
    if isinstance(block, Display) and block.tag:
        return block.tag
    counted = (isinstance(block, Display) and bool(block.label)) or isinstance(block, Figure)
    if not counted and not (isinstance(block, Table) and block.caption):
        return ""
    kind = type(block).__name__
    counts[kind] = counts.get(kind, 0) + 1
    return str(counts[kind])


def _section_number(heading: Heading, counts: dict[str, int]) -> str:
    if not heading.numbered or heading.level > 2:
        return ""
    if heading.level == 1:
        counts["section"], counts["subsection"] = counts.get("section", 0) + 1, 0
        return str(counts["section"])
    counts["subsection"] = counts.get("subsection", 0) + 1
    return f"{counts.get('section', 0)}.{counts['subsection']}"


def _flat(placed: tuple[Placed, ...]) -> Iterator[Placed]:
    for one in placed:
        yield one
        yield from _flat(one.children)


def _labels(flat: tuple[Placed, ...]) -> dict[str, Target]:
    labels: dict[str, Target] = {}
    for placed in flat:
        label = placed.block.label if isinstance(placed.block, Display | Table | Figure) else ""
        if label in labels:
            raise ReportError(f"label {label!r} is given to two blocks of the report; give each its own")
        if label:
            kind = type(placed.block).__name__
            text = f"({placed.number})" if kind == "Display" else f"{kind} {placed.number}"
            labels[label] = Target(text=text, anchor=f"{kind.lower()}-{len(labels) + 1}")
    return labels


def _pieces_in(node: object) -> Iterator[Piece]:
    """Every `Cite` and `Ref` of a report, in reading order."""
    if isinstance(node, Cite | Ref):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from _pieces_in(item)
    elif isinstance(node, Report | Block | ReportStep) and not isinstance(node, Bibliography):
        for field in fields(node):
            yield from _pieces_in(getattr(node, field.name))
