"""Edits at one place of an expression: a factor, a term, an entry. What a derivative is of, and by, stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from sympy import (
    Add,
    Basic,
    Dummy,
    Expr,
    Idx,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
    floor,
)

from ..calculus.indices import BINDERS, bound_in, free_indices, substitute
from ..model import Model
from ..notation.plaintext import text
from ..quantities import Kind, Quantity
from ..rows.functions import RowFunction
from ..vocabulary import Inside, InverseEntry, Partial, Positive, index, indices_of, is_name, length, name_of, tensor


@dataclass(frozen=True, kw_only=True)
class Edited:
    """An expression with one edit, and what was edited, for the reader."""

    expr: Expr
    what: str


Change = Callable[[Any, frozenset[Idx]], Iterator[Edited]]  # of a node, with the indices in scope there


def edited(expr: Any, change: Change, scope: frozenset[Idx]) -> Iterator[Edited]:
    """The expression with one node changed, for every node and every way to change it."""
    yield from change(expr, scope)
    if isinstance(expr, Partial | Indexed | KroneckerDelta | Inside) or not expr.args:
        return
    inside = scope | {i for i, _, _ in bound_in(expr)} if isinstance(expr, BINDERS) else scope
    for k, part in enumerate(expr.args):
        if isinstance(expr, BINDERS) and k:  # the limits
            return
        for found in edited(part, change, inside):
            yield Edited(expr=expr.func(*expr.args[:k], found.expr, *expr.args[k + 1 :]), what=found.what)


# -- factors and terms -----------------------------------------------------------------------------


def without_a_factor(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """a b → b."""
    if isinstance(node, Mul):
        for k, factor in enumerate(node.args):
            if not factor.is_Number and not factor.has(Partial, KroneckerDelta):
                yield Edited(expr=_others(node, k), what=text(factor))


def without_a_term(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """a + b → b."""
    if isinstance(node, Add):
        for k, term in enumerate(node.args):
            yield Edited(expr=_others(node, k), what=text(term))


def with_a_sign_turned(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """a + b → a − b."""
    if isinstance(node, Add):
        for k, term in enumerate(node.args):
            yield Edited(expr=_others(node, k) - term, what=text(term))


def with_a_scaled_term(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """a + b → a + 2 b or a + b/2, and Σ_s (a_s + b) → Σ_s a_s + b, without the n of n b."""
    if isinstance(node, Add):
        for k, term in enumerate(node.args):
            yield Edited(expr=_others(node, k) + 2 * term, what=f"{text(term)} is doubled")
            yield Edited(expr=_others(node, k) + term / 2, what=f"{text(term)} is halved")
    for i, body in _bound(node) if isinstance(node, Sum) else ():
        for term in Add.make_args(body.expand()):
            if i not in free_indices(term):
                what = f"{text(term)} is counted once, not for each {i.label}"
                yield Edited(expr=node - term * length(i) + term, what=what)


def of_an_inverse(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """A⁻¹ → A, and A⁻¹ → 1, at one place or in all terms."""
    entries = node.atoms(InverseEntry) if isinstance(node, InverseEntry | Add) else set()
    for matrix in sorted({str(entry.args[0]) for entry in entries}):
        own = [entry for entry in entries if str(entry.args[0]) == matrix]
        plain = {entry: tensor(matrix)[entry.place] for entry in own}
        yield Edited(expr=node.xreplace(plain), what=f"{matrix} stands where its inverse belongs")
        ones = {entry: KroneckerDelta(*entry.place) for entry in own}
        yield Edited(expr=node.xreplace(ones), what=f"the inverse of {matrix} is missing")


def without_a_bracket(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """[z > 0] → 1, and likewise for ranges."""
    if isinstance(node, Positive | Inside):
        yield Edited(expr=Integer(1), what=text(node))


def of_the_complement(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """1 − a → a."""
    if isinstance(node, Add) and len(node.args) == 2 and node.args[0] == 1 and is_name(other := -node.args[1]):
        yield Edited(expr=other, what=_instead(other, node))


def at_another_power(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """a² → a, 1/a² → 1/a³, 1/√a → 1/a and the like; a → a² for a factor."""
    base, power = node.as_base_exp() if isinstance(node, Pow) else (node, None)
    if isinstance(power, Rational) and not base.has(Partial):
        for other in (power - 1, power + 1) if power.is_Integer else (2 * power,):
            if other:
                yield Edited(expr=base**other, what=_instead(base**other, node))
    if isinstance(node, Mul):
        for k, factor in enumerate(node.args):
            if is_name(factor) and not isinstance(factor, Partial):
                yield Edited(expr=_others(node, k) * factor**2, what=_instead(factor**2, factor))


def with_a_slip_in_an_index(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """x[S p + u] → x[p + u] or x[u], and x[c, q − P] → x[c, q]: a stride or padding forgotten."""
    for k, place in enumerate(indices_of(node)):
        if not isinstance(place, Add):
            continue
        for part in place.args:
            letters = part.atoms(Idx)
            for other in (Integer(0), *letters) if part not in letters else ():
                moved = place - part + other
                yield Edited(
                    expr=tensor(name_of(node))[(*node.indices[:k], moved, *node.indices[k + 1 :])], what=text(part)
                )


def padded_otherwise(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """[0 ≤ q − P ≤ N − 1] x[q − P] → x[min(max(q − P, 0), N − 1)] or x[(q − P) mod N]: no zeros beyond the edges."""
    brackets = {b.args[0]: b for b in Mul.make_args(node) if isinstance(b, Inside)}
    for entry in Mul.make_args(node) if brackets else ():
        if isinstance(entry, Indexed) and set(brackets) <= set(entry.indices):
            rest = Mul(*(f for f in Mul.make_args(node) if f is not entry and f not in brackets.values()))
            for moved, what in ((_at_the_edge, "goes on with the values at its edges"), (_around, "begins anew")):
                places = (moved(*brackets[i].args) if i in brackets else i for i in entry.indices)
                yield Edited(
                    expr=rest * tensor(name_of(entry))[tuple(places)],
                    what=f"beyond its range {name_of(entry)} {what}, where it should be zero",
                )


def _at_the_edge(place: Expr, lower: Expr, upper: Expr) -> Expr:
    return Min(Max(place, lower), upper)


def _around(place: Expr, lower: Expr, upper: Expr) -> Expr:
    return place - (upper - lower + 1) * floor((place - lower) / (upper - lower + 1))


def at_another_size(model: Model) -> Change:
    """1/√m → 1/√d."""
    axes = (i for q in model.quantities.values() for i in q.axes)
    sizes: list[Expr] = sorted({s for i in axes for s in length(i).atoms(Symbol)}, key=str)

    def change(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
        if node in sizes:
            for other in sizes:
                if other != node:
                    yield Edited(expr=other, what=_instead(other, node))

    return change


def _instead(new: Any, old: Any) -> str:
    return f"{text(new)} stands where {text(old)} belongs"


def _others(node: Any, k: int) -> Expr:
    found: Expr = node.func(*node.args[:k], *node.args[k + 1 :])
    return found


# -- entries ---------------------------------------------------------------------------------------


def transposed(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """W[i, j] → W[j, i], and likewise for derivatives by entries."""
    entry = node.wrt if isinstance(node, Partial) else node
    for a, b in combinations(range(len(indices_of(entry))), 2):
        where = list(entry.indices)
        where[a], where[b] = where[b], where[a]
        turned = tensor(name_of(entry))[tuple(where)]
        new: Expr = Partial(node.of, turned) if isinstance(node, Partial) else turned
        yield Edited(expr=new, what=text(node))


def at_another_index(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """x[i] → x[j] for another index in scope."""
    if isinstance(node, Indexed):
        for k, i in enumerate(node.indices):
            for other in sorted(scope - set(node.indices), key=str):
                if isinstance(i, Idx) and other.lower == i.lower:
                    new = tensor(name_of(node))[(*node.indices[:k], other, *node.indices[k + 1 :])]
                    yield Edited(expr=new, what=_instead(new, node))


def at_a_fixed_index(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """x[i] → x[1] or x[d]: the index that a loop left behind."""
    for k, i in enumerate(indices_of(node)):
        for end in (i.upper, i.lower) if isinstance(i, Idx) else ():
            new = tensor(name_of(node))[(*node.indices[:k], end, *node.indices[k + 1 :])]
            yield Edited(expr=new, what=_instead(new, node))


def one_step_away(model: Model) -> Change:
    """h[t − 1] → h[t] and the reverse, along the index of a recursion."""
    along = {str(d.over.label) for d in model.definitions if d.over is not None}

    def change(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
        for k, place in enumerate(indices_of(node)):
            letters = [i for i in place.atoms(Idx) if str(i.label) in along]
            for moved in (place - 1, place + 1) if letters else ():
                new = tensor(name_of(node))[(*node.indices[:k], moved, *node.indices[k + 1 :])]
                yield Edited(expr=new, what=_instead(new, node))

    return change


def in_place_of_its_argument(model: Model) -> Change:
    """h → z where h = f(z), and z → h."""
    return _exchanged(model, lambda a, b: a != b and (_applied(model, a, b) or _applied(model, b, a)))


def of_another_place(model: Model) -> Change:
    """a → b for quantities over the same axes of which neither is a function of the other alone."""
    return _exchanged(model, lambda a, b: a != b and not _applied(model, a, b) and not _applied(model, b, a))


def _exchanged(model: Model, wanted: Callable[[Quantity, Quantity], bool]) -> Change:
    def change(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
        entry = node.wrt if isinstance(node, Partial) else node
        if not isinstance(entry, Indexed) or name_of(entry) not in model.quantities:
            return
        here = model.quantities[name_of(entry)]
        for q in model.quantities.values():
            if _ranges(q) == _ranges(here) and wanted(here, q):
                new = tensor(q.name)[entry.indices]
                if not isinstance(node, Partial):
                    yield Edited(expr=new, what=f"{q.name} stands where {here.name} belongs")
                elif model.depends(model.objective, q.name) and q.kind is Kind.DEFINED:
                    yield Edited(expr=Partial(node.of, new), what=_instead(Partial(node.of, new), node))

    return change


def _ranges(q: Quantity) -> list[tuple[Expr, Expr]]:
    return [(i.lower, i.upper) for i in q.axes]


def _applied(model: Model, outer: Quantity, inner: Quantity) -> bool:
    d = model.defined.get(outer.name)
    return d is not None and isinstance(d.expr, RowFunction) and d.expr.args[0] == inner.at()


# -- ranges of sums --------------------------------------------------------------------------------


def over_fewer(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """Σ_{s=1}^{n} → Σ_{s=2}^{n} or Σ_{s=1}^{n−1}."""
    if isinstance(node, Sum):
        for i, body in _bound(node):
            for lower, upper, end in ((i.lower + 1, i.upper, "first"), (i.lower, i.upper - 1, "last")):
                fewer = index(str(i.label), lower, upper)
                new = Sum(substitute(body, {i: fewer}), (fewer, lower, upper))
                yield Edited(expr=new, what=f"the {end} {i.label}")


def over_another_index(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """Σ_l e^{z[s, l]} → Σ_s e^{z[s, k]}, as with `sum(axis=0)` for `sum(axis=1)`."""
    for i, body in _bound(node) if isinstance(node, Sum) else ():
        own = sorted(free_indices(body) - {i}, key=str)
        for other in own:
            for left in sorted(scope - {i, *own}, key=str):
                if (left.lower, left.upper) == (i.lower, i.upper):
                    free = Dummy(integer=True)
                    turned = substitute(body, {other: free, i: left})
                    new = Sum(substitute(turned, {free: other}), (other, other.lower, other.upper))
                    yield Edited(expr=new, what=f"{other.label}, not {i.label}")


def at_one_alone(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """Σ_{s=1}^{n} a_s → a_1 or a_n."""
    if isinstance(node, Sum):
        for i, body in _bound(node):
            for end, word in ((i.lower, "first"), (i.upper, "last")):
                yield Edited(expr=substitute(body, {i: end}), what=f"the {word} {i.label}")
        indices = [i for i, _, _ in bound_in(node)]
        for ends in product(("first", "last"), repeat=len(indices)) if len(indices) > 1 else ():
            where: dict[Basic, Basic] = {
                i: i.lower if end == "first" else i.upper for i, end in zip(indices, ends, strict=True)
            }
            what = " and ".join(f"the {end} {i.label}" for i, end in zip(indices, ends, strict=True))
            yield Edited(expr=substitute(node.function, where), what=what)


def opened(expr: Expr) -> Iterator[tuple[Idx, Expr]]:
    """The indices of an outer sum, each with what is summed over it."""
    number, rest = expr.as_coeff_Mul()
    if isinstance(rest, Sum):
        yield from ((i, number * body) for i, body in _bound(rest))


def _bound(node: Sum) -> Iterator[tuple[Idx, Expr]]:
    """Each index of a sum with the body that is summed over it alone."""
    limits = bound_in(node)
    for k, (i, _, _) in enumerate(limits):
        others = (*limits[:k], *limits[k + 1 :])
        body: Expr = Sum(node.function, *others) if others else node.function
        yield i, body
