"""Back-propagation as a lecture writes it: the errors δ of the layers or steps, and the gradients by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sympy import Expr, Idx, Integer, MatrixSymbol

from ..quantities import Kind
from ..vocabulary import Partial, indices_of, length
from .answers import Answer, Line

if TYPE_CHECKING:
    from ..analysis.backpropagation import Lettering, Passed
    from ..calculus.matrixform import MatrixForm
    from ..model import Model


@dataclass(frozen=True, kw_only=True)
class Errors:
    """What is passed back from layer to layer, and what is a parameter's gradient in terms of it?

    Attributes:
        logits: the quantities z that the activations are taken of, from the first layer on; along a recursion, over
            layers or time, one for all of them; or what else is to have an error, such as the gates of an LSTM.
        inputs: data that the objective is differentiated by as well, such as what comes into a layer.
        data: whether it is asked of the objective over the data.
    """

    logits: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    data: bool = False

    def answer(self, model: Model) -> Answer:
        """The errors of the last layer, or step, and of those before it, then the gradient by every parameter.

        Raises: ModelError: if the model has no such logits.
        """
        from ..analysis.backpropagation import Lettering, passed_back, passed_to

        model = model.over_data() if self.data else model
        letters = Lettering(model, self.logits)
        lines = [_definition(name, letters) for name in self.logits]
        for name in reversed(self.logits):
            lines += [_line(passed, letters) for passed in passed_to(model, name, self.logits)]
        for q in model.given:
            if (q.kind is Kind.PARAMETER or q.name in self.inputs) and model.depends(model.objective, q.name):
                lines.append(_line(passed_back(model, q.at(), self.logits), letters))
        title = "Back-propagation over the data" if self.data else "Back-propagation"
        return Answer(title=title, model=letters.wider, lines=tuple(lines))


def _definition(name: str, letters: Lettering) -> Line:
    from ..prove import Proof

    entry = letters.model.quantities[name].at()
    objective = letters.model.quantities[letters.model.objective].at()
    derivative = Partial(objective, letters.written(entry))
    return Line.equal(letters.error(entry), derivative, Proof(), "the errors, by definition")


def _line(passed: Passed, letters: Lettering) -> Line:
    """What is passed back to an entry, with its matrix form where it has one."""
    from ..analysis.backpropagation import label_of

    objective = letters.model.quantities[letters.model.objective].at()
    left, right = letters.written(Partial(objective, passed.wrt)), letters.written(passed.result)
    line = Line.equal(left, right, passed.proof, label_of(passed.wrt, letters.model))
    return replace(line, matrices=_matrices(left, right, letters))


def _matrices(left: Expr, right: Expr, letters: Lettering) -> tuple[MatrixForm, MatrixForm] | None:
    from ..calculus.matrixform import MatrixForm, raised
    from ..prove import Proof

    entry = left.args[1] if isinstance(left, Partial) else left
    out = tuple(i for i in indices_of(entry) if isinstance(i, Idx))
    form = raised(right, left, out, letters.wider) if out else None
    if form is None or form.proof is None:
        return None
    whole = letters.whole(left)
    symbol = MatrixSymbol(whole.name, *[length(i) for i in out], *([] if len(out) == 2 else [Integer(1)]))
    return MatrixForm(target=left, expr=symbol, proof=Proof()), form
