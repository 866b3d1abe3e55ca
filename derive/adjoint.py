"""The chain rule backwards: what a quantity does to the objective, through everything that uses it.

    ∂L/∂v[I] = Σ_c Σ_K ∂L/∂c[K] · ∂c[K]/∂v[I]      over the definitions c that use v

Along a recursion h_t = f(h_{t−1}, x_t) the quantity is used by itself one step later, and the rule becomes the
recursion of back-propagation through time, ∂L/∂h_t = … + ∂L/∂h_{t+1} · ∂h_{t+1}/∂h_t.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sympy import Add, Expr, Idx, Integer

from .calculus.differentiate import differentiate
from .calculus.indices import free_indices, fresh_axes, placed, rename_bound, substitute, summed, transform
from .calculus.normalform import TooLarge, is_zero
from .calculus.tidy import collapse_deltas
from .model import Model
from .prove import Proof, reliable_facts
from .quantities import Definition
from .vocabulary import Partial, indices_of, is_name, name_of

MOST_STEPS = 8
MOST_BETWEEN = 5


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One way of a quantity to the objective, through a definition that uses it directly.

        Σ_K adjoint[K] · local[K, I]

    Attributes:
        consumer: the definition.
        body: what it says at the indices K; the base of a recursion, for the way through that.
        adjoint: ∂of/∂c[K]; 1 if the consumer is the objective itself.
        local: ∂c[K]/∂v[I], with its deltas.
        slots: the indices K.
    """

    consumer: Definition
    body: Expr
    adjoint: Expr
    local: Expr
    slots: tuple[Idx, ...] = ()

    @property
    def expr(self) -> Expr:
        """What comes this way."""
        return summed(self.adjoint * self.local, self.slots)


@lru_cache(maxsize=4096)
def adjoint_rule(of: Expr, wrt: Expr, model: Model) -> Expr:
    """∂of/∂wrt by one step backwards, through the definitions that use `wrt` directly.

    Args:
        of: a scalar name, the objective.
        wrt: a quantity's entry.
        model: the definitions.
    Returns: local partials carried out, with their deltas; `Partial(of, c[K])` for the names in between.
    """
    return Add(*(p.expr for p in passages(of, wrt, model)))


def passages(of: Expr, wrt: Expr, model: Model) -> Iterator[Passage]:
    """The ways of `wrt` to the objective, whose sum is the derivative; arguments as for `adjoint_rule`."""
    for consumer in model.consumers.get(name_of(wrt), ()):
        if consumer.name == name_of(of):
            local = differentiate(consumer.expr, wrt)
            yield Passage(consumer=consumer, body=consumer.expr, adjoint=Integer(1), local=local)
        elif model.depends(name_of(of), consumer.name):
            yield from _through(of, wrt, consumer, model)


def _through(of: Expr, wrt: Expr, consumer: Definition, model: Model) -> Iterator[Passage]:
    slots = fresh_axes(consumer.quantity.axes, {*free_indices(wrt), *indices_of(of)})
    used = consumer.quantity.at(*slots)
    body = rename_bound(model.body(used), free_indices(used) | free_indices(wrt))
    local = transform(differentiate(body, wrt), lambda e: used if e == body else None)
    yield Passage(consumer=consumer, body=body, adjoint=Partial(of, used), local=local, slots=slots)
    start = differentiate(consumer.base, wrt) if consumer.base is not None else Integer(0)
    if consumer.base is not None and start != 0:
        whole = _from_base(of, wrt, consumer, model)
        yield Passage(consumer=consumer, body=consumer.base, adjoint=Integer(1), local=whole)


def _from_base(of: Expr, wrt: Expr, consumer: Definition, model: Model) -> Expr:
    """What a quantity does through the base of a recursion, Σ_K ∂of/∂h_0[K] · ∂h_0[K]/∂wrt."""
    assert consumer.over is not None and consumer.base is not None
    axes = consumer.quantity.axes
    slots = fresh_axes(axes, {*free_indices(wrt), *indices_of(of)})
    where = placed(slots, {slots[axes.index(consumer.over)]: consumer.over.lower - 1})
    local = differentiate(substitute(consumer.base, dict(zip(axes, where, strict=True))), wrt)
    through = adjoint_rule(of, consumer.quantity.at(*where), model) * local
    return summed(through, (i for i in where if isinstance(i, Idx)))


def far(of: Expr, wrt: Expr, model: Model) -> bool:
    """Whether the chain rule is followed backwards, one step at a time.

    It is where a recursion lies between, which has no end forwards, and where many names do, whose product
    nobody could read: gradients are then given by those of the names in between.
    """
    return _far(name_of(of), name_of(wrt), model)


@lru_cache(maxsize=65536)
def _far(of: str, wrt: str, model: Model) -> bool:
    between = model.ancestors.between(of, wrt, MOST_BETWEEN + 3)
    defined = [model.defined[name] for name in between if name in model.defined]
    inner = [d for d in defined if d.recursive or d.name not in (of, wrt)]
    return any(d.recursive for d in inner) or len(inner) > MOST_BETWEEN


def prove_backwards(left: Expr, right: Expr, model: Model) -> Proof | None:
    """A proof that left = right where derivatives run through a recursion.

    What `prove` cannot follow forwards, h_t through h_{t−1} down to the base, is followed backwards: derivatives
    by what comes first are expanded by the adjoint rule, one at a time, until the two sides agree.
    """
    try:
        return _prove_backwards(left - right, model)
    except TooLarge:
        return None


def _prove_backwards(difference: Expr, model: Model) -> Proof | None:
    expanded: list[Partial] = []
    for _ in range(MOST_STEPS):
        if is_zero(difference, reliable_facts(model)):
            return Proof(unfolded=tuple(dict.fromkeys(name_of(p.wrt) for p in expanded)))
        choice = _first(difference, expanded, model)
        if choice is None:
            return None
        expanded.append(choice)
        difference = written_by_rule(difference, choice, model)
    return None


def written_by_rule(expr: Expr, choice: Partial, model: Model) -> Expr:
    """The expression with one of its derivatives written by the adjoint rule."""

    def by_rule(e: Expr) -> Expr | None:
        return collapse_deltas(adjoint_rule(choice.of, choice.wrt, model)) if e == choice else None

    return transform(expr, by_rule)


def _first(expr: Expr, expanded: list[Partial], model: Model) -> Partial | None:
    """The derivative by the quantity that comes first: a parameter, then the earliest in time, then in order."""
    partials = [p for p in expr.atoms(Partial) if p not in expanded and is_name(p.of) and far(p.of, p.wrt, model)]
    return min(partials, key=lambda p: _place(p, model), default=None)


def _place(partial: Partial, model: Model) -> tuple[int, int, int, str]:
    wrt = partial.wrt
    shifted = sum(1 for i in indices_of(wrt) if not isinstance(i, Idx))
    primed = sum(1 for i in indices_of(wrt) if str(i).endswith("'"))  # bound by a sum around it
    return (shifted, primed, model.rank.get(name_of(wrt), -1), str(partial))
