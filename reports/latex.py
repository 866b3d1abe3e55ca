"""A report as LaTeX for pdflatex.

Words are escaped character by character; a stranger's LaTeX is set from its parsed layout or shown escaped,
never compiled as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from derive.notation.layout import Layout
from derive.notation.quote import quote
from derive.notation.renderers import to_latex

from .breaking import width
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
from .escapes import latex_code, latex_text
from .lines import MEASURE, ChainLine, aligned, chain_lines, display_rows, fitted, plain, plain_length, table_chunks
from .outline import Outline, Placed, figure_name, outline
from .signs import SIGNS, TONES
from .sources import reference, source

FIGURE_SUFFIXES = (".pdf", ".png", ".jpg")
_SECTIONS = ("section", "subsection", "subsubsection")
_WIDEST_TABLE = 88.0  # characters of a line of small text


def emit(report: Report) -> str:
    """The whole .tex file; its figures are expected beside it under the names of `outline(report).figures`.

    Raises: ReportError: as `outline`.
    """
    plan = outline(report)
    parts = [_preamble(), _title(report, plan), *(_block(placed, plan) for placed in plan.placed)]
    return "\n\n".join(part for part in parts if part) + "\n\n\\end{document}\n"


def _preamble() -> str:
    return (files("reports") / "templates" / "report.tex").read_text(encoding="utf-8").rstrip()


def _title(report: Report, plan: Outline) -> str:
    lines = [
        rf"\renewcommand\gptitle{{{_inline(report.title, plan)}}}",
        rf"\hypersetup{{pdftitle={{{latex_text(plain(report.title))}}}}}",
        r"\thispagestyle{plain}",
        r"\begin{center}",
        rf"{{\LARGE\bfseries {_inline(report.title, plan)}\par}}",
    ]
    if report.subtitle:
        lines.append(rf"\smallskip{{\large\itshape {_inline(report.subtitle, plan)}\par}}")
    byline = [", ".join(map(latex_text, report.authors)), latex_text(report.date)]
    lines += [rf"\medskip{{{part}\par}}" for part in byline if part]
    lines.append(r"\end{center}")
    if report.abstract:
        lines += [r"\begin{quotation}\noindent\small", _inline(report.abstract, plan), r"\end{quotation}"]
    return "\n".join([*lines, r"\medskip"])


def _block(placed: Placed, plan: Outline) -> str:
    return BLOCKS[type(placed.block)](placed.block, placed, plan)


def _heading(block: Heading, placed: Placed, plan: Outline) -> str:
    command = _SECTIONS[min(block.level, 3) - 1]
    star = "" if placed.number else "*"
    text = _inline(block.text, plan)
    if any(not isinstance(piece, str) for piece in pieces(block.text)):
        text = rf"\texorpdfstring{{{text}}}{{{latex_text(plain(block.text))}}}"
    return rf"\{command}{star}{{{text}}}"


def _paragraph(block: Paragraph, placed: Placed, plan: Outline) -> str:
    return _inline(block.text, plan)


def _display(block: Display, placed: Placed, plan: Outline) -> str:
    rows = display_rows(block.lines)
    label = rf"\label{{{plan.labels[block.label].anchor}}}" if block.label else ""
    tag = rf"\tag{{{latex_text(block.tag)}}}" if block.tag else ""
    name = "equation" if placed.number else "equation*"
    formula = _fit(aligned(rows), r"0.9\linewidth")
    return f"\\begin{{{name}}}{label}{tag}\n  {formula}\n\\end{{{name}}}"


def _steps(block: Steps, placed: Placed, plan: Outline) -> str:
    lines, depth = [rf"\begin{{gpsteps}}{{{_inline(block.title, plan)}}}"], 0
    for line in chain_lines(block.steps):
        if line.step.depth != depth:
            depth = line.step.depth
            lines.append(rf"\gpdepth{{{depth}}}")
        lines += _step(line, plan)
    return "\n".join([*lines, r"\end{gpsteps}"])


def _step(line: ChainLine, plan: Outline) -> list[str]:
    start = [rf"\gpchain{{{to_latex(line.left)}}}"] if line.left is not None else []
    *more, last = line.lines
    note = f"{{{_inline(line.step.rule, plan)}}}{{{_badge(line.step.badge)}}}"
    return [*start, *(rf"\gpmore{{{_line(part)}}}" for part in more), rf"\gpstep{{{_line(last)}}}{note}"]


def _line(part: Layout) -> str:
    """One line of a chain; the empty words that space its first sign are `{}` in TeX."""
    return to_latex(part).replace(r"\text{}", "{}", 1)


def _table(block: Table, placed: Placed, plan: Outline) -> str:
    label = rf"\label{{{plan.labels[block.label].anchor}}}" if block.label else ""
    caption = rf"\caption{{{_inline(block.caption, plan)}}}{label}\\" if block.caption else ""
    rows = [" & ".join(_inline(cell, plan) for cell in row) + r" \\" for row in (block.header, *block.rows)]
    lines = [rf"\begin{{longtable}}{{{_columns(block)}}}", caption, r"\toprule", rows[0], r"\midrule\endhead"]
    lines += [*rows[1:], r"\bottomrule", r"\end{longtable}"]
    return "\n".join(["{\\small", *(line for line in lines if line), "}"])


def _columns(block: Table) -> str:
    """The column letters; text columns of a table too wide for the page become paragraphs in proportion."""
    count = len(block.header)
    letters = (block.alignment + "l" * count)[:count]
    widths = [max((plain_length(row[c]) for row in (block.header, *block.rows)), default=1.0) for c in range(count)]
    if sum(widths) <= _WIDEST_TABLE:
        return letters
    flexible = sum(w for w, letter in zip(widths, letters, strict=True) if letter == "l")
    room = max(0.3, 1 - (sum(widths) - flexible) / _WIDEST_TABLE) * 0.92
    paragraph = r">{{\raggedright\arraybackslash}}p{{{:.2f}\linewidth}}"
    return "".join(
        paragraph.format(room * w / flexible) if letter == "l" else letter
        for w, letter in zip(widths, letters, strict=True)
    )


def _figure(block: Figure, placed: Placed, plan: Outline) -> str:
    label = rf"\label{{{plan.labels[block.label].anchor}}}" if block.label else ""
    lines = [
        r"\begin{center}",
        rf"\includegraphics[width={block.width:.2f}\linewidth]{{{figure_name(placed)}}}",
        rf"\captionof{{figure}}{{{_inline(block.caption, plan)}}}{label}",
        r"\end{center}",
    ]
    return "\n".join(lines)


def _code_block(block: CodeBlock, placed: Placed, plan: Outline) -> str:
    lines = [rf"\mbox{{}}{latex_code(line)}\par" for line in block.text.rstrip("\n").split("\n")]
    return "\n".join([r"\begin{gpcode}", *lines, r"\end{gpcode}"])


def _finding(block: Finding, placed: Placed, plan: Outline) -> str:
    lines = [
        rf"\begin{{gpfinding}}{{gp{SIGNS[block.verdict].shade}}}",
        rf"{_badge(block.verdict)}\enspace{{\small {latex_text(block.rule)}}}\hfill"
        rf"{{\footnotesize\ttfamily {latex_code(block.where)}}}\par",
        rf"{_inline(block.message, plan)}\par",
        _quoted("as written", block.quoted, None),
    ]
    if block.suggestion:
        lines.append(_quoted("corrected", block.suggestion, block.suggestion_verdict))
    if block.counterexample:
        lines.append(_counterexample(block, plan))
    if block.because:
        lines.append(rf"\gpwritten{{because}}{{{_inline(block.because, plan)}}}")
    return "\n".join([*lines, r"\end{gpfinding}"])


def _quoted(label: str, latex: str, badge: Badge | None) -> str:
    layout = quote(latex)
    formula = to_latex(fitted(layout)) if layout is not None else latex
    if layout is None or not formula.isascii():  # pdflatex has few letters beyond ASCII, and none in a formula
        return rf"\gpwritten{{{label}}}{{\texttt{{{latex_code(latex)}}}}}"
    tail = _badge(badge) if badge is not None else ""
    return rf"\gpquote{{{label}}}{{{formula}}}{{{tail}}}"


def _counterexample(block: Finding, plan: Outline) -> str:
    tables = []
    for chunk in table_chunks(block.counterexample):
        names = " & ".join(_inline(name, plan) for name, _ in chunk)
        values = " & ".join(latex_text(value) for _, value in chunk)
        columns = "c" * len(chunk)
        tables.append(
            rf"\begin{{tabular}}[t]{{@{{}}{columns}@{{}}}}{names} \\ \midrule {values}\end{{tabular}}\par\smallskip"
        )
    return rf"\gpwritten{{for example}}{{{' '.join(tables)}}}"


def _callout(block: Callout, placed: Placed, plan: Outline) -> str:
    inner = "\n\n".join(_block(child, plan) for child in placed.children)
    begin = rf"\begin{{gpcallout}}{{gp{TONES[block.tone]}}}{{{_inline(block.title, plan)}}}"
    return f"{begin}%\n{inner}\n\\end{{gpcallout}}"


def _bibliography(block: Bibliography, placed: Placed, plan: Outline) -> str:
    items = [rf"\bibitem{{{key}}} {_inline(reference(source(key)), plan)}" for key in plan.cites]
    if not items:
        return ""
    title = rf"\renewcommand\refname{{{latex_text(block.title)}}}"
    return "\n".join([title, rf"\begin{{thebibliography}}{{{len(items)}}}", *items, r"\end{thebibliography}"])


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
            return latex_text(piece)
        case Code(text):
            return rf"\texttt{{{latex_code(text)}}}"
        case Emph(text):
            return rf"\emph{{{latex_text(text)}}}"
        case Cite(key, place):
            return rf"\cite[{{{_place(place)}}}]{{{key}}}" if place else rf"\cite{{{key}}}"
        case Ref(label):
            target = plan.labels[label]
            number = rf"\ref{{{target.anchor}}}"
            return rf"({number})" if target.text.startswith("(") else f"{target.text.split()[0]}~{number}"
        case _:
            return f"${to_latex(piece)}$"


def _place(place: str) -> str:
    return latex_text(place.replace(" ", "\N{NO-BREAK SPACE}"))


def _fit(layout: Layout, room: str) -> str:
    formula = to_latex(layout)
    return rf"\gpfit{{{room}}}{{{formula}}}" if width(layout) > 0.7 * MEASURE else formula


def _badge(badge: Badge) -> str:
    sign = SIGNS[badge]
    return rf"\gpbadge{{gp{sign.shade}}}{{{sign.latex}}}{{{badge.value}}}"
