"""Hessian-vector products: the gradient differentiated along a direction, name by name, after Pearlmutter.

    Σ_K ∂²L/∂θ_J∂θ_K v_K = d/dt (∂L/∂θ_J)(θ + t v)      at t = 0

On the line θ + t v every name is a function of t alone. The slope of a name u is the sum of the slopes of the names
w that its definition uses, u̇ = Σ_w Σ_K ∂u/∂w[K] ẇ[K]; gradients that are given by those of names in between are
names too. So the product costs a few times what the gradient does, and grows with depth as it does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Expr

from ..backprop import partial
from ..calculus.indices import transform
from ..calculus.naming import named
from ..calculus.tidy import collapse_deltas, tidy
from ..derivation import Chain, Derivation
from ..model import Model
from ..prove import chain_rule, expand_partials, prove
from ..quantities import Definition, Domain, Kind, Quantity
from ..vocabulary import Partial, indices_of, name_of


class HessianError(ValueError):
    """A Hessian-vector product that cannot be derived: the message says what stands in the way."""


@dataclass(frozen=True, kw_only=True)
class HessianVector:
    """A Hessian-vector product as a model: the definitions of the objective, of its gradient and of the slopes.

    Attributes:
        model: the model with the directions given and with the definitions that the product needs.
        directions: v, one for each parameter that is moved; all with the axes of their parameters.
        gradient: ∂of/∂wrt.
        product: its slope along the directions, Σ_K ∂²of/∂wrt∂θ[K] v[K].
        derivations: of the gradients and of the slopes, in the order of their definitions.
    """

    model: Model
    directions: tuple[Quantity, ...]
    gradient: Quantity
    product: Quantity
    derivations: tuple[Derivation, ...]

    @property
    def verdict(self) -> str:
        """`proved` only if every derivation is."""
        return "proved" if all(d.verdict == "proved" for d in self.derivations) else "undecided"


def hessian_vector(model: Model, of: str, wrt: str, along: Sequence[str] = ()) -> HessianVector:
    """Derive Σ_K ∂²of/∂wrt∂θ[K] v[K].

    Args:
        model: its definitions are all that is used.
        of: the name of a scalar.
        wrt: the name of a given quantity.
        along: the names of the given quantities θ that v moves; `wrt` alone if there are none.
    Raises: HessianError: if a name is not a given one, or a recursion lies between.
    """
    moved = tuple(dict.fromkeys(along)) or (wrt,)
    _refuse(model, of, (wrt, *moved))
    gradients, found = _gradients(model, of, wrt)
    line = _line(model, moved, gradients)
    slopes, derived = _slopes(line, gradients[-1].name)
    return HessianVector(
        model=replace(
            model,
            given=(*model.given, *line.directions.values()),
            definitions=(*model.definitions, *gradients, *slopes),
        ),
        directions=tuple(line.directions.values()),
        gradient=gradients[-1].quantity,
        product=slopes[-1].quantity,
        derivations=(*found, *derived),
    )


def _refuse(model: Model, of: str, moved: Sequence[str]) -> None:
    given = {q.name for q in model.given}
    if of not in model.defined or model.quantities[of].axes:
        raise HessianError(f"the Hessian of {of!r}: expected a defined scalar such as {model.objective!r}; name one")
    for name in moved:
        if name not in given:
            raise HessianError(f"a Hessian by {name!r}: expected a given quantity; give one of {', '.join(given)}")
        between = model.ancestors.between(of, name, len(model.quantities))
        if recursion := next((n for n in between if model.ancestors.depends(n, n)), None):
            raise HessianError(
                f"the Hessian of {of!r} by {name!r}: expected definitions without recursion between, came the "
                f"recursion of {recursion!r}; write out a fixed number of its steps"
            )


def unused(name: str, taken: Collection[str]) -> str:
    """The name, with underscores if it is taken."""
    return unused(f"{name}_", taken) if name in taken else name


# -- gradients as names ------------------------------------------------------------------------------


def _gradients(model: Model, of: str, wrt: str) -> tuple[list[Definition], list[Derivation]]:
    """∂of/∂wrt, after the gradients by the names in between by which it is given, each as a definition."""
    objective = model.quantities[of].at()
    found: dict[str, Derivation] = {}
    todo = [wrt]
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = partial(model, objective, model.quantities[name].at())
            todo += [name_of(p.wrt) for p in found[name].result.atoms(Partial)]
    order = sorted(found, key=lambda name: -model.rank.get(name, -1))
    bars = {name: _beside(model.quantities[name], "bar", model) for name in order}

    def as_name(e: Expr) -> Expr | None:
        return bars[name_of(e.wrt)].at(*indices_of(e.wrt)) if isinstance(e, Partial) else None

    definitions = [Definition(quantity=bars[name], expr=transform(found[name].result, as_name)) for name in order]
    return definitions, [found[name] for name in order]


def _beside(quantity: Quantity, mark: str, model: Model) -> Quantity:
    """A quantity with the axes of another: its gradient, u_bar, or its slope, u_dot."""
    name, latex = unused(f"{quantity.name}_{mark}", model.quantities), f"\\{mark}{{{quantity.latex}}}"
    return replace(quantity, name=name, latex=latex, kind=Kind.DEFINED, domain=Domain.REAL)


# -- slopes along the line ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Line:
    """The model with θ = start + t v, and v for each θ."""

    model: Model
    t: Expr
    directions: Mapping[str, Quantity]


def _line(model: Model, moved: Sequence[str], gradients: Sequence[Definition]) -> _Line:
    taken = {*model.quantities, *(d.name for d in gradients)}
    t = Quantity(name=unused("t", taken), latex="t", kind=Kind.PARAMETER)
    directions, starts, lines = {}, [], []
    for name in moved:
        theta = model.quantities[name]
        latex = "v" if len(moved) == 1 else f"v_{{{theta.latex}}}"
        v = replace(theta, name=unused(f"v_{name}", taken), latex=latex, domain=Domain.REAL)
        start = replace(theta, name=unused(f"{name}_start", taken))
        directions[name] = v
        starts += [v, start]
        lines.append(Definition(quantity=replace(theta, kind=Kind.DEFINED), expr=start.at() + t.at() * v.at()))
    given = (*(q for q in model.given if q.name not in moved), t, *starts)
    line = replace(model, given=given, definitions=(*lines, *model.definitions, *gradients))
    return _Line(model=line, t=t.at(), directions=directions)


def _slopes(line: _Line, last: str) -> tuple[list[Definition], list[Derivation]]:
    """The slope of `last`, after those of the names that it needs, each as a definition."""
    model, t = line.model, name_of(line.t)
    needed = [n for n in model.rank if model.depends(n, t) and model.depends(last, n) and n not in line.directions]
    needed = needed if last in needed else [*needed, last]
    dots = {**line.directions, **{name: _beside(model.quantities[name], "dot", model) for name in needed}}

    def as_name(e: Expr) -> Expr | None:
        return dots[name_of(e.of)].at(*indices_of(e.of)) if isinstance(e, Partial) else None

    found = [_slope(model, model.quantities[name].at(), line.t) for name in needed]
    exprs = [transform(d.result, as_name) for d in found]
    return [Definition(quantity=dots[n], expr=e) for n, e in zip(needed, exprs, strict=True)], found


def _slope(model: Model, of: Expr, t: Expr) -> Derivation:
    """∂of/∂t by those of the names that the definition of `of` uses."""
    chain = Chain(model, Partial(of, t), prover=prove)
    chain.then("chain rule", expand_partials(chain_rule(of, t, model), model))
    chain.then("Kronecker delta", collapse_deltas(chain.now))
    chain.then("factoring", tidy(chain.now))
    return chain.then("in the names of the model", tidy(named(chain.now, model))).done()
