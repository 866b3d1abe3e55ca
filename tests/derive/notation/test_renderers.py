"""Laws over the table of symbols, and what each output language makes of a layout."""

from __future__ import annotations

import re

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from derive.notation.layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Lines, Root, Row, Script, Words
from derive.notation.quote import quote
from derive.notation.renderers import LayoutError, to_latex, to_text, to_typst
from derive.notation.renderers.symbols import ALIASES, BRACKETS, MARKS, SYMBOLS, Kind, Mark, Symbol

X, J = Atom("x"), Atom("j")
_HEADS = [symbol for symbol in SYMBOLS if symbol.kind in (Kind.BIG, Kind.FUNCTION)]
_INNER = [symbol for symbol in SYMBOLS if symbol.kind not in (Kind.BIG, Kind.FUNCTION, Kind.BRACKET)]


def compiles(formulas: list[str]) -> None:
    """One document with every formula, no error and no warning such as a deprecated symbol."""
    source = "\n".join(f"$ {formula} $" for formula in formulas)
    _, warnings = typst.compile_with_warnings(source.encode(), format="svg")
    assert not warnings, warnings


def test_every_symbol_has_one_row_and_three_spellings() -> None:
    assert len({symbol.latex for symbol in SYMBOLS}) == len(SYMBOLS)
    assert all(symbol.latex and symbol.typst and symbol.text for symbol in SYMBOLS)
    assert set(ALIASES.values()) <= {symbol.latex for symbol in SYMBOLS}
    assert not set(ALIASES) & {symbol.latex for symbol in SYMBOLS}


def test_every_symbol_compiles_in_typst() -> None:
    compiles([f"a {symbol.typst} b" for symbol in SYMBOLS])
    compiles([to_typst(Accent(mark.name, X)) for mark in MARKS])
    compiles([to_typst(Fenced(b.name, X, b.name)) for b in BRACKETS if b.name])


@pytest.mark.parametrize("symbol", _INNER, ids=lambda symbol: symbol.latex)
def test_symbol_is_read_back_from_its_latex(symbol: Symbol) -> None:
    layout = Row((X, Atom(symbol.latex), Atom("y")))
    assert quote(to_latex(layout)) == layout


@pytest.mark.parametrize("symbol", _HEADS, ids=lambda symbol: symbol.latex)
def test_operator_is_read_back_with_its_limits_and_body(symbol: Symbol) -> None:
    layout = BigOp(symbol.latex, J, Atom("n"), X)
    assert quote(to_latex(layout)) == layout
    compiles([to_typst(layout)])


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.name)
def test_mark_is_read_back(mark: Mark) -> None:
    layout = Accent(mark.name, X)
    assert quote(to_latex(layout)) == layout
    assert "x" in to_text(Accent(mark.name, X)) or len(to_text(layout)) == 1


@pytest.mark.parametrize("alias", sorted(ALIASES))
def test_alias_is_read_as_its_symbol(alias: str) -> None:
    body = quote(f"x {alias} y")
    assert body is not None
    assert to_latex(body) == to_latex(Row((X, Atom(ALIASES[alias]), Atom("y"))))


CASES: tuple[tuple[Layout, str, str, str], ...] = (
    (Row((Atom("-"), X, Atom("-"), Atom("1"))), "-x - 1", "-x - 1", "−x − 1"),
    (Row((X, Atom("="), Atom("-"), J)), "x = -j", "x = -j", "x = −j"),
    (Script(X, J, Fenced("(", Atom("s"), ")")), "x^{(s)}_{j}", r"x^(\(s\))_(j)", "x^(s)_j"),
    (Script(X, Row((J, Atom(","), Atom("k"))), Atom("2")), "x_{j,k}^{2}", r"x_(j\,k)^(2)", "x_j,k²"),
    (Script(X, Row((J, Atom("-"), Atom("1")))), "x_{j-1}", "x_(j-1)", "x_{j−1}"),
    (Script(X, None, Atom(r"\prime")), "x'", "x^(prime)", "x′"),
    (Script(X, None, Row((Atom("-"), Atom("1")))), "x^{-1}", "x^(-1)", "x⁻¹"),
    (Script(Accent("bold", Atom("X")), None, Atom(r"\top")), r"\mathbf{X}^{\top}", "upright(bold(X))^(top)", "Xᵀ"),
    (Accent("bold", Atom(r"\theta")), r"\boldsymbol{\theta}", "bold(theta)", "θ"),
    (Accent("hat", Atom("y")), r"\hat{y}", "hat(y)", "ŷ"),
    (Accent("blackboard", Atom("R")), r"\mathbb{R}", "bb(R)", "ℝ"),
    (Frac(Row((X, Atom("+"), J)), Row((Atom("2"), X))), r"\frac{x + j}{2 x}", "frac(x + j, 2 x)", "(x + j)/(2 x)"),
    (Frac(Row((X, Atom(","), J)), J), r"\frac{x, j}{j}", r"frac(x\, j, j)", "(x, j)/j"),
    (Fenced("(", Frac(X, J), ")"), r"\left( \frac{x}{j} \right)", r"lr(\( frac(x, j) \))", "(x/j)"),
    (Fenced("{", X, ""), r"\left\{ x \right.", r"lr(\{ x )", "{x"),
    (BigOp(r"\sigma", None, None, Fenced("(", X, ")")), r"\sigma(x)", r"sigma \(x\)", "σ(x)"),
    (BigOp(r"\log", None, None, X), r"\log x", "log x", "log x"),
    (
        BigOp(r"\sum", Row((J, Atom("="), Atom("0"))), Script(Atom("m"), X), X),
        r"\sum_{j=0}^{m_{x}} x",
        "sum_(j=0)^(m_(x)) x",
        "Σ_{j=0}^{m_x} x",
    ),
    (BigOp(r"\operatorname{softmax}", None, None, X), r"\operatorname{softmax} x", 'op("softmax") x', "softmax x"),
    (Root(X, Atom("3")), r"\sqrt[3]{x}", "root(3, x)", "³√x"),
    (Words('a "b" #c'), r'\text{a "b" \#c}', r'"a \"b\" #c"', 'a "b" #c'),
    (Words("LL"), r"\mathrm{LL}", "upright(L L)", "LL"),
    (
        Lines("cases", ((X, Row((X, Atom(">"), Atom("0")))), (Atom("0"), Words("otherwise")))),
        r"\begin{cases} x & x > 0 \\ 0 & \mathrm{otherwise} \end{cases}",
        "cases(x & quad x > 0, 0 & quad upright(o t h e r w i s e))",
        "{ x if x > 0; 0 otherwise",
    ),
    (
        Lines("aligned", ((X, Row((Atom("="), J))), (Row(()), Row((Atom("="), Atom("2")))))),
        r"\begin{aligned} x & = j \\  & = 2 \end{aligned}",
        r"x & = j \  & = 2",
        "x = j; = 2",
    ),
    (
        Lines("matrix", ((X, J), (J, X))),
        r"\begin{bmatrix} x & j \\ j & x \end{bmatrix}",
        'mat(delim: "[", x, j; j, x)',
        "[x, j; j, x]",
    ),
)


@pytest.mark.parametrize(("layout", "latex", "source", "text"), CASES, ids=[case[1] for case in CASES])
def test_layout_in_each_language(layout: Layout, latex: str, source: str, text: str) -> None:
    assert (to_latex(layout), to_typst(layout), to_text(layout)) == (latex, source, text)
    compiles([source])


@pytest.mark.parametrize("layout", [Atom(r"\unknown"), Accent("wavy", X), Fenced("<<", X, ")"), Atom("")])
def test_what_has_no_row_is_named(layout: Layout) -> None:
    for render in (to_latex, to_typst, to_text):
        with pytest.raises(LayoutError, match=r"expected"):
            render(layout)


_atoms: st.SearchStrategy[Layout] = st.sampled_from(
    [Atom(s.latex) for s in _INNER] + [Atom("x"), Atom("12"), Atom("0.5"), Words("LL")]
)
_OPENING = st.sampled_from([b.name for b in BRACKETS])


def _grow(inner: st.SearchStrategy[Layout]) -> st.SearchStrategy[Layout]:
    optional = st.none() | inner
    return st.one_of(
        st.lists(inner, max_size=4).map(lambda items: Row(tuple(items))),
        st.builds(Frac, inner, inner),
        st.builds(Script, inner, optional, optional),
        st.builds(Accent, st.sampled_from([mark.name for mark in MARKS]), inner),
        st.builds(Fenced, _OPENING, inner, _OPENING),
        st.builds(
            BigOp, st.sampled_from([s.latex for s in _HEADS] + [r"\operatorname{softmax}"]), optional, optional, inner
        ),
        st.builds(Root, inner, optional),
        st.builds(lambda a, b: Lines("cases", ((a, b),)), inner, inner),
        st.builds(lambda a, b: Lines("matrix", ((a, b), (b, a))), inner, inner),
    )


layouts: st.SearchStrategy[Layout] = st.recursive(_atoms, _grow, max_leaves=12)


@settings(max_examples=150, deadline=None)
@example(Root(Row((Atom(r"\cup"), Atom(":"))), None))  # a name and a colon would be a named argument
@given(layouts)
def test_any_layout_compiles_in_typst_and_has_balanced_latex(layout: Layout) -> None:
    compiles([to_typst(layout)])
    assert "\n" not in to_text(layout)
    latex = to_latex(layout)
    assert len(re.findall(r"(?<!\\){", latex)) == len(re.findall(r"(?<!\\)}", latex))
    assert len(re.findall(r"\\left(?![a-z])", latex)) == len(re.findall(r"\\right(?![a-z])", latex))
