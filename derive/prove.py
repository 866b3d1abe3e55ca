"""The prover: two expressions are equal if their normal forms are, with names unfolded only as far as needed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Expr, Idx, Integer, nan, zoo

from .calculus.differentiate import differentiate
from .calculus.indices import (
    free_indices,
    fresh,
    fresh_axes,
    moved,
    placed,
    rename_bound,
    substitute,
    summed,
    transform,
    within,
)
from .calculus.normalform import Normaliser, TooLarge
from .calculus.positivity import Facts
from .calculus.trees import holds, parts
from .calculus.unitsums import sum_to_one
from .calculus.zero import remainder
from .kinks import bends
from .model import Model, ModelError
from .vocabulary import Partial, indices_of, is_name, name_of, names_in

OFF_KINKS = " off its kinks"  # what a proof says of a name that it differentiated through where it has a slope
MOST_UNFOLDINGS = 400
MOST_STEPS = 2  # along a recursion, which never ends forwards


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How an equality was proved: the names that had to be unfolded, in order, and the domains relied on."""

    unfolded: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


def prove(left: Expr, right: Expr, model: Model) -> Proof | None:
    """A proof that left = right at all sizes and all values in the domains, or None if none was found.

    Proved means equal wherever both sides are defined (see `calculus.normalform`). What is said of a derivative through
    a function with kinks holds off its kinks, which is then among the conditions; at a kink nothing is claimed.

    Names are compared opaque first. Only where the forms differ are derivatives expanded by the chain rule, from the
    output backwards and one layer at a time, and then values unfolded in the same order.
    """
    if left == right:
        found: Proof | None = Proof()
    else:
        meant = frozenset((n, model.meanings.get(n)) for n in map(name_of, (*names_in(left), *names_in(right))))
        found = _proved(left, right, _Meant(meanings=meant, model=model))
    void = found is not None and any(side.has(zoo, nan) for side in (left, right))  # 1/0 = 2/0 says nothing
    return None if void else found


@dataclass(frozen=True, kw_only=True)
class _Meant:
    """What the names of an equation mean, to which its proof belongs, whichever of the models that say so is asked."""

    meanings: frozenset[tuple[str, object]]
    model: Model = field(compare=False)


@lru_cache(maxsize=4096)
def _proved(left: Expr, right: Expr, meant: _Meant) -> Proof | None:
    try:
        found = _search(left, right, meant.model)
    except (TooLarge, RecursionError):
        return None
    return found and replace(found, conditions=(*found.conditions, *off_kinks(left, right, meant.model)))


def _search(left: Expr, right: Expr, model: Model) -> Proof | None:
    normaliser = Normaliser(reliable_facts(model))
    unfolded: list[str] = []
    for _ in range(MOST_UNFOLDINGS):
        left, right = expand_partials(left, model), expand_partials(right, model)
        apart = _on_one_side(left, right, model)
        if apart is not None:
            linked, names = _one_link(left, right, *apart, model)
            if linked == (left, right) or _goes_round(names, unfolded, model):
                return None
            (left, right), unfolded = linked, [*unfolded, *names]
            continue
        difference = left - right
        left_over = remainder(normaliser, difference)
        if left_over != 0 and (simpler := sum_to_one(left_over, model)) != left_over:
            left_over = remainder(normaliser, simpler)
        if left_over == 0:
            return Proof(unfolded=tuple(unfolded), conditions=_conditions(difference, model))
        choice = _closest_to_output(left_over, model)
        if choice is None:
            return None
        unfolded.append(choice[0])
        before = left, right
        left, right = (_unfold(side, *choice, model) for side in before)
        if (left, right) == before or _goes_round(choice[:1], unfolded[:-1], model):
            return None
    return None


@lru_cache(maxsize=256)
def reliable_facts(model: Model) -> Facts:
    """The domains of the names; those of recursions say nothing of the value before the range, so they are left out."""
    return {n: d for n, d in model.facts.items() if n not in model.defined or model.defined[n].over is None}


def _goes_round(names: tuple[str, ...], unfolded: list[str], model: Model) -> bool:
    return any(model.recurs(name) and unfolded.count(name) >= MOST_STEPS for name in names)


def expand_partials(expr: Expr, model: Model) -> Expr:
    """Carry out every `Partial` of something that is not a defined name, or that is known without unfolding."""

    def carry_out(partial: Expr) -> Expr | None:
        if not isinstance(partial, Partial):
            return None
        of, wrt = partial.of, partial.wrt
        if not is_name(of):
            inner = carried_out(of, model) if holds(of, Partial) else of  # a second derivative
            return expand_partials(_chain(inner, wrt, model), model)
        return differentiate(of, wrt) if of == wrt or _is_known(name_of(of), name_of(wrt), model) else None

    expanded: Expr = transform(expr, carry_out, only=Partial)
    return expanded


def carried_out(expr: Expr, model: Model) -> Expr:
    """The expression with every `Partial` replaced by its value in the names of the model.

    The chain rule is applied from the output backwards, one layer at a time; values of names stay names.

    Raises:
        ModelError: if the model lacks a name that is differentiated.
        RecursionError: if it does not end, along a recursion.
    """
    expr = expand_partials(expr, model)
    done: list[str] = []
    while holds(expr, Partial):
        names = {name_of(p.args[0]) for p in parts(expr, Partial) if is_name(p.args[0])}
        if strange := sorted(names - model.rank.keys()):
            raise ModelError(f"the derivative of {strange[0]} is not known: no definition says what {strange[0]} is")
        name = max(names, key=lambda n: model.rank[n])
        if _goes_round((name,), done, model):
            raise RecursionError(f"the derivative of {name} does not end along its recursion")
        done.append(name)

        def chained(e: Expr, name: str = name) -> Expr | None:
            if not isinstance(e, Partial) or name_of(e.args[0]) != name:
                return None
            of, wrt = e.args
            return chain_rule(of, wrt, model)

        expr = expand_partials(transform(expr, chained, only=Partial), model)
    return expr


def _is_known(of: str, wrt: str, model: Model) -> bool:
    """Whether ∂of/∂wrt is 0, or a product of deltas, without a look at definitions."""
    if of == wrt:
        return not model.recurs(of)  # ∂h_t/∂h_r is no delta along a recursion
    return of in model.quantities and not model.depends(of, wrt)


def chain_rule(atom: Expr, wrt: Expr, model: Model) -> Expr:
    """∂v/∂w by the definition of v: Σ_u Σ_K (local ∂v/∂u[K]) · ∂u[K]/∂w over the names u that v uses.

    What equals v itself is written as v: σ(z)(1 − σ(z)) becomes ŷ(1 − ŷ).
    """
    body = rename_bound(model.body(atom), free_indices(wrt) | free_indices(atom))
    named: Expr = transform(_chain(body, wrt, model), lambda e: atom if e == body else None)
    return named


def _chain(expr: Expr, wrt: Expr, model: Model) -> Expr:
    """∂expr/∂wrt with the names in expr opaque but for what they owe to wrt."""
    expr = rename_bound(expr, free_indices(wrt) | free_indices(expr))
    avoid = {*free_indices(expr), *free_indices(wrt), *parts(expr, Idx)}
    direct = not model.recurs(name_of(wrt))  # else through ∂h_k/∂h_t, which is 1 for k = t
    terms = [differentiate(expr, wrt)] if direct else []
    for name in dict.fromkeys(name_of(a) for a in names_in(expr)):
        if name in model.defined and model.depends(name, name_of(wrt)) and not (direct and name == name_of(wrt)):
            slots = fresh_axes(model.quantities[name].axes, avoid)
            inner = model.quantities[name].at(*slots)
            terms.append(summed(differentiate(expr, inner) * Partial(inner, wrt), slots))
            terms += _before_recursion(expr, inner, wrt, model)
    return Add(*terms)


def _before_recursion(expr: Expr, inner: Expr, wrt: Expr, model: Model) -> list[Expr]:
    """What an expression owes to wrt through the value before the range of a recursion, h_0."""
    definition = model.defined[name_of(inner)]
    if definition.over is None or definition.base is None:
        return []
    axes = definition.quantity.axes
    entries: tuple[Any, ...] = indices_of(inner)
    first: dict[Basic, Expr] = {entries[axes.index(definition.over)]: definition.over.lower - 1}
    before = model.quantities[name_of(inner)].at(*placed(entries, first))
    value = substitute(definition.base, dict(zip(axes, indices_of(before), strict=True)))
    slots = [i for i in indices_of(before) if isinstance(i, Idx)]
    return [summed(differentiate(expr, before) * Partial(value, wrt), slots)]


# -- derivatives that stand on one side only ---------------------------------------------------------


Link = tuple[str, str]


@lru_cache(maxsize=20_000)
def _links(expr: Expr) -> frozenset[Link]:
    return frozenset(_link(p) for p in parts(expr, Partial))


def _link(partial: Partial) -> Link:
    return name_of(partial.of), name_of(partial.wrt)


def _on_one_side(left: Expr, right: Expr, model: Model) -> Link | None:
    """Of the derivatives ∂v/∂w that only one side has, that with v closest to the output and w furthest from it."""
    apart = [(v, w) for v, w in _links(left) ^ _links(right) if v in model.rank and v != w]
    return max(apart, key=lambda link: (model.rank[link[0]], -model.rank.get(link[1], -1), link), default=None)


def _one_link(left: Expr, right: Expr, name: str, wrt: str, model: Model) -> tuple[tuple[Expr, Expr], tuple[str, ...]]:
    """Both sides with ∂name/∂wrt expanded, in derivatives that are there already if these are its links."""
    links = _links(left) | _links(right)
    chain = _chain_of_links(name, wrt, links, model)

    def expanded(e: Expr) -> Expr | None:
        if not isinstance(e, Partial) or _link(e) != (name, wrt) or not is_defined_at(e.of, model):
            return None
        v, w = e.of, e.wrt
        link: Expr = _through(v, w, chain, model) if chain else chain_rule(v, w, model)
        return link

    return (transform(left, expanded), transform(right, expanded)), tuple(chain) or (name,)


Chain = dict[str, tuple[str, ...]]


def _chain_of_links(name: str, wrt: str, links: frozenset[Link], model: Model) -> Chain:
    """The names between `name` and `wrt`, each with those it passes on to, as far as derivatives between them occur.

    A name can be passed if it does not use `wrt` itself and no two of those it passes on to depend on each other:
    only then is ∂v/∂w = Σ_u ∂v/∂u ∂u/∂w with derivatives through all definitions.
    """
    chain: Chain = {}
    todo = [name]
    while todo:
        v = todo.pop()
        through = tuple(u for u in model.parents.get(v, ()) if u in model.defined and model.depends(u, wrt))
        apart = not any((model.recurs(u) or u != t) and model.depends(u, t) for u in through for t in through)
        linked = bool(through) and all((v, u) in links for u in through)
        if v not in chain and wrt not in model.parents[v] and apart and linked:
            chain[v] = through
            todo += [u for u in through if (u, wrt) not in links]
    return chain


def _through(atom: Expr, wrt: Expr, chain: Chain, model: Model) -> Expr:
    """∂v/∂w = Σ_u Σ_K ∂v/∂u[K] · ∂u[K]/∂w along a chain of links.

    Where v uses u at one of its own indices alone, as in a_i = f(u_i), the other ∂v/∂u[K] are zero and left out.
    """
    if name_of(atom) not in chain:
        return Partial(atom, wrt)
    outside = free_indices(atom) | free_indices(wrt)
    body = rename_bound(model.body(atom), outside)
    terms = []
    for name in chain[name_of(atom)]:
        slots = entry_slots(model, body, name, outside)
        inner = model.quantities[name].at(*slots)
        term = Partial(atom, inner) * _through(inner, wrt, chain, model)
        terms.append(summed(term, (i for i in slots if i not in free_indices(body))))
    return Add(*terms)


def entry_slots(model: Model, body: Expr, name: str, avoid: set[Idx]) -> tuple[Idx, ...]:
    """Where a name is differentiated: its axes renamed apart, but for those that are always the same free index.

    Args:
        model: it says which axes the name has.
        body: what uses the name, with bound indices named apart from `avoid` and from its free indices.
        name: of a quantity.
        avoid: indices that are taken.
    """
    uses = [indices_of(a) for a in names_in(body) if name_of(a) == name]
    free = free_indices(body)
    slots: dict[Basic, Idx] = {}
    for position, axis in enumerate(model.quantities[name].axes):
        places, here = {use[position] for use in uses}, moved(axis, slots)
        same = places.pop() if len(places) == 1 else None
        if isinstance(same, Idx) and same in free and within(same, here.lower, here.upper):
            slots[axis] = same
        else:
            slots[axis] = fresh(here, {*avoid, *free, *slots.values()})
    return tuple(slots.values())


# -- what to unfold next -----------------------------------------------------------------------------


def _closest_to_output(expr: Expr, model: Model) -> tuple[str, bool] | None:
    """The name to unfold next: that of a derivative while there is one, else of a value."""
    derived = {v for v, w in _links(expr) if v != w}
    for names, is_partial in ((derived, True), ({name_of(a) for a in _outside_partials(expr)}, False)):
        ranked = [(model.rank[n], n) for n in names if n in model.rank]
        if ranked:
            return max(ranked)[1], is_partial
    return None


def _outside_partials(expr: Expr) -> tuple[Expr, ...]:
    hidden = {p: Integer(0) for p in parts(expr, Partial)}
    return names_in(expr.xreplace(hidden)) if hidden else names_in(expr)


def _unfold(expr: Expr, name: str, is_partial: bool, model: Model) -> Expr:
    def chained(a: Expr) -> Expr | None:
        if not isinstance(a, Partial) or name_of(a.of) != name or name_of(a.wrt) == name:
            return None
        return chain_rule(a.of, a.wrt, model) if is_defined_at(a.of, model) else None

    def opened(a: Expr) -> Expr | None:
        return model.body(a) if is_name(a) and name_of(a) == name and is_defined_at(a, model) else None

    unfolded: Expr = transform(expr, chained if is_partial else opened)
    return unfolded


def is_defined_at(atom: Expr, model: Model) -> bool:
    """Whether the definition holds at this entry: in a recursion h_t = f(h_{t−1}) not at its base, h_0."""
    definition = model.defined[name_of(atom)]
    if definition.over is None:
        return True
    place = indices_of(atom)[definition.quantity.axes.index(definition.over)]
    return within(place, definition.over.lower, definition.over.upper)


def off_kinks(left: Expr, right: Expr, model: Model) -> tuple[str, ...]:
    """The names that are differentiated through and have kinks; for an expression, the name it is differentiated by."""
    links = {(p.of, p.wrt) for p in (parts(left, Partial) | parts(right, Partial))}
    through = {
        name
        for of, wrt in links
        for name in _bending(model)
        if is_name(of)
        and name != name_of(wrt)
        and model.depends(name_of(of), name)
        and model.depends(name, name_of(wrt))
    }
    direct = {name_of(wrt) for of, wrt in links if not is_name(of) and bends(of)}
    return tuple(f"{name}{OFF_KINKS}" for name in sorted(through | direct))


@lru_cache(maxsize=128)
def _bending(model: Model) -> tuple[str, ...]:
    """The names whose definitions hold a function with a kink."""
    return tuple(d.name for d in model.definitions if bends(d.expr))


def _conditions(expr: Expr, model: Model) -> tuple[str, ...]:
    """The domains other than the real line of the names that the proof met."""
    named = sorted({name_of(a) for a in names_in(expr)})
    return tuple(f"{n} {model.facts[n].value}" for n in named if n in model.facts and model.facts[n].value != "real")
