"""Small changes of an expression, each the mistake that a person makes: a sign, a factor, an index, a range."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Add, Dummy, Expr, Idx, Indexed, Integer, KroneckerDelta, Mul, Pow, Product, Sum

from derive.calculus.indices import bound_in
from derive.rows.functions import FUNCTIONS, RowFunction, function
from derive.vocabulary import Partial, names_in

Change = Callable[[Expr], Expr | None]


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A change of one node of an expression.

    Attributes:
        name: of the mistake.
        change: a node to what takes its place, or None where the mistake cannot be made.
    """

    name: str
    change: Change


def mutants(expr: Expr) -> Iterator[tuple[str, Expr]]:
    """Every expression that one mistake at one node makes of this one, without repetition."""
    whole = {p: Dummy(f"p{k}", real=True) for k, p in enumerate(sorted(expr.atoms(Partial), key=str))}
    back = {symbol: p for p, symbol in whole.items()}
    hidden = expr.xreplace(whole)  # what a derivative is of, and by, is no value
    seen = {hidden}
    for node in dict.fromkeys(_nodes(hidden)):
        for mutation in MUTATIONS:
            changed = mutation.change(node)
            if changed is None:
                continue
            mutant = hidden.xreplace({node: changed})
            if mutant not in seen:
                seen.add(mutant)
                yield mutation.name, mutant.xreplace(back)


def _nodes(expr: Any) -> Iterator[Expr]:
    """The parts that are values, not places: nothing inside indices, ranges and derivatives."""
    if expr.free_symbols and not any(names_in(expr)) and not expr.atoms(Dummy):  # of indices and sizes alone
        return
    yield expr
    if isinstance(expr, Indexed | KroneckerDelta):
        return
    for part in (expr.args[0],) if isinstance(expr, Sum | Product) else expr.args:
        yield from _nodes(part)


def _without_a_factor(node: Expr) -> Expr | None:
    return Mul(*node.args[1:]) if isinstance(node, Mul) and not node.args[0].is_Number else None


def _without_its_number(node: Expr) -> Expr | None:
    return Mul(*node.args[1:]) if isinstance(node, Mul) and node.args[0].is_Number else None


def _without_a_term(node: Expr) -> Expr | None:
    return Add(*node.args[1:]) if isinstance(node, Add) else None


def _one_sign(node: Expr) -> Expr | None:
    return Add(-node.args[0], *node.args[1:]) if isinstance(node, Add) else None


def _exponent(node: Expr) -> Expr | None:
    return Pow(node.args[0], node.args[1] + 1) if isinstance(node, Pow) else None


def _shorter_range(node: Expr) -> Expr | None:
    if not isinstance(node, Sum):
        return None
    (i, lower, upper), *rest = bound_in(node)
    return Sum(node.function, (i, lower, upper - 1), *rest)


def _another_function(node: Expr) -> Expr | None:
    if not isinstance(node, RowFunction):
        return None
    rows = [row for row in FUNCTIONS if row.name != node.row.name]
    other: Expr = function(rows[0])(*node.args)
    return other


def _transposed(node: Expr) -> Expr | None:
    """A_{j,i} for A_{i,j} where the axes have the same range."""
    if not isinstance(node, Indexed) or len(node.indices) != 2:
        return None
    i, j = node.indices
    same = isinstance(i, Idx) and isinstance(j, Idx) and (i.lower, i.upper) == (j.lower, j.upper)
    return node.func(node.base, j, i) if same else None


MUTATIONS: tuple[Mutation, ...] = (
    Mutation(name="sign", change=lambda e: None if e.is_Number else -e),
    Mutation(name="one for zero", change=lambda e: Integer(1) if e.is_zero and e.is_Number else None),
    Mutation(name="twice", change=lambda e: None if e.is_Number else 2 * e),
    Mutation(name="factor left out", change=_without_a_factor),
    Mutation(name="number left out", change=_without_its_number),
    Mutation(name="term left out", change=_without_a_term),
    Mutation(name="sign of a term", change=_one_sign),
    Mutation(name="exponent", change=_exponent),
    Mutation(name="delta left out", change=lambda e: Integer(1) if isinstance(e, KroneckerDelta) else None),
    Mutation(name="range", change=_shorter_range),
    Mutation(name="function", change=_another_function),
    Mutation(name="transposed", change=_transposed),
)
