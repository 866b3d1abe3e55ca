"""The words of the expression language: SymPy objects, built only here.

An expression is a SymPy tree over scalars (`scalar`), tensor entries (`tensor(name)[i, j]`), indices that
carry their range (`index`), `Sum`, `Product`, `KroneckerDelta`, `Inside`, `Partial`, `exp`, `log` and the
functions of the rows in `derive/rows/functions.py`. Sizes are positive integer symbols (`size`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Basic, Expr, Function, Idx, Indexed, IndexedBase, Integer, Product, S, Sum, Symbol, sympify


def scalar(name: str) -> Symbol:
    """A real scalar quantity."""
    return Symbol(name, real=True)


def size(name: str) -> Symbol:
    """A symbolic size: a positive integer such as `n` or `m_x`."""
    return Symbol(name, integer=True, positive=True)


def tensor(name: str) -> IndexedBase:
    """A real tensor; `tensor("x")[i]` is its entry at `i`."""
    return IndexedBase(Symbol(name, real=True))


def index(name: str, lower: int | Expr, upper: int | Expr) -> Idx:
    """An index with its inclusive range, `lower <= name <= upper`."""
    return Idx(Symbol(name, integer=True), (sympify(lower), sympify(upper)))


def total(body: Expr, *indices: Idx) -> Expr:
    """Σ over the full range of each index: `total(x[i]*w[i], i)`."""
    return Sum(body, *[(i, i.lower, i.upper) for i in indices])


def product(body: Expr, *indices: Idx) -> Expr:
    """Π over the full range of each index."""
    return Product(body, *[(i, i.lower, i.upper) for i in indices])


def name_of(atom: Basic) -> str:
    """The plain name of a scalar or of a tensor entry: `x[i]` -> `"x"`."""
    return str(atom.base.label) if isinstance(atom, Indexed) else str(atom)


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


class Partial(Function):
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


class Inside(Function):
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


class Positive(Function):
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


def names_in(expr: Basic) -> Iterator[Expr]:
    """The scalars and tensor entries of an expression, also those under bound indices and in `Partial`."""
    if isinstance(expr, Expr) and is_name(expr):
        yield expr
    for arg in indices_of(expr) if isinstance(expr, Indexed) else expr.args:
        yield from names_in(arg)
