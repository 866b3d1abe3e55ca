"""Second derivatives: a derived partial differentiated again, through the names."""

from __future__ import annotations

from functools import lru_cache

from sympy import Add, Expr, KroneckerDelta, Mul

from ..backprop import partial
from ..calculus.indices import transform
from ..calculus.tidy import collapse_deltas, merge_sums, plainly_bound, tidy
from ..derivation import Chain, Derivation, Step
from ..model import Model
from ..prove import expand_partials
from ..vocabulary import Partial


class NoClosedForm(ValueError):
    """A derivative that is given by other derivatives only: the message says by which."""


@lru_cache(maxsize=256)
def second_partial(model: Model, of: Expr, first: Expr, second: Expr) -> Derivation:
    """∂²of/∂first∂second: ∂(∂of/∂first)/∂second by the chain rule, with ∂of/∂first in its closed form.

    Args:
        model: its definitions are all that is used.
        of: a name of the model.
        first: a name that it depends on.
        second: another, with indices that differ from those of the first where they are not meant to be equal.
    Returns: a derivation whose first step puts in the closed form of the first derivative, with its own steps.
    Raises: NoClosedForm: if a recursion, or too many names, lie between.
    """
    gradient = partial(model, of, first)
    _refuse_open(gradient, first, second)
    chain = Chain(model, Partial(gradient.result, second))
    chain.then("chain rule", expand_partials(chain.now, model))
    if inner := sorted(chain.now.atoms(Partial), key=str):
        known = {p: partial(model, p.of, p.wrt) for p in inner}
        for found in known.values():
            _refuse_open(found, first, second)
        relied_on = tuple(step for d in known.values() for step in d.chain)
        replaced = transform(chain.now, lambda e: known[e].result if e in known else None)
        chain.then("the local partials", replaced, relied_on)
    chain.then("Kronecker delta", collapse_deltas(chain.now))
    rest = chain.then("factoring", _collected(chain.now)).done()
    target = Partial(Partial(of, first), second)
    opening = Step(
        rule="the first derivative",
        before=target,
        after=rest.target,
        proof=gradient.proof,
        steps=gradient.chain,
    )
    whole = rest.proof if gradient.proof is not None else None
    return Derivation(model=model, target=target, result=rest.result, chain=(opening, *rest.chain), proof=whole)


def _refuse_open(found: Derivation, first: Expr, second: Expr) -> None:
    """Refuse a derivative that is given by others, which have no end that could be differentiated again."""
    if inner := sorted(found.result.atoms(Partial), key=str):
        raise NoClosedForm(
            f"the second derivative by {first} and {second}: {found.target} is only known by {inner[0]} and the like, "
            "along a recursion or through many names; ask for a Hessian-vector product, or for parameters nearer to "
            "the objective"
        )


def _collected(expr: Expr) -> Expr:
    """The terms with the same deltas, and sums over the same range, taken together and factored."""
    groups: dict[Expr, Expr] = {}
    for term in Add.make_args(transform(expr.expand(deep=False), plainly_bound)):
        deltas = [f for f in Mul.make_args(term) if isinstance(f, KroneckerDelta)]
        rest = Mul(*(f for f in Mul.make_args(term) if f not in deltas))
        groups[Mul(*deltas)] = groups.get(Mul(*deltas), 0) + rest
    return Add(*(deltas * tidy(merge_sums(rest)) for deltas, rest in groups.items()))
