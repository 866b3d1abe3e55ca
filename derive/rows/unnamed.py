"""Functions that are given no formula: any differentiable f, so that what is derived holds for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import ClassVar

from sympy import Dummy, Expr

from ..calculus.indices import transform
from ..calculus.trees import args_of
from ..vocabulary import Word
from .functions import FUNCTIONS

BY_LAYER = " by layer"  # ends the name of a function whose last argument is the layer to which it belongs


class Unnamed(Word):
    """f(z_1, …, z_k), or a partial derivative of it, where f is any function that has the derivatives met.

    Attributes:
        letter: the name of f.
        orders: how often it is differentiated by each argument: (0,) for f(z), (1,) for f′(z).
    """

    letter: ClassVar[str]
    orders: ClassVar[tuple[int, ...]]

    @property
    def arguments(self) -> tuple[Expr, ...]:
        """The arguments, each an expression."""
        return args_of(self)

    @property
    def label(self) -> str:
        """The name of a variable that holds it: `f` for f, `f_1` for f′, `ell_1_0` for ∂ell by its first argument."""
        return "_".join((self.letter, *map(str, self.orders))) if any(self.orders) else self.letter

    def fdiff(self, argindex: int = 1) -> Expr:
        orders = tuple(order + (k == argindex - 1) for k, order in enumerate(self.orders))
        return _function(self.letter, orders)(*self.arguments)

    def _eval_is_real(self) -> bool:
        return True


def unnamed(letter: str, arguments: int = 1, orders: tuple[int, ...] = ()) -> type[Unnamed]:
    """Any differentiable function of so many arguments, the same one for the same letter; or a derivative of it.

    Raises: ValueError: if the letter is the name of a function with a formula, or holds two underscores in a row.
    """
    if "__" in letter or letter in {spelling for row in FUNCTIONS for spelling in (row.name, *row.spellings)}:
        raise ValueError(f"{letter!r} cannot name an unnamed function: expected a free name, such as 'f'")
    return _function(letter, orders or (0,) * arguments)


@cache
def _function(letter: str, orders: tuple[int, ...]) -> type[Unnamed]:
    name = "__".join((letter, *map(str, orders))) if any(orders) else letter
    return type(name, (Unnamed,), {"letter": letter, "orders": orders, "nargs": len(orders), "__module__": __name__})


def named(expr: Expr, functions: Mapping[str, Callable[..., Expr]]) -> Expr:
    """An expression with formulas in the place of unnamed functions, and their derivatives: {"f": tanh}.

    Args:
        expr: an expression of the language.
        functions: letter -> what gives the value at the arguments; other letters stay unnamed.
    """

    def formula(e: Expr) -> Expr | None:
        if not isinstance(e, Unnamed) or e.letter not in functions:
            return None
        slots = tuple(Dummy(real=True) for _ in e.orders)
        value = functions[e.letter](*slots)
        for slot, order in zip(slots, e.orders, strict=True):
            for _ in range(order):
                value = value.diff(slot)
        arguments = (named(a, functions) for a in e.arguments)
        return value.xreplace(dict(zip(slots, arguments, strict=True)))

    written: Expr = transform(expr, formula)
    return written
