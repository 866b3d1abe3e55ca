"""Values of densities as functions of a parameter: whether two differ by a factor only, and what law they are."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from derive.chances.families import BETA, GAMMA, NORMAL
from derive.notation.syntax import Node, found_of

from ..standards.letters import Atom
from ..standards.terms import Formula, formula_of
from ..standards.values import Unclear, Value

POINTS = (0.17, 0.32, 0.5, 0.71, 0.88)  # of the parameter, which lie in the domain of any law
SIZES = (3, 4, 2, 5)  # how many data points the trials have
TOLERANCE = 1e-8
INTEGERS = frozenset("nNmMT")
Features = tuple[Callable[[float], float], Callable[[float], float]]
MODES: Mapping[tuple[frozenset[str], str], str] = {  # by the last parameter
    (NORMAL, "v"): "m",
    (NORMAL, "s"): "m",
    (BETA, "b"): r"\frac{a - 1}{a + b - 2}",
    (GAMMA, "b"): r"\frac{a - 1}{b}",
    (GAMMA, "s"): "(a - 1) s",
}
Laws = Mapping[frozenset[str], tuple[Features, Callable[[float, float], Mapping[str, float]]]]
FEATURES: Laws = {  # what the logarithm of a density is linear in, and the parameters from the two slopes
    NORMAL: (
        (lambda x: x, lambda x: x * x),
        lambda c, d: {"m": -c / (2 * d), "v": -1 / (2 * d), "s": (-2 * d) ** -0.5 if d < 0 else math.nan},
    ),
    BETA: ((math.log, lambda x: math.log(1 - x)), lambda c, d: {"a": c + 1, "b": d + 1}),
    GAMMA: ((math.log, lambda x: x), lambda c, d: {"a": c + 1, "b": -d, "s": -1 / d}),
}


@dataclass(frozen=True, kw_only=True)
class Values:
    """The values of all letters in one trial.

    Attributes:
        trial: its number.
        parameter: the name of the letter of which densities are a function.
        sizes: the letters that count the data.
        known: the values of letters that are no longer free.
    """

    trial: int
    parameter: str
    sizes: frozenset[str]
    known: Mapping[str, float] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many data points there are."""
        return SIZES[self.trial]

    def of(self, formula: Formula, at: float) -> float:
        """The value of a formula at a value of the parameter. Raises: Unclear: if it has none, or none that is real."""
        found = formula.at(lambda atom, indices: self._of(atom, indices, at), self.size)
        if np.ndim(found) or not np.isreal(found) or not np.isfinite(found):
            raise Unclear("no number")
        return float(np.real(found))

    def _of(self, atom: Atom, indices: tuple[int, ...], at: float) -> Value:
        if atom.name in self.known:
            return self.known[atom.name]
        if atom.name == self.parameter:
            return at
        if atom.name in self.sizes:
            return float(self.size)
        if (
            atom.core.startswith("bar ")
            and not indices
            and atom.name.removeprefix(atom.core).strip("_") in {*self.sizes, ""}
        ):
            inner = Atom(name=atom.core[4:], core=atom.core[4:], arity=1)
            return sum(float(self._of(inner, (k,), at)) for k in range(1, self.size + 1)) / self.size
        if not indices and not atom.arity and atom.name in INTEGERS:
            return 7.0 + self.trial
        return _drawn(atom.name, indices, self.trial)


@lru_cache(maxsize=65536)
def _drawn(name: str, indices: tuple[int, ...], trial: int) -> float:
    """The value of a letter at indices, in one of the trials: the same wherever it is asked for."""
    return random.Random(f"{name}|{indices}|{trial}").uniform(0.3, 2.4)


def trials(parameter: Node, sizes: frozenset[str]) -> Iterator[Values]:
    """The trials for a parameter. Raises: Unclear: if it is no letter."""
    name = name_of(parameter)
    for trial in range(len(SIZES)):
        yield Values(trial=trial, parameter=name, sizes=sizes)


def name_of(letter: Node) -> str:
    """The name of a letter. Raises: Unclear: if it is none."""
    atoms = formula_of(letter).atoms
    if len(atoms) != 1:
        raise Unclear("no letter")
    return atoms[0].name


def logarithms(density: Node, values: Values) -> np.ndarray:
    """The logarithm of a density at all points, found once. Raises: Unclear: if it is not positive."""
    known, key = found_of(density), (logarithms, values.trial, values.parameter, values.sizes)
    if key not in known:
        formula = formula_of(density)
        found = [values.of(formula, at) for at in POINTS]
        if min(found) <= 0:
            raise Unclear("no density")
        known[key] = np.log(found)
    logarithm: np.ndarray = known[key]
    return logarithm


def are_proportional(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two logarithms differ by a constant."""
    difference = one - other
    return bool(np.ptp(difference) <= TOLERANCE * (1 + np.max(np.abs(one))))


def fitted(logarithm: np.ndarray, heads: frozenset[str]) -> Mapping[str, float] | None:
    """The parameters of the law of a family that a density is; None if it is none of the family."""
    if heads not in FEATURES:
        return None
    features, parameters = FEATURES[heads]
    columns = np.array([[f(x) for f in features] + [1.0] for x in POINTS])
    slopes, *_ = np.linalg.lstsq(columns, logarithm, rcond=None)
    if np.max(np.abs(columns @ slopes - logarithm)) > TOLERANCE * (1 + np.max(np.abs(logarithm))):
        return None
    return parameters(float(slopes[0]), float(slopes[1]))
