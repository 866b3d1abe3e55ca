"""A model: named definitions in order, over data and parameters, with an objective."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from sympy import Expr, Idx, Indexed, Integer, Symbol, log

from .calculus.indices import placed, substitute, transform
from .calculus.positivity import Facts
from .quantities import Definition, Domain, Kind, Quantity
from .reach import Reach
from .rows.functions import RowFunction
from .vocabulary import index, indices_of, is_name, name_of, names_in, product, size, total

if TYPE_CHECKING:
    from .derivation import Derivation
    from .questions.answers import Answer, Question


JOINT = "L"  # the likelihood of all data points


class ModelError(ValueError):
    """A model that cannot be: the message names the definition and says what was expected."""


class Sense(StrEnum):
    """Whether training makes the objective larger or smaller."""

    MAXIMISE = "maximise"
    MINIMISE = "minimise"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Model:
    """An ordered set of definitions, each in terms of the names before it.

    A model is compared and hashed by identity, which is what lets derivations be remembered cheaply; two models
    are the same mathematics if their definitions are equal.

    Attributes:
        name: as on the command line: `mlp`.
        title: as a heading.
        given: data and parameters.
        definitions: in order; each uses given names and earlier ones.
        objective: the name of what is trained, for one data point (or for all, after `over_data`); "" if nothing is.
        sense: whether the objective is maximised or minimised.
        likelihood: the name of the likelihood of one point, if the objective is its logarithm.
        mean: whether the objective over the data is the mean, not the sum.
        penalty: the name of a scalar of the parameters that is added once, such as λ‖θ‖²; "" if none is.
        sample: the index of the data point, if the model is over a data set.
        questions: what to ask of the model besides its partials.

    Raises: ModelError: if a definition uses what is not known before it, leaks an index, leaves the range of one or is
        made twice, or the objective is no scalar.
    """

    name: str
    title: str
    given: tuple[Quantity, ...]
    definitions: tuple[Definition, ...]
    objective: str
    sense: Sense = Sense.MINIMISE
    likelihood: str | None = None
    mean: bool = False
    penalty: str = ""
    sample: Idx | None = None
    questions: tuple[Question, ...] = ()

    def __post_init__(self) -> None:
        from .wellformed import check_model

        check_model(self)

    @cached_property
    def quantities(self) -> Mapping[str, Quantity]:
        """All quantities by plain name, given ones first."""
        return {q.name: q for q in (*self.given, *(d.quantity for d in self.definitions))}

    @cached_property
    def defined(self) -> Mapping[str, Definition]:
        """The definitions by plain name."""
        return {d.name: d for d in self.definitions}

    @property
    def equations(self) -> Iterator[tuple[Expr, Expr]]:
        """The two sides of every definition, in order; of a recursion also its base, h_0."""
        for d in self.definitions:
            if d.over is not None and d.base is not None:
                where = placed(d.quantity.axes, {d.over: d.over.lower - 1})
                yield d.quantity.at(*where), substitute(d.base, dict(zip(d.quantity.axes, where, strict=True)))
            yield d.target, d.expr

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """The place of each defined name in the order of definition."""
        return {d.name: k for k, d in enumerate(self.definitions)}

    @cached_property
    def facts(self) -> Facts:
        """The domain of every quantity: as given, or as its definition implies."""
        return {name: self._domain(q) for name, q in self.quantities.items()}

    @property
    def parameters(self) -> tuple[Quantity, ...]:
        """The quantities that training changes."""
        return tuple(q for q in self.given if q.kind is Kind.PARAMETER)

    @cached_property
    def parents(self) -> Mapping[str, tuple[str, ...]]:
        """The names that each definition uses directly, its base included, in order of appearance."""
        return {
            d.name: tuple(dict.fromkeys(name_of(a) for e in (d.expr, d.base or Integer(0)) for a in names_in(e)))
            for d in self.definitions
        }

    @cached_property
    def consumers(self) -> Mapping[str, tuple[Definition, ...]]:
        """The definitions that use each name directly, in order."""
        found: dict[str, tuple[Definition, ...]] = {}
        for d in self.definitions:
            for name in self.parents[d.name]:
                found[name] = (*found.get(name, ()), d)
        return found

    @cached_property
    def meanings(self) -> Mapping[str, object]:
        """Of each name a thing that equals that of another model where the name means the same, all it rests on too."""
        known: dict[str, object] = {q.name: _meaning(q) for q in self.given}
        for d in self.definitions:
            rests_on = self.definitions if self.recurs(d.name) else tuple(known.get(n) for n in self.parents[d.name])
            known[d.name] = _meaning(d, *rests_on)
        return known

    @cached_property
    def ancestors(self) -> Reach:
        """All names that a defined name depends on; along a recursion these may come after it."""
        return Reach(self.parents)

    def depends(self, name: str, on: str) -> bool:
        """Whether a name is, or is computed from, another."""
        return name == on or self.ancestors.depends(name, on)

    def recurs(self, name: str) -> bool:
        """Whether a recursion comes back to a name."""
        return self.ancestors.depends(name, name)

    def body(self, atom: Expr) -> Expr:
        """The definition of a name at the indices of `atom`: h[k] -> σ(Σ_i x_i θ_{i,k}).

        Raises: ModelError: if the name has another number of indices here than in its definition.
        """
        definition = self.defined[name_of(atom)]
        if len(definition.quantity.axes) != len(indices_of(atom)):
            axes = len(definition.quantity.axes)
            raise ModelError(
                f"{name_of(atom)} has {axes} indices where it is defined, and {len(indices_of(atom))} here"
            )
        return substitute(definition.expr, dict(zip(definition.quantity.axes, indices_of(atom), strict=True)))

    def unfold(self, expr: Expr, *names: str) -> Expr:
        """Replace every occurrence of the names by their definitions, one layer deep."""
        return transform(expr, lambda a: self.body(a) if is_name(a) and name_of(a) in names else None)

    def over_data(self, sample: Idx | None = None) -> Model:
        """The same model for n data points.

        Every quantity that depends on the data point gets the sample index as its first axis. A likelihood
        becomes the product over the points and the objective its logarithm, L = Π_s P^{(s)}, LL = log L;
        any other objective is summed (or averaged) over the points.

        Raises: ModelError: if the model has no objective, or is over a data set already.
        """
        return self._over_data if sample is None else self._lifted(sample)

    @cached_property
    def _over_data(self) -> Model:
        """One and the same model for all who ask: what is derived of it is remembered with it."""
        return self._lifted(None)

    def _lifted(self, sample: Idx | None) -> Model:
        if not self.objective or self.sample is not None:
            state = "has no objective" if not self.objective else f"is over data points {self.sample} already"
            raise ModelError(f"model {self.name} {state}; expected a model of one data point with an objective")
        s = sample or self._sample_index()
        varying = {q.name for q in self.given if q.kind is Kind.DATA}
        varying |= {name for name, above in self.ancestors.items() if above & varying}
        lifted = {
            n: replace(q, axes=(s, *q.axes), sample_axis=True) for n, q in self.quantities.items() if n in varying
        }
        point = [
            replace(
                d,
                quantity=lifted.get(d.name, d.quantity),
                expr=_at_sample(d.expr, lifted, s),
                base=None if d.base is None else _at_sample(d.base, lifted, s),
            )
            for d in self.definitions
            if d.name != self.objective
        ]
        objective = self.quantities[self.objective]
        return replace(
            self,
            given=tuple(lifted.get(q.name, q) for q in self.given),
            definitions=(*point, *self._totals(objective, lifted, s)),
            sample=s,
        )

    def _sample_index(self) -> Idx:
        """An index for the data points, 1 to n, with letters that the model does not use."""
        axes = [i for q in self.quantities.values() for i in q.axes]
        taken = {str(i.label) for i in axes} | set(self.quantities)
        taken |= {str(symbol) for d in self.definitions for symbol in d.expr.atoms(Idx, Symbol)}
        taken |= {str(symbol) for i in axes for symbol in (i.lower + i.upper).free_symbols}
        letter, points = (
            next(c for c in choice if c not in taken) for choice in (("s", "m", "r", "sample"), ("n", "N", "points"))
        )
        return index(letter, 1, size(points))

    def _totals(self, objective: Quantity, lifted: Mapping[str, Quantity], s: Idx) -> tuple[Definition, ...]:
        if self.likelihood is not None:
            joint = Quantity(name=JOINT, latex="L", domain=Domain.POSITIVE)
            return (
                Definition(quantity=joint, expr=product(lifted[self.likelihood].at(s), s)),
                Definition(quantity=objective, expr=log(joint.at())),
            )
        body = _at_sample(self.defined[self.objective].expr, lifted, s)
        whole = total(body, s) / (s.upper if self.mean else 1)
        if self.penalty:
            whole += self.quantities[self.penalty].at()
        return (Definition(quantity=objective, expr=whole),)

    def partial(self, of: str | Expr | Quantity, wrt: str | Expr | Quantity) -> Derivation:
        """The derivation of ∂of/∂wrt, for names as text (`"theta_h[i,j]"`), as entries or as quantities.

        Raises: UnknownName, ModelError: for what is no entry of a quantity of the model.
        """
        from .backprop import partial
        from .notation.plain import atom
        from .wellformed import check_entry

        entries = (check_entry(self, atom(self, e) if isinstance(e, str) else e) for e in (of, wrt))
        return partial(self, *entries)

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """The answers to the questions of the model, in order."""
        return tuple(question.answer(self) for question in self.questions)

    def __repr__(self) -> str:
        return f"<Model {self.name}: {', '.join(self.defined)}>"

    def __str__(self) -> str:
        from .views import model_text

        return model_text(self)

    def latex(self) -> str:
        """The definitions in LaTeX, aligned."""
        from .views import model_latex

        return model_latex(self)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        from .views import model_html

        return model_html(self)

    def _domain(self, quantity: Quantity) -> Domain:
        if quantity.domain is not Domain.REAL or quantity.name not in self.defined:
            return quantity.domain
        if self.defined[quantity.name].recursive:  # its base may lie anywhere
            return Domain.REAL
        expr = self.defined[quantity.name].expr
        if isinstance(expr, RowFunction):
            return expr.row.range
        if isinstance(expr, Indexed) or expr.is_Symbol:
            return self._domain(self.quantities[name_of(expr)]) if name_of(expr) in self.quantities else Domain.REAL
        return Domain.REAL


def _at_sample(expr: Expr, lifted: Mapping[str, Quantity], s: Idx) -> Expr:
    def at_sample(a: Expr) -> Expr | None:
        return lifted[name_of(a)].at(s, *indices_of(a)) if is_name(a) and name_of(a) in lifted else None

    return transform(expr, at_sample)


@lru_cache(maxsize=100_000)
def _meaning(of: Quantity | Definition, *rests_on: object) -> object:
    """One object for all that is defined alike in terms of what means the same."""
    return object()
