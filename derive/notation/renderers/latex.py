"""Layout to LaTeX that amsmath, KaTeX and MathJax can set."""

from __future__ import annotations

from ..layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Lines, Root, Row, Script, Words
from .spacing import bracket_of, flat, is_application, is_label, joined, mark_of, symbol_of, tall
from .symbols import Kind

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "{}$&#_%"},
    }
)
_ENVIRONMENTS = {"aligned": "aligned", "cases": "cases", "matrix": "bmatrix"}


def to_latex(layout: Layout) -> str:
    """The formula as LaTeX, to stand between dollar signs or in a display.

    Raises:
        LayoutError: if a symbol has no row in `symbols.py`.
    """
    return _set(layout)


def _set(node: Layout, compact: bool = False) -> str:
    match node:
        case Atom(latex):
            return symbol_of(latex).latex
        case Words(text):
            return _words(text)
        case Row(items):
            return joined(
                flat(items), lambda item: _set(item, compact), compact=compact, sticks=is_application, apart=r" \, "
            )
        case Frac(above, below):
            return rf"\frac{{{_set(above)}}}{{{_set(below)}}}"
        case Script(base, sub, sup):
            return _base(base) + _scripts(sub, sup)
        case Accent(mark, base):
            return _accent(mark, base)
        case Fenced(opening, body, closing):
            return _fenced(opening, body, closing, compact)
        case BigOp(latex, below, above, body):
            head = symbol_of(latex).latex + _scripts(below, above)
            inner = _set(body, compact)
            tight = is_application(Words(""), body) and symbol_of(latex).kind is not Kind.BIG
            glue = "" if tight or not inner else " "
            return head + glue + inner
        case Root(body, degree):
            return (rf"\sqrt[{_set(degree, True)}]" if degree else r"\sqrt") + f"{{{_set(body)}}}"
        case Lines(style, rows):
            return _lines(style, rows)


def _words(text: str) -> str:
    plain = text.translate(_ESCAPES)
    return rf"\mathrm{{{plain}}}" if text.isalnum() else rf"\text{{{plain}}}"


def _base(base: Layout) -> str:
    """What scripts hang on; braces keep several symbols together, or scripts apart."""
    text = _set(base)
    single = isinstance(base, Atom | Words | Accent | Fenced)
    bracketed = isinstance(base, BigOp) and isinstance(base.body, Fenced)
    return text if single or bracketed else f"{{{text}}}"


def _scripts(sub: Layout | None, sup: Layout | None) -> str:
    """Labels such as `^{(h)}` before the subscript, powers after it."""
    below = f"_{{{_set(sub, True)}}}" if sub is not None else ""
    above = f"^{{{_set(sup, True)}}}" if sup is not None else ""
    primes = flat((sup,)) if sup is not None else ()
    if primes and all(item == Atom(r"\prime") for item in primes):
        return "'" * len(primes) + below
    return above + below if is_label(sup) else below + above


def _accent(mark: str, base: Layout) -> str:
    command = mark_of(mark).latex
    if mark == "bold" and not _is_latin(base):
        command = r"\boldsymbol"
    return f"{command}{{{_set(base)}}}"


def _is_latin(base: Layout) -> bool:
    return isinstance(base, Words) or (isinstance(base, Atom) and not base.latex.startswith("\\"))


def _fenced(opening: str, body: Layout, closing: str, compact: bool) -> str:
    left, right = bracket_of(opening).opening, bracket_of(closing).closing
    inner = _set(body, compact)
    if tall(body) or not (opening and closing):
        return rf"\left{left} {inner} \right{right}"
    spaced = left[-1].isalpha() or right[-1].isalpha()
    return f"{left} {inner} {right}" if spaced else left + inner + right


def _lines(style: str, rows: tuple[tuple[Layout, ...], ...]) -> str:
    name = _ENVIRONMENTS[style]
    body = r" \\ ".join(" & ".join(map(_set, row)) for row in rows)
    return rf"\begin{{{name}}} {body} \end{{{name}}}"
