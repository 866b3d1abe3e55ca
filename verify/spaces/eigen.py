"""Eigenvectors that a text names by S v = λ v: worlds give the three letters values for which that is true."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.syntax import Juxt, Node, Sym

from ..functions import key_of


@dataclass(frozen=True, kw_only=True)
class Eigen:
    """That S v = λ v: the matrix, whether a letter is the vector in it, and how many pairs are named before it."""

    matrix: str
    is_vector: bool
    number: int


def eigen_of(left: Node, right: Node) -> tuple[Sym, Sym, Sym] | None:
    """The S, v and λ of S v = λ v; None for other equations."""
    match left, right:
        case Juxt(items=(Sym() as matrix, Sym() as vector)), Juxt(items=(Sym() as value, Sym() as again)):
            same = key_of(vector) == key_of(again) and vector.base != value.base
            plain = matrix.base[:1].isupper() and not value.base[:1].isupper() and not (matrix.sup or value.sup)
            return (matrix, vector, value) if same and plain else None
    return None
