r"""SymPy's matrix expressions as a textbook writes them: `\mathbf{X}^{\top} (\mathbf{p} - \mathbf{y})`."""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
    Add,
    Basic,
    Determinant,
    DiagonalMatrix,
    DiagonalOf,
    Dummy,
    HadamardPower,
    HadamardProduct,
    Identity,
    ImmutableDenseMatrix,
    Integer,
    Inverse,
    KroneckerProduct,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    exp,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from ..matrices.partials import PartialMatrix
from ..rows.unnamed import Unnamed
from .layout import Accent, Atom, BigOp, Frac, Layout, Lines, Row, Script
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
from .quote import name_layout
from .scalarprinter import with_indices
from .unnamedprinter import head_of


def _symbol(expr: Any, context: Context) -> Piece:
    """A matrix as its names give it, otherwise bold: the first symbol of its default LaTeX, not its labels."""
    name = str(expr.name)
    given = name in context.names.quantities or name in context.names.symbols
    found = name_layout(context.names.latex(name))
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


def _ones(expr: Any, context: Context) -> Piece:
    r"""`\mathbf{1}_{n}` for a column, `\mathbf{1}_{n}^{\top}` for a row; a matrix without its sizes."""
    bold, (rows, columns) = Accent("bold", Atom("1")), expr.shape
    if (rows == 1) == (columns == 1):
        return Piece(bold)
    size = context.press(rows if columns == 1 else columns).layout
    return raised(Piece(Script(bold, sub=size)), Atom(r"\top")) if rows == 1 else Piece(Script(bold, sub=size))


def _product(expr: Any, context: Context) -> Piece:
    """Scalars first, then the matrices in their order; the sign of the scalars is pulled to the front."""
    coefficient, matrices = expr.as_coeff_matrices()
    negative = is_negative(coefficient)
    pieces = _scalars(-coefficient if negative else coefficient, context)
    pieces += [_factor(matrix, context) for matrix in matrices]
    return added([(True, juxtaposed(pieces))]) if negative else juxtaposed(pieces)


def _scalars(coefficient: Any, context: Context) -> list[Piece]:
    r"""`2 (\hat{y} - y)` for 2ŷ − 2y; inner products in brackets."""
    content, rest = coefficient.primitive() if isinstance(coefficient, Add) else (Integer(1), coefficient)
    pieces = [context.press(content)] if content != 1 else []
    if any(isinstance(f, Trace) and _is_number(f) for f in Mul.make_args(rest)):
        return [*pieces, Piece(round_brackets(context.press(rest).layout))]
    return [*pieces, *([context.press(rest)] if rest != 1 else [])]


def _is_number(trace: Trace) -> bool:
    """Whether a trace is one of a matrix with a single entry, u^T v."""
    matrix: Any = trace.args[0]
    return tuple(matrix.shape) == (1, 1)


def _factor(matrix: Basic, context: Context) -> Piece:
    """A factor; an elementwise product inside a matrix product is bracketed."""
    piece = context.press(matrix)
    return Piece(round_brackets(piece.layout)) if isinstance(matrix, HadamardProduct | KroneckerProduct) else piece


def _sum(expr: Any, context: Context) -> Piece:
    """Terms by their text, a positive one first."""
    terms = sorted(expr.args, key=str)
    first = next((k for k, term in enumerate(terms) if not _is_negative(term)), 0)
    terms = [terms[first], *terms[:first], *terms[first + 1 :]]
    return added([(_is_negative(term), _term(-term if _is_negative(term) else term, context)) for term in terms])


def _term(term: Any, context: Context) -> Piece:
    """A term of a sum; the others say how long a vector of ones is."""
    coefficient, matrices = term.as_coeff_matrices() if isinstance(term, MatMul) else (Integer(1), [term])
    if len(matrices) > 1 or not isinstance(matrices[0], OneMatrix):
        return context.press(term)
    return juxtaposed([*_scalars(coefficient, context), Piece(Accent("bold", Atom("1")))])


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


def _partial(expr: Any, context: Context) -> Piece:
    above, below = (row(r"\partial", context.press(e).layout) for e in (expr.of, expr.wrt))
    return Piece(Frac(above, below), Level.SCRIPTED)


def _transpose(expr: Any, context: Context) -> Piece:
    inside = expr.args[0]
    if isinstance(inside, Inverse):
        return raised(context.press(inside.args[0]), row("-", r"\top"))
    return raised(context.press(inside), Atom(r"\top"))


def _inverse(expr: Any, context: Context) -> Piece:
    inside = expr.args[0]
    if isinstance(inside, Transpose):
        return raised(context.press(inside.args[0]), row("-", r"\top"))
    return raised(context.press(inside), row("-", "1"))


def _trace(expr: Any, context: Context) -> Piece:
    """A trace; an inner product is the number that it is."""
    inside = context.press(expr.args[0])
    return inside if _is_number(expr) else applied(operator("tr"), inside)


def _power(expr: Any, context: Context) -> Piece:
    return raised(context.press(expr.args[0]), context.press(expr.args[1]).layout)


def _elementwise_power(expr: Any, context: Context) -> Piece:
    return raised(context.press(expr.args[0]), row(r"\odot", context.press(expr.args[1]).layout))


_UPRIGHT: dict[type, str] = {exp: r"\exp", Abs: operator("abs")}  # set otherwise where they stand by themselves


def _elementwise(expr: Any, context: Context) -> Piece:
    r"""`\sigma(\mathbf{Z})` for a single function, `(z \mapsto z^2)(\mathbf{Z})` for any other."""
    function, argument = expr.function, context.press(expr.expr)
    variable = function.variables[0] if isinstance(function, Lambda) else Symbol("z", real=True)
    body = function.expr if isinstance(function, Lambda) else function(variable)
    if body.args == (variable,) and type(body) in _UPRIGHT:
        return applied(_UPRIGHT[type(body)], argument)
    inner = context.press(body.func(variable)).layout if body.args == (variable,) else None
    if isinstance(inner, BigOp):
        return applied(inner.latex, argument)
    if isinstance(body, Unnamed):
        return Piece(row(head_of(body, context), round_brackets(argument.layout)))
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
    PartialMatrix: _partial,
    Identity: _constant("I"),
    ZeroMatrix: _constant("0"),
    OneMatrix: _ones,
    MatMul: _product,
    MatAdd: _sum,
    HadamardProduct: _between(r"\odot"),
    KroneckerProduct: _between(r"\otimes"),
    HadamardPower: _elementwise_power,
    Transpose: _transpose,
    Inverse: _inverse,
    MatPow: _power,
    ElementwiseApplyFunction: _elementwise,
    Trace: _trace,
    Determinant: _function(r"\det"),
    DiagMatrix: _function(operator("diag")),
    DiagonalMatrix: _function(operator("Diag")),
    DiagonalOf: _function(operator("diag")),
    ImmutableDenseMatrix: _explicit,
}
