"""Whole texts: what share of their display formulas is read, of their claims decided, and why the others are not.

A claim counts among those "whose symbols are defined in the text" if each of its letters is introduced by another
formula of the text: one that defines it, `A = …`, says where it lies, `A ∈ …` or `A ~ …`, or names it in a sentence,
`the matrix $A$`. What a sum or product binds, numbers, constants and the names of operators need no introduction.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from derive.notation.meanings import NO_LETTERS
from derive.notation.runs import children, walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Chain, Group, Juxt, Listing, Node, Sym
from verify.check import check_paths
from verify.documents.document import Document
from verify.documents.readers import read_document
from verify.lines import Line, Lines, lines_of
from verify.results import FileResult, Severity, Statement, StatementKind, Verdict

Row = tuple[str, ...]
OPEN = (Verdict.UNREAD, Verdict.UNDECIDED)
INTRODUCING = frozenset({"=", ":=", "in", "~", "triangleq", "equiv"})
NAMES = re.compile(r"\\?[A-Za-z]+_\S+|\\[A-Za-z]+|\b[A-Za-z]\b|\S+\(…\)")
REASONS = 20


@dataclass
class Figures:
    """Counts over texts.

    Attributes:
        counts: displays, those read, claims, those decided, those with all symbols defined, those of them decided.
        reasons: why claims with all symbols defined are undecided, names left out.
        errors: the findings of severity error.
    """

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    errors: list[tuple[str, Statement]] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        c = self.counts
        yield "display formulas read", _share(c["displays read"], c["displays"])
        yield "claims read and decided", _share(c["decided"], c["claims"])
        yield "the same, their symbols defined in the text", _share(c["defined decided"], c["defined"])
        yield "errors reported", str(len(self.errors))

    def table_of_reasons(self) -> list[Row]:
        """Why claims with all symbols defined are undecided, the most frequent reasons first."""
        return [("undecided because", "claims")] + [(r, str(n)) for r, n in self.reasons.most_common(REASONS)]


def figures_of(folder: Path, jobs: int) -> Figures:
    """The figures over all texts in a folder."""
    figures = Figures()
    for file in check_paths([folder], jobs=jobs).files:
        if file.error is None:
            _count(file, read_document(file.path), figures)
    return figures


def _count(file: FileResult, document: Document, figures: Figures) -> None:
    c = figures.counts
    for formula in (f for f in document.formulas if f.display):
        start, end = (formula.line, formula.column), (formula.end_line, formula.end_column)
        inside = [s for s in file.statements if start <= (s.line, s.column) < end]
        c["displays"] += 1
        c["displays read"] += all(s.verdict is not Verdict.UNREAD for s in inside)
    figures.errors += [(file.path, s) for s in file.statements if s.severity is Severity.ERROR]
    lines = lines_of(document)
    introduced = introductions(lines)
    places = {document.position(line.formula.offset_of(line.span[0])): line for line in lines.lines}
    for statement in file.statements:
        if statement.kind is not StatementKind.CLAIM or statement.verdict is Verdict.UNREAD:
            continue
        decided = statement.verdict not in OPEN
        c["claims"] += 1
        c["decided"] += decided
        line = places.get((statement.line, statement.column))
        if line is not None and is_defined(line, introduced):
            c["defined"] += 1
            c["defined decided"] += decided
            if not decided:
                figures.reasons[NAMES.sub("…", statement.because or "")] += 1


# -- symbols ------------------------------------------------------------------------------------------


def introductions(lines: Lines) -> Mapping[str, set[int]]:
    """For each letter where formulas stand that introduce it."""
    found: dict[str, set[int]] = defaultdict(set)
    for node, formula in lines.nodes:
        for letter in _introduced(node, display=formula.display):
            found[letter].add(formula.offset)
    return found


def is_defined(line: Line, introduced: Mapping[str, set[int]]) -> bool:
    """Whether another formula of the text introduces each letter of a claim."""
    sides = [line.left] if line.right is None else [line.left, line.right]
    letters = {letter for side in sides for letter in _free(side, frozenset())}
    return all(introduced.get(letter, set()) - {line.formula.offset} for letter in letters)


def _introduced(node: Node, *, display: bool) -> Iterator[str]:
    if isinstance(node, Chain) and node.operators[0] in INTRODUCING:
        yield from _named(node.operands[0])
    elif not display:
        yield from _named(node)


def _named(node: Node) -> Iterator[str]:
    """The letters that stand by themselves, in a list, or before and in a bracket: A; A, B; f(x)."""
    if isinstance(node, Sym):
        yield _letter(node)
    if isinstance(node, Group):
        yield from _named(node.body)
    applied = isinstance(node, Juxt) and len(node.items) == 2 and isinstance(node.items[1], Group)
    if isinstance(node, Listing) or applied:
        for part in children(node):
            yield from _named(part)


def _free(node: Node, bound: frozenset[str]) -> Iterator[str]:
    """The letters of an expression that it does not bind, without their scripts."""
    if isinstance(node, Sym):
        if node.base not in bound | NO_LETTERS:
            yield _letter(node)
        return
    if isinstance(node, Big):
        b = binder(node.below)
        names = {n.base for n in walk(node.below) if isinstance(n, Sym)} if node.below is not None else set()
        bound = bound | (names if b is None else {b[0]})
    for child in children(node):
        yield from _free(child, bound)


def _letter(sym: Sym) -> str:
    return sym.base + "".join(f"^{a}" for a in sym.accents)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.0%})" if whole else "none"
