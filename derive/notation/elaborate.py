"""From the structure of a formula to an index expression, with the letters as the survey of the text shows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Abs, Expr, Idx, Integer, Mul, Product, Rational, Sum, exp, log, pi, sqrt

from ..rows.functions import FUNCTIONS, RowFunction, Unary, named
from ..vocabulary import Partial, index, is_name, scalar, size, tensor
from .conventions import PROBABILITY_LETTERS
from .names_in_notes import Named, is_letter, take_apart, text_of
from .runs import walk
from .survey import Limits, Survey, binder, only_names, present
from .syntax import Big, Bin, Chain, Empty, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Span, Sqrt, Sym

Bound = Mapping[str, Idx]


class Unreadable(ValueError):
    """A formula that has no reading; `span` is the part that has none."""

    def __init__(self, reason: str, span: Span) -> None:
        super().__init__(reason)
        self.reason = reason
        self.span = span


@dataclass
class Dictionary:
    """What the letters of a text mean: its survey, the functions it may use and the range of every axis."""

    survey: Survey
    functions: tuple[Unary, ...] = FUNCTIONS
    axes: dict[tuple[str, int], tuple[Expr, Expr]] = field(default_factory=dict)

    def axis(self, plain: str, k: int, letter: str) -> tuple[Expr, Expr]:
        """The range of an axis: as summed over in the text, else the usual one of the letter first met there."""
        if (plain, k) not in self.axes:
            seen = self.survey.ranges.get(plain, ())
            limits = seen[k] if k < len(seen) else None
            self.axes[plain, k] = self.limits(limits or self.survey.letter_ranges.get(letter), letter)
        return self.axes[plain, k]

    def limits(self, limits: Limits | None, letter: str) -> tuple[Expr, Expr]:
        """Limits as expressions; 1 to N_letter where a text gives none."""
        lower, upper = limits or (None, None)
        low = Integer(1) if lower is None else self.bound_of(lower)
        return (low, size(f"N_{letter}") if upper is None else self.bound_of(upper))

    def bound_of(self, node: Node) -> Expr:
        """A limit of a sum: a number, a size, or their sum or difference."""
        if isinstance(node, Num) and node.text.isdigit():
            return Integer(int(node.text))
        if isinstance(node, Sym) and node.sup is None:
            return size(take_apart(node, self.survey.letters).plain)
        if isinstance(node, Bin) and node.op in "+-":
            left, right = self.bound_of(node.left), self.bound_of(node.right)
            return left + right if node.op == "+" else left - right
        if isinstance(node, Group):
            return self.bound_of(node.body)
        raise Unreadable("this limit of a sum is neither a number nor a size", node.span)

    def function(self, name: str) -> type[RowFunction] | None:
        """The function with this name, if it is one."""
        try:
            return named(name, self.functions)
        except KeyError:
            return None


class Reader:
    """Reads the sides of one statement; free letters keep one range throughout it."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.survey = dictionary.survey
        self.letters = dictionary.survey.letters
        self.free: dict[str, Idx] = {}
        self.samples: set[Idx] = set()
        self.atoms: list[tuple[Span, Expr]] = []

    def read(self, node: Node) -> Expr:
        """The index expression that a node stands for.

        Raises: Unreadable: with the part that has no reading and why.
        """
        return self._expr(reach(node), {})

    def _expr(self, node: Node, bound: Bound) -> Expr:
        method = _METHODS.get(type(node))
        if method is None:
            raise Unreadable(f"{_kind(node)} is not read here", node.span)
        return method(self, node, bound)

    # -- numbers, signs, brackets ----------------------------------------------------------------

    def _num(self, node: Num, bound: Bound) -> Expr:
        return Rational(node.text.replace(",", ""))

    def _neg(self, node: Neg, bound: Bound) -> Expr:
        return -self._expr(node.body, bound)

    def _bin(self, node: Bin, bound: Bound) -> Expr:
        if node.op not in _OPERATORS:
            raise Unreadable(f"the operator {node.op} is not read here", node.span)
        return _OPERATORS[node.op](self._expr(node.left, bound), self._expr(node.right, bound))

    def _group(self, node: Group, bound: Bound) -> Expr:
        if node.sub is not None or node.primes:
            raise Unreadable("a subscript or prime on a bracket is not read here", node.span)
        inner = self._expr(node.body, bound)
        if node.opening == "|":
            inner = Abs(inner)
        elif node.opening not in ("(", "[", "{", r"\{"):
            raise Unreadable(f"the bracket {node.opening} is not read here", node.span)
        return inner if node.sup is None else self._power(inner, node.sup, bound)

    def _power(self, base: Expr, sup: Node, bound: Bound) -> Expr:
        if isinstance(sup, Sym) and sup.base in ("T", "top"):
            raise Unreadable("a transpose is not read here", sup.span)
        return base ** self._expr(sup.body if isinstance(sup, Group) and sup.opening == "{" else sup, bound)

    def _fraction(self, node: Fraction, bound: Bound) -> Expr:
        derivative = self._derivative(node, bound)
        if derivative is None:
            return self._expr(node.above, bound) / self._expr(node.below, bound)
        of, wrt = derivative
        if of is None:
            raise Unreadable("the derivative has nothing to differentiate", node.span)
        return self._atom(node, Partial(of, wrt))

    def _sqrt(self, node: Sqrt, bound: Bound) -> Expr:
        if node.degree is not None:
            raise Unreadable("a root with a degree is not read here", node.span)
        return sqrt(self._expr(node.body, bound))

    # -- products, applications, derivatives -----------------------------------------------------

    def _juxt(self, node: Juxt, bound: Bound) -> Expr:
        factors: list[Expr] = []
        items = list(node.items)
        while items:
            item = items.pop(0)
            following = items[0] if items else None
            if isinstance(item, Fraction) and (d := self._derivative(item, bound)) is not None and d[0] is None:
                rest = Juxt(items=tuple(items), span=node.span) if len(items) > 1 else following
                if rest is None:
                    raise Unreadable("the derivative has nothing to differentiate", item.span)
                return Mul(*factors) * Partial(self._expr(rest, bound), d[1])
            if isinstance(item, Sym) and isinstance(following, Group) and following.opening in ("(", "["):
                applied = self._applied(item, following, bound)
                if applied is not None:
                    factors.append(applied)
                    items.pop(0)
                    continue
            factors.append(self._expr(item, bound))
        return Mul(*factors)

    def _applied(self, sym: Sym, group: Group, bound: Bound) -> Expr | None:
        """A letter before a bracket as a function of it; None if it is a factor."""
        if sym.base in PROBABILITY_LETTERS and _is_event(group):
            return self._probability(sym, group, bound)
        row = self.dictionary.function(sym.base)
        if row is not None and not (sym.sub or sym.sup or sym.accents or sym.primes):
            value = self._atom_span((sym.span[0], group.span[1]), row(self._expr(group.body, bound)))
            return value if group.sup is None else self._power(value, group.sup, bound)
        plain = take_apart(sym, self.letters).plain
        if plain in self.survey.with_arguments:
            if only_names(group):
                return self._expr(sym, bound)
            raise Unreadable(
                f"{plain} is a function of its arguments; its value at an expression is not read here", group.span
            )
        if plain not in self.survey.ranges or (sym.primes and not group.sup):
            raise Unreadable(f"it is not clear what {plain}(…) is", sym.span)
        return None

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
        return self._atom_span((sym.span[0], group.span[1]), value)

    def _derivative(self, node: Fraction, bound: Bound) -> tuple[Expr | None, Expr] | None:
        """(of, wrt) of ∂of/∂wrt, `of` None for the operator ∂/∂wrt; None if it is a plain fraction."""
        below = _after_d(node.below)
        above = _after_d(node.above)
        if below is None or above is None or not below:
            return None
        if len(below) > 1:
            raise Unreadable("a derivative by several quantities is not read here", node.below.span)
        wrt = self._expr(below[0], bound)
        if not is_name(wrt):
            raise Unreadable("a derivative is taken by something that is not a quantity", node.below.span)
        if not above:
            return None, wrt
        return self._expr(above[0] if len(above) == 1 else Juxt(items=above, span=node.above.span), bound), wrt

    def _fn(self, node: Fn, bound: Bound) -> Expr:
        if node.argument is None:
            raise Unreadable(f"{node.name} has no argument", node.span)
        if node.sub is not None or node.primes:
            raise Unreadable(f"a script on {node.name} is not read here", node.span)
        argument = self._expr(node.argument, bound)
        row = self.dictionary.function(node.name)
        if node.name in _ELEMENTARY:
            value = _ELEMENTARY[node.name](argument)
        elif row is not None:
            value = row(argument)
        else:
            raise Unreadable(f"the function {node.name} is not known here", node.span)
        value = self._atom(node, value) if node.sup is None else value
        return value if node.sup is None else self._power(value, node.sup, bound)

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
        return self._atom(node, (Sum if node.op == "sum" else Product)(body, (i, low, high)))

    def _implied(self, letter: str, body: Node, lower: Node | None) -> tuple[Expr, Expr]:
        """The range of Σ_i without limits: that of the axes at which i stands."""
        for sym in (n for n in walk(body) if isinstance(n, Sym) and not is_letter(n, self.letters)):
            named_ = take_apart(sym, self.letters)
            for k, where in enumerate(named_.indices):
                if is_letter(where, self.letters) and where.base == letter:  # type: ignore[union-attr]
                    low, high = self.dictionary.axis(named_.plain, k, letter)
                    return (low if lower is None else self.dictionary.bound_of(lower)), high
        return self.dictionary.limits((lower, None), letter)

    # -- names -----------------------------------------------------------------------------------

    def _sym(self, node: Sym, bound: Bound) -> Expr:
        if is_letter(node, self.letters) and node.base in bound:
            return bound[node.base]
        named_ = take_apart(node, self.letters)
        if node.base == "e" and node.sup is not None and "e" not in self.survey.defined:
            return exp(self._expr(node.sup, bound))
        if node.base == "pi" and node.sub is None:
            return pi if node.sup is None else self._power(pi, node.sup, bound)
        value = self._quantity(named_, node, bound)
        return value if named_.power is None else self._power(value, named_.power, bound)

    def _quantity(self, named_: Named, node: Sym, bound: Bound) -> Expr:
        if named_.transposed:
            raise Unreadable("a transpose is not read here", node.span)
        if named_.plain in self.survey.sizes and not named_.indices:
            return size(named_.plain)
        if is_letter(node, self.letters):
            raise Unreadable(f"the index {node.base} stands outside its sum", node.span)
        rank = len(self.survey.ranges.get(named_.plain, ()))
        if len(named_.indices) != rank:
            given = len(named_.indices)
            raise Unreadable(f"{named_.plain} has {rank} indices elsewhere and {given} here", node.span)
        where = [self._index(n, named_.plain, k, bound) for k, n in enumerate(named_.indices)]
        if named_.sample is not None:
            where.insert(0, self._sample(named_, bound))
        value = tensor(named_.plain)[tuple(where)] if where else scalar(named_.plain)
        end = node.span if named_.power is None else (node.span[0], named_.power.span[0])
        self.atoms.append((end, value))
        return value

    def _index(self, node: Node, plain: str, k: int, bound: Bound) -> Expr:
        if isinstance(node, Num):
            return Integer(int(node.text))
        if isinstance(node, Bin):
            left, right = self._index(node.left, plain, k, bound), self._index(node.right, plain, k, bound)
            return left + right if node.op == "+" else left - right
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
            limits = self.survey.sampled.get(named_.plain) or self.survey.letter_ranges.get(letter)
            self.free[letter] = index(letter, *self.dictionary.limits(limits, letter))
        found = bound.get(letter) or self.free[letter]
        self.samples.add(found)
        return found

    def _atom(self, node: Node, value: Expr) -> Expr:
        return self._atom_span(node.span, value)

    def _atom_span(self, span: Span, value: Expr) -> Expr:
        self.atoms.append((span, value))
        return value


_METHODS = {
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
_OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "cdot": lambda a, b: a * b,
    "times": lambda a, b: a * b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
_ELEMENTARY = {"log": log, "ln": log, "exp": exp}
_KINDS = {Chain: "a relation inside an expression", Listing: "a list", Empty: "nothing"}


def _kind(node: Node) -> str:
    return _KINDS.get(type(node), type(node).__name__.lower())


def _after_d(node: Node) -> tuple[Node, ...] | None:
    """What follows ∂ or d; None if there is none."""
    items = node.items if isinstance(node, Juxt) else (node,)
    first = items[0]
    return items[1:] if isinstance(first, Sym) and first.base in ("partial", "d") and first.sup is None else None


def _is_event(group: Group) -> bool:
    return isinstance(group.body, Chain) or (isinstance(group.body, Listing) and group.body.separator == "|")


def event_name(sym: Sym, group: Group, letters: frozenset[str]) -> str:
    """A plain name for a probability: `P` for P(Y = y | …), else with the event, `P_Y1`."""
    event, *given = group.body.items if isinstance(group.body, Listing) else (group.body,)
    parts = event.operands if isinstance(event, Chain) else (event,)
    words = [text_of(_without_sample(p, letters)) for p in parts]
    if len(words) == 2 and words[0].lower() == words[1].lower() and given:
        return sym.base
    on = "".join(text_of(n) for g in given for n in walk(g) if isinstance(n, Sym) and not is_letter(n, letters))
    return f"{sym.base}_{''.join(words)}" + (f"_given_{on}" if on else "")


def _without_sample(node: Node, letters: frozenset[str]) -> Node:
    if isinstance(node, Sym) and not is_letter(node, letters) and take_apart(node, letters).sample is not None:
        return dataclasses.replace(node, sup=None)
    return node


def reach(node: Node) -> Node:
    """The tree with every sum reaching over the + and − behind it for as long as its index is used there."""
    if isinstance(node, Bin) and node.op in "+-":
        left, right = reach(node.left), node.right
        tail = _tail(left)
        if tail is not None and _uses(right, binder(tail.below)):
            inner = Bin(op=node.op, left=tail.body, right=right, span=(tail.body.span[0], right.span[1]))
            new = dataclasses.replace(tail, body=inner, span=(tail.span[0], right.span[1]))
            return _replaced(left, tail, new)
        return dataclasses.replace(node, left=left, right=reach(right))
    if isinstance(node, Chain):
        return dataclasses.replace(node, operands=tuple(reach(o) for o in node.operands))
    if isinstance(node, Group | Big | Neg):
        return dataclasses.replace(node, body=reach(node.body))
    if isinstance(node, Juxt):
        return dataclasses.replace(node, items=tuple(reach(i) for i in node.items))
    if isinstance(node, Fraction):
        return dataclasses.replace(node, above=reach(node.above), below=reach(node.below))
    return node


def _tail(node: Node) -> Big | None:
    """The sum at the right end of an expression."""
    if isinstance(node, Big) and binder(node.below) is not None:
        return node if (inner := _tail(node.body)) is None else inner if binder(inner.below) else node
    if isinstance(node, Neg):
        return _tail(node.body)
    if isinstance(node, Juxt):
        return _tail(node.items[-1])
    return _tail(node.right) if isinstance(node, Bin) else None


def _uses(node: Node, bound: tuple[str, Node | None] | None) -> bool:
    return bound is not None and any(isinstance(n, Sym) and n.base == bound[0] for n in walk(node))


def _replaced(node: Node, old: Node, new: Node) -> Node:
    if node is old:
        return new
    if isinstance(node, Neg | Big):
        return dataclasses.replace(node, body=_replaced(node.body, old, new))
    if isinstance(node, Juxt):
        return dataclasses.replace(node, items=(*node.items[:-1], _replaced(node.items[-1], old, new)))
    assert isinstance(node, Bin)
    return dataclasses.replace(node, right=_replaced(node.right, old, new))
