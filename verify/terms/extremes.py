r"""Maxima, minima and where they lie, as terms: of equal things they are equal, and min f is −max(−f).

Where a maximum lies does not change under what keeps the order: factors that are positive numbers or counts, summands
that do not show the letter, and the logarithm.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Add, Expr, Mul, Pow, Symbol, exp, factor_terms

from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Sym

from .logs import log_of
from .table import NoTerm, Range, Table, symbols_in
from .totals import LAWS

EXTREMES = {"max": 1, "sup": 1, "min": -1, "inf": -1, "argmax": 1, "argmin": -1}
UPWARD = {"min": "max", "inf": "sup", "argmin": "argmax"}
COUNTS = frozenset({"n", "N", "m", "M", "T", "K", "B"})


def extreme(op: str, ranges: tuple[Range, ...], value: Expr, table: Table) -> Expr:
    """The largest or smallest of the values over ranges, or where it lies."""
    sign = EXTREMES[op]
    value = (sign * value).expand()
    bound = {b for r in ranges for b in r.bound or ()}
    if op.startswith("arg"):
        sign, value = 1, _place_of(value, None if any(r.bound is None for r in ranges) else bound, table)
    letters = (table.letters_of(value) | {s for r in ranges for s in r.letters}) - bound
    key = "; ".join(sorted(r.key for r in ranges))
    found: Expr = sign * table.term(f"{UPWARD.get(op, op)}[{key}]({value})", letters)
    return found


def largest(op: str, values: Iterable[Expr], table: Table) -> Expr:
    """The largest or smallest of several values, in any order."""
    sign = EXTREMES[op]
    found = sorted({(sign * v).expand() for v in values}, key=str)
    letters = {s for v in found for s in table.letters_of(v)}
    result: Expr = sign * table.term(f"max({', '.join(map(str, found))})", letters)
    return result


def leaks(node: Bin) -> bool:
    """Whether what stands behind a maximum has its letter, so that the maximum may be of all of it."""
    if node.op not in ("+", "-"):
        return False
    bigs = (n for n in walk(node.left) if isinstance(n, Big) and n.op in EXTREMES and n.below is not None)
    bound = {n.base for big in bigs if big.below is not None for n in walk(big.below) if isinstance(n, Sym)}
    return any(isinstance(n, Sym) and n.base in bound for n in walk(node.right))


def _place_of(value: Expr, bound: set[Symbol] | None, table: Table) -> Expr:
    """What is greatest where a value is, without what does not matter.

    Args:
        value: what is greatest.
        bound: what varies; None if it is not known.
        table: of the terms.
    """
    if is_positive(value, table):
        value = log_of(value).expand()
    elif is_positive(-value, table):
        value = (-log_of((-value).expand())).expand()
    if bound is not None:
        hidden = not any(s in bound for s in table.letters_of(value))
        if hidden and (table.dropped or not _has_letters(value, table)):
            raise NoTerm("what is greatest does not show where it is taken")
        value = Add(*(a for a in Add.make_args(value) if _varies(a, bound, table)))
    factors = Mul.make_args(factor_terms(value))
    kept: Expr = Mul(*(f for f in factors if not _scales(f, bound or set()))).expand()
    return kept


def _varies(summand: Expr, bound: set[Symbol], table: Table) -> bool:
    """Whether a summand shows a letter, or has letters of which it is not known whether they rest on it."""
    return _has_letters(summand, table) or bool(table.letters_of(summand) & bound)


def _has_letters(value: Expr, table: Table) -> bool:
    """Whether a value has letters of which it is not known on what they rest: the Δ of log σ(Δ)."""
    return any(s not in table.applied and s not in table.totals for s in symbols_in(value))


def _scales(factor: Expr, bound: set[Symbol]) -> bool:
    base = factor.as_base_exp()[0]
    counts = isinstance(base, Symbol) and base.name in COUNTS and base not in bound
    return bool(factor.is_number and factor.is_positive) or counts


def is_positive(value: Expr, table: Table) -> bool:
    """Whether a value is made of probabilities and exponentials so that it is positive."""
    if isinstance(value, exp) or (isinstance(value, Symbol) and value in table.applied):
        return isinstance(value, exp) or table.applied[value].base in LAWS
    if isinstance(value, Add | Mul):
        return all(is_positive(a, table) for a in value.args)
    if isinstance(value, Pow):
        return is_positive(value.base, table)
    return bool(value.is_number and value.is_positive)
