r"""A gradient with one quantity held fixed, beside the whole gradient: the semi-gradient of a Bellman error."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Integer, expand_mul

from ..backprop import partial
from ..calculus.indices import fresh
from ..calculus.tidy import tidy
from ..model import Model, ModelError
from ..prove import prove
from ..quantities import Kind
from ..solve.naming import with_name
from ..vocabulary import Partial, total
from .answers import Answer, Line, Relation, Sign

LETTERS = ("g", "h", "semigradient")


@dataclass(frozen=True, kw_only=True)
class Held:
    """How does the gradient differ from the one in which a quantity is taken for a given number?

    With L the objective and v what is held fixed, ∂L/∂w = g + (∂L/∂v)(∂v/∂w), where g is the semi-gradient.

    Attributes:
        fixed: the name of what is held.
        by: the name of the parameter.
    """

    fixed: str
    by: str

    def answer(self, model: Model) -> Answer:
        """Both gradients, and what they differ by.

        Raises: ModelError: if the model does not define what is to be held, or has no such parameter.
        """
        if self.fixed not in model.defined:
            raise ModelError(f"model {model.name} defines no {self.fixed!r}; it defines {', '.join(model.defined)}")
        if self.by not in model.quantities:
            raise ModelError(f"model {model.name} has no {self.by!r}; it has {', '.join(model.quantities)}")
        objective, parameter = model.quantities[model.objective].at(), model.quantities[self.by]
        whole = partial(model, objective, parameter.at())
        semi = partial(holding(model, self.fixed), objective, parameter.at())
        wider, named = with_name(model, LETTERS, semi.result, *parameter.axes)
        g = named.quantity.at()
        apart = tidy(expand_mul(whole.result - semi.result))
        slots = [fresh(i, {*parameter.axes}) if i in parameter.axes else i for i in wider.quantities[self.fixed].axes]
        held = wider.quantities[self.fixed].at(*slots)
        through = total(Partial(objective, held) * Partial(held, parameter.at()), *slots)
        proofs = [prove(whole.target - g, found, wider) for found in (through, apart)]
        lines = (
            Line.of(whole, "the whole gradient"),
            replace(Line.of(semi, f"{self.fixed} held fixed"), relation=Relation(left=g, right=semi.result), chain=()),
            Line.equal(whole.target - g, through, proofs[0], "what flows through it"),
            Line.equal(whole.target - g, apart, proofs[1], "the difference"),
        )
        return Answer(
            title="The gradient with a quantity held fixed",
            model=wider,
            lines=lines,
            conclusion=("With ", held, " held fixed the gradient is ", g, ", and not the whole one."),
            conditions=(Relation(left=apart, sign=Sign.UNEQUAL, right=Integer(0)),),
        )


def holding(model: Model, name: str) -> Model:
    """The model in which a quantity that it defines is given, as data are."""
    given = replace(model.quantities[name], kind=Kind.DATA)
    kept = tuple(d for d in model.definitions if d.name != name)
    return replace(model, given=(*model.given, given), definitions=kept, questions=())
