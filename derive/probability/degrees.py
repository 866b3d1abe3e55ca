"""A quantity collected by powers of another: a = b + Σ_i w_i x_i + Σ_ij Q_ij x_i x_j.

The coefficients are what Taylor's formula at x = 0 says,

    b = a(0),   w_i = ∂a/∂x_i (0),   Q_ij = ½ ∂²a/∂x_i∂x_j (0),

and that nothing is left over is proved: only what is a polynomial of degree two passes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sympy import Add, Expr, Idx, Integer, Mul, Rational, Sum, log

from ..analysis.recognise import by_terms
from ..analysis.symmetric import oriented_places, prove_values
from ..calculus.differentiate import differentiate
from ..calculus.indices import bound_in, free_indices, fresh, opening_name, rename_bound, substitute, transform
from ..calculus.positivity import Facts, positive
from ..calculus.tidy import collapse_deltas, expand_logs, merge_sums, tidy
from ..calculus.trees import args_of
from ..model import Model
from ..prove import Proof, reliable_facts
from ..quantities import Definition, Quantity
from ..vocabulary import index, is_name, name_of, total

HALF = Rational(1, 2)
LAST_LETTER = "k"  # for a range that no axis of the model has
LETTERS = (("b", "c"), ("w", "v"), ("Q", "R"))  # for the coefficients of degree 0, 1 and 2


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The coefficients of a polynomial of degree two.

    Attributes:
        model: the model with the coefficients as names of their own.
        target: what was collected.
        coefficients: the degree and the definition of each that is not zero; free indices of what was collected are
            its first axes, as far as it depends on them.
        expr: b + Σ w x + Σ Q x x in these names.
        proof: that it equals what was collected.
        vanishing: of each coefficient that is zero, its degree and the proof.
    """

    model: Model
    target: Expr
    coefficients: tuple[tuple[int, Definition], ...]
    expr: Expr
    proof: Proof
    vanishing: tuple[tuple[int, Proof], ...]


def collected(expr: Expr, by: str, model: Model) -> Collected | None:
    """An expression by powers of a quantity, up to the second.

    Args:
        expr: in the names of the model.
        by: the name of a given scalar or tensor.
        model: its definitions; those that depend on `by` are unfolded.
    Returns: None if the expression was not shown to be such a polynomial.
    """
    quantity = model.quantities[by]
    plain = opened(expr, by, model)
    found = [_at_zero(e, by, model) for e in _derivatives(plain, quantity, model)]
    vanishing: list[tuple[int, Proof]] = []
    definitions: list[tuple[int, Definition]] = []
    terms: list[Expr] = []
    for degree, (coefficient, axes) in enumerate(zip(found, _axes(quantity, model), strict=True)):
        zero = prove_values(coefficient, Integer(0), model)
        if zero is not None:
            vanishing.append((degree, zero))
        else:
            own = sorted(free_indices(coefficient) - {*axes}, key=str)  # those of the expression that it depends on
            definition = _named(joined_logs(coefficient, reliable_facts(model)), degree, (*own, *axes), model)
            definitions.append((degree, definition))
            terms.append(term_of(definition, degree, quantity))
    wider = replace(model, definitions=(*model.definitions, *(d for _, d in definitions)), questions=())
    whole = Add(*terms)
    proof = prove_values(expr, whole, wider)
    if proof is None:
        return None
    return Collected(
        model=wider, target=expr, coefficients=tuple(definitions), expr=whole, proof=proof, vanishing=tuple(vanishing)
    )


def opened(expr: Expr, by: str, model: Model) -> Expr:
    """Every name that depends on a quantity unfolded, and logarithms of what is positive taken apart."""
    for definition in reversed(model.definitions):
        if model.depends(definition.name, by) and not definition.recursive:
            expr = model.unfold(expr, definition.name)
    return expand_logs(expr, reliable_facts(model))


def entries(quantity: Quantity, model: Model) -> tuple[Expr, Expr]:
    """A quantity at its own axes, and at others: x_i and x_j."""
    axes = _axes(quantity, model)[2]
    rank = len(quantity.axes)
    return quantity.at(*axes[:rank]), quantity.at(*axes[rank:])


def gathered(expr: Expr, model: Model) -> Expr:
    """Equal terms together: sums by terms, over the same letters, symmetric entries in order, over one range as one."""
    terms = [_in_letters(t, model) for t in Add.make_args(_without_empty(by_terms(expr)))]
    in_order = Add.make_args(oriented_places(Add(*terms), model))
    quadratic = [t for t in in_order if any(len(s.limits) > 1 for s in t.atoms(Sum))]  # μ^T A μ reads best alone
    linear = Add.make_args(merge_sums(Add(*(t for t in in_order if t not in quadratic))))
    return Add(*(tidy(t) for t in (*quadratic, *linear)))


def joined_logs(expr: Expr, facts: Facts) -> Expr:
    """Logarithms of what is positive as one: log a − log b = log(a/b)."""
    if isinstance(expr, Sum):
        return Sum(joined_logs(expr.function, facts), *expr.limits)
    terms = [t.as_coeff_Mul() for t in Add.make_args(expr)]
    logs = [(c, e) for c, e in terms if isinstance(e, log) and abs(c) == 1 and positive(e.args[0], facts)]
    rest = [c * (joined_logs(e, facts) if isinstance(e, Sum) else e) for c, e in terms if (c, e) not in logs]
    return Add(log(Mul(*(e.args[0] ** c for c, e in logs))), *rest)


# -- Taylor's formula at zero ---------------------------------------------------------------------------


def _axes(quantity: Quantity, model: Model) -> tuple[tuple[Idx, ...], ...]:
    """The axes of the coefficients of degree 0, 1 and 2."""
    columns: list[Idx] = []
    for i in quantity.axes:
        columns.append(letter_for(i, {*quantity.axes, *columns}, model))
    return (), quantity.axes, (*quantity.axes, *columns)


def _derivatives(expr: Expr, quantity: Quantity, model: Model) -> tuple[Expr, Expr, Expr]:
    """a, ∂a/∂x_i and ½ ∂²a/∂x_i∂x_j."""
    here, there = entries(quantity, model)
    first = _differentiated(expr, here)
    return expr, first, HALF * _differentiated(first, there)


def _differentiated(expr: Expr, wrt: Expr) -> Expr:
    return collapse_deltas(differentiate(rename_bound(expr, free_indices(wrt)), wrt))


def _at_zero(expr: Expr, by: str, model: Model) -> Expr:
    zero = transform(expr, lambda e: Integer(0) if is_name(e) and name_of(e) == by else None)
    return gathered(zero, model)


def _without_empty(expr: Expr) -> Expr:
    return transform(expr, lambda e: Integer(0) if isinstance(e, Sum) and e.function == 0 else None)


def _in_letters(expr: Expr, model: Model) -> Expr:
    """The expression with the bound indices of its sums named by the letters that the model has for their ranges."""
    if not expr.has(Sum) or not expr.args:
        return expr
    if not isinstance(expr, Sum):
        return expr.func(*(_in_letters(a, model) for a in args_of(expr)))
    body, limits = expr.function, list[tuple[Idx, Expr, Expr]]()
    taken = free_indices(expr)
    for k, (i, lower, upper) in enumerate(reversed(bound_in(expr))):
        apart = opening_name(k, lower, upper)
        body = substitute(body, {i: apart})
        limits.insert(0, (apart, lower, upper))
    for k, (apart, lower, upper) in reversed(list(enumerate(limits))):
        letter = letter_for(index(LAST_LETTER, lower, upper), taken, model)
        body, taken = substitute(body, {apart: letter}), {*taken, letter}
        limits[k] = (letter, lower, upper)
    factors = Mul.make_args(_in_letters(body, model))
    inner = [f for f in factors if isinstance(f, Sum)]
    if len(inner) != 1 or {i for i, _, _ in bound_in(inner[0])} & {i for i, _, _ in limits}:
        return Sum(Mul(*factors), *limits)
    rest = Mul(*(f for f in factors if f is not inner[0]))  # Σ_i a_i Σ_j b_ij as one sum over both
    return Sum(rest * inner[0].function, *inner[0].limits, *limits)


def letter_for(like: Idx, taken: set[Idx], model: Model) -> Idx:
    """A letter of the model for the range of an index, or another, which is not taken."""
    known = dict.fromkeys(i for q in model.quantities.values() for i in q.axes)
    fitting = (i for i in known if (i.lower, i.upper) == (like.lower, like.upper) and i not in taken)
    return next(fitting, None) or fresh(like, taken)


# -- the coefficients as names --------------------------------------------------------------------------


def _named(coefficient: Expr, degree: int, axes: Iterable[Idx], model: Model) -> Definition:
    letter = next(c for c in (*LETTERS[degree], f"coefficient_{degree}") if c not in model.quantities)
    return Definition(quantity=Quantity(name=letter, latex=letter, axes=tuple(axes)), expr=coefficient)


def term_of(definition: Definition, degree: int, quantity: Quantity) -> Expr:
    """b, Σ_i w_i x_i or Σ_ij Q_ij x_i x_j."""
    axes, rank = last_axes(definition, degree, quantity), len(quantity.axes)
    places = (axes[k * rank : (k + 1) * rank] for k in range(degree))
    body = Mul(definition.target, *(quantity.at(*place) for place in places))
    return total(body, *axes) if axes else body


def last_axes(definition: Definition, degree: int, quantity: Quantity) -> tuple[Idx, ...]:
    """The axes of a coefficient that run over those of the quantity, once for each degree."""
    axes = definition.quantity.axes
    return axes[len(axes) - degree * len(quantity.axes) :]
