r"""Letters of which a text says nothing, and with which a claim holds if they are means.

Σ_i (x_i − μ)² = Σ_i x_i² − n μ² holds of the mean μ, and of no other number.

Where the text does not say what μ is, it may be the mean of the x_i over the range of the sum in which it is
subtracted from them. A claim that then holds is not wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Idx, Indexed, Sum

from derive.calculus.indices import fresh, substitute
from derive.model import Model
from derive.vocabulary import is_name, name_of

from .entries import prove_entries


def held_by_mean(left: Expr, right: Expr, model: Model) -> str | None:
    """The letter that makes an equation hold if it is a mean, as a reason not to call the equation wrong."""
    for letter, mean in dict.fromkeys(_deviations(left, model)) | dict.fromkeys(_deviations(right, model)):
        sides = [substitute(side, {letter: mean}) for side in (left, right)]
        if prove_entries(sides[0], sides[1], model) is not None:
            return f"it holds if {name_of(letter)} is the mean of what it is subtracted from"
    return None


def _deviations(side: Expr, model: Model) -> Iterator[tuple[Expr, Expr]]:
    """The letters that a sum over i subtracts from entries x_i or adds to −x_i, each with the mean of these."""
    for total in (t for t in side.atoms(Sum) if len(t.limits) == 1):
        i, lower, upper = total.limits[0]
        if not isinstance(i, Idx):
            continue
        for terms in (a.args for a in total.function.atoms(Add) if len(a.args) == 2):
            entries = [t for t in terms if i in t.free_symbols and _is_entry(t)]
            others = [t for t in terms if i not in t.free_symbols]
            if len(entries) != 1 or len(others) != 1:
                continue
            sign = -1 if isinstance(entries[0], Indexed) else 1
            letter = sign * others[0]
            if is_name(letter) and name_of(letter) not in model.defined:
                j = fresh(i, side.free_symbols)
                yield letter, Sum(substitute(-sign * entries[0], {i: j}), (j, lower, upper)) / (upper - lower + 1)


def _is_entry(term: Expr) -> bool:
    return isinstance(term, Indexed) or isinstance(-term, Indexed)
