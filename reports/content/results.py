"""What there is to derive of a model: its likelihood, the local partials, the objective by every parameter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, Idx, Mul

from derive.backprop import closed_form, partial, working
from derive.calculus.indices import fresh
from derive.calculus.matrixform import MatrixForm
from derive.calculus.tidy import oriented
from derive.derivation import Chain, Derivation
from derive.model import Model
from derive.quantities import Kind, Quantity
from derive.vocabulary import Partial, index

MORE_LETTERS = "ijklpqruvw"  # for an index beside those of the definitions


@dataclass(frozen=True, kw_only=True)
class Result:
    """One derived partial.

    Attributes:
        of, wrt: as one writes them in plain text: `LL`, `theta_h[i,j]`.
        derivation: its steps and its result in index notation.
    """

    of: str
    wrt: str
    derivation: Derivation

    @cached_property
    def matrix(self) -> MatrixForm | None:
        """The same in matrix notation, if it has such a form."""
        return self.derivation.matrix()

    @property
    def verdict(self) -> str:
        """`proved` if the derivation and, where there is one, the matrix form are."""
        verdicts = {self.derivation.verdict, *([self.matrix.verdict] if self.matrix else [])}
        return "proved" if verdicts == {"proved"} else "undecided"


@dataclass(frozen=True, kw_only=True)
class Results:
    """All that is derived of a model.

    Attributes:
        model: for one data point.
        data: the same for n data points.
        likelihood: the objective over the data in the names of the model.
        local: the partials between neighbouring names, from the objective backwards.
        point: the objective of one point by every parameter.
        whole: the objective over the data by every parameter.
    """

    model: Model
    data: Model
    likelihood: Derivation | None = None
    local: tuple[Result, ...] = ()
    point: tuple[Result, ...] = ()
    whole: tuple[Result, ...] = ()

    @property
    def partials(self) -> tuple[Result, ...]:
        """Every partial, in the order of reading."""
        return (*self.local, *self.point, *self.whole)


def all_results(model: Model) -> Results:
    """The likelihood of n points and its logarithm, the local partials, the objective by every parameter."""
    data = model.over_data()
    neighbours = tuple(_neighbours(model))
    return Results(
        model=model,
        data=data,
        likelihood=closed_form(data, data.objective),
        local=tuple(derived(model, of, wrt) for of, wrt in neighbours),
        point=tuple(_by_parameters(model)),
        whole=tuple(_by_parameters(data)),
    )


def one_result(model: Model, of: Expr, wrt: tuple[Expr, ...]) -> Results:
    """A quantity by the ones given; the objective also over the data."""
    data = model.over_data()
    own = tuple(derived(model, of, w) for w in wrt)
    trained = {q.name for q in model.parameters}
    objective = plain(of) == model.objective
    whole = tuple(derived(data, of, w) for w in wrt if objective and plain(w).partition("[")[0] in trained)
    return Results(model=model, data=data, point=own, whole=whole)


def derived(model: Model, of: Expr, wrt: Expr) -> Result:
    """The partial of one quantity by another."""
    return Result(of=plain(of), wrt=plain(wrt), derivation=_named_early(partial(model, of, wrt)))


def _named_early(derivation: Derivation) -> Derivation:
    """A local partial with σ(z) written as ŷ from where it first appears, each step proved anew.

    A derivation unfolds a name, differentiates, and names the result at its end; on paper the name comes back as
    soon as the outer function has been differentiated.
    """
    first = derivation.chain[0] if derivation.chain else None
    if first is None or not isinstance(first.after, Partial) or derivation.verdict != "proved":
        return derivation
    body, of = first.after.args[0], derivation.target.args[0]
    chain = Chain(derivation.model, derivation.target).then(first.rule, first.after)
    for step in derivation.chain[1:]:
        chain.then(step.rule, _oriented(step.after.xreplace({body: of}), of), step.steps)
    return chain.done()


def _oriented(expr: Expr, name: Expr) -> Expr:
    """ŷ(1 − ŷ) for −ŷ(ŷ − 1)."""
    return oriented(expr) if isinstance(expr, Mul) and expr.has(name) else expr


def plain(entry: Expr) -> str:
    """A quantity in plain text, as it may be written on the command line: `theta_h[i,j]`."""
    return str(entry).replace(", ", ",")


def _by_parameters(model: Model) -> Iterator[Result]:
    objective = model.quantities[model.objective].at()
    for parameter in reversed(model.parameters):
        if model.depends(model.objective, parameter.name):
            yield derived(model, objective, parameter.at())


def _neighbours(model: Model) -> Iterator[tuple[Expr, Expr]]:
    """Each name and what its definition uses, data left out, from the objective backwards."""
    short = working(model)
    reached = {model.objective}
    for definition in reversed(short.definitions):
        if definition.name not in reached:
            continue
        used = [short.quantities[n] for n in short.parents[definition.name]]
        inner = [q for q in used if q.kind is not Kind.DATA]
        reached |= {q.name for q in inner}
        for quantity in sorted(inner, key=lambda q: q.kind is Kind.DEFINED):
            yield apart(model, definition.quantity, quantity), quantity.at()


def apart(model: Model, of: Quantity, wrt: Quantity) -> Expr:
    """The entry of `of` with indices that differ from those of `wrt`: ∂h_k/∂θ_{i,j}."""
    taken = {str(i.label) for q in model.quantities.values() for i in q.axes}
    slots: list[Idx] = []
    for axis in of.axes:
        letter = next((c for c in MORE_LETTERS if c not in taken), None) if axis in wrt.axes else str(axis.label)
        new = fresh(axis, {*wrt.axes, *slots}) if letter is None else index(letter, axis.lower, axis.upper)
        slots.append(new)
        taken.add(str(new.label))
    return of.at(*slots)
