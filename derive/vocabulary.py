"""The words of the expression language: SymPy objects, built only here.

An expression is a SymPy tree over scalars (`scalar`), tensor entries (`tensor(name)[i, j]`), indices that
carry their range (`index`), `Sum`, `Product`, `KroneckerDelta`, `Inside`, `Partial`, `exp`, `log` and the
functions of the rows in `derive/rows/functions.py`. Sizes are positive integer symbols (`size`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Basic, Expr, Function, Idx, Indexed, IndexedBase, Integer, Product, S, Sum, Symbol
from sympy.concrete.expr_with_limits import ExprWithLimits


def scalar(name: str) -> Symbol:
    """A real scalar quantity."""
    return Symbol(name, real=True)


def size(name: str) -> Symbol:
    """A symbolic size: a positive integer such as `n` or `m_x`."""
    return Symbol(name, integer=True, positive=True)


def _no_text(word: str, *given: object) -> None:
    """Text never reaches SymPy, which would evaluate it as code."""
    for text in (g for g in given if isinstance(g, str)):
        raise TypeError(f"{word} was given text, {text!r}; give expressions, such as scalar('x')")


def _of_expressions(cls: Any, *args: Any, **options: Any) -> Any:
    _no_text(cls.__name__, *args)
    return Function.__new__(cls, *args, **options)


class Word(Function):
    """A function of the language, of expressions alone.

    Raises: TypeError: for an argument that is text.
    """

    __new__: Any = _of_expressions


class SizeAt(Word):
    """A size that depends on an index, such as the number n_l of units of a layer: `SizeAt(size("n"), l)`."""

    nargs = 2

    @classmethod
    def eval(cls, letter: Expr, place: Expr) -> None:
        return None

    def _eval_is_integer(self) -> bool:
        return True

    def _eval_is_positive(self) -> bool:
        return True


def size_at(name: str, place: int | Expr) -> Expr:
    """A symbolic size for each value of an index, a positive whole number such as n_l or n_{l−1}."""
    found: Expr = SizeAt(size(name), _end(place))
    return found


@lru_cache(maxsize=10_000)  # SymPy deduces all that it assumes of a tensor each time it makes one
def tensor(name: str) -> IndexedBase:
    """A real tensor; `tensor("x")[i]` is its entry at `i`."""
    return IndexedBase(Symbol(name, real=True))


@lru_cache(maxsize=50_000)
def entry_at(of: IndexedBase, *places: Expr) -> Indexed:
    """The entry of a tensor at places, made once: SymPy deduces what is known of an entry each time it makes one."""
    return of[places]


@lru_cache(maxsize=10_000)
def index(name: str, lower: int | Expr, upper: int | Expr) -> Idx:
    """An index with its inclusive range, `lower <= name <= upper`."""
    return Idx(Symbol(name, integer=True), (_end(lower), _end(upper)))


def _end(value: int | Expr) -> Expr:
    """One end of a range; text never reaches SymPy, which would evaluate it."""
    if isinstance(value, str):
        raise TypeError(f"the range of an index was given as text, {value!r}; give a number or a size")
    return Integer(value) if isinstance(value, int) else value


@lru_cache(maxsize=50_000)
def bind(kind: type[ExprWithLimits], body: Expr, *limits: tuple[Expr, ...]) -> Expr:
    """`kind(body, *limits)`, made once: SymPy looks through the whole body for cases each time it makes one."""
    _no_text(kind.__name__, body)
    bound: Expr = kind(body, *limits)
    return bound


def total(body: Expr, *indices: Idx) -> Expr:
    """Σ over the full range of each index: `total(x[i]*w[i], i)`; the body itself over none."""
    return bind(Sum, body, *((i, i.lower, i.upper) for i in indices)) if indices else body


def product(body: Expr, *indices: Idx) -> Expr:
    """Π over the full range of each index; the body itself over none."""
    return bind(Product, body, *((i, i.lower, i.upper) for i in indices)) if indices else body


def maximum(body: Expr, *indices: Idx) -> Expr:
    """The largest value over the full range of each index: `maximum(x[i], i)`."""
    return bind(Maximum, body, *((i, i.lower, i.upper) for i in indices))


def name_of(atom: Basic) -> str:
    """The plain name of a scalar or of a tensor entry: `x[i]` -> `"x"`."""
    letter = atom.base.label if isinstance(atom, Indexed) else atom
    return letter.name if isinstance(letter, Symbol) else str(letter)  # printing takes ten times as long


def indices_of(atom: Basic) -> tuple[Expr, ...]:
    """The indices of a tensor entry, none for a scalar."""
    return tuple(atom.indices) if isinstance(atom, Indexed) else ()


def is_name(atom: Basic) -> bool:
    """Whether the atom is a scalar or a tensor entry, that is, something a model can define."""
    return isinstance(atom, Indexed) or (type(atom) is Symbol and not atom.is_integer)


def length(i: Idx) -> Expr:
    """The number of values in the range of an index."""
    count: Expr = i.upper - i.lower + Integer(1)
    return count


class Partial(Word):
    """The partial derivative ∂of/∂wrt, not yet carried out: `Partial(LL, theta_h[i, j])`.

    `of` is a name or any expression, `wrt` a name. It is the derivative *through the definitions* of the
    model, with every other name that does not depend on `wrt` held fixed.
    """

    nargs = 2

    @classmethod
    def eval(cls, of: Expr, wrt: Expr) -> None:
        return None

    @property
    def of(self) -> Any:
        """What is differentiated."""
        return self.args[0]

    @property
    def wrt(self) -> Any:
        """What it is differentiated by."""
        return self.args[1]

    def _eval_is_real(self) -> bool:
        return True


class Inside(Word):
    """The bracket [lower <= i <= upper]: one inside the range, else zero."""

    nargs = 3

    @classmethod
    def eval(cls, i: Expr, lower: Expr, upper: Expr) -> Expr | None:
        below, above = (i - lower).expand(), (upper - i).expand()
        if below.is_nonnegative and above.is_nonnegative:
            return S.One
        if below.is_negative or above.is_negative:
            return S.Zero
        return None


class Positive(Word):
    """The bracket [z > 0]: one where z > 0, else zero.

    Functions with a kink are written with it: ReLU(z) = z [z > 0]. Its derivative is zero wherever it has one, that
    is, where z is not zero; what it gives at z = 0 is a subgradient, here the one from the left.
    """

    nargs = 1

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        if z.is_positive:
            return S.One
        return S.Zero if z.is_nonpositive else None

    def _eval_is_real(self) -> bool:
        return True

    def _eval_is_nonnegative(self) -> bool:
        return True

    def fdiff(self, argindex: int = 1) -> Expr:
        return S.Zero


class Maximum(ExprWithLimits):
    """The largest value of a body over the ranges of indices: `maximum(x[i], i)`.

    Its derivative exists where one entry alone is the largest, and is that entry's. Where several are, the mean of
    their derivatives stands for it, a subgradient. Over an empty range it is −∞.
    """

    def _eval_is_extended_real(self) -> bool:
        return True


class Interval(Word):
    """The interval from `lower` to `upper`: `Interval(0, 1, 1)` has its ends, `Interval(0, 1, 0)` has not.

    It is a set and no number, so it stands at the right of ∈ alone.
    """

    nargs = 3

    @classmethod
    def eval(cls, lower: Expr, upper: Expr, closed: Expr) -> None:
        return None

    @property
    def closed(self) -> bool:
        """Whether the ends belong to it."""
        return self.args[2] == 1


class InverseEntry(Word):
    """The entry (A^{-1})_{i,j} of the inverse of A, whose rows and columns both run from `lower` to `upper`.

    `InverseEntry(A, i, j, lower, upper)` has the tensor A itself as its first argument. It depends on every entry
    of A, and has no value where A is singular.
    """

    nargs = 5

    @classmethod
    def eval(cls, matrix: Expr, i: Expr, j: Expr, lower: Expr, upper: Expr) -> None:
        return None

    @property
    def place(self) -> tuple[Any, Any]:
        """Row and column."""
        return self.args[1], self.args[2]

    @property
    def span(self) -> tuple[Any, Any]:
        """The first and the last index of the rows, and of the columns, of A."""
        return self.args[3], self.args[4]

    def at(self, i: Expr, j: Expr) -> Expr:
        """Another entry of the same inverse."""
        return InverseEntry(self.args[0], i, j, *self.span)

    def _eval_is_real(self) -> bool:
        return True


class LogDet(Word):
    """log det A, where rows and columns of A run from `lower` to `upper`: `LogDet(A, lower, upper)`.

    It has no value where det A is not positive.
    """

    nargs = 3

    @classmethod
    def eval(cls, matrix: Expr, lower: Expr, upper: Expr) -> None:
        return None

    @property
    def span(self) -> tuple[Any, Any]:
        """The first and the last index of the rows, and of the columns, of A."""
        return self.args[1], self.args[2]

    def _eval_is_real(self) -> bool:
        return True


OF_A_MATRIX = (InverseEntry, LogDet)  # they hold a whole tensor, their first argument


def inverse(name: str, i: Idx, j: Idx) -> Expr:
    """(A^{-1})_{i,j} for the square tensor with this name, whose axes have the range that i and j both carry.

    Raises: ValueError: if the ranges differ, or depend on an index.
    """
    if (i.lower, i.upper) != (j.lower, j.upper):
        raise ValueError(
            f"the inverse of {name} at {i}, {j}: expected two indices of one range, came {i.lower}..{i.upper} "
            f"and {j.lower}..{j.upper}; only square matrices have an inverse"
        )
    return InverseEntry(tensor(name), i, j, *_constant_range(name, i))


def logdet(name: str, axis: Idx) -> Expr:
    """log det A for the square tensor with this name, both of whose axes have the range of `axis`.

    Raises: ValueError: if the range depends on an index.
    """
    return LogDet(tensor(name), *_constant_range(name, axis))


def _constant_range(name: str, axis: Idx) -> tuple[Expr, Expr]:
    if axis.lower.has(Idx) or axis.upper.has(Idx):
        raise ValueError(
            f"the matrix {name}: expected axes of fixed length, came {axis.lower}..{axis.upper}; use sizes only"
        )
    return axis.lower, axis.upper


@lru_cache(maxsize=50_000)
def names_in(expr: Basic) -> tuple[Expr, ...]:
    """The scalars and tensor entries of an expression, each as often as it stands there, also in `Partial`.

    An inverse or a log-determinant depends on all of its matrix, which is given by its first entry.
    """
    found: list[Expr] = []
    if isinstance(expr, OF_A_MATRIX):
        first = expr.span[0]
        found.append(tensor(str(expr.args[0]))[first, first])
    if isinstance(expr, Expr) and is_name(expr):
        found.append(expr)
    inside = expr.args[1:] if isinstance(expr, OF_A_MATRIX) else expr.args
    for arg in indices_of(expr) if isinstance(expr, Indexed) else inside:
        found += names_in(arg)
    return tuple(found)
