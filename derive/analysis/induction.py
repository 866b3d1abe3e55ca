r"""Proof by induction: a recursion equals a closed form at every step.

    v_{l−1} = F(l−1)   and   f(F(t−1), t) = F(t) for l ≤ t ≤ u   give   v_t = F(t) for l−1 ≤ t ≤ u,

where v_t = f(v_{t−1}, t). Both equalities are left to the prover. It proves them wherever both sides are defined,
so a closed form that is undefined at one t would let a falsehood pass the gap: such a form is not accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sympy import Abs, Add, Basic, Expr, Idx, Indexed, Integer, KroneckerDelta, Mul, Pow, Product, Sum, Symbol, exp, log

from ..calculus.indices import (
    BINDERS,
    bound_in,
    certainly_nonnegative,
    free_indices,
    fresh,
    substitute,
    transform,
    within,
)
from ..calculus.positivity import Facts, nonnegative, positive
from ..calculus.trees import args_of
from ..model import Model, ModelError
from ..prove import Proof, prove, reliable_facts
from ..quantities import Definition, Domain
from ..rows.functions import RowFunction
from ..vocabulary import Inside, Partial, Positive, index, indices_of, is_name, name_of, names_in

# what has a value wherever its parts do
TOTAL = (Abs, Add, Idx, Indexed, KroneckerDelta, Inside, Mul, Positive, Symbol, exp)


@dataclass(frozen=True, kw_only=True)
class Induction:
    """How a closed form was proved.

    Attributes:
        base: that it holds just before the range.
        step: that it holds at t if it does at t − 1.
    """

    base: Proof
    step: Proof

    @property
    def unfolded(self) -> tuple[str, ...]:
        """The names that had to be unfolded, in order."""
        return tuple(dict.fromkeys((*self.base.unfolded, *self.step.unfolded)))

    @property
    def conditions(self) -> tuple[str, ...]:
        """The domains relied on."""
        return tuple(sorted({*self.base.conditions, *self.step.conditions}))


def prove_by_induction(model: Model, name: str, closed_form: Expr) -> Induction | None:
    """A proof that a recursion equals a closed form at every step, or None if none was found.

    Args:
        model: has the recursion, one step back: v_t in terms of v_{t−1}.
        name: of the quantity that the recursion defines.
        closed_form: an expression in the axes of the quantity, which does not use the quantity.
    Raises: ModelError: if the name is no recursion of the model, or the form is not closed.
    """
    recursion, over, start = _recursion(model, name)
    _check_closed(closed_form, recursion, model)
    if not _one_step_back(recursion, over) or not _always_defined(closed_form, over, model):
        return None
    form = _from_zero(closed_form)
    before: dict[Basic, Basic] = {over: over.lower - 1}
    base = prove(_from_zero(start), substitute(form, before), model)
    step = prove(_hypothesis_used(recursion, form), form, model) if base is not None else None
    return None if base is None or step is None else Induction(base=base, step=step)


def with_closed_form(model: Model, name: str, closed_form: Expr) -> Model:
    """The model with a recursion replaced by the closed form it was proved to equal, also before its range.

    Raises: ModelError: if the form is not proved, or uses what is defined only later.
    """
    if prove_by_induction(model, name, closed_form) is None:
        raise ModelError(f"{name} was not proved to be {closed_form} by induction; check the form at the first steps")
    quantity = replace(model.quantities[name], domain=Domain.REAL)  # its domain says nothing of its base
    closed = Definition(quantity=quantity, expr=_from_zero(closed_form))
    return replace(model, definitions=tuple(closed if d.name == name else d for d in model.definitions))


def _recursion(model: Model, name: str) -> tuple[Definition, Idx, Expr]:
    definition = model.defined.get(name)
    if definition is None or definition.over is None or definition.base is None:
        raise ModelError(f"induction needs a recursion with a base; {name} is none of model {model.name}")
    return definition, definition.over, definition.base


def _check_closed(form: Expr, recursion: Definition, model: Model) -> None:
    """Reject a form that has indices other than the axes, or that uses the recursion."""
    leaked = free_indices(form) - set(recursion.quantity.axes)
    if leaked:
        named = ", ".join(sorted(str(i.label) for i in leaked))
        raise ModelError(f"the index {named} of the closed form of {recursion.name} is no index of {recursion.name}")
    for used in dict.fromkeys(name_of(a) for a in names_in(form)):
        if model.depends(used, recursion.name):
            raise ModelError(f"the closed form of {recursion.name} uses {used}, which depends on {recursion.name}")


def _one_step_back(recursion: Definition, over: Idx) -> bool:
    """Whether the recursion uses itself only at the step before, at entries that there are."""
    if recursion.expr.atoms(Partial) or not _ranges_carried(recursion.expr):
        return False
    axes = recursion.quantity.axes
    return all(
        (k - over + 1).expand() == 0 if i == over else within(k, i.lower, i.upper)
        for a in names_in(recursion.expr)
        if name_of(a) == recursion.name
        for i, k in zip(axes, indices_of(a), strict=True)
    )


def _ranges_carried(expr: Basic) -> bool:
    """Whether every bound index carries the range it runs over."""
    own = (i.lower == lower and i.upper == upper for i, lower, upper in bound_in(expr)) if _binds(expr) else ()
    return all(own) and all(_ranges_carried(a) for a in expr.args)


def _binds(expr: Basic) -> bool:
    return isinstance(expr, BINDERS)


def _hypothesis_used(recursion: Definition, form: Expr) -> Expr:
    """The right side of a recursion with the closed form in the place of the step before."""

    def by_hypothesis(a: Expr) -> Expr | None:
        if not is_name(a) or name_of(a) != recursion.name:
            return None
        return substitute(form, dict(zip(recursion.quantity.axes, indices_of(a), strict=True)))

    used: Expr = transform(_from_zero(recursion.expr), by_hypothesis)
    return used


def _from_zero(expr: Any) -> Any:
    """Every sum with an index that begins at 0: of Σ_{i=0} β^{−i} a_i the normal form splits off the last term."""
    if not expr.args or isinstance(expr, Idx | Indexed | Partial | Product):
        return expr
    if not isinstance(expr, Sum):
        return expr.func(*(_from_zero(a) for a in args_of(expr)))
    (i, lower, upper), *outer = bound_in(expr)
    new = fresh(
        i,
        free_indices(expr.function) - {i} | free_indices(lower) | free_indices(upper),
        Integer(0),
        (upper - lower).expand(),
    )
    shifted: dict[Basic, Basic] = {i: new + lower}
    inner = Sum(_from_zero(substitute(expr.function, shifted)), (new, new.lower, new.upper))
    return _from_zero(Sum(inner, *outer)) if outer else inner


# -- closed forms that have a value at every step ----------------------------------------------------


def _always_defined(form: Expr, over: Idx, model: Model) -> bool:
    """Whether the form has a value at every step from the base on, or, where a constant is exceptional, at none."""
    facts = reliable_facts(model)
    steps: dict[Basic, Basic] = {over: index(str(over.label), over.lower - 1, over.upper)}
    used = {name_of(a) for a in names_in(form)}
    used |= {n for u in used for n in model.ancestors.get(u, ())}
    definitions = [model.defined[n] for n in used if n in model.defined]
    bodies = [e for d in definitions for e in (d.expr, d.base) if e is not None]
    return all(_has_value(e, facts) for e in (substitute(form, steps), *bodies))


def _has_value(expr: Any, facts: Facts) -> bool:
    """Whether an expression certainly has a value; a constant, without index, has one at all steps or at none."""
    if expr.is_number:
        return bool(expr.is_finite)
    if isinstance(expr, RowFunction):
        return _has_value(expr.textbook, facts)
    if isinstance(expr, BINDERS):
        return _has_value(expr.function, facts)
    if isinstance(expr, Idx | Indexed):
        return True
    if free_indices(expr) and not _within_domain(expr, facts):
        return False
    return isinstance(expr, (*TOTAL, Pow, log)) and all(_has_value(a, facts) for a in expr.args)


def _within_domain(expr: Expr, facts: Facts) -> bool:
    """Whether the base of a power, or what a logarithm is taken of, certainly is where that has a value."""
    if isinstance(expr, log):
        return positive(expr.args[0], facts)
    if not isinstance(expr, Pow):
        return True
    base, exponent = expr.args
    if positive(base, facts) or (exponent.is_integer and certainly_nonnegative(exponent)):
        return True
    return bool(exponent.is_Rational and exponent > 0) and nonnegative(base, facts)
