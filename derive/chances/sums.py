"""Sums and integrals over outcomes, sums and products over data points."""

from __future__ import annotations

from abc import abstractmethod

from ..notation.syntax import Big, Chain, Node, Sym
from .events import SET_FONTS, NotAProbability, label, listed, unbraced
from .laws import Laws
from .shapes import is_whole, ranged, without_differentials
from .terms import At, Mass, Name, Outcome, Over, Term, Times, Total, Value, number, replaced, with_values, within

DATA_SETS = frozenset({"D", "B", "S", "I", "X"})
VALUES = "X"  # the set of the points, and of the values of a variable X
ENUMERATED = "may stand for each value of"


class Sums(Laws):
    """Reads what a big operator stands before."""

    @abstractmethod
    def term(self, node: Node) -> Term:
        """The term a node stands for."""

    def _big(self, node: Big) -> Term:
        if node.op in ("int", "iint", "iiint"):
            return self._integral(node)
        if node.op not in ("sum", "prod") or node.below is None:
            raise NotAProbability(f"{node.op} is not read among probabilities")
        below = unbraced(node.below)
        if isinstance(below, Chain) and below.operators == ("=",) and node.above is not None:
            return self._over(node, below)
        if isinstance(below, Chain) and below.operators == ("in",) and isinstance(below.operands[1], Sym):
            letters, members = listed(below.operands[0]), below.operands[1]
            if members.base in DATA_SETS and node.above is None and not self._are_values(letters, members, node):
                return self._over_data(node, letters, label(members))
            if not _are_all_values(below.operands[0], members):
                raise NotAProbability("a sum over some of the values is not read among probabilities")
            below = below.operands[0]
        if node.above is not None or node.op == "prod" or isinstance(below, Chain):
            raise NotAProbability("this sum is not read among probabilities")
        return self._totalled(listed(below), node.body)

    def _are_values(self, letters: tuple[Node, ...], members: Sym, node: Big) -> bool:
        """Whether x ∈ X are the values of a variable, and no data points: what is summed is weighted with p(x)."""
        if members.base != VALUES or node.op == "prod":
            return False
        inside = self.term(node.body)
        factors = inside.factors if isinstance(inside, Times) else (inside,)
        weighed = {e.value for m in factors if isinstance(m, Mass) for e in m.events}
        return {self.variables.value(n) for n in letters} <= weighed

    def _totalled(self, letters: tuple[Node, ...], body: Node) -> Term:
        self.found += 1
        inside = self.term(body)
        bound = []
        for node in letters:
            value = self.variables.value(node)
            if not isinstance(value, str) or not isinstance(letter := unbraced(node), Sym):
                raise NotAProbability("this sum is not read among probabilities")
            if set(letter.fonts) & SET_FONTS:
                raise NotAProbability(f"a sum over {value} that does not say by which letter")
            variable = ranged(value, inside)
            if variable is None and (numbered := self._numbered(value, inside)) is not None:
                variable, value = numbered
            variable = variable or self.variables.variable(node)
            inside = replaced(inside, Name(text=value), Outcome(variable=variable, value=value))
            bound.append((variable, value))
        return Total(bound=tuple(bound), body=inside)

    def _numbered(self, index: str, inside: Term) -> tuple[str, str] | None:
        """The variable of which C_k, with this index, is each of the values, and that letter; None if there is none.

        Not in doubt is only what is weighted with the probabilities of these values: others may be data points.

        Raises: NotAProbability: for an index that numbers the values of several variables.
        """
        events = {(m, e) for m in within(inside) if isinstance(m, Mass) for e in m.events | m.given}
        letters = {f"{letter}_{index}" for letter in self.variables.enumerated}
        found = sorted({(e.variable, e.value) for _, e in events if isinstance(e.value, str) and e.value in letters})
        if len(found) > 1:
            raise NotAProbability("an index of values of several variables is not read among probabilities")
        if not found:
            return None
        factors = inside.factors if isinstance(inside, Times) else (inside,)
        if not any(found[0] == (e.variable, e.value) for m in factors if isinstance(m, Mass) for e in m.events):
            self.doubts.append(f"{found[0][1]} {ENUMERATED} {found[0][0]}")
        return found[0]

    def _over(self, node: Big, below: Chain) -> Term:
        letter, lower = below.operands
        assert node.above is not None
        inside = self.term(node.body)
        name = label(letter)
        variable = ranged(name, inside)
        if variable is not None:
            if node.op == "prod":
                raise NotAProbability("a product over values is not read among probabilities")
            self.doubts.append("the sum may not reach over all values")
            inside = replaced(inside, Name(text=name), Outcome(variable=variable, value=name))
            return Total(bound=((variable, name),), body=inside)
        self._doubt_enumeration(name, inside)
        return Over(
            index=name, lower=self.term(lower), upper=self.term(node.above), body=inside, product=node.op == "prod"
        )

    def _over_data(self, node: Big, letters: tuple[Node, ...], data: str) -> Term:
        """Σ_{x ∈ D}, over the points of a data set."""
        names = {value for n in letters if isinstance(value := self.variables.value(n), str)}
        if len(names) < len(letters):
            raise NotAProbability("this sum over a data set is not read among probabilities")
        index = f"of {data}"

        def at_point(value: Value) -> Value:
            return At(letter=value, index=index) if isinstance(value, str) and value in names else value

        inside = with_values(self.term(node.body), at_point)
        if any(names & {letter for _, letter in t.bound} for t in within(inside) if isinstance(t, Total)):
            raise NotAProbability("a letter is bound twice")
        upper = Name(text=f"|{data}|")
        return Over(index=index, lower=number(1), upper=upper, body=inside, product=node.op == "prod")

    def _doubt_enumeration(self, index: str, inside: Term) -> None:
        """z_k may be the data point k, or the k-th of the values of z."""
        masses = [t for t in within(inside) if isinstance(t, Mass)]
        for value in (e.value for m in masses for e in m.events | m.given):
            if isinstance(value, At) and value.index == index and value.letter in self.variables.plainly:
                self.doubts.append(f"{value.letter}_{index} {ENUMERATED} {value.letter}")

    def _integral(self, node: Big) -> Term:
        body, letters = without_differentials(node.body)
        if not letters and node.below is not None and node.above is None:
            return self._totalled(listed(node.below), node.body)
        if node.below is not None and node.above is not None and not is_whole(node.below, node.above):
            raise NotAProbability("an integral over a part of the values is not read among probabilities")
        if body is None or not letters:
            raise NotAProbability("an integral without its differential")
        return self._totalled(tuple(letters), body)


def _are_all_values(letter: Node, values: Sym) -> bool:
    """Whether a set is named as the one of all values: 𝒳, or the Y of y ∈ Y, but not the A of x ∈ A."""
    named = isinstance(letter, Sym) and values.base.lower() == letter.base.lower()
    return named or bool(set(values.fonts) & SET_FONTS) or not values.base.isupper()
