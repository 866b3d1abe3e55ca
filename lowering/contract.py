"""Definitions to operations: sums of products become contractions of two tensors, the rest stays elementwise.

Σ_i x[s,i] θ[i,j] + b[j]   →   t[s,j] = Σ_i x[s,i] θ[i,j];   t[s,j] + b[j]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from sympy import Add, Expr, Idx, Mul, Product, Sum

from derive.calculus.indices import BINDERS, bound_in, free_indices, rename_bound, transform
from derive.calculus.tidy import pull_out
from derive.model import Model
from derive.quantities import Definition, Domain
from derive.vocabulary import OF_A_MATRIX, Inside, Maximum, Partial, indices_of, is_name, name_of, names_in

from .cycles import Group, at_base, groups
from .entries import arguments, places
from .identifiers import check_names, functions_of
from .inverses import of_a_matrix, with_solutions
from .lists import list_by_list
from .operations import (
    Binder,
    Computed,
    Contraction,
    Elementwise,
    LogSumExp,
    Numbers,
    Operation,
    Read,
    Reduction,
    Residual,
    Scatter,
    Seeded,
    Tensor,
    entries,
    reads,
)
from .order import first_pair
from .program import Loop, LoweringError, Program, Step
from .reading import Place, Range, Scattered, brackets_inwards, inside, place_of, ranges_at, scattered
from .seeds import Seed, seed_of
from .softmax import Shares, residual, shares_among, with_log_shares
from .sums import canonical, grouped, is_log_sum_exp, limits_of, sum_over, two_entries


def program(model: Model, definitions: Iterable[Definition]) -> Program:
    """The operations that compute the definitions in order.

    Raises: LoweringError: for a formula that has no array form here, such as an entry at a shifted index.
    """
    given = tuple(Tensor(name=q.name, axes=q.axes) for q in model.given)
    lowered = tuple(definitions)
    check_names(model, lowered)
    definite = {name for name, domain in model.facts.items() if domain is Domain.POSITIVE_DEFINITE}
    names = {q.name for q in model.given} | {d.name for d in lowered} | functions_of(lowered)
    builder = Builder(given=given, names=names, definite=definite, shares=shares_among(lowered))
    for group in groups(lowered):
        builder.define(group)
    found = Program(
        given=given,
        operations=tuple(builder.operations),
        outputs=tuple(d.name for d in lowered),
        reference=next((q.name for q in model.parameters), given[0].name),
    )
    return list_by_list(with_log_shares(found))


Brackets = tuple[Expr, ...]


class Builder:
    """Operations so far, and names for intermediate results."""

    def __init__(self, *, given: tuple[Tensor, ...], names: set[str], definite: set[str], shares: Shares) -> None:
        self.operations: list[Step] = []
        self.body: list[Operation] = []
        self.inside: set[str] = set()  # what is computed in the body of the loop that is being written
        self.loop: Idx | None = None
        self.shapes: dict[str, tuple[Idx, ...]] = {t.name: t.axes for t in given}
        self.before: dict[str, Idx] = {}  # recursions, which have a value before the range of an axis
        self.known: dict[tuple[Expr, ...], str] = {}  # what is computed already, with indices named canonically
        self.numbers: dict[Idx, str] = {}
        self.names = names
        self.definite = definite
        self.shares = shares

    # -- definitions -------------------------------------------------------------------------------

    def define(self, group: Group) -> None:
        """Emit the operations of definitions; the last one of each writes to its name."""
        for d in group.definitions:
            self.shapes[d.name] = d.quantity.axes
            if d.over is not None:
                self.before[d.name] = d.over
        if group.over is None:
            self.one(group.definitions[0])
            return
        self.loop, self.body, self.inside = group.over, [], {d.name for d in group.definitions}
        for d in group.definitions:
            self.one(d)
        bases = tuple((d.name, base) for d in group.definitions if (base := at_base(d)) is not None)
        for entry in (entry for _, base in bases for entry in names_in(base)):
            self.check(entry)
        loop = Loop(over=group.over, backwards=group.backwards, body=tuple(self.body), bases=bases)
        self.operations.append(loop)
        self.loop, self.inside, self.known = None, set(), {}

    def one(self, definition: Definition) -> None:
        """The operations of one definition."""
        quantity = definition.quantity
        self.current = quantity
        body = rename_bound(definition.expr, quantity.axes)
        out = Tensor(name=quantity.name, axes=quantity.axes)
        found = None if self.loop is None else seed_of(body, self.loop, quantity.axes, self.inside)
        if found is not None:
            self.seeded(found, out)
            return
        expr = self.plainly(body, quantity.name)
        if expr != out.entry:  # else it is there already
            self.into(expr, out)

    def seeded(self, found: Seed, out: Tensor) -> None:
        """Emit what enters at one step before the loop, and in it the rest."""
        seed = self.plainly(found.seed)
        entry = seed if is_name(seed) else self.into(seed, Tensor(name=self.fresh_name(), axes=found.axes))
        self.emit(found.added(out, self.flat(self.plainly(found.rest)), entry))

    def into(self, expr: Expr, out: Tensor) -> Expr:
        """Emit operations that compute an expression into a tensor; returns its entry."""
        if isinstance(expr, Sum | Product | Maximum) and free_indices(expr) == set(out.axes):
            whole = self.reduced(expr, out.name)
            if isinstance(whole, Tensor):
                return whole.entry
            expr = whole
        if is_log_sum_exp(expr) and free_indices(expr) == set(out.axes):
            return self.log_sum_exp(expr, out).entry
        if (found := residual(expr, self.shares)) is not None:
            return self.emit(Residual(out=out, expr=self.flat(found[0]), shares=found[1], over=found[2])).entry
        return self.emit(Elementwise(out=out, expr=self.flat(expr))).entry

    def log_sum_exp(self, expr: Expr, out: Tensor) -> Tensor:
        """Emit log Σ e^u as one operation."""
        over, body = limits_of(cast("Sum", expr.args[0]))
        return self.emit(LogSumExp(out=out, expr=self.flat(arguments(body)[0]), over=over))

    def emit(self, operation: Operation) -> Tensor:
        """Append an operation, to the loop if it needs what that computes; its entries must be plain by now."""
        in_body = bool(set(reads(operation)) & self.inside)
        if isinstance(operation, Computed):
            numbered = self.with_numbers(operation.expr, self.loop if in_body else None)
            operation = replace(operation, expr=numbered)
        if not isinstance(operation, Read):
            for entry in entries(operation):
                if not isinstance(operation, Seeded) or entry != operation.seed:  # a seed may be shorter than the rest
                    self.check(entry)
        if in_body:
            self.inside.add(operation.out.name)
        (self.body if in_body else self.operations).append(operation)
        self.shapes[operation.out.name] = operation.out.axes
        return operation.out

    def check(self, entry: Expr) -> None:
        """Refuse an entry that is not at plain indices over the full range of its axes."""
        if not self.is_plain(entry):
            raise LoweringError(
                f"the definition of {self.current.name} reads {entry}; lowering needs each axis of "
                f"{name_of(entry)} at an index of its own, shifted or strided, and never outside its range"
            )

    def is_plain(self, entry: Expr) -> bool:
        """Whether an entry is at an index of its own for each axis, over all of it."""
        where, ranges = places(entry), self.ranges(entry)
        full = all(isinstance(i, Idx) and (i.lower, i.upper) == own for i, own in zip(where, ranges, strict=True))
        return full and len(set(where)) == len(where)

    def ranges(self, entry: Expr) -> tuple[Range, ...]:
        """The range of each axis where the entry is."""
        return ranges_at(self.shapes[name_of(entry)], indices_of(entry))

    # -- entries at other places -------------------------------------------------------------------

    def plainly(self, expr: Expr, name: str = "", under: Brackets = ()) -> Expr:
        """The expression with every entry at plain indices.

        Args:
            expr: part of a definition.
            name: what it defines, if it defines something.
            under: brackets that it is multiplied by, so that it does not matter outside them.
        """
        if is_name(expr):
            own = tuple(b for b in under if b.args[0] in indices_of(expr))
            return expr if self.is_plain(expr) else self.read(expr, own, name if under else "")
        if isinstance(expr, Idx) or not expr.args or isinstance(expr, OF_A_MATRIX):
            return expr
        if isinstance(expr, Sum) and isinstance(expr.function, Add) and expr.function.has(Inside):
            return self.plainly(Add(*(expr.func(term, *expr.limits) for term in expr.function.args)), name, under)
        if isinstance(expr, Sum) and (found := scattered(expr)) is not None:
            return self.scatter(found, name)
        if isinstance(expr, BINDERS):
            bound: Expr = expr.func(self.plainly(expr.function, under=under), *expr.limits)
            return bound
        if isinstance(expr, Mul):
            return self.within_brackets(expr, name, under)
        plain: Expr = expr.func(*(self.plainly(a, under=under) for a in arguments(expr)))
        return plain

    def within_brackets(self, expr: Mul, name: str, under: Brackets) -> Expr:
        """A product in which entries at places that have a bracket are read with zeros outside it."""
        under = (*under, *(f for f in arguments(expr) if isinstance(f, Inside)))
        factors = Mul.make_args(brackets_inwards(expr))
        zeroed = {
            Inside(place, *own)
            for f in factors
            if is_name(f)
            for place, own in zip(indices_of(f), self.ranges(f), strict=True)
        }
        left = [f for f in factors if f not in zeroed]
        alone = name if len(left) == 1 else ""
        return Mul(*(f if isinstance(f, Inside) else self.plainly(f, alone, under) for f in left))

    def read(self, entry: Expr, brackets: Brackets, name: str = "") -> Expr:
        """An entry at other places as an entry of a tensor that holds what is there."""
        where = [place_of(e) for e in indices_of(entry)]
        if any(p is None or not self.reaches(entry, k, p, brackets) for k, p in enumerate(where)):
            self.check(entry)
        plain = [p for p in where if p is not None]
        order = [p.strided for p in plain if p.strided is not None] + [p.tap for p in plain if p.tap is not None]
        if len(set(order)) < len(order) or len(plain) < len(where):
            self.check(entry)
        key = canonical((entry, *brackets), order)
        if name or key not in self.known:
            suffix = "windows" if any(p.tap is not None for p in plain) else "padded" if brackets else "there"
            fresh = name or self.fresh_name(f"{name_of(entry)}_{suffix}")
            read = Read(out=Tensor(name=fresh, axes=tuple(order)), entry=entry, brackets=brackets)
            self.known[key] = self.emit(read).name
        found = Tensor(name=self.known[key], axes=tuple(order))
        return found.entry

    def reaches(self, entry: Expr, k: int, place: Place, brackets: Brackets) -> bool:
        """Whether the places on the k-th axis of an entry exist, or are zero by a bracket."""
        axis, (lower, upper) = self.shapes[name_of(entry)][k], self.ranges(entry)[k]
        first = lower - 1 if self.before.get(name_of(entry)) == axis else lower
        if inside(place.span, (first, upper)):
            return True
        whole = Inside(indices_of(entry)[k], lower, upper)
        return whole in brackets and place.tap is None and place.stride == 1

    def scatter(self, found: Scattered, name: str) -> Expr:
        """A sum that adds entries at places, after the sums over indices that the places do not have."""
        body, moving = self.plainly(found.body), set().union(*(free_indices(place) for _, place in found.targets))
        targets = {q for q, _ in found.targets}
        rest = tuple(i for i in found.over if i not in moving)
        free = (free_indices(found.body) - set(found.over)) | targets
        axes = self.axes_of(free)
        kept = tuple(i for i in found.over if i in moving)
        inner = (*(i for i in axes if i in free_indices(body) - targets), *kept)
        summed = sum_over(body, rest) if rest else body
        entry = body if is_name(summed) else self.into(summed, Tensor(name=self.fresh_name(), axes=inner))
        out = Tensor(name=name if name and axes == self.current.axes else self.fresh_name(), axes=axes)
        return self.emit(Scatter(out=out, entry=entry, targets=found.targets)).entry

    def with_numbers(self, expr: Expr, loop: Idx | None) -> Expr:
        """Indices that are used as numbers as entries of arrays of these numbers, but for that of a loop."""

        def number(e: Expr) -> Expr | None:
            if is_name(e) or not isinstance(e, Idx) or e == loop:
                return e if is_name(e) or isinstance(e, Idx) else None
            out = Tensor(name=self.numbers.get(e) or self.fresh_name(f"each_{e.label}"), axes=(e,))
            if e not in self.numbers:
                self.numbers[e] = self.emit(Numbers(out=out)).name
            return out.entry

        return transform(expr, number)

    # -- sums --------------------------------------------------------------------------------------

    def flat(self, expr: Expr) -> Expr:
        """The expression with every sum, product, maximum and inverse computed into an intermediate tensor."""
        if isinstance(expr, OF_A_MATRIX):
            return of_a_matrix(self, expr)
        if isinstance(expr, Sum | Product | Maximum):
            free = self.ordered(free_indices(expr))
            key = canonical((expr,), [*free, *(i for i, _, _ in bound_in(expr))])
            if key in self.known:
                return Tensor(name=self.known[key], axes=free).entry
            result = self.reduced(expr, self.fresh_name())
            if not isinstance(result, Tensor):
                return self.flat(result)
            if result.axes == free:
                self.known[key] = result.name
            return result.entry
        if is_log_sum_exp(expr):
            return self.log_sum_exp(expr, Tensor(name=self.fresh_name(), axes=self.ordered(free_indices(expr)))).entry
        if isinstance(expr, Partial):
            raise LoweringError(f"the definition of {self.current.name} holds {expr}, which has no array form here")
        if is_name(expr) or not expr.has(Sum, Product, Maximum, *OF_A_MATRIX):
            return expr
        flat: Expr = expr.func(*(self.flat(a) for a in arguments(expr)))
        return flat

    def fresh_name(self, wanted: str = "") -> str:
        """The name that is wanted, else t1, t2, … but for names that the model uses."""
        if wanted and wanted not in self.names:
            self.names.add(wanted)
            return wanted
        k = 1
        while f"t{k}" in self.names:
            k += 1
        self.names.add(f"t{k}")
        return f"t{k}"

    def reduced(self, expr: Sum | Product | Maximum, name: str) -> Tensor | Expr:
        """A sum or product as operations that end in `name`, or an expression over smaller sums that equals it."""
        over, body = limits_of(expr)
        if not isinstance(expr, Sum):
            return self.reduction(name, self.flat(body), over, type(expr))
        body, over = with_solutions(self, body, over)
        if not over:
            return body
        body = self.flat(body)
        if isinstance(body, Mul) or is_name(body):
            return self.summed_product(body, over, name)
        if isinstance(body, Add) and not self.fits(body):
            return Add(*(sum_over(term, over) for term in body.args))
        return self.reduction(name, body, over, Sum)

    def fits(self, body: Expr) -> bool:
        """Whether an elementwise body has no more axes than one of its entries has."""
        most = max((len(places(a)) for a in names_in(body)), default=0)
        return len(free_indices(body)) <= most

    def summed_product(self, body: Expr, over: tuple[Idx, ...], name: str) -> Tensor | Expr:
        """Σ over a product: constants in front, then pairwise contractions."""
        pulled = pull_out(sum_over(body, over))
        if not isinstance(pulled, Sum):
            return pulled
        factors = Mul.make_args(body)
        if len(factors) == 1 or (len(over) == len(free_indices(body)) and len(over) == 1 and not two_entries(factors)):
            return self.reduction(name, body, over, Sum)
        return self.contracted([self.entry(f) for f in grouped(factors)], over, name)

    def entry(self, factor: Expr) -> Expr:
        """The factor as an entry of a tensor, computed first if it is not one."""
        if is_name(factor):
            return factor
        free = free_indices(factor)
        alike = (places(a) for a in names_in(factor) if set(places(a)) == free)
        out = Tensor(name=self.fresh_name(), axes=next(alike, self.ordered(free)))
        return self.emit(Elementwise(out=out, expr=factor)).entry

    def contracted(self, factors: list[Expr], over: tuple[Idx, ...], name: str) -> Tensor:
        """Pair by pair in the cheapest order, until one tensor is left; what only one has is summed out of it first."""
        factors = factors if len(factors) == 1 else self.summed_alone(factors, over)
        if len(factors) == 1:
            return self.reduction(name, factors[0], over, Sum)
        a, b = (0, 1) if len(factors) == 2 else first_pair(factors, over)
        kept = self.kept(factors, (a, b), over)
        last = len(factors) == 2
        out = Tensor(name=name if last else self.fresh_name(), axes=self.axes_of(kept) if last else self.ordered(kept))
        pair = Contraction(out=out, left=factors[a], right=factors[b])
        done = self.emit(pair if pair.over else Elementwise(out=out, expr=Mul(pair.left, pair.right)))
        if last:
            return done
        rest = [f for k, f in enumerate(factors) if k not in (a, b)]
        return self.contracted([*rest, done.entry], over, name)

    def summed_alone(self, factors: list[Expr], over: tuple[Idx, ...]) -> list[Expr]:
        """Factors with the indices that no other factor has summed out of them."""
        result = []
        for k, factor in enumerate(factors):
            elsewhere = set().union(*(free_indices(f) for j, f in enumerate(factors) if j != k))
            alone = tuple(i for i in places(factor) if i in over and i not in elsewhere)
            result.append(self.reduction(self.fresh_name(), factor, alone, Sum).entry if alone else factor)
        return result

    def kept(self, factors: list[Expr], pair: tuple[int, int], over: tuple[Idx, ...]) -> set[Idx]:
        """The indices that the product of a pair still has once what only the pair has is summed out."""
        others = set().union(*(free_indices(f) for k, f in enumerate(factors) if k not in pair))
        own = free_indices(factors[pair[0]]) | free_indices(factors[pair[1]])
        return {i for i in own if i not in over or i in others}

    def reduction(self, name: str, body: Expr, over: tuple[Idx, ...], kind: Binder) -> Tensor:
        """Emit a sum or product of an elementwise body."""
        out = Tensor(name=name, axes=self.axes_of(free_indices(body) - set(over)))
        return self.emit(Reduction(out=out, expr=body, over=over, kind=kind))

    def axes_of(self, indices: set[Idx]) -> tuple[Idx, ...]:
        """The indices in the order of the quantity being defined where it has them all."""
        own = tuple(i for i in self.current.axes if i in indices)
        return own if len(own) == len(indices) else self.ordered(indices)

    def ordered(self, indices: set[Idx]) -> tuple[Idx, ...]:
        """Axes of an intermediate: those of the quantity being defined first, then by name."""
        own = [i for i in self.current.axes if i in indices]
        return (*own, *sorted(indices - set(own), key=str))
