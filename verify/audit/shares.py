"""Targets that a model does not say are shares, where it uses them as no more: L = −Σ_k y_k log p_k.

Code for such a model is mostly written for one-hot rows, ∂L/∂z = p − y, which is right only if each row sums to one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Indexed, Mul, Pow, log

from derive.model import Model
from derive.quantities import Domain, Kind, Quantity
from derive.vocabulary import name_of, names_in


def with_shares(model: Model) -> tuple[Model, tuple[str, ...]]:
    """The model with rows that sum to one, and which they are: data that weigh logarithms and do nothing else."""
    found = tuple(q.name for q in model.given if _may_be_shares(model, q))
    given = tuple(replace(q, domain=Domain.SIMPLEX) if q.name in found else q for q in model.given)
    return replace(model, given=given), found


def _may_be_shares(model: Model, q: Quantity) -> bool:
    users = [d.expr for d in model.definitions if any(name_of(a) == q.name for a in names_in(d.expr))]
    open_ = (
        q.kind is Kind.DATA
        and q.domain in (Domain.REAL, Domain.NONNEGATIVE, Domain.BINARY)
        and q.axes[-1:] not in ((), (model.sample,))
    )
    return open_ and bool(users) and all(_weighs_logarithms(expr, q.name) for expr in users)


def _weighs_logarithms(node: Any, name: str) -> bool:
    """Whether each entry is the factor of a logarithm, y_k log p_k, or an exponent, p_k^(y_k)."""
    if isinstance(node, Indexed):
        return name_of(node) != name
    if isinstance(node, Pow) and isinstance(node.exp, Indexed):
        return _weighs_logarithms(node.base, name)
    parts = node.args
    if isinstance(node, Mul) and any(isinstance(part, log) for part in parts):
        parts = tuple(part for part in parts if not isinstance(part, Indexed))
    return all(_weighs_logarithms(part, name) for part in parts)
