"""The value of a function of the text elsewhere: f(0), L(w + v), k(x, x̃) from the formula that defines f(x)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sympy import Basic, Expr, Idx, Indexed, Symbol

from ..calculus.indices import substitute, transform
from ..vocabulary import OF_A_MATRIX, Partial, indices_of, is_name, name_of, names_in
from .arrays import Array, ShapeError, Value, shape_of, slot

MOST_UNFOLDINGS = 60


@dataclass(frozen=True, kw_only=True)
class Formula:
    """What a text defines a name to be.

    Attributes:
        expr: of a vector or a matrix its entry at `place`.
        place: the indices of the entry that is defined.
        parameters: what stands in brackets behind the name where it is defined, each a name or an array of names.
        samples: the indices in it that count data points.
    """

    expr: Expr
    place: tuple[Expr, ...] = ()
    parameters: tuple[Value, ...] = ()
    samples: frozenset[Idx] = frozenset()


def is_at(formula: Formula, arguments: Sequence[Value]) -> bool:
    """Whether these are the parameters themselves, in their order."""
    return len(arguments) == len(formula.parameters) and all(
        _entry(a) == _entry(p) and isinstance(a, Array) == isinstance(p, Array)
        for a, p in zip(arguments, formula.parameters, strict=True)
    )


def is_of_one_argument(name: str, formulas: Mapping[str, Formula]) -> bool:
    """Whether a formula says what a function is at one argument only, of which nothing stands in it: P(Ω) = 1."""
    moved = {n for p in formulas[name].parameters for n in _names(_entry(p))}
    return not _depends(name, moved, formulas, set())


def value_at(name: str, arguments: Sequence[Value], formulas: Mapping[str, Formula]) -> Value:
    """The value of a function at arguments of its own, free of capture.

    Names that the formula uses and that depend on a parameter are written out first.

    Raises: ShapeError: if the arguments do not fit the parameters, or the formula differentiates by a parameter.
    """
    formula = formulas[name]
    if len(arguments) != len(formula.parameters):
        raise ShapeError(f"{name} takes {len(formula.parameters)} arguments here, came {len(arguments)}")
    pairs = tuple(zip(formula.parameters, arguments, strict=True))
    for parameter, argument in pairs:
        if _rank(parameter) != _rank(argument):
            raise ShapeError(f"{name} is defined of {shape_of(parameter)}, and stands before {shape_of(argument)}")
    moved = {n for p, _ in pairs for n in _names(_entry(p))}
    expr = _unfolded(formula.expr, moved, formulas)
    if any(moved & set(_names(part)) for part in expr.atoms(Partial, *OF_A_MATRIX)):
        raise ShapeError(f"a derivative within {name} is not read elsewhere")
    expr = transform(expr, lambda e: _entry_of(e, pairs))
    whole: dict[Basic, Basic] = {p: a for p, a in pairs if isinstance(p, Expr) and isinstance(a, Expr)}
    expr = substitute(expr, whole)
    if not formula.place:
        return expr
    slots = [slot(i.lower, i.upper, (name, k), name) for k, i in enumerate(formula.place) if isinstance(i, Idx)]
    if len(slots) < len(formula.place):
        raise ShapeError(f"the start of the recursion of {name} is not read elsewhere")
    entries: dict[Basic, Basic] = dict(zip(formula.place, (s.index for s in slots), strict=True))
    return Array(entry=substitute(expr, entries), slots=tuple(slots))


def _unfolded(expr: Expr, moved: set[str], formulas: Mapping[str, Formula]) -> Expr:
    """The expression with every name written out that depends on one of those moved."""
    for _ in range(MOST_UNFOLDINGS):
        names = sorted(n for n in set(_names(expr)) - moved if n in formulas and _depends(n, moved, formulas, set()))
        if not names:
            return expr
        name, formula = names[0], formulas[names[0]]

        def written(e: Expr, name: str = name, formula: Formula = formula) -> Expr | None:
            if not is_name(e) or name_of(e) != name or len(indices_of(e)) != len(formula.place):
                return None
            return substitute(formula.expr, dict(zip(formula.place, indices_of(e), strict=True)))

        expr = transform(expr, written)
    raise ShapeError("the formula is too deep to be read elsewhere")


def _depends(name: str, moved: set[str], formulas: Mapping[str, Formula], seen: set[str]) -> bool:
    if name in seen or name not in formulas:
        return name in moved
    seen.add(name)
    return any(n in moved or _depends(n, moved, formulas, seen) for n in set(_names(formulas[name].expr)))


def _entry_of(e: Expr, pairs: Sequence[tuple[Value, Value]]) -> Expr | None:
    """x_i as the entry of the argument that stands for x."""
    if not isinstance(e, Indexed):
        return None
    for parameter, argument in pairs:
        if isinstance(parameter, Array) and isinstance(argument, Array) and name_of(e) == name_of(parameter.entry):
            where = indices_of(e)
            return argument.at(*where) if len(where) == argument.rank else None
    return None


def _names(expr: Expr) -> tuple[str, ...]:
    return tuple(name_of(a) for a in names_in(expr))


def _entry(value: Value) -> Expr:
    """What tells two arguments apart: of an array an entry, at places of no name."""
    return value.at(*(Symbol(f"_{k}", integer=True) for k in range(value.rank))) if isinstance(value, Array) else value


def _rank(value: Value) -> int:
    return value.rank if isinstance(value, Array) else 0
