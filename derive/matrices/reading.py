"""A SymPy matrix expression and what it is differentiated by, read as a model with one definition.

What stands under an inverse or a determinant and is no name becomes a definition of its own, A := X^T X, so that
its derivative is the rule of the inverse with the chain rule over all entries of A.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sympy import (
    Basic,
    Determinant,
    Expr,
    Idx,
    Inverse,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    Symbol,
    Trace,
    Transpose,
)

from ..model import Model
from ..notation.names import default_latex
from ..quantities import Definition, Domain, Kind, Quantity
from ..vocabulary import index, scalar, size
from .entries import Axis, Entries, NoMatrixForm
from .raising import symbol_of

_LETTERS = tuple("ijklmpqrstuvabcdegh")
_VALUES = ("f", "y", "Y")  # of a scalar, a vector, a matrix
_MATRICES = tuple("ABCDEGHKMNS")


class MatrixError(ValueError):
    """A matrix expression cannot be differentiated as it was given; the message says which part and why."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """value = expression, as a model over symbolic sizes.

    Attributes:
        model: the quantities, one definition for each inverted or determined part, and the value.
        value: the entry of the value at `rows` and `columns`.
        rows, columns: the indices of the value; none for an axis of length one, several for a Kronecker product.
        wrt: the entry by which it is differentiated.
        row_vectors: the names of vectors that lie.
        inner: the symbols of the definitions and what they stand for, later ones first, the value before them.
        spelled: our sizes and scalars, and how they were given.
        letters: names for bound indices that nothing else has.
    """

    model: Model
    value: Expr
    rows: Axis
    columns: Axis
    wrt: Expr
    row_vectors: tuple[Any, ...]
    inner: Mapping[Any, Expr]
    spelled: Mapping[Any, Any]
    letters: tuple[str, ...]

    def in_given_symbols(self, expr: Expr) -> Expr:
        """A matrix expression over the names of the model in the symbols that were given."""
        given: Any = expr
        for symbol, meaning in self.inner.items():
            given = given.xreplace({symbol: meaning})
        lying = {MatrixSymbol(v.name, v.shape[1], 1): Transpose(v) for v in self.row_vectors}
        return cast(Expr, given.xreplace(lying).xreplace(self.spelled))


def read(expr: Expr, wrt: Expr, domains: Mapping[str, Domain]) -> Reading:
    """The model of a matrix expression.

    Args:
        expr: a SymPy matrix or scalar expression over `MatrixSymbol`s and symbols.
        wrt: a `MatrixSymbol` or a symbol.
        domains: name to domain, where it is not the real line.
    Raises: MatrixError: naming the part that has no reading.
    """
    if not isinstance(wrt, MatrixSymbol | Symbol):
        raise MatrixError(f"differentiated by {wrt}: expected a MatrixSymbol or a Symbol; give it a name")
    ours = _ours((expr, wrt))
    whole, by = (cast(Any, e).xreplace(ours) for e in (expr, wrt))
    given = _given((whole, by))
    if wrt.name not in given:
        raise MatrixError(f"differentiated by {wrt}, which is a size; a size is a whole number")
    whole, inner = _with_names(whole, set(given))
    try:
        return _read(whole, by, given, inner, ours, domains)
    except NoMatrixForm as error:
        raise MatrixError(str(error)) from error


def _read(
    whole: Expr,
    by: Any,
    given: dict[str, Any],
    inner: dict[Any, Expr],
    ours: Mapping[Basic, Basic],
    domains: Mapping[str, Domain],
) -> Reading:
    symbols = [*given.values(), *inner]
    letters = _free_letters(symbols, ours)
    shape = _Shapes(whole, {s.name: _quantity(s, iter(letters), domains) for s in symbols})
    own = _Letters(letters)
    rows, columns = own.over(shape.axis(0)), own.over(shape.axis(1))
    entry = own.over(_quantity(by, iter(letters), domains).axes)
    quantities = {s.name: _quantity(s, own, domains) for s in symbols}
    entries = Entries(quantities=quantities)
    definitions = [_definition(quantities[s.name], e, entries) for s, e in inner.items()]
    value = Quantity(
        name=_unused(_VALUES[min(2, len(rows) + len(columns))], quantities),
        latex=_VALUES[min(2, len(rows) + len(columns))],
        axes=(*rows, *columns),
    )
    body = entries.at(whole, rows, columns) if isinstance(whole, MatrixExpr) else entries.number(whole)
    model = Model(
        name=value.name,
        title=str(whole),
        given=tuple(quantities[name] for name in given),
        definitions=(*definitions, Definition(quantity=value, expr=body)),
        objective="",
    )
    return Reading(
        model=model,
        value=value.at(),
        rows=rows,
        columns=columns,
        wrt=quantities[by.name].at(*entry) if entry else quantities[by.name].at(),
        row_vectors=tuple(s for s in given.values() if isinstance(s, MatrixSymbol) and _lies(s)),
        inner={**_meaning(value, whole), **dict(reversed(inner.items()))},
        spelled={new: old for old, new in ours.items()},
        letters=tuple(letters),
    )


def _meaning(value: Quantity, whole: Any) -> dict[Any, Expr]:
    """The symbol of the value in matrix notation, a column if it is a vector, and the expression for it."""
    if not value.axes:
        return {value.at(): Trace(whole) if isinstance(whole, MatrixExpr) else whole}
    if len(value.axes) > 2:
        return {}
    return {symbol_of(value): Transpose(whole) if _lies(whole) else whole}


class _Shapes:
    """The axes of an expression, found with indices that nobody sees."""

    def __init__(self, whole: Expr, quantities: Mapping[str, Quantity]) -> None:
        self.whole, self.entries = whole, Entries(quantities=quantities)

    def axis(self, side: int) -> Axis:
        return self.entries.axis(self.whole, side) if isinstance(self.whole, MatrixExpr) else ()


class _Letters(Iterator[str]):
    """Letters for indices, each once; numbered when they run out."""

    def __init__(self, letters: Iterable[str]) -> None:
        self.letters = list(letters)
        self.next = 0

    def __next__(self) -> str:
        self.next += 1
        round_, place = divmod(self.next - 1, len(self.letters))
        return self.letters[place] + (str(round_) if round_ else "")

    def over(self, axes: Axis) -> Axis:
        """New indices with the ranges of these."""
        return tuple(index(next(self), i.lower, i.upper) for i in axes)


# -- symbols -----------------------------------------------------------------------------------------


def _ours(given: tuple[Expr, ...]) -> dict[Basic, Basic]:
    """The sizes and scalars of the expressions as those of our language, by their names."""
    sizes = _sizes(given)
    symbols = {s for e in given for s in e.free_symbols if isinstance(s, Symbol)}  # but no MatrixSymbol
    return {s: size(s.name) if s in sizes else scalar(s.name) for s in sorted(symbols | sizes, key=str)}


def _sizes(exprs: tuple[Expr, ...]) -> set[Any]:
    return {
        s for e in exprs for m in _matrices(e) for side in m.shape if isinstance(side, Basic) for s in side.free_symbols
    }


def _matrices(expr: Basic) -> Iterator[Any]:
    if isinstance(expr, MatrixExpr):
        yield expr
    for a in expr.args:
        yield from _matrices(a)


def _given(exprs: tuple[Expr, ...]) -> dict[str, Any]:
    """The matrices and scalars by name.

    Raises: MatrixError: if two of them share a name.
    """
    sizes = _sizes(exprs)
    found: dict[str, Any] = {}
    for e in exprs:
        symbols: list[Any] = sorted((s for s in e.free_symbols if s not in sizes), key=str)
        for s in symbols:
            if found.setdefault(s.name, s) != s:
                raise MatrixError(f"{s.name} stands for two things, {found[s.name]!r} and {s!r}; rename one of them")
    return found


def _lies(symbol: Any) -> bool:
    return bool(symbol.shape[0] == 1 and symbol.shape[1] != 1)


def _free_letters(symbols: Iterable[Any], ours: Mapping[Basic, Basic]) -> list[str]:
    taken = {s.name for s in symbols} | {str(s) for s in ours}
    return [letter for letter in _LETTERS if letter not in taken and letter not in _VALUES]


def _unused(wanted: str, taken: Iterable[str]) -> str:
    names = set(taken)
    while wanted in names:
        wanted += "0"
    return wanted


def _quantity(symbol: Any, letters: Iterator[str], domains: Mapping[str, Domain]) -> Quantity:
    shape = symbol.shape if isinstance(symbol, MatrixSymbol) else ()
    return Quantity(
        name=symbol.name,
        latex=default_latex(symbol.name),
        axes=tuple(index(next(letters), 1, n) for n in shape if n != 1),
        kind=Kind.PARAMETER,
        domain=domains.get(symbol.name, Domain.REAL),
    )


# -- what stands under an inverse or a determinant ------------------------------------------------------


def _with_names(expr: Expr, taken: set[str]) -> tuple[Expr, dict[Any, Expr]]:
    """The expression with inverted and determined parts as symbols, and these in order."""
    inner: dict[Any, Expr] = {}

    def named(matrix: Any) -> Any:
        if isinstance(matrix, MatrixSymbol) or matrix.shape[0] == 1:
            return matrix
        known = next((s for s, e in inner.items() if e == matrix), None)
        if known is None:
            letter = next((c for c in _MATRICES if c not in taken), _unused("A", taken))
            taken.add(letter)
            known = MatrixSymbol(letter, *matrix.shape)
            inner[known] = matrix
        return known

    def rebuilt(e: Any) -> Any:
        if not e.has(Inverse, Determinant, MatPow):
            return e
        args = [rebuilt(a) for a in e.args]
        if isinstance(e, Inverse | Determinant):
            return _of(type(e), args[0], named)
        if isinstance(e, MatPow) and args[1].is_Integer and args[1] < 0:
            inverse = _of(Inverse, args[0], named)
            return MatMul(*[inverse] * -int(args[1])) if args[1] < -1 else inverse
        return e.func(*args)

    return rebuilt(expr), inner


def _of(kind: Any, matrix: Any, named: Any) -> Any:
    """The inverse or the determinant of a name; (A^T)^{-1} as (A^{-1})^T and |A^T| as |A|."""
    if isinstance(matrix, Transpose):
        inside = _of(kind, matrix.args[0], named)
        return Transpose(inside) if kind is Inverse else inside
    return kind(named(matrix))


def _definition(quantity: Quantity, expr: Expr, entries: Entries) -> Definition:
    rows: tuple[Idx, ...] = quantity.axes[:1]
    return Definition(quantity=quantity, expr=entries.at(expr, rows, quantity.axes[1:]))
