"""A sum taken apart into sums that have names, and what that says of minimising it: D = C − H."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer

from ..analysis.recognise import split
from ..model import Model, ModelError
from ..prove import prove
from ..vocabulary import Partial, name_of, names_in
from .answers import Answer, Line


@dataclass(frozen=True, kw_only=True)
class Split:
    """What are the parts of a sum, and which of them change with a quantity?

    Attributes:
        of: the name of the sum.
        by: the name of the quantity by which it is minimised; "" if only the parts are asked for.
    """

    of: str
    by: str = ""

    def answer(self, model: Model) -> Answer:
        """The parts, and for each whether its derivative is zero or that of the whole.

        Raises: ModelError: if the sum, or the quantity, is not in the model, or no part of the sum has a name.
        """
        if missing := [n for n in (self.of, self.by) if n and n not in model.quantities]:
            raise ModelError(f"model {model.name} has no {missing[0]!r}; it has {', '.join(model.quantities)}")
        whole = model.quantities[self.of].at()
        parts = split(whole, model)
        if parts is None:
            raise ModelError(f"no part of {self.of} has a name in model {model.name}; define what it splits into")
        lines, words = [Line.of(parts, "the parts")], list[str | Expr]()
        if self.by:
            more, words = _moved(model, whole, parts.result, self.by)
            lines += more
        return Answer(title="A sum and its parts", model=model, lines=tuple(lines), conclusion=tuple(words))


def _moved(model: Model, whole: Expr, parts: Expr, by: str) -> tuple[list[Line], list[str | Expr]]:
    """The derivatives of the parts: those that are zero first, then those that are that of the whole."""
    wrt = model.quantities[by].at()
    fixed: list[Line] = []
    moving: list[Line] = []
    same: list[Expr] = []
    for part in dict.fromkeys(names_in(parts)):
        if not model.depends(name_of(part), by):
            proof = prove(Partial(part, wrt), Integer(0), model)
            fixed.append(Line.equal(Partial(part, wrt), Integer(0), proof, "a part that stays"))
        elif (proof := prove(Partial(whole, wrt), Partial(part, wrt), model)) is not None:
            moving.append(Line.equal(Partial(whole, wrt), Partial(part, wrt), proof, "the same derivative"))
            same.append(part)
    if not same:
        return fixed, []
    words: list[str | Expr] = [
        whole,
        " and ",
        same[0],
        " differ by what does not depend on ",
        wrt,
        ": where one is smallest, so is the other.",
    ]
    return [*fixed, *moving], words
