"""Products of vectors and matrices keep their order; a row times a column is a number; sums give up what stays."""

from __future__ import annotations

import pytest

from derive.notation.parser import parse
from verify.products.judging import agreed

TRUE = (
    (r"(\mathbf{A}\mathbf{B})^T", r"\mathbf{B}^T\mathbf{A}^T"),
    (r"\boldsymbol w^T \boldsymbol x", r"\boldsymbol x^T \boldsymbol w"),
    (
        r"\|\boldsymbol x - \boldsymbol y\|^2",
        r"\|\boldsymbol x\|_2^2 - 2\boldsymbol x^\top\boldsymbol y + \boldsymbol{y}^\top\boldsymbol y",
    ),
    (r"\sum_{i=1}^m \alpha_i \mathbf{W} \boldsymbol x_i", r"\mathbf{W}\sum_{j=1}^m \alpha_j\boldsymbol x_j"),
    (
        r"\sum_{j=1}^m (\boldsymbol x_j - \boldsymbol c)(\boldsymbol x_j - \boldsymbol c)^T",
        r"\sum_{j=1}^m \boldsymbol x_j \boldsymbol x_j^T - (\sum_{j=1}^m \boldsymbol x_j) \boldsymbol c^T"
        r" - \boldsymbol c \sum_{j=1}^m \boldsymbol x_j^T + \boldsymbol c \boldsymbol c^T \sum_{j=1}^m 1",
    ),
    (r"\operatorname{tr}(\mathbf{A}^T\mathbf{B})", r"\operatorname{tr}(\mathbf{B}\mathbf{A}^T)"),
    (r"\operatorname{tr}(\boldsymbol{x}\boldsymbol{y}^T)", r"\boldsymbol y^T\boldsymbol x"),
    (r"\mathbf{Z}(\mathbf{I}^T-\mathbf{W}^T)", r"\mathbf{Z}(\mathbf{I}-\mathbf{W})^T"),
    (r"\mathbf{A}\mathbf{A}^{-1}\boldsymbol{x}", r"\boldsymbol x"),
    (r"\sum_{i=1}^m \boldsymbol z_i^T\boldsymbol z_i", r"\sum_{i=1}^m \|\boldsymbol z_i\|^2"),
    (
        r"\sum_{i=1}^m\sum_{j=1}^m \alpha_i\alpha_j y_i y_j \boldsymbol x_i^T\boldsymbol x_j",
        r"(\sum_{i=1}^m \alpha_i y_i \boldsymbol x_i)^T\sum_{j=1}^m\alpha_jy_j\boldsymbol x_j",
    ),
    (r"x^T A y", r"y^T A^T x"),
    (r"\log(1+e^{-\boldsymbol w^T\boldsymbol x})", r"\log(1+e^{-\boldsymbol x^T\boldsymbol w})"),
    (r"\frac{\partial}{\partial \boldsymbol w} \boldsymbol w^T\boldsymbol x", r"\boldsymbol x"),
    (r"\nabla_{\mathbf{x}} \mathbf{x}^\top \mathbf{A} \mathbf{x}", r"(\mathbf{A}+\mathbf{A}^\top)\mathbf{x}"),
    (
        r"\frac{\partial \operatorname{tr}(\mathbf{W}^T\mathbf{S}\mathbf{W})}{\partial \mathbf{W}}",
        r"\mathbf{S}\mathbf{W}+\mathbf{S}^T\mathbf{W}",
    ),
    (
        r"\frac{\partial \boldsymbol{x}^T\mathbf{W}\boldsymbol{y}}{\partial \mathbf{W}}",
        r"\boldsymbol{x}\boldsymbol{y}^T",
    ),
    (
        r"\frac{\partial \boldsymbol{x}^T\mathbf{W}^T\boldsymbol{y}}{\partial \mathbf{W}}",
        r"\boldsymbol{y}\boldsymbol{x}^T",
    ),
    (r"\frac{\partial \mathbf{A}\boldsymbol{x}}{\partial \boldsymbol{x}^T}", r"\mathbf{A}"),
    (r"\frac{\partial \boldsymbol{x}^T\boldsymbol{a}}{\partial \boldsymbol{x}^T}", r"\boldsymbol{a}^T"),
    (
        r"\frac{\partial}{\partial \boldsymbol\beta} \sum_{i=1}^m \log(1+e^{\boldsymbol\beta^T\boldsymbol x_i})",
        r"\sum_{i=1}^m \frac{e^{\boldsymbol\beta^T\boldsymbol x_i}}{1"
        r"+e^{\boldsymbol\beta^T\boldsymbol x_i}}\boldsymbol x_i",
    ),
    (
        r"\nabla_{\boldsymbol w}\left(\frac12\|\boldsymbol w\|^2+"
        r"\sum_{i=1}^m\alpha_i(1-y_i(\boldsymbol w^T\boldsymbol x_i+b))\right)",
        r"\boldsymbol w-\sum_{i=1}^m\alpha_iy_i\boldsymbol x_i",
    ),
    (
        r"f(\boldsymbol x)+\nabla f(\boldsymbol x)^T\boldsymbol d",
        r"\boldsymbol d^T\nabla f(\boldsymbol x)+f(\boldsymbol x)",
    ),
    (
        r"\frac{\partial}{\partial \boldsymbol w}\sum_{i=1}^m f(\boldsymbol x_i,\boldsymbol w)",
        r"\sum_{i=1}^m \frac{\partial}{\partial \boldsymbol w}f(\boldsymbol x_i,\boldsymbol w)",
    ),
    (
        r"\frac{\partial}{\partial \hat{\boldsymbol w}}\left[(\boldsymbol{y}-\mathbf{X}"
        r"\hat{\boldsymbol w})^T(\boldsymbol{y}-\mathbf{X}\hat{\boldsymbol w})\right]",
        r"2\mathbf{X}^T(\mathbf{X}\hat{\boldsymbol w}-\boldsymbol{y})",
    ),
    (r"\|\boldsymbol x - \boldsymbol y\|", r"\|\boldsymbol y - \boldsymbol x\|_2"),
    (r"\|\mathbf{A} - \mathbf{B}\|_2^2", r"\|\mathbf{B} - \mathbf{A}\|_2^2"),
    (r"\langle \boldsymbol x, c \boldsymbol y \rangle", r"c \boldsymbol y^T \boldsymbol x"),
    (r"a \mathbf{F}(t) + \mathbf{F}(t)", r"(1 + a) \mathbf{F}(t)"),
    (
        r"\sum_{i=0}^1 \boldsymbol u_i \sum_{\boldsymbol x \in X_i} \boldsymbol x^T",
        r"\boldsymbol u_0 \sum_{\boldsymbol x \in X_0} \boldsymbol x^T"
        r" + \boldsymbol u_1 \sum_{\boldsymbol x \in X_1} \boldsymbol x^T",
    ),
    (r"\mathbf{Z} \lambda_j \boldsymbol u", r"\lambda_j \mathbf{Z} \boldsymbol u"),
    (r"(A \mathbf{x})^\top", r"\mathbf{x}^\top A^\top"),
    (r"\sum_{i=1}^m \boldsymbol x_i y_i", r"\sum_{i=1}^m y_i \boldsymbol x_i"),
)
FALSE = (
    (r"\mathbf{A}\mathbf{B}", r"\mathbf{B}\mathbf{A}"),
    (r"(\mathbf{A}\mathbf{B})^T", r"\mathbf{A}^T\mathbf{B}^T"),
    (r"\boldsymbol w \boldsymbol x^T", r"\boldsymbol x \boldsymbol w^T"),
    (r"\boldsymbol w \boldsymbol x^T", r"\boldsymbol x^T \boldsymbol w"),
    (r"\mathbf{A}^T\mathbf{B}", r"\mathbf{B}^T\mathbf{A}"),
    (r"\mathbf{A}^{-1}\boldsymbol{x}\mathbf{A}", r"\boldsymbol x"),
    (r"\|\mathbf{A}\boldsymbol{x}\|^2", r"\boldsymbol x^T\mathbf{A}\mathbf{A}^T\boldsymbol x"),
    (r"X^T (y - X \theta)", r"(y - X\theta) X^T"),
    (r"X^T \theta y", r"X^T y \theta"),
    (
        r"\sum_{i=1}^m \boldsymbol x_i \boldsymbol x_i^T",
        r"(\sum_{i=1}^m \boldsymbol x_i)(\sum_{i=1}^m \boldsymbol x_i)^T",
    ),
    (r"\phi(\boldsymbol x)\boldsymbol{w}", r"\boldsymbol w\phi(\boldsymbol x)"),
    (r"\operatorname{tr}(\mathbf{A}\mathbf{B}\mathbf{C})", r"\operatorname{tr}(\mathbf{B}\mathbf{A}\mathbf{C})"),
    (r"\operatorname{tr}(\mathbf{A}\mathbf{B})", r"\operatorname{tr}(\mathbf{A}\mathbf{B}^T)"),
    (r"(\mathbf{A}\mathbf{B})^{-1}", r"\mathbf{A}^{-1}\mathbf{B}^{-1}"),
    (r"\sum_{i=1}^m \mathbf A_i \boldsymbol x_i", r"\sum_{i=1}^m\boldsymbol x_i\mathbf A_i "),
    (r"\sum_{i=1}^m \alpha_i\boldsymbol x_i", r"\alpha_i\sum_{i=1}^m\boldsymbol x_i"),
    (r"\mathbf{x}^2", r"\mathbf{x}\mathbf{x}"),
    (r"\frac{\partial}{\partial \boldsymbol w} \boldsymbol w^T\boldsymbol x", r"\boldsymbol x^T"),
    (
        r"\frac{\partial \operatorname{tr}(\mathbf{W}^T\mathbf{S}\mathbf{W})}{\partial \mathbf{W}}",
        r"2\mathbf{S}\mathbf{W}",
    ),
    (
        r"\frac{\partial \boldsymbol{x}^T\mathbf{W}\boldsymbol{y}}{\partial \mathbf{W}}",
        r"\boldsymbol{y}\boldsymbol{x}^T",
    ),
    (r"\frac{\partial \mathbf{A}\boldsymbol{x}}{\partial \boldsymbol{x}^T}", r"\mathbf{A}^T"),
    (r"\frac{\partial}{\partial \boldsymbol w}(E+\boldsymbol w^T\boldsymbol w)", r"2\boldsymbol w"),
    (r"\frac{\partial}{\partial \boldsymbol w}(\boldsymbol w_1^T\boldsymbol w)", r"\boldsymbol w_1"),
    (r"\frac{\partial}{\partial \boldsymbol w}(\hat y \boldsymbol a^T\boldsymbol w)", r"\hat y\boldsymbol a"),
    (r"\frac{\partial}{\partial \mathbf{W}} \operatorname{tr}(\mathbf{W}^{-1})", r"\mathbf{W}"),
    (
        r"\frac{\partial}{\partial \boldsymbol x}f(\boldsymbol x+\boldsymbol a)",
        r"\frac{\partial}{\partial \boldsymbol x}f(\boldsymbol x)",
    ),
    (r"\nabla f(\boldsymbol x)^T\boldsymbol d", r"\boldsymbol d\nabla f(\boldsymbol x)^T"),
    (
        r"\frac{\partial}{\partial \boldsymbol w}\sum_{\boldsymbol x: "
        r"\boldsymbol w^T\boldsymbol x>0} \boldsymbol w^T\boldsymbol x",
        r"\sum_{\boldsymbol x: \boldsymbol w^T\boldsymbol x>0} \boldsymbol x",
    ),
    (r"\|\boldsymbol x\|_1", r"\|\boldsymbol x\|_2"),
    (r"\|\boldsymbol x + \boldsymbol y\|", r"\|\boldsymbol x\| + \|\boldsymbol y\|"),
    (r"\|\mathbf{A}\|_2^2", r"\operatorname{tr}(\mathbf{A}^T \mathbf{A})"),
    (r"(\mathbf{A})_{ij}", r"(\mathbf{A})_{ji}"),
    (r"\langle \boldsymbol x, \boldsymbol y \rangle", r"\boldsymbol x \boldsymbol y^T"),
    (r"\mathbf{F}(t) \mathbf{S}", r"\mathbf{S} \mathbf{F}(t)"),
    (r"(A \mathbf{x})^\top", r"\mathbf{x}^\top A"),
    (r"(\Sigma \mathbf{x})^\top", r"\mathbf{x}^\top \Sigma"),
    (r"(\mathbf{W} x)^\top", r"x \mathbf{W}^\top"),
    (r"(\mathbf{X} \theta)^\top", r"\theta \mathbf{X}^\top"),
    (r"A \mathbf{B}", r"\mathbf{B} A"),
    (r"\operatorname{tr}(A \mathbf{B} \mathbf{C})", r"\operatorname{tr}(\mathbf{B} A \mathbf{C})"),
    (r"\frac{\partial}{\partial \mathbf{x}} \mathbf{x}^\top A \mathbf{x}", r"2 A \mathbf{x}"),
    (r"(\mathbf{W} x_i)^\top", r"x_i \mathbf{W}^\top"),
    (r"\mathbf{w}^\top x_i", r"x_i \mathbf{w}^\top"),
    (r"(K \mathbf{x})^\top", r"\mathbf{x}^\top K"),
)


def _agree(left: str, right: str) -> bool:
    return agreed(parse(left)[0], parse(right)[0], {}, {}) is not None


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_an_identity_of_matrices_is_proved(left: str, right: str) -> None:
    assert _agree(left, right)


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_what_need_not_be_equal_is_not(left: str, right: str) -> None:
    assert not _agree(left, right)
