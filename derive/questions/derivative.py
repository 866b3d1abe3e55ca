"""Derivatives that are worth a line of their own, such as the Jacobian of the softmax."""

from __future__ import annotations

from dataclasses import dataclass

from ..backprop import partial
from ..calculus.indices import fresh
from ..model import Model, ModelError
from .answers import Answer, Line


@dataclass(frozen=True, kw_only=True)
class Derivative:
    """What is the derivative of a quantity by others, along every path between them?

    Attributes:
        of: the name of what is differentiated.
        by: the names of what it is differentiated by.
    """

    of: str
    by: tuple[str, ...]

    def answer(self, model: Model) -> Answer:
        """∂of/∂by, entry by entry and in matrix notation where it has such a form.

        Raises: ModelError: if the model has no such names.
        """
        if missing := [n for n in (self.of, *self.by) if n not in model.quantities]:
            raise ModelError(f"model {model.name} has no {missing[0]!r}; it has {', '.join(model.quantities)}")
        of, lines = model.quantities[self.of], []
        for name in self.by:
            wrt = model.quantities[name].axes
            slots = [fresh(i, {*wrt}) if i in wrt else i for i in of.axes]
            found = partial(model, of.at(*slots), model.quantities[name].at())
            lines.append(Line.of(found))
        title = "The Jacobian" if of.axes and len(self.by) == 1 else "Derivatives through the names"
        return Answer(title=title, model=model, lines=tuple(lines))
