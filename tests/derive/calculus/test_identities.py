"""Identities of the field: each is proved and holds in numbers; wrong edits of it are not proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from math import isnan

import pytest
from sympy import Abs, Expr, Idx, Integer, KroneckerDelta, Rational, Sum, exp, log, pi, sqrt

from derive.calculus.differentiate import differentiate
from derive.calculus.normalform import is_zero
from derive.calculus.positivity import Facts
from derive.quantities import Domain
from derive.rows.functions import gaussian, sigmoid, silu, softplus, tanh
from derive.vocabulary import Inside, index, product, scalar, size, tensor, total
from lowering.numeric.errors import EvaluationError

SIZES = ({"m": 2, "n": 3, "K": 2}, {"m": 3, "n": 2, "K": 4})
MOST_MUTANTS = 12

FACTS: Facts = {
    "p": Domain.UNIT, "q": Domain.UNIT, "yhat": Domain.UNIT, "sigma": Domain.POSITIVE, "lam": Domain.POSITIVE,
    "v": Domain.POSITIVE, "eps": Domain.POSITIVE, "P": Domain.UNIT, "u": Domain.POSITIVE, "y": Domain.BINARY,
    "Y": Domain.BINARY, "T": Domain.NONNEGATIVE, "s_2": Domain.NONNEGATIVE, "yh": Domain.UNIT,
}  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """left = right at all sizes and all values in the domains of FACTS."""

    name: str
    left: Expr
    right: Expr


m, n, K = size("m"), size("n"), size("K")
i, j, k, o = (index(name, 0, m) for name in "ijko")
i1, j1, i2 = index("i", 1, m), index("j", 1, m), index("i", 2, m)
s, t, r = (index(name, 1, n) for name in "str")
a, b, c = (index(name, 1, K) for name in "abc")
z, w0, x0, y, p, q, yhat, mu, sigma, lam, v, eps, A, B, C = map(
    scalar, ["z", "w", "x", "y", "p", "q", "yhat", "mu", "sigma", "lam", "v", "eps", "A", "B", "C"]
)
x, w, X, W, V, U, Z, th, T, P, u, Y, g, yh = map(
    tensor, ["x", "w", "X", "W", "V", "U", "Z", "theta", "T", "P", "u", "Y", "g", "yh"]
)
half = Rational(1, 2)


def softmax(a: Idx, logits: Callable[[Idx], Expr] = lambda a: Z[a]) -> Expr:
    """e^{Z_a} / Σ_c e^{Z_c}."""
    share: Expr = exp(logits(a)) / total(exp(logits(c)), c)
    return share


def mean(body: Expr, i: Idx = s) -> Expr:
    """The mean over the range 1..n."""
    average: Expr = total(body, i) / n
    return average


def bernoulli(p: Expr, y: Expr) -> Expr:
    """p^y (1 − p)^{1−y}."""
    likelihood: Expr = p**y * (1 - p) ** (1 - y)
    return likelihood


def normal(x: Expr) -> Expr:
    """The density of N(mu, sigma²)."""
    density: Expr = exp(-((x - mu) ** 2) / (2 * sigma**2)) / sqrt(2 * pi * sigma**2)
    return density


xbar = mean(X[t], t)
row = total(X[s, i] * th[i], i)

ELEMENTARY = (
    Identity("sigmoid reflected", sigmoid(-z), 1 - sigmoid(z)),
    Identity("sigmoid by e^z", sigmoid(z), exp(z) / (1 + exp(z))),
    Identity("sigmoid by tanh", sigmoid(z), (1 + tanh(z / 2)) / 2),
    Identity("tanh by sigmoid", tanh(z), 2 * sigmoid(2 * z) - 1),
    Identity("tanh is odd", tanh(-z), -tanh(z)),
    Identity("tanh by e^{2z}", tanh(z), (exp(2 * z) - 1) / (exp(2 * z) + 1)),
    Identity("tanh of a sum", tanh(z + w0), (tanh(z) + tanh(w0)) / (1 + tanh(z) * tanh(w0))),
    Identity("softplus difference", softplus(z) - softplus(-z), z),
    Identity("log sigmoid", log(sigmoid(z)), -softplus(-z)),
    Identity("log of one minus sigmoid", log(1 - sigmoid(z)), -softplus(z)),
    Identity("sigmoid odds", sigmoid(z) / (1 - sigmoid(z)), exp(z)),
    Identity("logit", log(sigmoid(z) / (1 - sigmoid(z))), z),
    Identity("silu reflected", silu(z) - silu(-z), z),
    Identity("gaussian squared", gaussian(z) ** 2, exp(-(z**2))),
    Identity("product of gaussians", gaussian(z) * gaussian(w0), exp(-(z**2 + w0**2) / 2)),
    Identity("sigmoid derivative", differentiate(sigmoid(z), z), sigmoid(z) * (1 - sigmoid(z))),
    Identity("sigmoid derivative even", differentiate(sigmoid(z), z), exp(-z) / (1 + exp(-z)) ** 2),
    Identity("tanh derivative", differentiate(tanh(z), z), 1 - tanh(z) ** 2),
    Identity("softplus derivative", differentiate(softplus(z), z), sigmoid(z)),
    Identity("gaussian derivative", differentiate(gaussian(z), z), -z * gaussian(z)),
    Identity(
        "sigmoid second derivative",
        differentiate(differentiate(sigmoid(z), z), z),
        sigmoid(z) * (1 - sigmoid(z)) * (1 - 2 * sigmoid(z)),
    ),
    Identity("square root of a square", sqrt(A**2 + 2 * A * B + B**2), Abs(A + B)),
    Identity("root times root", sqrt(1 + A**2) * sqrt(1 + A**2), 1 + A**2),
    Identity("rationalised", 1 / (sqrt(1 + A**2) + 1), (sqrt(1 + A**2) - 1) / A**2),
    Identity("power of positive", (v**p) ** q, v ** (p * q)),
    Identity("powers add", A ** (m + 1) * A**n, A * A ** (m + n)),
    Identity("powers of two", Integer(2) ** (m + 1), 2 * Integer(2) ** m),
    Identity("logarithm of a ratio", log(v / lam**2), log(v) - 2 * log(lam)),
    Identity("logarithm of a square", log((A - B) ** 2), 2 * log(Abs(A - B))),
    Identity("logarithm of eight", log(8 * v), 3 * log(Integer(2)) + log(v)),
    Identity("exponential of logs", exp(y * log(p) - log(q)), p**y / q),
    Identity("partial fractions", 1 / (yhat * (1 - yhat)), 1 / yhat + 1 / (1 - yhat)),
)

LIKELIHOODS = (
    Identity("bernoulli", log(bernoulli(p, y)), y * log(p) + (1 - y) * log(1 - p)),
    Identity("cross entropy error", y / yhat - (1 - y) / (1 - yhat), (y - yhat) / (yhat * (1 - yhat))),
    Identity("bernoulli gradient", differentiate(log(bernoulli(p, y)), p), (y - p) / (p * (1 - p))),
    Identity("bernoulli of data", log(product(bernoulli(P[s], Y[s]), s)), total(
        Y[s] * log(P[s]) + (1 - Y[s]) * log(1 - P[s]), s)),
    Identity("bernoulli with one p", log(product(bernoulli(p, Y[s]), s)), total(Y[s], s) * log(p) + (
        n - total(Y[s], s)) * log(1 - p)),
    Identity("binary cross entropy of logits", -log(bernoulli(sigmoid(z), y)), softplus(z) - y * z),
    Identity("bernoulli logit gradient", differentiate(log(bernoulli(sigmoid(z), y)), z), y - sigmoid(z)),
    Identity("bernoulli gradient by weights", differentiate(
        total(Y[s] * log(sigmoid(row)) + (1 - Y[s]) * log(1 - sigmoid(row)), s), th[j]),
        total((Y[s] - sigmoid(total(X[s, k] * th[k], k))) * X[s, j], s)),
    Identity("gaussian log density", log(normal(x0)),
        -((x0 - mu) ** 2) / (2 * sigma**2) - log(sigma) - log(2 * pi) / 2),
    Identity("gaussian score", differentiate(log(normal(x0)), mu), (x0 - mu) / sigma**2),
    Identity("gaussian score of sigma", differentiate(log(normal(x0)), sigma), ((x0 - mu) ** 2 - sigma**2) / sigma**3),
    Identity("gaussian data", log(product(normal(X[s]), s)), -total((X[s] - mu) ** 2, s) / (2 * sigma**2)
        - n * log(sigma) - n * log(2 * pi) / 2),
    Identity("poisson", log(lam**A * exp(-lam)), A * log(lam) - lam),
    Identity("exponential data", log(product(lam * exp(-lam * u[s]), s)), n * log(lam) - lam * total(u[s], s)),
    Identity("geometric", log(product((1 - p) ** T[s] * p, s)), total(T[s], s) * log(1 - p) + n * log(p)),
    Identity("categorical", log(product(P[a] ** Y[a], a)), total(Y[a] * log(P[a]), a)),
    Identity("categorical of data", log(product(product(yh[s, a] ** Y[s, a], a), s)),
        total(Y[s, a] * log(yh[s, a]), s, a)),
    Identity("beta kernel", log(p ** (A - 1) * (1 - p) ** (B - 1)), (A - 1) * log(p) + (B - 1) * log(1 - p)),
    Identity("completed square", exp(-(lam * x0**2 - 2 * B * x0) / 2),
        exp(-lam * (x0 - B / lam) ** 2 / 2) * exp(B**2 / (2 * lam))),
    Identity("product of gaussian exponents", exp(-((x0 - A) ** 2) / 2) * exp(-((x0 - B) ** 2) / 2),
        exp(-((x0 - (A + B) / 2) ** 2)) * exp(-((A - B) ** 2) / 4)),
    Identity("entropy gradient", differentiate(-p * log(p) - (1 - p) * log(1 - p), p), log((1 - p) / p)),
    Identity("kl of bernoullis", p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)),
        p * log(p) + (1 - p) * log(1 - p) - p * log(q) - (1 - p) * log(1 - q)),
)  # fmt: skip

SOFTMAX = (
    Identity("softmax sums to one", total(softmax(a), a), Integer(1)),
    Identity("softmax shifted", softmax(a, lambda e: Z[e] - C), softmax(a)),
    Identity("softmax shifted by a sum", softmax(a, lambda e: Z[e] - total(Z[b], b)), softmax(a)),
    Identity("softmax jacobian", differentiate(softmax(a), Z[b]), softmax(a) * (KroneckerDelta(a, b) - softmax(b))),
    Identity("log softmax", log(softmax(a)), Z[a] - log(total(exp(Z[b]), b))),
    Identity("log softmax jacobian", differentiate(log(softmax(a)), Z[b]), KroneckerDelta(a, b) - softmax(b)),
    Identity("log sum exp shifted", log(total(exp(Z[a] - C), a)), log(total(exp(Z[a]), a)) - C),
    Identity("log sum exp gradient", differentiate(log(total(exp(Z[a]), a)), Z[b]), softmax(b)),
    Identity("softmax cross entropy", -total(Y[a] * log(softmax(a)), a),
        total(Y[a], a) * log(total(exp(Z[b]), b)) - total(Y[a] * Z[a], a)),
    Identity("softmax cross entropy gradient", differentiate(-total(Y[a] * log(softmax(a)), a), Z[b]),
        total(Y[a], a) * softmax(b) - Y[b]),
    Identity("jacobian rows sum to zero", total(softmax(a) * (KroneckerDelta(a, b) - softmax(b)), a), Integer(0)),
    Identity("softmax of two", exp(A) / (exp(A) + exp(B)), sigmoid(A - B)),
    Identity("mean logit gradient", differentiate(total(softmax(a) * x[a], a), Z[b]),
        softmax(b) * (x[b] - total(softmax(c) * x[c], c))),
)  # fmt: skip

SUMS = (
    Identity("linear", total(A * x[i] + w[i], i), A * total(x[i], i) + total(w[i], i)),
    Identity("any order", total(total(X[i, j] * x[i] * w[j], i), j), total(total(X[i, j] * w[j], j) * x[i], i)),
    Identity("product of sums", total(x[i], i) * total(w[i], i), total(x[i] * w[j], i, j)),
    Identity("square of a sum", total(x[i], i) ** 2, total(x[i] * x[j], i, j)),
    Identity("associative", total(total(X[i, j] * W[j, k], j) * V[k, o], k),
        total(X[i, j] * total(W[j, k] * V[k, o], k), j)),
    Identity("trace is cyclic", total(X[i, j] * W[j, k] * V[k, i], i, j, k),
        total(V[j, k] * X[k, i] * W[i, j], i, j, k)),
    Identity("transposed trace", total(X[i, j] * X[i, j], i, j), total(X[j, i] * X[j, i], i, j)),
    Identity("delta picks", total(KroneckerDelta(i, j) * x[i] * w[i], i), x[j] * w[j]),
    Identity("delta twice", total(KroneckerDelta(i, k) * KroneckerDelta(k, j) * x[k], k), KroneckerDelta(i, j) * x[i]),
    Identity("delta times entry", KroneckerDelta(i, j) * x[i], KroneckerDelta(i, j) * x[j]),
    Identity("trace of the identity", total(KroneckerDelta(i, j) * KroneckerDelta(i, j), i, j), m + 1),
    Identity("bias is left out", total(KroneckerDelta(i1, j) * x[j], j), x[i1]),
    Identity("bias is met", total(KroneckerDelta(i1, j) * x[i1], i1), Inside(j, 1, m) * x[j]),
    Identity("count", total(Integer(1), i), m + 1),
    Identity("count of pairs", total(A, i, s), A * (m + 1) * n),
    Identity("first term", total(x[i], i), x[0] + total(x[i1], i1)),
    Identity("last term", total(x[i], i), x[m] + Sum(x[i], (i, 0, m - 1))),
    Identity("first of a contraction", total(X[i, j] * w[i], i), X[0, j] * w[0] + total(X[i1, j] * w[i1], i1)),
    Identity("shifted", total(x[i1], i1), Sum(x[i + 1], (i, 0, m - 1))),
    Identity("telescoping", total(x[i1] - x[i1 - 1], i1), x[m] - x[0]),
    Identity("triangular", Sum(X[i, j], (j, 0, i), (i, 0, m)), Sum(X[i, j], (i, j, m), (j, 0, m))),
    Identity("strictly triangular", Sum(X[i, j], (j, 0, i - 1), (i, 0, m)), Sum(X[i, j], (i, j + 1, m), (j, 0, m))),
    Identity("triangle and diagonal", Sum(X[i, j], (j, 0, i), (i, 0, m)),
        Sum(X[i, j], (j, 0, i - 1), (i, 0, m)) + total(X[i, i], i)),
    Identity("written out", total(x[index("i", 1, 3)], index("i", 1, 3)), x[1] + x[2] + x[3]),
    Identity("shares", total(u[i] / (u[i] + v), i) + total(v / (u[i] + v), i), m + 1),
    Identity("shares of two", total(x[i] / (x[i] + w[i]), i), m + 1 - total(w[i] / (x[i] + w[i]), i)),
    Identity("logarithm of a product", log(product(u[s], s)), total(log(u[s]), s)),
    Identity("product of exponentials", product(exp(x[s]), s), exp(total(x[s], s))),
    Identity("product of a constant", product(A * u[s], s), A**n * product(u[s], s)),
    Identity("product of products", product(x[s] * w[s], s), product(x[s], s) * product(w[s], s)),
    Identity("product of powers", product(u[s] ** A, s), product(u[s], s) ** A),
    Identity("product gradient", differentiate(product(u[s], s), u[t]), product(u[s], s) / u[t]),
)  # fmt: skip

STATISTICS = (
    Identity("variance", total((X[s] - xbar) ** 2, s), total(X[s] ** 2, s) - n * xbar**2),
    Identity("deviations sum to zero", total(X[s] - xbar, s), Integer(0)),
    Identity("covariance", total((X[s] - xbar) * (Y[s] - mean(Y[t], t)), s),
        total(X[s] * Y[s], s) - n * xbar * mean(Y[t], t)),
    Identity("deviation from any point", total((X[s] - A) ** 2, s), total((X[s] - xbar) ** 2, s) + n * (xbar - A) ** 2),
    Identity("squared pairs", total((X[s] - X[t]) ** 2, s, t), 2 * n * total(X[s] ** 2, s) - 2 * total(X[s], s) ** 2),
    Identity("mean squared error", mean((Y[s] - A * X[s] - B) ** 2), mean(Y[s] ** 2) + A**2 * mean(X[s] ** 2) + B**2
        - 2 * A * mean(X[s] * Y[s]) - 2 * B * mean(Y[s]) + 2 * A * B * mean(X[s])),
    Identity("least squares gradient", differentiate(half * total((Y[s] - row) ** 2, s), th[j]),
        -total((Y[s] - total(X[s, k] * th[k], k)) * X[s, j], s)),
    Identity("normal equations", -total((Y[s] - total(X[s, k] * th[k], k)) * X[s, j], s),
        total(total(X[s, j] * X[s, k], s) * th[k], k) - total(X[s, j] * Y[s], s)),
    Identity("ridge gradient", differentiate(lam * total(th[i] ** 2, i), th[j]), 2 * lam * th[j]),
    Identity("quadratic form gradient", differentiate(total(x[i] * X[i, j] * x[j], i, j), x[k]),
        total((X[k, j] + X[j, k]) * x[j], j)),
    Identity("bilinear gradient", differentiate(total(U[i, k] * V[j, k], k), U[o, b]), KroneckerDelta(i, o) * V[j, b]
        * Inside(b, 0, m)),
    Identity("norm of a difference", total((x[i] - w[i]) ** 2, i), total(x[i] ** 2, i) - 2 * total(x[i] * w[i], i)
        + total(w[i] ** 2, i)),
    Identity("norm gradient", differentiate(sqrt(total(x[i] ** 2, i)), x[j]), x[j] / sqrt(total(x[i] ** 2, i))),
    Identity("norm squared", sqrt(total(x[i] ** 2, i)) ** 2, total(x[i] ** 2, i)),
    Identity("unit vector", total((x[j] / sqrt(total(x[i] ** 2, i))) ** 2, j), Integer(1)),
    Identity("cosine gradient", differentiate(total(x[i] * w[i], i) / sqrt(total(x[i] ** 2, i)), x[j]),
        (w[j] - x[j] * total(x[i] * w[i], i) / total(x[i] ** 2, i)) / sqrt(total(x[i] ** 2, i))),
    Identity("batch norm has unit variance", mean(((X[s] - xbar) / sqrt(mean((X[t] - mean(X[r], r)) ** 2, t))) ** 2),
        Integer(1)),
    Identity("batch norm has mean zero", mean((X[s] - xbar) / sqrt(mean((X[t] - mean(X[r], r)) ** 2, t) + eps)),
        Integer(0)),
    Identity("adam step", A / (sqrt(v) / sqrt(1 - p) + eps), A * sqrt(1 - p) / (sqrt(v) + eps * sqrt(1 - p))),
    Identity("momentum unrolled", p * (p * A + B) + C, p**2 * A + p * B + C),
    Identity("mixture responsibility", p * normal(x0) / (p * normal(x0) + (1 - p) * normal(x0)), p),
    Identity("bayes for two classes", p * exp(A) / (p * exp(A) + (1 - p) * exp(B)),
        sigmoid(A - B + log(p / (1 - p)))),
    Identity("attention shifted", total(softmax(a, lambda e: Z[e] + A) * x[a], a), total(softmax(a) * x[a], a)),
    Identity("euclidean kernel", exp(-total((x[i] - w[i]) ** 2, i) / 2), exp(-total(x[i] ** 2, i) / 2)
        * exp(total(x[i] * w[i], i)) * exp(-total(w[i] ** 2, i) / 2)),
)  # fmt: skip

IDENTITIES = reduce(lambda a, b: a + b, (ELEMENTARY, LIKELIHOODS, SOFTMAX, SUMS, STATISTICS))

Disagreement = Callable[[Expr, Expr, Facts, Mapping[str, int]], float]
Mutants = Callable[[Expr, tuple[Idx, ...]], Iterator[Expr]]
each = pytest.mark.parametrize("row", IDENTITIES, ids=lambda row: row.name)


@each
def test_it_is_proved(row: Identity) -> None:
    assert is_zero(row.left - row.right, FACTS)


@each
def test_it_holds_in_numbers(row: Identity, disagreement: Disagreement) -> None:
    for sizes in SIZES:
        assert disagreement(row.left, row.right, FACTS, sizes) < 1e-8


@each
def test_its_mutants_are_not_proved(row: Identity, disagreement: Disagreement, mutants: Mutants) -> None:
    side = row.left if row.right.is_number else row.right
    other = row.right if row.right.is_number else row.left
    wrong = 0
    for mutant in mutants(side, tuple(sorted(side.atoms(Idx), key=str))):
        if any(differs(mutant, other, sizes, disagreement) for sizes in SIZES):
            assert not is_zero(mutant - other, FACTS)
            wrong += 1
        if wrong == MOST_MUTANTS:
            break
    assert wrong >= 2


def differs(left: Expr, right: Expr, sizes: Mapping[str, int], disagreement: Disagreement) -> bool:
    """Whether the numbers show that left and right are not equal."""
    try:
        difference = disagreement(left, right, FACTS, sizes)
    except EvaluationError:  # the edit left the real numbers
        return False
    return not isnan(difference) and difference > 1e-6
