"""Whether a quantity is a function of a row: P = e^a / (e^a + e^b) = σ(a − b)."""

from __future__ import annotations

from dataclasses import dataclass

from ..analysis.recognise import in_functions
from ..model import Model, ModelError
from .answers import Answer, Line


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """Are these quantities functions of a row, at something simpler?

    Attributes:
        names: plain names of defined quantities.
    """

    names: tuple[str, ...]

    def answer(self, model: Model) -> Answer:
        """name = f(argument) for each name that has such a form, found by solving for the argument.

        Raises: ModelError: if a name is not defined, or none of them is such a function.
        """
        if missing := [n for n in self.names if n not in model.defined]:
            raise ModelError(
                f"model {model.name} does not define {missing[0]!r}; it defines {', '.join(model.defined)}"
            )
        found = [d for d in (in_functions(model, n) for n in self.names) if d is not None]
        if not found:
            raise ModelError(
                f"none of {', '.join(self.names)} of model {model.name} was found to be a function of a row"
            )
        lines = tuple(Line.of(d, "solved for the argument") for d in found)
        return Answer(title="Closed forms recognised", model=model, lines=lines)
