"""Stationary points: the derived gradient set to zero and solved, with a proof of what is claimed.

Where the gradient is linear in one power of the unknown up to a common factor, entry by entry,

    ∂L/∂θ = c (a u − b),  u = θ^p,  so  û = b/a  wherever a ≠ 0,

and there ∂²L/∂θ² = c a p θ^{p−1}, whose sign says what kind of point it is. Where entries of θ are coupled but the
gradient is linear, ∂L/∂θ_j = c (Σ_k A_{jk} θ_k − b_j), the equations A θ = b are given, and are not inverted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sympy import (
    Add,
    Dummy,
    Eq,
    Expr,
    Ge,
    Gt,
    Idx,
    Integer,
    KroneckerDelta,
    Lt,
    Mul,
    Ne,
    Poly,
    Pow,
    Rational,
    Sum,
    cancel,
    fraction,
    gcd,
)
from sympy.core.relational import Relational

from .backprop import partial
from .calculus.differentiate import differentiate
from .calculus.indices import bound_in, fresh, rename_bound, transform
from .calculus.matrixform import MatrixForm, matrix_form
from .calculus.positivity import NO_FACTS, nonnegative, positive
from .calculus.tidy import collapse_deltas, oriented, pull_out, tidy
from .calculus.trees import args_of
from .curvature import recursion_between
from .derivation import Derivation
from .model import Model
from .prove import Proof, prove, reliable_facts
from .quantities import Domain, Quantity
from .secondorder import second_partial
from .vocabulary import is_name, name_of, names_in, total

_POSITIVE = (Domain.POSITIVE, Domain.UNIT)


class NoStationaryPoint(ValueError):
    """A gradient that is not solved here; the message says what it would have to be."""


class Extremum(StrEnum):
    """What a stationary point was proved to be, along its own unknown."""

    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class StationaryPoint:
    """û, where the derivative by one unknown is zero.

    Attributes:
        gradient: the derivation of g = ∂L/∂θ.
        factored: c (a u − b), which g equals.
        unknown: u = θ^p, such as μ or σ².
        solution: û = b/a; it holds no θ.
        proofs: of g = c (a u − b), and of a û − b = 0; None where none was found.
        second: c a p θ^{p−1}, which ∂²L/∂θ² is at the point.
        extremum: by the certain sign of `second`, if its equality was proved.
        conditions: what must hold besides: a ≠ 0, c ≠ 0 for û to be the only one, û inside the domain of u.
    """

    gradient: Derivation
    factored: Expr
    unknown: Expr
    solution: Expr
    proofs: tuple[Proof | None, Proof | None]
    second: Expr
    extremum: Extremum
    conditions: tuple[Relational, ...]

    @property
    def verdict(self) -> str:
        """`proved` if the gradient, its factors and the solution are."""
        return "proved" if all(self.proofs) and self.gradient.verdict == "proved" else "undecided"

    def equation(self) -> Eq:
        """u = û as an unevaluated SymPy equation."""
        return Eq(self.unknown, self.solution, evaluate=False)


@dataclass(frozen=True, kw_only=True)
class NormalEquations:
    """Σ_k A_{jk} θ_k = b_j, which hold exactly where the gradient is zero.

    Attributes:
        gradient: the derivation of g_j = ∂L/∂θ_j.
        factor: c, of numbers and sizes alone, so that it is certainly not zero.
        columns: the indices k; the rows j are the axes of θ.
        matrix: A_{jk}, free of θ.
        left, right: Σ_k A_{jk} θ_k and b_j.
        proof: of g_j = c (Σ_k A_{jk} θ_k − b_j).
        left_matrix, right_matrix: both sides in matrix notation, X^T X θ and X^T y; None where there is none.
    """

    gradient: Derivation
    factor: Expr
    columns: tuple[Idx, ...]
    matrix: Expr
    left: Expr
    right: Expr
    proof: Proof | None
    left_matrix: MatrixForm | None
    right_matrix: MatrixForm | None

    @property
    def verdict(self) -> str:
        """`proved` if the gradient and the equations are."""
        return "proved" if self.proof and self.gradient.verdict == "proved" else "undecided"

    def equation(self) -> Eq:
        """Σ_k A_{jk} θ_k = b_j as an unevaluated SymPy equation."""
        return Eq(self.left, self.right, evaluate=False)


def stationary(model: Model, parameter: str) -> StationaryPoint | NormalEquations:
    """Where the derivative of the objective by a parameter is zero, all other parameters held fixed.

    Args:
        model: its definitions are all that is used; over the data, it is the total that is differentiated.
        parameter: the name of a quantity that the objective depends on.
    Returns: û = b/a where the entries of θ are not coupled; else the equations Σ_k A_{jk} θ_k = b_j.
    Raises: NoStationaryPoint: if there is no such parameter, or the gradient is not linear in a power of it,
            or depends on it through a recursion.
    """
    if parameter not in model.quantities or not model.depends(model.objective, parameter):
        raise NoStationaryPoint(
            f"the objective of {model.name} does not depend on {parameter!r}; name a parameter of it"
        )
    if (recurring := recursion_between(model, model.objective, parameter)) is not None:
        raise NoStationaryPoint(f"{parameter} acts through the recursion of {recurring}; solve it numerically")
    quantity = model.quantities[parameter]
    gradient = partial(model, model.quantities[model.objective].at(), quantity.at())
    unfolded = _unfolded(gradient.result, quantity, model)
    entries = {a for a in names_in(unfolded) if name_of(a) == parameter}
    if entries <= {quantity.at()}:
        return _point(model, quantity, gradient, unfolded)
    return _normal_equations(model, quantity, gradient, unfolded)


def _unfolded(expr: Expr, quantity: Quantity, model: Model) -> Expr:
    """Every name that depends on the quantity written by its definition."""
    for definition in reversed(model.definitions):
        if definition.name != quantity.name and model.depends(definition.name, quantity.name):
            expr = model.unfold(expr, definition.name)
    return rename_bound(expr, quantity.axes)


def _refused(quantity: Quantity, wanted: str) -> NoStationaryPoint:
    return NoStationaryPoint(f"the gradient by {quantity.name} was not shown to be {wanted}; solve it numerically")


# -- one unknown ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Linear:
    """c (a t^p − b) for an unknown t, where c has the factor t^low."""

    c: Expr
    a: Expr
    b: Expr
    p: int
    low: int


def _point(model: Model, quantity: Quantity, gradient: Derivation, unfolded: Expr) -> StationaryPoint:
    theta = quantity.at()
    found = _factored(unfolded, theta)
    one_root = found is not None and (quantity.domain in _POSITIVE or (found.p == 1 and found.low == 0))
    if found is None or not one_root or quantity.domain not in (*_POSITIVE, Domain.NONNEGATIVE, Domain.REAL):
        raise _refused(quantity, "linear in it, or in a power of it that has one root, up to a common factor")
    facts = reliable_facts(model)
    if positive(-found.a, facts):
        found = replace(found, c=-found.c, a=-found.a, b=-found.b)
    unknown, solution = theta**found.p, tidy(found.b / found.a)
    factored = found.c * (found.a * unknown - found.b)
    second = oriented(found.c * found.a * found.p * theta ** (found.p - 1))
    vanishes = prove(found.a * solution - found.b, Integer(0), model)
    uncertain = (f for f in (found.a, found.c) if not positive(f, facts) and not positive(-f, facts))
    nonzero = tuple(Ne(f, 0, evaluate=False) for f in uncertain)
    return StationaryPoint(
        gradient=gradient,
        factored=factored,
        unknown=unknown,
        solution=solution,
        proofs=(prove(gradient.result, factored, model), vanishes),
        second=second,
        extremum=_extremum(model, quantity, found, second),
        conditions=(*nonzero, *_inside(solution, quantity.domain, model)),
    )


def _inside(solution: Expr, domain: Domain, model: Model) -> tuple[Relational, ...]:
    """What is still to be asked for the solution to lie in the domain of the unknown."""
    facts = reliable_facts(model)
    asked: list[Relational] = []
    if domain in _POSITIVE and not positive(solution, facts):
        asked.append(Gt(solution, 0, evaluate=False))
    if domain is Domain.NONNEGATIVE and not nonnegative(solution, facts):
        asked.append(Ge(solution, 0, evaluate=False))
    if domain is Domain.UNIT and not positive(1 - solution, facts):
        asked.append(Lt(solution, 1, evaluate=False))
    return tuple(asked)


def _extremum(model: Model, quantity: Quantity, found: _Linear, second: Expr) -> Extremum:
    """By ∂²L/∂θ_j∂θ_k = δ_{jk} (c′ (a u − b) + c a p θ^{p−1}), proved for all θ; at the point a u − b = 0."""
    columns, theta = _columns(quantity), quantity.at()
    hessian = second_partial(model, model.quantities[model.objective].at(), theta, quantity.at(*columns))
    slope = _slope(found.c, theta)
    deltas = Mul(*(KroneckerDelta(i, k) for i, k in zip(quantity.axes, columns, strict=True)))
    expected = deltas * (slope * (found.a * theta**found.p - found.b) + second)
    if hessian.verdict != "proved" or prove(hessian.result, expected, model) is None:
        return Extremum.UNDECIDED
    facts = reliable_facts(model)
    if positive(second, facts):
        return Extremum.MINIMUM
    return Extremum.MAXIMUM if positive(-second, facts) else Extremum.UNDECIDED


def _slope(expr: Expr, theta: Expr) -> Expr:
    """The derivative by an entry that stands only at its own axes, as by a scalar."""
    t = Dummy("t", real=True)
    return differentiate(expr.xreplace({theta: t}), t).xreplace({t: theta})


def _factored(expr: Expr, theta: Expr) -> _Linear | None:
    """An expression as c (a θ^p − b), by its numerator as a polynomial in θ over everything else held as symbols."""
    t = Dummy("t")
    held: dict[Expr, Expr] = {}
    plain = _held(_separated(expr, theta), theta, t, held)
    if plain is None:
        return None
    above, below = fraction(cancel(plain))
    terms = Poly(above, t).terms()
    if len(terms) == 1 and terms[0][0] == (1,):  # a θ alone, b = 0
        terms.append(((0,), Integer(0)))
    if len(terms) != 2:
        return None
    ((top,), first), ((low,), last) = terms
    common = gcd(first, last)
    back = {symbol: e for e, symbol in held.items()} | {t: theta}
    a, b = (tidy(cancel(x / common).xreplace(back)) for x in (first, -last))
    c = oriented((common * t**low / below.factor()).xreplace(back))
    return _Linear(c=c, a=a, b=b, p=top - low, low=low)


def _separated(expr: Expr, theta: Expr) -> Expr:
    """Sums of terms in which θ stands in front of the sum: Σ_s (x_s − θ)/σ² = Σ_s x_s/σ² − n θ/σ²."""
    if not expr.has(theta) or not expr.args or expr == theta:
        return expr
    if not isinstance(expr, Sum):
        return expr.func(*(_separated(a, theta) for a in args_of(expr)))
    body = _separated(expr.function, theta)
    return Add(*(_in_front(t, expr, theta) for t in Add.make_args(body)))


def _in_front(term: Expr, whole: Expr, theta: Expr) -> Expr:
    apart = pull_out(Sum(term, *bound_in(whole)))
    if not any(s.has(theta) for s in apart.atoms(Sum)):
        return apart
    return Add(*(pull_out(Sum(t, *bound_in(whole))) for t in Add.make_args(term.expand())))


def _held(expr: Expr, theta: Expr, t: Expr, held: dict[Expr, Expr]) -> Expr | None:
    """+, · and whole powers over symbols; None if θ is under anything else."""
    if expr == theta:
        return t
    if isinstance(expr, Rational):
        return expr
    if isinstance(expr, Add | Mul):
        parts = [_held(a, theta, t, held) for a in args_of(expr)]
        return None if any(p is None for p in parts) else expr.func(*parts)
    if isinstance(expr, Pow) and expr.args[1].is_Integer:
        base = _held(args_of(expr)[0], theta, t, held)
        return None if base is None else base ** args_of(expr)[1]
    return None if expr.has(theta) else held.setdefault(expr, Dummy(f"v{len(held):03d}"))


# -- coupled unknowns -------------------------------------------------------------------------------


def _normal_equations(model: Model, quantity: Quantity, gradient: Derivation, unfolded: Expr) -> NormalEquations:
    theta, columns = quantity.at(), _columns(quantity)
    hessian = second_partial(model, model.quantities[model.objective].at(), theta, quantity.at(*columns)).result
    if quantity.name in {name_of(a) for a in names_in(_unfolded(hessian, quantity, model))}:
        raise _refused(quantity, "linear in it")
    terms = Add.make_args(hessian)
    factor = next((_sizes_in(t) for t in terms if t.atoms(Sum)), Integer(1))
    matrix = Add(*(t / factor for t in terms))
    left = Add(*(collapse_deltas(total(t / factor * quantity.at(*columns), *columns)) for t in terms))
    right = tidy(_at_zero(unfolded, quantity) / -factor)
    proof = prove(gradient.result, factor * (left - right), model)
    if proof is None:
        raise _refused(quantity, "linear in it")
    return NormalEquations(
        gradient=gradient,
        factor=factor,
        columns=columns,
        matrix=matrix,
        left=left,
        right=right,
        proof=proof,
        left_matrix=matrix_form(left, theta, model),
        right_matrix=matrix_form(right, theta, model),
    )


def _columns(quantity: Quantity) -> tuple[Idx, ...]:
    columns: list[Idx] = []
    for i in quantity.axes:
        columns.append(fresh(i, {*quantity.axes, *columns}))
    return tuple(columns)


def _sizes_in(term: Expr) -> Expr:
    """The factors of a term that are numbers or sizes, none of which is zero."""
    return Mul(*(f for f in Mul.make_args(term) if f.is_Number or (positive(f, NO_FACTS) and not f.atoms(Sum, Idx))))


def _at_zero(expr: Expr, quantity: Quantity) -> Expr:
    """The expression with the parameter zero."""
    return transform(expr, lambda e: Integer(0) if is_name(e) and name_of(e) == quantity.name else None)
