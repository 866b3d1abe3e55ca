"""Worlds with few outcomes: random joint distributions in which both sides of a claim are numbers.

A claim may be meant under an assumption that the text makes elsewhere. So it is tried in several kinds of worlds:
with any joint distribution; with independent variables, where every assumption of conditional independence holds;
and, where one distribution may be chosen by another, with all of them equal, and with q(z) = p(z|x).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from derive.chances.equality import Assumed
from derive.chances.terms import (
    SLOPE,
    Applied,
    At,
    Mass,
    Name,
    Outcome,
    Over,
    Term,
    Total,
    within,
)

from ..results import Counterexample

MOST_ENTRIES = 200_000
MOST_SHOWN = 12  # entries of a table
Array = Any


class NoWorld(ValueError):
    """A term that cannot be evaluated in a world with few outcomes."""


@dataclass(frozen=True, kw_only=True)
class World:
    """One random assignment of everything.

    Attributes:
        outcomes: variable to the numbers it may be.
        tied: whether every other distribution is that of p given all that is free: q(z) = p(z|x).
        joint: family to its table of whole weights, one axis a variable, in the order of `axes`.
        axes: family to its variables.
        names: names and sizes to numbers.
        data: (variable, letter) to the places of the outcomes at the data points.
        waves: unknown functions, by name, as the coefficients of a wave.
    """

    outcomes: Mapping[str, tuple[Fraction, ...]]
    joint: Mapping[str, Array]
    axes: Mapping[str, tuple[str, ...]]
    names: Mapping[str, Fraction]
    data: Mapping[tuple[str, str], tuple[int, ...]]
    waves: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)
    tied: bool = False


KINDS = ("any", "independent")
CHOICES = ("alike", "tied")  # where a text may choose one distribution by another
POINTS = 12


def world(sides: Iterable[Term], kind: str, assumed: Assumed, seed: int) -> World:
    """Random tables for everything that occurs in the sides.

    Args:
        sides: the terms to be evaluated.
        kind: `any` joint distributions, `independent` variables, `given v` for variables that are independent
            given v, all of whose values are equally likely, `weighted v` where they are not, all families `alike`,
            or `tied`.
        assumed: the values of variables, if the text says them.
        seed: of the random numbers.
    """
    generator = np.random.default_rng(seed)
    terms = [t for side in sides for t in within(side)]
    outcomes = _outcomes(terms, assumed, seed)
    axes: dict[str, tuple[str, ...]] = {}
    for mass in (t for t in terms if isinstance(t, Mass)):
        used = {e.variable for e in mass.events | mass.given}
        axes[mass.family] = tuple(sorted(used | set(axes.get(mass.family, ()))))
    if kind in CHOICES:
        every = tuple(sorted({v for names in axes.values() for v in names}))
        axes = dict.fromkeys(axes, every)
    joint = _tables(axes, outcomes, kind, assumed, generator)
    letters = sorted({t.text for t in terms if isinstance(t, Name)})
    sizes = {n.text for t in terms if isinstance(t, Over) for n in within(t.upper) if isinstance(n, Name)}
    names = {n: Fraction(int(generator.integers(2, 5))) if n in sizes else _fraction(generator) for n in letters}
    data = {
        (variable, at.letter): tuple(generator.integers(0, len(outcomes[variable]), POINTS).tolist())
        for variable, at in sorted({(v, a) for t in terms for v, a in _entries(t)}, key=str)
    }
    waves = {
        t.name: tuple(_fraction(generator) for _ in range(6))
        for t in sorted((t for t in terms if isinstance(t, Applied)), key=str)
    }
    return World(outcomes=outcomes, joint=joint, axes=axes, names=names, data=data, waves=waves, tied=kind == "tied")


def _fraction(generator: np.random.Generator) -> Fraction:
    return Fraction(int(generator.integers(3, 30)), 10)


def _entries(term: Term) -> Iterable[tuple[str, At]]:
    if isinstance(term, Outcome) and isinstance(term.value, At):
        yield term.variable, term.value
    if isinstance(term, Mass):
        for event in term.events | term.given:
            if isinstance(event.value, At):
                yield event.variable, event.value


def _outcomes(terms: Iterable[Term], assumed: Assumed, seed: int) -> dict[str, tuple[Fraction, ...]]:
    """Two or three outcomes for each variable, the named ones among them; as many for x_1 as for x_2."""
    named: dict[str, set[Fraction]] = {}
    for variable, value in _values(terms):
        named.setdefault(variable, set()).update({value} if isinstance(value, Fraction) else ())
    found: dict[str, tuple[Fraction, ...]] = {}
    for variable in sorted(named):
        if variable in assumed.two_valued:
            found[variable] = assumed.two_valued[variable]
            continue
        alike = {v for v in named if _base(v) == _base(variable)}
        numbers = sorted(set().union(*(named[v] for v in alike)))
        local = np.random.default_rng((sum(map(ord, _base(variable))), seed))
        size = max(int(local.integers(2, 4)), len(numbers) + 1 if numbers else 2)
        while len(numbers) < size:
            fresh = _fraction(local)
            numbers += [] if fresh in numbers else [fresh]
        found[variable] = tuple(numbers)
    return found


def _base(variable: str) -> str:
    base = "".join(c for c in variable if c.isalpha() or c == " ")
    return variable[: next((k for k, c in enumerate(variable) if c in "_^'…"), len(variable))] or base


def _values(terms: Iterable[Term]) -> Iterable[tuple[str, Any]]:
    for term in terms:
        if isinstance(term, Mass):
            yield from ((e.variable, e.value) for e in term.events | term.given)
        elif isinstance(term, Outcome):
            yield term.variable, term.value
        elif isinstance(term, Total):
            yield from term.bound


def _tables(
    axes: Mapping[str, tuple[str, ...]],
    outcomes: Mapping[str, tuple[Fraction, ...]],
    kind: str,
    assumed: Assumed,
    generator: np.random.Generator,
) -> dict[str, Array]:
    tables: dict[str, Array] = {}
    margins: dict[tuple[str, str, int], Array] = {}
    shared = None
    for family, variables in axes.items():
        shape = tuple(len(outcomes[v]) for v in variables)
        if math.prod(shape) > MOST_ENTRIES:
            raise NoWorld("too many variables at once")
        if family.startswith(SLOPE):
            continue
        if kind in CHOICES and shared is not None:
            tables[family] = shared
            continue
        if kind == "independent":
            table = np.ones((), dtype=object)
            for v in variables:
                key = (family, _base(v), len(outcomes[v]))
                margins.setdefault(key, generator.integers(1, 9, len(outcomes[v])).astype(object))
                table = np.multiply.outer(table, margins[key])
        elif kind.startswith("given ") and kind[6:] in variables:
            table = _independent_given(variables.index(kind[6:]), shape, generator)
        elif kind.startswith("weighted ") and kind[9:] in variables:
            place = variables.index(kind[9:])
            weights = generator.integers(1, 9, shape[place]).astype(object)
            weights = weights.reshape([size if k == place else 1 for k, size in enumerate(shape)])
            table = _independent_given(place, shape, generator) * weights
        else:
            table = generator.integers(1, 9, shape).astype(object)
            table = _made_independent(table, variables, assumed.independent, generator)
        tables[family] = shared = table
    for family, variables in axes.items():
        if family.startswith(SLOPE):
            if assumed.independent:
                raise NoWorld("a derivative where variables are independent")
            sizes = tuple(len(outcomes[v]) for v in variables)
            keys = [(family.removeprefix(SLOPE), _base(v), len(outcomes[v])) for v in variables]
            product = kind == "independent"
            tables[family] = _of_product(keys, margins, generator) if product else _slope(sizes, generator)
    return tables


def _slope(shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    """The derivative of a table of probabilities: any numbers that sum to 0."""
    table = generator.integers(-8, 9, shape).astype(object)
    table.flat[0] -= table.sum()
    return table * Fraction(1, 50)


def _of_product(
    keys: list[tuple[str, str, int]], margins: dict[tuple[str, str, int], Array], generator: np.random.Generator
) -> Array:
    """The derivative of a product of the probabilities of each variable."""
    pairs = []
    for key in keys:
        weights = margins.setdefault(key, generator.integers(1, 9, key[2]).astype(object))
        pairs.append((weights * Fraction(1, int(weights.sum())), _slope((key[2],), generator)))
    total: Array = 0
    for k in range(len(pairs)):
        table = np.ones((), dtype=object)
        for m, (share, change) in enumerate(pairs):
            table = np.multiply.outer(table, change if m == k else share)
        total = total + table
    return total


def _made_independent(table: Array, variables: tuple[str, ...], independent: frozenset[str], generator: Any) -> Array:
    """The table with the variables that the text calls independent made so."""
    places = [k for k, v in enumerate(variables) if v in independent]
    if len(places) < 2:
        return table
    if len(places) < len(variables):
        raise NoWorld("independence of some of the variables only")
    out = np.ones((), dtype=object)
    for size in table.shape:
        out = np.multiply.outer(out, generator.integers(1, 9, size).astype(object))
    return out


def _independent_given(place: int, shape: tuple[int, ...], generator: Any) -> Array:
    """A table with variables that are independent given the one at a place."""
    table = np.ones(shape, dtype=object)
    for k, size in enumerate(shape):
        pair = generator.integers(1, 9, (shape[place], size)).astype(object)
        whole = math.prod(int(w.sum()) for w in pair)
        pair = pair * np.array([[whole // int(w.sum())] for w in pair], dtype=object)  # rows of equal weight
        pair = pair[:, :1] * 0 + 1 if k == place else pair
        own = [1] * len(shape)
        own[place] = shape[place]
        if k != place:
            own[k] = size
            table = table * (pair if place < k else pair.T).reshape(own)
    return table


def world_shown(
    where: World, letters: dict[str, str], place: tuple[int, ...], values: tuple[Any, Any]
) -> Counterexample:
    """The tables of the world as text, weights over their sum; slopes follow from them, and are left out."""
    told: dict[str, str] = {}
    own = place[-len(letters) :] if letters else ()  # in front of these are the axes of sums
    for letter, k in zip(reversed(list(letters)), own, strict=False):
        told[letter] = str(float(where.outcomes[letters[letter]][k]))
    for family, axes in where.axes.items():
        table = where.joint[family]
        for entry in () if family.startswith(SLOPE) else list(np.ndindex(*table.shape))[:MOST_SHOWN]:
            at = ",".join(f"{v}={float(where.outcomes[v][k]):g}" for v, k in zip(axes, entry, strict=True))
            told[f"{family}({at})"] = f"{int(table[entry])}/{int(table.sum())}"
    told |= {name: f"{float(v):g}" for name, v in where.names.items()}
    left, right = (f"{float(v):.6g}" for v in values)
    return Counterexample(sizes={}, values=told, left=left, right=right)
