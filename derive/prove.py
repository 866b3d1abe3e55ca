"""The prover: two expressions are equal if their normal forms are, with names unfolded only as far as needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Add, Expr, Idx, Integer, Sum

from .calculus.differentiate import differentiate
from .calculus.indices import free_indices, fresh, rename_bound, transform
from .calculus.normalform import Normaliser, TooLarge
from .calculus.zero import remainder
from .model import Model
from .vocabulary import Partial, indices_of, is_name, name_of, names_in

MOST_UNFOLDINGS = 400


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How an equality was proved: the names that had to be unfolded, in order, and the domains relied on."""

    unfolded: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


def prove(left: Expr, right: Expr, model: Model) -> Proof | None:
    """A proof that left = right at all sizes and all values in the domains, or None if none was found.

    Proved means equal wherever both sides are defined (see `calculus.normalform`). Names are compared opaque first.
    Only where the forms differ are derivatives expanded by the chain rule, from the output backwards and one layer
    at a time, and then values unfolded in the same order.
    """
    if left == right:
        return Proof()
    try:
        return _search(left, right, model)
    except (TooLarge, RecursionError):
        return None


def _search(left: Expr, right: Expr, model: Model) -> Proof | None:
    normaliser = Normaliser(model.facts)
    unfolded: list[str] = []
    for _ in range(MOST_UNFOLDINGS):
        left, right = expand_partials(left, model), expand_partials(right, model)
        apart = _on_one_side(left, right, model)
        if apart is not None:
            (left, right), names = _one_link(left, right, *apart, model)
            unfolded += names
            continue
        difference = left - right
        left_over = remainder(normaliser, difference)
        if left_over == 0:
            return Proof(unfolded=tuple(unfolded), conditions=_conditions(difference, model))
        choice = _closest_to_output(left_over, model)
        if choice is None:
            return None
        unfolded.append(choice[0])
        left, right = (_unfold(side, *choice, model) for side in (left, right))
    return None


def expand_partials(expr: Expr, model: Model) -> Expr:
    """Carry out every `Partial` of something that is not a defined name, or that is known without unfolding."""

    def carry_out(partial: Expr) -> Expr | None:
        if not isinstance(partial, Partial):
            return None
        of, wrt = partial.args
        if not is_name(of):
            return expand_partials(_chain(expand_partials(of, model), wrt, model), model)
        if name_of(of) not in model.quantities and name_of(of) != name_of(wrt):
            return None  # nothing is known of what it depends on
        opaque = name_of(of) in model.defined and model.depends(name_of(of), name_of(wrt)) and of != wrt
        return None if opaque and name_of(of) != name_of(wrt) else differentiate(of, wrt)

    return transform(expr, carry_out)


def chain_rule(atom: Expr, wrt: Expr, model: Model) -> Expr:
    """∂v/∂w by the definition of v: Σ_u Σ_K (local ∂v/∂u[K]) · ∂u[K]/∂w over the names u that v uses.

    What equals v itself is written as v: σ(z)(1 − σ(z)) becomes ŷ(1 − ŷ).
    """
    body = rename_bound(model.body(atom), free_indices(wrt) | free_indices(atom))
    return transform(_chain(body, wrt, model), lambda e: atom if e == body else None)


def _chain(expr: Expr, wrt: Expr, model: Model) -> Expr:
    """∂expr/∂wrt with the names in expr opaque but for what they owe to wrt."""
    expr = rename_bound(expr, free_indices(wrt) | free_indices(expr))
    avoid = {*free_indices(expr), *free_indices(wrt), *expr.atoms(Idx)}
    terms = [differentiate(expr, wrt)]
    for name in dict.fromkeys(name_of(a) for a in names_in(expr)):
        if name != name_of(wrt) and name in model.defined and model.depends(name, name_of(wrt)):
            inner = _slots(name, avoid, model)
            terms.append(_over(inner, differentiate(expr, inner) * Partial(inner, wrt)))
    return Add(*terms)


def _slots(name: str, avoid: set[Idx], model: Model) -> Expr:
    """The quantity at fresh indices over its axes."""
    slots: list[Idx] = []
    for i in model.quantities[name].axes:
        slots.append(fresh(i, {*avoid, *slots}))
    return model.quantities[name].at(*slots)


def _over(inner: Expr, body: Expr) -> Expr:
    """Σ of the body over the indices of a quantity."""
    slots = indices_of(inner)
    return Sum(body, *[(i, i.lower, i.upper) for i in slots]) if slots else body


# -- derivatives that stand on one side only ---------------------------------------------------------


Link = tuple[str, str]


def _links(expr: Expr) -> set[Link]:
    return {(name_of(p.args[0]), name_of(p.args[1])) for p in expr.atoms(Partial)}


def _on_one_side(left: Expr, right: Expr, model: Model) -> Link | None:
    """Of the derivatives ∂v/∂w that only one side has, that with v closest to the output and w furthest from it."""
    apart = [link for link in _links(left) ^ _links(right) if link[0] in model.rank]
    return max(apart, key=lambda link: (model.rank[link[0]], -model.rank.get(link[1], -1), link), default=None)


def _one_link(left: Expr, right: Expr, name: str, wrt: str, model: Model) -> tuple[tuple[Expr, Expr], tuple[str, ...]]:
    """Both sides with ∂name/∂wrt expanded, in derivatives that are there already if these are its links."""
    links = _links(left) | _links(right)
    chain = _chain_of_links(name, wrt, links, model)

    def expanded(e: Expr) -> Expr | None:
        if not isinstance(e, Partial) or (name_of(e.args[0]), name_of(e.args[1])) != (name, wrt):
            return None
        return _through(*e.args, chain, model) if chain else chain_rule(*e.args, model)

    return (transform(left, expanded), transform(right, expanded)), tuple(chain) or (name,)


Chain = dict[str, tuple[str, ...]]


def _chain_of_links(name: str, wrt: str, links: set[Link], model: Model) -> Chain:
    """The names between `name` and `wrt`, each with those it passes on to, as far as derivatives between them occur.

    A name can be passed if it does not use `wrt` itself and no two of those it passes on to depend on each other:
    only then is ∂v/∂w = Σ_u ∂v/∂u ∂u/∂w with derivatives through all definitions.
    """
    chain: Chain = {}
    todo = [name]
    while todo:
        v = todo.pop()
        through = tuple(u for u in model.parents.get(v, ()) if u in model.defined and model.depends(u, wrt))
        apart = not any(u != t and model.depends(u, t) for u in through for t in through)
        if v not in chain and wrt not in model.parents[v] and apart and all((v, u) in links for u in through):
            chain[v] = through
            todo += [u for u in through if (u, wrt) not in links]
    return chain


def _through(atom: Expr, wrt: Expr, chain: Chain, model: Model) -> Expr:
    """∂v/∂w = Σ_u Σ_K ∂v/∂u[K] · ∂u[K]/∂w along a chain of links."""
    if name_of(atom) not in chain:
        return Partial(atom, wrt)
    terms = []
    for name in chain[name_of(atom)]:
        inner = _slots(name, {*free_indices(atom), *free_indices(wrt)}, model)
        terms.append(_over(inner, Partial(atom, inner) * _through(inner, wrt, chain, model)))
    return Add(*terms)


# -- what to unfold next -----------------------------------------------------------------------------


def _closest_to_output(expr: Expr, model: Model) -> tuple[str, bool] | None:
    """The name to unfold next: that of a derivative while there is one, else of a value."""
    derived = {name_of(p.args[0]) for p in expr.atoms(Partial)}
    for names, is_partial in ((derived, True), ({name_of(a) for a in _outside_partials(expr)}, False)):
        ranked = [(model.rank[n], n) for n in names if n in model.rank]
        if ranked:
            return max(ranked)[1], is_partial
    return None


def _outside_partials(expr: Expr) -> Iterator[Expr]:
    hidden = {p: Integer(0) for p in expr.atoms(Partial)}
    return names_in(expr.xreplace(hidden)) if hidden else names_in(expr)


def _unfold(expr: Expr, name: str, is_partial: bool, model: Model) -> Expr:
    def chained(a: Expr) -> Expr | None:
        return chain_rule(*a.args, model) if isinstance(a, Partial) and name_of(a.args[0]) == name else None

    return transform(expr, chained) if is_partial else model.unfold(expr, name)


def _conditions(expr: Expr, model: Model) -> tuple[str, ...]:
    """The domains other than the real line of the names that the proof met."""
    named = sorted({name_of(a) for a in names_in(expr)})
    return tuple(f"{n} {model.facts[n].value}" for n in named if n in model.facts and model.facts[n].value != "real")
