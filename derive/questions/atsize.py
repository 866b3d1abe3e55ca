"""What a model becomes at one number for a size: the softmax of two classes is logistic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import permutations, product

from sympy import Expr

from ..analysis.recognise import as_function
from ..calculus.indices import transform
from ..calculus.normalform import TooLarge, is_zero
from ..calculus.positivity import Facts
from ..calculus.tidy import expand_logs
from ..derivation import Chain
from ..model import Model
from ..notation.plain import atom
from ..probability.degrees import collected
from ..probability.specialise import Values, specialise
from ..prove import prove, reliable_facts
from ..quantities import Definition
from ..rows.functions import RowFunction
from ..rows.losses import LOSSES, Over
from ..vocabulary import names_in
from .answers import Answer, Line, Relation
from .posterior import LABELS


@dataclass(frozen=True, kw_only=True)
class Naming:
    """A vector whose entries are written by fewer names: q = (ŷ, 1 − ŷ) with ŷ = q_1.

    Attributes:
        definition: of the new name, in terms of an entry.
        values: all entries in terms of it, which is proved and not taken on trust.
    """

    definition: Definition
    values: Values


@dataclass(frozen=True, kw_only=True)
class AtSize:
    """What are these quantities when a size is a given number?

    Attributes:
        of: quantities or entries, in plain text: `D`, `p[1]`.
        sizes: size name -> number.
        values: of given vectors, whose entries then follow from fewer quantities.
        naming: a defined vector whose entries follow from one of them.
        by: the features in whose powers the argument of a function is collected; "" for none.
    """

    of: tuple[str, ...]
    sizes: Mapping[str, int]
    values: tuple[Values, ...] = ()
    naming: Naming | None = None
    by: str = ""

    def answer(self, model: Model) -> Answer:
        """Each quantity at these sizes, as a function of a row or in the shorter names.

        Raises: ModelError: if the sizes or values do not fit the model.
        """
        small = specialise(model, self.sizes, self.values)
        if self.naming is not None:
            small = replace(small, definitions=(*small.definitions, self.naming.definition))
        lines, words = _shares(self.naming, small), list[str | Expr]()
        numbers = ", ".join(f"{s} = {k}" for s, k in self.sizes.items())
        for text in self.of:
            small, found = _reduced(small, atom(small, text), self)
            lines += found
            words += _loss(found[0].relation, small)
        return Answer(title=f"The case {numbers}", model=small, lines=tuple(lines), conclusion=tuple(words))


def _shares(naming: Naming | None, small: Model) -> list[Line]:
    """Each entry of a vector in terms of the new name."""
    if naming is None:
        return []
    return [
        Line.equal(e, value, prove(e, value, small), "in fewer names") for e, value in _entries(naming, small).items()
    ]


def _entries(naming: Naming, small: Model) -> dict[Expr, Expr]:
    vector = small.quantities[naming.values.name]
    return {vector.at(vector.axes[0].lower + k): value for k, value in enumerate(naming.values.entries)}


def _reduced(small: Model, target: Expr, asked: AtSize) -> tuple[Model, list[Line]]:
    """The quantity at these sizes, in the shortest form that was found, and the coefficients it needs."""
    chain = Chain(small, target).then("definition", small.body(target))
    if asked.naming is not None:
        return small, [Line.of(_in_shares(chain, small, asked.naming).done())]
    opened_by, function = _as_function(chain.now, small)
    for name, expr in opened_by if function is not None else ():
        chain.then(f"definition of {name}", expr)
    if function is None:
        return small, [Line.of(chain.done())]
    chain.then(f"solved for the argument of {function.func.__name__}", function)
    found = collected(function.arguments[0], asked.by, small) if asked.by else None
    if found is None:
        return small, [Line.of(chain.done())]
    chain.model = found.model
    chain.then(f"collected by powers of {asked.by}", function.func(found.expr))
    given = [
        Line.equal(d.target, d.expr, prove(d.target, d.expr, found.model), LABELS[k]) for k, d in found.coefficients
    ]
    return found.model, [Line.of(chain.done()), *given]


def _as_function(expr: Expr, small: Model) -> tuple[list[tuple[str, Expr]], RowFunction | None]:
    """A function of a row that an expression is, and the names that had to be unfolded for it."""
    facts, unfolded = reliable_facts(small), list[tuple[str, Expr]]()
    for definition in (*reversed(small.definitions), None):
        if isinstance(found := as_function(expr, facts), RowFunction):
            return unfolded, found
        if definition is not None and (opened := small.unfold(expr, definition.name)) != expr:
            expr = opened
            unfolded.append((definition.name, expr))
    return unfolded, None


def _in_shares(chain: Chain, small: Model, naming: Naming) -> Chain:
    """Names between the quantity and the vector unfolded, and the entries of the vector written by the new name."""
    vector = naming.values.name
    for definition in reversed(small.definitions):
        if definition.name not in (vector, naming.definition.name) and small.depends(definition.name, vector):
            chain.then(f"definition of {definition.name}", small.unfold(chain.now, definition.name))
    chain.then("logarithm of products and powers", expand_logs(chain.now, reliable_facts(small)))
    entries = _entries(naming, small)
    return chain.then(f"in terms of {naming.definition.name}", transform(chain.now, entries.get))


def _loss(relation: Relation, small: Model) -> list[str | Expr]:
    """The loss of the table that a quantity of two names is, if any."""
    facts = reliable_facts(small)
    pairs = permutations(dict.fromkeys(names_in(relation.right)), 2)
    rows = [row for row in LOSSES if row.over is Over.ONE and not row.constants]
    for (target, prediction), row, (sign, words) in product(list(pairs), rows, ((1, "is"), (-1, "is the negative of"))):
        if _is_zero(relation.right - sign * row.term(target, prediction), facts):
            return [relation.left, f" {words} the {row.title.lower()} of ", target, " and ", prediction, "."]
    return []


def _is_zero(expr: Expr, facts: Facts) -> bool:
    try:
        return is_zero(expr, facts)
    except TooLarge:
        return False
