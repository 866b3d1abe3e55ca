"""Sums of exponentials by their logarithms, so that neither they nor their quotients overflow.

    p_k = e^{z_k} / Σ_l e^{z_l}     →   log Z = log Σ_l e^{z_l},  p_k = e^{z_k − log Z}
    LL = log Σ_k q_k,  q_k = π_k e^{−u_k}   →   log q_k = log π_k − u_k,  LL = log Σ_k e^{log q_k}

The logarithms become names of the model; every other definition is rewritten in them, and each rewrite is proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sympy import Add, Basic, Expr, Idx, Mul, Pow, Sum, exp, log

from derive.calculus.indices import bound_in, free_indices, rename_bound, substitute, transform
from derive.calculus.positivity import positive
from derive.model import Model
from derive.quantities import Definition, Domain, Quantity
from derive.vocabulary import indices_of, is_name, name_of, names_in, scalar, tensor

from .sums import canonical


@dataclass
class LogSums:
    """The logarithms of one model.

    Attributes:
        model: as it was given; afterwards with the logarithms as definitions.
        known: sums of exponentials, with indices named canonically, to the names of their logarithms.
        exponents: names that are exponentials to the names of their logarithms.
    """

    model: Model
    known: dict[tuple[Expr, ...], str] = field(default_factory=dict)
    exponents: dict[str, str] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def named(self) -> Model:
        """The model with the logarithms that its sums need as names of their own, just before their first use."""
        self._names = set(self.model.quantities)
        before: dict[str, list[Definition]] = {d.name: [] for d in self.model.definitions}
        shielded = {name_of(e) for d in self.model.definitions for e in _under(d.expr) if is_name(e)}
        for d in self.model.definitions:
            sums = {s for s in _under(d.expr) if isinstance(s, Sum)}
            if d.name in shielded and isinstance(d.expr, Sum) and is_sum_of_exponentials(d.expr):
                sums.add(d.expr)
            for s in sorted(sums, key=str):
                self._name_logarithms(s, d, before)
        definitions = tuple(new for d in self.model.definitions for new in (*before[d.name], d))
        self.model = replace(self.model, definitions=definitions)
        return self.model

    @property
    def names(self) -> set[str]:
        """The names of the logarithms."""
        return {*self.known.values(), *self.exponents.values()}

    def exponential_of(self, definition: Definition) -> Expr:
        """e^{log q} for q."""
        whole: Expr = exp(_entry(self.exponents[definition.name], definition.quantity.axes))
        return whole

    def rewritten(self, expr: Expr) -> Expr:
        """The expression with e^{log Z} for Z = Σ_k e^{z_k}, and with e^{log q} for q beside it."""

        def by_logarithm(e: Expr) -> Expr | None:
            if not isinstance(e, Sum):
                return None
            inner = self._exponential(e)
            name = None if inner is None else self.known.get(_key(inner))
            return None if name is None else exp(_entry(name, _free(e)))

        found = transform(expr, by_logarithm)
        if found == expr:
            return expr
        return merged(transform(found, self._exponent) if self.exponents else found)

    def _exponent(self, e: Expr) -> Expr | None:
        if not is_name(e) or name_of(e) not in self.exponents:
            return None
        entry: Expr = exp(_entry(self.exponents[name_of(e)], indices_of(e)))
        return entry

    def _name_logarithms(self, s: Sum, user: Definition, before: dict[str, list[Definition]]) -> None:
        """The definitions that the logarithm of a sum needs, each before what is written in it."""
        body = s.function
        if is_name(body) and name_of(body) not in self.exponents and name_of(body) in self.model.defined:
            d = self.model.defined[name_of(body)]
            expanded = _log_of_product(d.expr, self.model)
            if expanded is not None:
                q = replace(d.quantity, name=self._fresh(f"log_{d.name}"), latex=rf"\log {d.quantity.latex}")
                before[d.name].append(Definition(quantity=replace(q, domain=Domain.REAL), expr=expanded))
                self.exponents[d.name] = q.name
        inner = self._exponential(s)
        if inner is None or _key(inner) in self.known:
            return
        axes, latex = _free(s), rf"\log Z^{{({user.quantity.latex})}}"
        sample = bool(axes) and user.quantity.sample_axis and axes[0] == user.quantity.axes[0]
        q = Quantity(name=self._fresh(f"lse_{user.name}"), latex=latex, axes=axes, sample_axis=sample)
        self.known[_key(inner)] = q.name
        before[user.name].append(Definition(quantity=q, expr=log(inner)))

    def _exponential(self, s: Sum) -> Sum | None:
        """The sum with e^{log q} for q, if its terms are exponentials then."""
        body = s.function if isinstance(s.function, exp) else self._exponent(s.function)
        return Sum(body, *s.limits) if isinstance(body, exp) else None

    def _fresh(self, name: str) -> str:
        while name in self._names:
            name += "_"
        self._names.add(name)
        return name


def is_sum_of_exponentials(expr: Expr) -> bool:
    """Whether it is Σ_k e^{z_k}."""
    return isinstance(expr, Sum) and isinstance(expr.function, exp)


def _under(expr: Expr) -> set[Expr]:
    """What stands in denominators and under logarithms."""
    found = {argument for e in expr.atoms(log) for argument in e.args}
    return found | {e.base for e in expr.atoms(Pow) if e.exp.is_negative}


def merged(expr: Expr) -> Expr:
    """e^a e^b = e^{a + b} in every product, also where one of them stands before a sum that the other is in."""

    def joined(e: Expr) -> Expr | None:
        if not isinstance(e, Mul):
            return None
        outside = [f for f in e.args if isinstance(f, exp)]
        within = [f for f in e.args if isinstance(f, Sum) and _has_exponential(f.function)]
        if outside and within:
            first, *others = within
            body = Mul(*outside, first.function)
            rest = [f for f in e.args if f not in (*outside, *within)]
            return Mul(*rest, *(merged(f) for f in others), merged(first.func(body, *first.limits)))
        if len(outside) < 2:
            return None
        return Mul(exp(Add(*(f.args[0] for f in outside))), *(merged(f) for f in e.args if not isinstance(f, exp)))

    return transform(expr, joined)


def _has_exponential(body: Expr) -> bool:
    return any(isinstance(f, exp) for f in Mul.make_args(body))


def _free(s: Sum) -> tuple[Idx, ...]:
    """The free indices of a sum, in a fixed order: that of the entries in it."""
    free = free_indices(s)
    listed = [i for a in names_in(s) for i in indices_of(a) if isinstance(i, Idx) and i in free]
    return tuple(dict.fromkeys((*listed, *sorted(free, key=str))))


def _key(s: Sum) -> tuple[Expr, ...]:
    return canonical((s,), [*_free(s), *(i for i, _, _ in bound_in(s))])


def _entry(name: str, where: tuple[Expr, ...]) -> Expr:
    entry: Expr = tensor(name)[where] if where else scalar(name)
    return entry


def _log_of_product(expr: Expr, model: Model) -> Expr | None:
    """log(a b e^u) = log a + log b + u for positive factors, if there is an exponential among them."""
    if not any(isinstance(f, exp) for f in Mul.make_args(expr)):
        return None
    terms = []
    for f in Mul.make_args(expr):
        base, power = f.as_base_exp()
        if isinstance(f, exp):
            terms.append(f.args[0])
        elif positive(base, model.facts) and base.is_number:
            terms.append(log(f))
        elif positive(base, model.facts):
            terms.append(power * log(base))
        else:
            return None
    return Add(*terms)


def recalled_exponentials(expr: Expr, definitions: tuple[Definition, ...]) -> Expr:
    """e^u replaced by the name of a definition that is e^u."""
    held = [(d, _first_entry(d.expr, d.quantity.axes)) for d in definitions if isinstance(d.expr, exp)]

    def recalled(e: Expr) -> Expr | None:
        if not isinstance(e, exp):
            return None
        for d, lead in held:
            for a in names_in(e) if lead is not None else ():
                own: Mapping[Basic, Basic] = {}
                if lead is not None and name_of(a) == name_of(lead):
                    own = dict(zip(indices_of(lead), indices_of(a), strict=True))
                if own and substitute(d.expr, own) == e:
                    return substitute(d.target, own)
        return None

    return transform(rename_bound(expr, free_indices(expr)), recalled)


def _first_entry(expr: Expr, axes: tuple[Idx, ...]) -> Expr | None:
    """An entry at plain indices that has all axes."""
    return next(
        (a for a in names_in(expr) if set(indices_of(a)) == set(axes) and len(indices_of(a)) == len(axes)), None
    )
