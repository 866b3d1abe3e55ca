"""From the structure of a formula to a term about probabilities."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ..notation.runs import walk
from ..notation.syntax import Big, Bin, Empty, Fn, Group, Juxt, Listing, Neg, Node, Num, Sqrt, Sym
from ..notation.syntax import (
    Fraction as Quotient,
)
from .events import (
    EITHER,
    SURE_FAMILIES,
    NotAProbability,
    conditioned,
    is_probability,
    label,
    listed,
    unbraced,
)
from .measures import Distribution, covariance, cross_entropy, divergence, entropy, expected, information
from .shapes import (
    COVARIANCES,
    DIVERGENCES,
    FUNCTIONS,
    differentiated_by,
    is_argument,
    is_barred,
    is_expectation,
    is_one,
    worded,
)
from .slopes import changes, slope
from .sums import Sums
from .terms import (
    ZERO,
    Applied,
    Event,
    Exp,
    Log,
    Mass,
    Name,
    Outcome,
    Plus,
    Power,
    Term,
    Times,
    minus,
    number,
    over,
    within,
)

EXPECTATIONS = frozenset({"E", "Ep"})
VARIANCES = frozenset({"Var", "var", "V", "Variance"})
INSIDE = ("(", "[", r"\{")


class Reading(Sums):
    """Reads the sides of one statement."""

    def term(self, node: Node) -> Term:
        """The term a node stands for.

        Raises: NotAProbability: where it has no such meaning.
        """
        method = _METHODS.get(type(node))
        if method is None:
            raise NotAProbability(f"{type(node).__name__.lower()} is not read among probabilities")
        term: Term = method(self, node)
        return term

    # -- numbers, letters, operators -------------------------------------------------------------

    def _num(self, node: Num) -> Term:
        return number(Fraction(node.text.replace(",", "")))

    def _sym(self, node: Sym) -> Term:
        if node.base in ("nabla", "partial", "infty", "cdot", "ast"):
            raise NotAProbability(f"{node.base} is not read among probabilities")
        if node.base == "e" and node.sup is not None and not (node.sub or node.accents or node.primes):
            return Exp(body=self.term(unbraced(node.sup)))
        plain = dataclasses.replace(node, sup=None) if not self.variables.index_of(node) else node
        raised = plain is not node and node.sup is not None
        if raised and label(node) in self.names:
            return self.names[label(node)]
        base = self._letter(plain)
        return self._raised(base, node.sup) if raised else base

    def _letter(self, node: Sym) -> Term:
        variable = self.variables.variable(node)
        if variable in self.variables.known:
            if variable in self.variables.random:
                self.letters.add(label(node))
            return Outcome(variable=variable, value=self.variables.value(node))
        name = label(node)
        called = [known for known in self.names if known == name or known.startswith(f"{name}(")]
        if called:
            return self.names[called[0]]
        if self.variables.index_of(node):
            raise NotAProbability(f"{label(node)} is not known to be an outcome")
        return Name(text=label(node))

    def _raised(self, base: Term, sup: Node | None) -> Term:
        if sup is None:
            return base
        inner = unbraced(sup)
        if isinstance(inner, Sym) and (
            inner.base in ("T", "top", "prime", "ast", "star", "*", "dagger", "intercal", "c")
        ):
            raise NotAProbability(f"the mark {inner.base} is not read among probabilities")
        if isinstance(inner, Group):
            raise NotAProbability("a superscript in brackets is not read among probabilities")
        return Power(base=base, exponent=self.term(inner))

    def _neg(self, node: Neg) -> Term:
        return minus(self.term(node.body))

    def _bin(self, node: Bin) -> Term:
        if isinstance(node.left, Empty):
            return self.term(node.right)
        left, right = self.term(node.left), self.term(node.right)
        match node.op:
            case "+":
                return Plus(terms=(left, right))
            case "-":
                return Plus(terms=(left, minus(right)))
            case "cdot" | "times" | "*":
                return Times(factors=(left, right))
            case "/":
                return over(left, right)
        raise NotAProbability(f"the operator {node.op} is not read among probabilities")

    def _fraction(self, node: Quotient) -> Term:
        if (wrt := differentiated_by(node, of=True)) is not None and isinstance(node.above, Juxt):
            return self._slope(wrt, list(node.above.items[1:]))
        return over(self.term(node.above), self.term(node.below))

    def _sqrt(self, node: Sqrt) -> Term:
        if node.degree is not None:
            raise NotAProbability("a root with a degree is not read among probabilities")
        return Power(base=self.term(node.body), exponent=number(Fraction(1, 2)))

    def _group(self, node: Group) -> Term:
        if node.opening not in (*INSIDE, "{", "") or node.sub is not None or node.primes:
            raise NotAProbability("this bracket is not read among probabilities")
        return self._raised(self.term(node.body), node.sup)

    # -- products and what is applied ------------------------------------------------------------

    def _juxt(self, node: Juxt) -> Term:
        factors: list[Term] = []
        items = list(node.items)
        words = frozenset(name.partition("(")[0] for name in self.names)
        while items:
            items = worded(items, words)
            head = items.pop(0)
            if _reaches_on(head, items):
                assert isinstance(head, Fn) and head.argument is not None
                self.doubts.append(f"it is not clear how far {head.name} reaches")
                inside = Juxt(items=(head.argument, *items), span=(head.span[0], items[-1].span[1]))
                head, items = dataclasses.replace(head, argument=inside), []
            group = items[0] if items and isinstance(items[0], Group) and items[0].opening in INSIDE else None
            if (wrt := differentiated_by(head)) is not None and items:
                factors.append(self._slope(wrt, items))
                continue
            if isinstance(head, Sym) and is_expectation(head, group):
                factors.append(self._expectation(head, items))
                continue
            applied = self._applied(head, group) if isinstance(head, Sym) and isinstance(group, Group) else None
            if applied is not None:
                items.pop(0)
            factors.append(self.term(head) if applied is None else applied)
        return factors[0] if len(factors) == 1 else Times(factors=tuple(factors))

    def _slope(self, wrt: Node, items: list[Node]) -> Term:
        """∇_θ of the factor behind it, a letter with its bracket being one."""
        if self.plain:
            raise NotAProbability("a derivative by a parameter that is left out")
        letter = label(wrt)
        following = items[0]
        behind = items[1] if len(items) > 1 else None
        group = behind if isinstance(behind, Group) else None
        bracketed = isinstance(following, Sym) and group is not None
        whole = isinstance(following, Sym) and is_expectation(following, group)
        count = 2 if bracketed else len(items) if whole else 1
        unit = items[:count]
        del items[:count]
        inner = unit[0] if count == 1 else Juxt(items=tuple(unit), span=(unit[0].span[0], unit[-1].span[1]))
        body = self.term(inner)
        if any(changes(t, letter) for n in items for t in within(self._quietly(n))):
            self.doubts.append("it is not clear how far the derivative reaches")
        return slope(body, letter)

    def _quietly(self, node: Node) -> Term:
        try:
            return self.term(node)
        except NotAProbability:
            return ZERO

    def _applied(self, head: Sym, group: Group) -> Term | None:
        """A letter before a bracket that is no factor: p(x|z), Var(X), KL(q‖p), H(X), f(x)."""
        measure = self._measure(label(dataclasses.replace(head, fonts=())), head, group)
        if measure is not None:
            return self._raised(measure, group.sup)
        if is_probability(head, group):
            return self._raised(self._mass(head, group), group.sup)
        return self._function(head, group) if is_argument(group) else None

    def _function(self, head: Sym, group: Group) -> Term | None:
        """A name that the text defines with these arguments, or an unknown function; None for a product."""
        if head.sup is not None and any(known.startswith(f"{head.base}(") for known in self.names):  # Bias²(T)
            inner = self._function(dataclasses.replace(head, sup=None), group)
            return None if inner is None else self._raised(inner, head.sup)
        name = label(head)
        if name in self.variables.densities:
            raise NotAProbability(f"{name} stands for densities in this text")
        nodes = [n for half in conditioned(group.body) for n in half]
        called = f"{name}({','.join(map(label, nodes))})"
        if called in self.names:
            return self._raised(self.names[called], group.sup)
        if any(known.startswith(f"{name}(") for known in self.names):
            raise NotAProbability(f"{name} is defined for other arguments")
        if name in FUNCTIONS:
            return self._raised(Applied(name=name, arguments=tuple(map(self.term, nodes))), group.sup)
        if any(self.variables.variable(n) in self.variables.known for n in nodes if isinstance(unbraced(n), Sym)):
            raise NotAProbability(f"it is not clear what {name}(…) is")
        return None

    def _mass(self, head: Sym | Fn, group: Group) -> Term:
        self.found += 1
        self._doubt_case(head)
        events, given = conditioned(group.body)
        if len(events) == 1 and isinstance(bare := unbraced(events[0]), Bin) and bare.op in EITHER:
            return self._either(head, bare, given)
        found, conditions = self._bracket(group)
        if {e.variable for e in found} & {e.variable for e in conditions}:
            raise NotAProbability("one variable stands before and behind the bar")
        return Mass(family=self._family(head, group), events=found, given=conditions)

    def _either(self, head: Sym | Fn, union: Bin, given: tuple[Node, ...]) -> Term:
        """P(A ∪ B) = P(A) + P(B) − P(A ∩ B)."""
        family, conditions = self._family(head), self._conditions(given)
        one, two = (self.variables.events(listed(side)) for side in (union.left, union.right))
        self.unions += 1
        single = [Mass(family=family, events=e, given=conditions) for e in (one, two, one | two)]
        return Plus(terms=(single[0], single[1], *(() if self.disjoint else (minus(single[2]),))))

    # -- expected values and divergences ---------------------------------------------------------

    def _expectation(self, head: Sym | Fn, items: list[Node]) -> Term:
        """E_{z ~ q(z)}[…], E_q[…], E[… | y]; without brackets all that follows."""
        self._count_measure()
        group = items[0] if items and isinstance(items[0], Group) and items[0].opening in INSIDE else None
        if group is not None:
            items.pop(0)
            body, power = group.body, group.sup
        else:
            if not items:
                raise NotAProbability("an expected value of nothing")
            if len(items) > 1 and not is_one(items):
                self.doubts.append("it is not clear how far the expected value reaches")
            body, power = Juxt(items=tuple(items), span=(items[0].span[0], items[-1].span[1])), None
            items.clear()
        given: tuple[Node, ...] = ()
        if isinstance(body, Listing):
            (body, *more), given = conditioned(body)
            if more:
                raise NotAProbability("an expected value of a list")
        inside = self.term(body)
        law = self._law(head.sub, inside)
        law = dataclasses.replace(law, given=law.given | self.variables.events(given))
        return self._raised(expected(law, inside), power)

    def _count_measure(self) -> None:
        self.found += 1
        self.measures += 1

    def _measure(self, name: str, head: Sym | Fn, group: Group) -> Term | None:
        """Var, Cov, KL, H and I of a bracket; None if the letter is none of these."""
        name = name.removeprefix("cal ")
        body = group.body
        if name in VARIANCES and (name != "V" or (isinstance(head, Sym) and head.fonts)):
            return self._covariance(body, (body, body) if not is_barred(body) else None)
        if name in COVARIANCES and len(listed(body)) == 2:
            left, right = listed(body)
            return self._covariance(body, (left, right))
        if (
            name in DIVERGENCES
            and isinstance(body, Listing)
            and body.separator in ("||", ",", "|")
            and len(body.items) == 2
        ):
            if name == "D" and body.separator != "||":
                return None
            return self._divergence(body)
        if name == "H" and (self.entropies or _is_capital(body)):
            return self._entropy(body)
        if name in ("I", "MI") and isinstance(body, Listing) and body.separator in (";", ","):
            self._count_measure()
            one, two = (self.variables.events(listed(part)) for part in body.items)
            return information(one, two)
        return None

    def _covariance(self, body: Node, sides: tuple[Node, Node] | None) -> Term:
        self._count_measure()
        given: frozenset[Event] = frozenset()
        if sides is None:
            inside, conditions = conditioned(body)
            if len(inside) != 1:
                raise NotAProbability("a variance of a list")
            sides, given = (inside[0], inside[0]), self.variables.events(conditions)
        left, right = self.term(sides[0]), self.term(sides[1])
        law = self._unnamed(Plus(terms=(left, right)))
        law = Distribution(family="p", events=law.events - given, given=given)
        return covariance(law, left, right)

    def _divergence(self, body: Listing) -> Term:
        self._count_measure()
        first = self.distribution(body.items[0], None)
        return divergence(first, self.distribution(body.items[1], None))

    def _entropy(self, body: Node) -> Term:
        self._count_measure()
        parts = listed(body)
        laws = []
        for part in parts:
            try:
                laws.append(self.distribution(part, None))
            except NotAProbability:
                break
        if laws and len(laws) == len(parts) <= 2:
            return cross_entropy(laws[0], laws[-1])
        if any(isinstance(n := unbraced(p), Sym) and n.base in SURE_FAMILIES for p in parts):
            raise NotAProbability("the entropy of a distribution of which the variables are not known")
        events, given = conditioned(body)
        return entropy(self.variables.events(events), self.variables.events(given))

    def _fn(self, node: Fn) -> Term:
        if node.argument is None:
            raise NotAProbability(f"{node.name} of nothing")
        group = node.argument if isinstance(node.argument, Group) else None
        if node.name in EXPECTATIONS:
            return self._expectation(node, [node.argument])
        if node.name in ("P", "Pr", "p") and group is not None:
            return self._raised(self._mass(node, group), group.sup)
        name = node.name + ("" if node.sub is None else f"_{label(node.sub)}")
        if group is not None and (measure := self._measure(name, node, group)) is not None:
            return self._raised(measure, group.sup)
        if node.name in ("log", "ln", "exp") and node.sub is None and not node.primes:
            items = node.argument.items if isinstance(node.argument, Juxt) else (node.argument,)
            if not is_one(list(items)):
                self.doubts.append(f"it is not clear how far {node.name} reaches")
            inner = self.term(node.argument)
            return self._raised(Exp(body=inner) if node.name == "exp" else Log(body=inner), node.sup)
        raise NotAProbability(f"the function {node.name} is not read among probabilities")


def _reaches_on(head: Node, rest: list[Node]) -> bool:
    """Whether a logarithm of a bare fraction reaches over the sum behind it: log 1/n Σ_i …"""
    if not isinstance(head, Fn) or head.name not in ("log", "ln") or not isinstance(head.argument, Quotient):
        return False
    return len(rest) == 1 and isinstance(rest[0], Big) and rest[0].op == "sum"


def _is_capital(body: Node) -> bool:
    """Whether a bracket begins with a capital letter, as random variables do."""
    first = next((n for n in walk(body) if isinstance(n, Sym)), None)
    return first is not None and first.base.isupper()


_METHODS: Mapping[type, Callable[[Any, Any], Term]] = {
    Num: Reading._num,
    Sym: Reading._sym,
    Neg: Reading._neg,
    Bin: Reading._bin,
    Quotient: Reading._fraction,
    Sqrt: Reading._sqrt,
    Group: Reading._group,
    Juxt: Reading._juxt,
    Fn: Reading._fn,
    Big: Reading._big,
}
