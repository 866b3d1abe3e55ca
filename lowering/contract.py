"""Definitions to operations: sums of products become contractions of two tensors, the rest stays elementwise.

Σ_i x[s,i] θ[i,j] + b[j]   →   t[s,j] = Σ_i x[s,i] θ[i,j];   t[s,j] + b[j]
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from sympy import Add, Expr, Idx, KroneckerDelta, Mul, Product, Sum

from derive.calculus.indices import bound_in, free_indices, rename_bound
from derive.calculus.tidy import pull_out
from derive.model import Model
from derive.quantities import Definition
from derive.vocabulary import Inside, Maximum, Partial, is_name, name_of, names_in

from .entries import arguments, places
from .program import Contraction, Elementwise, LoweringError, Operation, Program, Reduction, Tensor


def program(model: Model, definitions: Iterable[Definition]) -> Program:
    """The operations that compute the definitions in order.

    Raises: LoweringError: for a formula that has no array form here, such as an entry at a shifted index.
    """
    given = tuple(Tensor(name=q.name, axes=q.axes) for q in model.given)
    lowered = tuple(definitions)
    _check_names(model, lowered)
    builder = _Builder(given=given, names={q.name for q in model.given} | {d.name for d in lowered})
    for definition in lowered:
        builder.define(definition)
    return Program(
        given=given,
        operations=tuple(builder.operations),
        outputs=tuple(d.name for d in lowered),
        reference=next((q.name for q in model.parameters), given[0].name),
    )


def _check_names(model: Model, definitions: tuple[Definition, ...]) -> None:
    """Refuse names that cannot stand in code, or that would stand for two things there."""
    names = [q.name for q in model.given] + [d.name for d in definitions]
    sizes = {s.name for q in model.quantities.values() for i in q.axes for s in (i.upper - i.lower).free_symbols}
    for name in (*names, *sizes):
        if not name.isidentifier() or name.startswith("_"):
            raise LoweringError(
                f"the name {name!r} cannot be used in Python code; give the quantity another plain name"
            )
    for name in sizes & set(names):
        raise LoweringError(f"{name} is a size and a quantity; give one of them another plain name")


class _Builder:
    """Operations so far, and names for intermediate results."""

    def __init__(self, *, given: tuple[Tensor, ...], names: set[str]) -> None:
        self.operations: list[Operation] = []
        self.shapes: dict[str, tuple[Idx, ...]] = {t.name: t.axes for t in given}
        self.names = names

    def define(self, definition: Definition) -> None:
        """Emit the operations of one definition; the last one writes to its name."""
        quantity = definition.quantity
        expr = rename_bound(definition.expr, quantity.axes)
        self.current = quantity
        for entry in names_in(expr):
            self.check(entry)
        if isinstance(expr, Sum | Product) and free_indices(expr) == set(quantity.axes):
            whole = self.reduced(expr, quantity.name)
            if isinstance(whole, Tensor):
                return
            expr = whole
        self.emit(Elementwise(out=Tensor(name=quantity.name, axes=quantity.axes), expr=self.flat(expr)))

    def emit(self, operation: Operation) -> Tensor:
        """Append an operation, checking that its entries can be read as whole arrays."""
        parts = (operation.left, operation.right) if isinstance(operation, Contraction) else (operation.expr,)
        for entry in (a for part in parts for a in names_in(part)):
            self.check(entry)
        self.operations.append(operation)
        self.shapes[operation.out.name] = operation.out.axes
        return operation.out

    def check(self, entry: Expr) -> None:
        """Refuse an entry that is not at plain indices over the full range of its axes."""
        where, axes = places(entry), self.shapes[name_of(entry)]
        full = all(
            isinstance(i, Idx) and (i.lower, i.upper) == (axis.lower, axis.upper)
            for i, axis in zip(where, axes, strict=True)
        )
        if not full or len(set(where)) != len(where):
            raise LoweringError(
                f"the definition of {self.current.name} reads {entry}; lowering needs each axis of "
                f"{name_of(entry)} at an index of its own over its full range"
            )

    def flat(self, expr: Expr) -> Expr:
        """The expression with every sum and product computed into an intermediate tensor."""
        if isinstance(expr, Sum | Product):
            name = self.fresh_name()
            result = self.reduced(expr, name)
            return result.entry if isinstance(result, Tensor) else self.flat(result)
        if isinstance(expr, KroneckerDelta | Inside | Maximum | Partial):
            raise LoweringError(f"the definition of {self.current.name} holds {expr}, which has no array form here")
        if is_name(expr) or not expr.has(Sum, Product, KroneckerDelta, Inside, Maximum, Partial):
            return expr
        flat: Expr = expr.func(*(self.flat(a) for a in arguments(expr)))
        return flat

    def fresh_name(self) -> str:
        """t1, t2, … but for names that the model uses."""
        k = 1
        while f"t{k}" in self.names:
            k += 1
        self.names.add(f"t{k}")
        return f"t{k}"

    def reduced(self, expr: Sum | Product, name: str) -> Tensor | Expr:
        """A sum or product as operations that end in `name`, or an expression over smaller sums that equals it."""
        over, body = _limits(expr)
        if isinstance(expr, Product):
            return self.reduction(name, self.flat(body), over, Product)
        body = self.flat(body)
        if isinstance(body, Mul) or is_name(body):
            return self.summed_product(body, over, name)
        if isinstance(body, Add) and not self.fits(body):
            return Add(*(_sum(term, over) for term in body.args))
        return self.reduction(name, body, over, Sum)

    def fits(self, body: Expr) -> bool:
        """Whether an elementwise body has no more axes than one of its entries has."""
        most = max((len(places(a)) for a in names_in(body)), default=0)
        return len(free_indices(body)) <= most

    def summed_product(self, body: Expr, over: tuple[Idx, ...], name: str) -> Tensor | Expr:
        """Σ over a product: constants in front, then pairwise contractions."""
        pulled = pull_out(_sum(body, over))
        if not isinstance(pulled, Sum):
            return pulled
        factors = Mul.make_args(body)
        if len(factors) == 1 or (len(over) == len(free_indices(body)) and len(over) == 1 and not _two_entries(factors)):
            return self.reduction(name, body, over, Sum)
        return self.contracted([self.entry(f) for f in _grouped(factors)], over, name)

    def entry(self, factor: Expr) -> Expr:
        """The factor as an entry of a tensor, computed first if it is not one."""
        if is_name(factor):
            return factor
        out = Tensor(name=self.fresh_name(), axes=self.ordered(free_indices(factor)))
        return self.emit(Elementwise(out=out, expr=factor)).entry

    def contracted(self, factors: list[Expr], over: tuple[Idx, ...], name: str) -> Tensor:
        """The cheapest pair first, until one tensor is left."""
        if len(factors) == 1:
            return self.reduction(name, factors[0], over, Sum)
        pairs = combinations(range(len(factors)), 2)
        a, b = min(pairs, key=lambda pair: (len(self.kept(factors, pair, over)), pair))
        kept = self.kept(factors, (a, b), over)
        last = len(factors) == 2
        out = Tensor(name=name if last else self.fresh_name(), axes=self.axes_of(kept) if last else self.ordered(kept))
        pair = Contraction(out=out, left=factors[a], right=factors[b])
        shared = set(places(pair.left)) & set(places(pair.right))
        if any(i not in shared for i in pair.over):
            return self.contracted(self.summed_alone(factors, shared, over), over, name)
        done = self.emit(pair if pair.over else Elementwise(out=out, expr=Mul(pair.left, pair.right)))
        if last:
            return done
        rest = [f for k, f in enumerate(factors) if k not in (a, b)]
        return self.contracted([*rest, done.entry], over, name)

    def summed_alone(self, factors: list[Expr], shared: set[Idx], over: tuple[Idx, ...]) -> list[Expr]:
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

    def reduction(self, name: str, body: Expr, over: tuple[Idx, ...], kind: type[Sum] | type[Product]) -> Tensor:
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


def _two_entries(factors: tuple[Expr, ...]) -> bool:
    return len(factors) == 2 and all(is_name(f) for f in factors)


def _sum(body: Expr, over: tuple[Idx, ...]) -> Sum:
    return Sum(body, *[(i, i.lower, i.upper) for i in over])


def _limits(expr: Sum | Product) -> tuple[tuple[Idx, ...], Expr]:
    """The indices and the body of a sum, sums directly inside it included."""
    over, body = tuple(i for i, _, _ in bound_in(expr)), expr.function
    if isinstance(expr, Sum) and isinstance(body, Sum):
        inner, body = _limits(body)
        over = (*over, *inner)
    return over, body


def _grouped(factors: tuple[Expr, ...]) -> list[Expr]:
    """Factors over the same indices that are not entries are multiplied out elementwise, as one."""
    groups: dict[frozenset[Idx], list[Expr]] = {}
    for factor in factors:
        groups.setdefault(frozenset(free_indices(factor)), []).append(factor)
    return [Mul(*members) for members in groups.values()]
