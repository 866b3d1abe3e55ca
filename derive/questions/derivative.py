"""Derivatives that are worth a line of their own, such as the Jacobian of the softmax."""

from __future__ import annotations

from dataclasses import dataclass

from ..backprop import partial
from ..calculus.indices import fresh
from ..derivation import Chain, Derivation
from ..model import Model, ModelError
from ..quantities import Quantity
from ..solve.shares import in_shares
from .answers import Answer, Line


@dataclass(frozen=True, kw_only=True)
class Derivative:
    """What is the derivative of a quantity by others, along every path between them?

    Attributes:
        of: the name of what is differentiated.
        by: the names of what it is differentiated by.
        shares: the name of a definition r = q / Σ q by which the results are written; "" for none.
        over_data: whether it is asked of n data points.
    """

    of: str
    by: tuple[str, ...]
    shares: str = ""
    over_data: bool = False

    def answer(self, model: Model) -> Answer:
        """∂of/∂by, entry by entry.

        Raises: ModelError: if the model has no such names.
        """
        if missing := [n for n in (self.of, *self.by) if n not in model.quantities]:
            raise ModelError(f"model {model.name} has no {missing[0]!r}; it has {', '.join(model.quantities)}")
        asked = model.over_data() if self.over_data else model
        of = asked.quantities[self.of]
        lines = [Line.of(self._derived(asked, of, asked.quantities[name])) for name in self.by]
        title = "The Jacobian" if of.axes and len(self.by) == 1 else "Derivatives through the names"
        return Answer(title=title, model=asked, lines=tuple(lines))

    def _derived(self, model: Model, of: Quantity, by: Quantity) -> Derivation:
        slots = [fresh(i, {*by.axes}) if i in by.axes else i for i in of.axes]
        found = partial(model, of.at(*slots), by.at())
        if not self.shares:
            return found
        chain = Chain(model, found.target)
        chain.steps, chain.now = list(found.chain), found.result
        return chain.then(f"in terms of {self.shares}", in_shares(found.result, self.shares, model)).done()
