"""What a function letter before a bracket stands for: σ(z), f′(z), P(Y = y | x), L(θ), any differentiable f."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping

from sympy import Abs, Expr, atan, cos, erf, exp, gamma, log, sign, sin, sqrt

from ..calculus.differentiate import differentiate, row_derivative
from ..calculus.indices import substitute
from ..vocabulary import Partial, is_name, scalar, tensor
from .anyfunctions import AnyFunctions
from .arrays import Array, ShapeError, Value, diagonal, length, over, softmax, trace
from .conventions import COEFFICIENTS, FUNCTION_LETTERS, LABELS, PROBABILITY_LETTERS
from .dictionary import Unreadable
from .elsewhere import is_at, is_of_one_argument, value_at
from .introduced import argument_names, only_names
from .lookup import Bound
from .names_in_notes import is_letter, is_power_of_e, is_transpose, take_apart, turned_before_sums
from .probabilities import event_name, is_event
from .renderers.spacing import knows
from .runs import walk
from .smallmatrices import determinant, is_small
from .syntax import Bin, Chain, Fn, Group, Juxt, Listing, Neg, Node, Num, Span, Sym

ELEMENTARY: Mapping[str, Callable[[Expr], Expr]] = {
    "log": log, "ln": log, "exp": exp, "sqrt": sqrt, "sin": sin, "cos": cos, "tan": lambda z: sin(z) / cos(z),
    "sinh": lambda z: (exp(z) - exp(-z)) / 2, "cosh": lambda z: (exp(z) + exp(-z)) / 2,
    "sign": sign, "sgn": sign, "lg": lambda z: log(z) / log(10), "abs": Abs,
    "arctan": atan, "erf": erf, "coth": lambda z: (exp(z) + exp(-z)) / (exp(z) - exp(-z)),
}  # fmt: skip
OF_ARRAYS: Mapping[str, Callable[[Value], Value]] = {
    "softmax": softmax,
    "tr": trace,
    "diag": diagonal,
    "det": determinant,
    "dim": length,
}
DERIVATIVES = re.compile(r"\bderivativ|\bdifferentia|\btaylor", re.IGNORECASE)
MOST_DERIVATIVES = 4
LARGEST_FACTORIAL = 1000
ORDER = frozenset({"<", ">", "<=", ">="})


class Applications(AnyFunctions):
    """The functions of one statement."""

    def _applied(self, sym: Sym, group: Group, bound: Bound) -> Value | None:
        """A letter before a bracket as a function of it; None if it is a factor."""
        if sym.base in bound and sym.sub is None:  # Σ_j j (1 − r)^j
            return None
        if sym.base in PROBABILITY_LETTERS and is_event(group):
            return self._probability(sym, group, bound)
        span = (sym.span[0], group.span[1])
        if is_power_of_e(sym):
            return None  # e^{-1} (x + 1)
        if sym == Sym(base="Gamma", span=sym.span) and "Gamma" not in self.survey.standing | self.survey.defined:
            return self._gamma(group, bound, span)
        if self._is_of_a_layer(sym, group):
            return self._function_of_a_layer(sym, group, bound, span)
        if self.dictionary.function(sym.base) is not None:
            return self._masked(span, self._function_value(sym.base, sym, group, bound))
        if isinstance(group.sup, Group) and group.sup.opening != "{":
            raise Unreadable("a superscript in brackets on an expression is not read here", group.span)
        unprimed = take_apart(dataclasses.replace(sym, primes=0, sup=None), self.letters)
        if self._normal(sym) is not None and not isinstance(group.body, Listing):
            return self._any_function(sym, group, bound, span)
        known = self.survey.arguments.get(self.survey.name(take_apart(sym, self.letters)))
        order = self._order_of(sym)
        told = order == 1 or unprimed.plain in self.dictionary.formulas
        if order and told and not unprimed.indices and unprimed.plain in self.survey.arguments:
            return self._derivative_of(unprimed.plain, group, bound, span, order)
        if known is not None:
            return self._named_value(sym, group, known, bound)
        plain = self.survey.name(take_apart(sym, self.letters))
        quantity = sym.sub is not None and plain in self.survey.standing  # the F_H of F_H (D − 1)
        quantity = quantity or bool(turned_before_sums((sym, group)))
        function = sym.base in FUNCTION_LETTERS and plain not in self.survey.defined and not quantity
        if function and self._may_be_any(sym, group, unprimed.plain):
            return self._any_function(sym, group, bound, span)
        if not (function or sym.primes) and (self._is_coefficient(sym, group) or self._is_matrix(sym, group)):
            return None
        word = len(sym.base) > 1 and not knows(f"\\{sym.base}")  # RBF(z) is no product
        counts = plain in self.survey.sizes and not isinstance(group.body, Listing)  # the N of N (a − b)
        if function or word or sym.primes or not (counts or plain in self.survey.standing):
            raise Unreadable(f"it is not clear what {plain}(…) is", sym.span)
        return None

    def _is_coefficient(self, sym: Sym, group: Group) -> bool:
        """Whether a letter multiplies the bracket behind it by custom: a sum or difference of what is no index."""
        steps = any(is_letter(n, self.letters) for n in _terms(group.body))
        label = sym.base in LABELS and isinstance(sym.sub, Sym) and _has_index(group.body, sym.sub.base)
        coefficient = (sym.base in COEFFICIENTS or label) and not sym.accents
        return coefficient and isinstance(group.body, Bin | Neg) and not steps

    def _is_matrix(self, sym: Sym, group: Group) -> bool:
        """Whether a letter is a matrix by its use, and multiplies the sum or product in the bracket behind it."""
        beside = self.survey.axes_beside(take_apart(sym, self.letters))
        if beside == 2 and is_transpose(group.sup) and sym.base not in FUNCTION_LETTERS:
            return True
        return beside == 2 and not isinstance(group.body, Listing) and not only_names(group)

    def _named_value(self, sym: Sym, group: Group, known: frozenset[tuple[str, ...]], bound: Bound) -> Value:
        """L(θ) as the quantity L, where the text introduces it with these arguments or some of them; else its value."""
        name = self.survey.name(take_apart(sym, self.letters))
        formula = self.dictionary.formulas.get(name)
        given = set(argument_names(group, self.letters)) if only_names(group) else None
        same = given is not None and any(given <= set(args) or given >= set(args) for args in known)
        span = (sym.span[0], group.span[1])
        if formula is None or not formula.parameters or sym.sub is not None:
            if not same or self._has_marks(group):
                raise Unreadable(f"{name} is a function of its arguments; its value elsewhere is not read here", span)
            return self._masked(span, self._raised_by(group, self._value(self._at(sym, group), bound), bound))
        if isinstance(sym.sup, Neg):
            raise Unreadable(f"the inverse of {name} is not read here", span)  # f^{-1}(y) is not 1/f(y)
        arguments = self.arguments(group, bound)
        if is_at(formula, arguments) or (
            same and (len(arguments) != len(formula.parameters) or self._at_a_point(group))
        ):
            return self._masked(span, self._raised_by(group, self._value(self._at(sym, group), bound), bound))
        if is_of_one_argument(name, self.dictionary.formulas):
            raise Unreadable(f"{name} is given at one argument; its value elsewhere is not read here", span)
        if isinstance(sym.sup, Num):
            raise Unreadable(f"{name} with a power is not read elsewhere than at its argument", span)
        if name in self.dictionary.redefined:
            self.doubts.append(f"{name} has more than one meaning in the text")
        self.samples |= formula.samples
        value = value_at(name, arguments, self.dictionary.formulas)
        self._masked((sym.span[0], group.sup.span[0] if group.sup is not None else span[1]), value)
        return self._raised_by(group, value, bound)

    def _raised_by(self, group: Group, value: Value, bound: Bound) -> Value:
        return value if group.sup is None else self._raised(value, group.sup, bound)

    def arguments(self, group: Node, bound: Bound | None = None) -> tuple[Value, ...]:
        """What stands in a bracket behind a function, each part as a value.

        Raises: Unreadable: if one of them has no reading.
        """
        body = group.body if isinstance(group, Group) else group
        parts = body.items if isinstance(body, Listing) else (body,)
        return tuple(
            v for p in parts for v in (self.arguments(p, bound) if _is_list(p) else (self._value(p, bound or {}),))
        )

    def _has_marks(self, group: Group) -> bool:
        """Whether an argument carries an accent, a prime or an index that tells it from the plain letter."""
        return any(
            isinstance(n, Sym) and (n.primes or take_apart(n, self.letters).plain != n.base or n.sub is not None)
            for n in walk(group.body)
        ) and not self._at_a_point(group)

    def _at_a_point(self, group: Group) -> bool:
        """Whether an argument is that of one data point, x^{(i)}."""
        return bool(self._points_in(group))

    def _points_in(self, group: Group) -> dict[str, Node]:
        """The indices of data points that arguments carry, by their letters."""
        named = (take_apart(n, self.letters) for n in walk(group.body) if isinstance(n, Sym))
        return {n.sample.base: n.sample for n in named if isinstance(n.sample, Sym)}

    def _at(self, sym: Sym, group: Group) -> Sym:
        """h(x^{(i)}) as h^{(i)}."""
        points = self._points_in(group)
        if len(points) != 1 or sym.sup is not None:
            return sym
        (point,) = points.values()
        return dataclasses.replace(sym, sup=Group(opening="(", body=point, closing=")", span=point.span))

    def _order_of(self, sym: Sym) -> int:
        """How often f′, f″ or, in a text on derivatives, f^{(3)} is differentiated."""
        sup = sym.sup.body if isinstance(sym.sup, Group) and sym.sup.opening == "(" else None
        if isinstance(sup, Num) and sup.text.isdigit() and DERIVATIVES.search(self.dictionary.prose) is not None:
            return int(sup.text) if 0 < int(sup.text) <= MOST_DERIVATIVES else 0
        return sym.primes if sym.primes <= MOST_DERIVATIVES else 0

    def _derivative_of(self, plain: str, group: Group, bound: Bound, span: Span, order: int) -> Value:
        """f′(x) as ∂f/∂x, and f″ or f′ elsewhere by the formula for f."""
        formula = self.dictionary.formulas.get(plain)
        at_own = formula is not None and bool(formula.parameters) and is_at(formula, self.arguments(group, bound))
        own = self.survey.arguments[plain] == {argument_names(group, self.letters)} and only_names(group)
        if formula is not None and (order > 1 or not at_own) and len(formula.parameters) == 1:
            return self._derivative_at(plain, group, bound, span, order)
        if order > 1 or not (at_own or own):
            raise Unreadable(f"the derivative of {plain} elsewhere is not read here", group.span)
        wrt = self._value(group.body, bound)
        if isinstance(wrt, Array) or not is_name(wrt):
            raise Unreadable("a derivative is taken by something that is not a quantity", group.span)
        return self._atom(span, Partial(scalar(plain), wrt))

    def _derivative_at(self, plain: str, group: Group, bound: Bound, span: Span, order: int) -> Value:
        """f′ or a higher derivative at an argument, from the formula for f of a number."""
        slot, inner = scalar("_"), self._value(group.body, bound)
        at_slot = value_at(plain, (slot,), self.dictionary.formulas)
        if isinstance(inner, Array) or isinstance(at_slot, Array):
            raise Unreadable(f"the derivative of {plain} at a vector is not read here", group.span)
        for _ in range(order):
            at_slot = differentiate(at_slot, slot)
        return self._atom(span, substitute(at_slot, {slot: inner}))

    def _function_value(self, name: str, head: Sym | Fn, argument: Node, bound: Bound) -> Value:
        """A known function of an argument, its derivative if it is primed, or a power of it: σ′(z), tanh²(z)."""
        row = self.dictionary.function(name)
        if name in self.dictionary.own:
            raise Unreadable(f"{name} has a meaning of its own in this text", head.span)
        if (count := self._counted(name, argument, bound)) is not None and head.sup is None and head.sub is None:
            return count
        if row is None and name not in ELEMENTARY:
            return self._of_an_array(name, head, argument, bound)
        if name in self.survey.standing and isinstance(head, Sym):
            raise Unreadable(f"{name} stands for a function here and for a quantity elsewhere", head.span)
        if name in ("log", "lg") and isinstance(head.sub, Num | Group | Sym) and not head.primes and head.sup is None:
            base = self._number_below(head.sub, bound)
            value_ = self._value(argument, bound)
            return value_.map(lambda z: log(z) / log(base)) if isinstance(value_, Array) else log(value_) / log(base)
        if head.sub is not None or head.primes > 1 or (head.primes and row is None):
            raise Unreadable(f"a script on {name} is not read here", head.span)
        if head.sup is not None and not (isinstance(head.sup, Num) and head.sup.text.isdigit()):
            raise Unreadable(f"this superscript on the function {name} is not read here", head.span)
        if not self.dictionary.is_established(name):
            which = f"what the derivative of {name} is" if head.primes else f"which function {name} is"
            self.doubts.append(f"the text does not say {which}")
        if name == "log" and (determinant := self._log_determinant(argument, bound)) is not None:
            return determinant
        outer: Node | None = head.sup
        if isinstance(argument, Group) and argument.opening in ("(", "[") and argument.sup is not None:
            if outer is not None or (isinstance(argument.sup, Group) and argument.sup.opening != "{"):
                raise Unreadable(f"the superscripts of {name} are not read here", head.span)
            outer, argument = argument.sup, dataclasses.replace(argument, sup=None)  # tanh(z)² is (tanh z)²

        def function(z: Expr) -> Expr:
            if row is None:
                return ELEMENTARY[name](z)
            value: Expr = row_derivative(row.row, z) if head.primes else row(z)
            return value

        inner = self._value(argument, bound)
        value: Value = inner.map(function) if isinstance(inner, Array) else function(inner)
        if isinstance(value, Array) and isinstance(outer, Num) and outer is head.sup:  # tanh² of a vector
            return value.map(lambda e: e ** int(outer.text))
        return value if outer is None else self._raised(value, outer, bound)

    def _gamma(self, group: Group, bound: Bound, span: Span) -> Value:
        """The gamma function of a number."""
        inner = self._value(group.body, bound)
        if isinstance(inner, Array):
            raise Unreadable("the gamma function of a vector is not read here", group.span)
        self._worked_out(inner, group.span)
        value = gamma(inner)
        return self._masked(span, value if group.sup is None else self._raised(value, group.sup, bound))

    def _number_below(self, node: Node, bound: Bound) -> Expr:
        """The base of a logarithm."""
        value = self._value(node, bound)
        if isinstance(value, Array):
            raise Unreadable("the base of a logarithm is a number", node.span)
        return value

    def _worked_out(self, value: Expr, span: Span) -> None:
        """Refuse the factorial of a number that would fill the memory."""
        if value.is_number and not abs(value) <= LARGEST_FACTORIAL:
            raise Unreadable("a factorial that is too large to be worked out", span)

    def _counted(self, name: str, argument: Node, bound: Bound) -> Expr | None:
        """n! and the binomial coefficient, as values of the gamma function; None of another name."""
        parts = argument.items if isinstance(argument, Listing) else (argument,)
        if (name, len(parts)) not in (("factorial", 1), ("binom", 2)):
            return None
        values = [v for v in (self._value(p, bound) for p in parts) if not isinstance(v, Array)]
        if len(values) < len(parts):
            raise Unreadable("the factorial of a vector is not read here", argument.span)
        self._worked_out(values[0], argument.span)
        if name == "factorial":
            factorial: Expr = gamma(values[0] + 1)
            return factorial
        n, k = values
        choices: Expr = gamma(n + 1) / (gamma(k + 1) * gamma(n - k + 1))
        return choices

    def _of_an_array(self, name: str, head: Sym | Fn, argument: Node, bound: Bound) -> Value:
        """softmax(z), tr(A), diag(v), and softmax(z)_k."""
        if name not in OF_ARRAYS:
            raise Unreadable(f"the function {name} is not known here", head.span)
        if head.sup is not None or head.primes or (head.sub is not None and name != "softmax"):
            raise Unreadable(f"a script on {name} is not read here", head.span)
        at = head.sub
        if isinstance(argument, Group) and argument.sub is not None and argument.sup is None:
            at, argument = argument.sub, dataclasses.replace(argument, sub=None)
        try:
            read = self._on_diagonal if name == "diag" else self._value
            value = OF_ARRAYS[name](read(argument, bound))
        except ShapeError as error:
            raise Unreadable(str(error), argument.span, error.axes, error.sides) from None
        return value if at is None else self._entry(value, at, bound)

    def _on_diagonal(self, argument: Node, bound: Bound) -> Value:
        """The v of diag(v), and the entries at all i of diag(p_i (1 − p_i)), where the text names no i outside."""
        outside = self.free
        self.free = {letter: i for letter, i in outside.items() if i not in self.opened}
        before = set(self.free)
        value = self._by_entries(argument, bound)
        new = self.free.keys() - before
        if not isinstance(value, Array) and len(new) == 1:
            value = over(value, self.free.pop(*new))
        self.free = outside | self.free
        return value

    def _entry(self, value: Value, at: Node, bound: Bound) -> Expr:
        """(W x)_i, the entries that the indices below name."""
        inner = at.body if isinstance(at, Group) else at
        places = tuple(getattr(inner, "items", (inner,)))
        if not isinstance(value, Array) or value.rank != len(places):
            raise Unreadable("these indices do not fit what they stand at", at.span)
        found = []
        for node, s in zip(places, value.slots, strict=True):
            if not isinstance(node, Num) and not is_letter(node, self.letters):
                raise Unreadable("this index is not read here", at.span)
            found.append(self._index(node, *s.axis, bound))
        return value.at(*found)

    def _log_determinant(self, argument: Node, bound: Bound) -> Expr | None:
        """log |Σ| and log det Σ of a named matrix; None if the argument is no determinant."""
        matrix: Node | None = None
        if isinstance(argument, Group) and argument.opening == "|" and not (argument.sub or argument.sup):
            matrix = argument.body
        elif isinstance(argument, Fn) and argument.name == "det":
            matrix = argument.argument
        elif isinstance(argument, Group) and isinstance(argument.body, Fn) and argument.body.name == "det":
            matrix = argument.body.argument
        if matrix is None:
            return None
        value = self._value(matrix.body if isinstance(matrix, Group) else matrix, bound)
        if not isinstance(value, Array):
            return None
        if is_small(value):
            return log(determinant(value))
        return self.log_of_determinant(value, matrix)

    def _probability(self, sym: Sym, group: Group, bound: Bound) -> Expr:
        """P(Y = y | X = x) as a quantity of its own, at the data point whose index its arguments carry."""
        samples = {
            self._sample(take_apart(s, self.letters), bound)
            for s in walk(group.body)
            if isinstance(s, Sym) and not is_letter(s, self.letters) and take_apart(s, self.letters).sample is not None
        }
        if len(samples) > 1:
            raise Unreadable("a probability of two different data points is not read here", group.span)
        if (moved := self._bounds(group)) is not None:
            raise Unreadable(f"a probability as a function of {moved} is not read here", group.span)
        name = event_name(sym, group, self.letters)
        value = tensor(name)[samples.pop()] if samples else scalar(name)
        return self._atom((sym.span[0], group.span[1]), value)

    def _bounds(self, group: Group) -> str | None:
        """The argument of a function of the text that bounds an event: the t of S(t) = P(T > t), which is no number."""
        if not isinstance(group.body, Chain) or not ORDER & set(group.body.operators):
            return None
        taken = {name for many in self.survey.arguments.values() for args in many for name in args}
        names = (self.survey.name(take_apart(n, self.letters)) for n in walk(group.body) if isinstance(n, Sym))
        return next((name for name in names if name in taken), None)

    def _fn(self, node: Fn, bound: Bound) -> Value:
        if node.argument is None:
            raise Unreadable(f"{node.name} has no argument", node.span)
        if isinstance(node.argument, Juxt) and self._may_end_before(node.argument):
            self.doubts.append(f"it is not clear how far {node.name} reaches")
        return self._masked(node.span, self._function_value(node.name, node, node.argument, bound))

    def _may_end_before(self, argument: Juxt) -> bool:
        """Whether a function may reach less far than its argument: log a (b + c), but not log p(x | μ) or log σ(z)."""
        head, group, *rest = argument.items
        event = isinstance(head, Sym) and head.base in PROBABILITY_LETTERS
        known = isinstance(head, Sym) and (self.dictionary.function(head.base) or self._normal(head)) is not None
        stated = isinstance(head, Sym) and take_apart(head, self.letters).plain in self.survey.arguments  # log p(x)
        applied = isinstance(group, Group) and ((event and is_event(group)) or known or stated)
        return any(isinstance(i, Group) for i in (rest if applied else (group, *rest)))


def _has_index(node: Node, letter: str) -> bool:
    """Whether something has an index, as the x_i of y_i (w^T x_i + b)."""
    return any(isinstance(n, Sym) and isinstance(n.sub, Sym) and n.sub.base == letter for n in walk(node))


def _terms(node: Node) -> tuple[Node, ...]:
    """The terms of a sum."""
    return (*_terms(node.left), *_terms(node.right)) if isinstance(node, Bin) and node.op in "+-" else (node,)


def _is_list(node: Node) -> bool:
    return isinstance(node, Listing)
