"""Entries on the simplex sum to one: over their whole last axis, and over nothing less."""

from __future__ import annotations

import pytest
from sympy import Expr, Integer

from derive.model import Model
from derive.prove import prove
from derive.quantities import Domain
from derive.rows.building import data, define, name
from derive.vocabulary import index, size, tensor, total

N, C = size("n"), size("C")
S, K = index("s", 1, N), index("k", 1, C)
SHORT = index("k", 1, C - 1)
SHIFTED = index("k", 0, C - 1)
Y, X = data("y", S, K, domain=Domain.SIMPLEX), data("x", S)
MODEL = Model(
    name="m", title="m", given=(Y, X), definitions=(define(name("E"), total(X.at() * Y.at(), S, K)),), objective="E"
)
y, x = tensor("y"), tensor("x")

TRUE: dict[str, tuple[Expr, Expr]] = {
    "whole axis": (total(y[S, K], K), Integer(1)),
    "shifted index": (total(y[S, SHIFTED + 1], SHIFTED), Integer(1)),
    "under a sum": (total(total(y[S, K], K) * x[S], S), total(x[S], S)),
    "counted": (total(y[S, K], S, K), N),
    "scaled": (total(3 * x[S] * y[S, K], K), 3 * x[S]),
}
FALSE: dict[str, tuple[Expr, Expr]] = {
    "a shorter range": (total(y[S, SHORT], SHORT), Integer(1)),
    "the other axis": (total(y[S, K], S), Integer(1)),
    "squares": (total(y[S, K] ** 2, K), Integer(1)),
    "another quantity": (total(x[S], S), Integer(1)),
    "a diagonal": (total(y[SHIFTED + 1, SHIFTED + 1], SHIFTED), Integer(1)),
}


@pytest.mark.parametrize("case", TRUE)
def test_full_sums_are_one(case: str) -> None:
    proof = prove(*TRUE[case], MODEL)
    assert proof is not None


@pytest.mark.parametrize("case", FALSE)
def test_nothing_else_is(case: str) -> None:
    assert prove(*FALSE[case], MODEL) is None
