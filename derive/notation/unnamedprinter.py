r"""Functions without a formula: `f(z)`, `f'(z)`, `\frac{\partial \ell(a, y)}{\partial a}`."""

from __future__ import annotations

from sympy import Expr

from ..rows.unnamed import Unnamed
from ..vocabulary import is_name
from .layout import Atom, Frac, Layout, Script
from .pieces import Context, Level, Piece, Rule, listed, round_brackets, row
from .quote import name_layout

MOST_PRIMES = 3


def _unnamed(expr: Unnamed, context: Context) -> Piece:
    """The first derivative by a name as a fraction; one of a single argument with primes; else with its orders."""
    inside = listed([context.press(a).layout for a in expr.arguments])
    by = _variable(expr)
    if by is not None:
        above, below = (
            row(r"\partial", _letter(expr, context), round_brackets(inside)),
            row(r"\partial", context.press(by).layout),
        )
        return Piece(Frac(above, below), Level.SCRIPTED)
    return Piece(row(head_of(expr, context), round_brackets(inside)))


def head_of(expr: Unnamed, context: Context) -> Layout:
    """What stands before the brackets: f, f′, or a letter with its orders."""
    letter = _letter(expr, context)
    return Script(letter, sup=_marks(expr.orders)) if any(expr.orders) else letter


def _letter(expr: Unnamed, context: Context) -> Layout:
    return name_layout(context.names.latex(expr.letter))


def _variable(expr: Unnamed) -> Expr | None:
    """The name that a function of several arguments is differentiated by once, if it stands at one place alone."""
    if len(expr.orders) == 1 or sum(expr.orders) != 1:
        return None
    by = expr.arguments[expr.orders.index(1)]
    return by if is_name(by) and sum(a.has(by) for a in expr.arguments) == 1 else None


def _marks(orders: tuple[int, ...]) -> Layout:
    if len(orders) == 1 and orders[0] <= MOST_PRIMES:
        return row(*[r"\prime"] * orders[0])
    return round_brackets(listed([Atom(str(order)) for order in orders]))


UNNAMED_ROWS: dict[type, Rule] = {Unnamed: _unnamed}
