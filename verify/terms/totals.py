r"""Sums, means and integrals as linear operators, in a normal form.

Σ_x (a f(x) + g(x)) is a Σ_x f(x) + Σ_x g(x). What does not rest on what is bound stands before the sum; sums within
sums are one sum over several ranges; and one whose factors fall apart is a product of sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Add, Expr, Integer, Mul, Symbol

from .table import Applied, Range, Table, Total, symbols_in

CONSTANTS = frozenset(
    {"alpha", "beta", "gamma", "delta", "eta", "kappa", "lambda", "mu", "nu", "rho", "sigma", "tau", "epsilon"}
)
LAWS = frozenset({"p", "q", "P", "Q", "pi"})


def total(ranges: tuple[Range, ...], value: Expr, table: Table) -> Expr:
    """The sum of a value over ranges, in normal form."""
    result: Expr = Add(*(_summed(ranges, summand, table) for summand in Add.make_args(value.expand())))
    return result


def _summed(ranges: tuple[Range, ...], summand: Expr, table: Table) -> Any:
    """The sum of one product: its constants, times a sum for each part of it that has a range of its own."""
    factors = list(Mul.make_args(summand))
    ranges, factors = _flattened(ranges, factors, table)
    if any(r.bound is None for r in ranges):
        moving = [f for f in factors if not _is_constant(f, table)]
        still = Mul(*(f for f in factors if _is_constant(f, table)))
        counted = moving or not all(r.mean for r in ranges)  # the mean of 1 is 1, a sum of ones is their number
        return still * (_symbol(ranges, Mul(*moving), table) if counted else Integer(1))
    result, left = Integer(1), list(factors)
    for group, members in _parts(ranges, factors, table):
        left = [f for f in left if f not in members]
        result *= _part(group, members, table)
    return result * Mul(*left)


def _flattened(ranges: tuple[Range, ...], factors: list[Expr], table: Table) -> tuple[tuple[Range, ...], list[Expr]]:
    """The ranges and factors with those of the sums among the factors, where they bind other letters."""
    for factor in sorted(factors, key=str):
        inner = table.totals.get(factor) if isinstance(factor, Symbol) else None
        taken = {b for r in ranges for b in r.bound or ()}
        if inner is None or any(
            r.bound is None or r.bound & taken for r in (*ranges, *inner.ranges) if r not in ranges
        ):
            continue
        if not table.letters_of(factor) & taken:  # it is a constant here
            continue
        factors = [f for f in factors if f is not factor] + list(Mul.make_args(inner.core))
        ranges = (*ranges, *inner.ranges)
    return ranges, factors


def _is_constant(factor: Expr, table: Table) -> bool:
    """Whether a factor is one under any mean."""
    return factor.is_number or all(s.name in CONSTANTS and s not in table.letters for s in symbols_in(factor))


def _parts(
    ranges: tuple[Range, ...], factors: Iterable[Expr], table: Table
) -> Iterator[tuple[list[Range], list[Expr]]]:
    """The ranges in groups that factors, or the limits of others, tie together, with the factors of each."""
    groups: list[tuple[list[Range], list[Expr]]] = [([r], []) for r in ranges]
    for r in ranges:
        groups = _joined(groups, r.letters | (r.bound or frozenset()), [])
    for factor in factors:
        groups = _joined(groups, table.letters_of(factor), [factor])
    yield from groups


def _joined(
    groups: list[tuple[list[Range], list[Expr]]], letters: frozenset[Symbol], factors: list[Expr]
) -> list[tuple[list[Range], list[Expr]]]:
    """The groups, with those that bind one of some letters made one."""
    tied = [g for g in groups if any((r.bound or frozenset()) & letters for r in g[0])]
    if not tied:
        return groups
    rest = [g for g in groups if not any(g is t for t in tied)]
    return [*rest, ([r for g in tied for r in g[0]], [f for g in tied for f in g[1]] + factors)]


def _part(ranges: list[Range], factors: list[Expr], table: Table) -> Any:
    """The sum of one part; 1 where it is that of all probabilities."""
    ranges, factors = _without_means(ranges, factors, table), list(factors)
    if not ranges:
        return Mul(*factors)
    return _normalised(ranges, factors, table)


def _normalised(ranges: list[Range], factors: list[Expr], table: Table) -> Any:
    """A sum, with the sums of all probabilities in it left out: Σ_y p(y | x) f(x)."""
    for k, r in enumerate(ranges):
        others = [f for f in factors if table.letters_of(f) & (r.bound or frozenset())]
        limits = (o for o in ranges if o is not r and o.letters & (r.bound or frozenset()))
        if len(others) == 1 and not any(limits) and (summed := _law_over(others[0], r, table)) is not None:
            rest = Mul(summed, *(f for f in factors if f is not others[0]))
            remaining = ranges[:k] + ranges[k + 1 :]
            return total(tuple(remaining), rest, table) if remaining else rest
    return _symbol(tuple(ranges), Mul(*factors), table)


def _law_over(factor: Expr, r: Range, table: Table) -> Any:
    """What a probability gives summed over all values of what a range binds: 1, or that of the rest of a joint one.

    The derivative of 1 is 0.
    """
    if not isinstance(factor, Symbol):
        return None
    if factor in table.slopes:
        return Integer(0) if _law_over(table.slopes[factor], r, table) == 1 else None
    applied = table.applied.get(factor)
    if not r.everywhere or applied is None or applied.base not in LAWS or not r.bound:
        return None
    rest = [o for o in applied.outcome if o not in r.bound]
    if len(rest) + len(r.bound) != len(applied.outcome):
        return None
    if not rest:
        return Integer(1)
    if not applied.joint:
        return None
    letters = table.letters[factor] - frozenset(s for o in applied.outcome for s in table.letters_of(o))
    return joint_of(applied.name, letters, rest, applied.given, applied.separators, applied.base, table)


def joint_of(
    name: str,
    letters: frozenset[Symbol],
    outcome: Iterable[Expr],
    given: tuple[Expr, ...],
    separators: tuple[str, ...],
    base: str,
    table: Table,
) -> Symbol:
    """The probability of several outcomes, in whatever order they are written."""
    outcome = tuple(sorted(outcome, key=str))
    letters = letters | {s for a in (*outcome, *given) for s in table.letters_of(a)}
    commas = (",",) * (len(outcome) - 1)
    told = Applied(
        base=base, outcome=outcome, given=given, separators=separators, between=commas, name=name, joint=True
    )
    symbol = table.term(told.written(), letters)
    table.applied.setdefault(symbol, told)
    return symbol


def _without_means(ranges: list[Range], factors: list[Expr], table: Table) -> list[Range]:
    """The ranges without means of what they do not bind, which is the mean of 1."""
    used = {s for f in factors for s in table.letters_of(f)}
    kept = list(ranges)
    while True:
        idle = next(
            (
                r
                for r in kept
                if r.mean and not (r.bound or frozenset()) & (used | {s for o in kept if o is not r for s in o.letters})
            ),
            None,
        )
        if idle is None:
            return kept
        kept.remove(idle)


def _symbol(ranges: tuple[Range, ...], core: Expr, table: Table) -> Symbol:
    ranges = tuple(sorted(ranges, key=lambda r: r.key))
    bound = {b for r in ranges for b in r.bound or ()}
    letters = (table.letters_of(core) | {s for r in ranges for s in r.letters}) - bound
    symbol = table.term(f"M[{'; '.join(r.key for r in ranges)}]({core})", letters)
    table.totals.setdefault(symbol, Total(ranges=ranges, core=core))
    return symbol
