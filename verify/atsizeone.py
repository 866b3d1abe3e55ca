"""Vectors and matrices at size one, where their algebra is that of numbers: what the second reader can confirm.

    (X w − y)^T (X w − y)  →  (X w − y)²,   tr(A)  →  A,   A^{-1}  →  1/A,   ∂E/∂W  →  ∂E/∂W

The second reader knows no transposes and no order of factors; at size one neither is needed, and a sum has one
term. That it reads the same number there says that signs, factors, powers and brackets were read alike.
"""

from __future__ import annotations

from sympy import Expr, Idx, Indexed, Integer, KroneckerDelta, Product, Sum, log

from derive.calculus.trees import args_of
from derive.vocabulary import Inside, InverseEntry, LogDet, Maximum, name_of, scalar


def at_size_one(expr: Expr) -> Expr:
    """The expression with every axis of length one: entries as scalars, sums as their one term."""
    if isinstance(expr, Indexed):
        return scalar(name_of(expr))
    if isinstance(expr, Sum | Product | Maximum):
        body: Expr = expr.function
        return at_size_one(body)
    if isinstance(expr, KroneckerDelta | Inside | Idx):
        one: Expr = Integer(1)
        return one
    if isinstance(expr, InverseEntry):
        reciprocal: Expr = 1 / scalar(str(expr.args[0]))
        return reciprocal
    if isinstance(expr, LogDet):
        of_one_entry: Expr = log(scalar(str(expr.args[0])))
        return of_one_entry
    if not args_of(expr):
        return expr
    args = [at_size_one(a) for a in args_of(expr)]
    if all(a is b for a, b in zip(args, args_of(expr), strict=True)):
        return expr
    rebuilt: Expr = expr.func(*args)
    return rebuilt
