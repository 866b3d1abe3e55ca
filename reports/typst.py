"""A report as Typst source, for the embedded engine of `pdf.py`.

Words are escaped character by character, verbatim text goes into string literals, and a stranger's LaTeX is
set from its parsed layout or shown as a string.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from derive.notation.layout import Layout
from derive.notation.quote import quote
from derive.notation.renderers import to_typst

from .document import (
    Badge,
    Bibliography,
    Callout,
    Cite,
    Code,
    CodeBlock,
    Display,
    Emph,
    Figure,
    Finding,
    Heading,
    Paragraph,
    Piece,
    Ref,
    Report,
    Steps,
    Table,
    Text,
    pieces,
)
from .escapes import one_line, typst_string, typst_text
from .lines import ChainLine, aligned, chain_lines, display_rows, fitted, plain, table_chunks
from .outline import Outline, Placed, figure_file, figure_name, outline
from .signs import SIGNS, TONES
from .sources import reference, source

FIGURE_SUFFIXES = (".svg", ".pdf", ".png", ".jpg")
_ALIGNMENTS = {"l": "left", "c": "center", "r": "right"}


def emit(report: Report) -> str:
    """The whole .typ file; its figures are expected beside it under the names of `outline(report).figures`.

    Raises: ReportError: as `outline`; if a figure is missing.
    """
    plan = outline(report)
    template = (files("reports") / "templates" / "report.typ").read_text(encoding="utf-8").rstrip()
    return "\n\n".join([template, _title(report, plan), *(_block(placed, plan) for placed in plan.placed)]) + "\n"


def _title(report: Report, plan: Outline) -> str:
    byline = [", ".join(map(typst_text, report.authors)), typst_text(report.date)]
    arguments = [
        f"title: [{_inline(report.title, plan)}]",
        f"plain-title: {typst_string(plain(report.title))}",
        f"subtitle: {_optional(report.subtitle, plan)}",
        f"byline: ({''.join(f'[{part}],' for part in byline if part)})",
        f"abstract: {_optional(report.abstract, plan)}",
    ]
    return f"#show: report.with(\n  {', '.join(arguments)},\n)"


def _block(placed: Placed, plan: Outline) -> str:
    return BLOCKS[type(placed.block)](placed.block, placed, plan)


def _heading(block: Heading, placed: Placed, plan: Outline) -> str:
    return f'#section({min(max(block.level, 1), 3)}, "{placed.number}", [{_inline(block.text, plan)}]);'


def _paragraph(block: Paragraph, placed: Placed, plan: Outline) -> str:
    return _inline(block.text, plan)


def _display(block: Display, placed: Placed, plan: Outline) -> str:
    number = f", number: [{typst_text(placed.number)}]" if placed.number else ""
    return f"#equation({_display_formula(aligned(display_rows(block.lines)))}{number}) {_label(block.label, plan)}"


def _steps(block: Steps, placed: Placed, plan: Outline) -> str:
    lines = [f"  {_step(line, plan)}," for line in chain_lines(block.steps)]
    return "\n".join([f"#steps(title: {_optional(block.title, plan)},", *lines, ");"])


def _step(line: ChainLine, plan: Outline) -> str:
    left = "none" if line.left is None else _formula(line.left)
    formulas = "".join(f"{_formula(part)}," for part in line.lines)
    rule, badge = _inline(line.step.rule, plan), _badge(line.step.badge)
    return f"(left: {left}, formulas: ({formulas}), rule: [{rule}], badge: {badge}, depth: {line.step.depth})"


def _table(block: Table, placed: Placed, plan: Outline) -> str:
    letters = (block.alignment + "l" * len(block.header))[: len(block.header)]
    alignment = "".join(f"{_ALIGNMENTS[letter]}," for letter in letters)
    header = "".join(f"[{_inline(cell, plan)}]," for cell in block.header)
    cells = ["".join(f"[{_inline(cell, plan)}]," for cell in row) for row in block.rows]
    title = f'number: "{placed.number}", title: {_optional(block.caption, plan)}'
    rows = "\n  ".join(cells)
    return f"#data-table(({alignment}), ({header}), (\n  {rows}\n), {title}) {_label(block.label, plan)}"


def _figure(block: Figure, placed: Placed, plan: Outline) -> str:
    file = figure_name(placed) + figure_file(block.path, FIGURE_SUFFIXES).suffix
    alt = typst_string(one_line(block.alt or plain(block.caption)))
    caption = f"[{_inline(block.caption, plan)}]"
    width = f"{100 * block.width:.0f}%"
    return f'#picture("{file}", {width}, {alt}, "{placed.number}", {caption}) {_label(block.label, plan)}'


def _code_block(block: CodeBlock, placed: Placed, plan: Outline) -> str:
    language = typst_string(block.language) if block.language else "none"
    return f"#listing({typst_string(block.text.rstrip())}, {language});"


def _finding(block: Finding, placed: Placed, plan: Outline) -> str:
    parts = [f"[{_inline(block.message, plan)}]", _quoted("as written", block.quoted, None)]
    if block.suggestion:
        parts.append(_quoted("corrected", block.suggestion, block.suggestion_verdict))
    if block.counterexample:
        parts.append(_counterexample(block, plan))
    if block.because:
        parts.append(f'labelled("because", text(size: 9.5pt)[{_inline(block.because, plan)}])')
    head = [f'"{SIGNS[block.verdict].shade}"', _badge(block.verdict), f"[{typst_text(block.rule)}]"]
    return ",\n  ".join([f"#finding({', '.join(head)}", typst_string(one_line(block.where)), *parts]) + ",\n);"


def _quoted(name: str, latex: str, badge: Badge | None) -> str:
    layout = quote(latex)
    if layout is None:
        return f'written("{name}", {typst_string(latex)})'
    tail = f", badge: {_badge(badge)}" if badge is not None else ""
    return f'formula("{name}", {_display_formula(fitted(layout))}{tail})'


def _counterexample(block: Finding, plan: Outline) -> str:
    tables = []
    for chunk in table_chunks(block.counterexample):
        names = "".join(f"[{_inline(name, plan)}]," for name, _ in chunk)
        values = "".join(f"[{typst_text(value)}]," for _, value in chunk)
        tables.append(f"sample(({names}), ({values}))")
    return f'labelled("for example", text(size: 9.5pt, {{ {"; ".join(tables)} }}))'


def _callout(block: Callout, placed: Placed, plan: Outline) -> str:
    inner = "\n\n".join(_block(child, plan) for child in placed.children)
    return f'#callout("{TONES[block.tone]}", {_optional(block.title, plan)}, [{inner}]);'


def _bibliography(block: Bibliography, placed: Placed, plan: Outline) -> str:
    texts = ((key, _inline(reference(source(key)), plan)) for key in plan.cites)
    items = [f"  (body: [{text}], place: [#metadata(none) <source-{key}>])," for key, text in texts]
    return "\n".join([f"#sources([{typst_text(block.title)}],", *items, ");"]) if items else ""


BLOCKS: Mapping[type, Callable[[Any, Placed, Outline], str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Display: _display,
    Steps: _steps,
    Table: _table,
    Figure: _figure,
    CodeBlock: _code_block,
    Finding: _finding,
    Callout: _callout,
    Bibliography: _bibliography,
}


def _inline(text: Text, plan: Outline) -> str:
    return "".join(_piece(piece, plan) for piece in pieces(text))


def _piece(piece: Piece, plan: Outline) -> str:
    match piece:
        case str():
            return typst_text(piece)
        case Code(text):
            return f"#raw({typst_string(one_line(text))});"
        case Emph(text):
            return f"#emph[{typst_text(text)}];"
        case Cite(key, place):
            where = ", " + typst_text(place.replace(" ", "\N{NO-BREAK SPACE}")) if place else ""
            return f"[{_link(f'source-{key}', str(plan.cites[key]), plan)}{where}]"
        case Ref(label):
            target = plan.labels[label]
            return _link(target.anchor, target.text, plan)
        case _:
            return f"${to_typst(piece)}$"


def _link(anchor: str, text: str, plan: Outline) -> str:
    """A link, or the bare text where the report has no list of references to lead to."""
    listed = any(isinstance(block, Bibliography) for block in plan.report.blocks)
    shown = typst_text(text)
    return f"#link(<{anchor}>)[{shown}];" if listed or not anchor.startswith("source-") else shown


def _label(label: str, plan: Outline) -> str:
    return f"<{plan.labels[label].anchor}>" if label else ""


def _optional(text: Text, plan: Outline) -> str:
    return f"[{_inline(text, plan)}]" if text else "none"


def _formula(layout: Layout) -> str:
    return f"$display({to_typst(layout)})$"


def _display_formula(layout: Layout) -> str:
    return f"$ {to_typst(layout)} $"


def _badge(badge: Badge) -> str:
    sign = SIGNS[badge]
    return f'badge([{typst_text(sign.mark)}], "{badge.value}", "{sign.shade}")'
