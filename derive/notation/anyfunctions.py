"""Functions of which a text gives no formula: f(z), f′(z), the g^{[l]} of a layer, Φ and φ of the normal law."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr

from ..rows.unnamed import BY_LAYER, unnamed
from ..vocabulary import scalar
from .arrays import Array, Value
from .conventions import FUNCTION_LETTERS
from .dictionary import Unreadable
from .lookup import Bound, Lookup
from .normalletters import normal_function
from .runs import walk
from .steps import is_within, step_of
from .syntax import Group, Listing, Span, Sym


class AnyFunctions(Lookup):
    """The functions without a formula of one statement."""

    def _may_be_any(self, sym: Sym, group: Group, plain: str) -> bool:
        """Whether a letter is a function of one number of which the text says no more."""
        bare = not (sym.sub or sym.sup or sym.accents) and sym.primes <= 3
        single = not isinstance(group.body, Listing) or (group.body.separator == "," and not sym.primes)
        return bare and single and plain not in self.survey.standing | self.survey.defined

    def _is_of_a_layer(self, sym: Sym, group: Group) -> bool:
        """Whether a letter is the activation of one layer, g^{[l]}(Z^{[l]}): applied to what has the same layer."""
        function = sym.base in FUNCTION_LETTERS or (sym.base == "sigma" and not self.dictionary.is_established("sigma"))
        if not function or sym.sub is None or sym.sup is not None or sym.accents or sym.primes > 1:
            return False
        step = step_of(sym.sub)
        return step is not None and step[0] in self.survey.steps.letters and is_within(sym.sub, group.body)

    def _function_of_a_layer(self, sym: Sym, group: Group, bound: Bound, span: Span) -> Value:
        """g^{[l]}(z) and its derivative, entry by entry, for a function g that is another one in each layer."""
        if group.sup is not None:
            raise Unreadable(f"this use of {sym.base} is not read here", group.span)
        assert sym.sub is not None
        layer = self._index(sym.sub, sym.base, 0, bound)
        function = unnamed(sym.base + BY_LAYER, orders=(sym.primes, 0))
        inner = self._value(group.body, bound)
        value = inner.map(lambda z: function(z, layer)) if isinstance(inner, Array) else function(inner, layer)
        return self._masked(span, value)

    def _any_function(self, sym: Sym, group: Group, bound: Bound, span: Span) -> Value:
        """f(z) for a differentiable f that nothing else is said of, and its derivatives f′(z)."""
        normal = None if isinstance(group.body, Listing) else self._normal(sym)
        if normal is None:
            self.doubts.append(f"the text does not say which function {sym.base} is")
        if isinstance(group.body, Listing):
            arguments = [self._value(a, bound) for a in group.body.items]
            numbers = [a for a in arguments if not isinstance(a, Array)]
            if len(numbers) < len(arguments) or group.sup is not None:
                raise Unreadable(f"this use of {sym.base} is not read here", group.span)
            return self._atom(span, unnamed(sym.base, len(numbers))(*numbers))
        function: Callable[[Expr], Expr] = normal or unnamed(sym.base)
        for _ in range(sym.primes if normal is None else 0):
            function = _derived(function)
        inner = self._value(group.body, bound)
        entrywise = self.dictionary.is_entry_by_entry(sym.base, of_a_layer=self._has_layer(group))
        if isinstance(inner, Array) and normal is None and not entrywise:
            raise Unreadable(
                f"{sym.base} stands before a vector: say that it is an activation, applied entry by entry", sym.span
            )
        value: Value = inner.map(function) if isinstance(inner, Array) else function(inner)
        raised = value if group.sup is None else self._raised(value, group.sup, bound)
        return self._masked(span, raised)

    def _has_layer(self, group: Group) -> bool:
        """Whether an argument has a layer or a time step: the z^l of f(z^l)."""
        return any(
            (step := step_of(script)) is not None and step[0] in self.survey.steps.letters
            for n in walk(group.body)
            if isinstance(n, Sym)
            for script in (n.sub, n.sup)
            if script is not None
        )

    def _normal(self, sym: Sym) -> Callable[[Expr], Expr] | None:
        """Φ and φ, or a derivative of theirs, in a text that says they are those of the normal distribution."""
        return normal_function(sym.base, sym.primes, self.dictionary.prose)

    def _masked(self, span: Span, value: Value) -> Value:
        if not isinstance(value, Array):
            return self._atom(span, value)
        self._atom(span, value.entry)
        return value


def _derived(function: Callable[[Expr], Expr]) -> Callable[[Expr], Expr]:
    """f′ for f."""
    slot = scalar("_")
    derivative: Callable[[Expr], Expr] = function(slot).diff(slot).func
    return derivative
