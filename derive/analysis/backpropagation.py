r"""Back-propagation in a few lines: the errors δ := ∂E/∂z of the logits, from the last layer to the first.

    δ^(L) = ∂E/∂a^(L) ⊙ f′(z^(L)),    δ^(l) = (W^(l+1)T δ^(l+1)) ⊙ f′(z^(l)),    ∂E/∂W^(l) = δ^(l) a^(l−1)T

Every line is composed from the derivatives between neighbours, and proved as a whole against the definitions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sympy import Add, Expr, Idx, Indexed, Integer, KroneckerDelta, Mul, Product, Sum

from ..adjoint import adjoint_rule
from ..backprop import working
from ..calculus.indices import bound_in, certainly_nonnegative, free_indices, placed, transform
from ..calculus.naming import named
from ..calculus.tidy import collapse_deltas, tidy
from ..calculus.trees import args_of
from ..derivation import established
from ..model import Model, ModelError
from ..notation.equations import matrix_latex
from ..prove import Proof
from ..quantities import Kind, Quantity
from ..vocabulary import Inside, Partial, index, indices_of, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_LAYERS = 50


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What is passed back to a quantity: ∂E/∂wrt in terms of the errors of the next layer.

    Attributes:
        wrt: an entry of the quantity; its layer may be one of many, 1 ≤ l ≤ L − 1.
        result: what ∂E/∂wrt equals, in values and derivatives of E by logits.
        proof: of that, from the definitions.
    """

    wrt: Expr
    result: Expr
    proof: Proof | None


def passed_back(model: Model, wrt: Expr, logits: Iterable[str]) -> Passed:
    """∂E/∂wrt with every derivative carried on to the next logits, and no further.

    Args:
        model: has the objective E.
        wrt: an entry; the index of its layer may carry a narrower range than the definitions do.
        logits: the names of the quantities at which to stop.
    """
    objective, stops = model.quantities[model.objective].at(), frozenset(logits)
    start = now = Partial(objective, wrt)
    for _ in range(MOST_LAYERS):
        open_ends = [p for p in now.atoms(Partial) if p == start or name_of(p.wrt) not in stops]
        if not open_ends:
            break
        known: dict[Expr, Expr] = {p: _one_step(p, model) for p in open_ends}
        now = _without_strangers(transform(now, known.get))
    result = _term_by_term(tidy(now))
    return Passed(wrt=wrt, result=result, proof=established(start, result, model))


def _term_by_term(expr: Expr) -> Expr:
    """Σ (a + b) as Σ a + Σ b: what comes from each consumer stands by itself."""
    if isinstance(expr, Add | Mul):
        return expr.func(*(_term_by_term(a) for a in args_of(expr)))
    if not isinstance(expr, Sum) or not isinstance(expr.function, Add):
        return expr
    return Add(*(tidy(Sum(term, *expr.limits)) for term in args_of(expr.function)))


def _one_step(derivative: Partial, model: Model) -> Expr:
    """∂E/∂v by the definitions that use v directly."""
    stepped = adjoint_rule(derivative.of, derivative.wrt, working(model))
    return tidy(named(collapse_deltas(stepped), model))


def _without_strangers(expr: Expr) -> Expr:
    """The expression without deltas of indices that are never equal: δ(l, L) for l < L."""

    def never(e: Expr) -> Expr | None:
        if not isinstance(e, KroneckerDelta):
            return None
        a, b = e.args[:2]
        return Integer(0) if any(certainly_nonnegative(d - 1) for d in (a - b, b - a)) else None

    kept: Expr = transform(expr, never)
    return kept


def passed_to(model: Model, name: str, logits: Iterable[str]) -> tuple[Passed, ...]:
    """What is passed back to a quantity, in as few formulas as there are.

    Along a recursion over layers 1, …, L there may be one for all of them, or else one for the last layer and one
    for any layer before it.
    """
    quantity = model.quantities[name]
    anywhere = passed_back(model, quantity.at(), logits)
    if _over(model, quantity) is None or not anywhere.result.has(Inside, KroneckerDelta):
        return (anywhere,)
    return tuple(passed_back(model, entry, logits) for entry in _last_and_inner(model, quantity))


def _last_and_inner(model: Model, logits: Quantity) -> tuple[Expr, Expr]:
    over = _over(model, logits)
    assert over is not None
    inner = index(str(over.label), over.lower, over.upper - 1)
    return _at(logits, over, over.upper), _at(logits, over, inner)


def _over(model: Model, quantity: Quantity) -> Idx | None:
    recursive = {d.over for d in model.definitions if d.over is not None}
    return next((i for i in quantity.axes if i in recursive), None)


def _at(quantity: Quantity, axis: Idx, place: Expr) -> Expr:
    return quantity.at(*placed(quantity.axes, {axis: place}))


# -- in the names of a lecture: δ for the errors, and a layer's own W^(l) ------------------------------


class Lettering:
    r"""A model in the names of a lecture: `\delta` for ∂E/∂z, and W^{(l)} for the part of W at the layer l."""

    def __init__(self, model: Model, logits: tuple[str, ...]) -> None:
        """The lettering for these logits.

        Raises: ModelError: if the model lacks them, or has a name that the errors need.
        """
        for name in logits:
            if name not in model.defined:
                raise ModelError(f"model {model.name} defines no {name!r}; name the logits, such as 'z'")
        self.model = model
        self.errors = {n: _error_of(model.quantities[n], several=len(logits) > 1) for n in logits}
        self.slices: dict[str, Quantity] = {}
        if taken := {e.name for e in self.errors.values()} & set(model.quantities):
            raise ModelError(f"model {model.name} has a quantity {min(taken)} of its own; the errors need that name")

    @property
    def wider(self) -> Model:
        """The model with the new names besides its own."""
        return replace(self.model, given=(*self.model.given, *self.errors.values(), *self.slices.values()))

    def error(self, entry: Expr) -> Expr:
        """The error of an entry of the logits: δ^{(l)}_i for z_{l,i}."""
        return self.written(self.errors[name_of(entry)].at(*indices_of(entry)))

    def written(self, expr: Expr) -> Expr:
        """The expression in the new names; what is summed over layers keeps its index."""
        bound = frozenset(i for s in expr.atoms(Sum, Product) for i, _, _ in bound_in(s))

        def rewritten(e: Expr) -> Expr | None:
            if isinstance(e, Partial) and name_of(e.wrt) in self.errors:
                return self._sliced(self.errors[name_of(e.wrt)].at(*indices_of(e.wrt)), bound)
            if isinstance(e, Partial):
                return Partial(e.of, self._sliced(e.wrt, bound))
            return self._sliced(e, bound) if isinstance(e, Indexed) else None

        changed: Expr = transform(expr, rewritten)
        return changed

    def _sliced(self, entry: Expr, bound: frozenset[Idx]) -> Expr:
        known = {**self.model.quantities, **{q.name: q for q in self.errors.values()}}
        quantity = known.get(name_of(entry))
        over = _over(self.model, quantity) if quantity is not None else None
        if quantity is None or over is None:
            return entry
        position = quantity.axes.index(over)
        layer = indices_of(entry)[position]
        if free_indices(layer) & bound:
            return entry
        name = f"{quantity.name}_at_{str(layer).replace(' ', '').replace('+', '_plus_').replace('-', '_minus_')}"
        latex = f"{quantity.latex}^{{({layer})}}"
        there = placed(quantity.axes, {over: layer})
        axes = tuple(i for k, i in enumerate(there) if k != position and isinstance(i, Idx))
        found = self.slices.setdefault(name, replace(quantity, name=name, latex=latex, axes=axes))
        where = indices_of(entry)
        return found.at(*where[:position], *where[position + 1 :])

    def whole(self, target: Expr) -> Quantity:
        r"""What stands for all entries of a target in matrix notation: δ^{(l)}, or \partial E/\partial W^{(l)}."""
        known = self.wider.quantities
        if not isinstance(target, Partial):
            return known[name_of(target)]
        by = known[name_of(target.wrt)]
        latex = rf"\frac{{\partial {known[name_of(target.of)].latex}}}{{\partial {matrix_latex(by)}}}"
        gradient = replace(by, name=f"gradient_{by.name}", latex=latex, kind=Kind.DEFINED, sample_axis=False)
        return self.slices.setdefault(gradient.name, gradient)


def label_of(entry: Expr, model: Model) -> str:
    """Which layer or time an entry stands for, where a formula holds for many: "at l = L", "for l < L"."""
    over = _over(model, model.quantities[name_of(entry)])
    if over is None or over in indices_of(entry):
        return ""
    sign = "=" if over.upper in indices_of(entry) else "<"
    return f"{'at' if sign == '=' else 'for'} {over.label} {sign} {over.upper}"


def _error_of(logits: Quantity, several: bool) -> Quantity:
    r"""The error of logits: \delta with their scripts, or with their letter as a subscript where there are several."""
    letter, mark, scripts = logits.latex.partition("^")
    name = f"delta_{logits.name.partition('_')[2] or logits.name}" if several else "delta"
    label = f"_{{{letter}}}" if several and not mark else ""
    return replace(logits, name=name, latex=rf"\delta{label}{mark}{scripts}", kind=Kind.DEFINED)
