r"""How the names of a model are set, in index and in matrix notation, and equations between them.

In matrix notation a quantity with two axes is an upright bold capital if its letter is Latin, `\mathbf{x}` with a
sample axis becomes `\mathbf{X}`; a vector is bold and small, `\hat{\mathbf{y}}`; Greek letters stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sympy import Expr, Indexed

from ..quantities import Kind, Quantity
from ..questions.answers import Sign
from ..vocabulary import Partial, name_of
from .layout import Atom, Frac, Layout, Row
from .names import Names
from .printer import layout, relation
from .renderers import to_latex

if TYPE_CHECKING:
    from ..calculus.matrixform import MatrixForm
    from ..model import Model
    from ..questions.answers import Relation

SIGNS = {
    Sign.EQUAL: "=",
    Sign.UNEQUAL: r"\ne",
    Sign.LESS: "<",
    Sign.AT_MOST: r"\le",
    Sign.GREATER: ">",
    Sign.AT_LEAST: r"\ge",
    Sign.ELEMENT: r"\in",
}
_LETTER = re.compile(
    r"(?P<accent>\\(?:wide)?(?:hat|bar|tilde|vec|dot)\{)?(?P<bold>\\(?:mathbf|boldsymbol|bm)\{)?"
    r"(?P<letter>[A-Za-z])(?(bold)\})(?P<close>(?(accent)\}))(?P<scripts>(?:[_^].*)?)\Z"
)


def model_names(model: Model) -> Names:
    """The names of a model as they are set in index notation, in the order in which they stand as factors."""
    return Names.of(model.quantities.values(), _primed(model), order=_order(model))


def matrix_names(model: Model) -> Names:
    """The names of a model as they are set in matrix notation, without a place for indices."""
    quantities = (replace(q, latex=matrix_latex(q), sample_axis=False) for q in model.quantities.values())
    return Names.of(quantities, order=_order(model))


def _primed(model: Model) -> dict[str, str]:
    """Indices that were renamed apart are set as j′, like the letter they come from."""
    letters = {str(i.label) for q in model.quantities.values() for i in q.axes}
    return {letter + primes: letter + primes for letter in letters for primes in ("'", "''", "'''")}


def _order(model: Model) -> list[str]:
    """Data and what is computed of them before the parameters that weigh them: x_i θ_{i,j}, h_j θ_j."""
    return sorted(model.quantities, key=lambda name: model.quantities[name].kind is Kind.PARAMETER)


def matrix_latex(quantity: Quantity) -> str:
    r"""A quantity as a whole: `\mathbf{X}` for x^{(s)}_i, `\hat{\mathbf{y}}` for ŷ^{(s)}, `\theta^{(h)}` as it is."""
    found = _LETTER.match(quantity.latex)
    if found is None or not 1 <= len(quantity.axes) <= 2:
        return quantity.latex
    letter = found["letter"].upper() if len(quantity.axes) == 2 else found["letter"]
    return f"{found['accent'] or ''}\\mathbf{{{letter}}}{found['close'] or ''}{found['scripts'] or ''}"


def equation_layout(left: Expr, right: Expr, model: Model) -> Layout:
    """`left = right` in index notation."""
    names = model_names(model)
    return Row((layout(left, names), Atom("="), layout(right, names)))


def equation_latex(left: Expr, right: Expr, model: Model) -> str:
    """`left = right` in LaTeX, in index notation."""
    return to_latex(equation_layout(left, right, model))


def relation_layout(said: Relation, model: Model) -> Layout:
    """`left sign right` in index notation."""
    return relation(said.left, SIGNS[said.sign], said.right, model_names(model))


def matrices_layout(sides: tuple[MatrixForm, MatrixForm], sign: Sign, model: Model) -> Layout:
    """`left sign right` in matrix notation."""
    left, right = sides
    return relation(left.expr, SIGNS[sign], right.expr, matrix_names(model))


def matrix_layout(form: MatrixForm, model: Model) -> Layout:
    """A matrix form as an equation: ∂LL/∂θ = X^T(y − ŷ)."""
    return Row((matrix_target(form.target, model), Atom("="), layout(form.expr, matrix_names(model))))


def matrix_target(target: Expr, model: Model) -> Layout:
    """What a matrix form equals, its entries taken together: ∂LL/∂θ for ∂LL/∂θ_{i,j}."""
    if not isinstance(target, Partial):
        return _whole(target, model)
    of, wrt = target.args
    return Frac(Row((Atom(r"\partial"), _whole(of, model))), Row((Atom(r"\partial"), _whole(wrt, model))))


def _whole(entry: Expr, model: Model) -> Layout:
    """The name of an entry, without its indices, as it is set in matrix notation."""
    from ..calculus.matrixform import symbol_of

    quantity = model.quantities[name_of(entry)]
    return layout(symbol_of(quantity) if isinstance(entry, Indexed) else entry, matrix_names(model))
