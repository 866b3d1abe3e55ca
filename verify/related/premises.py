"""What follows from inequalities that the text has before: from a ≤ b and b ≤ c, a ≤ c.

A premise l ≤ u for a name l makes l = u − s with s ≥ 0; a conclusion is proved if it is so for all s ≥ 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr

from derive.calculus.indices import free_indices, substitute
from derive.inequalities import prove_order
from derive.model import Model
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.quantities import Domain, Quantity
from derive.vocabulary import is_name, name_of, names_in

from ..context import Context
from ..lines import Line

ORDER = {"<=": 1, "<": 1, ">=": -1, ">": -1}
MOST_PREMISES = 6


@dataclass(frozen=True, kw_only=True)
class Premise:
    """What a text says of two sides before: lower ≤ upper, and in which line."""

    lower: Expr
    upper: Expr
    number: int


def premises_of(line: Line, context: Context) -> tuple[Premise, ...]:
    """The inequalities under the same heading before a line, the latest first, that bound a name."""
    found: list[Premise] = []
    for other in context.lines.lines:
        if other.number >= line.number or other.operator not in ORDER or other.right is None:
            continue
        if other.formula.headings != line.formula.headings:
            continue
        reader = Reader(context.dictionary)
        try:
            sides = reader.read(other.left), reader.read(other.right)
        except (Unreadable, ValueError, RecursionError):
            continue
        lower, upper = sides if ORDER[other.operator] > 0 else sides[::-1]
        found.append(Premise(lower=lower, upper=upper, number=other.number))
    return tuple(found[::-1][:MOST_PREMISES])


def proved_by_premises(lower: Expr, upper: Expr, model: Model, premises: tuple[Premise, ...]) -> bool:
    """Whether lower ≤ upper follows from bounds on names, each name in the model's domains."""
    given = {q.name: q for q in model.given}
    slacks: list[Quantity] = []
    left = [p for p in premises if not _gives_sign(p, given)]
    while (found := next(((p, *used) for p in left if (used := _bounding(p, lower, upper, model))), None)) is not None:
        premise, name, bound, sign = found
        left.remove(premise)
        axes = tuple(sorted(free_indices(name) | free_indices(bound), key=str))
        slacks.append(Quantity(name=f"slack {len(slacks)}", latex="s", axes=axes, domain=Domain.NONNEGATIVE))
        value = bound + sign * slacks[-1].at()
        lower, upper = (substitute(side, {name: value}) for side in (lower, upper))
    return prove_order(lower, upper, replace(model, given=(*given.values(), *slacks)))


def _gives_sign(premise: Premise, given: dict[str, Quantity]) -> bool:
    """Whether a premise says only that a name is not negative, which is then noted."""
    name = premise.upper
    if premise.lower != 0 or not is_name(name) or name_of(name) not in given:
        return False
    if given[name_of(name)].domain is Domain.REAL:
        given[name_of(name)] = replace(given[name_of(name)], domain=Domain.NONNEGATIVE)
    return True


def _bounding(premise: Premise, lower: Expr, upper: Expr, model: Model) -> tuple[Expr, Expr, int] | None:
    """A name of the conclusion that a premise bounds, by what, and whether from below (1) or above (−1)."""
    met = {*names_in(lower), *names_in(upper)}
    for name, bound, sign in ((premise.lower, premise.upper, -1), (premise.upper, premise.lower, 1)):
        if name in met and is_name(name) and name_of(name) not in model.defined and name not in set(names_in(bound)):
            return name, bound, sign
    return None
