"""Places alike: what was derived and proved at one layer holds at the next, with the names changed.

∂of/∂v by one step backwards is a statement about v, about all definitions that use v and that `of` depends on, and
about what is known of the names in them. Nothing else of a model enters. If an injective renaming of quantities,
sizes and indices takes one such place into another, it therefore takes the derivation and its proofs with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import cast

from sympy import Basic, Expr, Idx, IndexedBase, Symbol

from .adjoint import far
from .calculus.naming import candidates
from .derivation import Derivation, Step
from .model import Model
from .prove import Proof, reliable_facts
from .quantities import Definition
from .vocabulary import name_of, names_in


@dataclass(frozen=True, kw_only=True)
class Place:
    """All that one step backwards can depend on, with every symbol by its number; places alike are equal.

    Attributes:
        shape: the question, the definitions around it and the facts, without names.
        symbols: which symbol has which number here.
        model: the model in which this place is.
        of: what is differentiated.
        wrt: what it is differentiated by.
    """

    shape: tuple[object, ...]
    symbols: tuple[Symbol, ...] = field(compare=False)
    model: Model = field(compare=False)
    of: Expr = field(compare=False)
    wrt: Expr = field(compare=False)


def place(model: Model, worked: Model, of: Expr, wrt: Expr) -> Place | None:
    """The place of a question, or None along a recursion, which is never passed on.

    Args:
        model: what proofs may use.
        worked: the same model in closed forms, which is differentiated.
        of: a scalar name, far from `wrt`.
        wrt: an entry of a quantity.
    """
    users = [_users(m, of, wrt) for m in dict.fromkeys((model, worked))]
    near = dict.fromkeys(d for found in users for d in found)
    if any(d.recursive or model.ancestors.depends(d.name, d.name) for d in near):
        return None
    writer = _Writer()
    writer.write(of, wrt)
    for found in users:
        writer.note("definitions that use it", len(found))
        for d in found:
            writer.note(d.name == name_of(of), far(of, d.target, model))
            writer.write(d.target, d.expr)
    met = {name_of(a) for d in near for e in (d.target, d.expr) for a in names_in(e)} | {name_of(of), name_of(wrt)}
    for d in candidates(met, model):
        writer.note("a name for")
        writer.write(d.target, d.expr)
    facts = reliable_facts(model)
    for name in [s.name for s in writer.symbols() if s.name in met]:
        writer.note(facts.get(name), model.quantities[name].domain)
        writer.write(*model.quantities[name].axes)
    return Place(shape=tuple(writer.shape), symbols=writer.symbols(), model=model, of=of, wrt=wrt)


def _users(model: Model, of: Expr, wrt: Expr) -> tuple[Definition, ...]:
    """The definitions that use a quantity on the way to `of`."""
    return tuple(d for d in model.consumers.get(name_of(wrt), ()) if model.depends(name_of(of), d.name))


class _Writer:
    """Expressions as a sequence without names: types and numbers of arguments, and symbols by first appearance."""

    def __init__(self) -> None:
        self.shape: list[object] = []
        self._numbers: dict[Basic, str] = {}

    def note(self, *facts: object) -> None:
        """Something beside the expressions."""
        self.shape += facts

    def write(self, *exprs: Basic) -> None:
        """Expressions, one after the other."""
        for e in exprs:
            self._write(e)

    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols so far, by number."""
        return tuple(e for e in self._numbers if isinstance(e, Symbol))

    def _write(self, expr: Basic) -> None:
        if (number := self._numbers.get(expr)) is not None:
            self.shape.append(number)
        elif isinstance(expr, Symbol):
            self._numbers[expr] = f"#{len(self._numbers)}"
            self.shape.append(_kind(expr))
        elif not expr.args:
            self.shape.append((expr.func, expr))
        else:
            self.shape += (expr.func, len(expr.args))
            self.write(*expr.args)
            if isinstance(expr, Idx | IndexedBase):
                self._numbers[expr] = f"#{len(self._numbers)}"


@lru_cache(maxsize=65536)
def _kind(symbol: Symbol) -> tuple[object, ...]:
    """What is assumed of a symbol."""
    return type(symbol), frozenset(symbol.assumptions0.items())


# -- from one place to another ------------------------------------------------------------------------


def passed_on(found: Derivation, there: Place, here: Place) -> Derivation | None:
    """What was derived at one place, in the names of another that is like it.

    Args:
        found: a derivation of ∂of/∂wrt at `there`.
        there: a place.
        here: one that is equal to it.
    Returns: the derivation here, or None if its proofs look further than the place, or names would clash.
    """
    allowed = {name_of(there.wrt)}
    steps = [s for top in found.chain for _, s in top.walk()]
    proofs = [found.proof, *(s.proof for s in steps)]
    if any(p is None or not allowed.issuperset(p.unfolded) for p in proofs):
        return None
    names = _renaming((e for s in steps for e in (s.before, s.after)), there, here)
    return None if names is None else _Renamed(names).derivation(found, here)


def _renaming(exprs: Iterable[Expr], there: Place, here: Place) -> dict[Basic, Basic] | None:
    """Symbol to symbol, one to one; an index that was primed on the way is primed here as well."""
    names: dict[Basic, Basic] = dict(zip(there.symbols, here.symbols, strict=True))
    labels = {s.name: t.name for s, t in zip(there.symbols, here.symbols, strict=True) if s.is_integer}
    for symbol in {s for e in exprs for s in e.atoms(Symbol)} - names.keys():
        plain = symbol.name.rstrip("'")
        if plain not in labels:
            return None
        names[symbol] = Symbol(labels[plain] + symbol.name[len(plain) :], **symbol.assumptions0)
    return names if len(set(names.values())) == len(names) else None


class _Renamed:
    """Expressions, steps and proofs with their symbols renamed, each subtree once."""

    def __init__(self, names: dict[Basic, Basic]) -> None:
        self._known: dict[Basic, Basic] = dict(names)
        self._plain = {str(old): str(new) for old, new in names.items()}

    def derivation(self, found: Derivation, here: Place) -> Derivation:
        """A derivation, in the model of another place."""
        return Derivation(
            model=here.model,
            target=self.expr(found.target),
            result=self.expr(found.result),
            chain=tuple(self.step(s) for s in found.chain),
            proof=self.proof(found.proof),
        )

    def step(self, step: Step) -> Step:
        """A step and those it relies on."""
        return replace(
            step,
            before=self.expr(step.before),
            after=self.expr(step.after),
            proof=self.proof(step.proof),
            steps=tuple(self.step(s) for s in step.steps),
        )

    def proof(self, proof: Proof | None) -> Proof | None:
        """A proof, which names what it unfolded and the domains it relied on."""
        if proof is None:
            return None
        split = [condition.split(" ", 1) for condition in proof.conditions]
        return Proof(
            unfolded=tuple(self._plain[name] for name in proof.unfolded),
            conditions=tuple(f"{self._plain[name]} {domain}" for name, domain in split),
        )

    def expr(self, expr: Expr) -> Expr:
        """An expression, built anew."""
        return cast("Expr", self._built(expr))

    def _built(self, expr: Basic) -> Basic:
        if expr not in self._known:
            args = [self._built(a) for a in expr.args]
            same = all(a is b for a, b in zip(args, expr.args, strict=True))
            self._known[expr] = expr if same else expr.func(*args)
        return self._known[expr]
