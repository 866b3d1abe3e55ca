"""Reverse accumulation in names: the adjoint of every quantity as a definition in index notation.

    v̄[I] = Σ_c Σ_K c̄[K] · ∂c[K]/∂v[I]    over the definitions c that use v, with the objective's own adjoint 1

Local derivatives are written with the values that the forward pass has already computed: h(1 − h), not σ(z)(1 − σ(z)).
Only where all of the gradient goes through h = σ(z), so that nothing stands beside it when h saturates, they are in z,
by forms that have all their digits however small they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import cast

from sympy import Add, Basic, Expr, Idx, Product, Sum, exp

from derive.calculus.differentiate import differentiate
from derive.calculus.indices import free_indices, fresh, fresh_axes, substitute, summed, transform
from derive.calculus.tidy import collapse_deltas, tidy
from derive.model import Model
from derive.quantities import Definition, Domain, Kind, Quantity
from derive.rows.functions import RowFunction, sigmoid, softplus, tanh
from derive.vocabulary import indices_of, is_name, name_of, names_in, scalar, tensor

from .entries import arguments, difference
from .logsums import LogSums, recalled_exponentials
from .softmax import Shares, residual, shares_among

SLOPES: Mapping[type, Callable[[Expr], Expr]] = {  # f′(z) without a difference of numbers that agree
    sigmoid: lambda z: exp(z - 2 * softplus(z)),
    tanh: lambda z: 4 * exp(2 * z - 2 * softplus(2 * z)),
}


def adjoints(model: Model, sums: LogSums | None = None) -> tuple[Definition, ...]:
    """Definitions of the adjoints that the parameters' need, and last those of the parameters, outermost first.

    Args:
        model: a computable model over its data.
        sums: the logarithms of sums of exponentials, in which quotients by such sums are written.
    Returns: definitions named `d_NAME` over the axes of NAME.
    """
    names = _on_the_way(model)
    values = _reusable(model)
    labels = {q.name for q in model.given if q.kind is Kind.DATA}
    found = []
    for name in reversed(names):
        expr = _recalled(_accumulated(model, model.quantities[name].at(), frozenset(names)), values, labels)
        plain = collapse_deltas(expr)
        if sums is not None and sums.known:
            plain = recalled_exponentials(sums.rewritten(plain), model.definitions)
        found.append(Definition(quantity=_adjoint(model, name), expr=tidy(plain)))
    parameters = {adjoint_name(model, q.name) for q in model.parameters}
    return tuple(_inlined(_with_totals(found, shares_among(model.definitions)), parameters))


def adjoint_name(model: Model, name: str) -> str:
    """`d_theta`, with underscores added if the model has a quantity of that name."""
    candidate = f"d_{name}"
    while candidate in model.quantities:
        candidate += "_"
    return candidate


def _on_the_way(model: Model) -> list[str]:
    """The names that the objective depends on and that depend on a parameter, parameters first."""
    parameters = [q.name for q in model.parameters]
    between = [
        d.name
        for d in model.definitions
        if d.name != model.objective
        and model.depends(model.objective, d.name)
        and any(model.depends(d.name, p) for p in parameters)
    ]
    return [*parameters, *between]


def _adjoint(model: Model, name: str) -> Quantity:
    q = model.quantities[name]
    latex = rf"\frac{{\partial {model.quantities[model.objective].latex}}}{{\partial {q.latex}}}"
    return replace(q, name=adjoint_name(model, name), latex=latex, kind=Kind.DEFINED, domain=Domain.REAL)


def _accumulated(model: Model, wrt: Expr, names: frozenset[str]) -> Expr:
    """Σ over the definitions that use an entry of their adjoint times the local derivative."""
    terms: list[Expr] = []
    for consumer in model.consumers.get(name_of(wrt), ()):
        if consumer.name == model.objective:
            terms.append(collapse_deltas(differentiate(consumer.expr, wrt)))
        elif consumer.name in names:
            terms.append(_through(model, consumer, wrt))
            if consumer.base is not None and any(name_of(a) == name_of(wrt) for a in names_in(consumer.base)):
                terms.append(_through_base(model, consumer, wrt, names))
    return Add(*terms)


def _through(model: Model, consumer: Definition, wrt: Expr) -> Expr:
    slots = fresh_axes(consumer.quantity.axes, free_indices(wrt))
    body = model.body(consumer.quantity.at(*slots))
    z = arguments(body)[0] if type(body) in SLOPES else body
    if z != body and is_name(z) and _all_goes_through(model, consumer.name):
        local = SLOPES[type(body)](z) * differentiate(z, wrt)
    else:
        local = differentiate(body, wrt)
    return _summed(_adjoint(model, consumer.name).at(*slots) * local, slots)


def _all_goes_through(model: Model, name: str) -> bool:
    """Whether the objective depends on the parameters through this name alone, computed once and not step by step."""
    if name in model.ancestors[name]:
        return False
    reached = {q.name for q in model.parameters}
    left = list(reached)
    while left:
        for consumer in model.consumers.get(left.pop(), ()):
            if consumer.name == model.objective:
                return False
            if consumer.name != name and consumer.name not in reached:
                reached.add(consumer.name)
                left.append(consumer.name)
    return True


def _through_base(model: Model, consumer: Definition, wrt: Expr, names: frozenset[str]) -> Expr:
    """Σ_K h̄_0[K] · ∂h_0[K]/∂wrt for the value of a recursion before its range."""
    assert consumer.over is not None and consumer.base is not None
    slots: dict[Basic, Basic] = {}
    for i in consumer.quantity.axes:
        if i != consumer.over:
            slots[i] = fresh(i, {*free_indices(wrt), *slots.values()})
    entry = consumer.quantity.at(*(cast("Expr", slots.get(i, i.lower - 1)) for i in consumer.quantity.axes))
    local = differentiate(substitute(consumer.base, slots), wrt)
    return _summed(_accumulated(model, entry, names) * local, [i for i in slots.values() if isinstance(i, Idx)])


def _summed(term: Expr, slots: Iterable[Idx]) -> Expr:
    return collapse_deltas(summed(term, slots))


def _reusable(model: Model) -> dict[tuple[type, str], str]:
    """Which names hold f(z) for a name z at the same axes: (f, z) -> name."""
    return {
        (type(d.expr), name_of(d.expr.args[0])): d.name
        for d in model.definitions
        if isinstance(d.expr, RowFunction)
        and is_name(d.expr.args[0])
        and model.quantities[name_of(d.expr.args[0])].axes == d.quantity.axes
        and d.expr.args[0] == model.quantities[name_of(d.expr.args[0])].at()
    }


def _recalled(expr: Expr, values: Mapping[tuple[type, str], str], labels: Collection[str]) -> Expr:
    """f(z[I]) by the name that holds it, but for y − f(z) with labels y, which has digits that y − ŷ lacks."""

    def recalled(e: Expr) -> Expr | None:
        apart = difference(e) if any(name_of(a) in labels for a in names_in(e)) else None
        if apart is not None:
            opposite, y, f = apart
            less: Expr = transform(y, recalled) - f
            return -less if opposite else less
        if not isinstance(e, RowFunction) or not is_name(e.args[0]):
            return None
        name = values.get((type(e), name_of(e.args[0])))
        where = indices_of(e.args[0])
        return None if name is None else tensor(name)[where] if where else scalar(name)

    return transform(expr, recalled)


def _with_totals(definitions: list[Definition], shares: Shares) -> list[Definition]:
    """Adjoints −Σ_k y_k written where they are read if that is y_k − p_k Σ_k y_k then, which is computed as one."""
    for name in [d.name for d in definitions] if shares else ():
        inner = next(d for d in definitions if d.name == name)
        readers = [d for d in definitions if any(name_of(a) == name for a in names_in(d.expr))]
        whole = _with_body(readers[0], inner) if len(readers) == 1 and readers[0] is not inner else inner
        if whole is not inner and residual(whole.expr, shares):
            definitions = [whole if d is readers[0] else d for d in definitions if d is not inner]
    return definitions


def _inlined(definitions: list[Definition], keep: set[str]) -> list[Definition]:
    """Adjoints without sums that are read in one place are written there, so that they need no array."""
    for name in [d.name for d in definitions]:
        definition = next(d for d in definitions if d.name == name)
        if name in keep or definition.expr.has(Sum, Product):
            continue
        readers = [d for d in definitions if any(name_of(a) == name for a in names_in(d.expr))]
        uses = [a for d in readers for a in names_in(d.expr) if name_of(a) == name]
        plain = all(isinstance(i, Idx) for a in uses for i in indices_of(a))
        if len(uses) != 1 or not plain or readers[0].name == name or readers[0].expr.has(Sum, Product):
            continue
        definitions.remove(definition)
        definitions = [_with_body(d, definition) if d is readers[0] else d for d in definitions]
    return definitions


def _with_body(reader: Definition, inner: Definition) -> Definition:
    def body(a: Expr) -> Expr | None:
        if not is_name(a) or name_of(a) != inner.name:
            return None
        return substitute(inner.expr, dict(zip(inner.quantity.axes, indices_of(a), strict=True)))

    return replace(reader, expr=transform(reader.expr, body))
