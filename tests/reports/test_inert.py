"""Strings of strangers come out as words, in every text field and every format."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from io import BytesIO

import pytest
import typst as engine
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from derive.notation.layout import Atom
from reports import html, latex, markdown, notebook
from reports.document import (
    Badge,
    Block,
    Callout,
    Code,
    CodeBlock,
    Display,
    Emph,
    Finding,
    Heading,
    Paragraph,
    Report,
    ReportStep,
    Steps,
    Table,
)
from reports.escapes import latex_code, latex_text, markdown_code, markdown_text, one_line, typst_string, typst_text
from reports.pdf import pdf_bytes

HOSTILE = (
    r"\input{/etc/passwd}",
    r"\immediate\write18{id}",
    r"\end{document}\end{gpcode}\end{gpfinding}",
    '#read("/etc/passwd")',
    '#eval("1 + 1"); #panic[x]',
    "](hello) #emph[x](y) ; [z] <label> @ref",
    "$ x $ $$ y $$ % & # _ ^ ~ \\ { } }}} {{{",
    "\"quoted\" 'single' ``back`` --- -- << >> ?` !` ,,",
    "<script>alert(1)</script> <img src=x onerror=y> &amp; &lt;",
    "![a](http://example.com/a.png) [b](javascript:c) **d** `e` | f |",
    "= heading - list + list / term: 1. one // comment /* more */ https://example.com",
    r"\(a\) \[b\] \texttt{c} \verb|d| ^^5c ##1",
    "αβγ ∂θ → ✓ ŷ ∑ é ß Ł",
)

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=40) | st.text(
    "\\#$*_`<>@[]=-+/~'\"{}.:%&^|!()1; \nab", max_size=40
)


def _report(text: str) -> Report:
    """A report with the text in each place that takes one."""
    step = ReportStep(rule=text, before=Atom("a"), after=Atom("b"))
    finding = Finding(
        where=text,
        verdict=Badge.REFUTED,
        rule=text,
        message=text,
        quoted=text,
        suggestion=text,
        counterexample=((text, text),),
        because=text,
    )
    blocks: tuple[Block, ...] = (
        Heading(text=text),
        Paragraph(text=(text, Code(text), Emph(text))),
        Display(lines=(Atom("a"),), tag=text),
        Steps(title=text, steps=(step,)),
        Table(header=(text,), rows=((text,),), caption=text),
        CodeBlock(text=text, language=text),
        finding,
        Callout(title=text, blocks=(Paragraph(text=text),)),
    )
    return Report(title=text, subtitle=text, authors=(text,), abstract=text, date=text, blocks=blocks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read_html(page: str) -> tuple[set[str], str]:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.tags, "".join(reader.words)


def _pdf_words(data: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages))


@pytest.mark.parametrize("text", HOSTILE)
def test_typst_sets_it_as_words(text: str) -> None:
    words = _pdf_words(pdf_bytes(_report(text)))
    assert "root:x:0" not in words


@pytest.mark.skipif(shutil.which("latexmk") is None, reason="latexmk is not installed")
def test_tex_sets_it_as_words() -> None:
    blocks = tuple(block for text in HOSTILE for block in _report(text).blocks)
    words = _pdf_words(pdf_bytes(Report(title=" ".join(HOSTILE), blocks=blocks), engine="latexmk"))
    assert "root:x:0" not in words
    for shown in (r"\input{/etc/passwd}", r"\immediate\write18{id}", r"\end{document}", "<script>", "$$y$$%&#"):
        assert shown in words


@pytest.mark.parametrize("text", HOSTILE)
def test_html_keeps_it_out_of_its_tags(text: str) -> None:
    tags, words = _read_html(html.emit(_report(text)))
    assert tags.isdisjoint({"script", "img", "iframe", "object"})
    assert words.count(text) >= 14


@pytest.mark.parametrize("text", HOSTILE)
def test_latex_holds_no_command_of_it(text: str) -> None:
    body = latex.emit(_report(text)).split(r"\begin{document}", 1)[1]
    for command in (r"\input", r"\immediate", r"\write18", r"\verb", r"\end{document}\end"):
        assert command not in body


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_makes_no_element_of_it(text: str) -> None:
    page = markdown.emit(_report(text))
    tags, words = _read_html(MarkdownIt("commonmark").enable("table").render(page))
    assert tags <= {
        "h1",
        "h2",
        "p",
        "em",
        "code",
        "strong",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "pre",
    }
    squeezed = re.sub(r"\s+", "", words)
    assert squeezed.count(re.sub(r"\s+", "", text)) >= 8
    assert json.loads(notebook.emit(_report(text)))["nbformat"] == 4


@given(TEXT)
def test_markdown_shows_the_text(text: str) -> None:
    tags, words = _read_html(MarkdownIt("commonmark").render(f"a{markdown_text(text)}b"))
    assert tags == {"p"}
    assert words.strip() == f"a{one_line(text)}b"


@given(TEXT.filter(lambda text: bool(one_line(text).strip())))
def test_a_code_span_shows_the_text(text: str) -> None:
    tags, words = _read_html(MarkdownIt("commonmark").render(f"a {markdown_code(text)} b"))
    assert tags == {"p", "code"}
    assert words.strip().split() == f"a {one_line(text)} b".split()


_FLAT = """#let flat(c) = if repr(c.func()) in ("text", "symbol") { c.text } else if c.has("children") {
  c.children.map(flat).join("") } else if c == [ ] { " " } else { panic(repr(c)) }
"""


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXT, min_size=8, max_size=8))
def test_typst_reads_the_text_as_text(texts: list[str]) -> None:
    """Typst itself compares the parsed markup with the string."""
    lines = [f"#assert.eq(flat([a{typst_text(text)}b]), {typst_string(f'a{one_line(text)}b')})" for text in texts]
    engine.compile((_FLAT + "\n".join(lines)).encode(), format="svg", ignore_system_fonts=True)


_TEX_TOKEN = re.compile(
    r"\\text[a-z]+\{\}|\\(?:dots|allowbreak)\{\}|\\[{}$&#%_ ]|\$(?:\{\})?(?:\\[a-zA-Z]+(?:\{[A-Zy]\})?|[\^_]\d|-)\$"
    r"|\{\}|~|[^\\{}$&#%_^~]"
)


@given(TEXT)
def test_tex_text_is_made_of_known_tokens(text: str) -> None:
    for escaped in (latex_text(text), latex_code(text)):
        assert _TEX_TOKEN.sub("", escaped) == ""


_PARTS = r"""
  x y 1 2.5 \alpha \hat{y} \mathbf{W} \text{if} \text{$#_} \frac{a}{b} \sum_{i=1}^{n} \left( \right) ( ) [ ]
  \{ \} | \| { } ^ _ ^2 _{ij} ' + - = < > \le , ; : ! / \cdot \log \max_x \sqrt{x} \sqrt[3]{x} & \\\\
  \begin{cases} \end{cases} \quad \, ~ # $ % " \input{a} \partial \nabla ^\top \mid \operatorname{tr} \vec
  \underbrace{a}_b é 中 * ` \bar \int_0^1 dx \dots ...
"""
FORMULAS = st.lists(st.sampled_from(_PARTS.split()), max_size=14).map(" ".join)


def _findings(formulas: list[str]) -> Report:
    blocks = (Finding(where="a", verdict=Badge.HOLDS, message="m", quoted=f, suggestion=f) for f in formulas)
    return Report(title="t", blocks=tuple(blocks))


@settings(max_examples=20, deadline=None)
@given(st.lists(FORMULAS, min_size=8, max_size=8))
def test_any_formula_can_be_quoted(formulas: list[str]) -> None:
    assert bytes(pdf_bytes(_findings(formulas))).startswith(b"%PDF")
    assert _read_html(html.emit(_findings(formulas)))[0].isdisjoint({"script", "img"})
