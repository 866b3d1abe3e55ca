"""Written in names again: what equals a definition becomes the name, e^{z_c} / Σ_k e^{z_k} becomes p_c.

Only the shape changes; every use is a step that the prover checks by the normal form.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING, cast

from sympy import Add, Basic, Dummy, Expr, Idx, Indexed, IndexedBase, Mul, Pow, Product, Sum

from ..vocabulary import Maximum, Partial, is_name, name_of, names_in
from .indices import BINDERS, bound_in, free_indices, substitute, transform, within
from .tidy import tidy
from .trees import args_of, operations

if TYPE_CHECKING:
    from ..model import Model
    from ..quantities import Definition

Bound = Sum | Product | Maximum
Matching = dict[Basic, Expr]  # an index of a definition to its value


def named(expr: Expr, model: Model) -> Expr:
    """The expression with whatever equals a definition of the model written as its name, where that is shorter."""
    for definition in candidates({name_of(a) for a in names_in(expr)}, model):
        if _atoms(definition.expr) & _atoms(expr):
            candidate = _whole(expr, definition)
            if candidate == expr:
                candidate = _quotient(expr, definition)
            expr = candidate if operations(candidate) < operations(expr) else expr
    return expr


def candidates(met: set[str], model: Model) -> list[Definition]:
    """The definitions that may be found in an expression with these names, the last first."""
    near = {d.name: d for name in met for d in model.consumers.get(name, ())}
    found = [d for d in (*near.values(), *_constants(model)) if met.issuperset(_needed(d.expr))]
    return sorted(found, key=lambda d: -model.rank[d.name])


@lru_cache(maxsize=256)
def _constants(model: Model) -> tuple[Definition, ...]:
    """The definitions that use no names."""
    return tuple(d for d in model.definitions if not model.parents[d.name])


@lru_cache(maxsize=4096)
def _needed(body: Expr) -> frozenset[str]:
    """The names without which neither a definition nor its function can be there."""
    function = next((f for f in Mul.make_args(body) if getattr(f, "is_Function", False)), body)
    return frozenset(name_of(a) for a in names_in(function))


@lru_cache(maxsize=4096)
def _atoms(expr: Expr) -> set[type]:
    """The kinds of function and operator in an expression, by which a definition can be looked for at all."""
    return {type(e) for e in expr.atoms(Sum, Maximum, Pow)} | {type(f) for f in _functions(expr)}


def _functions(expr: Basic) -> Iterator[Basic]:
    if getattr(expr, "is_Function", False) and not isinstance(expr, Partial):
        yield expr
    for a in expr.args:
        yield from _functions(a)


def _whole(expr: Expr, definition: Definition) -> Expr:
    """Subtrees that are the definition at some indices, replaced by the name there."""
    if is_name(definition.expr) or not definition.expr.args or definition.expr.is_number:
        return expr

    def replaced(e: Expr) -> Expr | None:
        if not isinstance(e, type(definition.expr)):
            return None
        found = match(definition.expr, e, definition.quantity.axes)
        return _at(definition, found) if found is not None and _is_there(definition, found) else None

    return transform(expr, replaced)


def _quotient(expr: Expr, definition: Definition) -> Expr:
    """f = p/r for a definition p = f(…)·r: the function is written by the name, where that makes the rest cancel.

    A sum in r, as in the softmax, is held as one symbol meanwhile, so that the terms under it stay as they are.
    """
    function = next((f for f in Mul.make_args(definition.expr) if getattr(f, "is_Function", False)), None)
    if function is None or function == definition.expr:
        return expr
    axes = definition.quantity.axes
    rest = definition.expr / function
    held: dict[Expr, Expr] = {}
    for number, part in enumerate(sorted(rest.atoms(Sum), key=str)):
        own = tuple(i for i in axes if i in free_indices(part))
        base = IndexedBase(Dummy(f"sum{number}"))
        held[part] = base[own] if own else Dummy(f"sum{number}")

    def sums(e: Expr) -> Expr | None:
        for part, symbol in held.items() if isinstance(e, Sum) else ():
            found = match(part, e, axes)
            if found is not None:
                return substitute(symbol, found)
        return None

    def functions(e: Expr) -> Expr | None:
        found = match(function, e, axes) if isinstance(e, type(function)) else None
        if found is None or not _is_there(definition, found):
            return None
        return _at(definition, found) / substitute(rest.xreplace(held), found)

    result = tidy(transform(transform(expr, sums), functions))
    back = {symbol: part for part, symbol in held.items()}
    return expr if any(result.has(s.base if isinstance(s, Indexed) else s) for s in back) else result


def _at(definition: Definition, found: Matching) -> Expr:
    return definition.quantity.at(*(found[i] for i in definition.quantity.axes))


def _is_there(definition: Definition, found: Matching) -> bool:
    """Whether it is known at which entry: of φ_k = x^k for k ≥ 0 not φ_{k−1}, of v_i = c² none, the same for all i."""
    return all(i in found and within(found[i], i.lower, i.upper) for i in definition.quantity.axes)


def match(pattern: Expr, expr: Expr, wild: tuple[Idx, ...]) -> Matching | None:
    """The values of the wild indices at which the pattern is the expression, up to the names of bound indices."""
    return next(_match(pattern, expr, set(wild), {}), None)


def _match(pattern: Basic, expr: Expr, wild: set[Idx], known: Matching) -> Iterator[Matching]:
    if pattern in wild:
        if pattern not in known:
            yield {**known, pattern: expr}
        elif known[pattern] == expr:
            yield known
        return
    if isinstance(pattern, Idx) or not pattern.args:
        if known.get(pattern, pattern) == expr:
            yield known
        return
    if type(pattern) is not type(expr) or len(pattern.args) != len(expr.args):
        return
    if isinstance(pattern, BINDERS):
        yield from _match_bound(pattern, cast(Bound, expr), wild, known)
        return
    commutes = isinstance(pattern, Add | Mul) and len(pattern.args) <= 4
    for args in permutations(args_of(expr)) if commutes else (args_of(expr),):
        yield from _match_all(args_of(pattern), args, wild, known)


def _match_all(
    patterns: tuple[Expr, ...], exprs: tuple[Expr, ...], wild: set[Idx], known: Matching
) -> Iterator[Matching]:
    if not patterns:
        yield known
        return
    for found in _match(patterns[0], exprs[0], wild, known):
        yield from _match_all(patterns[1:], exprs[1:], wild, found)


def _match_bound(pattern: Bound, expr: Bound, wild: set[Idx], known: Matching) -> Iterator[Matching]:
    """Bound indices match one to one if their ranges are equal."""
    ours, theirs = bound_in(pattern), bound_in(expr)
    if len(ours) != len(theirs):
        return
    renamed: Matching = {}
    for (i, low, high), (j, lower, upper) in zip(ours, theirs, strict=True):
        if substitute(low, renamed) != lower or substitute(high, renamed) != upper:
            return
        renamed[i] = j
    for found in _match(substitute(pattern.function, renamed), expr.function, wild, known):
        if not any(free_indices(v) & set(renamed.values()) for k, v in found.items() if k not in known):
            yield found
