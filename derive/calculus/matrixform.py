"""From indices to matrices, and back again for the proof: ∂LL/∂θ_{i,j} as X^T ((y − ŷ) w^T ⊙ H ⊙ (1 − H)).

The terms are raised by `derive/matrices/raising.py`; the entries of what it gives are proved equal to the index form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sympy import Expr, Idx
from sympy.matrices.exceptions import ShapeError

from ..matrices.entries import Entries, NoMatrixForm
from ..matrices.graph import transposed
from ..matrices.raising import Raising, symbol_of
from ..matrices.symmetry import in_one_order, symmetric_names, upright
from ..vocabulary import Partial, SizeAt, indices_of
from .indices import free_indices

if TYPE_CHECKING:
    from ..model import Model
    from ..prove import Proof

__all__ = ["MatrixForm", "NoMatrixForm", "entries", "matrix_form", "raised", "symbol_of"]

Indices = tuple[Idx, ...]


@dataclass(frozen=True, kw_only=True)
class MatrixForm:
    """target = expr in matrix notation.

    Attributes:
        target: the derivative whose entries `expr` has, such as ∂LL/∂θ_{i,j}; its indices are rows and columns.
        expr: a SymPy matrix expression over `MatrixSymbol`s with the plain names of the model; a column for a
            vector, a scalar expression for a scalar.
        proof: of the equality of its entries with the index form.
    """

    target: Expr
    expr: Expr
    proof: Proof | None

    @property
    def verdict(self) -> str:
        """`proved` if the entries were proved equal to the index form."""
        return "proved" if self.proof else "undecided"


def matrix_form(result: Expr, target: Expr, model: Model) -> MatrixForm | None:
    """The matrix form of an index expression, or None if it has none.

    Args:
        result: what `target` equals.
        target: a `Partial` by an entry θ[i, j] or θ[i], or a name; its indices become rows and columns.
        model: gives the axes of the names.
    """
    entry = target.args[1] if isinstance(target, Partial) else target
    out = tuple(i for i in indices_of(entry) if isinstance(i, Idx))
    return raised(result, target, out, model) if len(out) == len(indices_of(entry)) else None


def raised(result: Expr, target: Expr, out: Indices, model: Model, *, lying: bool = False) -> MatrixForm | None:
    """The matrix form with the given indices, at most two, as rows and columns; None if there is none.

    What has one index is a column, or a row if it is to lie. That a matrix is symmetric is a condition of the proof
    where it was used.
    """
    from ..prove import prove

    ragged = any(free_indices(i.upper) & set(out) for i in out)
    if len(out) > 2 or ragged or _outside_sizes(result) - {str(i.label) for i in out}:
        return None
    symmetric = symmetric_names(result, model)
    ordered = in_one_order(result, symmetric)
    try:
        expr = Raising(model=model).expression(ordered, out)
        back = entries(expr, out, model)
    except (NoMatrixForm, ShapeError):
        return None
    proof = prove(back, ordered, model)
    if proof and symmetric:
        proof = replace(proof, conditions=(*proof.conditions, *(f"{name} symmetric" for name in sorted(symmetric))))
    return MatrixForm(target=target, expr=upright(transposed(expr) if lying else expr, symmetric), proof=proof)


def _outside_sizes(result: Expr) -> set[str]:
    """The letters of the free indices, but for those that stand in a size n_l alone."""
    sizes = {e: e.args[0] for e in result.atoms(SizeAt)}
    return {str(i.label) for i in free_indices(result.xreplace(sizes))}


def entries(expr: Expr, out: Indices, model: Model) -> Expr:
    """The entry of a matrix expression at `out`, as an index expression: (A B)_{i,k} = Σ_j A_{i,j} B_{j,k}."""
    reading = Entries(quantities=model.quantities)
    row, column = out[:1], out[1:]
    return reading.at(expr, row, column) if out else reading.number(expr)
