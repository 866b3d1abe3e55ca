"""The second reader agrees with right readings, objects to wrong ones, and declines what it cannot judge."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Rational, exp, log

from derive.vocabulary import Partial, index, scalar, size, tensor, total
from verify.fragment import is_fragment, masked
from verify.secondreader import agree, agree_source, read_scalar

y, p, z, a, b = (scalar(name) for name in ("y", "p", "z", "a", "b"))
v: list[Any] = [scalar(f"v_{{{k}}}") for k in range(12)]
n = size("n")
i = index("i", 0, n - 1)
x, w = tensor("x"), tensor("w")


def sqrt(of: Any) -> Any:
    return of ** Rational(1, 2)


FRAGMENTS: tuple[tuple[str, Any], ...] = (
    (r"v_{1}\cdot (1-v_{1})", v[1] * (1 - v[1])),
    (r"\frac{1}{1+\exp(-v_{2})}", 1 / (1 + exp(-v[2]))),
    (r"v_{1}\cdot \ln(v_{2})-v_{3}", v[1] * log(v[2]) - v[3]),
    (r"-\frac{1}{2}\cdot (v_{1}-v_{2})^{2}", -((v[1] - v[2]) ** 2) / 2),
    (r"-v_{1}^{2}", -(v[1] ** 2)),
    (r"v_{1}^{v_{10}}", v[1] ** v[10]),
    (r"\sqrt{v_{1}^{2}+1}", sqrt(v[1] ** 2 + 1)),
    (r"0.5\cdot v_{1}", v[1] / 2),
    (r"v_{1}/v_{2}", v[1] / v[2]),
    (r"v_{1}-(-v_{2})", v[1] + v[2]),
    (r"2^{-1}", Rational(1, 2)),
    (r"\exp(v_{1})^{2}", exp(2 * v[1])),
)

OURS: tuple[Any, ...] = (
    p * (1 - p),
    y * log(p) + (1 - y) * log(1 - p),
    (p - y) / (p * (1 - p)),
    -y / p + (1 - y) / (1 - p),
    exp(-((z - a) ** 2) / (2 * b**2)) / sqrt(b),
    log(1 + exp(-z)),
    total(x[i] * w[i], i) * (1 - p) ** 2,
    Partial(y, p) * w[i] - x[i] / n,
    p**y * (1 - p) ** (1 - y),
    -Rational(3, 7) * x[0] ** 3,
    (a + b) ** -2 - 1 / sqrt(a),
    Integer(-4),
    log(a) ** 2 / 3,
)

# source, atoms as (written, meant), reading, whether the second reader agrees with it
SOURCES: tuple[tuple[str, list[tuple[str, Any]], Any, bool | None], ...] = (
    (r"\hat{y}(1-\hat{y})h_j", [(r"\hat{y}", p), ("h_j", a)], p * (1 - p) * a, True),
    (r"\hat{y}(1-\hat{y})h_j", [(r"\hat{y}", p), ("h_j", a)], p - p * a, False),
    (r"y \log \hat{y} + (1-y) \log(1-\hat{y})", [(r"\hat{y}", p), ("y", y)], y * log(p) + (1 - y) * log(1 - p), True),
    (r"y \log \hat{y} + (1-y) \log(1-\hat{y})", [(r"\hat{y}", p), ("y", y)], y * log(p) - (1 - y) * log(1 - p), False),
    (r"-\left[ y_i \log a_i + b \right]", [("y_i", y), ("a_i", a), ("b", b)], -(y * log(a) + b), True),
    (r"\frac12 (a-b)^2", [("a", a), ("b", b)], (a - b) ** 2 / 2, True),
    (r"\frac12 (a-b)^2", [("a", a), ("b", b)], (a - b) / 2, False),
    (r"\frac{1}{1+e^{-z}}", [("z", z)], 1 / (1 + exp(-z)), True),
    (r"e^{-\frac{(z-a)^2}{2b^2}}.", [("z", z), ("a", a), ("b", b)], exp(-((z - a) ** 2) / (2 * b**2)), True),
    (r"a \cdot b \times 3 - \sqrt{a}b", [("a", a), ("b", b)], 3 * a * b - sqrt(a) * b, True),
    (r"a^b c^{1-b}", [("a", a), ("b", b), ("c", p)], a**b * p ** (1 - b), True),
    (r"\log^2(a) - \exp\{b\}", [("a", a), ("b", b)], log(a) ** 2 - exp(b), True),
    (r"(a+b)\{a-b\}", [("a", a), ("b", b)], a**2 - b**2, True),
    (r"-a^2", [("a", a)], a**2, False),
    (r"a/b\,z", [("a", a), ("b", b), ("z", z)], a * z / b, True),
    (r"a/b\,z", [("a", a), ("b", b), ("z", z)], a / (b * z), False),
    (r"\log a \log b", [("a", a), ("b", b)], log(a) * log(b), True),
    (r"\log a (1-b)", [("a", a), ("b", b)], log(a) * (1 - b), None),
    (r"\sum_i x_i", [("x_i", x[i])], total(x[i], i), None),
    (r"a = b", [("a", a), ("b", b)], a, None),
    (r"a b)", [("a", a), ("b", b)], a * b, None),
    (r"\frac{a", [("a", a)], a, None),
    (r"9^{9^{9}} a", [("a", a)], a, None),
    (r"((((9^{60})^{60})^{60})^{60})a", [("a", a)], a, None),
)


def spans(source: str, written: list[tuple[str, Any]]) -> list[tuple[tuple[int, int], Any]]:
    """Every occurrence of each atom, as the first reader would report them, nested ones too."""
    return [
        ((start, start + len(text)), meant)
        for text, meant in written
        for start in range(len(source))
        if source.startswith(text, start) and not source[start - 1 : start].isalpha() and source[start - 1] != "\\"
    ]


@pytest.mark.parametrize(("latex", "expr"), FRAGMENTS)
def test_fragments_are_read(latex: str, expr: Any) -> None:
    assert read_scalar(latex) == expr


@pytest.mark.parametrize("expr", OURS)
def test_our_own_writing_is_read_back(expr: Any) -> None:
    assert agree(expr).agrees is True
    text, atoms = masked(expr)
    assert is_fragment(text)
    assert all(name in text for name in atoms)


@pytest.mark.parametrize(("source", "written", "expr", "wanted"), SOURCES)
def test_sources_are_judged(source: str, written: list[tuple[str, Any]], expr: Any, wanted: bool | None) -> None:
    judged = agree_source(source, expr, spans(source, written))
    assert judged.agrees is wanted, judged.reason
    assert judged.reason


def test_of_nested_atoms_the_outermost_counts() -> None:
    source = "h_j(1-h_j)"
    nested = [*spans(source, [("h_j", x[i]), ("j", b)])]
    assert agree_source(source, x[i] * (1 - x[i]), nested).agrees is True


REFUSED = (
    "v_{1}=2", "x", r"\sigma(v_{1})", "v_{1}!", r"\sum v_{1}", "99999999", "1" * 900, "(" * 30 + "v_{1}" + ")" * 30,
    "9^{9^{9}}", "((9^{99})^{99})^{99}", r"\operatorname{eye}(99)", "v_{1})(", "", "__import__('os')", "v_{1}v_{x}",
)  # fmt: skip


@pytest.mark.parametrize("latex", REFUSED)
def test_anything_else_never_reaches_the_library(latex: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable() -> None:
        raise AssertionError("the library was asked")

    monkeypatch.setattr("verify.secondreader._library", unreachable)
    assert read_scalar(latex) is None


def test_no_call_leaves_a_trace_for_the_next() -> None:
    import latex2sympy2

    latex2sympy2.latex2sympy("x_1 dz")
    latex2sympy2.var = {"v_{1}": Integer(3)}
    assert read_scalar("v_{1}") == v[1]


LEAVES = st.sampled_from([y, p, x[i], total(w[i], i), Integer(2), Rational(1, 3)])


def grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs: list[Callable[[Any, Any], Any]] = [
        lambda s, t: s + t,
        lambda s, t: s - t,
        lambda s, t: s * t,
        lambda s, t: s / (t + 3),
    ]
    return st.one_of(
        st.builds(lambda f, s, t: f(s, t), st.sampled_from(pairs), inner, inner),
        st.builds(lambda f, s: f(s), st.sampled_from([exp, lambda s: log(s + 5), lambda s: s**2, sqrt]), inner),
    )


@settings(max_examples=25, deadline=None)
@given(expr=st.recursive(LEAVES, grown, max_leaves=5))
def test_random_expressions_are_read_back_or_declined(expr: Expr) -> None:
    assert agree(expr).agrees is not False


WITHOUT_TYPING_IO = """
import sys, typing, warnings
warnings.simplefilter("error")
sys.modules.pop("typing.io", None)
if hasattr(typing, "io"):
    del typing.io
from verify.secondreader import read_scalar
print(read_scalar("v_{1}+1"))
"""


def test_the_library_loads_where_typing_io_is_gone() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", WITHOUT_TYPING_IO], cwd=root, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("v_{1} + 1", "")
