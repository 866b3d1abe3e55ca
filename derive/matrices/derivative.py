"""Derivatives of SymPy matrix expressions: in indices always, in matrix notation where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sympy import Expr, Idx

from ..backprop import partial
from ..calculus.matrixform import MatrixForm, raised
from ..derivation import Derivation, Step
from ..notation.equations import equation_latex
from ..notation.layout import Atom, Fenced, Frac, Row
from ..notation.printer import layout
from ..notation.renderers import to_latex
from ..prove import prove
from ..quantities import Domain
from ..vocabulary import InverseEntry, LogDet, indices_of
from .alike import gathered
from .conventions import Convention, check, statement
from .entries import Axis
from .raising import symbol_of
from .reading import Reading, read


def derivative(expr: Expr, wrt: Expr, *, domains: Mapping[str, Domain] | None = None) -> MatrixDerivative:
    """∂expr/∂wrt of a SymPy matrix expression, at symbolic sizes.

        derivative(Trace(A * X * B), X).matrix(Convention.GRADIENT).expr  ->  A.T*B.T

    Args:
        expr: sums, products, transposes, inverses, whole powers, traces, determinants, elementwise and Kronecker
            products, elementwise functions and powers, diagonals, ones and identities of `MatrixSymbol`s, and scalar
            functions of these.
        wrt: a `MatrixSymbol` or a scalar `Symbol`, all of whose entries are independent.
        domains: name to domain, where it is not the real line.
    Raises: MatrixError: naming the part of the expression that is not in this language.
    """
    reading = read(expr, wrt, domains or {})
    derivation = _alike(partial(reading.model, reading.value, reading.wrt), reading)
    return MatrixDerivative(of=expr, wrt=wrt, reading=reading, derivation=derivation)


def _alike(derivation: Derivation, reading: Reading) -> Derivation:
    """The derivation with one more step where terms of its result are alike."""
    model, before = derivation.model, derivation.result
    after = gathered(before, reading.letters)
    if after.count_ops() >= before.count_ops():
        return derivation
    step = Step(rule="terms that are alike", before=before, after=after, proof=prove(before, after, model))
    whole = derivation.proof and prove(derivation.target, after, model)
    return replace(derivation, result=after, chain=(*derivation.chain, step), proof=whole)


@dataclass(frozen=True, kw_only=True)
class IndexForm:
    """entry = result, for all values of the indices.

    Attributes:
        entry: the derivative ∂y_k/∂x_i, as a `Partial` of the names of the model.
        result: the index expression that it equals.
        of_rows, of_columns: the indices of y; none for an axis of length one, several for a Kronecker product.
        wrt: the indices of x.
    """

    entry: Expr
    result: Expr
    of_rows: Axis
    of_columns: Axis
    wrt: Axis

    @property
    def indices(self) -> Axis:
        """All indices: those of y, then those of x."""
        return (*self.of_rows, *self.of_columns, *self.wrt)


@dataclass(frozen=True, kw_only=True)
class MatrixDerivative:
    """The derivative of a matrix expression.

    Attributes:
        of, wrt: as they were given.
        reading: the model that they were read as.
        derivation: of one entry of the derivative from one entry of the expression.
    """

    of: Expr
    wrt: Any
    reading: Reading
    derivation: Derivation

    @property
    def index(self) -> IndexForm:
        """The formula of one entry."""
        return IndexForm(
            entry=self.derivation.target,
            result=self.derivation.result,
            of_rows=self.reading.rows,
            of_columns=self.reading.columns,
            wrt=tuple(i for i in indices_of(self.reading.wrt) if isinstance(i, Idx)),
        )

    @property
    def verdict(self) -> str:
        """`proved` if the formula of one entry is, at all sizes."""
        return self.derivation.verdict

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """Where the formula holds: the inverses that must exist, the determinants that must be positive."""
        bodies = [d.expr for d in self.reading.model.definitions]
        given = self.reading.in_given_symbols
        symbol = {n: symbol_of(q) for n, q in self.reading.model.quantities.items() if len(q.axes) == 2}
        inverted, determined = (
            {str(a.args[0]) for e in bodies for a in e.atoms(kind)} for kind in (InverseEntry, LogDet)
        )
        return (
            *(f"{given(symbol[n])} is invertible" for n in sorted(inverted - determined)),
            *(f"det({given(symbol[n])}) > 0" for n in sorted(determined)),
        )

    def matrix(self, convention: Convention) -> MatrixForm | None:
        """The derivative in matrix notation, its entries proved; None where it has none.

        Of the four indices of a matrix by a matrix no layout makes a matrix.

        Raises: ConventionError: for the gradient of what is no scalar.
        """
        check(convention, self._shape_of)
        form = self._form(convention is Convention.NUMERATOR)
        return None if form is None else replace(form, expr=self.reading.in_given_symbols(form.expr))

    def statement(self, convention: Convention) -> str:
        """The convention in words, as it applies here: "numerator layout: ∂y/∂x has the rows of y, …".

        Raises: ConventionError: for the gradient of what is no scalar.
        """
        return statement(convention, self._shape_of, self._shape_wrt)

    def latex(self, convention: Convention) -> str:
        """The derivative as an equation in LaTeX; in indices where it has no matrix notation.

        Raises: ConventionError: for the gradient of what is no scalar.
        """
        form = self.matrix(convention)
        if form is None:
            return equation_latex(self.derivation.target, self.derivation.result, self.reading.model)
        below = Row((Atom(r"\partial"), layout(self.wrt)))
        left = Row((Frac(Atom(r"\partial"), below), Fenced("[", layout(self.of), "]")))
        return to_latex(Row((left, Atom("="), layout(form.expr))))

    @property
    def _shape_of(self) -> tuple[int, int]:
        return int(bool(self.reading.rows)), int(bool(self.reading.columns))

    @property
    def _shape_wrt(self) -> tuple[int, int]:
        shape = getattr(self.wrt, "shape", (1, 1))
        return int(shape[0] != 1), int(shape[1] != 1)

    def _form(self, numerator: bool) -> MatrixForm | None:
        """The matrix form in the numerator layout, or in the denominator layout, over the names of the model."""
        rows, columns, x = self.reading.rows, self.reading.columns, self.index.wrt
        if len(rows) > 1 or len(columns) > 1:  # a Kronecker product
            return None
        y = (*rows, *columns)
        if len(y) + len(x) == 1:
            lies = bool(columns) if y else self._shape_wrt == (1, 0)  # in the numerator layout
            return self._raised((*y, *x), lying=lies == numerator)
        down = (*y, *x) if len(x) < 2 else (*y, *x[::-1])
        return self._raised(down if numerator else down[::-1])

    def _raised(self, out: Axis, lying: bool = False) -> MatrixForm | None:
        return raised(self.derivation.result, self.derivation.target, out, self.reading.model, lying=lying)
