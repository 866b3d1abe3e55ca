r"""What solves the equation "gradient = 0": θ = … behind it, or θ̂, θ^*, θ_{MLE} where the text speaks of the best θ.

Such an equation gives no meaning to θ, which stays what the objective depends on; it is judged by putting it in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sympy import Basic, Expr, Integer

from derive.calculus.indices import rename_bound, substitute, transform
from derive.model import Model
from derive.notation.elaborate import Reader
from derive.prove import carried_out
from derive.vocabulary import Partial, indices_of, is_name, name_of, names_in

from .context import Context
from .doubts import of_words
from .judge import Equation, Judgement, judge, with_variables
from .lines import Line
from .results import Verdict

CONSTRAINED = re.compile(r"\b(?:constrain\w*|subject to|lagrang\w*|approximat\w*)\b", re.IGNORECASE)
LAST = 10**9
OPEN = "the text does not say, or not clearly, what it solves"


def judged_solution(line: Line, name: str, context: Context) -> Judgement:
    """The judgement on an equation that gives a place where the gradient of the objective vanishes.

    Raises: Unreadable, ModelError: if a side has no reading, or the definitions make no model.
    """
    assert line.right is not None
    reader = Reader(context.dictionary)
    reader.read(line.left)
    value = reader.read(line.right)
    tried = [_put_in(objective, name, value, reader, line, context) for objective in _objectives(name, context)]
    proved = next((j for j in tried if j.verdict is Verdict.PROVED), None)
    if proved is not None:
        return proved
    return tried[0] if len(tried) == 1 else Judgement(verdict=Verdict.UNDECIDED, because=OPEN)


def _objectives(name: str, context: Context) -> Iterator[str]:
    """The scalars that the text defines, that depend on a name, and that nothing else is computed from."""
    scalars = {d.name for d in context.definitions.values() if not d.place and d.sample is None}
    used = {name_of(a) for d in context.definitions.values() for a in names_in(d.expr)}
    for objective in sorted(scalars - used):
        model = context.model_at(LAST, {objective, name})
        if objective in model.defined and model.depends(objective, name):
            yield objective


def _put_in(objective: str, name: str, value: Expr, reader: Reader, line: Line, context: Context) -> Judgement:
    """The judgement on "the gradient vanishes where the name has this value"."""
    inside = {name_of(a) for a in names_in(value)}
    model = context.model_at(line.number, {objective, name} | inside, whole=bool(reader.samples))
    held = model.quantities[name]
    if len(held.axes) != len(reader.opened) or name in inside:
        return Judgement(verdict=Verdict.UNDECIDED, because=OPEN)
    slope = Partial(model.quantities[objective].at(), held.at(*held.axes))
    gradient = _unfolded(carried_out(slope, model), name, model)
    if name not in {name_of(a) for a in names_in(gradient)}:  # a multiplier, which other equations determine
        return Judgement(verdict=Verdict.UNDECIDED, because=OPEN)
    value = rename_bound(value, gradient.atoms(type(held.axes[0])) if held.axes else ())

    def put(e: Expr) -> Expr | None:
        if not is_name(e) or name_of(e) != name:
            return None
        places: dict[Basic, Basic] = dict(zip(reader.opened, indices_of(e), strict=True))
        return substitute(value, places)

    equation = Equation(
        left=transform(gradient, put),
        right=Integer(0),
        sources=((line.formula.latex, line.right or line.left, reader),),
        confirmed=(value,),
    )

    def wonder() -> Iterator[str]:
        yield from of_words(line)
        if CONSTRAINED.search(context.dictionary.prose):
            yield "the text may ask for more than a vanishing gradient"

    found = judge(equation, with_variables(equation, model), wonder)
    proved = found.verdict is Verdict.PROVED
    because = f"the gradient of {objective} by {name} vanishes there" if proved else found.because
    return Judgement(verdict=found.verdict, because=because, counterexample=found.counterexample)


def _unfolded(expr: Expr, name: str, model: Model) -> Expr:
    """The expression with all names replaced that depend on a name."""
    for d in reversed(model.definitions):
        if model.depends(d.name, name):
            expr = model.unfold(expr, d.name)
    return expr
