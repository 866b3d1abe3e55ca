"""A model as JSON data and back, so that a certificate can be recomputed without the program that made it.

Only the words of the expression language are read; anything else is refused. Nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import (
    Abs,
    Add,
    E,
    Expr,
    Heaviside,
    Idx,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    cos,
    exp,
    floor,
    log,
    pi,
    sign,
    sin,
)

from derive.model import Model, Sense
from derive.quantities import Definition, Domain, Kind, Quantity
from derive.rows.functions import RowFunction, named
from derive.rows.unnamed import Unnamed, unnamed
from derive.vocabulary import OF_A_MATRIX, Inside, Maximum, Positive, SizeAt, index, name_of, scalar, size, tensor

from .entries import arguments

Data = dict[str, Any]

_PLAIN: tuple[type[Expr], ...] = (
    Add, Mul, Pow, exp, log, Abs, sign, sin, cos, Max, Min, Heaviside, KroneckerDelta, Inside, Positive, SizeAt, floor,
)  # fmt: skip
_PLAIN_BY_NAME: Mapping[str, type[Expr]] = {kind.__name__: kind for kind in _PLAIN}
_BINDERS: Mapping[str, type[Sum | Product | Maximum]] = {"Sum": Sum, "Product": Product, "Maximum": Maximum}
_CONSTANTS: Mapping[str, Expr] = {"pi": pi, "E": E}
DEEPEST = 100


class RecordError(ValueError):
    """Data that is no record of a model; the message says which part."""


def record(model: Model) -> Data:
    """The model as data that `json` can write."""
    return {
        "name": model.name,
        "title": model.title,
        "given": [_quantity(q) for q in model.given],
        "definitions": [_definition(d) for d in model.definitions],
        "objective": model.objective,
        "sense": model.sense.value,
        "likelihood": model.likelihood,
        "mean": model.mean,
        "penalty": model.penalty,
        "sample": None if model.sample is None else _expr(model.sample),
    }


def restored(data: Data) -> Model:
    """The model that was recorded.

    Raises: RecordError: if the data is not a record.
    """
    try:
        return Model(
            name=str(data["name"]),
            title=str(data["title"]),
            given=tuple(_restored_quantity(q) for q in data["given"]),
            definitions=tuple(_restored_definition(d) for d in data["definitions"]),
            objective=str(data["objective"]),
            sense=Sense(data["sense"]),
            likelihood=data["likelihood"],
            mean=bool(data["mean"]),
            penalty=str(data["penalty"]),
            sample=None if data["sample"] is None else _restored(data["sample"]),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RecordError(f"the record of the model cannot be read: {type(error).__name__} {error}") from None


def _definition(d: Definition) -> Data:
    return {
        "quantity": _quantity(d.quantity),
        "expr": _expr(d.expr),
        "over": None if d.over is None else _expr(d.over),
        "base": None if d.base is None else _expr(d.base),
    }


def _restored_definition(data: Data) -> Definition:
    return Definition(
        quantity=_restored_quantity(data["quantity"]),
        expr=_restored(data["expr"]),
        over=None if data["over"] is None else _restored(data["over"]),
        base=None if data["base"] is None else _restored(data["base"]),
    )


def _quantity(q: Quantity) -> Data:
    return {
        "name": q.name,
        "latex": q.latex,
        "axes": [_expr(i) for i in q.axes],
        "kind": q.kind.value,
        "domain": q.domain.value,
        "sample_axis": q.sample_axis,
    }


def _restored_quantity(data: Data) -> Quantity:
    return Quantity(
        name=str(data["name"]),
        latex=str(data["latex"]),
        axes=tuple(_restored(i) for i in data["axes"]),
        kind=Kind(data["kind"]),
        domain=Domain(data["domain"]),
        sample_axis=bool(data["sample_axis"]),
    )


def _expr(expr: Expr) -> Any:
    """An expression as nested lists: [word, argument, …]."""
    if isinstance(expr, Integer):
        return int(expr)
    if isinstance(expr, Rational):
        return ["Rational", int(expr.p), int(expr.q)]
    if isinstance(expr, Idx):
        return ["index", str(expr.label), _expr(expr.lower), _expr(expr.upper)]
    if isinstance(expr, Indexed):
        return ["entry", name_of(expr), *(_expr(i) for i in expr.indices)]
    if type(expr) is Symbol:
        return ["size" if expr.is_integer else "scalar", expr.name]
    if isinstance(expr, Sum | Product | Maximum):
        return [type(expr).__name__, _expr(expr.function), *(_expr(limit[0]) for limit in expr.limits)]
    if isinstance(expr, RowFunction):
        return ["row", expr.row.name, *(_expr(a) for a in arguments(expr))]
    if isinstance(expr, Unnamed):
        return ["unnamed", expr.letter, list(expr.orders), *(_expr(a) for a in expr.arguments)]
    if isinstance(expr, OF_A_MATRIX):
        matrix, *rest = expr.args
        return [type(expr).__name__, str(matrix), *(_expr(a) for a in rest)]
    if expr in _CONSTANTS.values():
        return ["constant", str(expr)]
    if type(expr) in _PLAIN:
        return [type(expr).__name__, *(_expr(a) for a in arguments(expr))]
    raise RecordError(f"{expr} cannot be recorded: {type(expr).__name__} is not in the expression language")


def _restored(data: Any, depth: int = 0) -> Any:
    if isinstance(data, int) and not isinstance(data, bool):
        return Integer(data)
    if depth > DEEPEST or not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise RecordError(f"an expression of the record cannot be read: {str(data)[:60]}")
    word, *rest = data
    if word in _ATOMS:
        return _ATOMS[word](rest, depth)
    arguments = [_restored(a, depth + 1) for a in rest]
    if word in _BINDERS:
        body, *indices = arguments
        return _BINDERS[word](body, *[(i, i.lower, i.upper) for i in indices])
    if word in _PLAIN_BY_NAME:
        return _PLAIN_BY_NAME[word](*arguments)
    raise RecordError(f"the record has an unknown word {word!r}")


def _restored_entry(rest: list[Any], depth: int) -> Expr:
    entry: Expr = tensor(_name(rest[0]))[tuple(_restored(i, depth + 1) for i in rest[1:])]
    return entry


def _restored_unnamed(rest: list[Any], depth: int) -> Expr:
    orders = tuple(int(k) for k in rest[1])
    found: Expr = unnamed(_name(rest[0]), orders=orders)(*(_restored(a, depth + 1) for a in rest[2:]))
    return found


def _restored_of_a_matrix(kind: type[Expr]) -> Callable[[list[Any], int], Expr]:
    def restored(rest: list[Any], depth: int) -> Expr:
        found: Expr = kind(tensor(_name(rest[0])), *(_restored(a, depth + 1) for a in rest[1:]))
        return found

    return restored


def _restored_index(rest: list[Any], depth: int) -> Idx:
    return index(_name(rest[0]), _restored(rest[1], depth + 1), _restored(rest[2], depth + 1))


def _name(data: Any) -> str:
    if not isinstance(data, str):
        raise RecordError(f"a name was expected in the record, not {str(data)[:60]}")
    return data


_ATOMS: Mapping[str, Callable[[list[Any], int], Any]] = {
    "Rational": lambda rest, depth: Rational(int(rest[0]), int(rest[1])),
    "constant": lambda rest, depth: _CONSTANTS[_name(rest[0])],
    "index": _restored_index,
    "entry": _restored_entry,
    **{kind.__name__: _restored_of_a_matrix(kind) for kind in OF_A_MATRIX},
    "size": lambda rest, depth: size(_name(rest[0])),
    "scalar": lambda rest, depth: scalar(_name(rest[0])),
    "unnamed": _restored_unnamed,
    "row": lambda rest, depth: named(_name(rest[0]))(_restored(rest[1], depth + 1)),
}
