"""Random values for all that a claim leaves open: numbers, vectors, matrices, smooth functions, whole numbers."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from .factors import formed
from .functions import Smooth, any_smooth, quadratic
from .texts import Shape, Text
from .values import Misfit, NoValue, Value, is_number

LENGTHS = ((4, 3, 5, 2), (3, 5, 2, 4), (2, 4, 3, 5), (5, 2, 4, 3))  # the first two differ by 1 and by 3
COUNTS = ((3, 2, 4, 1, 5), (2, 3, 1, 4, 5), (4, 2, 3, 5, 1))
BOUNDS = (0.3, 1.7), (0.05, 0.45), (0.3, 1.7)  # small ones for 1 − x − y under a root or a logarithm
SIGNS = "--+ -+- +-- --- -++ +-+ ++-".split()  # noqa: SIM905  of the k-th number or function: any two in all ways
LEVEL = 3.0
Key = tuple[str, tuple[int, ...]]


class Unshaped(LookupError):
    """A letter whose shape has to be chosen before it has a value."""

    def __init__(self, family: str) -> None:
        super().__init__(family)
        self.family = family


class Mode(StrEnum):
    """What square matrices and vectors are besides random."""

    GENERAL = "general"
    SYMMETRIC = "symmetric"
    ORTHONORMAL = "orthonormal"


@dataclass(frozen=True, kw_only=True)
class Premises:
    """What a text says of its functions.

    Attributes:
        smooth, strong: the letters L and μ of L-smooth and μ-strongly convex functions; empty if there is none.
        convex: whether functions are convex.
        least: the letter of the point where they are least; empty if there is none.
    """

    smooth: str = ""
    strong: str = ""
    convex: bool = False
    least: str = ""


@dataclass(frozen=True, kw_only=True)
class World:
    """One choice of all values, the same for a letter wherever it is asked for.

    Attributes:
        seed: of the choice.
        shapes: by family.
        text: what is said of matrices and vectors.
        mode: what matrices are.
        positive: whether all numbers are positive.
        stretch: how many times as large numbers and the entries of vectors are as usual.
        coinciding: whether all free indices are the same number.
        premises: what functions are; None if any smooth one will do.
        lengths: by name of a length.
        counts: by letter of an index.
    """

    seed: int
    shapes: Mapping[str, Shape]
    text: Text
    mode: Mode = Mode.GENERAL
    positive: bool = True
    stretch: float = 1.0
    coinciding: bool = False
    premises: Premises | None = None
    lengths: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    values: dict[Key, Value] = field(default_factory=dict)
    functions: dict[tuple[str, int], Smooth] = field(default_factory=dict)

    def length(self, name: str) -> int:
        """A length: every name has its own."""
        if name.isdigit():
            return int(name)
        choice = LENGTHS[self.seed % len(LENGTHS)]
        return self.lengths.setdefault(name, choice[len(self.lengths) % len(choice)])

    def count(self, letter: str) -> int:
        """The value of a free index."""
        choice = COUNTS[self.seed % len(COUNTS)][: 1 if self.coinciding else None]
        return self.counts.setdefault(letter, choice[len(self.counts) % len(choice)])

    def shape(self, family: str) -> Shape:
        """The shape of a letter. Raises: Unshaped: if it is not chosen."""
        if family not in self.shapes:
            raise Unshaped(family)
        return self.shapes[family]

    def value(self, family: str, indices: tuple[int, ...]) -> Value:
        """The value of a letter of which nothing is defined. Raises: Unshaped: if its shape is not chosen."""
        key = family, indices
        if key not in self.values:
            self.values[key] = self._drawn(family, indices)
        return self.values[key]

    def step(self, family: str, indices: tuple[int, ...], like: Value) -> Value:
        """How far a letter moves, in the shape of its value."""
        found = self._generator(f"d {family}", indices).normal(size=np.shape(like))
        return float(found) if is_number(like) else found

    def function(self, family: str, n: int) -> Smooth:
        """A smooth function of n numbers."""
        if (family, n) not in self.functions:
            generator = self._generator(family, (n,))
            sign = SIGNS[len(self.functions) % len(SIGNS)][self.seed % 3]  # at most places
            level = -LEVEL if sign == "-" and not self.positive else LEVEL
            self.functions[family, n] = self._bowl(n, generator) if self.premises else any_smooth(n, generator, level)
        return self.functions[family, n]

    def _bowl(self, n: int, generator: np.random.Generator) -> Smooth:
        """A quadratic function with curvatures between those that the premises allow, often all at one end."""
        assert self.premises is not None
        top = self._number(self.premises.smooth) if self.premises.smooth else float(generator.uniform(1, 3))
        low = self._number(self.premises.strong) if self.premises.strong else 0.0 if self.premises.convex else -top
        spread = generator.uniform(low, top, size=max(n, 1))
        flat = np.full_like(spread, low if low else top / 3)  # where no slope is left, every bound is attained
        curvatures = (np.full_like(spread, top), flat, spread)[self.seed % 3]
        least = self.value(self.premises.least, ()) if self.premises.least else None
        return quadratic(n, curvatures, least, generator)

    def _generator(self, family: str, indices: tuple[int, ...]) -> np.random.Generator:
        return np.random.default_rng((self.seed, zlib.crc32(repr((family, indices)).encode())))

    def _number(self, family: str) -> float:
        found = self.value(family, ())
        if not is_number(found):
            raise Misfit("a bound that is no number")
        return float(found)

    def _wide(self, family: str, generator: np.random.Generator) -> float:
        """A number of any size; L is above 1 and μ below it."""
        assert self.premises is not None
        if family == self.premises.smooth:
            return float(generator.uniform(1, 3))
        if family == self.premises.strong:
            return float(generator.uniform(0.2, 0.9))
        return float(10 ** generator.uniform(-1.3, 0.7))

    def _pairs(self, matrix: str) -> tuple[Value, Value]:
        """The eigenvectors of a matrix, as columns of length one, and its eigenvalues, all of them real."""
        n, generator = self.length(self.shape(matrix)[0]), self._generator(f"{matrix} eigen", ())
        found = generator.normal(size=(n, n))
        even = matrix in self.text.symmetric or (self.mode is Mode.SYMMETRIC and matrix not in self.text.general)
        vectors = np.linalg.qr(found)[0] if even else found / np.linalg.norm(found, axis=0)
        return vectors, generator.uniform(0.3, 1.7, size=n)

    def _of_pair(self, family: str, indices: tuple[int, ...]) -> Value:
        """An eigenvector or an eigenvalue that the text names."""
        eigen = self.text.eigen[family]
        shape = self.shape(eigen.matrix)
        if len(shape) != 2 or len(set(shape)) != 1 or self.shape(family) != (shape[:1] if eigen.is_vector else ()):
            raise Misfit("no square matrix with its eigenvectors")
        vectors, values = self._pairs(eigen.matrix)
        k = (eigen.number + sum(indices)) % len(values)
        if not eigen.is_vector:
            return float(values[k])
        unit = family in self.text.units
        return vectors[:, [k]] * (1.0 if unit else float(self._generator(family, indices).uniform(0.5, 2)))

    def _drawn(self, family: str, indices: tuple[int, ...]) -> Value:
        if family in self.text.eigen:
            return self._of_pair(family, indices)
        if any(e.matrix == family for e in self.text.eigen.values()) and len(set(self.shape(family))) == 1:
            vectors, values = self._pairs(family)
            return vectors @ np.diag(values) @ np.linalg.inv(vectors)
        generator = self._generator(family, indices)
        lengths = tuple(self.length(n) for n in self.shape(family))
        if not lengths:
            number = float(generator.uniform(*BOUNDS[self.seed % len(BOUNDS)]))
            if self.premises is not None:
                number = self._wide(family, generator)
            sign = SIGNS[len(self.values) % len(SIGNS)][self.seed % 3]
            return self.stretch * (-number if sign == "-" and not self.positive else number)
        found = generator.normal(size=lengths if len(lengths) == 2 else (*lengths, 1))
        square = len(lengths) == 2 and lengths[0] == lengths[1]
        if family == "I" and square:
            return np.eye(lengths[0])
        if self.mode is Mode.ORTHONORMAL or family in self.text.orthonormal | self.text.units:
            if found.shape[0] < found.shape[1]:
                raise NoValue("more columns than rows")
            return np.linalg.qr(found)[0]
        if family in self.text.forms and len(lengths) == 2:
            return formed(found, self.text.forms[family])
        supposed = self.mode is Mode.SYMMETRIC and family not in self.text.general
        if square and (supposed or family in self.text.symmetric):
            return found @ found.T / lengths[0] + 0.3 * np.eye(lengths[0])
        return found if len(lengths) == 2 else self.stretch * found
