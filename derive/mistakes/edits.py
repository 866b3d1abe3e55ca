"""What can be done wrong in one step of back-propagation, as edits of the step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from sympy import Add, Basic, Expr, Integer, KroneckerDelta, Mul, Rational, Sum, floor

from ..calculus.differentiate import differentiate
from ..calculus.indices import bound_in, free_indices, fresh, substitute, summed
from ..calculus.tidy import collapse_deltas
from ..model import Model
from ..notation.plaintext import text
from ..quantities import Kind
from ..vocabulary import Inside, Partial, indices_of, length, names_in
from .places import Change, edited, opened
from .step import Edit, Step, Wrong

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
        yield Wrong(expr=instead * step.expr / count, what=text(count))


def over_what_is_summed(step: Step) -> Iterator[Wrong]:
    """The mean over all that is summed, as `mean(axis=(0, 2, 3))` gives it."""
    for k, way in enumerate(step.ways if step.is_parameter else ()):
        _, rest = way.as_coeff_Mul()
        indices = [i for i, _, _ in bound_in(rest)] if isinstance(rest, Sum) else []
        if len(indices) > 1:
            count = Mul(*map(length, indices))
            yield Wrong(expr=step.with_way(k, way / count), what=", ".join(str(i.label) for i in indices))


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


def one_way_alone(step: Step) -> Iterator[Wrong]:
    """One of several ways kept beside what comes from the objective itself: `dh = ...` in a loop for `dh += ...`."""
    own = [k for k, passage in enumerate(step.passages) if passage.consumer.name == step.model.objective]
    others = [k for k in range(len(step.ways)) if k not in own]
    for kept in others if len(others) > 2 else ():
        expr = Add(*(step.ways[k] for k in (*own, kept)))
        yield Wrong(expr=expr, what=step.passages[kept].consumer.name)


def truncated(step: Step) -> Iterator[Wrong]:
    """∂L/∂h_t from t + 1 → 0 where t ends a chunk of k steps, or at all but the last k: truncated back-propagation."""
    for over in step.quantity.axes:
        later = [any(over + 1 in indices_of(a.wrt) for a in way.atoms(Partial)) for way in step.ways]
        for k in (2, 3) if any(later) else ():
            borders = 1 - KroneckerDelta(over, k * floor(over / k))
            for kept, what in (
                (borders, f"over the borders between chunks of {k} steps"),
                (Inside(over, over.upper - k + 1, over.upper), f"beyond the last {k} steps"),
            ):
                ways = (kept * way if is_later else way for way, is_later in zip(step.ways, later, strict=True))
                yield Wrong(expr=Add(*ways), what=what)


def without_adjoints(step: Step) -> Iterator[Wrong]:
    """∂L/∂c ∂c/∂v → ∂c/∂v, what comes from behind forgotten."""
    for k, way in enumerate(step.ways):
        for adjoint in sorted(way.atoms(Partial), key=str):
            yield Wrong(expr=step.with_way(k, way.xreplace({adjoint: Integer(1)})), what=text(adjoint))


def nothing(step: Step) -> Iterator[Wrong]:
    """Zeros."""
    yield Wrong(expr=Integer(0))


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
                yield Wrong(expr=step.with_way(k, expr), what=text(delta))


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
    """The result with two of its axes exchanged."""
    axes = step.quantity.axes if step.is_parameter else ()
    for a, b in combinations(range(len(axes)), 2):
        order = list(axes)
        order[a], order[b] = order[b], order[a]
        yield Wrong(expr=step.expr, axes=tuple(order))


def mirrored(step: Step) -> Iterator[Wrong]:
    """The result back to front along one of its axes, or the last two, as kernels are turned round for convolutions."""
    axes = step.quantity.axes if step.is_parameter and len(step.quantity.axes) > 1 else ()
    for which in (*((i,) for i in axes), axes[-2:]):
        turned_round: dict[Basic, Basic] = {i: i.lower + i.upper - i for i in which}
        yield Wrong(expr=substitute(step.expr, turned_round), what=", ".join(str(i.label) for i in which))


def broadcast(step: Step) -> Iterator[Wrong]:
    """ŷ_s − y_s → Σ_t (ŷ_s − y_t) or Σ_t (ŷ_t − y_s), or their means: a column less a row of shape (n,)."""
    model, s = step.model, step.model.sample
    if s is None or step.quantity.axes != (s,):
        return
    t = fresh(s, {s})
    for q in model.given:
        if q.kind is not Kind.DATA or q.axes != (s,) or q.at() not in set(names_in(step.expr)):
            continue
        own = step.expr.xreplace({q.at(): q.at(t)})
        others = substitute(step.expr, {s: t}).xreplace({q.at(t): q.at()})
        for each, what in (
            (own, f"{text(q.at(t))} for {text(q.at())}"),
            (others, f"{t.label} for {s.label} but in {q.name}"),
        ):
            for count, how in ((Integer(1), "added up"), (length(s), "averaged")):
                yield Wrong(expr=Sum(each, (t, t.lower, t.upper)) / count, what=f"{what}, {how}")


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
