"""The matrix expressions that `benchmarks/matrices.py` differentiates, as data.

Shapes: x, y, z are n×1, u and w m×1, X and Y n×m, U n×k, V k×m, A p×n, B m×p; S and T are n×n; a and b are numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import (
    Determinant,
    DiagMatrix,
    Expr,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Symbol,
    Trace,
    Transpose,
    exp,
    log,
    sqrt,
    symbols,
    tanh,
)

N, M, K, P = symbols("n m k p", integer=True, positive=True)
Z = Symbol("z", real=True)
SIZES = ({"n": 3, "m": 2, "k": 1, "p": 4}, {"n": 4, "m": 3, "k": 2, "p": 1}, {"n": 2, "m": 1, "k": 3, "p": 5})
HALF = Rational(1, 2)

x, y = MatrixSymbol("x", N, 1), MatrixSymbol("y", N, 1)
w, u = MatrixSymbol("w", M, 1), MatrixSymbol("u", M, 1)
X, Y, U, V = MatrixSymbol("X", N, M), MatrixSymbol("Y", N, M), MatrixSymbol("U", N, K), MatrixSymbol("V", K, M)
A, B, S, T = MatrixSymbol("A", P, N), MatrixSymbol("B", M, P), MatrixSymbol("S", N, N), MatrixSymbol("T", N, N)
W = MatrixSymbol("W", M, K)
R = MatrixSymbol("R", N, K)
q = MatrixSymbol("q", N * M, 1)
a, b = Symbol("a", real=True), Symbol("b", real=True)
ONES, ROW = OneMatrix(N, 1), OneMatrix(1, N)
EYE = Identity(N)


@dataclass(frozen=True, kw_only=True)
class Case:
    """An expression, what it is differentiated by, and the names whose entries must be positive."""

    name: str
    expr: Callable[[], Expr]
    wrt: Expr
    positive: tuple[str, ...] = ()


def applied(function: Callable[[Expr], Expr], matrix: Any) -> Any:
    """A function of each entry."""
    return matrix.applyfunc(Lambda(Z, function(Z)))


def sigmoid(z: Expr) -> Any:
    """σ(z) = 1/(1 + e^{−z})."""
    return 1 / (1 + exp(-z))


def t(matrix: Expr) -> Any:
    """The transpose."""
    return Transpose(matrix)


def square(matrix: Expr) -> Any:
    """‖M‖² = tr(M^T M)."""
    return Trace(t(matrix) * matrix)


def total(column: Expr) -> Expr:
    """Σ_i v_i, as a number."""
    return Trace(ROW * column)


def number(matrix: Expr) -> Expr:
    """The entry of a 1×1 matrix."""
    return Trace(matrix)


def case(name: str, expr: Callable[[], Expr], wrt: Expr, *positive: str) -> Case:
    """A row of the table."""
    return Case(name=name, expr=expr, wrt=wrt, positive=positive)


CASES: tuple[Case, ...] = (
    # a number by a vector
    case("y'x", lambda: t(y) * x, x),
    case("x'Sx", lambda: t(x) * S * x, x),
    case("|Xw - y|^2", lambda: t(X * w - y) * (X * w - y), w),
    case("ridge", lambda: t(X * w - y) * (X * w - y) + a * t(w) * w, w),
    case("|x|", lambda: sqrt(square(x)), x),
    case("log-sum-exp", lambda: log(total(applied(exp, x))), x),
    case("softmax cross-entropy", lambda: log(total(applied(exp, x))) - number(t(y) * x), x),
    case("logistic loss", lambda: ROW * applied(lambda z: log(1 + exp(z)), HadamardProduct(y, X * w)), w),
    case("log-likelihood of sigmoid", lambda: t(y) * applied(lambda z: log(sigmoid(z)), X * w), w),
    case("Mahalanobis", lambda: t(x - y) * Inverse(S) * (x - y), x),
    case("Gaussian bell", lambda: exp(-HALF * number(t(x) * S * x)), x),
    case("Rayleigh quotient", lambda: number(t(x) * S * x) / square(x), x),
    case("cosine", lambda: number(t(x) * y) / sqrt(square(x) * square(y)), x),
    case("entropy", lambda: t(x) * applied(log, x), x, "x"),
    case("sum of cubes", lambda: ROW * HadamardPower(x, 3), x),
    case("x' diag(y) x", lambda: t(x) * DiagMatrix(y) * x, x),
    case("tr(diag(x) S)", lambda: Trace(DiagMatrix(x) * S), x),
    case("q'(x kron w)", lambda: t(q) * KroneckerProduct(x, w), x),
    # a number by a matrix
    case("tr(AXB)", lambda: Trace(A * X * B), X),
    case("y'Xw", lambda: t(y) * X * w, X),
    case("tr(X'SX)", lambda: Trace(t(X) * S * X), X),
    case("|X|^2", lambda: square(X), X),
    case("|X| Frobenius", lambda: sqrt(square(X)), X),
    case("|X - UV|^2/2 + |U|^2/2 by U", lambda: HALF * square(X - U * V) + HALF * square(U), U),
    case("|X - UV|^2/2 + |U|^2/2 by V", lambda: HALF * square(X - U * V) + HALF * square(U), V),
    case("masked |Y . (X - UV)|^2/2", lambda: HALF * square(HadamardProduct(Y, X - U * V)), U),
    case("det S", lambda: Determinant(S), S),
    case("log det S", lambda: log(Determinant(S)), S),
    case("log det X'X", lambda: log(Determinant(t(X) * X)), X),
    case("log det (a I + XX')", lambda: log(Determinant(a * EYE + X * t(X))), X, "a"),
    case("y'S^-1 x", lambda: t(y) * Inverse(S) * x, S),
    case("tr(S^-1 T)", lambda: Trace(Inverse(S) * T), S),
    case("tr(S^3)", lambda: Trace(S**3), S),
    case("tr(S^-2)", lambda: Trace(S**-2), S),
    case(
        "Gaussian log-likelihood",
        lambda: -HALF * (log(Determinant(S)) + number(t(x - y) * Inverse(S) * (x - y))),
        S,
    ),
    case("explained y'X(X'X)^-1 X'y", lambda: t(y) * X * Inverse(t(X) * X) * t(X) * y, X),
    case("sum of sigmoids", lambda: ROW * applied(sigmoid, X) * OneMatrix(M, 1), X),
    case("one hidden layer", lambda: HALF * square(applied(tanh, X * W) - R), W),
    case("sum of (X . Y)", lambda: ROW * HadamardProduct(X, Y) * OneMatrix(M, 1), X),
    case("tr(S kron T)", lambda: Trace(KroneckerProduct(S, T)), S),
    case("|S kron X|^2", lambda: square(KroneckerProduct(S, X)), X),
    case("q'(S kron X'X)q", lambda: t(q) * KroneckerProduct(S, t(X) * X) * q, S),
    # a vector by a vector
    case("Xw", lambda: X * w, w),
    case("row x'S", lambda: t(x) * S, x),
    case("sigmoid(Xw)", lambda: applied(sigmoid, X * w), w),
    case("softmax", lambda: applied(exp, x) / total(applied(exp, x)), x),
    case("x/|x|", lambda: x / sqrt(square(x)), x),
    case("x . Sx", lambda: HadamardProduct(x, S * x), x),
    case("x x'x", lambda: x * t(x) * x, x),
    case("(X'X)^-1 X'y by y", lambda: Inverse(t(X) * X) * t(X) * y, y),
    # a vector by a matrix, a matrix by a matrix
    case("Xw by X", lambda: X * w, X),
    case("S^-1 x by S", lambda: Inverse(S) * x, S),
    case("(X'X)^-1 X'y by X", lambda: Inverse(t(X) * X) * t(X) * y, X),
    case("AXB by X", lambda: A * X * B, X),
    case("X'X by X", lambda: t(X) * X, X),
    case("S^-1 by S", lambda: Inverse(S), S),
    case("S^2 by S", lambda: S**2, S),
    case("X . X by X", lambda: HadamardProduct(X, X), X),
    case("tanh(SX) by S", lambda: applied(tanh, S * X), S),
    case("S kron X by X", lambda: KroneckerProduct(S, X), X),
    # by a number, and matrices by a vector
    case("(S + a I)^-1 by a", lambda: Inverse(S + a * EYE), a),
    case("log det (S + a I) by a", lambda: log(Determinant(S + a * EYE)), a, "a"),
    case("exp(a x) by a", lambda: applied(lambda z: exp(a * z), x), a),
    case("a X + X^2 . b by a", lambda: a * X + a**2 * HadamardPower(X, 2) * b, a),
    case("y x' by x", lambda: y * t(x), x),
    case("diag(x) S diag(x) by x", lambda: DiagMatrix(x) * S * DiagMatrix(x), x),
)
