r"""Linear recursions of the first order: their closed form is found by unrolling, and proved by induction.

    v_t = c v_{t−1} + b_t   gives   v_t = c^{t−l+1} v_{l−1} + Σ_{i=l}^t c^{t−i} b_i,

where the sum is a geometric one if b is the same at every step: with the fixed point p = b / (1 − c),

    v_t = p + c^{t−l+1} (v_{l−1} − p)   for c ≠ 1,     v_t = v_{l−1} + (t − l + 1) b   for c = 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Basic, Dummy, Expr, Idx, Sum

from ..calculus.differentiate import differentiate
from ..calculus.indices import free_indices, substitute, transform
from ..calculus.normalform import TooLarge, is_zero
from ..calculus.tidy import tidy
from ..model import Model, ModelError
from ..prove import reliable_facts
from ..vocabulary import index, is_name, name_of
from .induction import Induction, prove_by_induction

LETTERS = (*"ikrpqsuw", "step")


@dataclass(frozen=True, kw_only=True)
class Linear:
    """v_t = factor · v_{t−1} + added, from v_{l−1} = base.

    Attributes:
        name: of v.
        over: the index t, which begins at l.
        factor: the same at every step.
        added: what is added at the step t.
        base: the value before the first step.
        letter: of the index that a sum over the steps runs over; the model does not use it.
    """

    name: str
    over: Idx
    letter: str
    factor: Expr
    added: Expr
    base: Expr

    @property
    def steps(self) -> Expr:
        """How many steps there are up to t."""
        count: Expr = self.over - self.over.lower + 1
        return count

    def unrolled(self) -> Expr:
        """The value at t as a sum over the steps."""
        i = index(self.letter, self.over.lower, self.over)
        at_step: dict[Basic, Basic] = {self.over: i}
        past = Sum(self.factor ** (self.over - i) * substitute(self.added, at_step), (i, i.lower, i.upper))
        return self.factor**self.steps * self.base + tidy(past)

    def geometric(self) -> Expr | None:
        """The value at t without a sum; None if what is added differs from step to step."""
        if self.over in free_indices(self.added):
            return None
        if (self.factor - 1).expand() == 0:
            return self.base + self.steps * self.added
        fixed = self.added / (1 - self.factor)
        return tidy(fixed + self.factor**self.steps * (self.base - fixed))


@dataclass(frozen=True, kw_only=True)
class ClosedForm:
    """What a recursion is at every step, with its proof by induction."""

    name: str
    value: Expr
    induction: Induction


def linear_recursion(model: Model, name: str) -> Linear | None:
    """A recursion as factor and addend, or None if it is not linear, or its factor changes from step to step.

    Raises: ModelError: if the name is no recursion of the model.
    """
    recursion = model.defined.get(name)
    if recursion is None or recursion.over is None or recursion.base is None:
        raise ModelError(f"{name} is no recursion of model {model.name}; name one that is defined by its last value")
    one_back: dict[Basic, Basic] = {recursion.over: recursion.over - 1}
    before, slot = substitute(recursion.target, one_back), Dummy("v", real=True)
    opened = transform(recursion.expr, lambda e: slot if e == before else None)
    factor, added = differentiate(opened, slot), substitute(opened, {slot: opened * 0})
    itself = any(is_name(a) and name_of(a) == name for a in opened.atoms(Basic) if isinstance(a, Expr))
    if itself or factor.has(slot) or recursion.over in free_indices(factor) or _depends(model, factor, name):
        return None
    try:
        if not is_zero(opened - factor * slot - added, reliable_facts(model)):
            return None
    except TooLarge:
        return None
    return Linear(
        name=name,
        over=recursion.over,
        letter=_free_letter(model),
        factor=tidy(factor),
        added=tidy(added),
        base=recursion.base,
    )


def closed_forms(model: Model, name: str) -> tuple[ClosedForm, ...]:
    """The closed forms of a recursion that were found and proved: unrolled, and without a sum where it has none.

    Raises: ModelError: if the name is no recursion of the model.
    """
    linear = linear_recursion(model, name)
    if linear is None:
        return ()
    found = [form for form in (linear.unrolled(), linear.geometric()) if form is not None]
    proofs = [(form, prove_by_induction(model, name, form)) for form in found]
    return tuple(ClosedForm(name=name, value=form, induction=proof) for form, proof in proofs if proof is not None)


def _free_letter(model: Model) -> str:
    axes = {i for q in model.quantities.values() for i in q.axes}
    axes |= {i for d in model.definitions for i in d.expr.atoms(Idx)}
    taken = {str(s) for i in axes for s in (i.label, *i.lower.free_symbols, *i.upper.free_symbols)}
    return next(letter for letter in LETTERS if letter not in taken | set(model.quantities))


def _depends(model: Model, expr: Expr, name: str) -> bool:
    return any(model.depends(name_of(a), name) for a in expr.atoms(Expr) if is_name(a))
