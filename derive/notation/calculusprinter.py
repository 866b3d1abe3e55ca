r"""Derivatives, sums over indices, brackets, cases and relations as a textbook writes them."""

from __future__ import annotations

from typing import Any

from sympy import (
    And,
    Expr,
    KroneckerDelta,
    Not,
    Or,
    Piecewise,
    Product,
    Sum,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from ..vocabulary import Inside, Interval, InverseEntry, LogDet, Maximum, Partial, Positive, is_name
from .layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Lines, Script, Words
from .pieces import (
    Context,
    Level,
    Piece,
    Rule,
    applied,
    at_least,
    listed,
    raised,
    round_brackets,
    row,
    weight,
)

_LONGEST_NUMERATOR = 8  # symbols above the bar of ∂…/∂x
_RELATIONS = {"==": "=", "!=": r"\ne", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}


def _indicator(expr: Any, context: Context) -> Piece:
    inside, lower, upper = (context.press(part).layout for part in expr.args)
    return Piece(Fenced("[", row(lower, r"\le", inside, r"\le", upper), "]"))


def _delta(expr: Any, context: Context) -> Piece:
    indices = listed([context.press(i).layout for i in expr.args[:2]])
    return Piece(Script(Atom(r"\delta"), sub=indices))


def _partial(expr: Any, context: Context) -> Piece:
    r"""`\frac{\partial f}{\partial x}`; of a partial the second order; a long expression stands after the bar."""
    of, variables = expr, list[Expr]()
    while isinstance(of, Partial):
        variables.append(of.args[1])
        of = of.args[0]
    order = len(variables)
    d = Atom(r"\partial") if order == 1 else Script(Atom(r"\partial"), sup=Atom(str(order)))
    below = row(*[part for variable in _runs(variables) for part in (r"\partial", _counted(*variable, context))])
    inner = context.press(of)
    short = inner.level >= Level.SCRIPTED and not inner.open and weight(inner.layout) <= _LONGEST_NUMERATOR
    if is_name(of) or short:
        return Piece(Frac(row(d, inner.layout), below), Level.SCRIPTED)
    return Piece(row(Frac(d, below), Fenced("[", inner.layout, "]")), Level.PRODUCT)


def _runs(variables: list[Expr]) -> list[tuple[Expr, int]]:
    runs: list[tuple[Expr, int]] = []
    for variable in variables:
        if runs and runs[-1][0] == variable:
            runs[-1] = (variable, runs[-1][1] + 1)
        else:
            runs.append((variable, 1))
    return runs


def _counted(variable: Expr, times: int, context: Context) -> Layout:
    piece = context.press(variable)
    return piece.layout if times == 1 else raised(piece, Atom(str(times))).layout


def _big(command: str) -> Rule:
    def rule(expr: Any, context: Context) -> Piece:
        body, *limits = expr.args
        names = {str(limit[0]) for limit in limits}
        dependent = any({str(s) for bound in limit[1:] for s in bound.free_symbols} & names for limit in limits)
        inner = at_least(context.press(body), Level.PRODUCT)
        for limit in limits if dependent else reversed(limits):
            inner = BigOp(command, *_limits(limit, context), inner)
        return Piece(inner, Level.PRODUCT, open=True)

    return rule


def _largest(expr: Any, context: Context) -> Piece:
    r"""`\max_{1 \le i \le n} x_i`."""
    body, *limits = expr.args
    inner = at_least(context.press(body), Level.PRODUCT)
    for limit in reversed(limits):
        variable, lower, upper = (context.press(part).layout for part in limit.args)
        inner = BigOp(r"\max", row(lower, r"\le", variable, r"\le", upper), None, inner)
    return Piece(inner, Level.PRODUCT, open=True)


def _limits(limit: Any, context: Context) -> tuple[Layout, Layout | None]:
    variable, *bounds = (context.press(part).layout for part in limit.args)
    if len(bounds) < 2:
        return variable, None
    return row(variable, "=", bounds[0]), bounds[1]


def _above_zero(expr: Any, context: Context) -> Piece:
    inside = row(context.press(expr.args[0]).layout, ">", Atom("0"))
    return Piece(Fenced("[", inside, "]"), Level.PRODUCT)


def _interval(expr: Any, context: Context) -> Piece:
    inside = listed([context.press(end).layout for end in expr.args[:2]])
    return Piece(Fenced("[", inside, "]") if expr.closed else Fenced("(", inside, ")"))


def _inverse_entry(expr: Any, context: Context) -> Piece:
    r"""`(\Sigma^{-1})_{i,j}`; a name with a superscript has brackets of its own, `((\theta^{(h)})^{-1})_{i,j}`."""
    name = context.press(expr.args[0].label).layout
    sub = name.sub if isinstance(name, Script) and name.sup is None else None
    head = name.base if isinstance(name, Script) and name.sup is None else name
    head = head if isinstance(head, Atom | Accent | Words) else round_brackets(head)
    whole = round_brackets(Script(head, sub, row("-", "1")))
    return Piece(Script(whole, listed([context.press(k).layout for k in expr.place])), Level.SCRIPTED)


def _log_determinant(expr: Any, context: Context) -> Piece:
    inside = Fenced("|", context.press(expr.args[0].label).layout, "|")
    return applied(r"\log", Piece(inside), bare=True)


def _cases(expr: Any, context: Context) -> Piece:
    rows = tuple((context.press(value).layout, context.press(condition).layout) for value, condition in expr.args)
    return Piece(Lines("cases", rows), Level.PRODUCT, open=True)


def _relational(expr: Any, context: Context) -> Piece:
    command = _RELATIONS[expr.rel_op]
    return Piece(row(*[context.press(expr.lhs).layout, command, context.press(expr.rhs).layout]), Level.RELATION)


def _connected(command: str) -> Rule:
    def rule(expr: Any, context: Context) -> Piece:
        items: list[Layout | str] = []
        for part in sorted(expr.args, key=str):
            piece = context.press(part)
            nested = isinstance(part, And | Or)
            items += [*([command] if items else []), round_brackets(piece.layout) if nested else piece.layout]
        return Piece(row(*items), Level.RELATION)

    return rule


def _negation(expr: Any, context: Context) -> Piece:
    return Piece(row(r"\neg", round_brackets(context.press(expr.args[0]).layout)), Level.PRODUCT)


CALCULUS_ROWS: dict[type, Rule] = {
    Piecewise: _cases,
    KroneckerDelta: _delta,
    Inside: _indicator,
    Positive: _above_zero,
    Interval: _interval,
    InverseEntry: _inverse_entry,
    LogDet: _log_determinant,
    Partial: _partial,
    Sum: _big(r"\sum"),
    Product: _big(r"\prod"),
    Maximum: _largest,
    Relational: _relational,
    BooleanTrue: lambda expr, context: Piece(Words("otherwise")),
    BooleanFalse: lambda expr, context: Piece(Words("never")),
    And: _connected(r"\land"),
    Or: _connected(r"\lor"),
    Not: _negation,
}
