"""Equations A θ = b whose right side is A m for a plain m: then θ = m solves them without an inverse.

So it is with the mean of a Gaussian: −n Σ^{-1} μ = −Σ^{-1} Σ_s x_s holds for μ = (1/n) Σ_s x_s, whatever Σ is. A
factor T_{jk} of a term of A that occurs in a term of b under a sum over k is taken to be common to all of them, what
stands beside it gives m, and Σ_k A_{jk} m_k = b_j is proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Add, Basic, Expr, Idx, Integer, Mul, Sum

from ..calculus.indices import bound_in, free_indices, rename_bound, substitute
from ..calculus.tidy import merge_sums, oriented, tidy
from ..calculus.trees import args_of
from ..model import Model
from ..prove import Proof, prove
from ..quantities import Definition
from ..vocabulary import name_of, total
from .naming import with_name
from .neat import neat
from .solving import MATRICES, without_deltas
from .stationary import NormalEquations

Range = tuple[Idx, Expr, Expr]


@dataclass(frozen=True, kw_only=True)
class Term:
    """Σ_bound Π factors."""

    factors: tuple[Expr, ...] = ()
    bound: tuple[Range, ...] = ()

    def over(self, row: Idx, column: Idx) -> tuple[Expr, ...]:
        """The factors that have the row or the column."""
        return tuple(f for f in self.factors if free_indices(f) & {row, column})

    def without(self, common: tuple[Expr, ...], i: Idx) -> Expr:
        """The rest of the term, as a function of the index i that was summed over."""
        body = Mul(*(f for f in self.factors if f not in common))
        others = [r for r in self.bound if r[0] != i]
        return Sum(body, *others) if others else body


@dataclass(frozen=True, kw_only=True)
class UnmixedSolution:
    """θ = m, where g_j = c Σ_k A_{jk} (θ_k − m_k).

    Attributes:
        model: the model with A defined, after all else.
        equations: A θ = b.
        unknown: θ_j.
        matrix: A as a definition.
        factored: c Σ_k A_{jk} (θ_k − m_k), which the gradient is.
        solution: m_j, free of A.
        proof: of the gradient in this form; None where none was found.
    """

    model: Model
    equations: NormalEquations
    unknown: Expr
    matrix: Definition
    factored: Expr
    solution: Expr
    proof: Proof | None

    @property
    def verdict(self) -> str:
        """`proved` if the gradient and its form are."""
        return "proved" if self.proof and self.equations.verdict == "proved" else "undecided"


def unmixed(model: Model, equations: NormalEquations) -> UnmixedSolution | None:
    """The solution m of A θ = b that needs no inverse, or None if none was found.

    Args:
        model: the model that the equations were derived from.
        equations: of an unknown whose entries are coupled along one axis.
    """
    quantity = model.quantities[name_of(equations.gradient.target.args[1])]
    coupled, reduced = without_deltas(quantity, equations)
    if len(coupled) != 1:
        return None
    ((row, column),) = coupled
    apart_from = tuple(i for i in quantity.axes if i != row)
    wider, matrix = with_name(model, MATRICES, reduced, *apart_from, row, column)
    for candidate in _candidates(reduced, equations.right, row, column):
        solution = oriented(candidate)
        there: dict[Basic, Basic] = {row: column}
        apart = substitute(quantity.at() - solution, there)
        factored = equations.factor * total(matrix.target * apart, column)
        proof = prove(equations.gradient.result, factored, wider)
        if proof is not None:
            return UnmixedSolution(
                model=wider,
                equations=equations,
                unknown=quantity.at(),
                matrix=matrix,
                factored=factored,
                solution=solution,
                proof=proof,
            )
    return None


def _candidates(matrix: Expr, right: Expr, row: Idx, column: Idx) -> Iterator[Expr]:
    """What m would have to be for each factor of A over its row and column that occurs in b."""
    avoid = {row, column, *free_indices(matrix), *free_indices(right)}
    ours, theirs = (_terms(e, avoid) for e in (matrix, right))
    for common in dict.fromkeys(t.over(row, column) for t in ours):
        if common and not any(free_indices(f) - {row, column} for f in common):
            scale = Add(*(t.without(common, column) for t in ours if t.over(row, column) == common))
            rest = Add(*(next(_beside(common, t, row, column), Integer(0)) for t in theirs))
            if scale != 0:
                yield _merged(rest) / _merged(scale)


def _beside(common: tuple[Expr, ...], term: Term, row: Idx, column: Idx) -> Iterator[Expr]:
    """What stands beside the common factor in a term of b, at the row, for each sum that can be the one over k."""
    for i, lower, upper in term.bound:
        moved = tuple(substitute(f, {column: i}) for f in common)
        if (lower, upper) == (column.lower, column.upper) and set(moved) <= set(term.factors):
            yield substitute(term.without(moved, i), {i: row})


def _merged(expr: Expr) -> Expr:
    """Sums over one range as one, written as one would."""
    return neat(tidy(merge_sums(expr)))


def _terms(expr: Expr, avoid: set[Idx]) -> list[Term]:
    """A sum of nested sums of products, multiplied out."""
    if isinstance(expr, Add):
        return [t for a in expr.args for t in _terms(a, avoid)]
    if isinstance(expr, Sum):
        apart = rename_bound(expr, avoid)
        limits = bound_in(apart)
        inner = _terms(args_of(apart)[0], avoid | {i for i, _, _ in limits})
        return [Term(factors=t.factors, bound=(*t.bound, *limits)) for t in inner]
    if not isinstance(expr, Mul):
        return [Term(factors=(expr,))]
    product = [Term()]
    for a in expr.args:
        taken = {i for t in product for i, _, _ in t.bound}
        product = [
            Term(factors=(*t.factors, *u.factors), bound=(*t.bound, *u.bound))
            for t in product
            for u in _terms(a, avoid | taken)
        ]
    return product
