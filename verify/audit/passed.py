"""Functions that somebody else's code takes as arguments: `grad(W, b, x, y, f, df)` for f = tanh and f′.

A parameter of the code is the function if it has its letter, and its derivative under the usual names: `df`, `f_prime`,
`f_grad`, `grad_f`, `f_1`. Of a loss ell(a, y) that is the derivative by the prediction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sympy import Dummy, Expr

from derive.vocabulary import scalar
from lowering.backends.numpy.source import source

from .calling import Parameter, Passed

DERIVATIVES = ("d{}", "{}prime", "{}grad", "grad{}", "{}1", "{}derivative", "{}dash")


@dataclass(frozen=True, kw_only=True)
class Formula:
    """What stands for a function: its value at arguments, and the place of the one that it is differentiated by."""

    value: Callable[..., Expr]
    arguments: int = 1
    by: int = 0

    def turned(self) -> Formula:
        """The same with its arguments the other way round: ell(y, a) for ell(a, y)."""
        return Formula(value=lambda *z: self.value(*z[::-1]), arguments=self.arguments, by=self.arguments - 1 - self.by)


def recognised(signature: Sequence[Parameter], formulas: Mapping[str, Formula]) -> dict[str, Passed]:
    """The parameters of a function that are functions themselves, and what they are given."""
    known: dict[str, Passed] = {}  # by names without capitals and underscores
    for letter, formula in formulas.items():
        value, slope = _written(formula)
        short = letter.replace("_", "").lower()
        known |= {short: value, **{form.format(short): slope for form in DERIVATIVES}}
    bare = {p.name: p.name.replace("_", "").lower() for p in signature}
    return {name: known[short] for name, short in bare.items() if short in known}


def _written(formula: Formula) -> tuple[Passed, Passed]:
    """A function and its derivative."""
    letters = tuple(f"z{k}" for k in range(formula.arguments))
    slots = [Dummy(real=True) for _ in letters]
    value = formula.value(*slots)
    named = dict(zip(slots, map(scalar, letters), strict=True))
    whole, slope = (e.xreplace(named) for e in (value, value.diff(slots[formula.by])))
    return Passed(letters=letters, source=source(whole, ())), Passed(letters=letters, source=source(slope, ()))
