"""What can be done wrong in one step of back-propagation, as edits of the step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import Expr, Idx, Integer, KroneckerDelta, Rational, Sum, Symbol

from ..adjoint import Passage
from ..calculus.differentiate import differentiate, row_derivative
from ..calculus.indices import free_indices, summed, transform
from ..calculus.tidy import collapse_deltas
from ..model import Model
from ..rows.functions import RowFunction
from ..vocabulary import Partial, length, name_of, names_in
from .places import Change, edited, opened
from .step import Step

HELD = Symbol("u'", real=True)  # stands for f(z) while the rest is differentiated


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A step gone wrong: its expression, what was edited, and its axes if they are not those of the quantity."""

    expr: Expr
    what: str = ""
    axes: tuple[Idx, ...] | None = None


Edit = Callable[[Step], Iterator[Wrong]]


# -- signs and scales ------------------------------------------------------------------------------


def negated(step: Step) -> Iterator[Wrong]:
    """−∂L/∂v, or a minus in front of one of its parts."""
    yield from _scaled(step, Integer(-1))


def doubled(step: Step) -> Iterator[Wrong]:
    """Twice, or one part twice."""
    yield from _scaled(step, Integer(2))


def halved(step: Step) -> Iterator[Wrong]:
    """The 2 of a square lost."""
    yield from _scaled(step, Rational(1, 2))


def times_points(step: Step) -> Iterator[Wrong]:
    """A sum where there is a mean."""
    if step.model.sample is not None:
        yield from _scaled(step, length(step.model.sample))


def over_points(step: Step) -> Iterator[Wrong]:
    """A mean where there is a sum."""
    if step.model.sample is not None:
        yield from _scaled(step, 1 / length(step.model.sample))


def over_lengths(step: Step) -> Iterator[Wrong]:
    """Averaged over an axis that is none of the data points: `mean()` or `mean(axis=1)`."""
    model = step.model
    found = {length(i) for q in model.quantities.values() for i in q.axes if i != model.sample}
    for count in sorted(found, key=str):
        instead = length(model.sample) if model.mean and model.sample is not None else Integer(1)
        yield Wrong(expr=instead * step.expr / count, what=str(count))


def _scaled(step: Step, factor: Expr) -> Iterator[Wrong]:
    yield Wrong(expr=factor * step.expr)
    if len(step.ways) > 1:
        for k, way in enumerate(step.ways):
            through = f", in the part through {step.passages[k].consumer.name}"
            yield Wrong(expr=step.with_way(k, factor * way), what=through)


# -- the chain rule --------------------------------------------------------------------------------


def without_a_way(step: Step) -> Iterator[Wrong]:
    """One of the ways to the objective forgotten, or held constant."""
    if len(step.ways) > 1:
        for k, passage in enumerate(step.passages):
            yield Wrong(expr=step.with_way(k, Integer(0)), what=passage.consumer.name)


def nothing(step: Step) -> Iterator[Wrong]:
    """Zeros."""
    yield Wrong(expr=Integer(0))


def slope_left_out(step: Step) -> Iterator[Wrong]:
    """σ′(z) → 1."""
    return _slopes(step, lambda f, slope: Integer(1))


def slope_twice(step: Step) -> Iterator[Wrong]:
    """σ′(z) → σ′(z)²: once too often, as when the σ′ that cancels against the loss is kept."""
    return _slopes(step, lambda f, slope: slope**2)


def slope_of_the_value(step: Step) -> Iterator[Wrong]:
    """σ′(z) → σ′(σ(z))."""
    return _slopes(step, lambda f, slope: row_derivative(f.row, f))


def slope_by_the_argument(step: Step) -> Iterator[Wrong]:
    """h (1 − h) → z (1 − z)."""
    return _slopes(step, lambda f, slope: transform(slope, lambda e: f.arguments[0] if e == f else None))


def function_for_slope(step: Step) -> Iterator[Wrong]:
    """σ′(z) → σ(z)."""
    return _slopes(step, lambda f, slope: f)


def _slopes(step: Step, instead: Callable[[RowFunction, Expr], Expr]) -> Iterator[Wrong]:
    for k, passage in enumerate(step.passages):
        for f in sorted(passage.body.atoms(RowFunction), key=str):
            if name_of(step.quantity.at()) not in {name_of(a) for a in names_in(f)} or _is_bound(f, passage.body):
                continue
            slope = instead(f, row_derivative(f.row, f.arguments[0]))
            expr = summed(passage.adjoint * _local(step, passage, f, slope), passage.slots)
            what = f"{passage.consumer.name} = {_shown(f)}" if f == passage.body else _shown(f)
            yield Wrong(expr=step.with_way(k, expr), what=what)


def _local(step: Step, passage: Passage, f: RowFunction, slope: Expr) -> Expr:
    """∂c/∂v with a slope of one's own at f(z): what holds f fixed, and what goes through it."""
    wrt = step.quantity.at()
    held = passage.body.xreplace({f: HELD})
    outer, rest = differentiate(held, HELD), differentiate(held, wrt)
    found = rest + outer * slope * differentiate(f.arguments[0], wrt)
    return found.xreplace({HELD: f})


def _shown(f: RowFunction) -> str:
    return f"{f.row.name}({', '.join(dict.fromkeys(name_of(a) for a in names_in(f)))})"


def _is_bound(f: Expr, body: Expr) -> bool:
    return not free_indices(f) <= free_indices(body)


def diagonal_alone(step: Step) -> Iterator[Wrong]:
    """Σ_k ∂L/∂p_k ∂p_k/∂z_l → ∂L/∂p_l ∂p_l/∂z_l, as if each p depended on its own z alone."""
    for k, passage in enumerate(step.passages):
        for slot in passage.slots:
            for axis in step.quantity.axes:
                if (slot.lower, slot.upper) == (axis.lower, axis.upper) and axis != step.model.sample:
                    expr = summed(passage.adjoint * passage.local * KroneckerDelta(slot, axis), passage.slots)
                    yield Wrong(expr=step.with_way(k, expr), what=passage.consumer.name)


def off_diagonal_alone(step: Step) -> Iterator[Wrong]:
    """A Kronecker delta taken for zero: p_k (δ_kl − p_l) → −p_k p_l."""
    for k, passage in enumerate(step.passages):
        for delta in sorted(passage.local.atoms(KroneckerDelta), key=str):
            local = passage.local.xreplace({delta: Integer(0)})
            if any(names_in(local)):
                expr = summed(passage.adjoint * local, passage.slots)
                yield Wrong(expr=step.with_way(k, expr), what=str(delta))


# -- one place -------------------------------------------------------------------------------------


def at_one_place(change: Change) -> Edit:
    """The edit that makes a change at one place of one way."""

    def edit(step: Step) -> Iterator[Wrong]:
        scope = frozenset(step.quantity.axes)
        for k, way in enumerate(step.ways):
            for found in edited(way, change, scope):
                yield Wrong(expr=step.with_way(k, found.expr), what=found.what)

    return edit


def at_one_place_of(change: Callable[[Model], Change]) -> Edit:
    """The same for a change that depends on the model."""

    def edit(step: Step) -> Iterator[Wrong]:
        yield from at_one_place(change(step.model))(step)

    return edit


# -- shapes ----------------------------------------------------------------------------------------


def not_summed(step: Step) -> Iterator[Wrong]:
    """Σ_s left out, so that the result has an axis too many."""
    for k, way in enumerate(step.ways if step.is_parameter else ()):
        for i, body in opened(way):
            if i not in step.quantity.axes:
                yield Wrong(expr=step.with_way(k, body), what=str(i.label), axes=(i, *step.quantity.axes))


def summed_too_far(step: Step) -> Iterator[Wrong]:
    """Σ over an axis of the result too, or over all of them."""
    axes = step.quantity.axes if step.is_parameter else ()
    for over in dict.fromkeys((*((i,) for i in axes), axes)):
        if over:
            left = tuple(i for i in axes if i not in over)
            expr = Sum(step.expr, *[(i, i.lower, i.upper) for i in over])
            yield Wrong(expr=expr, what=", ".join(str(i.label) for i in over), axes=left)


def turned(step: Step) -> Iterator[Wrong]:
    """The transpose of the result."""
    if step.is_parameter and len(step.quantity.axes) == 2:
        yield Wrong(expr=step.expr, axes=step.quantity.axes[::-1])


# -- penalties -------------------------------------------------------------------------------------


def penalised_too(step: Step) -> Iterator[Wrong]:
    """The penalty's gradient at a parameter that is not in the penalty, such as a bias."""
    model = step.model
    if not step.is_parameter or model.penalty not in model.defined or model.depends(model.penalty, step.quantity.name):
        return
    penalty = model.defined[model.penalty].expr
    for q in model.parameters:
        slope = collapse_deltas(differentiate(penalty, q.at()))
        if not slope.has(Sum, Partial) and q.at() in set(names_in(slope)):
            here = slope.xreplace({q.at(): step.quantity.at()})
            if free_indices(here) <= set(step.quantity.axes):
                yield Wrong(expr=step.expr + here, what=f"{model.penalty} is of {q.name}")
