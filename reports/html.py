"""A report as one HTML file that needs nothing else: MathML, its style inside, figures as data, no script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from html import escape as escape_html
from importlib.resources import files
from typing import Any

from derive.notation.quote import quote
from derive.notation.renderers.mathml import to_mathml

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
from .escapes import printable
from .lines import ChainLine, aligned, chain_lines, display_rows, fitted, plain, table_chunks
from .outline import Outline, Placed, figure_file, outline
from .signs import SIGNS, TONES
from .sources import reference, source

FIGURE_SUFFIXES = (".svg", ".png", ".jpg")
_MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_ALIGNMENTS = {"l": "left", "c": "center", "r": "right"}


def emit(report: Report) -> str:
    """The whole HTML file.

    Raises: ReportError: as `outline`; if a figure is missing.
    """
    plan = outline(report)
    style = (files("reports") / "templates" / "report.css").read_text(encoding="utf-8")
    head = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_escape(plain(report.title))}</title>\n<style>\n{style}</style>\n</head>\n<body>",
    ]
    body = [_title(report, plan), *(_block(placed, plan) for placed in plan.placed)]
    return "\n".join([*head, *(part for part in body if part), "</body>\n</html>\n"])


def _title(report: Report, plan: Outline) -> str:
    byline = [", ".join(map(_escape, report.authors)), _escape(report.date)]
    parts = [f"<h1>{_inline(report.title, plan)}</h1>"]
    if report.subtitle:
        parts.append(f'<p class="subtitle">{_inline(report.subtitle, plan)}</p>')
    parts += [f"<p>{part}</p>" for part in byline if part]
    if report.abstract:
        parts.append(f'<p class="abstract">{_inline(report.abstract, plan)}</p>')
    return "\n".join(["<header>", *parts, "</header>"])


def _block(placed: Placed, plan: Outline) -> str:
    return BLOCKS[type(placed.block)](placed.block, placed, plan)


def _heading(block: Heading, placed: Placed, plan: Outline) -> str:
    number = f'<span class="number">{placed.number}</span>' if placed.number else ""
    level = min(max(block.level, 1), 3) + 1
    return f"<h{level}>{number}{_inline(block.text, plan)}</h{level}>"


def _paragraph(block: Paragraph, placed: Placed, plan: Outline) -> str:
    return f"<p>{_inline(block.text, plan)}</p>"


def _display(block: Display, placed: Placed, plan: Outline) -> str:
    number = f"<span>({_escape(placed.number)})</span>" if placed.number else ""
    formula = to_mathml(aligned(display_rows(block.lines)), display=True)
    return f'<div class="display"{_id(block.label, plan)}>{formula}{number}</div>'


def _steps(block: Steps, placed: Placed, plan: Outline) -> str:
    caption = f"<caption>{_inline(block.title, plan)}</caption>" if block.title else ""
    rows = [row for line in chain_lines(block.steps) for row in _step(line, plan)]
    return "\n".join([f'<div class="scroll"><table class="steps">{caption}', *rows, "</table></div>"])


def _step(line: ChainLine, plan: Outline) -> list[str]:
    rows = []
    for position, formula in enumerate(line.lines):
        left = _math_in_line(line.left) if position == 0 and line.left is not None else ""
        last = position == len(line.lines) - 1
        rule = f"{_inline(line.step.rule, plan)} {_badge(line.step.badge)}" if last else ""
        indent = f' style="padding-left: {line.step.depth}em"' if line.step.depth else ""
        cells = f'<td class="left"{indent}>{left}</td><td>{_math_in_line(formula)}</td><td class="rule">{rule}</td>'
        rows.append(f"<tr>{cells}</tr>")
    return rows


def _table(block: Table, placed: Placed, plan: Outline) -> str:
    letters = (block.alignment + "l" * len(block.header))[: len(block.header)]
    name = f"<b>Table {placed.number}.</b> " if placed.number else ""
    caption = f"<caption>{name}{_inline(block.caption, plan)}</caption>" if block.caption else ""
    lines = [_cells("th", block.header, letters, plan), *(_cells("td", row, letters, plan) for row in block.rows)]
    table = "\n".join([f'<table class="data"{_id(block.label, plan)}>{caption}', *lines, "</table>"])
    return f'<div class="scroll">{table}</div>'


def _cells(tag: str, row: tuple[Text, ...], letters: str, plan: Outline) -> str:
    pairs = zip(row, letters, strict=True)
    cells = (f'<{tag} style="text-align: {_ALIGNMENTS[a]}">{_inline(cell, plan)}</{tag}>' for cell, a in pairs)
    return f"<tr>{''.join(cells)}</tr>"


def _figure(block: Figure, placed: Placed, plan: Outline) -> str:
    file = figure_file(block.path, FIGURE_SUFFIXES)
    data = f"data:{_MEDIA[file.suffix]};base64,{b64encode(file.read_bytes()).decode('ascii')}"
    alt = _escape(block.alt or plain(block.caption))
    image = f'<img src="{data}" alt="{alt}" style="width: {100 * block.width:.0f}%">'
    caption = f"<figcaption><b>Figure {placed.number}.</b> {_inline(block.caption, plan)}</figcaption>"
    return f"<figure{_id(block.label, plan)}>{image}{caption}</figure>"


def _code_block(block: CodeBlock, placed: Placed, plan: Outline) -> str:
    return f"<pre><code>{_escape(block.text.rstrip())}</code></pre>"


def _finding(block: Finding, placed: Placed, plan: Outline) -> str:
    rows = [("as written", _quoted(block.quoted))]
    if block.suggestion:
        verdict = _badge(block.suggestion_verdict) if block.suggestion_verdict is not None else ""
        rows.append(("corrected", _quoted(block.suggestion) + verdict))
    if block.counterexample:
        rows.append(("for example", _counterexample(block, plan)))
    if block.because:
        rows.append(("because", _inline(block.because, plan)))
    parts = [
        f'<section class="finding" style="--shade: var(--{SIGNS[block.verdict].shade})">',
        f'<code class="where">{_escape(block.where)}</code>{_badge(block.verdict)} {_escape(block.rule)}',
        f"<p>{_inline(block.message, plan)}</p>",
        f"<dl>{''.join(f'<dt>{name}</dt><dd>{shown}</dd>' for name, shown in rows)}</dl>",
        "</section>",
    ]
    return "\n".join(parts)


def _quoted(latex: str) -> str:
    layout = quote(latex)
    return _math_in_line(fitted(layout)) if layout is not None else f"<code>{_escape(latex)}</code>"


def _counterexample(block: Finding, plan: Outline) -> str:
    tables = []
    for chunk in table_chunks(block.counterexample):
        names = "".join(f"<th>{_inline(name, plan)}</th>" for name, _ in chunk)
        values = "".join(f"<td>{_escape(value)}</td>" for _, value in chunk)
        tables.append(f'<table class="data"><tr>{names}</tr><tr>{values}</tr></table>')
    return "".join(tables)


def _callout(block: Callout, placed: Placed, plan: Outline) -> str:
    inner = "\n".join(_block(child, plan) for child in placed.children)
    title = f"<p><b>{_inline(block.title, plan)}.</b></p>" if block.title else ""
    return f'<section class="callout" style="--shade: var(--{TONES[block.tone]})">{title}{inner}</section>'


def _bibliography(block: Bibliography, placed: Placed, plan: Outline) -> str:
    items = [f'<li id="source-{key}">{_inline(reference(source(key)), plan)}</li>' for key in plan.cites]
    return "\n".join([f"<h2>{_escape(block.title)}</h2>", '<ol class="references">', *items, "</ol>"]) if items else ""


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
            return _escape(piece)
        case Code(text):
            return f"<code>{_escape(text)}</code>"
        case Emph(text):
            return f"<em>{_escape(text)}</em>"
        case Cite(key, place):
            return f'[<a href="#source-{key}">{plan.cites[key]}</a>{_escape(f", {place}" if place else "")}]'
        case Ref(label):
            target = plan.labels[label]
            return f'<a href="#{target.anchor}">{_escape(target.text)}</a>'
        case _:
            return to_mathml(piece)


def _math_in_line(layout: Any) -> str:
    return to_mathml(layout).replace("<math ", '<math displaystyle="true" ', 1)


def _escape(text: str) -> str:
    return escape_html(printable(text), quote=True)


def _id(label: str, plan: Outline) -> str:
    return f' id="{plan.labels[label].anchor}"' if label else ""


def _badge(badge: Badge) -> str:
    sign = SIGNS[badge]
    return f'<span class="badge" style="color: var(--{sign.shade})">{_escape(sign.mark)} {badge.value}</span>'
