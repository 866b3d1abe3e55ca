"""Inequalities between terms about probabilities: what Jensen's inequality makes non-negative.

    log E[f] ≥ E[log f]      E[exp f] ≥ exp E[f]      E[f²] ≥ E[f]²

With f a ratio of two distributions the first says that a divergence is not negative, that an evidence bound is one,
and that conditions do not raise an entropy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from .forms import Atom, Form, Joint, TooLarge, add, form_of, is_slope, scaled
from .terms import Exp, Log, Mass, Number, Plus, Power, Term, Times, Total, minus, number, within

MOST_GAPS = 40


@dataclass(frozen=True, kw_only=True)
class Mean:
    """factor · E[body] under `mass`, over all outcomes of it."""

    factor: Fraction
    bound: tuple[tuple[str, str], ...]
    mass: Mass
    body: Term


def not_less(greater: Term, less: Term) -> bool:
    """Whether greater ≥ less follows for all distributions; False where it is not shown."""
    try:
        difference = add(form_of(greater), scaled(form_of(less), -1))
        if _nonnegative(difference):
            return True
        found: list[Form] = []
        for gap in gaps(greater, less):
            form = form_of(gap)
            if form and form not in found:
                found.append(form)
            if len(found) > MOST_GAPS:
                break
        return any(
            _nonnegative(add(difference, *(scaled(form, -_share(difference, form)) for form in several)))
            for count in (1, 2)
            for several in combinations(found, count)
        )
    except TooLarge:
        return False


def gaps(greater: Term, less: Term) -> Iterator[Term]:
    """Terms that are not negative whatever the distributions are, made of the means that stand in a claim."""
    both = (greater, less)
    means = list(_means(Plus(terms=(greater, minus(less)))))
    logs = [(m, inside) for m in means if (inside := _inside_log(m.body)) is not None]
    laws: dict[tuple[object, object], Mean] = {(m.bound, m.mass): m for m, _ in logs}
    for law in laws.values():
        below = [(m, inside) for m, inside in logs if _covers(law, m)]
        if below:
            whole = Times(factors=tuple(_power(inside, -m.factor) for m, inside in below))
            yield _of_log(law, whole, law.bound)
        for _, inside in below:
            yield _of_log(law, inside, law.bound)
    for term in (t for side in both for t in within(side)):
        if isinstance(term, Log) and (mean := _as_mean(term.body)) is not None:
            yield _of_log(mean, mean.body, mean.bound)
        mean = _as_mean(term)
        if mean is None:
            continue
        if isinstance(mean.body, Times) and len(mean.body.factors) == 2 and len(set(mean.body.factors)) == 1:
            yield term
        if isinstance(mean.body, Power) and mean.body.exponent == number(2):
            yield Plus(terms=(term, minus(Power(base=_mean(mean, mean.body.base), exponent=number(2)))))
        if isinstance(mean.body, Exp):
            yield Plus(terms=(term, minus(Exp(body=_mean(mean, mean.body.body)))))


def _of_log(law: Mean, inside: Term, bound: tuple[tuple[str, str], ...]) -> Term:
    """log E[f] − E[log f]."""
    mean, logs = (Total(bound=bound, body=Times(factors=(law.mass, body))) for body in (inside, Log(body=inside)))
    return Plus(terms=(Log(body=mean), minus(logs)))


def _mean(law: Mean, body: Term) -> Term:
    return Total(bound=law.bound, body=Times(factors=(law.mass, body)))


def _power(base: Term, exponent: Fraction) -> Term:
    return Power(base=base, exponent=Number(value=exponent))


def _covers(law: Mean, other: Mean) -> bool:
    """Whether a mean over some of the outcomes of a law is one over all of them."""
    same = other.mass.family == law.mass.family
    return same and other.mass.given <= law.mass.given | law.mass.events and other.mass.events <= law.mass.events


def _means(term: Term, factor: Fraction = Fraction(1)) -> Iterator[Mean]:
    """The expected values of which a term is a linear combination, each of one summand."""
    match term:
        case Plus(terms=terms):
            for part in terms:
                yield from _means(part, factor)
        case Times(factors=factors):
            numbers = [f.value for f in factors if isinstance(f, Number)]
            rest = [f for f in factors if not isinstance(f, Number)]
            if len(rest) == 1:
                for value in numbers:
                    factor *= value
                yield from _means(rest[0], factor)
        case Total():
            mean = _as_mean(term)
            if mean is not None:
                for share, body in _summands(mean.body):
                    yield Mean(factor=factor * share, bound=mean.bound, mass=mean.mass, body=body)


def _as_mean(term: Term) -> Mean | None:
    """Σ p(x) f(x) over all x as a mean; None of anything else."""
    if not isinstance(term, Total) or not isinstance(term.body, Times):
        return None
    factors = term.body.factors
    for k, mass in enumerate(factors):
        if isinstance(mass, Mass) and {(e.variable, e.value) for e in mass.events} == set(term.bound):
            rest = factors[:k] + factors[k + 1 :]
            body = rest[0] if len(rest) == 1 else Times(factors=rest)
            return Mean(factor=Fraction(1), bound=term.bound, mass=mass, body=body)
    return None


def _summands(term: Term, share: Fraction = Fraction(1)) -> Iterator[tuple[Fraction, Term]]:
    match term:
        case Plus(terms=terms):
            for part in terms:
                yield from _summands(part, share)
        case Times(factors=(Number(value=value), rest)):
            yield from _summands(rest, share * value)
        case Times(factors=(only,)):
            yield from _summands(only, share)
        case _:
            yield share, term


def _inside_log(term: Term) -> Term | None:
    return term.body if isinstance(term, Log) else None


def _share(difference: Form, gap: Form) -> Fraction:
    """How often a gap may stand in a difference, told by one summand of it."""
    monomial = max(gap, key=lambda m: (m in difference, str(m)))
    return max(Fraction(0), difference.get(monomial, Fraction(0)) / gap[monomial])


def _nonnegative(form: Form) -> bool:
    """Whether a form is a sum of products of what is not negative."""
    return all(c > 0 and all(_is_positive(a, p) for a, p in m) for m, c in form.items())


def _is_positive(atom: Joint | Atom, power: Fraction) -> bool:
    if (isinstance(atom, Joint) and not is_slope(atom)) or (isinstance(atom, Atom) and atom.kind in ("exp", "count")):
        return True
    if power.denominator == 1 and power % 2 == 0:
        return True
    if isinstance(atom, Atom) and atom.kind == "total":
        return all(_is_positive(a, p) for a, p in atom.content[1])
    return False
