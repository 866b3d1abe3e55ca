"""Closed forms recognised: a quantity as a function of a row, and a sum in the names that a model has for its parts.

Nothing is looked up. An argument is found by solving u = f(z) for z, a part of a sum by comparing it with the
definitions; each is kept only if the normal forms agree.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Add, Expr, Mul, Rational, Sum, exp, expand_mul, log, preorder_traversal

from ..calculus.indices import free_indices
from ..calculus.normalform import TooLarge, is_zero, normal_form
from ..calculus.positivity import Facts, positive
from ..calculus.tidy import expand_logs, merge_sums, pull_out, tidy
from ..calculus.trees import args_of
from ..derivation import Chain, Derivation
from ..model import Model
from ..prove import reliable_facts
from ..quantities import Definition
from ..rows.functions import RowFunction, sigmoid, softplus, tanh
from ..vocabulary import is_name, name_of

INVERSES: tuple[tuple[type[RowFunction], Callable[[Expr], Expr]], ...] = (
    (sigmoid, lambda u: log(u / (1 - u))),
    (tanh, lambda u: log((1 + u) / (1 - u)) * Rational(1, 2)),
    (softplus, lambda u: log(exp(u) - 1)),
)


def as_function(expr: Expr, facts: Facts) -> Expr | None:
    """The expression as a function of a row at a simpler argument: e^a / (e^a + e^b) = σ(a − b).

    Args:
        expr: in names and indices, such as a definition.
        facts: plain name -> domain.
    Returns: an equal expression with the function outermost, or None if none is simpler.
    """
    for function, inverse in INVERSES:
        try:
            found = _solved(expr, function, inverse, facts)
        except (TooLarge, RecursionError):
            continue
        if found is not None:
            return found
    return None


def in_functions(model: Model, name: str) -> Derivation | None:
    """The derivation of a defined quantity as a function of a row: P_1 = e^{−βε_1}/(…) = σ(β(ε_0 − ε_1)).

    Returns: None if its definition is no such function of something simpler.
    """
    definition = model.defined[name]
    found = None if definition.recursive else as_function(definition.expr, reliable_facts(model))
    if found is None:
        return None
    chain = Chain(model, definition.target).then("definition", definition.expr)
    return chain.then(f"solved for the argument of {found.func.__name__}", found).done()


def split(expr: Expr, model: Model) -> Derivation | None:
    """A sum taken apart into the sums that the model has names for: Σ p log(p/q) = C − H.

    Args:
        expr: a defined name, or an expression in the names of the model.
        model: its definitions are the names looked for; those that depend on the name itself are left out.
    Returns: the derivation, or None if no part has a name.
    """
    whole = name_of(expr) if is_name(expr) else ""
    known = [d for d in model.definitions if not d.recursive and not (whole and model.depends(d.name, whole))]
    chain = Chain(model, expr)
    if whole in model.defined and not model.defined[whole].recursive:
        chain.then("definition", model.body(expr))
    facts = reliable_facts(model)
    chain.then("logarithm of products and powers", _apart(chain.now, facts))
    parts = by_terms(chain.now)
    chain.then("the sum taken term by term", parts)
    try:
        named = merge_sums(Add(*(_named(term, known, facts) for term in Add.make_args(parts))))
    except (TooLarge, RecursionError):
        return None
    return chain.then("in terms of the definitions", named).done() if named != merge_sums(parts) else None


# -- solving u = f(z) ----------------------------------------------------------------------------------


def _solved(expr: Expr, function: type[RowFunction], inverse: Callable[[Expr], Expr], facts: Facts) -> Expr | None:
    if expr.is_number or isinstance(expr, RowFunction):
        return None
    argument = normal_form(inverse(expr), facts)
    if argument.is_number or not argument.atoms(log) <= expr.atoms(log):  # log(…) = z is no argument found
        return None
    found = function(tidy(argument))
    return found if _functions(argument) < _functions(expr) and is_zero(found - expr, facts) else None


def _functions(expr: Expr) -> int:
    """How many exponentials, logarithms and functions of rows occur, which is what a simpler argument has fewer of."""
    return sum(isinstance(e, exp | log | RowFunction) for e in preorder_traversal(expr))


# -- taking a sum apart --------------------------------------------------------------------------------


def _apart(expr: Expr, facts: Facts) -> Expr:
    """Logarithms expanded; log ab = log a + log b holds wherever log ab is real if b > 0, whatever a may be."""
    if isinstance(expr, log):
        sure = [a for a in Mul.make_args(expr.args[0]) if positive(a, facts)]
        rest = Mul(*(a for a in Mul.make_args(expr.args[0]) if a not in sure))
        return expand_logs(log(Mul(*sure)), facts) + log(rest)
    return expr.func(*(_apart(a, facts) for a in args_of(expr))) if expr.has(log) else expr


def by_terms(expr: Expr) -> Expr:
    """Σ (a + c b) = Σ a + c Σ b."""
    if isinstance(expr, Sum):
        body = expand_mul(by_terms(expr.function))
        return Add(*(pull_out(Sum(term, *expr.limits)) for term in Add.make_args(body)))
    return expand_mul(expr.func(*map(by_terms, expr.args))) if isinstance(expr, Add | Mul) else expr


def _named(term: Expr, known: list[Definition], facts: Facts) -> Expr:
    """A number times a sum as a number times a name, also below further sums: Σ_s Σ_k … = Σ_s H_s."""
    number, body = term.as_coeff_Mul()
    if not isinstance(body, Sum):
        return term
    for outer in range(len(body.limits)):
        split_at = len(body.limits) - outer
        inner = Sum(body.function, *body.limits[:split_at])
        found = next((e for d in known if (e := _name_for(inner, d, facts)) is not None), None)
        if found is not None:
            return pull_out(Sum(number * found, *body.limits[split_at:])) if outer else number * found
    return term


def _name_for(body: Sum, definition: Definition, facts: Facts) -> Expr | None:
    """The multiple of a defined name that a sum is, if the definition is a multiple of the same sum."""
    if not free_indices(body).issuperset(definition.quantity.axes):  # at which of its entries, would be open
        return None
    number, defined = by_terms(_apart(definition.expr, facts)).as_coeff_Mul()
    if not isinstance(defined, Sum) or not is_zero(body - defined, facts):
        return None
    return definition.target / number
