"""Words made inert: whatever a string holds, each format shows it and none obeys it."""

from __future__ import annotations

import re
import unicodedata

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "`": r"\textasciigrave{}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{FIGURE DASH}": "--",
    "\N{EN DASH}": "--",
    "\N{EM DASH}": "---",
    "\N{LEFT DOUBLE QUOTATION MARK}": "``",
    "\N{RIGHT DOUBLE QUOTATION MARK}": "''",
    "\N{LEFT SINGLE QUOTATION MARK}": "`",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{HORIZONTAL ELLIPSIS}": r"\dots{}",
    "\ufeff": "{}",  # between two characters that fonts would join
    "\ue001": r"\allowbreak{}",  # inside a word that no line can hold
}
_SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
    "phi chi psi omega"
)
_LARGE = "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
_SIGNS = (
    "partial nabla sum prod int surd infty in notin le ge neq approx equiv sim propto rightarrow leftarrow "
    "leftrightarrow Rightarrow Leftarrow Leftrightarrow mapsto - times cdot cdot odot otimes circ pm forall exists "
    "emptyset subset subseteq cup cap ell prime checkmark Vert star square blacksquare coloneqq"
)
_LATEX_MATH = {
    **dict(zip("αβγδεζηθικλμνξπρστυφχψω", _SMALL.split(), strict=True)),
    **dict(zip("ΓΔΘΛΞΠΣΦΨΩ", _LARGE.split(), strict=True)),
    **dict(zip("∂∇∑∏∫√∞∈∉≤≥≠≈≡∼∝→←↔⇒⇐⇔↦−×·⋅⊙⊗∘±∀∃∅⊂⊆∪∩ℓ′✓‖★□∎≔", _SIGNS.split(), strict=True)),
    **dict(zip("ℝℕℤℚℂ", (rf"mathbb{{{c}}}" for c in "RNZQC"), strict=True)),
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", (f"^{c}" for c in "0123456789"), strict=True)),
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", (f"_{c}" for c in "0123456789"), strict=True)),
    "ŷ": r"hat{y}",
}
_SPACE = {" ": r"\ ", "\t": r"\ \ \ \ "}
_NOT_IN_T1 = "¤¦ª¬º¼½¾ĦħĨĩŊŌōŦŧŨũŪūŬŭŲųŎŏŐĀāĒēĔĕĪīĬĭĈĉĊċĜĝĠġĢĤĥĴĵĶķĸĿŀļĻŅņŉŖŗŜŝŤŴŵŶŷ"
_LIGATURES = re.compile(r"([-<>,'?!])(?=[-<>,'`])")
_LONG_WORD = re.compile(r"\S{48,}")
_TYPST = re.compile(r"([\\#$*_`<>@\[\]=\-+/~'\"{}.:])")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$&^])")


def one_line(text: str) -> str:
    """Runs of white space as one space, control characters dropped."""
    spaced = re.sub(r"[ \t\r\n\f\v\u2028\u2029\x85]+", " ", text)
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs"))


def printable(text: str) -> str:
    """The text with line ends and tabs, but without other control characters and lone surrogates."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def latex_text(text: str) -> str:
    """Running text for pdflatex; a character that it has no glyph for becomes its code point, `U+4E2D`."""
    broken = _LONG_WORD.sub(lambda word: "\ue001".join(word.group()), one_line(text))
    return "".join(map(_latex_character, _LIGATURES.sub("\\1\ufeff", broken)))


def latex_code(text: str) -> str:
    """Typewriter text for pdflatex, every space kept."""
    words = re.split(r"([ \t])", text)
    kept = "".join(_SPACE.get(word, "") or latex_text(word) for word in words)
    return kept.replace("'", r"\textquotesingle{}").replace('"', r"\textquotedbl{}")


def typst_text(text: str) -> str:
    """Markup in which every character that Typst could read as more than itself is escaped."""
    return _TYPST.sub(r"\\\1", one_line(text))


def typst_string(text: str) -> str:
    """A Typst string literal, quotes included; line ends are kept."""
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def markdown_text(text: str) -> str:
    """Running text for CommonMark: no mark, link, tag or formula survives in it."""
    return _MARKDOWN.sub(r"\\\1", one_line(text)).replace("\\&", "&amp;").replace("\\<", "&lt;")


def markdown_code(text: str) -> str:
    """A code span with more backticks around it than inside."""
    line = one_line(text)
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if "`" in line or not line.strip() else f"{fence}{line}{fence}"


def latex_math_words(text: str) -> str:
    """Words for upright text in a Markdown formula: letters, digits and a few signs; all others become spaces."""
    return "".join(c if c.isalnum() or c in " .,:;()[]/+-–=✓≈≔✗≠?★*'" else " " for c in one_line(text))


def _latex_character(character: str) -> str:
    if character in _LATEX:
        return _LATEX[character]
    if character in _LATEX_MATH:
        name = _LATEX_MATH[character]
        return f"$\\{name}$" if name[0].isalpha() else f"${name}$" if name == "-" else f"${{}}{name}$"
    if character.isascii() or _in_latin(character):
        return character
    return f"[U+{ord(character):04X}]"


def _in_latin(character: str) -> bool:
    """Whether T1 fonts with utf8 input have the letter: Latin-1 and Latin Extended-A, but for a few."""
    return "\xa1" <= character <= "\u017e" and character not in _NOT_IN_T1
