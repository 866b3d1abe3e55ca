"""Proofs at symmetric matrices: what is positive definite equals its transpose, and so does its inverse.

Derivatives count the entries of a matrix as independent of each other, so the symmetry is of no use to them. Between
values it may be used: every A_{ij} is written (A_{ij} + A_{ji})/2, and (A^{-1})_{ij} likewise, on both sides.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Idx, Indexed, Rational, Sum

from ..calculus.indices import bound_in, free_indices, substitute, transform
from ..calculus.tidy import tidy
from ..calculus.trees import operations
from ..derivation import Derivation, Step
from ..model import Model
from ..prove import Proof, prove
from ..quantities import Domain
from ..vocabulary import InverseEntry, Partial, indices_of, name_of, names_in, tensor

HALF = Rational(1, 2)
SYMMETRIC = " symmetric"  # what a proof says of a matrix whose symmetry it used


def prove_values(left: Expr, right: Expr, model: Model) -> Proof | None:
    """A proof that left = right wherever the quantities lie in their domains, by symmetry too where none is without.

    Args:
        left: an expression in the names of the model.
        right: another; the symmetry is used only if neither holds a derivative.
        model: matrices whose domain is positive definite are symmetric.
    Returns: the proof; its conditions name the matrices whose symmetry was used.
    """
    if (plain := prove(left, right, model)) is not None:
        return plain
    matrices = _symmetric_names(model)
    if not matrices or left.has(Partial) or right.has(Partial):
        return None
    opened, unfolded = zip(*(_opened(e, matrices, model) for e in (left, right)), strict=True)
    evened = [_evened(e, matrices) for e in opened]
    if list(opened) == evened or (found := prove(evened[0], evened[1], model)) is None:
        return None
    used = tuple(f"{n}{SYMMETRIC}" for n in matrices if any(_stands_in(n, e) for e in opened))
    names = tuple(dict.fromkeys((*unfolded[0], *unfolded[1], *found.unfolded)))
    return replace(found, unfolded=names, conditions=(*found.conditions, *used))


def oriented_places(expr: Expr, model: Model) -> Expr:
    """Entries of symmetric matrices with their indices in order, the free one first, which lets equal terms meet."""
    matrices = _symmetric_names(model)
    outside = free_indices(expr)

    def ordered(e: Expr) -> Expr | None:
        if not _symmetric(e, matrices):
            return None
        i, j = sorted(_places(e), key=lambda place: (place not in outside, str(place)))
        return _at(e, i, j)

    return transform(expr, ordered) if matrices else expr


def by_symmetry(derivation: Derivation) -> Derivation:
    """The derivation with one step more where a symmetric matrix makes its result shorter.

    ∂ log N(x | μ, Σ) / ∂μ = ½ (Σ^{-1} + Σ^{-T}) (x − μ) = Σ^{-1} (x − μ)

    The derivative was taken with the entries apart; only its value is rewritten, and the proof says so.
    """
    model, before = derivation.model, derivation.result
    if derivation.proof is None or not any(_stands_in(n, before) for n in _symmetric_names(model)):
        return derivation
    after = tidy(_lettered(oriented_places(before, model)))
    proof = prove_values(before, after, model) if operations(after) < operations(before) else None
    if proof is None:
        return derivation
    step = Step(rule=f"symmetry of {_used(proof)}", before=before, after=after, proof=proof)
    conditions = tuple(dict.fromkeys((*derivation.proof.conditions, *proof.conditions)))
    whole = replace(derivation.proof, conditions=conditions)
    return replace(derivation, result=after, chain=(*derivation.chain, step), proof=whole)


def _used(proof: Proof) -> str:
    return ", ".join(c.removesuffix(SYMMETRIC) for c in proof.conditions if c.endswith(SYMMETRIC))


def _symmetric_names(model: Model) -> list[str]:
    return [q.name for q in model.given if q.domain is Domain.POSITIVE_DEFINITE]


def _lettered(expr: Expr) -> Expr:
    """Sums over equal ranges with the same letter, as far as it is free to be used, so that equal ones meet."""
    bound = {limits for e in expr.atoms(Sum) for limits in bound_in(e)}
    letters = sorted(bound, key=lambda limits: (str(limits[0]).count("'"), str(limits[0])))

    def renamed(e: Expr) -> Expr | None:
        if not isinstance(e, Sum) or len(e.limits) != 1:
            return None
        body = transform(e.function, renamed)
        i, lower, upper = bound_in(e)[0]
        taken = body.atoms(Idx) - {i}
        fitting = (j for j, low, high in letters if (low, high) == (lower, upper) and j not in taken)
        first = next(fitting, i)
        return Sum(substitute(body, {i: first}), (first, lower, upper))

    return transform(expr, renamed)


def _opened(expr: Expr, matrices: list[str], model: Model) -> tuple[Expr, tuple[str, ...]]:
    """The names that are computed from one of the matrices unfolded, those closest to the output first."""
    unfolded: list[str] = []
    for definition in reversed(model.definitions):
        met = {name_of(a) for a in names_in(expr)}
        if definition.name in met and not definition.recursive and model.ancestors[definition.name] & {*matrices}:
            expr = model.unfold(expr, definition.name)
            unfolded.append(definition.name)
    return expr, tuple(unfolded)


def _evened(expr: Expr, matrices: list[str]) -> Expr:
    def evened(e: Expr) -> Expr | None:
        if not _symmetric(e, matrices):
            return None
        i, j = _places(e)
        return HALF * (_at(e, i, j) + _at(e, j, i)) if i != j else e

    return transform(expr, evened)


def _symmetric(e: Expr, matrices: list[str]) -> bool:
    """Whether this is an entry of one of the matrices, or of its inverse."""
    if isinstance(e, InverseEntry):
        return str(e.args[0]) in matrices
    return isinstance(e, Indexed) and name_of(e) in matrices


def _places(e: Expr) -> tuple[Expr, Expr]:
    i, j = e.place if isinstance(e, InverseEntry) else indices_of(e)
    return i, j


def _at(e: Expr, i: Expr, j: Expr) -> Expr:
    return e.at(i, j) if isinstance(e, InverseEntry) else tensor(name_of(e))[i, j]


def _stands_in(matrix: str, expr: Expr) -> bool:
    return any(name_of(a) == matrix for a in names_in(expr))
