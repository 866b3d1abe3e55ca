"""Reading the author's macros, and formulas that use them."""

from __future__ import annotations

import re

import pytest

from derive.notation.nodes import children
from derive.notation.parser import Macro, ReadError, parse, read_macros
from derive.notation.syntax import Node, Sym

PREAMBLE = r"""
\newcommand{\vx}{\mathbf{x}}
\newcommand\half{\frac12}
\renewcommand{\vec}[1]{\mathbf{#1}}
\newcommand{\deriv}[3][\partial]{\frac{#1 #2}{#1 #3}}
\def\pair#1#2{(#1, #2)}
\DeclareMathOperator{\soft}{softmax}
\DeclareMathOperator*{\best}{arg\,max}
\DeclarePairedDelimiter{\size}{\lvert}{\rvert}
\providecommand{\vx}{\mathbf{z}}
\let\eps\varepsilon
\newcommand{\named}[1]{\text{#1 loss}}
\newcommand{\broken}[1
"""


def shape(latex: str, macros: dict[str, Macro] | None = None) -> str:
    """The trees without their spans."""
    return re.sub(r"span=\(\d+, \d+\)", "", repr(parse(latex, macros or {})))


@pytest.mark.parametrize(
    ("used", "written_out"),
    [
        (r"\vx^\top \vx", r"\mathbf{x}^\top \mathbf{x}"),
        (r"\half x", r"\frac12 x"),
        (r"\vec w_k", r"\mathbf{w}_k"),
        (r"\deriv{f}{u}", r"\frac{\partial f}{\partial u}"),
        (r"\deriv[d]{f}{u}", r"\frac{d f}{d u}"),
        (r"\pair a{b + c}", r"(a, b + c)"),
        (r"\soft(\vx)", r"\operatorname{softmax}(\mathbf{x})"),
        (r"\best_w f(w)", r"\operatorname*{argmax}_w f(w)"),
        (r"\size{\vx}", r"\left| \mathbf{x} \right|"),
        (r"\eps + \vec{\vx}", r"\varepsilon + \mathbf{\mathbf{x}}"),
        (r"\named{ridge}(w)", r"\text{ridge loss}(w)"),
    ],
)
def test_a_macro_reads_as_its_expansion(used: str, written_out: str) -> None:
    assert shape(used, read_macros(PREAMBLE)) == shape(written_out)


def test_definitions_inside_the_formula_count() -> None:
    assert shape(r"\newcommand{\q}{\mathbf{q}} \q + 1") == shape(r"\mathbf{q} + 1")


def test_names_in_arguments_keep_their_place() -> None:
    macros = read_macros(r"\newcommand{\mean}[1]{\mathbb{E}\left[#1\right]}")
    latex = r"a = \mean{u_k}"
    symbols = [node for node in _walk(parse(latex, macros)[0]) if isinstance(node, Sym)]
    found = {symbol.base: latex[slice(*symbol.span)] for symbol in symbols}
    assert found == {"a": "a", "E": r"\mean{u_k}", "u": "u_k", "k": "k"}


@pytest.mark.parametrize(
    ("definition", "use", "message"),
    [
        (r"\newcommand{\loop}{\loop x}", r"\loop", r"macro \loop expands without end"),
        (r"\newcommand{\two}[2]{#1 #2}", r"\two{a}", r"missing argument of macro \two"),
        (r"\newcommand{\two}[2]{#1 #2}", r"\two{a}{b", r"unbalanced { after \two"),
        (r"\newcommand{\one}[1]{#1 #2}", r"\one{a}", r"macro \one uses #2 but takes 1 arguments"),
        (r"\newcommand{\w}{\text}", r"\w", r"in macro \w: missing argument of \text"),
        (r"\newcommand{\u}{\nowhere}", r"a + \u", r"unknown macro \nowhere"),
    ],
)
def test_errors_name_the_macro(definition: str, use: str, message: str) -> None:
    with pytest.raises(ReadError) as caught:
        parse(use, read_macros(definition))
    assert caught.value.message == message
    assert caught.value.position <= len(use)


def test_doubling_macros_stay_bounded() -> None:
    doubling = {chr(97 + n): Macro(name=chr(97 + n), body=f"\\{chr(98 + n)} " * 2) for n in range(20)}
    with pytest.raises(ReadError, match="expand to more than"):
        parse(r"\a", {**doubling, "u": Macro(name="u", body="x")})


def _walk(node: Node) -> list[Node]:
    return [node, *(below for child in children(node) for below in _walk(child))]
