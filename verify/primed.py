"""a' = a (1 − a) beside a = σ(z), where the words speak of a derivative: read as ∂a/∂z."""

from __future__ import annotations

import dataclasses
import re

from derive.notation.syntax import Fraction, Juxt, Sym
from derive.vocabulary import is_name, name_of, names_in

from .context import Context
from .lines import Line
from .roles import introduction

DERIVATIVE = re.compile(r"\b(?:derivatives?|slope|differentiat\w+)\b", re.IGNORECASE)
PRIME = re.compile(r"^[^']*(?:'|\\prime\}?)$")
NEW_VALUE = re.compile(r"\bupdat\w*|\bnew value|\bnext\b|\btransform\w*|\bafter\b|\btranspos\w*", re.IGNORECASE)


def primed_derivative(line: Line, context: Context) -> Line:
    """A line that gives a letter with a prime as one that gives a derivative, where it can be nothing else.

    The text must define the letter by one other, and its words must speak of a derivative and of no new value.
    """
    left = line.left
    if line.right is None or line.link or not isinstance(left, Sym) or left.sub or left.sup:
        return line
    if PRIME.search(line.formula.latex[slice(*left.span)]) is None:  # a step a ← … is written with a prime too
        return line
    said = introduction(line.formula)
    if DERIVATIVE.search(said) is None or NEW_VALUE.search(said) is not None:
        return line
    bare = dataclasses.replace(left, primes=0)
    argument = _argument(bare, context)
    if argument is None:
        return line
    span = left.span
    below = Sym(base=argument, span=span)
    above, below_it = (Juxt(items=(Sym(base="partial", span=span), n), span=span) for n in (bare, below))
    return dataclasses.replace(line, operator="=", left=Fraction(above=above, below=below_it, span=span))


def _argument(letter: Sym, context: Context) -> str | None:
    """The only letter of which the text makes another one; None if there are several, or entries."""
    found = [d for d in context.definitions.values() if d.name == letter.base and not d.place and d.sample is None]
    if len(found) != 1 or letter.accents:
        return None
    atoms = names_in(found[0].expr)
    names = {name_of(a) for a in atoms}
    plain = len(names) == 1 and all(is_name(a) and not getattr(a, "indices", ()) for a in atoms)
    return names.pop() if plain else None
