r"""Reads a side of a relation as sums and products of terms.

What a bracket stands behind is a function at arguments, of which nothing is assumed but that equal arguments give equal
values; those that the text defines are written out. All else that has no reading as numbers is a term as it stands.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Abs, Expr, Integer, Mul, Pow, Rational, Symbol, exp, log, sqrt

from derive.notation.dictionary import Unreadable
from derive.notation.differentials import differentials, order_above
from derive.notation.names_in_notes import is_mark, is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Chain, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sqrt, Sym

from ..arithmetic import OPERATORS
from ..functions import Function, Key, applied, key_of
from .bounds import STROKES, Binder
from .extremes import leaks
from .logs import log_of
from .table import INDEXED, Applied, NoTerm
from .totals import CONSTANTS, joint_of
from .writing import Env, inside, items_of

BRACKETS = frozenset({"(", "[", "{"})
DIVERGENCES = frozenset({"KL"})
NO_LETTERS = frozenset({"nabla", "partial", "infty"})
NUMBERS = "NTMKZLJ"  # capitals by which texts call counts, constants and objectives
MOST_DEFINITIONS, LARGEST_POWER = 8, 64


@dataclass(kw_only=True)
class TermReader(Binder):
    """Reads the sides of one relation.

    Attributes:
        functions: what the text defines, one for each head.
        letters: what the text says that letters are.
        used: the names of what was written out.
        seen: the names of the letters and functions that were not.
    """

    functions: Mapping[Key, Function]
    letters: Mapping[Key, Node]
    used: dict[str, None] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    _open: list[Key] = field(default_factory=list)

    def read(self, node: Node, env: Env | None = None) -> Expr:
        """The value of a node.

        Args:
            node: to be read.
            env: what the letters stand for that are parameters, or bound.
        Raises: NoTerm: if it has none.
        """
        return self.value(node, env or {})

    def value(self, node: Node, env: Env) -> Expr:
        """The value of a node, within what binds some letters."""
        found: Expr = self._found(node, env)
        return found

    def _found(self, node: Node, env: Env) -> Any:
        match node:
            case Num():
                return Rational(node.text.replace(",", ""))
            case Sym():
                return self._sym(node, env)
            case Neg():
                return -self.value(node.body, env)
            case Bin():
                return self._bin(node, env)
            case Fraction():
                if (by := taken_by(node)) is not None:
                    if not by[0]:
                        raise NoTerm("a derivative of nothing")
                    return self.slope(self.product(by[0], env), by[1], env, _sign(node))
                return self.value(node.above, env) / self.value(node.below, env)
            case Sqrt() if node.degree is None:
                return sqrt(self.value(node.body, env))
            case Group():
                return self._raised(self._bracket(node, env), node.sup, env)
            case Fn() if node.argument is not None:
                return self._named(node, env)
            case Juxt():
                return self.product(node.items, env)
            case Big():
                return self.big(node, (), env)
        raise NoTerm("a part of another kind")

    # -- letters -------------------------------------------------------------------------------------------

    def _sym(self, node: Sym, env: Env) -> Any:
        power = None if node.sup is None or is_mark(node.sup) else node.sup
        if power is not None and is_transpose(power):
            raise NoTerm("a transpose")
        bare = dataclasses.replace(node, sup=None) if power is not None else node
        return self._raised(self._letter(bare, env), power, env)

    def _letter(self, node: Sym, env: Env) -> Any:
        if node.base in NO_LETTERS or ("bold" in node.fonts and not env.get(key_of(node))):
            raise NoTerm("a letter that is no number")
        found = env.get(key_of(node))
        if found is not None:
            return found
        body = self.letters.get(key_of(node)) if self.manner.unfolds else None
        if body is not None and key_of(node) not in self._open and not env:
            return self._opened(key_of(node), node.base, body, {})
        if self.manner.unfolds and (member := self._member(node, env)) is not None:
            return member
        if node.base == "e" and key_of(node) not in self.letters and not (node.sub or node.accents or node.primes):
            return exp(1)
        name, letters = self.written(node, env)
        self.seen.add(name)
        symbol = self.table.term(name, letters) if letters - {Symbol(name)} else Symbol(name)
        if node.sub is not None and node.sup is None and letters & {*env.values()}:
            index = self._argument(node.sub, env)
            bare, _ = self.written(dataclasses.replace(node, sub=None), {})
            self.table.applied.setdefault(symbol, Applied(base="", outcome=(index,), between=INDEXED, name=bare))
        return symbol

    def _member(self, node: Sym, env: Env) -> Any:
        """What the text says that a letter with an index is: δ_{t+1} by what δ_t is."""
        family = key_of(dataclasses.replace(node, sub=None))
        function = self.functions.get(family) if node.sub is not None else None
        if function is None or function.separators != INDEXED or family in self._open:
            return None
        assert node.sub is not None
        inner = self.at_indices(function, node.sub, env)
        return None if inner is None else self._opened(family, node.base, function.body, inner)

    def at_indices(self, function: Function, sub: Node, env: Env) -> Env | None:
        """What the indices of a definition stand for; None if it does not have as many."""
        indices = items_of(inside(sub))
        if len(indices) != len(function.parameters):
            return None
        pairs = zip(function.parameters, indices, strict=True)
        return {key_of(parameter): self.value(index, env) for parameter, index in pairs}

    def _opened(self, key: Key, name: str, body: Node, env: Env) -> Any:
        """What a definition gives, which is not used again within itself."""
        if len(self._open) >= MOST_DEFINITIONS:
            raise NoTerm("definitions within definitions")
        self._open.append(key)
        try:
            value = self.value(body, env)
        finally:
            self._open.pop()
        self.used[name] = None
        return value

    def _raised(self, value: Expr, sup: Node | None, env: Env) -> Any:
        if sup is None:
            return value
        if is_transpose(sup) or is_mark(sup):
            raise NoTerm("a mark on a bracket")
        power = self.value(sup, env)
        if power.is_number and abs(power) > LARGEST_POWER:
            raise NoTerm("a power that is too large")
        return Pow(value, power)

    def _bin(self, node: Bin, env: Env) -> Any:
        if leaks(node):
            raise NoTerm("a maximum of which it is not clear how far it reaches")
        left, right = self.value(node.left, env), self.value(node.right, env)
        if node.op not in OPERATORS:
            raise NoTerm(f"the operator {node.op}")
        return OPERATORS[node.op](left, right)

    def _bracket(self, node: Group, env: Env) -> Any:
        if node.primes:
            raise NoTerm("a bracket with a prime")
        if node.sub is not None:
            self.table.loose = True
            name, letters = self.written(dataclasses.replace(node, sup=None), env)
            return self.table.term(f"⟦{name}⟧", letters)
        if node.opening in BRACKETS and not isinstance(node.body, Listing):
            return self.value(node.body, env)
        if node.opening == "|" and not isinstance(node.body, Listing):
            magnitude: Expr = Abs(self.value(node.body, env))
            return magnitude
        raise NoTerm("a bracket of another kind")

    # -- what stands side by side --------------------------------------------------------------------------

    def product(self, items: Iterable[Node], env: Env) -> Expr:
        """The value of factors side by side."""
        waiting, found = list(items), []
        while waiting:
            found.append(self._first(waiting, env))
        if sum(not f.is_number for f in found) > 1 and any(self._may_be_matrix(f) for f in found):
            raise NoTerm("a product of what may be a matrix")
        result: Expr = Mul(*found)
        return result

    def _may_be_matrix(self, factor: Expr) -> bool:
        """Whether a factor is a bare capital, and none by which texts call a number."""
        base = factor.as_base_exp()[0]
        bare = isinstance(base, Symbol) and base not in self.table.applied and base not in self.table.totals
        return bare and str(base)[:1].isupper() and str(base)[0] not in NUMBERS

    def _first(self, waiting: list[Node], env: Env) -> Any:
        """The value of the first factor of several, which is taken off."""
        item = waiting.pop(0)
        following = waiting[0] if waiting else None
        if isinstance(item, Sym) and item.base in ("nabla", "partial") and waiting:
            if item.sub is None or item.sup is not None:
                raise NoTerm("a gradient by nothing")
            return self.slope(self._reached(waiting, env), item.sub, env)
        if isinstance(item, Fraction) and (by := taken_by(item)) is not None and not by[0] and waiting:
            return self.slope(self._reached(waiting, env), by[1], env, _sign(item))
        if isinstance(item, Sym) and isinstance(following, Group) and self._is_applied(item, following):
            waiting.pop(0)
            return self._raised(self._applied(item, following, env), following.sup, env)
        if isinstance(item, Big):
            behind = tuple(waiting)
            waiting.clear()
            return self.big(item, behind, env)
        if isinstance(item, Fn) and isinstance(item.argument, Juxt) and not self.manner.reaches:
            own = list(item.argument.items)
            first = self._named_at(item, self._first(own, env), env)
            waiting[:0] = own
            return first
        return self.value(item, env)

    def _reached(self, waiting: list[Node], env: Env) -> Any:
        if not self.manner.reaches:
            return self._first(waiting, env)
        value = self.product(waiting, env)
        waiting.clear()
        return value

    def _is_applied(self, head: Sym, group: Group) -> bool:
        if group.opening not in ("(", "[") or group.sub is not None or group.primes or is_transpose(head.sup):
            return False
        if isinstance(group.body, Listing | Sym | Chain) or key_of(head) in self.functions:
            return True
        return not (head.base in CONSTANTS - {"sigma"} and isinstance(group.body, Bin | Neg))

    def _applied(self, head: Sym, group: Group, env: Env) -> Any:
        """The value of a function, of a mean, or of what is taken of two distributions."""
        plain = head.sup is None and not head.primes and not head.accents  # σ² and σ′ are other functions
        if plain and head.base == "E" and ("bb" in head.fonts or group.opening == "["):
            return self.mean(head, group, env)
        if plain and head.base == "D" and _letters_below(head) in DIVERGENCES:
            return self.divergence(head.base, group, env)
        logistic = plain and head.base == "sigma" and head.sub is None and self.manner.sigmoid
        if logistic and not isinstance(group.body, Listing):
            return 1 / (1 + exp(-self.value(group.body, env)))
        if head.base in self.manner.squares and head.sup is not None:
            return self._raised(self._applied(dataclasses.replace(head, sup=None), group, env), head.sup, env)
        taken = applied(Juxt(items=(head, dataclasses.replace(group, sup=None)), span=head.span))
        if taken is None:
            raise NoTerm("a function of another kind")
        _, nodes, separators = taken
        arguments = tuple(self._argument(n, env) for n in nodes)
        function = self.functions.get(key_of(head)) if self.manner.unfolds else None
        if function is not None and key_of(head) not in self._open:
            inner = self._parameters(function, nodes, arguments, separators)
            if inner is not None:
                return self._opened(function.head, head.base, function.body, inner)
        strokes = [k for k, s in enumerate(separators) if s in STROKES]
        at = strokes[0] + 1 if strokes else len(arguments)
        base = "" if key_of(head) in self.functions else head.base  # what is defined need not be normalised
        name, letters = self.written(head, env)
        value = Applied(
            base=base,
            outcome=arguments[:at],
            given=arguments[at:],
            separators=separators[at - 1 :],
            between=separators[: at - 1],
            name=name,
        )
        if key_of(head) in self.manner.joint and all(isinstance(a, Symbol) for a in arguments):
            return self._chance(name, letters - {Symbol(name)}, value)
        return self._term(letters - {Symbol(name)}, value)

    def _term(self, letters: frozenset[Symbol], value: Applied) -> Symbol:
        """A function at arguments."""
        letters = letters | {s for a in value.arguments for s in self.table.letters_of(a)}
        symbol = self.table.term(value.written(), letters)
        self.seen.add(symbol.name)
        self.table.applied.setdefault(symbol, value)
        return symbol

    def _chance(self, name: str, letters: frozenset[Symbol], value: Applied) -> Any:
        """A probability by those of all that it speaks of: p(x | y; θ) is p(x, y; θ)/p(y; θ)."""
        given = [(s, g) for s, g in zip(value.separators, value.given, strict=True)]
        fixed = next((k for k, (s, _) in enumerate(given) if s == ";"), len(given))
        held, parameters = [g for _, g in given[:fixed]], tuple(g for _, g in given[fixed:])
        separators = tuple(s for s, _ in given[fixed:])
        whole = joint_of(name, letters, (*value.outcome, *held), parameters, separators, value.base, self.table)
        self.seen.add(whole.name)
        if not held:
            return whole
        below = joint_of(name, letters, held, parameters, separators, value.base, self.table)
        self.seen.add(below.name)
        return whole / below

    def _argument(self, node: Node, env: Env) -> Any:
        """The value of an argument; a term as it is written where it has none."""
        try:
            return self.value(node, env)
        except NoTerm:
            name, letters = self.written(node, env)
            return self.table.term(f"⟨{name}⟩", letters)

    def _parameters(
        self, function: Function, nodes: tuple[Node, ...], arguments: tuple[Expr, ...], separators: tuple[str, ...]
    ) -> dict[Key, Expr] | None:
        """What the parameters of a definition stand for; None if it does not speak of these arguments."""
        if len(nodes) != len(function.parameters) or separators != function.separators:
            return None  # also where it is a letter with an index
        inside = _keys(function.body)
        given: dict[Key, Expr] = {}
        for parameter, node, value in zip(function.parameters, nodes, arguments, strict=True):
            if isinstance(parameter, Sym) and parameter.sup is None and key_of(parameter) in inside:
                given[key_of(parameter)] = value
            elif key_of(parameter) != key_of(node):
                return None
        return given

    # -- functions with a name -----------------------------------------------------------------------------

    def _named(self, node: Fn, env: Env) -> Any:
        assert node.argument is not None
        if node.name in DIVERGENCES and isinstance(node.argument, Group) and node.sup is None and not node.primes:
            return self.divergence(node.name, node.argument, env)
        if isinstance(node.argument, Juxt) and not self.manner.reaches:
            return self.product((node,), env)
        return self._named_at(node, self._argument(node.argument, env), env)

    def _named_at(self, node: Fn, value: Expr, env: Env) -> Any:
        if node.primes:
            raise NoTerm("a function with a prime")
        if node.name in ("log", "ln"):
            base = Integer(1) if node.sub is None else log(self.value(node.sub, env))
            return self._raised(log_of(value) / base, node.sup, env)
        if node.name == "exp" and node.sub is None:
            return self._raised(exp(value), node.sup, env)
        if node.name == "sqrt":
            return self._raised(sqrt(value), node.sup, env)
        name, letters = self.written(node.sub, env) if node.sub is not None else ("", frozenset())
        symbol = self.table.term(f"{node.name}_{name}({value})", letters | self.table.letters_of(value))
        return self._raised(symbol, node.sup, env)


# -- small parts -----------------------------------------------------------------------------------------


def _keys(node: Node) -> set[Key]:
    """What stands in a node, letters without their exponents."""
    return {key_of(dataclasses.replace(n, sup=None) if isinstance(n, Sym) else n) for n in walk(node)}


def taken_by(node: Fraction) -> tuple[tuple[Node, ...], Sym] | None:
    """What a fraction differentiates, and by what; None if it is a plain one.

    Raises: NoTerm: if it is a derivative of another kind.
    """
    try:
        above = order_above(node.above)
        below = None if above is None else differentials(node.below, above[0])
    except Unreadable:
        raise NoTerm("a derivative of another kind") from None
    if above is None or below is None:
        return None
    if above[0] != 1 or len(below) != 1 or not isinstance(below[0], Sym):
        raise NoTerm("a derivative of another kind")
    return above[1], below[0]


def _sign(node: Fraction) -> str:
    """The sign of a derivative: d f/dx need not be ∂f/∂x."""
    return "∂" if any(isinstance(n, Sym) and n.base == "partial" for n in walk(node.below)) else "d"


def _letters_below(head: Sym) -> str:
    return "".join(getattr(n, "base", "") for n in items_of(head.sub)) if head.sub is not None else ""
