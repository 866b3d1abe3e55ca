"""Expected values, covariance, entropy and divergence as totals over outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field

from .terms import Event, Log, Mass, Plus, Term, Times, Total, minus


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """The distribution family(events | given)."""

    family: str
    events: frozenset[Event]
    given: frozenset[Event] = field(default_factory=frozenset)

    @property
    def mass(self) -> Mass:
        return Mass(family=self.family, events=self.events, given=self.given)

    @property
    def bound(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((e.variable, e.value) for e in self.events if isinstance(e.value, str)))


def expected(law: Distribution, body: Term) -> Term:
    """E[body] = Σ p(x) body."""
    return Total(bound=law.bound, body=Times(factors=(law.mass, body)))


def covariance(law: Distribution, left: Term, right: Term) -> Term:
    """Cov(a, b) = E[(a − E a)(b − E b)]; the variance where a is b."""
    a, b = (Plus(terms=(side, minus(expected(law, side)))) for side in (left, right))
    return expected(law, Times(factors=(a, b)))


def divergence(first: Distribution, second: Distribution) -> Term:
    """KL(q‖p) = Σ q log(q / p), over the outcomes of q."""
    logs = Plus(terms=(Log(body=first.mass), minus(Log(body=second.mass))))
    return expected(first, logs)


def cross_entropy(first: Distribution, second: Distribution) -> Term:
    """H(p, q) = −Σ p log q; the entropy of p where q is p."""
    return minus(expected(first, Log(body=second.mass)))


def entropy(events: frozenset[Event], given: frozenset[Event]) -> Term:
    """H(X | Y) = −Σ p(x, y) log p(x | y)."""
    whole = Distribution(family="p", events=events | given)
    return minus(expected(whole, Log(body=Mass(family="p", events=events, given=given))))


def information(one: frozenset[Event], two: frozenset[Event]) -> Term:
    """I(X; Y) = Σ p(x, y) log p(x, y) / (p(x) p(y))."""
    whole = Distribution(family="p", events=one | two)
    apart = [minus(Log(body=Mass(family="p", events=e))) for e in (one, two)]
    return expected(whole, Plus(terms=(Log(body=whole.mass), *apart)))
