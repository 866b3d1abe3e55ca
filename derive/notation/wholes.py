r"""The model of a whole data set that a text makes: x^{(i)} keeps its i, which is an axis like any other here.

Where `definitions.assemble` takes one data point, J = Σ_i (ŷ^{(i)} − y^{(i)})² stays a sum here, and what a text states
for one point without an index, z = w^T x, holds at every point.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from sympy import Expr, Idx, Integer

from ..calculus.indices import transform
from ..model import Model
from ..quantities import Quantity
from ..vocabulary import index, indices_of, is_name, name_of, names_in, tensor
from .conventions import is_data
from .definitions import Stated, assemble
from .dictionary import Dictionary


def assemble_whole(name: str, found: Iterable[Stated], dictionary: Dictionary) -> Model:
    """The model of all data points that a set of definitions makes, in an order in which each uses earlier ones."""
    stated = tuple(found)
    varying = _varying({s.name: s for s in stated}, dictionary)
    points = _points(stated, dictionary)
    lifted = (_lifted(s, points, varying) for s in stated)
    return assemble(name, lifted, dictionary, points=dict.fromkeys(varying, points))


def lacks_a_point(expr: Expr, model: Model) -> str | None:
    """The first name of an expression that stands there for one data point, in a model of all; None if none does."""
    for atom in sorted(names_in(expr), key=str):
        held = model.quantities.get(name_of(atom))
        if held is not None and held.sample_axis and len(indices_of(atom)) < len(held.axes):
            return name_of(atom)
    return None


def _varying(stated: Mapping[str, Stated], dictionary: Dictionary) -> frozenset[str]:
    """The names with a value at every data point: with the index of one in the text, or computed from such."""
    varying = set(dictionary.survey.sampled)
    per_point = {n: {name_of(a) for a in names_in(s.expr)} for n, s in stated.items() if not s.whole}
    todo = [n for n in varying if n in per_point]
    while todo:  # the x of z = w^T x, where z^{(i)} occurs
        for used in per_point[todo.pop()] - varying:
            if used in per_point or is_data(used):
                varying.add(used)
                todo += [used] * (used in per_point)
    for _ in per_point:
        varying |= {n for n, uses in per_point.items() if uses & varying}
    return frozenset(varying)


def at_points(quantity: Quantity, stated: Collection[Stated], dictionary: Dictionary) -> Quantity:
    """A given quantity with an axis for the data points, where the text writes their index at it."""
    if quantity.name not in dictionary.survey.sampled:
        return quantity
    return replace(quantity, axes=(_points(stated, dictionary), *quantity.axes), sample_axis=True)


def _points(stated: Collection[Stated], dictionary: Dictionary) -> Idx:
    """The index of the data points, with the range that holds all those written: 0 to n for sums from 0 and from 1."""
    seen = [i for s in stated for i in sorted(s.samples, key=str)]
    limits = next((limits for limits in dictionary.survey.sampled.values() if limits is not None), None)
    lower, upper = (seen[0].lower, seen[0].upper) if seen else dictionary.limits(limits, "i")
    lowest = min((i.lower for i in seen if isinstance(i.lower, Integer)), default=lower)
    taken = {str(i.label) for i in seen} | set(dictionary.survey.named) | dictionary.survey.letters
    letter = next((c for c in ("s", "m", "r", "sample") if c not in taken), "point")
    return index(letter, lowest if isinstance(lower, Integer) else lower, upper)


def _lifted(stated: Stated, points: Idx, varying: frozenset[str]) -> Stated:
    """A definition with the index of the data point wherever a name has a value at each."""
    if stated.whole or stated.name not in varying:
        return replace(stated, whole=False)
    at = stated.sample or points

    def held(e: Expr) -> Expr | None:
        if not is_name(e) or name_of(e) not in varying:
            return None
        own = indices_of(e)
        return e if own and own[0] == at else tensor(name_of(e))[(at, *own)]

    return replace(stated, expr=transform(stated.expr, held), place=(at, *stated.place), sample=None)
