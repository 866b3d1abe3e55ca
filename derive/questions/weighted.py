"""How an average that forgets weighs the past, and the factor that makes up for its start."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sympy import Expr, Integer

from ..calculus.indices import transform
from ..quantities import Definition, Quantity
from ..vocabulary import is_name, name_of, names_in
from .answers import Answer, Line

if TYPE_CHECKING:
    from ..analysis.recurrences import ClosedForm
    from ..model import Model

TITLE = "The weights of the past"


@dataclass(frozen=True, kw_only=True)
class Weighted:
    """How much do the weights of a moving average add up to, and what must it be divided by?

    Attributes:
        average: the name of a recursion, m_t = β m_{t−1} + (1 − β) g_t^k.
        of: the name of g.
        power: k.
    """

    average: str
    of: str
    power: int = 1

    def answer(self, model: Model) -> Answer:
        """The average as a weighted sum, the sum of the weights, and its expectation where all g^k have the same.

        The weights are those of the recursion with 1 in the place of g^k, as a sum and as a geometric series without
        one. Expectations are linear, so E[m] obeys the recursion with E[g^k] in that place.

        Raises: ModelError: if the model has no such average.
        """
        from ..analysis.recurrences import closed_forms
        from ..prove import prove

        recursion = self._recursion(model)
        mean, expected = _mean(recursion.quantity, 1), _mean(self._averaged(model), self.power)
        past = closed_forms(model, self.average)
        weights = closed_forms(self._with(model, Integer(1)), self.average)
        means = closed_forms(self._with(replace(model, given=(*model.given, expected)), expected.at()), self.average)
        if not past or len(weights) < 2 or len(means) < 2:
            return Answer(title=TITLE, model=model, conclusion=("No closed form was found.",))
        wider = replace(model, given=(*model.given, mean, expected))
        proof = prove(means[-1].value / weights[-1].value, expected.at(), wider)
        lines = (
            _line(recursion.target, past[0], "a weighted sum of the past"),
            _line(weights[0].value, weights[-1], "the sum of the weights"),
            _line(mean.at(), means[-1], "where all have the same expectation"),
            Line.equal(mean.at() / weights[-1].value, expected.at(), proof, "so, divided by the sum of the weights"),
        )
        return Answer(title=TITLE, model=wider, lines=lines)

    def _recursion(self, model: Model) -> Definition:
        from ..model import ModelError

        recursion = model.defined.get(self.average)
        if recursion is not None:
            ones = self._without(recursion.expr, Integer(1))
            if ones != recursion.expr and self.of not in map(name_of, names_in(ones)):
                return recursion
        raise ModelError(f"{self.average} of model {model.name} is no average of {self.of}^{self.power}")

    def _averaged(self, model: Model) -> Quantity:
        """What is averaged, with the same value at every step."""
        over, quantity = model.defined[self.average].over, model.quantities[self.of]
        return replace(quantity, axes=tuple(i for i in quantity.axes if i != over))

    def _with(self, model: Model, value: Expr) -> Model:
        """The model with a value in the place of g^k in the recursion."""
        changed = (
            replace(d, expr=self._without(d.expr, value)) if d.name == self.average else d for d in model.definitions
        )
        return replace(model, definitions=tuple(changed), questions=())

    def _without(self, expr: Expr, value: Expr) -> Expr:
        def replaced(e: Expr) -> Expr | None:
            base, power = e.as_base_exp()
            return value if is_name(base) and name_of(base) == self.of and power == self.power else None

        without: Expr = transform(expr, replaced)
        return without


def _mean(quantity: Quantity, power: int) -> Quantity:
    """The expectation of a quantity, or of a power of it, as a name."""
    raised = f"{quantity.latex}^{power}" if power > 1 else quantity.latex
    return replace(quantity, name=f"mean_{quantity.name}", latex=rf"\mathbb{{E}}[{raised}]")


def _line(left: Expr, form: ClosedForm, label: str) -> Line:
    return Line.equal(left, form.value, form.induction.step, label)
