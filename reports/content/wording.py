"""The sentences and rule names of a derivation, with the names of the model set as formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sympy import Basic, Idx, MatrixExpr

from derive.calculus.matrixform import MatrixForm
from derive.derivation import Derivation, Step
from derive.model import Model
from derive.notation.equations import model_names
from derive.notation.layout import Atom, Layout, Row, Script
from derive.notation.printer import layout
from derive.quantities import Domain, Kind, Quantity
from derive.vocabulary import Partial

from ..document import Badge, Piece, Text

PARTS: Mapping[Kind, str] = {
    Kind.DATA: "data",
    Kind.PARAMETER: "parameter",
    Kind.DEFINED: "defined",
}
VALUES: Mapping[Domain, str] = {  # where the domain's own value does not read well
    Domain.NONNEGATIVE: "not negative",
    Domain.UNIT: "between 0 and 1",
    Domain.BINARY: "0 or 1",
    Domain.NATURAL: "whole",
    Domain.SIMPLEX: "not negative, of sum 1",
}

PHRASES: Mapping[str, str] = {
    "linearity": "the derivative of a sum is taken term by term",
    "derivative of the function": "the outer function is differentiated first",
    "power rule": "the power is differentiated",
    "product rule": "the product is differentiated factor by factor",
    "derivative": "the definition is differentiated",
    "Kronecker delta": "the Kronecker delta leaves one term of the sum",
}


def formula(expr: Basic, model: Model) -> Layout:
    """An expression in the index notation of a model."""
    return layout(expr, model_names(model))


def shown(chain: Iterable[Step], model: Model, *, full: bool) -> Iterator[tuple[int, Step]]:
    """The steps to show, each with its depth: those of the chain, or all of them; none that looks like a repetition."""
    for top in chain:
        for depth, step in top.walk() if full else [(0, top)]:
            if formula(step.before, model) != formula(step.after, model):
                yield depth, step


def values(domain: Domain) -> str:
    """Where the values of a quantity lie, in words."""
    return VALUES.get(domain, domain.value)


def looks_scalar(form: MatrixForm) -> bool:
    """Whether a matrix form holds no matrix, so that it says again what the index form says."""
    return not form.expr.has(MatrixExpr)


def entry(quantity: Quantity, model: Model) -> Layout:
    """A quantity at its own indices."""
    return formula(quantity.at(), model)


def badge_of(verdict: str) -> Badge:
    """The badge for the verdict of a step or a derivation."""
    return Badge(verdict)


def indices_from(quantity: Quantity, model: Model) -> Text:
    """The indices of a quantity with their ranges: i = 0, …, m_x."""
    return joined([_range(i, model) for i in quantity.axes], between=("; ",))


def _range(i: Idx, model: Model) -> Layout:
    lower, upper = formula(i.lower, model), formula(i.upper, model)
    return Row((formula(i, model), Atom("="), lower, Atom(","), Atom(r"\dots"), Atom(","), upper))


def joined(
    parts: Iterable[Piece], between: tuple[Piece, ...] = (", ",), last: tuple[Piece, ...] | None = None
) -> tuple[Piece, ...]:
    """Pieces with words between them: a, b and c."""
    items = list(parts)
    text: list[Piece] = []
    for k, part in enumerate(items):
        if k:
            text += last if last is not None and k == len(items) - 1 else between
        text.append(part)
    return tuple(text)


def inline(target: Basic, model: Model) -> Layout:
    """A partial within a line of text: ∂LL/∂ŷ with a slash."""
    if not isinstance(target, Partial):
        return formula(target, model)
    of, wrt = (formula(part, model) for part in target.args)
    return Row((Atom(r"\partial"), of, Atom("/"), Atom(r"\partial"), wrt))


def scientific(number: float) -> Layout:
    """A small number as 1.3 · 10⁻¹⁴, and 0 as it is."""
    digits, _, exponent = f"{number:.1e}".partition("e")
    if number == 0:
        return Atom("0")
    power = int(exponent)
    raised = Row((Atom("-"), Atom(str(-power)))) if power < 0 else Atom(str(power))
    ten = Script(Atom("10"), sup=raised)
    return ten if digits == "1.0" else Row((Atom(digits), Atom(r"\cdot"), ten))


def sentence(derivation: Derivation) -> Text:
    """How a partial is found, in words, from the rules of its steps."""
    target = inline(derivation.target, derivation.model)
    used = dict.fromkeys(step.rule for step in derivation.chain)
    phrases = [PHRASES[rule] for rule in used if rule in PHRASES]
    if not phrases:
        return ("What is left is ", target, ".")
    return ("For ", target, ", ", *joined(phrases, last=(", and " if len(phrases) > 2 else " and ",)), ".")
