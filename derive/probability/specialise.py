"""A model at one number for a size: sums over the ranges that are then explicit are written out.

    Σ_{k=1}^C p_k log q_k   at C = 2   becomes   p_1 log q_1 + p_2 log q_2,

and entries whose values follow from others are replaced by them, p_1 = t, p_2 = 1 − t.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Add, Expr, Idx, Integer, Mul, Sum

from ..calculus.indices import BINDERS, bound_in, substitute, transform
from ..calculus.trees import args_of
from ..model import Model, ModelError
from ..quantities import Definition, Quantity
from ..vocabulary import indices_of, is_name, name_of, size

Numbers = Mapping[Expr, Expr]
MOST_TERMS = 12


@dataclass(frozen=True, kw_only=True)
class Values:
    """The entries of a given vector in terms of other quantities: p = (t, 1 − t).

    Attributes:
        name: of the vector.
        entries: its values along its axis, in order.
        given: the quantities that the values use.
    """

    name: str
    entries: Sequence[Expr]
    given: tuple[Quantity, ...] = ()

    def at(self, entry: Expr, first: Expr) -> Expr:
        """The value of an entry, whose index counts from `first`.

        Raises: ModelError: if the index is not one of the numbers that have a value.
        """
        place = indices_of(entry)[0] - first
        if not place.is_Integer or not 0 <= place < len(self.entries):
            raise ModelError(f"{entry} has no value; expected an entry of {self.name}, one of {len(self.entries)}")
        return self.entries[int(place)]


Known = Mapping[str, tuple[Values, Expr]]  # with the first index of the vector


def specialise(model: Model, sizes: Mapping[str, int], values: tuple[Values, ...] = ()) -> Model:
    """The model with numbers for some sizes, and given vectors written by their values.

    Args:
        model: at symbolic sizes.
        sizes: size name -> number.
        values: of given vectors whose axis has explicit ends then.
    Returns: a model with the same names, but for the vectors replaced.
    Raises: ModelError: if the model has no such size, or the values do not fit the vector.
    """
    numbers: dict[Expr, Expr] = {size(n): Integer(k) for n, k in sizes.items()}
    met = {s for q in model.quantities.values() for i in q.axes for s in (i.lower + i.upper).free_symbols}
    if unknown := sorted(str(s) for s in numbers.keys() - met):
        raise ModelError(f"model {model.name} has no size {unknown[0]!r}; it has {', '.join(sorted(map(str, met)))}")
    quantities = {n: _at_sizes(q, numbers) for n, q in model.quantities.items()}
    replaced = {v.name: (v, _first(v, quantities)) for v in values}
    given = [quantities[q.name] for q in model.given if q.name not in replaced]
    return replace(
        model,
        given=(*given, *(q for v in values for q in v.given)),
        definitions=tuple(_definition(d, quantities[d.name], numbers, replaced) for d in model.definitions),
        questions=(),
    )


def written_out(expr: Expr) -> Expr:
    """Every sum and product over a range of a few numbers, term by term."""
    if not expr.args or is_name(expr) or isinstance(expr, Idx):
        return expr
    if not isinstance(expr, BINDERS):
        return expr.func(*(written_out(a) for a in args_of(expr)))
    body = written_out(expr.function)
    for i, lower, upper in bound_in(expr):
        count = upper - lower + 1
        if count.is_Integer and 0 <= count <= MOST_TERMS:
            terms = [substitute(body, {i: lower + k}) for k in range(int(count))]
            body = (Add if isinstance(expr, Sum) else Mul)(*terms)
        else:
            body = expr.func(body, (i, lower, upper))
    return body


def _at_sizes(quantity: Quantity, numbers: Numbers) -> Quantity:
    return replace(quantity, axes=tuple(i.xreplace(numbers) for i in quantity.axes))


def _definition(d: Definition, quantity: Quantity, numbers: Numbers, known: Known) -> Definition:
    def value(e: Expr) -> Expr | None:
        if not is_name(e) or name_of(e) not in known:
            return None
        values, first = known[name_of(e)]
        return values.at(e, first)

    def plain(e: Expr) -> Expr:
        return transform(written_out(e.xreplace(numbers)), value)

    over = None if d.over is None else d.over.xreplace(numbers)
    return replace(d, quantity=quantity, expr=plain(d.expr), over=over, base=None if d.base is None else plain(d.base))


def _first(values: Values, quantities: Mapping[str, Quantity]) -> Expr:
    """The first index of a vector, if it has as many entries as there are values.

    Raises: ModelError: if not.
    """
    axes = quantities[values.name].axes if values.name in quantities else ()
    counts = [i.upper - i.lower + 1 for i in axes]
    if counts != [len(values.entries)]:
        raise ModelError(f"{values.name} has axes of length {counts}; {len(values.entries)} values do not fit it")
    return axes[0].lower
