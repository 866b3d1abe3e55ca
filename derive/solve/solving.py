"""Normal equations solved: A θ = b through the inverse of A, which gets a name, θ̂ = A^{-1} b.

Both directions are proved at symbolic sizes, with A opaque and Σ_k A_{jk} (A^{-1})_{kl} = δ_{jl}:

    θ_j − θ̂_j = Σ_k (A^{-1})_{jk} (Σ_l A_{kl} θ_l − b_k),   so θ = θ̂ wherever the equations hold, and
    Σ_k A_{jk} θ̂_k = b_j,                                    so they hold at θ̂.

The axes of θ along which its entries are not coupled, such as the targets of a regression on several, are left as
they are: A has the one axis that is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Add, Basic, Expr, Idx, KroneckerDelta, Mul

from ..calculus.indices import free_indices, substitute
from ..calculus.matrixform import MatrixForm, matrix_form, symbol_of
from ..model import Model
from ..prove import Proof, prove
from ..quantities import Definition, Quantity
from ..vocabulary import inverse, name_of, total
from .naming import with_name
from .stationary import NormalEquations, NoStationaryPoint

MATRICES, RIGHT_SIDES = ("A", "G", "gram"), ("b", "c", "right")  # names, the first that the model does not use


@dataclass(frozen=True, kw_only=True)
class LinearSolution:
    """θ̂ = A^{-1} b, the only solution of A θ = b where A has an inverse.

    Attributes:
        model: the model with A and b defined, after all else.
        equations: Σ_k A_{jk} θ_k = b_j, in the names of the model as it was.
        unknown: θ_j.
        matrix, right: A and b as definitions.
        factored: c (Σ_k A_{jk} θ_k − b_j), which the gradient is.
        solution: Σ_k (A^{-1})_{jk} b_k.
        product: Σ_k A_{jk} θ̂_k, which b_j is.
        proofs: of the gradient, of θ − θ̂ = A^{-1}(A θ − b), and of A θ̂ = b; None where none was found.
    """

    model: Model
    equations: NormalEquations
    unknown: Expr
    matrix: Definition
    right: Definition
    factored: Expr
    solution: Expr
    product: Expr
    proofs: tuple[Proof | None, Proof | None, Proof | None]

    @property
    def verdict(self) -> str:
        """`proved` if the equations and both directions are."""
        return "proved" if all(self.proofs) and self.equations.verdict == "proved" else "undecided"

    @property
    def applied(self) -> Expr:
        """Σ_k A_{jk} θ_k."""
        return _applied(self.matrix.target, self.unknown, *self.matrix.quantity.axes)

    def in_matrices(self) -> tuple[MatrixForm, MatrixForm] | None:
        """θ = (X^T X)^{-1} X^T y: both sides, with A and b written out; None where one of them has no such form.

        It is proved if the forms of A^{-1} b, A and b are.
        """
        theta, whole = (matrix_form(e, self.unknown, self.model) for e in (self.unknown, self.solution))
        parts = [matrix_form(d.expr, d.target, self.model) for d in (self.matrix, self.right)]
        if theta is None or whole is None or any(p is None for p in parts):
            return None
        known = [p for p in parts if p is not None]
        names = [symbol_of(d.quantity) for d in (self.matrix, self.right)]
        expr = whole.expr.xreplace(dict(zip(names, (p.expr for p in known), strict=True)))
        proved = all(p.proof for p in (whole, *known))
        return theta, replace(whole, expr=expr, proof=whole.proof if proved else None)


def solve(model: Model, equations: NormalEquations) -> LinearSolution:
    """The solution of normal equations through the inverse of their matrix.

    Args:
        model: the model that the equations were derived from.
        equations: Σ_k A_{jk} θ_k = b_j, coupled along one axis of θ.
    Raises: NoStationaryPoint: if more than one axis of θ is coupled, or A differs from one entry of the others to
        the next, so that it is no matrix.
    """
    quantity = model.quantities[name_of(equations.gradient.target.args[1])]
    row, column, reduced = _coupled(quantity, equations)
    wider, matrix = with_name(model, MATRICES, reduced, row, column)
    wider, right = with_name(wider, RIGHT_SIDES, equations.right, *quantity.axes)
    theta = quantity.at()
    solution = _applied(inverse(matrix.name, row, column), right.target, row, column)
    product = _applied(matrix.target, solution, row, column)
    apart = _applied(matrix.target, theta, row, column) - right.target
    backwards = _applied(inverse(matrix.name, row, column), apart, row, column)
    proofs = (
        prove(equations.gradient.result, equations.factor * apart, wider),
        prove(theta - solution, backwards, wider),
        prove(product, right.target, wider),
    )
    return LinearSolution(
        model=wider,
        equations=equations,
        unknown=theta,
        matrix=matrix,
        right=right,
        factored=equations.factor * apart,
        solution=solution,
        product=product,
        proofs=proofs,
    )


def _coupled(quantity: Quantity, equations: NormalEquations) -> tuple[Idx, Idx, Expr]:
    """The axis along which entries are coupled, its column, and A without the deltas of the other axes."""
    coupled, reduced = without_deltas(quantity, equations)
    if len(coupled) != 1 or free_indices(reduced) - set(coupled[0]):
        raise NoStationaryPoint(
            f"the equations of {quantity.name} have no single matrix: entries are coupled along {len(coupled)} axes, "
            f"with coefficients over {len(free_indices(reduced))}; solve them numerically"
        )
    ((row, column),) = coupled
    return row, column, reduced


def without_deltas(quantity: Quantity, equations: NormalEquations) -> tuple[tuple[tuple[Idx, Idx], ...], Expr]:
    """The axes along which entries are coupled, each with its column, and A without the deltas of the others."""
    terms = [Mul.make_args(t) for t in Add.make_args(equations.matrix)]
    pairs = tuple(zip(quantity.axes, equations.columns, strict=True))
    apart = [(i, k) for i, k in pairs if all(KroneckerDelta(i, k) in factors for factors in terms)]
    deltas = {KroneckerDelta(i, k) for i, k in apart}
    reduced = Add(*(Mul(*(f for f in factors if f not in deltas)) for factors in terms))
    return tuple(pair for pair in pairs if pair not in apart), reduced


def _applied(matrix: Expr, vector: Expr, row: Idx, column: Idx) -> Expr:
    """Σ_k M_{jk} v_k for a vector given at j."""
    where: dict[Basic, Basic] = {row: column}
    return total(matrix * substitute(vector, where), column)
