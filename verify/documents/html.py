"""HTML: MathJax delimiters, `math/tex` scripts, KaTeX and MathML annotations, images of formulas.

The page's text is taken out with the place of every character, entities resolved; MathJax delimiters are
then found in that text, while scripts, annotations and images are formulas as they stand.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from types import MappingProxyType
from typing import NamedTuple

from .document import Document, DocumentError, line_starts
from .plausible import looks_like_math, plausible_dollars
from .prose import Derived, Heading, Parts, assemble
from .scan import Found, Grammar, Region, between, dollars, environment, scan, skip, trimmed

UNCLOSED = 300
CODE = frozenset({"script", "style", "title", "pre", "code", "textarea", "noscript", "template", "svg"})
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
PHRASING = re.compile(r"a|abbr|b|bdi|cite|em|font|i|kbd|label|mark|q|s|samp|small|span|strong|su[bp]|u|var|wbr|img")
MATHML = re.compile(r"math|annotation|semantics|m[a-z]+")
RENDERED = re.compile(r"\b(?:katex-html|MathJax(?:_Preview|_Display|_SVG|_CHTML)?|MJX_Assistive_MathML|MJXc-display)\b")
MATH_IMAGE = re.compile(r"math|latex|\btex\b|equation|formula", re.IGNORECASE)
DELIMITERS = re.compile(r"^\s*(?:\$\$?|\\\(|\\\[)(.*?)(?:\$\$?|\\\)|\\\])\s*$", re.DOTALL)


def read_html(path: str, text: str) -> Document:
    """The document of an HTML page.

    Raises:
        DocumentError: if tags are opened and not closed hundreds of times in a row, which is no page.
    """
    if max(piece.count("<") for piece in text.split(">")) > UNCLOSED:  # html.parser is quadratic in these
        raise DocumentError(f"{path}: not HTML: more than {UNCLOSED} tags are opened without a closing >")
    page = _Page(text)
    page.feed(text)
    page.close()
    derived = "".join(page.characters)
    found = (*page.found, *scan(derived, GRAMMAR, page.blocked))
    parts = Parts(found=found, headings=tuple(page.headings), blocked=tuple(page.code))
    return assemble(path, text, parts, str, Derived(derived, page.origins))


class _Element(NamedTuple):
    """An open element: what it is for us, where its text begins, whether it sets formulas apart."""

    tag: str
    part: str
    start: int
    display: bool


class _Page(HTMLParser):
    """Gathers the text of a page with the origin of every character."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.source, self.starts = source, line_starts(source.replace("\r", " "))
        self.characters: list[str] = []
        self.origins: list[int] = []
        self.found: list[Found] = []
        self.blocked: list[Region] = []
        self.code: list[Region] = []
        self.headings: list[Heading] = []
        self._open: list[_Element] = []

    # -- events

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._space(tag)
        if tag == "img":
            self._image(given)
        if tag not in VOID:
            self._open.append(_Element(tag, _part(tag, given), len(self.characters), _is_display(given)))

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self._open):
            return
        closed = ""
        while closed != tag:
            element = self._open[-1]
            self._close(element)
            self._open.pop()
            closed = element.tag
        self._space(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden():
            self._write(data, verbatim=True)

    def handle_entityref(self, name: str) -> None:
        self._entity(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._entity(f"&#{name}")

    # -- parts

    def _entity(self, written: str) -> None:
        if not self._hidden():
            offset = self._offset()
            closed = self.source.startswith(";", offset + len(written))
            self._write(unescape(written + ";" * closed))

    def _close(self, element: _Element) -> None:
        start, end = element.start, len(self.characters)
        content = "".join(self.characters[start:end])
        if element.part == "formula" and content.strip():
            self._formula(start, end, display=any(element.display for element in self._open))
        elif element.part == "code":
            self.blocked.append((start, end))
            self.code.append((start, end))
        elif element.part == "heading":
            title = " ".join(content.split())
            self.headings.append(Heading(level=int(element.tag[1]), title=title, start=start, end=end))

    def _space(self, tag: str) -> None:
        """Elements that are no phrasing part the text; a line break ends a line."""
        if not PHRASING.fullmatch(tag) and not MATHML.fullmatch(tag):
            self._write("\n" if tag == "br" else "\n\n")

    def _image(self, given: dict[str, str]) -> None:
        alt = given.get("alt", "")
        delimited = DELIMITERS.match(alt)
        named = MATH_IMAGE.search(given.get("class", "") + " " + given.get("src", "").rpartition("?")[0])
        latex = delimited[1] if delimited else alt if named and looks_like_math(alt) else ""
        if not latex.strip() or self._hidden() or self._just_found(latex):
            return
        start = len(self.characters)
        raw = self.source.find(latex, self._offset())
        for index, character in enumerate(latex):
            self.characters.append(character)
            self.origins.append(raw + index if 0 <= raw < self._offset() + 10_000 else self._offset())
        display = alt.lstrip().startswith(("$$", "\\[")) or "display" in given.get("class", "")
        self._formula(start, len(self.characters), display=display)

    def _formula(self, start: int, end: int, *, display: bool) -> None:
        text = "".join(self.characters[start:end])
        wrapped = re.fullmatch(r"\s*\{\\displaystyle\b(.*)\}\s*", text, re.DOTALL)
        content = trimmed(text, *(wrapped.span(1) if wrapped else (0, len(text))), 0, len(text), display=display)
        self.found.extend(Parts(found=(content,)).shifted(start).found)
        self.blocked.append((start, end))

    def _just_found(self, latex: str) -> bool:
        """Whether the image repeats the annotation before it, as Wikipedia's fallback images do."""
        if not self.found:
            return False
        last = self.found[-1]
        between = "".join(self.characters[last.outer_end :]).strip()
        return not between and "".join(self.characters[last.start : last.end]).strip() in latex

    def _hidden(self) -> bool:
        """Whether text here is not the page's own: inside a rendered formula and not in its annotation."""
        hidden = False
        for element in self._open:
            hidden = element.part == "rendered" or (hidden and element.part != "formula")
        return hidden

    def _offset(self) -> int:
        line, column = self.getpos()
        return self.starts[line - 1] + column

    def _write(self, text: str, *, verbatim: bool = False) -> None:
        offset = self._offset()
        for index, character in enumerate(text):
            self.characters.append(character)
            self.origins.append(offset + index if verbatim else offset)


def _part(tag: str, given: dict[str, str]) -> str:
    """What an element is for us: formula, code, heading, rendered mathematics, or nothing special."""
    classes = given.get("class", "")
    if tag == "script" and given.get("type", "").startswith(("math/tex", "math/latex")):
        return "formula"
    if tag == "annotation":
        return "formula" if given.get("encoding") in ("application/x-tex", "TeX", "application/x-latex") else "rendered"
    if tag == "code" and "language-math" in classes:
        return "formula"
    if tag == "math" or RENDERED.search(classes):
        return "rendered"
    if tag in CODE:
        return "code"
    return "heading" if re.fullmatch(r"h[1-6]", tag) else ""


def _is_display(given: dict[str, str]) -> bool:
    """Whether an element sets the formulas in it apart."""
    marked = "katex-display" in given.get("class", "") or "math-display" in given.get("class", "")
    script = "mode=display" in given.get("type", "").replace(" ", "")
    return marked or script or "display" in given.get("data-math-style", "") or given.get("display") == "block"


GRAMMAR: Grammar = MappingProxyType(
    {
        "\\": (
            between(r"\[", r"\]", display=True, accept=looks_like_math),
            between(r"\(", r"\)", display=False, accept=looks_like_math),
            environment(),
            skip(r"\\[\\$]"),
        ),
        "$": (between("$$", "$$", display=True), dollars(plausible_dollars), skip(r"\$+")),
    }
)
