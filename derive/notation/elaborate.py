"""From the structure of a formula to an index expression, with the letters as the survey of the text shows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from sympy import Abs, Expr, Idx, Integer, KroneckerDelta, Mul, Product, Rational, Sum, exp, log, pi, sqrt

from ..calculus.differentiate import row_derivative
from ..vocabulary import Partial, index, is_name, scalar, size, tensor
from .conventions import FUNCTION_LETTERS, NO_QUANTITIES, PROBABILITY_LETTERS
from .dictionary import Dictionary, Unreadable
from .differentials import after_d, ends_in_operator, first_base
from .names_in_notes import Named, is_letter, take_apart
from .probabilities import event_name, is_event
from .runs import walk
from .scope import binder, present, reach
from .survey import argument_names, only_names
from .syntax import Big, Bin, Chain, Empty, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Span, Sqrt, Sym

__all__ = ["Dictionary", "Reader", "Unreadable"]

Bound = Mapping[str, Idx]


class Reader:
    """Reads the sides of one statement; free letters keep one range throughout it.

    Attributes:
        free: the indices that are bound by no sum.
        samples: those of them, or of the sums, that count data points.
        atoms: the spans read as one value each, with their values.
        doubts: why the author may have meant something else than what was read.
    """

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.survey = dictionary.survey
        self.letters = dictionary.survey.letters
        self.free: dict[str, Idx] = {}
        self.samples: set[Idx] = set()
        self.atoms: list[tuple[Span, Expr]] = []
        self.doubts: list[str] = []

    def read(self, node: Node) -> Expr:
        """The index expression that a node stands for.

        Raises: Unreadable: with the part that has no reading and why.
        """
        return self._expr(reach(node), {})

    def _expr(self, node: Node, bound: Bound) -> Expr:
        method = _METHODS.get(type(node))
        if method is None:
            raise Unreadable(f"{_kind(node)} is not read here", node.span)
        value: Expr = method(self, node, bound)
        return value

    # -- numbers, signs, brackets ----------------------------------------------------------------

    def _num(self, node: Num, bound: Bound) -> Expr:
        if "." in node.text:
            self.doubts.append(f"{node.text} may be rounded")
        number: Expr = Rational(node.text.replace(",", ""))
        return number

    def _neg(self, node: Neg, bound: Bound) -> Expr:
        return -self._expr(node.body, bound)

    def _bin(self, node: Bin, bound: Bound) -> Expr:
        if node.op not in _OPERATORS:
            raise Unreadable(f"the operator {node.op} is not read here", node.span)
        if ends_in_operator(node.left):
            self.doubts.append("it is not clear how far the derivative reaches")
        return _OPERATORS[node.op](self._expr(node.left, bound), self._expr(node.right, bound))

    def _group(self, node: Group, bound: Bound) -> Expr:
        if node.sub is not None or node.primes:
            raise Unreadable("a subscript or prime on a bracket is not read here", node.span)
        inner = self._expr(node.body, bound)
        if node.opening == "|":
            inner = Abs(inner)
            self.doubts.append("bars may mean something else than the absolute value")
        elif node.opening not in ("(", "[", "{", r"\{"):
            raise Unreadable(f"the bracket {node.opening} is not read here", node.span)
        return inner if node.sup is None else self._power(inner, node.sup, bound)

    def _power(self, base: Expr, sup: Node, bound: Bound) -> Expr:
        if isinstance(sup, Sym) and sup.base in ("T", "top", "intercal", "prime", "dagger", "ast", "star"):
            raise Unreadable(f"the mark {sup.base} on an expression is not read here", sup.span)
        if isinstance(sup, Group) and sup.opening != "{":
            raise Unreadable("a superscript in brackets on an expression is not read here", sup.span)
        value: Expr = base ** self._expr(sup.body if isinstance(sup, Group) else sup, bound)
        return value

    def _fraction(self, node: Fraction, bound: Bound) -> Expr:
        derivative = self._derivative(node, bound)
        if derivative is None:
            quotient: Expr = self._expr(node.above, bound) / self._expr(node.below, bound)
            return quotient
        of, wrt = derivative
        if of is None:
            raise Unreadable("the derivative has nothing to differentiate", node.span)
        return self._atom(node.span, Partial(of, wrt))

    def _sqrt(self, node: Sqrt, bound: Bound) -> Expr:
        if node.degree is not None:
            raise Unreadable("a root with a degree is not read here", node.span)
        root: Expr = sqrt(self._expr(node.body, bound))
        return root

    # -- products, applications, derivatives -----------------------------------------------------

    def _juxt(self, node: Juxt, bound: Bound) -> Expr:
        factors: list[Expr] = []
        items = list(node.items)
        while items:
            item = items.pop(0)
            following = items[0] if items else None
            if isinstance(item, Fraction) and (d := self._derivative(item, bound)) is not None and d[0] is None:
                span = (item.span[0], node.items[-1].span[1])
                return Mul(*factors, self._atom(span, Partial(self._operand(item, items, bound), d[1])))
            if isinstance(item, Sym) and isinstance(following, Group) and following.opening in ("(", "["):
                applied = self._applied(item, following, bound)
                if applied is not None:
                    factors.append(applied)
                    items.pop(0)
                    continue
            if isinstance(item, Bin) and item.op == "/" and following is not None:
                self.doubts.append("it is not clear what stands below the stroke")
            factors.append(self._expr(item, bound))
        return Mul(*factors)

    def _operand(self, operator: Fraction, items: list[Node], bound: Bound) -> Expr:
        """What ∂/∂w stands before."""
        if not items:
            raise Unreadable("the derivative has nothing to differentiate", operator.span)
        applied = isinstance(items[0], Sym) and len(items) == 2 and isinstance(items[1], Group)
        if len(items) > 1 and not applied:
            self.doubts.append("it is not clear how far the derivative reaches")
        rest = items[0] if len(items) == 1 else Juxt(items=tuple(items), span=(items[0].span[0], items[-1].span[1]))
        return self._expr(rest, bound)

    def _applied(self, sym: Sym, group: Group, bound: Bound) -> Expr | None:
        """A letter before a bracket as a function of it; None if it is a factor."""
        if sym.base in PROBABILITY_LETTERS and is_event(group):
            return self._probability(sym, group, bound)
        span = (sym.span[0], group.span[1])
        if self.dictionary.function(sym.base) is not None:
            return self._atom(span, self._function_value(sym.base, sym, group, bound))
        if isinstance(group.sup, Group):
            raise Unreadable("a superscript in brackets on an expression is not read here", group.span)
        unprimed = take_apart(
            Sym(base=sym.base, accents=sym.accents, fonts=sym.fonts, span=sym.span), self.letters
        ).plain
        known = self.survey.arguments.get(self.survey.name(take_apart(sym, self.letters)))
        if sym.primes == 1 and sym.sub is None and unprimed in self.survey.arguments:
            return self._derivative_of(unprimed, group, bound, span)
        if known is not None:
            return self._named_value(sym, group, known, bound)
        plain = self.survey.name(take_apart(sym, self.letters))
        function = sym.base in FUNCTION_LETTERS and plain not in self.survey.defined
        if function or sym.primes or plain not in self.survey.standing:
            raise Unreadable(f"it is not clear what {plain}(…) is", sym.span)
        return None

    def _named_value(self, sym: Sym, group: Group, known: frozenset[tuple[str, ...]], bound: Bound) -> Expr:
        """L(θ) as the quantity L, if these are the arguments, or some of them, that the text introduces it with."""
        plain = take_apart(sym, self.letters).plain
        given = set(argument_names(group, self.letters)) if only_names(group) else None
        if given is None or not any(given <= set(args) or given >= set(args) for args in known):
            raise Unreadable(
                f"{plain} is a function of its arguments; its value elsewhere is not read here", group.span
            )
        return self._expr(sym, bound)

    def _derivative_of(self, plain: str, group: Group, bound: Bound, span: Span) -> Expr:
        """f′(x) as ∂f/∂x."""
        if self.survey.arguments[plain] != {argument_names(group, self.letters)} or not only_names(group):
            raise Unreadable(f"the derivative of {plain} elsewhere is not read here", group.span)
        wrt = self._expr(group.body, bound)
        if not is_name(wrt):
            raise Unreadable("a derivative is taken by something that is not a quantity", group.span)
        return self._atom(span, Partial(scalar(plain), wrt))

    def _function_value(self, name: str, head: Sym | Fn, argument: Node, bound: Bound) -> Expr:
        """A known function of an argument, its derivative if it is primed, or a power of it: σ′(z), tanh²(z)."""
        row = self.dictionary.function(name)
        if name in self.dictionary.own:
            raise Unreadable(f"{name} has a meaning of its own in this text", head.span)
        if row is None and name not in _ELEMENTARY:
            raise Unreadable(f"the function {name} is not known here", head.span)
        if name in self.survey.standing and isinstance(head, Sym):
            raise Unreadable(f"{name} stands for a function here and for a quantity elsewhere", head.span)
        if head.sub is not None or head.primes > 1 or (head.primes and row is None):
            raise Unreadable(f"a script on {name} is not read here", head.span)
        if head.sup is not None and not (isinstance(head.sup, Num) and head.sup.text.isdigit()):
            raise Unreadable(f"this superscript on the function {name} is not read here", head.span)
        if not self.dictionary.is_established(name):
            self.doubts.append(f"the text does not say which function {name} is")
        outer: Node | None = head.sup
        if isinstance(argument, Group) and argument.opening in ("(", "[") and argument.sup is not None:
            if outer is not None or (isinstance(argument.sup, Group) and argument.sup.opening != "{"):
                raise Unreadable(f"the superscripts of {name} are not read here", head.span)
            outer, argument = argument.sup, dataclasses.replace(argument, sup=None)  # tanh(z)² is (tanh z)²
        inner = self._expr(argument, bound)
        if row is None:
            value: Expr = _ELEMENTARY[name](inner)
        else:
            value = row_derivative(row.row, inner) if head.primes else row(inner)
        return value if outer is None else self._power(value, outer, bound)

    def _probability(self, sym: Sym, group: Group, bound: Bound) -> Expr:
        """P(Y = y | X = x) as a quantity of its own, at the data point whose index its arguments carry."""
        samples = {
            self._sample(take_apart(s, self.letters), bound)
            for s in walk(group.body)
            if isinstance(s, Sym) and not is_letter(s, self.letters) and take_apart(s, self.letters).sample is not None
        }
        if len(samples) > 1:
            raise Unreadable("a probability of two different data points is not read here", group.span)
        name = event_name(sym, group, self.letters)
        value = tensor(name)[samples.pop()] if samples else scalar(name)
        return self._atom((sym.span[0], group.span[1]), value)

    def _derivative(self, node: Fraction, bound: Bound) -> tuple[Expr | None, Expr] | None:
        """(of, wrt) of ∂of/∂wrt, `of` None for the operator ∂/∂wrt; None if it is a plain fraction."""
        below, above = after_d(node.below), after_d(node.above)
        if below is None or above is None or not below:
            return None
        if len(below) > 1:
            raise Unreadable("a derivative by several quantities is not read here", node.below.span)
        if "d" in self.survey.defined and "d" in (first_base(node.below), first_base(node.above)):
            self.doubts.append("d is a quantity of the text")
        wrt = self._expr(below[0], bound)
        if not is_name(wrt):
            raise Unreadable("a derivative is taken by something that is not a quantity", node.below.span)
        if not above:
            return None, wrt
        return self._expr(above[0] if len(above) == 1 else Juxt(items=above, span=node.above.span), bound), wrt

    def _fn(self, node: Fn, bound: Bound) -> Expr:
        if node.argument is None:
            raise Unreadable(f"{node.name} has no argument", node.span)
        if isinstance(node.argument, Juxt) and any(isinstance(i, Group) for i in node.argument.items[1:]):
            self.doubts.append(f"it is not clear how far {node.name} reaches")
        return self._atom(node.span, self._function_value(node.name, node, node.argument, bound))

    # -- sums ------------------------------------------------------------------------------------

    def _big(self, node: Big, bound: Bound) -> Expr:
        b = binder(node.below)
        if node.op not in ("sum", "prod") or b is None:
            raise Unreadable(f"{node.op} with this subscript is not read here", node.span)
        letter, lower = b
        upper = present(node.above)
        if upper is not None:
            low, high = self.dictionary.limits((lower, upper), letter)
        else:
            low, high = self._implied(letter, node.body, lower)
        i = index(letter, low, high)
        body = self._expr(node.body, {**bound, letter: i})
        return self._atom(node.span, (Sum if node.op == "sum" else Product)(body, (i, low, high)))

    def _implied(self, letter: str, body: Node, lower: Node | None) -> tuple[Expr, Expr]:
        """The range of Σ_i without limits: that of the axes at which i stands."""
        for sym in (n for n in walk(body) if isinstance(n, Sym) and not is_letter(n, self.letters)):
            named_ = take_apart(sym, self.letters)
            for k, where in enumerate(named_.indices):
                if isinstance(where, Sym) and where.base == letter:
                    low, high = self.dictionary.axis(self.survey.name(named_), k, letter)
                    return (low if lower is None else self.dictionary.bound_of(lower)), high
        return self.dictionary.limits((lower, None), letter)

    # -- names -----------------------------------------------------------------------------------

    def _sym(self, node: Sym, bound: Bound) -> Expr:
        if is_letter(node, self.letters) and node.base in bound:
            return bound[node.base]
        if node.base in NO_QUANTITIES:
            raise Unreadable(f"the symbol {node.base} is not read here", node.span)
        named_ = take_apart(node, self.letters)
        if node.base == "e" and node.sup is not None and not {"e"} & (self.survey.standing | self.survey.defined):
            power: Expr = exp(self._expr(node.sup, bound))
            return power
        if node.base == "pi" and node.sub is None:
            return pi if node.sup is None else self._power(pi, node.sup, bound)
        value = self._quantity(named_, node, bound)
        if named_.power is None:
            return value
        if any(isinstance(n, Sym) for n in (named_.power, getattr(named_.power, "body", None))):
            self.doubts.append(f"the superscript of {named_.plain} may be a label or an index")
        return self._power(value, named_.power, bound)

    def _quantity(self, named_: Named, node: Sym, bound: Bound) -> Expr:
        if named_.transposed:
            raise Unreadable("a transpose is not read here", node.span)
        if named_.plain in self.survey.sizes and not named_.indices:
            return self._atom(_without(node, named_.power), size(named_.plain))
        if is_letter(node, self.letters):
            raise Unreadable(f"the index {node.base} stands outside its sum", node.span)
        if not named_.indices and (whole := self.dictionary.is_whole(named_)) is not None:
            raise Unreadable(whole, node.span)
        name = self.survey.name(named_)
        if len({r for r in self.survey.ranks.get(named_.plain, ()) if r > 0}) > 1:
            self.doubts.append(f"{named_.plain} is used with different numbers of indices")
        if self.dictionary.is_kronecker(named_):
            a, b = (self._index(n, name, k, bound) for k, n in enumerate(named_.indices))
            return self._atom(node.span, KroneckerDelta(a, b))
        if node.primes:
            self.doubts.append(f"the prime on {node.base} may mean a derivative")
        where = [self._index(n, name, k, bound) for k, n in enumerate(named_.indices)]
        if any(w.is_Integer for w in where):
            self.doubts.append(f"{name} is read at a fixed index, whose value the text may give in words")
        if named_.sample is not None:
            where.insert(0, self._sample(named_, bound))
        value: Expr = tensor(name)[tuple(where)] if where else scalar(name)
        return self._atom(_without(node, named_.power), value)

    def _index(self, node: Node, plain: str, k: int, bound: Bound) -> Expr:
        if isinstance(node, Num):
            fixed: Expr = Integer(int(node.text))
            return fixed
        if isinstance(node, Bin):
            left, right = self._index(node.left, plain, k, bound), self._index(node.right, plain, k, bound)
            total: Expr = left + right if node.op == "+" else left - right
            return total
        if isinstance(node, Neg):
            return -self._index(node.body, plain, k, bound)
        assert isinstance(node, Sym)
        if node.base in bound:
            return bound[node.base]
        if node.base not in self.free:
            self.free[node.base] = index(node.base, *self.dictionary.axis(plain, k, node.base))
        return self.free[node.base]

    def _sample(self, named_: Named, bound: Bound) -> Idx:
        assert isinstance(named_.sample, Sym)
        letter = named_.sample.base
        if letter not in bound and letter not in self.free:
            limits = self.survey.sampled.get(self.survey.name(named_)) or self.survey.letter_ranges.get(letter)
            self.free[letter] = index(letter, *self.dictionary.limits(limits, letter))
        found = bound.get(letter) or self.free[letter]
        self.samples.add(found)
        return found

    def _atom(self, span: Span, value: Expr) -> Expr:
        self.atoms.append((span, value))
        return value


_METHODS: Mapping[type, Callable[[Any, Any, Bound], Expr]] = {
    Num: Reader._num,
    Neg: Reader._neg,
    Bin: Reader._bin,
    Group: Reader._group,
    Fraction: Reader._fraction,
    Sqrt: Reader._sqrt,
    Juxt: Reader._juxt,
    Fn: Reader._fn,
    Big: Reader._big,
    Sym: Reader._sym,
}
_OPERATORS: Mapping[str, Callable[[Expr, Expr], Expr]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "cdot": lambda a, b: a * b,
    "times": lambda a, b: a * b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
_ELEMENTARY: Mapping[str, Callable[[Expr], Expr]] = {"log": log, "ln": log, "exp": exp}
_KINDS: Mapping[type, str] = {Chain: "a relation inside an expression", Listing: "a list", Empty: "nothing"}


def _without(node: Sym, power: Node | None) -> Span:
    """The span of a letter without its exponent."""
    return node.span if power is None else (node.span[0], power.span[0])


def _kind(node: Node) -> str:
    return _KINDS.get(type(node), type(node).__name__.lower())
