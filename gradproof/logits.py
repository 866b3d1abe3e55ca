"""Softmax cross-entropy for a loss without a formula: Σ_i ell(a_i, y_i) → −Σ_i y_i log(e^{z_i} / Σ_k e^{z_k}).

Softmax is no function of one number, so it cannot be f. Where a = f(z), the logits are z: f is that of the hidden
layers, and softmax that of the last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

from sympy import Expr, Idx, Sum, exp, log

from derive.calculus.indices import fresh, substitute, transform
from derive.model import Model
from derive.quantities import Definition, Domain, Kind, Quantity
from derive.rows.building import define, name
from derive.rows.unnamed import Unnamed
from derive.vocabulary import indices_of, is_name, name_of, names_in

from .errors import UsageError

SOFTMAX = ("softmax-ce", "loss-softmax-ce")


def with_shares(model: Model, uses: Mapping[str, Unnamed], letters: Collection[str]) -> Model:
    """The model with that loss for functions of a target and a prediction, whose targets then sum to one.

    Args:
        model: for one data point.
        uses: of its functions, one place each.
        letters: of those that are that loss.
    Raises: UsageError: if the model has no such function, or it is not of the entries of two vectors.
    """
    for letter in letters:
        if letter not in uses:
            raise UsageError(no_function(model, letter, uses))
        use = uses[letter]
        target, logit = use.arguments[(k := target_of(model, use))], _logit(model, use.arguments[1 - k])
        shares = _shares(model, letter, target, logit)
        loss = partial(_loss, letter, k, shares.quantity)
        definitions = tuple(replace(d, expr=transform(d.expr, loss)) for d in model.definitions)
        first = next(n for n, d in enumerate(model.definitions) if use in d.expr.atoms(type(use)))
        given = tuple(replace(q, domain=Domain.SIMPLEX) if q.name == name_of(target) else q for q in model.given)
        definitions = (*definitions[:first], shares, *definitions[first:])
        model = replace(model, definitions=definitions, given=given, questions=())
    return model


def no_function(model: Model, letter: str, uses: Mapping[str, Unnamed]) -> str:
    """What to say of a letter that names none."""
    return f"{model.name} has no function {letter!r} without a formula; it has {' and '.join(uses) or 'none'}"


def target_of(model: Model, use: Unnamed) -> int:
    """The place of the argument that is data.

    Raises: UsageError: if it is not of a target, which is data, and a prediction.
    """
    data = {q.name for q in model.given if q.kind is Kind.DATA}
    found = [k for k, argument in enumerate(use.arguments) if {name_of(e) for e in names_in(argument)} <= data]
    if len(use.arguments) != 2 or len(found) != 1:
        raise UsageError(
            f"{use.letter} is not of a target, which is data, and a prediction, so that no loss can be put there"
        )
    return found[0]


def _shares(model: Model, letter: str, target: Expr, logit: Expr) -> Definition:
    """p_i = e^{z_i} / Σ_k e^{z_k}, over the last index of the target."""
    axes = tuple(i for i in indices_of(target) if isinstance(i, Idx))
    if not axes or axes[-1] not in indices_of(logit):
        raise UsageError(f"softmax is of a vector, and {letter} is of two numbers; take another loss for it")
    i = axes[-1]
    k = fresh(i, {*axes, *indices_of(logit)})
    share = exp(logit) / Sum(exp(substitute(logit, {i: k})), (k, k.lower, k.upper))
    free = next(n for n in ("p", "shares", "softmax_shares") if n not in model.quantities)
    return define(name(free, *axes, domain=Domain.UNIT), share)


def _loss(letter: str, target: int, shares: Quantity, use: Expr) -> Expr | None:
    """−y_i log p_i in the place of the function of that letter."""
    if not isinstance(use, Unnamed) or use.letter != letter:
        return None
    y = use.arguments[target]
    loss: Expr = -y * log(shares.at(*indices_of(y)))
    return loss


def _logit(model: Model, prediction: Expr) -> Expr:
    """The z of a prediction a = f(z) without a formula; another prediction as it is."""
    meaning = model.unfold(prediction, name_of(prediction)) if is_name(prediction) else prediction
    return meaning.arguments[0] if isinstance(meaning, Unnamed) and len(meaning.arguments) == 1 else prediction
