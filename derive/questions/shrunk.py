"""A penalty that bends: the inclusion at the minimum, and its solution where the features are orthonormal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sympy import Abs, Add, And, Expr, Ge, Gt, Idx, Integer, KroneckerDelta, Le, Lt, Max, Mul, Piecewise, Sum, oo, sign

from ..analysis.curvature import Definiteness, curvature
from ..calculus.indices import bound_in, substitute
from ..kinks import NoPieces, kinks, pieces
from ..model import Model, ModelError
from ..prove import prove, reliable_facts
from ..quantities import Definition, Quantity
from ..solve.shrinkage import Case, shrunk
from ..solve.stationary import NormalEquations, stationary
from ..vocabulary import Interval, Partial, indices_of, scalar, total
from .answers import Answer, Line, Relation, Sign
from .words import at, between

if TYPE_CHECKING:
    from ..calculus.positivity import Facts

ZERO = Integer(0)
Ends = tuple[Expr, Expr, Expr]


@dataclass(frozen=True, kw_only=True)
class Shrunk:
    """Where is zero a subgradient of a mean or sum of squares with a penalty of the single entries?

    Attributes:
        parameter: the name of a vector; the penalty of the model is a sum over its entries.
    """

    parameter: str

    def answer(self, model: Model) -> Answer:
        """0 ∈ c (Σ_k A_jk θ_k − b_j) + ∂h(θ_j); and θ_j by cases of b_j where A_jk = δ_jk."""
        work = _Work.of(model, self.parameter)
        return Answer(
            title=f"Where zero is a subgradient by {{{self.parameter}}}",
            model=work.model,
            lines=(*work.smooth(), *work.inclusion(), *work.orthonormal()),
            conclusion=(
                "With orthonormal features each entry is solved alone, for every b exactly once: "
                "it is moved towards the kink, and onto it from nearby.",
            ),
            conditions=(Relation(left=work.gram, right=work.delta),),
        )


@dataclass(frozen=True, kw_only=True)
class _Work:
    """The model with names for the smooth part f, the matrix A and the right side b.

    Attributes:
        model: the whole model over the data, with those names.
        theta: an entry of the parameter.
        equations: of the smooth part.
        convex: whether the smooth part was proved to be convex, so that zero as a subgradient makes a minimum.
        penalty: the term of the entry, h(θ_j).
        gram, right: A_jk and b_j.
    """

    model: Model
    theta: Expr
    equations: NormalEquations
    convex: bool
    penalty: Expr
    gram: Expr
    right: Expr

    @classmethod
    def of(cls, model: Model, parameter: str) -> _Work:
        """Raises: ModelError: if the model has no penalty, or its smooth part has no linear equations."""
        if not model.penalty:
            raise ModelError(f"model {model.name}: the question needs a penalty that is added once; it has none")
        whole, smooth = model.over_data(), replace(model, penalty="").over_data()
        quantity = whole.quantities[parameter]
        found = stationary(smooth, parameter)
        if not isinstance(found, NormalEquations) or len(found.columns) != 1:
            raise ModelError(f"model {model.name}: the squares have no linear equations in the vector {parameter}")
        (j,), (k,) = quantity.axes, found.columns
        f, gram, right = (
            Quantity(name=_free(letter, whole), latex=letter, axes=axes)
            for letter, axes in (("f", ()), ("A", (j, k)), ("b", (j,)))
        )
        named = (
            Definition(quantity=f, expr=smooth.defined[model.objective].expr),
            Definition(quantity=gram, expr=found.matrix),
            Definition(quantity=right, expr=found.right),
        )
        return cls(
            model=replace(whole, definitions=(*whole.definitions, *named)),
            theta=quantity.at(),
            equations=found,
            convex=curvature(smooth, smooth.objective, parameter).definiteness is Definiteness.POSITIVE,
            penalty=_term(whole.body(whole.quantities[model.penalty].at()), quantity.at()),
            gram=gram.at(),
            right=right.at(),
        )

    @property
    def f(self) -> Expr:
        """The smooth part."""
        return self.model.definitions[-3].target

    @property
    def columns(self) -> tuple[Idx, Idx]:
        """j and k."""
        j, k = (i for i in indices_of(self.gram) if isinstance(i, Idx))
        return j, k

    @property
    def delta(self) -> Expr:
        """δ_jk, which A_jk is if the features are orthonormal."""
        return KroneckerDelta(*self.columns)

    def smooth(self) -> Iterator[Line]:
        """e = f + R, and ∂f/∂θ_j = c (Σ_k A_jk θ_k − b_j)."""
        objective, penalty = (self.model.quantities[n].at() for n in (self.model.objective, self.model.penalty))
        yield self._equal(objective, self.f + penalty, "the smooth part and the penalty")
        yield self._equal(self.gram, self.equations.matrix, "the matrix")
        yield self._equal(self.right, self.equations.right, "the right side")
        yield self._equal(Partial(self.f, self.theta), self._gradient(self.gram), "the smooth part's gradient")

    def _gradient(self, matrix: Expr) -> Expr:
        """c (Σ_k A_jk θ_k − b_j)."""
        j, k = self.columns
        other = substitute(self.theta, {j: k})
        return self.equations.factor * (total(matrix * other, k) - self.right)

    def inclusion(self) -> Iterator[Line]:
        """The slopes of the penalty, and what is asked on the pieces and at the kinks."""
        slope = Partial(self.f, self.theta)
        sure = self.convex
        for kink in kinks(self.penalty, self.theta, self.facts):
            here = at(self.theta, kink.at, self.model)
            ends = Interval(kink.left, kink.right, Integer(1))
            yield _said(self.multiplier, Sign.ELEMENT, ends, f"the penalty's subgradients where {here}")
            ends = Interval(slope + kink.left, slope + kink.right, Integer(1))
            yield _said(ZERO, Sign.ELEMENT, ends, f"{here} is the minimum exactly if", sure=sure)
        for piece in pieces(self.penalty, self.theta, self.facts):
            here = between(piece.lower, self.theta, piece.upper, self.model)
            yield _said(slope + piece.slope, Sign.EQUAL, ZERO, f"a minimum with {here} exactly if", sure=sure)

    def orthonormal(self) -> Iterator[Line]:
        """The gradient with A = I, the solution case by case, each put back, and all cases in one."""
        c, b = self.equations.factor, self.right
        apart = c * (self.theta - b)
        yield self._equal(self._gradient(self.delta), apart, "the gradient where A is the identity")
        cases = shrunk(self.penalty, self.theta, b, c, self.facts)
        for case in cases:
            yield from self._case(case, c, b)
        whole = Piecewise(*((case.solution, _within(case, b)) for case in cases), evaluate=False)
        yield _said(self.theta, Sign.EQUAL, whole, "the solution")
        soft = _soft_threshold(cases, b, self.facts)
        if soft is not None:
            yield _said(self.theta, Sign.EQUAL, soft, "the soft threshold")

    def _case(self, case: Case, c: Expr, b: Expr) -> Iterator[Line]:
        where = between(case.lower, b, case.upper, self.model, closed=case.at_kink)
        yield _said(self.theta, Sign.EQUAL, case.solution, f"where {where}")
        if not case.at_kink:
            (slope,) = case.slopes
            steep = c + slope.coeff(self.theta)
            factored = steep * (self.theta - case.solution)
            yield self._equal(c * (self.theta - b) + slope, factored, "zero there and nowhere else")
            return
        for slope, end, sense in zip(case.slopes, (case.lower, case.upper), ("at most", "at least"), strict=True):
            yield self._equal(c * (case.solution - b) + slope, c * (end - b), f"{sense} zero there")

    @property
    def multiplier(self) -> Expr:
        """A name for a subgradient."""
        return scalar(_free("g", self.model))

    @property
    def facts(self) -> Facts:
        """The domains."""
        return reliable_facts(self.model)

    def _equal(self, left: Expr, right: Expr, label: str) -> Line:
        return Line.equal(left, right, prove(left, right, self.model), label)


def _said(left: Expr, sense: Sign, right: Expr, label: str, *, sure: bool = True) -> Line:
    """A line that the pieces establish."""
    relation = Relation(left=left, sign=sense, right=right)
    return Line(relation=relation, label=label, verdict="proved" if sure else "undecided")


def _free(letter: str, model: Model) -> str:
    while letter in model.quantities:
        letter += letter[0]
    return letter


def _term(expr: Expr, entry: Any) -> Expr:
    """The term of a sum over all entries that one entry stands in: λ Σ_j |θ_j| leaves λ |θ_j|.

    Raises: NoPieces: if the entries are not apart.
    """
    if isinstance(expr, Add):
        return Add(*(_term(a, entry) for a in expr.args))
    inside = [f for f in Mul.make_args(expr) if f.has(entry.base)]
    if not inside:
        return ZERO
    outside = Mul(*(f for f in Mul.make_args(expr) if f not in inside))
    if len(inside) == 1 and isinstance(inside[0], Sum) and len(inside[0].limits) == 1:
        (i, lower, upper) = bound_in(inside[0])[0]
        (axis,) = entry.indices
        body = substitute(inside[0].function, {i: axis})
        if (lower, upper) == (axis.lower, axis.upper) and {
            e for e in body.atoms(type(entry)) if e.base == entry.base
        } == {entry}:
            return outside * body
    raise NoPieces(f"{expr} is no sum of functions of the single entries of {entry.base}")


def _within(case: Case, b: Expr) -> Any:
    """The condition of a case; the ends belong to the kinks."""
    less, more = (Le, Ge) if case.at_kink else (Lt, Gt)
    low = [] if case.lower == -oo else [more(b, case.lower, evaluate=False)]
    high = [] if case.upper == oo else [less(b, case.upper, evaluate=False)]
    return And(*low, *high)


def _soft_threshold(cases: tuple[Case, ...], b: Expr, facts: Facts) -> Expr | None:
    """sign(b) max(|b| − κ, 0), if that is what the cases say."""
    flat = [case for case in cases if case.at_kink]
    if len(flat) != 1:
        return None
    soft: Expr = sign(b) * Max(Abs(b) - flat[0].upper, 0)
    found: list[Ends] = [(p.lower, p.upper, p.expr) for p in pieces(soft, b, facts)]
    return soft if _alike(found, [(case.lower, case.upper, case.solution) for case in cases]) else None


def _alike(found: list[Ends], cases: list[Ends]) -> bool:
    """Whether two lists of pieces are the same."""
    ends = [pair for a, b in zip(found, cases, strict=False) for pair in zip(a, b, strict=True)]
    return len(found) == len(cases) and all(x == y or (x - y).expand() == 0 for x, y in ends)
