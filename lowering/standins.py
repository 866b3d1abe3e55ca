"""Stand-ins for functions without a formula, so that a module which is given them can be run and measured.

They are made of sums, products and quotients alone, so that they take the arrays of any library. What is measured with
them says nothing of other functions; that the gradient holds for every function is what the proofs are for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from sympy import Add, Dummy, Expr, Mul, Rational, Symbol, lambdify

from derive.model import Model
from derive.rows.unnamed import named

from .passed import Orders, of_model, orders_of

Formula = Callable[..., Expr]


@dataclass(frozen=True, kw_only=True)
class StandIns:
    """A formula for each function.

    Attributes:
        module: which passes them on with the data.
        model: with the formulas in it.
        formulas: letter to text.
    """

    module: ModuleType
    model: Model
    formulas: Mapping[str, str]


SHAPES: tuple[Callable[[Expr, Expr], Expr], ...] = (  # of a weighted sum u of the arguments and their product v
    lambda u, v: u / (1 + u**2),
    lambda u, v: u**2 / (2 + u**2) + v,
    lambda u, v: v / (1 + u**2) - u,
)


def with_stand_ins(module: ModuleType, model: Model) -> Iterator[StandIns]:
    """A module and its model with several formulas, another one for each letter; once as they are if all have one."""
    letters = of_model(model)
    if not letters:
        yield StandIns(module=module, model=model, formulas={})
        return
    for k in range(len(SHAPES)):
        formulas = {letter: _formula(k + place, place) for place, letter in enumerate(letters)}
        asked = [(letter, module.FUNCTIONS[letter], len(orders[0])) for letter, orders in letters.items()]
        functions = {letter: _callables(formulas[letter], letter, names, n) for letter, names, n in asked}
        texts = {letter: _text(formulas[letter], len(orders[0])) for letter, orders in letters.items()}
        yield StandIns(module=_given(module, functions), model=_concrete(model, formulas), formulas=texts)


def _formula(kind: int, place: int) -> Formula:
    shape = SHAPES[kind % len(SHAPES)]
    return lambda *z: shape(Add(*(a * Rational(2, 2 + place + m) for m, a in enumerate(z))), Mul(*z))


def _callables(formula: Formula, letter: str, labels: Iterable[str], arguments: int) -> tuple[Callable[..., Any], ...]:
    """The function and its derivatives, as a module asks for them."""
    slots = tuple(Dummy(real=True) for _ in range(arguments))
    plain = (0,) * arguments
    return tuple(
        _callable(slots, _differentiated(formula(*slots), slots, orders_of(n, letter) or plain)) for n in labels
    )


def _differentiated(value: Expr, slots: tuple[Dummy, ...], orders: Orders) -> Expr:
    for slot, order in zip(slots, orders, strict=True):
        for _ in range(order):
            value = value.diff(slot)
    return value


def _callable(slots: tuple[Dummy, ...], value: Expr) -> Callable[..., Any]:
    body = lambdify(slots, value, modules="math")
    return lambda *arrays: body(*arrays) + 0 * arrays[0]  # an array, where the derivative is a number


def _text(formula: Formula, arguments: int) -> str:
    letters = ("z",) if arguments == 1 else tuple(f"z_{m}" for m in range(1, arguments + 1))
    return f"{', '.join(letters)} ↦ {formula(*(Symbol(letter, real=True) for letter in letters))}"


def _concrete(model: Model, formulas: Mapping[str, Formula]) -> Model:
    """The model with formulas for its functions."""
    made = tuple(
        replace(d, expr=named(d.expr, formulas), base=None if d.base is None else named(d.base, formulas))
        for d in model.definitions
    )
    return replace(model, definitions=made, questions=())


def _given(module: ModuleType, functions: Mapping[str, Any]) -> ModuleType:
    """The module with these functions among its data."""
    found = ModuleType(module.__name__)
    vars(found).update(vars(module))

    def bound(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda params, data: function(params, {**data, **functions})

    for name in ("forward", "value", "value_and_grad"):
        setattr(found, name, bound(getattr(module, name)))
    return found
