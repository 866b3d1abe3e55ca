"""What can be done wrong with the derivative f′(z) of a function in one step of back-propagation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sympy import Expr, Indexed, Integer, KroneckerDelta, Symbol

from ..adjoint import Passage
from ..calculus.differentiate import differentiate, row_derivative
from ..calculus.indices import free_indices, summed, transform
from ..notation.plaintext import text
from ..rows.functions import RowFunction, relu, sigmoid, tanh
from ..vocabulary import Partial, Positive, indices_of, name_of, names_in, tensor
from .step import Step, Wrong

HELD = Symbol("u'", real=True)  # stands for f(z) while the rest is differentiated
USUAL = (sigmoid, tanh, relu)


def left_out(step: Step) -> Iterator[Wrong]:
    """σ′(z) → 1."""
    return _slopes(step, lambda f, slope: Integer(1))


def left_out_at_the_end(step: Step) -> Iterator[Wrong]:
    """δ_L = ∂L/∂a_L σ′(z_L) → ∂L/∂a_L at the last step of a recursion alone, such as the output layer."""
    along = {str(d.over.label) for d in step.model.definitions if d.over is not None}
    for over in (i for i in step.quantity.axes if str(i.label) in along):
        last = KroneckerDelta(over, over.upper)
        for found in left_out(step):
            expr = last * found.expr + (1 - last) * step.expr
            yield Wrong(expr=expr, what=f"{found.what} at {over.label} = {text(over.upper)}")


def twice(step: Step) -> Iterator[Wrong]:
    """σ′(z) → σ′(z)²: once too often, as when the σ′ that cancels against the loss is kept."""
    return _slopes(step, lambda f, slope: slope**2)


def of_the_value(step: Step) -> Iterator[Wrong]:
    """σ′(z) → σ′(σ(z))."""
    return _slopes(step, lambda f, slope: row_derivative(f.row, f))


def by_the_argument(step: Step) -> Iterator[Wrong]:
    """h (1 − h) → z (1 − z)."""
    return _slopes(step, lambda f, slope: transform(slope, lambda e: f.arguments[0] if e == f else None))


def function_itself(step: Step) -> Iterator[Wrong]:
    """σ′(z) → σ(z)."""
    return _slopes(step, lambda f, slope: f)


def of_another(step: Step) -> Iterator[Wrong]:
    """σ′(z) → g′(z) for another function g, also written with the value: 1 − h² for h (1 − h)."""
    for g in USUAL:
        for form in (_at_argument, _with_value):
            yield from _slopes(step, partial(form, g), but=g, says=g.row.name)


def _at_argument(g: type[RowFunction], f: RowFunction, slope: Expr) -> Expr:
    return row_derivative(g.row, f.arguments[0])


def _with_value(g: type[RowFunction], f: RowFunction, slope: Expr) -> Expr:
    """g′(z) where it is written with g(z), with f(z) in its place."""
    z = f.arguments[0]
    return transform(row_derivative(g.row, z), lambda e: f if e == g(z) else None)


def bracket_of_the_adjoint(step: Step) -> Iterator[Wrong]:
    """[z > 0] ∂L/∂h → [∂L/∂h > 0] ∂L/∂h: what comes from behind is cut off where it is negative itself."""
    for k, passage in enumerate(step.passages):
        for f in passage.body.atoms(RowFunction):
            if f == passage.body and (brackets := row_derivative(f.row, f.arguments[0]).atoms(Positive)):
                instead = dict.fromkeys(brackets, Positive(passage.adjoint))
                expr = summed(passage.adjoint * passage.local.xreplace(instead), passage.slots)
                yield Wrong(expr=step.with_way(k, expr), what=f"{passage.consumer.name} = {_shown(f)}")


def kept_at_the_output(step: Step) -> Iterator[Wrong]:
    """p − y → (p − y) p (1 − p) for p = softmax(z): a slope that the loss has cancelled."""
    axes = step.quantity.axes
    ranges = [(i.lower, i.upper) for i in axes]
    for d in step.model.definitions if axes else ():
        alike = ranges == [(i.lower, i.upper) for i in d.quantity.axes]
        if alike and step.quantity.name in step.model.parents[d.name]:
            value = d.quantity.at(*axes)
            yield Wrong(expr=step.expr * value * (1 - value), what=d.quantity.name)


def adjoint_of_the_value(step: Step) -> Iterator[Wrong]:
    """∂L/∂z → ∂L/∂h for h = f(z), in one of the ways: f′ forgotten there alone."""
    values = {
        name_of(d.expr.args[0]): d.quantity.name
        for d in step.model.definitions
        if isinstance(d.expr, RowFunction) and isinstance(d.expr.args[0], Indexed)
    }
    for k, way in enumerate(step.ways):
        for adjoint in sorted(way.atoms(Partial), key=str):
            value = values.get(name_of(adjoint.wrt))
            if value is not None and len(step.ways) + len(values) > 1:
                instead = Partial(adjoint.of, tensor(value)[indices_of(adjoint.wrt)])
                yield Wrong(expr=step.with_way(k, way.xreplace({adjoint: instead})), what=f"{value}")


def _slopes(
    step: Step,
    instead: Callable[[RowFunction, Expr], Expr],
    but: type[RowFunction] | None = None,
    says: str = "",
) -> Iterator[Wrong]:
    for k, passage in enumerate(step.passages):
        for f in sorted(passage.body.atoms(RowFunction), key=str):
            if name_of(step.quantity.at()) not in {name_of(a) for a in names_in(f)} or _is_bound(f, passage.body):
                continue
            if but is not None and isinstance(f, but):
                continue
            slope = instead(f, row_derivative(f.row, f.arguments[0]))
            expr = summed(passage.adjoint * _local(step, passage, f, slope), passage.slots)
            what = f"{passage.consumer.name} = {_shown(f)}" if f == passage.body else _shown(f)
            yield Wrong(expr=step.with_way(k, expr), what=f"{says} stands where that of {what}" if says else what)


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
