"""Whether two equations have different solutions: a place where one is met and the other is not, all of size one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from random import Random

from sympy import Basic, Expr, Float, Idx, Poly, PolynomialError, Product, Rational, Sum, Symbol, fraction, together

from derive.calculus.indices import free_indices
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.ellipses import prepared
from derive.notation.parser import ReadError, parse

from .atsizeone import at_size_one
from .context import Context
from .lines import Line
from .results import Suggestion

SEED = 1729
LARGEST = 9
TOLERANCE = 1e-6
Place = Mapping[Basic | complex, Expr | complex]


def has_other_solutions(line: Line, suggestion: Suggestion, context: Context) -> bool:
    """Whether the equation of a line fails somewhere where its correction is met; False if none such is found.

    Both are read with every vector of length one, and are to be rational in what they are made of.
    """
    mended = _with(line, suggestion)
    if mended is None:
        return False
    try:
        claimed, true = _difference(line, context), _difference(mended, context)
    except Unreadable:
        return False
    if claimed.free_symbols != true.free_symbols:  # another quantity altogether may be meant
        return False
    return any(_is_far_from_zero(claimed, place) for place in _zeros(true))


def _with(line: Line, suggestion: Suggestion) -> Line | None:
    """The line with the side that a suggestion gives."""
    try:
        nodes = parse(suggestion.latex)
    except ReadError:
        return None
    if len(nodes) != 1 or line.right is None:
        return None
    side = prepared(nodes[0])
    on_left = suggestion.span is not None and suggestion.span[1] <= line.formula.offset + line.left.span[1]
    return dataclasses.replace(line, left=side) if on_left else dataclasses.replace(line, right=side)


def _difference(line: Line, context: Context) -> Expr:
    """Left minus right at size one, every count being one."""
    assert line.right is not None
    reader = Reader(context.dictionary)
    difference: Expr = reader.read(line.left) - reader.read(line.right)
    ranges = [(low, high) for e in difference.atoms(Sum, Product) for _, low, high in e.limits]
    ranges += [(i.lower, i.upper) for i in (*reader.opened, *free_indices(difference)) if isinstance(i, Idx)]
    counts: Place = {high: low for low, high in ranges if isinstance(high, Symbol)}
    single: Expr = at_size_one(difference).subs(counts)
    return single


def _zeros(expr: Expr) -> Iterator[Place]:
    """Places where an expression vanishes: any numbers for all letters but one, and a real root for that."""
    random = Random(SEED)
    letters = sorted(expr.free_symbols, key=str)
    for letter in letters:
        place: dict[Basic | complex, Expr | complex] = {
            s: Rational(random.randint(2, LARGEST), random.randint(2, LARGEST)) for s in letters
        }
        others: Place = {s: v for s, v in place.items() if s != letter}
        above, below = fraction(together(expr.subs(others)))
        try:
            roots = Poly(above, letter).nroots()
        except (PolynomialError, ValueError):
            continue
        for root in roots:
            if isinstance(root, Float) and abs(below.subs(letter, root)) > TOLERANCE:
                yield {**place, letter: root}


def _is_far_from_zero(expr: Expr, place: Place) -> bool:
    value = expr.subs(place)
    return bool(value.is_finite) and value.is_real is True and abs(value) > TOLERANCE
