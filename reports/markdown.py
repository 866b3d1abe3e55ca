"""A report as Markdown with `$` formulas, as GitHub, Jupyter and pandoc read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from derive.notation.quote import quote
from derive.notation.renderers import to_latex

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
from .escapes import latex_math_words, markdown_code, markdown_text, printable
from .lines import aligned, chain_lines, display_rows, fitted, plain, table_chunks
from .outline import Outline, Placed, figure_file, figure_name, outline
from .signs import SIGNS
from .sources import reference, source

FIGURE_SUFFIXES = (".png", ".svg", ".jpg")
_ALIGNMENTS = {"l": ":---", "c": ":---:", "r": "---:"}
_LANGUAGE = re.compile(r"[A-Za-z0-9+#-]*")


def emit(report: Report) -> str:
    """The whole Markdown file; its figures are expected beside it under the names of `outline(report).figures`.

    Raises: ReportError: as `outline`; if a figure is missing.
    """
    return "\n\n".join(parts(report)) + "\n"


def parts(report: Report) -> list[str]:
    """The title and then each block, as separate pieces of Markdown."""
    plan = outline(report)
    return [_title(report, plan), *filter(None, (_block(placed, plan) for placed in plan.placed))]


def _title(report: Report, plan: Outline) -> str:
    lines = [f"# {_inline(report.title, plan)}"]
    if report.subtitle:
        lines.append(f"*{_inline(report.subtitle, plan).strip()}*")
    byline = [", ".join(map(markdown_text, report.authors)), markdown_text(report.date)]
    lines += [" · ".join(part for part in byline if part)] if any(byline) else []
    if report.abstract:
        lines.append(_quotation(_inline(report.abstract, plan)))
    return "\n\n".join(lines)


def _block(placed: Placed, plan: Outline) -> str:
    return BLOCKS[type(placed.block)](placed.block, placed, plan)


def _heading(block: Heading, placed: Placed, plan: Outline) -> str:
    number = f"{placed.number} " if placed.number else ""
    return f"{'#' * (min(max(block.level, 1), 3) + 1)} {number}{_inline(block.text, plan)}"


def _paragraph(block: Paragraph, placed: Placed, plan: Outline) -> str:
    return _inline(block.text, plan)


def _display(block: Display, placed: Placed, plan: Outline) -> str:
    tag = rf" \tag{{{latex_math_words(placed.number)}}}" if placed.number else ""
    return _formula(to_latex(aligned(display_rows(block.lines))) + tag)


def _steps(block: Steps, placed: Placed, plan: Outline) -> str:
    rows = []
    for line in chain_lines(block.steps):
        badge = SIGNS[line.step.badge]
        rule = latex_math_words(f"{plain(line.step.rule)}  {badge.mark} {line.step.badge.value}")
        for position, part in enumerate(line.lines):
            left = to_latex(line.left) if position == 0 and line.left is not None else ""
            last = position == len(line.lines) - 1
            rows.append(f"{left} & {to_latex(part)}" + (rf" && \textsf{{{rule}}}" if last else ""))
    body = " \\\\\n".join(rows)
    title = f"**{_inline(block.title, plan)}.**\n\n" if block.title else ""
    return title + _formula(f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}")


def _table(block: Table, placed: Placed, plan: Outline) -> str:
    letters = (block.alignment + "l" * len(block.header))[: len(block.header)]
    rows = [_cells(block.header, plan), "|" + "|".join(_ALIGNMENTS[letter] for letter in letters) + "|"]
    table = "\n".join([*rows, *(_cells(row, plan) for row in block.rows)])
    number = f"**Table {placed.number}.** " if placed.number else ""
    return f"{number}{_inline(block.caption, plan)}\n\n{table}" if block.caption else table


def _cells(row: tuple[Text, ...], plan: Outline) -> str:
    cells = (_inline(cell, plan).replace("|", "\\|").replace("\\\\|", "\\|") for cell in row)
    return f"| {' | '.join(cells)} |"


def _figure(block: Figure, placed: Placed, plan: Outline) -> str:
    file = figure_name(placed) + figure_file(block.path, FIGURE_SUFFIXES).suffix
    alt = markdown_text(block.alt or plain(block.caption))
    return f"![{alt}]({file})\n\n**Figure {placed.number}.** {_inline(block.caption, plan)}"


def _code_block(block: CodeBlock, placed: Placed, plan: Outline) -> str:
    return _fenced(block.text, block.language)


def _finding(block: Finding, placed: Placed, plan: Outline) -> str:
    head = f"**{_badge(block.verdict)}** {markdown_text(block.rule)}".rstrip()
    lines = [
        f"{head} — {markdown_code(block.where)}",
        _inline(block.message, plan),
        _quoted("as written", block.quoted),
    ]
    if block.suggestion:
        verdict = f" ({_badge(block.suggestion_verdict)})" if block.suggestion_verdict is not None else ""
        lines.append(_quoted(f"corrected{verdict}", block.suggestion))
    for chunk in table_chunks(block.counterexample):
        names = _cells(tuple(name for name, _ in chunk), plan)
        values = _cells(tuple(value for _, value in chunk), plan)
        lines.append("\n".join([names, "|" + ":---:|" * len(chunk), values]))
    if block.because:
        lines.append(f"*because* {_inline(block.because, plan)}")
    return _quotation("\n\n".join(line for line in lines if line))


def _quoted(label: str, latex: str) -> str:
    layout = quote(latex)
    if layout is None:
        return f"*{label}*\n\n{_fenced(latex, '')}"
    return f"*{label}*\n\n{_formula(to_latex(fitted(layout)))}"


def _callout(block: Callout, placed: Placed, plan: Outline) -> str:
    title = [f"**{_inline(block.title, plan)}.**"] if block.title else []
    return _quotation("\n\n".join([*title, *(_block(child, plan) for child in placed.children)]))


def _bibliography(block: Bibliography, placed: Placed, plan: Outline) -> str:
    items = [f"{number}. {_inline(reference(source(key)), plan)}" for key, number in plan.cites.items()]
    return "\n".join([f"## {markdown_text(block.title)}\n", *items]) if items else ""


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
            return markdown_text(piece)
        case Code(text):
            return markdown_code(text)
        case Emph(text):
            return f"*{markdown_text(text.strip())}*" if text.strip() else ""
        case Cite(key, place):
            return markdown_text(f"[{plan.cites[key]}{', ' + place if place else ''}]")
        case Ref(label):
            return markdown_text(plan.labels[label].text)
        case _:
            return f"${_inert(to_latex(piece)).strip()}$"


def _formula(latex: str) -> str:
    return f"$$\n{_inert(latex)}\n$$"


def _inert(latex: str) -> str:
    """The formula with nothing in it that Markdown could take for a tag, a link or the start of a block."""
    apart = latex.replace("<", "< ").replace("](", "]{}(").replace("$", "")
    return re.sub(r"^(?=[-+*=#>~|\d])", "{}", apart, flags=re.MULTILINE)


def _fenced(text: str, language: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    known = language if _LANGUAGE.fullmatch(language) else ""
    return f"{fence}{known}\n{printable(text).rstrip()}\n{fence}"


def _quotation(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _badge(badge: Badge) -> str:
    return f"{markdown_text(SIGNS[badge].mark)} {badge.value}"
