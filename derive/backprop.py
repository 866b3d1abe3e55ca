"""Derivations of partials: local ones rule by rule, composed ones by the chain rule through the names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from sympy import Add, Expr, Integer, Mul, Pow, Product, Sum, exp, log

from .adjoint import adjoint_rule, far
from .alike import Place, passed_on, place
from .calculus.differentiate import differentiate, row_derivative
from .calculus.indices import bound_in, free_indices, rename_bound, summed, transform
from .calculus.naming import named
from .calculus.tidy import collapse_deltas, expand_logs, neat, oriented, tidy
from .calculus.trees import args_of
from .calculus.unitsums import sum_to_one
from .derivation import Chain, Derivation
from .model import JOINT, Model
from .prove import entry_slots
from .rows.functions import RowFunction
from .vocabulary import Partial, is_name, name_of, names_in

Rewrite = Callable[[Expr, Expr], Expr | None]  # ∂of/∂wrt by one rule; None where the rule says nothing


@lru_cache(maxsize=512)
def closed_form(model: Model, name: str) -> Derivation:
    """A quantity in the names that a lecture would use; a log-likelihood multiplied out.

    LL = log Π_s P^{(s)} = Σ_s log P^{(s)} = Σ_s y^{(s)} log ŷ^{(s)} + (1 − y^{(s)}) log(1 − ŷ^{(s)})
    """
    chain = Chain(model, model.defined[name].target)
    chain.then("definition", model.defined[name].expr)
    while True:
        inside = {name_of(a) for e in chain.now.atoms(log) for a in names_in(e.args[0]) if a == e.args[0]}
        unfolded = [n for n in sorted(inside) if n in model.defined and n in (model.likelihood, JOINT)]
        if not unfolded:
            return chain.done()
        chain.then(f"definition of {unfolded[0]}", model.unfold(chain.now, unfolded[0]))
        rule = "logarithm of a product" if chain.now.has(Product) else "logarithm of products and powers"
        chain.then(rule, expand_logs(chain.now, model.facts))


@lru_cache(maxsize=128)
def working(model: Model) -> Model:
    """The model with every definition replaced by its closed form, which was proved equal; itself if it is in them."""
    closed = {d.name: closed_form(model, d.name).result for d in model.definitions if d.expr.has(log)}
    if all(expr == model.defined[name].expr for name, expr in closed.items()):
        return model
    return replace(model, definitions=tuple(replace(d, expr=closed.get(d.name, d.expr)) for d in model.definitions))


@lru_cache(maxsize=4096)
def partial(model: Model, of: Expr, wrt: Expr) -> Derivation:
    """∂of/∂wrt in closed form in the names of the model.

    Args:
        model: its definitions are all that is used.
        of: a name of the model, such as `LL` or `h[k]`.
        wrt: a name that `of` depends on, parameter or intermediate.
    Returns: a derivation from `Partial(of, wrt)`.
    """
    if far(of, wrt, model):
        return _far_back(model, of, wrt)
    through = [n for n in _by(model, wrt).parents.get(name_of(of), ()) if _passes(model, n, wrt)]
    return _composed(model, of, wrt, through) if through else _local(model, of, wrt)


def _by(model: Model, wrt: Expr) -> Model:
    """The closed forms, unless one is differentiated by the likelihood that they no longer mention."""
    return model if name_of(wrt) in (model.likelihood, JOINT) else working(model)


def _passes(model: Model, name: str, wrt: Expr) -> bool:
    return name in model.defined and name != name_of(wrt) and _by(model, wrt).depends(name, name_of(wrt))


# -- along a recursion: backwards, one step ---------------------------------------------------------


def _far_back(model: Model, of: Expr, wrt: Expr) -> Derivation:
    """One step backwards, or what that was at a place like this one."""
    here = place(model, _by(model, wrt), of, wrt)
    if here is None:
        return _backwards(model, of, wrt)
    there, found = _first_alike(here)
    alike = found if there is here else passed_on(found, there, here)
    return _backwards(model, of, wrt) if alike is None else alike


@lru_cache(maxsize=1024)
def _first_alike(here: Place) -> tuple[Place, Derivation]:
    """The first place like this one, and what was derived there."""
    return here, _backwards(here.model, here.of, here.wrt)


def _backwards(model: Model, of: Expr, wrt: Expr) -> Derivation:
    """∂of/∂wrt in terms of what the names in between do to the objective, one step later in the recursion."""
    chain = Chain(model, Partial(of, wrt))
    chain.then("chain rule, backwards", adjoint_rule(of, wrt, _by(model, wrt)))
    chain.then("Kronecker delta", collapse_deltas(chain.now))
    chain.then("factoring", tidy(chain.now))
    return chain.then("in the names of the model", tidy(named(chain.now, model))).done()


# -- local partials: one rule after the other ------------------------------------------------------


def _local(model: Model, of: Expr, wrt: Expr) -> Derivation:
    chain = Chain(model, Partial(of, wrt))
    if name_of(of) not in model.defined or name_of(of) == name_of(wrt):
        return chain.then("derivative of a name by itself", differentiate(of, wrt)).done()
    body = rename_bound(_by(model, wrt).body(of), free_indices(of) | free_indices(wrt))
    chain.then(f"definition of {name_of(of)}", Partial(body, wrt))
    while chain.now.has(Partial):
        for rule, rewrite in RULES:
            after = _applied(rewrite, chain.now)
            if after != chain.now:
                chain.then(rule, after)
                break
        else:
            break
    chain.then("Kronecker delta", collapse_deltas(chain.now))
    chain.then(f"in terms of {name_of(of)}", _named(chain.now, body, of))
    chain.then("in the names of the model", named(chain.now, model))
    return chain.then("signs and numbers", neat(chain.now)).done()


def _named(expr: Expr, body: Expr, of: Expr) -> Expr:
    """σ(z)(1 − σ(z)) as ŷ(1 − ŷ), where ŷ = σ(z)."""
    named = expr.xreplace({body: of})
    return oriented(named) if isinstance(named, Mul) and named != expr else named


def _applied(rewrite: Rewrite, expr: Expr) -> Expr:
    """The expression with every partial that the rule knows rewritten."""
    return transform(expr, lambda e: rewrite(e.of, e.wrt) if isinstance(e, Partial) else None)


def _linear(of: Expr, wrt: Expr) -> Expr | None:
    """∂(a + b) = ∂a + ∂b, ∂Σ = Σ∂, ∂(c e) = c ∂e, ∂c = 0."""
    if _constant(of, wrt):
        return Integer(0)
    if isinstance(of, Add):
        return Add(*(_linear_or_same(a, wrt) for a in args_of(of)))
    if isinstance(of, Sum):
        apart = rename_bound(of, free_indices(wrt))
        return Sum(_linear_or_same(args_of(apart)[0], wrt), *bound_in(apart))
    fixed = [f for f in Mul.make_args(of) if _constant(f, wrt)]
    if fixed:
        return Mul(*fixed) * _linear_or_same(Mul(*(f for f in Mul.make_args(of) if f not in fixed)), wrt)
    return None


def _linear_or_same(of: Expr, wrt: Expr) -> Expr:
    return partial_of if (partial_of := _linear(of, wrt)) is not None else Partial(of, wrt)


def _constant(of: Expr, wrt: Expr) -> bool:
    return name_of(wrt) not in {name_of(a) for a in names_in(of)}


def _entry(of: Expr, wrt: Expr) -> Expr | None:
    """∂A[b]/∂A[a] = Π δ(b, a)."""
    return differentiate(of, wrt) if is_name(of) else None


def _function(of: Expr, wrt: Expr) -> Expr | None:
    """∂f(z) = f′(z) ∂z."""
    if isinstance(of, RowFunction):
        return row_derivative(of.row, of.args[0]) * Partial(of.args[0], wrt)
    if isinstance(of, log):
        return Partial(of.args[0], wrt) / of.args[0]
    return of * Partial(of.args[0], wrt) if isinstance(of, exp) else None


def _power(of: Expr, wrt: Expr) -> Expr | None:
    """∂z^c = c z^{c−1} ∂z."""
    if not isinstance(of, Pow):
        return None
    base, power = args_of(of)
    return power * base ** (power - 1) * Partial(base, wrt) if _constant(power, wrt) else None


def _product(of: Expr, wrt: Expr) -> Expr | None:
    """∂(a b) = ∂a b + a ∂b."""
    if not isinstance(of, Mul):
        return None
    first, rest = of.as_two_terms()
    return Partial(first, wrt) * rest + first * Partial(rest, wrt)


def _anything(of: Expr, wrt: Expr) -> Expr | None:
    """What no rule above covers, by the kernel in one go."""
    return differentiate(of, wrt)


RULES: tuple[tuple[str, Rewrite], ...] = (
    ("linearity", _linear),
    ("derivative of the function", _function),
    ("power rule", _power),
    ("derivative of an entry", _entry),
    ("product rule", _product),
    ("derivative", _anything),
)


# -- composed partials: the chain rule through the names -------------------------------------------


def _composed(model: Model, of: Expr, wrt: Expr, through: list[str]) -> Derivation:
    chain = Chain(model, Partial(of, wrt))
    chain.then("chain rule", chained(_by(model, wrt), of, wrt))
    atoms = sorted(chain.now.atoms(Partial), key=lambda p: (-model.rank.get(name_of(p.of), -1), str(p)))
    known = {p: partial(model, p.of, p.wrt) for p in atoms}
    relied_on = tuple(step for d in known.values() for step in d.chain)
    replaced = transform(chain.now, lambda e: known[e].result if e in known else None)
    chain.then("the local partials", replaced, relied_on)
    chain.then("Kronecker delta", collapse_deltas(chain.now))
    chain.then("factoring", tidy(chain.now))
    chain.then("in the names of the model", tidy(named(chain.now, model)))
    return chain.then("entries that sum to one", tidy(sum_to_one(chain.now, model))).done()


def chained(model: Model, of: Expr, wrt: Expr) -> Expr:
    """The chain rule written out down to neighbouring names: Σ over all paths from `of` to `wrt`.

    An index that a definition hands on unchanged, such as the data point's, is not summed over.
    """
    body = rename_bound(model.body(of), free_indices(of) | free_indices(wrt))
    terms = [] if _constant(body, wrt) else [differentiate(body, wrt)]
    for name in dict.fromkeys(name_of(a) for a in names_in(body)):
        if not _passes(model, name, wrt):
            continue
        slots = entry_slots(model, body, name, free_indices(of) | free_indices(wrt))
        inner = model.quantities[name].at(*slots)
        rest = chained(model, inner, wrt) if _goes_on(model, name, wrt) else Partial(inner, wrt)
        # what reaches `of` through another of its names as well is counted there: L = u + v(u)
        beside = any(other != name and model.depends(other, name) for other in model.parents[name_of(of)])
        term = (differentiate(body, inner) if beside else Partial(of, inner)) * rest
        terms.append(summed(term, (i for i in slots if i not in free_indices(of))))
    return Add(*terms)


def _goes_on(model: Model, name: str, wrt: Expr) -> bool:
    return any(_passes(model, parent, wrt) for parent in model.parents[name])
