"""Functions that are given no formula: any differentiable f, so that what is derived holds for all of them."""

from __future__ import annotations

from functools import cache
from typing import ClassVar

from sympy import Expr, Function

from ..calculus.trees import args_of
from .functions import FUNCTIONS


class Unnamed(Function):
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

    def fdiff(self, argindex: int = 1) -> Expr:
        orders = tuple(order + (k == argindex - 1) for k, order in enumerate(self.orders))
        return _function(self.letter, orders)(*self.arguments)

    def _eval_is_real(self) -> bool:
        return True


def unnamed(letter: str, arguments: int = 1) -> type[Unnamed]:
    """Any differentiable function of so many arguments, the same one for the same letter.

    Raises: ValueError: if the letter is the name of a function with a formula, or holds two underscores in a row.
    """
    if "__" in letter or letter in {spelling for row in FUNCTIONS for spelling in (row.name, *row.spellings)}:
        raise ValueError(f"{letter!r} cannot name an unnamed function: expected a free name, such as 'f'")
    return _function(letter, (0,) * arguments)


@cache
def _function(letter: str, orders: tuple[int, ...]) -> type[Unnamed]:
    name = "__".join((letter, *map(str, orders))) if any(orders) else letter
    return type(name, (Unnamed,), {"letter": letter, "orders": orders, "nargs": len(orders), "__module__": __name__})
