"""Typical formulas as a textbook sets them, read and approved one by one; the same in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typst
from sympy import (
    Abs,
    And,
    Basic,
    Determinant,
    Float,
    Function,
    Gt,
    HadamardProduct,
    Identity,
    ImmutableDenseMatrix,
    Integral,
    Inverse,
    KroneckerDelta,
    MatrixSymbol,
    Max,
    Min,
    OneMatrix,
    Piecewise,
    Rational,
    Trace,
    exp,
    floor,
    log,
    oo,
    sqrt,
)

from derive.notation.layout import Layout
from derive.notation.names import default_latex
from derive.notation.printer import Names, PrintError, chain, entry, equation, layout, relation
from derive.notation.quote import quote
from derive.notation.renderers import to_latex, to_text, to_typst
from derive.quantities import Quantity
from derive.rows.functions import FUNCTIONS, Unary, function, sigmoid, softplus, tanh
from derive.vocabulary import Inside, Partial, index, product, scalar, size, tensor, total

NAMES = Names(
    {
        "theta_h": (r"\theta^{(h)}", False),
        "theta_yhat": (r"\theta^{(\hat{y})}", False),
        "yhat": (r"\hat{y}", False),
        "LL": (r"\mathrm{LL}", False),
        "xs": ("x", True),
        "ys": ("y", True),
        "yhats": (r"\hat{y}", True),
        "theta_s": (r"\theta^{(h)}", True),
    },
    {"m_x": "m_x"},
    ("theta_yhat", "h", "x", "theta_h"),
)
m_x, m_h, n, N_K = map(size, ("m_x", "m_h", "n", "K"))
i, j, s = index("i", 0, m_x), index("j", 0, m_h), index("s", 1, n)
k, c, t = index("k", 1, N_K), index("c", 1, N_K), index("t", 1, n)
y, yhat, LL, z, lam, mu, sg, b = map(scalar, ("y", "yhat", "LL", "z", "lambda", "mu", "sigma", "b"))
x, h, th, ty, w, p = map(tensor, ("x", "h", "theta_h", "theta_yhat", "w", "p"))
xs, ys, yhats, ths = map(tensor, ("xs", "ys", "yhats", "theta_s"))
X, T, Y = MatrixSymbol("X", n, m_x), MatrixSymbol("theta", m_x, 1), MatrixSymbol("y", n, 1)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("W_1", n, n)


class Gate(Function):
    """A row's function as any row may define it, of two arguments."""

    nargs = 2
    row = type("GateRow", (), {"name": "gate", "latex": r"\mathrm{gate}"})()


SCALARS: tuple[tuple[Basic, str], ...] = (
    (y - yhat, r"y - \hat{y}"),
    (yhat - y, r"\hat{y} - y"),
    (1 - y, "1 - y"),
    (-y - yhat, r"-y - \hat{y}"),
    (h[j] - h[j] ** 2, r"h_{j} - h_{j}^{2}"),
    (2 * z - 3 + z**2, "z^{2} + 2 z - 3"),
    (1 + exp(-z), "1 + e^{-z}"),
    (y * log(yhat) + (1 - y) * log(1 - yhat), r"y \log \hat{y} + (1 - y) \log(1 - \hat{y})"),
    (y / yhat - (1 - y) / (1 - yhat), r"\frac{y}{\hat{y}} - \frac{1 - y}{1 - \hat{y}}"),
    (y / yhat + (y - 1) / (1 - yhat), r"\frac{y}{\hat{y}} - \frac{1 - y}{1 - \hat{y}}"),
    (yhat * (1 - yhat) * h[j], r"\hat{y} (1 - \hat{y}) h_{j}"),
    (
        (y - yhat) * ty[j] * h[j] * (1 - h[j]) * x[i],
        r"(y - \hat{y}) \theta^{(\hat{y})}_{j} h_{j} (1 - h_{j}) x_{i}",
    ),
    (-2 * (y - yhat) * x[i], r"2(\hat{y} - y) x_{i}"),
    (sigmoid(z) * (1 - sigmoid(z)) * x[i], r"\sigma(z)(1 - \sigma(z)) x_{i}"),
    (1 - tanh(z) ** 2, r"1 - \tanh(z)^{2}"),
    (softplus(z) * z, r"z \operatorname{softplus}(z)"),
    (Gate(z, y), r"\operatorname{gate}(z, y)"),
    (Function("f")(z), "f(z)"),
    (Function("leaky_relu")(z), r"\operatorname{leaky-relu}(z)"),
    (sigmoid(total(x[i] * th[i, j], i)), r"\sigma\left( \sum_{i=0}^{m_{x}} x_{i} \theta^{(h)}_{i,j} \right)"),
    (b + total(w[k] * p[k], k), r"b + \sum_{k=1}^{K} p_{k} w_{k}"),
    (LL + lam * total(w[k] ** 2, k) / 2, r"\mathrm{LL} + \frac{\lambda}{2} \sum_{k=1}^{K} w_{k}^{2}"),
    (
        total((ys[s] - yhats[s]) * xs[s, i], s) / n,
        r"\frac{1}{n} \sum_{s=1}^{n} (y^{(s)} - \hat{y}^{(s)}) x^{(s)}_{i}",
    ),
    (total(ys[s] + 1, s), r"\sum_{s=1}^{n} (1 + y^{(s)})"),
    (total(p[k] * w[c], k, c), r"\sum_{k=1}^{K} \sum_{c=1}^{K} p_{k} w_{c}"),
    (total(x[i], i) ** 2, r"\left( \sum_{i=0}^{m_{x}} x_{i} \right)^{2}"),
    (product(yhats[s] ** ys[s], s), r"\prod_{s=1}^{n} (\hat{y}^{(s)})^{y^{(s)}}"),
    (log(product(yhats[s], s)), r"\log \prod_{s=1}^{n} \hat{y}^{(s)}"),
    (exp(w[k]) / total(exp(w[c]), c), r"\frac{e^{w_{k}}}{\sum_{c=1}^{K} e^{w_{c}}}"),
    (p[k] * (KroneckerDelta(k, c) - p[c]), r"p_{k} (\delta_{c,k} - p_{c})"),
    (x[i] * Inside(i, 1, m_h), r"x_{i} [1 \le i \le m_{h}]"),
    (exp(-((z - mu) ** 2) / (2 * sg**2)), r"\exp\left( -\frac{(z - \mu)^{2}}{2 \sigma^{2}} \right)"),
    ((y - yhat) ** 2 / 2, r"\frac{1}{2} (y - \hat{y})^{2}"),
    (exp(-z) / (1 + exp(-z)) ** 2, r"\frac{e^{-z}}{(1 + e^{-z})^{2}}"),
    (sqrt(z) + 1 / sqrt(y) + z ** Rational(3, 2), r"\sqrt{z} + z^{3/2} + \frac{1}{\sqrt{y}}"),
    ((n - 1) / n + x[t - 1], r"x_{t-1} + \frac{n - 1}{n}"),
    (th[i, j] ** 2, r"(\theta^{(h)}_{i,j})^{2}"),
    (ths[s, i], r"\theta^{(h)(s)}_{i}"),
    (Abs(z - 1), r"\lvert z - 1 \rvert"),
    (floor(z / 2), r"\left\lfloor \frac{z}{2} \right\rfloor"),
    (Max(z, 0) - Min(y, z), r"\max(0, z) - \min(y, z)"),
    (Piecewise((z, z > 0), (0, True)), r"\begin{cases} z & z > 0 \\ 0 & \mathrm{otherwise} \end{cases}"),
    (And(Gt(z, 1), Gt(y, 0)), r"y > 0 \land z > 1"),
    (Float("1e-7") * z - 0.5, "10^{-7} z - 0.5"),
    (3 * Rational(1, 3) ** z, r"3 \cdot 3^{-z}"),
    (total(x[i], (i.func(i.label, (0, oo)))), r"\sum_{i=0}^{\infty} x_{i}"),
)

PARTIALS: tuple[tuple[Basic, str], ...] = (
    (Partial(LL, th[i, j]), r"\frac{\partial \mathrm{LL}}{\partial \theta^{(h)}_{i,j}}"),
    (
        Partial(h[j], th[i, j]) * Partial(LL, yhat) * Partial(yhat, h[j]),
        r"\frac{\partial \mathrm{LL}}{\partial \hat{y}} \, \frac{\partial \hat{y}}{\partial h_{j}}"
        r" \, \frac{\partial h_{j}}{\partial \theta^{(h)}_{i,j}}",
    ),
    (Partial(Partial(LL, z), z), r"\frac{\partial^{2} \mathrm{LL}}{\partial z^{2}}"),
    (Partial(Partial(LL, z), y), r"\frac{\partial^{2} \mathrm{LL}}{\partial y \partial z}"),
    (Partial(Partial(LL, th[i, j]), th[i, j]), r"\frac{\partial^{2} \mathrm{LL}}{\partial(\theta^{(h)}_{i,j})^{2}}"),
    (Partial(sigmoid(z), z), r"\frac{\partial \sigma(z)}{\partial z}"),
    (Partial(y * log(yhat), yhat), r"\frac{\partial}{\partial \hat{y}} [y \log \hat{y}]"),
    (Partial(1 / y, y) * z, r"z \frac{\partial}{\partial y} \left[ \frac{1}{y} \right]"),
)

MATRICES: tuple[tuple[Basic, str], ...] = (
    (X.T * (Y - X * T), r"\mathbf{X}^{\top} (\mathbf{y} - \mathbf{X} \boldsymbol{\theta})"),
    (
        Inverse(X.T * X + lam * Identity(m_x)) * X.T * Y,
        r"(\mathbf{X}^{\top} \mathbf{X} + \lambda \mathbf{I})^{-1} \mathbf{X}^{\top} \mathbf{y}",
    ),
    (HadamardProduct(A, OneMatrix(n, n) - A), r"\mathbf{A} \odot (\mathbf{1} - \mathbf{A})"),
    (HadamardProduct(A, B) * A, r"(\mathbf{A} \odot \mathbf{W}_{1}) \mathbf{A}"),
    (HadamardProduct(A * B, B), r"(\mathbf{A} \mathbf{W}_{1}) \odot \mathbf{W}_{1}"),
    (A.applyfunc(sigmoid) - B, r"\sigma(\mathbf{A}) - \mathbf{W}_{1}"),
    (A.applyfunc(lambda v: v**2), r"(z \mapsto z^{2})(\mathbf{A})"),
    (-2 * A * B - A, r"-2 \mathbf{A} \mathbf{W}_{1} - \mathbf{A}"),
    (Trace(A * B), r"\operatorname{tr}(\mathbf{A} \mathbf{W}_{1})"),
    (log(Determinant(A)), r"\log(\det(\mathbf{A}))"),
    (B[i, j], r"\mathbf{W}_{1,i,j}"),
    (A**3, r"\mathbf{A}^{3}"),
    (ImmutableDenseMatrix([[1, z], [z**2, 0]]), r"\begin{bmatrix} 1 & z \\ z^{2} & 0 \end{bmatrix}"),
)
ALL = (*SCALARS, *PARTIALS, *MATRICES)


@pytest.mark.parametrize(("expr", "latex"), ALL, ids=[latex for _, latex in ALL])
def test_expression_is_set_as_in_a_textbook(expr: Basic, latex: str) -> None:
    assert to_latex(layout(expr, NAMES)) == latex


@pytest.mark.parametrize("expr", [expr for expr, _ in ALL], ids=[latex for _, latex in ALL])
def test_latex_is_read_back_to_the_same_latex(expr: Basic) -> None:
    latex = to_latex(layout(expr, NAMES))
    quoted = quote(latex)
    assert quoted is not None and to_latex(quoted) == latex


def test_every_formula_compiles_in_typst() -> None:
    formulas = "\n".join(f"$ {to_typst(layout(expr, NAMES))} $" for expr, _ in ALL)
    _, warnings = typst.compile_with_warnings(formulas.encode(), format="svg")
    assert not warnings


def test_text_is_one_readable_line() -> None:
    claim = equation(Partial(LL, th[i, j]), (y - yhat) * ty[j] * h[j] * (1 - h[j]) * x[i], NAMES)
    assert to_text(claim) == "∂LL/∂θ^(h)_i,j = (y − ŷ) θ^(ŷ)_j h_j (1 − h_j) x_i"
    hidden = equation(h[j], sigmoid(total(x[i] * th[i, j], i)), NAMES)
    assert to_text(hidden) == "h_j = σ(Σ_{i=0}^{m_x} x_i θ^(h)_i,j)"
    assert to_text(layout(X.T * (Y - X * T))) == "Xᵀ (y − X θ)"


def test_relations_and_chains() -> None:
    assert to_latex(relation(z, r"\le", y)) == r"z \le y"
    assert to_latex(chain([z, y])) == "z = y"
    aligned = r"\begin{aligned} z & = y \\  & = 1 - b \end{aligned}"
    assert to_latex(chain([z, y, 1 - b])) == aligned
    assert to_latex(entry("theta_s", [s, i, j], NAMES)) == r"\theta^{(h)(s)}_{i,j}"


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)
def test_every_function_row_is_set_by_its_own_latex(row: Unary) -> None:
    shown = to_latex(layout(function(row)(z)))
    assert shown == f"{row.latex}(z)"


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", "x"),
        ("theta", r"\theta"),
        ("theta_h", r"\theta_{h}"),
        ("m_x", "m_{x}"),
        ("yhat", r"\hat{y}"),
        ("y_hat", r"\hat{y}"),
        ("theta_yhat", r"\theta_{\hat{y}}"),
        ("mubar_k", r"\bar{\mu}_{k}"),
        ("W1", "W_{1}"),
        ("i_12", "i_{12}"),
        ("LL", r"\mathrm{LL}"),
        ("loss_val", r"\mathrm{loss}_{\mathrm{val}}"),
        ("hat", r"\mathrm{hat}"),
        ("in", r"\mathrm{in}"),
        ("to", r"\mathrm{to}"),
        ("i'", "i'"),
        ("theta_h''", r"\theta''_{h}"),
    ],
)
def test_unknown_names_are_set_sensibly(name: str, latex: str) -> None:
    assert default_latex(name) == latex
    assert to_latex(quote(latex) or Layout.__args__[0]("")) == latex


def test_names_come_from_quantities() -> None:
    names = Names.of([Quantity(name="v", latex="v", axes=(s, i), sample_axis=True)], {"n": "N"}, ["v"])
    assert to_latex(layout(total(tensor("v")[s, i], s), names)) == r"\sum_{s=1}^{N} v^{(s)}_{i}"


def test_a_name_whose_latex_is_unknown_is_set_in_words() -> None:
    names = Names({"q": (r"\qmacro{x}", False)})
    assert "qmacro" in to_text(layout(scalar("q") ** 2, names))
    typst.compile(f"$ {to_typst(layout(scalar('q') ** 2, names))} $".encode(), format="svg")


def test_what_no_formula_has_is_refused_by_name() -> None:
    with pytest.raises(PrintError, match="Integral"):
        layout(Integral(z, z))


def test_the_same_in_every_process() -> None:
    """SymPy's own order of arguments follows the hash seed in places; what is printed must not."""
    code = (
        f"import importlib.util as u; s = u.spec_from_file_location('g', {__file__!r}); m = u.module_from_spec(s); "
        "s.loader.exec_module(m); print([m.to_latex(m.layout(e, m.NAMES)) for e, _ in m.ALL])"
    )
    root = Path(__file__).parents[3]
    shown = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert shown[0] == shown[1] == f"{[latex for _, latex in ALL]}\n"
