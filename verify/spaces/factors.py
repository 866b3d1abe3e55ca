"""What the name of a decomposition says of its factors: X = U Σ V^T, A = Q Λ Q^T, A = Q R, A = L L^T."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

import numpy as np

from derive.notation.names_in_notes import is_transpose
from derive.notation.syntax import Chain, Juxt, Neg, Node, Sym

from .values import NoValue, Value

SINGULAR = re.compile(r"singular[- ]value decomposition|\bSVDs?\b", re.IGNORECASE)
SPECTRAL = re.compile(
    r"eigen[- ]?(?:value |vector )?decompos\w+|spectral (?:decomposition|theorem)|\bdiagonali[sz]\w+", re.IGNORECASE
)
UPPER_LATTER = re.compile(r"\bQR\b[^.]{0,12}(?:decompos|factori)", re.IGNORECASE)
CHOLESKY = re.compile(r"\bcholesky\b", re.IGNORECASE)


class Form(StrEnum):
    """What a matrix is."""

    ORTHONORMAL = "with orthonormal columns"
    ORTHOGONAL = "orthogonal"
    SINGULAR = "with singular values on its diagonal, and zeros elsewhere"
    DIAGONAL = "diagonal"
    UPPER = "upper triangular"
    LOWER = "lower triangular"


SQUARE = frozenset({Form.ORTHOGONAL, Form.DIAGONAL, Form.UPPER, Form.LOWER})


def factors_in(root: Node, prose: str) -> Iterator[tuple[Sym, Form]]:
    """The letters of a decomposition of which the words speak, and what these matrices are."""
    if not isinstance(root, Chain) or root.operators[0] != "=":
        return
    match root.operands[1]:
        case Juxt(items=(Sym() as u, Sym() as s, Sym() as v)) if is_transpose(v.sup) and u.sup is None is s.sup:
            if u.base != v.base and SINGULAR.search(prose):
                yield from ((u, Form.ORTHONORMAL), (s, Form.SINGULAR), (v, Form.ORTHONORMAL))
            elif u.base == v.base and (SPECTRAL.search(prose) or SINGULAR.search(prose)):
                yield from ((u, Form.ORTHOGONAL), (s, Form.DIAGONAL))
        case Juxt(items=(Sym() as u, Sym() as s, Sym(sup=Neg()) as v)) if u.base == v.base and u.sup is None is s.sup:
            if SPECTRAL.search(prose):
                yield s, Form.DIAGONAL
        case Juxt(items=(Sym(sup=None) as q, Sym(sup=None) as r)) if UPPER_LATTER.search(prose) and q.base != r.base:
            yield from ((q, Form.ORTHONORMAL), (r, Form.UPPER))
        case Juxt(items=(Sym() as first, Sym() as last)) if first.base == last.base and CHOLESKY.search(prose):
            turned = is_transpose(first.sup), is_transpose(last.sup)
            if turned in ((False, True), (True, False)):
                yield first, Form.LOWER if turned[1] else Form.UPPER


def formed(found: Value, form: Form) -> Value:
    """A matrix with what its form makes zero taken out; singular values are positive.

    Raises: NoValue: if a matrix of this form has another shape.
    """
    if form in SQUARE and found.shape[0] != found.shape[1]:
        raise NoValue(f"a matrix that is {form} is square")
    match form:
        case Form.SINGULAR:
            return (np.abs(found) + 0.2) * np.eye(*found.shape)
        case Form.DIAGONAL:
            return found * np.eye(*found.shape)
        case Form.UPPER:
            return np.triu(found)
        case Form.LOWER:
            return np.tril(found)
    return np.linalg.qr(found)[0]
