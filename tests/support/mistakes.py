"""The mistakes in a row that change a number: in what was derived of it, and in its definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from concrete import concrete, formula
from measuring import Measurement, agrees, sizes_of, upstream
from mutating import mutants
from sympy import Expr

from derive.backprop import partial
from derive.derivation import established
from derive.model import Model, ModelError
from derive.quantities import Quantity
from lowering.numeric.errors import EvaluationError

SAME = 1e-9


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """target = result is wrong in the model."""

    name: str
    model: Model
    target: Expr
    result: Expr

    @property
    def caught(self) -> bool:
        """Whether nothing is proved of it."""
        return established(self.target, self.result, self.model) is None


def in_results(model: Model, most: int | None = None) -> Iterator[Mistake]:
    """Results with one mistake each, at most so many, evenly taken, before those that change no number are left out."""
    here = Measurement(model=concrete(model), sizes=sizes_of(model, {}))
    found = [(q, target, m) for q, target, result in results(model) for m in mutants(result)]
    for q, target, (name, mutant) in _evenly(found, most):
        if _differs(here, mutant, q):
            yield Mistake(name=name, model=model, target=target, result=mutant)


def in_definitions(model: Model, most: int | None = None) -> Iterator[Mistake]:
    """The right results beside a row with one mistake in a definition."""
    places = [(k, m) for k, definition in enumerate(model.definitions) for m in mutants(definition.expr)]
    for k, (name, mutant) in _evenly(places, most):
        try:
            wrong = _with_definition(model, k, mutant)
        except ModelError:
            continue
        there = Measurement(model=concrete(wrong), sizes=sizes_of(model, {}))
        for q, target, result in results(model):
            if _differs(there, result, q):
                name = f"{name} in the definition of {model.definitions[k].name}"
                yield Mistake(name=name, model=wrong, target=target, result=result)
                break


def _with_definition(model: Model, k: int, expr: Expr) -> Model:
    changed = replace(model.definitions[k], expr=expr)
    return replace(model, questions=(), definitions=(*model.definitions[:k], changed, *model.definitions[k + 1 :]))


def results(model: Model) -> Iterator[tuple[Quantity, Expr, Expr]]:
    """What training changes (or all that the objective depends on, if nothing is), with target and result."""
    for q in [q for q in upstream(model) if q in model.parameters] or upstream(model):
        derivation = partial(model, model.quantities[model.objective].at(), q.at())
        yield q, derivation.target, derivation.result


def _differs(here: Measurement, result: Expr, q: Quantity) -> bool:
    """Whether the numbers differ, where there are any: an entry may lie outside its range, a logarithm at 0."""
    values: tuple[Callable[[], Any], ...] = (
        lambda: here.of_result(formula(result), q.axes),
        lambda: here.by_entry(here.model.objective, q.name),
    )
    try:
        exact, measured = (value() for value in values)
    except EvaluationError:
        return False
    finite = all(np.isfinite(a.astype(float)).all() for a in (exact, measured))
    return finite and not agrees(exact, measured, SAME)


def _evenly(found: list[Any], most: int | None) -> list[Any]:
    return found[:: max(1, -(-len(found) // most))] if most else found
