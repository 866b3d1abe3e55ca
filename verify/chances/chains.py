"""Random distributions of sequences that fall into the factors which a text gives them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from derive.chances.networks import Network
from derive.chances.terms import SLOPE, Applied, Mass, Name, Term, within

from .worlds import MOST_ENTRIES, NoWorld, World

WEIGHT = 24  # what the weights of one conditional distribution sum to
Array = Any
Generator = np.random.Generator


def base_of(name: str) -> str:
    """The letter of a variable or of a family, without what tells it from others of that letter."""
    name = name.removeprefix(SLOPE)
    return name[: next((k for k, c in enumerate(name) if k and c in "_^'"), len(name))]


def chain_world(
    sides: tuple[Term, ...], networks: Mapping[str, Network], seed: int, tables: dict[Any, Any], *, alike: bool
) -> World:
    """Random tables for all distributions in the sides.

    Args:
        sides: the terms to be evaluated.
        networks: for the letter of a family the factors into which it falls; any distribution for others.
        seed: of the random numbers.
        tables: those made before, to which new ones are added.
        alike: whether the conditional distributions are the same at all places of a sequence.
    Raises: NoWorld: if there are too many variables.
    """
    terms = [t for side in sides for t in within(side)]
    families = sorted({t.family.removeprefix(SLOPE) for t in terms if isinstance(t, Mass)})
    slopes = {t.family for t in terms if isinstance(t, Mass) and t.family.startswith(SLOPE)}
    axes = {f: _variables(f, terms, networks) for f in families}
    bases = sorted({base_of(v) for names in axes.values() for v in names})
    size = {b: 3 if k == 0 else 2 for k, b in enumerate(bases)}
    joint: dict[str, Array] = {}
    for k, family in enumerate(families):
        shape = tuple(size[base_of(v)] for v in axes[family])
        if math.prod(shape) > MOST_ENTRIES / 8:
            raise NoWorld("too many variables at once")
        network, sloping = networks.get(base_of(family)), SLOPE + family in slopes
        key = (network, axes[family], shape, seed, k, alike, sloping)
        if key not in tables:
            generator = np.random.default_rng((seed, k))
            tables[key] = (
                (generator.integers(1, 9, shape).astype(object), None)
                if network is None
                else _tables(network, axes[family], size, generator, alike, sloping)
            )
        joint[family], change = tables[key]
        joint |= {SLOPE + family: change} if sloping and change is not None else {}
    if slopes - joint.keys():
        raise NoWorld("the derivative of a distribution of which the factors are not known")
    generator = np.random.default_rng(seed + 100)
    return World(
        outcomes={v: _numbers(base_of(v), size[base_of(v)]) for names in axes.values() for v in names},
        joint=joint,
        axes=axes | {s: axes[s.removeprefix(SLOPE)] for s in slopes},
        names={n: _fraction(generator) for n in sorted({t.text for t in terms if isinstance(t, Name)})},
        data={},
        waves={f: _wave(generator) for f in sorted({t.name for t in terms if isinstance(t, Applied)})},
    )


def _variables(family: str, terms: list[Term], networks: Mapping[str, Network]) -> tuple[str, ...]:
    """The variables of a family, by its factors or else those that occur."""
    if base_of(family) in networks:
        return tuple(sorted(networks[base_of(family)].variables))
    masses = [t for t in terms if isinstance(t, Mass) and t.family.removeprefix(SLOPE) == family]
    return tuple(sorted({e.variable for m in masses for e in m.events | m.given}))


def _wave(generator: Generator) -> tuple[Fraction, ...]:
    return tuple(_fraction(generator) for _ in range(6))


def _fraction(generator: Generator) -> Fraction:
    return Fraction(int(generator.integers(3, 30)), 10)


def _numbers(base: str, size: int) -> tuple[Fraction, ...]:
    generator = np.random.default_rng(sum(map(ord, base)))
    return tuple(Fraction(int(n), 10) for n in generator.choice(np.arange(3, 30), size, replace=False))


def _tables(
    network: Network, axes: tuple[str, ...], size: Mapping[str, int], generator: Generator, alike: bool, sloping: bool
) -> tuple[Array, Array | None]:
    """The weights of a joint distribution; where it is asked for, their derivatives over the sum of the weights."""
    parts: list[tuple[Array, Array | None]] = []
    seen: dict[object, tuple[Array, Array]] = {}
    for factor in network.factors:
        names = factor.children + factor.parents
        shape = tuple(size[base_of(v)] for v in names)
        key = (tuple(map(base_of, factor.children)), tuple(map(base_of, factor.parents)), len(factor.parents))
        if not alike or key not in seen:
            seen[key] = _conditional(shape, len(factor.children), generator)
        weights, change = (_spread(t, names, axes) for t in seen[key])
        parts.append((weights, change if factor.changes else None))
    whole, slope = np.ones((), dtype=object), np.zeros((), dtype=object)
    for weights, change in parts:
        slope = slope * weights + (whole * change if change is not None else 0) if sloping else slope
        whole = whole * weights
    full = np.broadcast_to(whole, tuple(size[base_of(v)] for v in axes))
    return full, np.broadcast_to(slope, full.shape) * Fraction(1, int(full.sum())) if sloping else None


def _conditional(shape: tuple[int, ...], children: int, generator: Generator) -> tuple[Array, Array]:
    """Whole weights that sum to the same number for all parents, and changes of them that sum to 0."""
    own = int(np.prod(shape[:children]))
    rows = int(np.prod(shape[children:]))
    shares = generator.dirichlet(np.ones(own) * 2, rows)
    weights = np.array([1 + generator.multinomial(WEIGHT - own, p) for p in shares]).T
    change = generator.integers(-8, 9, (own, rows))
    change[0] -= change.sum(axis=0)
    return weights.reshape(shape).astype(object), change.reshape(shape).astype(object)


def _spread(table: Array, names: tuple[str, ...], axes: tuple[str, ...]) -> Array:
    """A table of some variables as one of all, with length 1 along the others."""
    order = sorted(range(len(names)), key=lambda k: axes.index(names[k]))
    table = np.transpose(table, order)
    present = [names[k] for k in order]
    return table.reshape([table.shape[present.index(v)] if v in present else 1 for v in axes])
