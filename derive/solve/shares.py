"""Shares written by their name: Σ_k (x − μ_k) q_k / Σ_l q_l is Σ_k r_k (x − μ_k) with r_k = q_k / Σ_l q_l."""

from __future__ import annotations

from sympy import Basic, Dummy, Expr, Idx, IndexedBase, Integer, Sum, fraction

from ..calculus.indices import free_indices, fresh, substitute, transform
from ..calculus.naming import match
from ..calculus.tidy import tidy
from ..model import Model, ModelError
from ..quantities import Definition
from ..vocabulary import indices_of, is_name, name_of


def in_shares(expr: Expr, name: str, model: Model) -> Expr:
    """An expression with q written as r Σ q, where the sums then cancel; else as it was.

    Args:
        expr: in the names of the model.
        name: of a definition r = q / Σ q, with a single name above and a sum below.
        model: defines it.
    Raises: ModelError: if the definition is no such share.
    """
    definition = model.defined.get(name)
    above, below = _fraction(definition)
    if definition is None or not is_name(above) or not isinstance(below, Sum):
        raise ModelError(f"{name} of model {model.name} is no share q / Σ q; name one that is")
    taken = {*expr.atoms(Idx), *definition.expr.atoms(Idx)}
    axes = tuple(fresh(i, taken) for i in definition.quantity.axes)
    apart: dict[Basic, Basic] = dict(zip(definition.quantity.axes, axes, strict=True))
    above, below, share = (substitute(e, apart) for e in (above, below, definition.target))
    own = tuple(i for i in axes if i in free_indices(below))
    held = Dummy("whole", positive=True)
    whole = IndexedBase(held)[own] if own else held

    def sums(e: Expr) -> Expr | None:
        found = match(below, e, axes) if isinstance(e, Sum) else None
        return None if found is None else substitute(whole, found)

    def terms(e: Expr) -> Expr | None:
        if not is_name(e) or name_of(e) != name_of(above):
            return None
        at: dict[Basic, Basic] = dict(zip(indices_of(above), indices_of(e), strict=True))
        return substitute(share * whole, at)

    result = tidy(transform(transform(expr, sums), terms))
    return expr if result.has(held) else result


def _fraction(definition: Definition | None) -> tuple[Expr, Expr]:
    above: Expr
    below: Expr
    above, below = fraction(Integer(0) if definition is None else definition.expr)
    return above, below
