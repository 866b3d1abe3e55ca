"""The relations of a document, one line each: a chain A = B = C is two, also where it is carried over displays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.notation.definitions import defined_name
from derive.notation.elaborate import Dictionary, Unreadable
from derive.notation.macros import read_macros
from derive.notation.parser import ReadError, parse
from derive.notation.runs import join_letters
from derive.notation.survey import survey
from derive.notation.syntax import Chain, Empty, Node, Prose, Span

from .documents.document import Document, Formula


@dataclass(frozen=True, kw_only=True)
class Line:
    """One relation of a document, or a formula without one.

    Attributes:
        number: its place in the document.
        formula: the formula it stands in; the spans of `right` (and of `left`, unless it is carried over) refer
            to its source.
        left, right: the sides; `right` is None for a formula without a relation.
        carried: the formula that `left` comes from, if it is an earlier one.
        operator: `=`, `<=`, `:=`, …
        span: of the relation in the source.
        link: 0 for the first relation of a chain, which may define its left side.
    """

    number: int
    formula: Formula
    left: Node
    right: Node | None = None
    carried: Formula | None = None
    operator: str = ""
    span: Span
    link: int = 0


@dataclass(frozen=True, kw_only=True)
class Unparsed:
    """A formula that the parser could not read, and why."""

    number: int
    formula: Formula
    reason: str


@dataclass(frozen=True, kw_only=True)
class Lines:
    """A document taken apart: its relations in order, what could not be parsed, and what its letters mean."""

    lines: tuple[Line, ...]
    unparsed: tuple[Unparsed, ...]
    dictionary: Dictionary


def lines_of(document: Document) -> Lines:
    """Take a document apart."""
    macros = read_macros(document.macros_source)
    parsed: list[tuple[Formula, tuple[Node, ...]]] = []
    unparsed: list[Unparsed] = []
    for number, formula in enumerate(document.formulas):
        try:
            parsed.append((formula, tuple(join_letters(n) for n in parse(formula.latex, macros))))
        except ReadError as error:
            unparsed.append(Unparsed(number=number, formula=formula, reason=_placed(error, document, formula)))
    dictionary = Dictionary(survey(n for _, nodes in parsed for n in nodes))
    return Lines(lines=tuple(_lines(parsed)), unparsed=tuple(unparsed), dictionary=dictionary)


def _placed(error: ReadError, document: Document, formula: Formula) -> str:
    line, column = document.position(formula.offset_of(error.position))
    return f"{error.message} (line {line}, column {column})"


def _lines(parsed: list[tuple[Formula, tuple[Node, ...]]]) -> Iterator[Line]:
    number = 0
    last: tuple[Formula, Node] | None = None
    for formula, nodes in parsed:
        for node in (n for n in nodes if not isinstance(n, Prose)):
            if not isinstance(node, Chain):
                yield Line(number=number, formula=formula, left=node, span=node.span)
                number += 1
                continue
            left, carried = node.operands[0], None
            if isinstance(left, Empty) and last is not None and last[0].headings == formula.headings:
                carried, left = (None if last[0] is formula else last[0]), last[1]
            goes_on = isinstance(node.operands[0], Empty)
            for link, (operator, right) in enumerate(zip(node.operators, node.operands[1:], strict=True)):
                start = node.span[0] if link == 0 else left.span[0]
                yield Line(
                    number=number,
                    formula=formula,
                    left=left,
                    right=right,
                    carried=carried,
                    operator=operator,
                    span=(start, right.span[1]),
                    link=link + goes_on,
                )
                number += 1
                left, carried = right, None
            if formula.display:
                last = (formula, node.operands[-1])


def names_defined(line: Line, dictionary: Dictionary) -> tuple[str, str] | None:
    """The name and arguments that a line may define."""
    try:
        return defined_name(line.left, dictionary) if line.right is not None and line.link == 0 else None
    except Unreadable:
        return None
