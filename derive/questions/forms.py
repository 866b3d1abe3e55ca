"""Whether the objective over the data is what a formula in matrices says, and its gradient with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Expr, MatrixSymbol

from .answers import Answer, Line
from .short import for_short

if TYPE_CHECKING:
    from ..model import Model
    from ..quantities import Definition

NAMES = ("J", "objective")  # for the formula, the first that the model does not use


@dataclass(frozen=True, kw_only=True)
class SameInMatrices:
    """Do the objective over the data and a formula in matrices agree, constants included?

    Attributes:
        formula: a scalar made of SymPy's matrix expressions over `MatrixSymbol`s that have the names of the model.
    """

    formula: Expr

    def answer(self, model: Model) -> Answer:
        """The formula written out in indices under a name of its own, its equality with the objective, both gradients.

        Raises: ModelError: if the formula uses names that the model does not have.
        """
        from ..calculus.matrixform import MatrixForm, entries
        from ..calculus.tidy import tidy
        from ..model import ModelError
        from ..prove import prove
        from ..solve.naming import with_name

        whole = model.over_data() if model.sample is None else model
        if missing := sorted({str(m.name) for m in self.formula.atoms(MatrixSymbol)} - set(whole.quantities)):
            raise ModelError(f"the formula uses {', '.join(missing)}, which {model.name} does not have")
        wider, definition = with_name(whole, NAMES, tidy(entries(self.formula, (), whole)))
        objective = wider.quantities[whole.objective].at()
        there = MatrixForm(target=definition.target, expr=definition.target, proof=prove(objective, objective, wider))
        written = MatrixForm(target=definition.target, expr=self.formula, proof=there.proof)
        short = for_short(definition, wider)
        lines = (
            Line.equal(objective, wider.defined[whole.objective].expr, there.proof, "as a sum"),
            Line(relation=short.relation, label="in matrices", verdict="proved", matrices=(there, written)),
            Line.equal(objective, definition.target, prove(objective, definition.target, wider), "both are the same"),
            *_gradients(wider, whole, definition),
        )
        return Answer(title="As a sum and in matrices", model=wider, lines=lines)


def _gradients(wider: Model, whole: Model, definition: Definition) -> Iterator[Line]:
    """The gradient of the formula by each parameter that the objective depends on, and that of the objective."""
    from ..backprop import partial
    from ..prove import prove

    for parameter in (q for q in whole.parameters if whole.depends(whole.objective, q.name)):
        yield Line.of(partial(wider, definition.target, parameter.at()), "the gradient of the formula")
        ours, theirs = (
            partial(wider, of, parameter.at()) for of in (wider.quantities[whole.objective].at(), definition.target)
        )
        yield Line.equal(
            ours.target, theirs.target, prove(ours.result, theirs.result, wider), "both gradients are the same"
        )
