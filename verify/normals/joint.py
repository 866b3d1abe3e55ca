"""The joint distribution of normal variables, with numbers for the letters of a text."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product

import numpy as np

from derive.notation.runs import walk
from derive.notation.syntax import Bin, Node, Num, Sym

from ..standards.letters import Atom
from ..standards.terms import atoms_of, formula_of
from ..standards.values import Unclear, Value
from .statements import Stated

WIDTH = 3  # of columns and matrices
COPIES = 7  # of a variable of which there are several
NUMBER, COLUMN, MATRIX = "number", "column", "matrix"
CAPITALS = frozenset({"Sigma", "Lambda", "Phi", "Psi", "Gamma", "Omega", "Theta"})
COUNTS = frozenset({"n", "N", "m", "M", "T", "D", "d", "K"})
NUMBERS_FIRST = frozenset(
    {"sigma", "alpha", "beta", "lambda", "tau", "nu", "epsilon", "kappa", "s", "k", "a", "v", "r"}
)
MOST_ASSIGNMENTS = 96
CLOSE = 1e-7

Kinds = Mapping[str, str]
Place = tuple[str, tuple[int, ...]]  # a variable, or one of its copies


@dataclass
class World:
    """Numbers for the letters of a text, and the joint distribution of its variables.

    Attributes:
        laws: the distributions that the text states, of each variable one.
        kinds: whether letters are numbers, columns or matrices; none where all are numbers.
        defined: what the text writes letters for.
        seed: of the numbers.
        follows: letters for means and covariances that follow.
        bound: what those of them are that could be found.
        values: what the letters have been found to be.
    """

    laws: tuple[Stated, ...]
    kinds: Kinds
    defined: Mapping[str, Node]
    seed: int
    follows: frozenset[str] = frozenset()
    bound: dict[str, Value] = field(default_factory=dict)
    values: dict[tuple[str, tuple[int, ...]], Value] = field(default_factory=dict)

    @cached_property
    def conditions(self) -> frozenset[str]:
        """What the laws are given, or rest on, and is no variable: inputs, earlier data."""
        given = {g for law in self.laws for g in law.given}
        return frozenset(given | {a.name for law in self.laws for n in law.mean for a in atoms_of(n)})

    def kind(self, name: str, core: str) -> str:
        """What a letter is here."""
        return self.kinds.get(name, self.kinds.get(core, NUMBER))

    def value(self, node: Node, shown: Mapping[Place, Value] | None = None) -> Value:
        """The value of an expression; variables have those values, else values of their own.

        Raises: Unclear: if it has none.
        """
        return formula_of(node).at(lambda atom, at: self._of(atom, at, shown or {}), COPIES)

    def _of(self, atom: Atom, at: tuple[int, ...], shown: Mapping[Place, Value]) -> Value:
        if atom.name in self.bound:
            return self.bound[atom.name]
        if atom.name in self.follows:
            raise Unclear(f"it could not be found what {atom.name} is")
        for name in (atom.name, atom.core) if at else (atom.name,):  # x_3 is a copy of x
            if (name, at) in shown:
                return shown[name, at]
        if not at and atom.core.startswith("bar ") and (copies := self._copies(atom.core.removeprefix("bar "), shown)):
            return sum(copies[1:], copies[0]) / len(copies)
        if atom.name in self.defined and not at:
            return self.value(self.defined[atom.name], shown)
        if atom.core in COUNTS and self._has_copies(shown) and not at:
            return float(COPIES)
        key = atom.name, at
        if key not in self.values:
            self.values[key] = self._drawn(atom, at)
        return self.values[key]

    def _copies(self, name: str, shown: Mapping[Place, Value]) -> list[Value]:
        return [v for (n, at), v in shown.items() if n == name and at]

    def _has_copies(self, shown: Mapping[Place, Value]) -> bool:
        return any(at for _, at in shown)

    def _drawn(self, atom: Atom, at: tuple[int, ...]) -> Value:
        if atom.core == "0":
            return 0.0
        draw = random.Random(f"{atom.name}|{at}|{self.seed}")
        kind = self.kind(atom.name, atom.core)
        if kind == COLUMN:
            return np.array([[draw.uniform(-2, 2)] for _ in range(WIDTH)])
        if kind == MATRIX and atom.core == "I":
            return np.eye(WIDTH)
        mixed = np.array([[draw.uniform(-1, 1) for _ in range(WIDTH)] for _ in range(WIDTH)])
        if kind == MATRIX:
            return mixed @ mixed.T + np.eye(WIDTH) if (atom.name in self._spreads) else mixed + 2 * np.eye(WIDTH)
        if atom.core == "I":
            return 1.0
        return draw.uniform(0.1, 0.9) if atom.name in self._shares else draw.uniform(0.4, 2.2)

    @cached_property
    def _shares(self) -> frozenset[str]:
        """The a of √(1 − a)."""
        nodes = (n for law in self.laws for node in (*law.mean, *law.spread[0]) for n in walk(node))
        rest = (n.right for n in nodes if isinstance(n, Bin) and n.op == "-" and getattr(n.left, "text", "") == "1")
        return frozenset(a.name for node in rest for a in atoms_of(node))

    @cached_property
    def _spreads(self) -> frozenset[str]:
        nodes = [n for law in self.laws for row in law.spread for n in row]
        return frozenset(a.name for n in nodes for a in atoms_of(n))

    # -- the joint distribution ------------------------------------------------------------------------

    @cached_property
    def joint(self) -> Joint:
        """The means and covariances of all variables and of copies of those that have a running index.

        Raises: Unclear: if a mean is not linear in the variables, or the shapes do not fit.
        """
        found = Joint()
        waiting = list(self.laws)
        names = {v for law in waiting for v in law.variables}
        while waiting:
            ready = next((law for law in waiting if self._rests_on(law) & names <= found.known), None)
            if ready is None:
                raise Unclear("the distributions rest on one another")
            waiting.remove(ready)
            self._add(ready, found)
        return found

    def _rests_on(self, law: Stated) -> set[str]:
        nodes = [*law.mean, *(n for row in law.spread for n in row)]
        return {name for n in nodes for a in atoms_of(n) for name in (a.name, a.core)} - set(law.variables)

    def _add(self, law: Stated, joint: Joint) -> None:
        if len(law.variables) > 1:
            self._add_blocks(law, joint)
            return
        (name,), (mean,), ((spread,),) = law.variables, law.mean, law.spread
        atoms = [a for n in (mean, spread) for a in atoms_of(n)]
        core, several = copied(name)
        made = isinstance(spread, Num) and spread.text == "0"
        several = several and not (made and any(a.name in joint.known for a in atoms))  # x_t = … + ε is one variable
        if joint.copies & {a.core for a in atoms if not (made and a.arity)}:  # a sum over all copies is one variable
            raise Unclear("one variable rests on the copies of another")
        covariance = self._square(self.value(spread), self.kind(name, core))
        for at in [(k,) for k in range(1, COPIES + 1)] if several else [()]:
            place = (core if several else name), at
            joint.add(place, *self._linear(mean, joint, covariance.shape[0]), covariance)
        joint.known |= {name, core}
        joint.copies |= {core} if several else set()

    def _linear(self, mean: Node, joint: Joint, width: int) -> tuple[Value, dict[Place, Value]]:
        """The constant of a mean, and the matrix by which each variable counts in it."""
        used = [p for p in joint.places if any(p[0] in (a.name, a.core) for a in atoms_of(mean))]
        zero = {p: joint.zero(p) for p in used}
        constant = column(self.value(mean, zero), width)
        slopes: dict[Place, Value] = {}
        for place in used:
            columns = []
            for k in range(joint.width(place)):
                unit = np.zeros((joint.width(place), 1))
                unit[k] = 1
                columns.append(column(self.value(mean, {**zero, place: joint.as_value(place, unit)}), width) - constant)
            slopes[place] = np.hstack(columns)
        draw = np.random.default_rng(self.seed)
        probe = {p: draw.normal(size=(joint.width(p), 1)) for p in used}
        there = column(self.value(mean, {p: joint.as_value(p, v) for p, v in probe.items()}), width)
        expected = constant + sum((slopes[p] @ v for p, v in probe.items()), np.zeros((width, 1)))
        if np.abs(there - expected).max() > CLOSE:
            raise Unclear("a mean is not linear in the variables")
        return constant, slopes

    def _add_blocks(self, law: Stated, joint: Joint) -> None:
        """A joint distribution by its blocks, each of which must be a letter of its own, or one turned."""
        kind = self.kind(law.variables[0], law.variables[0])
        width = WIDTH if kind == COLUMN else 1
        size = width * len(law.variables)
        draw = np.random.default_rng(self.seed)
        mixed = draw.uniform(-1, 1, (size, size))
        whole = mixed @ mixed.T + 0.5 * np.eye(size)
        for i, row in enumerate(law.spread):
            for j, block in enumerate(row):
                part = whole[i * width : (i + 1) * width, j * width : (j + 1) * width]
                self._settle(block, part if width > 1 else float(part[0, 0]))
        for i, row in enumerate(law.spread):
            for j, block in enumerate(row):
                part = whole[i * width : (i + 1) * width, j * width : (j + 1) * width]
                if np.abs(self._square(self.value(block), kind) - part).max() > CLOSE:
                    raise Unclear("a block of a covariance that is no letter")
        means = [column(self.value(m), width) for m in law.mean]
        joint.add_all([(v, ()) for v in law.variables], means, whole, width)
        joint.known |= set(law.variables)

    def _settle(self, block: Node, part: Value) -> None:
        """Give the letter of a block its value."""
        atoms = atoms_of(block)
        if isinstance(block, Sym) and len(atoms) == 1:
            turned = isinstance(block.sup, Sym) and isinstance(part, np.ndarray)
            self.values.setdefault((atoms[0].name, ()), part.T if turned else part)

    def _square(self, value: Value, kind: str) -> Value:
        found = np.atleast_2d(np.asarray(value, dtype=float))
        width = WIDTH if kind == COLUMN else 1
        if not np.any(found):
            return np.zeros((width, width))
        if found.shape != (width, width):
            raise Unclear("a covariance of another shape than its variable")
        return found


@dataclass
class Joint:
    """Means and covariances of variables, and where each begins."""

    mean: Value = field(default_factory=lambda: np.zeros((0, 1)))
    covariance: Value = field(default_factory=lambda: np.zeros((0, 0)))
    places: dict[Place, tuple[int, int]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    copies: set[str] = field(default_factory=set)

    def width(self, place: Place) -> int:
        """How many entries a variable has."""
        start, end = self.places[place]
        return end - start

    def zero(self, place: Place) -> Value:
        """The zero of a variable."""
        return self.as_value(place, np.zeros((self.width(place), 1)))

    def as_value(self, place: Place, entries: Value) -> Value:
        """A column as formulas compute with it: a number where it has one entry."""
        return entries if self.width(place) > 1 else float(entries[0, 0])

    def add(self, place: Place, constant: Value, slopes: Mapping[Place, Value], noise: Value) -> None:
        """A variable whose mean is linear in those before it."""
        matrix = np.zeros((len(constant), len(self.mean)))
        for other, slope in slopes.items():
            matrix[:, slice(*self.places[other])] = slope
        cross = matrix @ self.covariance
        start = len(self.mean)
        self.mean = np.vstack([self.mean, constant + matrix @ self.mean])
        self.covariance = np.block([[self.covariance, cross.T], [cross, cross @ matrix.T + noise]])
        self.places[place] = start, start + len(constant)

    def add_all(self, places: list[Place], means: list[Value], covariance: Value, width: int) -> None:
        """Variables with a joint distribution of their own."""
        start = len(self.mean)
        rest = np.zeros((start, len(covariance)))
        self.mean = np.vstack([self.mean, *means])
        self.covariance = np.block([[self.covariance, rest], [rest.T, covariance]])
        for k, place in enumerate(places):
            self.places[place] = start + k * width, start + (k + 1) * width

    def entries(self, places: Iterable[Place]) -> list[int]:
        """Where variables stand."""
        return [k for p in places for k in range(*self.places[p])]

    def conditional(self, place: Place, given: list[Place], values: Value) -> tuple[Value, Value]:
        """The mean and the covariance of a variable, given values of others."""
        a, b = self.entries([place]), self.entries(given)
        gain = (
            self.covariance[np.ix_(a, b)] @ np.linalg.inv(self.covariance[np.ix_(b, b)]) if b else np.zeros((len(a), 0))
        )
        mean = self.mean[a] + gain @ (values - self.mean[b])
        return mean, self.covariance[np.ix_(a, a)] - gain @ self.covariance[np.ix_(b, a)]


def copied(name: str) -> tuple[str, bool]:
    """The letter of x_n without its index, and whether it has one that runs."""
    core, _, index = name.partition("_")
    return (core, True) if len(index) == 1 and index in "nijtm" else (name, False)


def column(value: Value, width: int) -> Value:
    """A value as a column of so many entries. Raises: Unclear: if it is of another shape."""
    found = np.atleast_2d(np.asarray(value, dtype=float))
    if not np.any(found):
        return np.zeros((width, 1))
    if found.shape != (width, 1):
        raise Unclear("a mean of another shape than its variable")
    return found


def assignments(nodes: Iterable[Node], variables: Iterable[str], fits: Callable[[Kinds], bool]) -> Kinds | None:
    """The first way to take letters for numbers, columns and matrices that fits, with as many columns as possible."""
    options: dict[str, tuple[str, ...]] = dict.fromkeys(variables, (COLUMN, NUMBER))
    for atom in (a for n in nodes for a in atoms_of(n)):
        options.setdefault(atom.core if atom.arity else atom.name, _options(atom))
    names = list(options)
    for chosen in islice(product(*options.values()), MOST_ASSIGNMENTS):
        kinds = dict(zip(names, chosen, strict=True))
        if any(k == COLUMN for k in chosen) and fits(kinds):
            return kinds
    return None


def _options(atom: Atom) -> tuple[str, ...]:
    letter = atom.core.split(" ")[-1].split("_")[0]
    if letter in CAPITALS or (len(letter) == 1 and letter.isupper()):
        return (MATRIX,) if letter not in COUNTS else (NUMBER, MATRIX)
    if atom.bold:
        return (COLUMN,)
    return (NUMBER, COLUMN) if letter in NUMBERS_FIRST | COUNTS else (COLUMN, NUMBER)
