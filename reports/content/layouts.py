"""Which way round matrices of derivatives are written, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.layouts import said
from derive.notation.quote import quote

from ..document import Block, Heading, Paragraph, Piece
from .results import Results
from .wording import looks_scalar

_FORMULA = re.compile(r"(∂\S+|\b[xy]\^T|\b[xy]\b|\([ij], [ij]\))")


def layout_title(results: Results) -> str:
    """The name of the convention: `Numerator layout`."""
    return f"{results.convention.value.capitalize()} layout" if results.convention is not None else ""


def layout_lines(results: Results) -> tuple[tuple[Piece, ...], ...]:
    """What the convention says of the shapes that occur, a line each; () where none was chosen."""
    if results.convention is None:
        return ()
    shown = (r for r in results.partials if r.matrix is not None and not looks_scalar(r.matrix))
    words = dict.fromkeys(said(r.derivation, results.convention).partition(": ")[2] for r in shown)
    return tuple(tuple(_pieces(w)) for w in words or ("no derivative is a matrix or a vector",))


def layout_blocks(results: Results) -> Iterator[Block]:
    """The convention as a section."""
    if lines := layout_lines(results):
        yield Heading(text=layout_title(results))
        listed = [piece for k, line in enumerate(lines) for piece in (("; ", *line) if k else line)]
        yield Paragraph(text=("In the matrix notation of this report, ", *listed, "."))


def _pieces(words: str) -> Iterator[Piece]:
    for k, part in enumerate(_FORMULA.split(words)):
        formula = quote(part.replace("∂", r"\partial ").replace("^T", r"^{\top}")) if k % 2 else None
        yield part if formula is None else formula
