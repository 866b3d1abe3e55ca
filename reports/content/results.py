"""What there is to derive of a model: its likelihood, the local partials, the gradient, and what its row asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import combinations_with_replacement

from sympy import Basic, Expr, Idx, Mul

from derive.analysis.secondorder import second_partial
from derive.analysis.symmetric import by_symmetry
from derive.backprop import closed_form, partial, working
from derive.calculus.indices import fresh
from derive.calculus.matrixform import MatrixForm
from derive.calculus.tidy import oriented
from derive.derivation import Chain, Derivation, Step
from derive.layouts import laid_out
from derive.matrices.conventions import Convention, ConventionError
from derive.model import Model
from derive.quantities import Kind, Quantity
from derive.questions.answers import Answer
from derive.vocabulary import Partial, index, indices_of, name_of

MORE_LETTERS = "ijklpqruvw"  # for an index beside those of the definitions


@dataclass(frozen=True, kw_only=True)
class Result:
    """One derived partial.

    Attributes:
        of, wrt: as one writes them in plain text: `LL`, `theta_h[i,j]`.
        derivation: its steps and its result in index notation.
        convention: which way round a matrix of derivatives is written; None gives one the shape of `wrt`.
    """

    of: str
    wrt: str
    derivation: Derivation
    convention: Convention | None = None

    @cached_property
    def matrix(self) -> MatrixForm | None:
        """The same in matrix notation, if it has such a form."""
        if self.convention is None:
            return self.derivation.matrix()
        try:
            return laid_out(self.derivation, self.convention)
        except ConventionError:
            return None

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
        data: the same for n data points, or None where it has no data points to sum over.
        likelihood: the objective over the data in the names of the model.
        local: the partials between neighbouring names, from the objective backwards.
        point: the objective of one point by every parameter.
        whole: the objective over the data by every parameter.
        answers: to the questions of the model.
        convention: which way round matrices of derivatives are written, if it was said.
    """

    model: Model
    data: Model | None = None
    likelihood: Derivation | None = None
    local: tuple[Result, ...] = ()
    point: tuple[Result, ...] = ()
    whole: tuple[Result, ...] = ()
    answers: tuple[Answer, ...] = ()
    convention: Convention | None = None

    @property
    def partials(self) -> tuple[Result, ...]:
        """Every partial, in the order of reading."""
        return (*self.local, *self.point, *self.whole)

    @property
    def title(self) -> str:
        """What the derivatives of `point` are together."""
        if any(isinstance(r.derivation.target.args[0], Partial) for r in self.point):
            return "The second derivatives"
        return "The gradient" if all(r.of == self.model.objective for r in self.point) else "The derivatives"


def all_results(model: Model) -> Results:
    """The likelihood of n points and its logarithm, the local partials, the gradient, and the answers of the model.

    Partials between neighbours that are the whole gradient are not given twice.
    """
    data = over_points(model) if model.parameters else None
    point = tuple(_gradient(model))
    asked = {(r.of, r.wrt) for r in point}
    local = tuple(derived(model, of, wrt) for of, wrt in _neighbours(model))
    return Results(
        model=model,
        data=data,
        likelihood=None if data is None else closed_form(data, data.objective),
        local=local if any((r.of, r.wrt) not in asked for r in local) else (),
        point=point,
        whole=() if data is None else tuple(_gradient(data)),
        answers=model.answers,
    )


def in_layout(results: Results, convention: Convention) -> Results:
    """The same with every matrix of first derivatives written in the layout."""

    def turned(group: tuple[Result, ...]) -> tuple[Result, ...]:
        return tuple(replace(r, convention=convention) for r in group)

    local, point, whole = map(turned, (results.local, results.point, results.whole))
    return replace(results, local=local, point=point, whole=whole, convention=convention)


def over_points(model: Model) -> Model | None:
    """The model for n data points; None where there is no objective, where nothing is data, or it is over n already."""
    data = any(q.kind is Kind.DATA for q in model.given)
    return model.over_data() if model.objective and data and model.sample is None else None


def some_results(model: Model, pairs: tuple[tuple[Expr, Expr], ...]) -> Results:
    """One quantity by another, for each pair, and what it is given by; the objective by what is trained also for n."""
    trained = {q.name for q in model.parameters}
    summed = [(of, w) for of, w in pairs if plain(of) == model.objective and name_of(w) in trained]
    data = over_points(model) if summed else None
    point = tuple(_with_needed(model, pairs))
    whole = () if data is None else tuple(derived(data, of, w) for of, w in summed)
    return Results(model=model, data=data, point=point, whole=whole)


def _with_needed(model: Model, pairs: tuple[tuple[Expr, Expr], ...]) -> Iterator[Result]:
    """Each partial, and then, along a recursion, those in terms of which it is given: ∂E/∂w^(l) by ∂E/∂z^(l)."""
    queue = list(pairs)
    seen = {(name_of(of), name_of(w)) for of, w in queue}
    for of, wrt in queue:  # which grows
        result = derived(model, of, wrt)
        yield result
        for inner in sorted(result.derivation.result.atoms(Partial), key=str):
            names = name_of(inner.of), name_of(inner.wrt)
            if names not in seen and names[0] in model.defined:
                seen.add(names)
                queue.append((inner.of, model.quantities[names[1]].at()))


def second_results(model: Model, of: Expr, wrt: tuple[Expr, ...]) -> Results:
    """The second derivatives of a quantity by each pair of the ones given; the objective also over the data."""
    data = over_points(model) if plain(of) == model.objective else None
    whole = () if data is None else tuple(_seconds(data, of, wrt))
    return Results(model=model, data=data, point=tuple(_seconds(model, of, wrt)), whole=whole)


def _seconds(model: Model, of: Expr, wrt: tuple[Expr, ...]) -> Iterator[Result]:
    for first, second in combinations_with_replacement(wrt, 2):
        other = apart(model, model.quantities[name_of(second)], indices_of(first), indices_of(second))
        derivation = second_partial(model, of, first, other)
        yield Result(of=plain(of), wrt=f"{plain(first)}, {plain(other)}", derivation=derivation)


def derived(model: Model, of: Expr, wrt: Expr) -> Result:
    """The partial of one quantity by another."""
    return Result(of=plain(of), wrt=plain(wrt), derivation=by_symmetry(_as_on_paper(model, of, wrt)))


@lru_cache(maxsize=1024)
def _as_on_paper(model: Model, of: Expr, wrt: Expr) -> Derivation:
    """The derivation of a partial with σ(z) written as ŷ from where it first appears, here and in what it relies on."""
    derivation = partial(model, of, wrt)
    first = derivation.chain[0] if derivation.chain else None
    if derivation.verdict == "proved" and first is not None and isinstance(first.after, Partial):
        return _named_early(derivation, first)
    return replace(derivation, chain=tuple(_relying(step, model) for step in derivation.chain))


def _named_early(derivation: Derivation, first: Step) -> Derivation:
    """A local partial, each step proved anew.

    A derivation unfolds a name, differentiates, and names the result at its end; on paper the name comes back as
    soon as the outer function has been differentiated.
    """
    body, of = first.after.args[0], derivation.target.args[0]
    chain = Chain(derivation.model, derivation.target).then(first.rule, first.after)
    for step in derivation.chain[1:]:
        chain.then(step.rule, _oriented(step.after.xreplace({body: of}), of))
    return chain.done()


def _relying(step: Step, model: Model) -> Step:
    """The step with the derivations that it relies on written in the same way."""
    needed = [s.before for s in step.steps if s.before in step.before.atoms(Partial)]
    return replace(step, steps=tuple(s for p in needed for s in _as_on_paper(model, *p.args).chain))


def _oriented(expr: Expr, name: Basic) -> Expr:
    """ŷ(1 − ŷ) for −ŷ(ŷ − 1)."""
    return oriented(expr) if isinstance(expr, Mul) and expr.has(name) else expr


def plain(entry: Expr) -> str:
    """A quantity in plain text, as it may be written on the command line: `theta_h[i,j]`."""
    return str(entry).replace(", ", ",")


def variables(model: Model, of: str) -> tuple[Quantity, ...]:
    """What a quantity is differentiated by if nothing is said: the parameters it depends on, else the data."""
    reached = [q for q in model.given if model.depends(of, q.name)]
    parameters = tuple(q for q in reached if q.kind is Kind.PARAMETER)
    return parameters or tuple(reached)


def _gradient(model: Model) -> Iterator[Result]:
    if model.objective:
        objective = model.quantities[model.objective].at()
        for quantity in reversed(variables(model, model.objective)):
            yield derived(model, objective, quantity.at())


def _neighbours(model: Model) -> Iterator[tuple[Expr, Expr]]:
    """Each name and what its definition uses, from the objective backwards; data only where nothing is trained.

    A name that is computed from itself, such as h_t from h_{t−1}, has no partials that hold one step alone; what is
    passed back through it is the objective's own partial.
    """
    short = working(model)
    reached = {model.objective} if model.objective else {d.name for d in short.definitions}
    for definition in reversed(short.definitions):
        if definition.name not in reached:
            continue
        used = [short.quantities[n] for n in short.parents[definition.name]]
        inner = [q for q in used if q.kind is not Kind.DATA or not model.parameters]
        reached |= {q.name for q in inner}
        if short.recurs(definition.name):
            if model.objective and definition.name not in short.parents[model.objective]:
                yield short.quantities[model.objective].at(), definition.target
            continue
        for quantity in sorted(inner, key=lambda q: q.kind is Kind.DEFINED):
            yield apart(model, definition.quantity, quantity.axes, definition.quantity.axes), quantity.at()


def apart(model: Model, quantity: Quantity, taken: tuple[Expr, ...], at: tuple[Expr, ...]) -> Expr:
    """The entry of a quantity at given indices, those that are taken replaced by other letters: ∂h_k/∂θ_{i,j}."""
    used = {str(i.label) for q in model.quantities.values() for i in q.axes} | {str(i) for i in (*taken, *at)}
    slots: list[Expr] = []
    for i in at:
        if i in taken and isinstance(i, Idx):
            letter = next((c for c in MORE_LETTERS if c not in used), None)
            i = fresh(i, {*_indices(taken), *_indices(slots)}) if letter is None else index(letter, i.lower, i.upper)
            used.add(str(i.label))
        slots.append(i)
    return quantity.at(*slots)


def _indices(expressions: Iterable[Expr]) -> set[Idx]:
    return {e for e in expressions if isinstance(e, Idx)}
