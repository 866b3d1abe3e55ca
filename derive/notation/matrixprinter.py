r"""SymPy's matrix expressions as a textbook writes them: `\mathbf{X}^{\top} (\mathbf{p} - \mathbf{y})`."""

from __future__ import annotations

from typing import Any

from sympy import (
    Basic,
    Determinant,
    Dummy,
    HadamardPower,
    HadamardProduct,
    Identity,
    ImmutableDenseMatrix,
    Inverse,
    KroneckerProduct,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from .layout import Accent, Atom, BigOp, Layout, Lines, Row, Script, Words
from .ordering import is_negative
from .pieces import (
    Context,
    Level,
    Piece,
    Rule,
    added,
    applied,
    at_least,
    juxtaposed,
    operator,
    raised,
    round_brackets,
    row,
)
from .quote import quote
from .scalarprinter import with_indices


def _symbol(expr: Any, context: Context) -> Piece:
    """A matrix as its names give it, otherwise bold: the first symbol of its default LaTeX, not its labels."""
    name = str(expr.name)
    given = name in context.names.quantities or name in context.names.symbols
    found = quote(context.names.latex(name)) or Words(name)
    layout = found if given else _bold(found)
    has_sup = isinstance(layout, Script) and layout.sup is not None
    return Piece(layout, Level.PRODUCT if isinstance(layout, Row) else Level.SCRIPTED if has_sup else Level.ATOM)


def _bold(layout: Layout) -> Layout:
    if isinstance(layout, Script):
        return Script(_bold(layout.base), layout.sub, layout.sup)
    if isinstance(layout, Accent):
        return Accent(layout.mark, _bold(layout.base))
    return Accent("bold", layout)


def _constant(character: str) -> Rule:
    return lambda expr, context: Piece(Accent("bold", Atom(character)))


def _product(expr: Any, context: Context) -> Piece:
    """Scalars first, then the matrices in their order; the sign of the scalars is pulled to the front."""
    coefficient, matrices = expr.as_coeff_matrices()
    negative = is_negative(coefficient)
    scalar = -coefficient if negative else coefficient
    pieces = [context.press(scalar)] if scalar != 1 else []
    pieces += [_factor(matrix, context) for matrix in matrices]
    return added([(True, juxtaposed(pieces))]) if negative else juxtaposed(pieces)


def _factor(matrix: Basic, context: Context) -> Piece:
    """A factor; an elementwise product inside a matrix product is bracketed."""
    piece = context.press(matrix)
    return Piece(round_brackets(piece.layout)) if isinstance(matrix, HadamardProduct | KroneckerProduct) else piece


def _sum(expr: Any, context: Context) -> Piece:
    """Terms by their text, a positive one first."""
    terms = sorted(expr.args, key=str)
    first = next((k for k, term in enumerate(terms) if not _is_negative(term)), 0)
    terms = [terms[first], *terms[:first], *terms[first + 1 :]]
    return added([(_is_negative(term), context.press(-term if _is_negative(term) else term)) for term in terms])


def _is_negative(term: Any) -> bool:
    return isinstance(term, MatMul) and is_negative(term.as_coeff_matrices()[0])


def _between(command: str) -> Rule:
    def rule(expr: Any, context: Context) -> Piece:
        items: list[Layout | str] = []
        for part in expr.args:
            tight = at_least(context.press(part), Level.SCRIPTED)
            items += [*([command] if items else []), tight]
        return Piece(row(*items), Level.PRODUCT)

    return rule


def _raised_to(mark: Layout) -> Rule:
    return lambda expr, context: raised(context.press(expr.args[0]), mark)


def _power(expr: Any, context: Context) -> Piece:
    return raised(context.press(expr.args[0]), context.press(expr.args[1]).layout)


def _elementwise_power(expr: Any, context: Context) -> Piece:
    return raised(context.press(expr.args[0]), row(r"\odot", context.press(expr.args[1]).layout))


def _elementwise(expr: Any, context: Context) -> Piece:
    r"""`\sigma(\mathbf{Z})` for a single function, `(z \mapsto z^2)(\mathbf{Z})` for any other."""
    function, argument = expr.function, context.press(expr.expr)
    variable = function.variables[0] if isinstance(function, Lambda) else Symbol("z", real=True)
    body = function.expr if isinstance(function, Lambda) else function(variable)
    inner = context.press(body.func(variable)).layout if body.args == (variable,) else None
    if isinstance(inner, BigOp):
        return applied(inner.latex, argument)
    named = Symbol("z", real=True) if isinstance(variable, Dummy) else variable
    mapping = row(context.press(named).layout, r"\mapsto", context.press(body.subs(variable, named)).layout)
    return Piece(row(round_brackets(mapping), round_brackets(argument.layout)), Level.PRODUCT)


def _function(head: str) -> Rule:
    return lambda expr, context: applied(head, context.press(expr.args[0]))


def _element(expr: Any, context: Context) -> Piece:
    base = context.press(expr.args[0])
    indices = [context.press(i).layout for i in expr.args[1:]]
    return Piece(with_indices(at_least(base, Level.SCRIPTED), indices), base.level)


def _explicit(expr: Any, context: Context) -> Piece:
    rows = tuple(tuple(context.press(expr[i, j]).layout for j in range(expr.cols)) for i in range(expr.rows))
    return Piece(Lines("matrix", rows))


MATRIX_ROWS: dict[type, Rule] = {
    MatrixSymbol: _symbol,
    MatrixElement: _element,
    Identity: _constant("I"),
    ZeroMatrix: _constant("0"),
    OneMatrix: _constant("1"),
    MatMul: _product,
    MatAdd: _sum,
    HadamardProduct: _between(r"\odot"),
    KroneckerProduct: _between(r"\otimes"),
    HadamardPower: _elementwise_power,
    Transpose: _raised_to(Atom(r"\top")),
    Inverse: _raised_to(row("-", "1")),
    MatPow: _power,
    ElementwiseApplyFunction: _elementwise,
    Trace: _function(operator("tr")),
    Determinant: _function(r"\det"),
    DiagMatrix: _function(operator("diag")),
    ImmutableDenseMatrix: _explicit,
}
