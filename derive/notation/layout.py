"""Formulas as they are laid out on paper, independent of LaTeX, Typst or plain text.

SymPy expressions (`printer.py`) and quoted LaTeX (`quote.py`) become these nodes; `renderers/` turns the
nodes into each output language.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Atom:
    r"""One symbol or number, by its LaTeX command or character: `x`, `12`, `\theta`, `\odot`, `+`, `=`."""

    latex: str


@dataclass(frozen=True)
class Words:
    """Upright words inside a formula: `softmax`, `LL`, `where`."""

    text: str


@dataclass(frozen=True)
class Row:
    """Nodes side by side; the renderer spaces relations and operators."""

    items: tuple[Layout, ...]


@dataclass(frozen=True)
class Frac:
    """A fraction bar."""

    above: Layout
    below: Layout


@dataclass(frozen=True)
class Script:
    """A base with a subscript, a superscript or both."""

    base: Layout
    sub: Layout | None = None
    sup: Layout | None = None


@dataclass(frozen=True)
class Accent:
    """A mark over the base, or a font on it.

    Marks are `hat`, `bar`, `tilde`, `vec`, `dot`, `ddot`; fonts `bold`, `roman`, `italic`, `sans`, `blackboard`,
    `calligraphic`, `fraktur`. All of them are rows of `renderers/symbols.py`.
    """

    mark: str
    base: Layout


@dataclass(frozen=True)
class Fenced:
    """Brackets that grow: `opening` and `closing` are one of ( ) [ ] { } | ‖ ⟨ ⟩ ⌊ ⌋ ⌈ ⌉ or empty."""

    opening: str
    body: Layout
    closing: str


@dataclass(frozen=True)
class BigOp:
    r"""An operator with limits and the body it reaches over: Σ, Π, ∫, max, and functions, `\sigma(z)`, `\log x`.

    `latex` is a command, a letter or `\operatorname{name}`. A function in brackets has a `Fenced` body.
    """

    latex: str
    below: Layout | None
    above: Layout | None
    body: Layout


@dataclass(frozen=True)
class Root:
    """A square root, or the root of the given degree."""

    body: Layout
    degree: Layout | None = None


@dataclass(frozen=True)
class Lines:
    """Rows aligned at their columns: `aligned` (cells alternate right, left), `cases` or `matrix`."""

    style: str
    rows: tuple[tuple[Layout, ...], ...]


Layout = Atom | Words | Row | Frac | Script | Accent | Fenced | BigOp | Root | Lines
