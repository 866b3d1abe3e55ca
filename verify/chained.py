"""Chain rules that say themselves through what a function depends on something: ∂L/∂W = ∂L/∂z x^T."""

from __future__ import annotations

from sympy import Add, Expr, Mul, Sum

from derive.calculus.trees import args_of
from derive.model import Model
from derive.vocabulary import Partial, is_name, name_of


def chained_through(left: Expr, right: Expr, model: Model) -> str:
    """The L of ∂L/∂W = ∂L/∂z x^T, each of whose terms has a ∂L/∂z, so that it says through what L depends on W.

    A name stands for one where it is defined so, as δ = ∂L/∂z.
    """
    slope = _as_slope(left, model)
    slopes = [s for s in (args_of(slope) if isinstance(slope, Mul) else (slope,)) if isinstance(s, Partial)]
    of = slopes[0].of if len(slopes) == 1 else None  # also of ∂L/∂σ², which is read as a multiple of ∂L/∂σ
    return name_of(of) if of is not None and is_name(of) and _has_slope(right, name_of(of), model) else ""


def _as_slope(expr: Expr, model: Model) -> Expr:
    """A name as the derivative that it is defined to be."""
    definition = model.defined.get(name_of(expr)) if is_name(expr) else None
    return expr if definition is None or not isinstance(definition.expr, Partial) else definition.expr


def _has_slope(expr: Expr, of: str, model: Model) -> bool:
    """Whether each term of an expression has a derivative of a name as a factor."""
    if isinstance(expr, Add):
        return all(_has_slope(a, of, model) for a in args_of(expr))
    if isinstance(expr, Mul):
        return any(_has_slope(a, of, model) for a in args_of(expr))
    if isinstance(expr, Sum):
        return _has_slope(expr.function, of, model)
    slope = _as_slope(expr, model)
    return isinstance(slope, Partial) and is_name(slope.of) and name_of(slope.of) == of
