"""A stranger's LaTeX becomes a layout or nothing: no exception, no hang, no broken output."""

from __future__ import annotations

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.notation.quote import quote
from derive.notation.renderers import to_latex, to_text, to_typst

READ: tuple[tuple[str, str], ...] = (
    (
        r"\frac{\partial LL}{\partial\theta^{(h)}_{i,j}}=(y-\hat y)h_j(1-h_j)x_i",
        "∂LL/∂θ^(h)_i,j = (y − ŷ) h_j (1 − h_j) x_i",
    ),
    (r"\hat{y}=\sigma\left(\sum_{j=0}^{m_h}h_j\theta_j\right)", "ŷ = σ(Σ_{j=0}^{m_h} h_j θ_j)"),
    (r"P(Y=y|X=x)=\hat y^y(1-\hat y)^{1-y}", "P(Y = y | X = x) = ŷ^y (1 − ŷ)^(1−y)"),
    (r"\mathbf{X}^\top(\mathbf p-\mathbf{y})", "Xᵀ (p − y)"),
    (r"\underset{\theta}{\arg\max}\,LL(\theta)", "arg max_{θ} LL(θ)"),
    (r"\operatorname*{arg\,max}_\theta f", "argmax_{θ} f"),
    (r"f(x)=\begin{cases} x & \text{if } x>0 \\ 0 & \text{otherwise}\end{cases}", "f(x) = { x if x > 0; 0 otherwise"),
    (r"\begin{align*} a &= b \\ &= c \end{align*}", "a = b; = c"),
    (r"a &= b \\ &= c \\", "a = b; = c"),
    (r"|x| + \|w\|_2^2 \in [0, 1)", "|x| + ‖w‖_2² ∈ [0, 1)"),
    (r"]0, 1] % half-open", "]0, 1]"),
    (r"x_12 + x'_i", "x_1 2 + x_i′"),
    (r"\frac12 \sqrt[3]2", "1/2 ³√2"),
    (
        r"\mathcal{L}(\theta) := -\frac1n\sum_s \ell_s,\quad s=1,\dots,n \tag{3}",
        "L(θ) ≔ −1/n Σ_{s} ℓ_s,    s = 1, …, n",
    ),
    (r"\left.\frac{a}{b}\right|_{x=0}", "a/b|_{x=0}"),
    (r"\begin{bmatrix}1&0\\0&1\end{bmatrix}^{-1}", "[1, 0; 0, 1]⁻¹"),
    (r"\mathrm{softmax}(z)_k \ne \log_2 x", "softmax(z)_k ≠ log_{2} x"),
    ("", ""),
)

UNKNOWN = (
    r"\unknown{x}",
    r"\frac{1}",
    r"{x",
    r"x}",
    r"\left( x",
    r"x^a^b",
    r"\begin{cases} x",
    r"\begin{tikzpicture}x\end{tikzpicture}",
    r"\begin{cases}x\end{matrix}",
    r"\text{a $x$}",
    r"\text{\input{/etc/passwd}}",
    r"\input{/etc/passwd}",
    r"\def\x{x}",
    "x ^",
    "日",
    "#include",
    "x" * 9000,
)

ABUSIVE = (
    "{" * 3000,
    "(" * 3000,
    r"\hat" * 900,
    "x^" * 2000,
    r"\frac" * 800,
    r"\sum" * 900,
    "|" * 4000,
    "{" * 59 + "}" * 59,
)


def test_known_formulas_are_read() -> None:
    shown = [(latex, None if (layout := quote(latex)) is None else to_text(layout)) for latex, _ in READ]
    assert shown == list(READ)


@pytest.mark.parametrize("latex", [latex for latex, _ in READ])
def test_what_was_read_is_written_so_that_it_reads_the_same(latex: str) -> None:
    layout = quote(latex)
    assert layout is not None
    once = to_latex(layout)
    again = quote(once)
    assert again is not None and to_latex(again) == once


@pytest.mark.parametrize("latex", UNKNOWN, ids=lambda latex: latex[:20])
def test_what_is_unknown_is_not_guessed(latex: str) -> None:
    assert quote(latex) is None


@pytest.mark.parametrize("latex", ABUSIVE, ids=lambda latex: latex[:6])
def test_abuse_ends(latex: str) -> None:
    layout = quote(latex)
    assert layout is None or isinstance(to_text(layout) + to_typst(layout) + to_latex(layout), str)


_TOKENS = (
    r"x y 1 0 . + - = ( ) [ ] { } | \| ^ _ ' & \\ , \frac \hat \sqrt \sum \log \max \theta \mathbf \mathrm \left \right"
)
_TOKENS += (
    r" \operatorname \begin{cases} \end{cases} \text{if} \arg \underset \cdot / \{ \} ! \quad # $ % ~ \, \top \partial"
)
_sources = st.lists(st.sampled_from(_TOKENS.split()), max_size=14).map(" ".join)
_groups = st.recursive(
    st.sampled_from(["x", "2", r"\theta", "+", "-", "=", ",", "|", r"\log", r"\sum_i"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(" ".join),
        inner.map(lambda s: f"({s})"),
        inner.map(lambda s: f"x_{{{s}}}"),
        inner.map(lambda s: rf"\hat{{{s}}}^2"),
        st.builds(lambda a, b: rf"\frac{{{a}}}{{{b}}}", inner, inner),
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(_groups)
def test_what_is_quoted_reads_the_same_again(latex: str) -> None:
    layout = quote(latex)
    assert layout is not None
    written = quote(to_latex(layout))
    assert written is not None
    assert to_latex(written) == to_latex(layout)


@settings(max_examples=300, deadline=None)
@given(_sources | _groups)
def test_any_source_gives_nothing_or_what_compiles(latex: str) -> None:
    layout = quote(latex)
    if layout is not None:
        assert "\n" not in to_text(layout)
        assert quote(to_latex(layout)) is not None
        typst.compile(f"$ {to_typst(layout)} $".encode(), format="svg")
