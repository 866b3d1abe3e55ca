"""Numbers computed from numbers that the text gives: ‖B‖ = 5.477 of a B whose entries stand above it.

Every name has one value in the text, and stays what it is; decimals may lie half a unit of their last digit away from
what they stand for, those of the values too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sympy import Expr, Float

from derive.model import Model, ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.runs import walk
from derive.notation.syntax import Node, Num, Sym
from derive.vocabulary import name_of, names_in, scalar
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.environment import environment
from lowering.numeric.errors import EvaluationError
from lowering.numeric.evaluate import evaluate

from .context import Context
from .doubts import doubts, gives_value
from .evaluation import needed
from .judge import SPOKEN_AGAINST, Equation, Judgement, second_reading
from .lines import Line
from .results import Counterexample, Verdict
from .roles import introduction
from .rounding import ALIKE, DIGITS, SURELY, RoundedReader, has_letters, side_of

BECAUSE = "with the values that the text gives the two sides"
CONDITION = "it may be a condition"  # which what has a value already is not, unless the words ask for it
SOUGHT = re.compile(
    r"\b(?:if|when|whenever|unless|until|suppos\w*|assum\w*|want\w*|wish\w*|need\w*|requir\w*|such that|should|would"
    r"|could|might|target|desir\w*|let|set|choos\w*|find|solv\w*|say|pretend|imagin\w*|instead)\b",
    re.IGNORECASE,
)
LARGEST = 1e300


def judged_computed(line: Line, context: Context) -> Judgement | None:
    """The judgement on a decimal that is computed from values that the text gives; None if it is none."""
    assert line.right is not None
    if line.operator not in ALIKE or isinstance(line.left, Sym | Num) or not _has_decimals(line.right):
        return None
    reader = RoundedReader(context.dictionary)
    try:
        right = side_of(line.right, context.dictionary, to_integers=False)
        written = reader.read(line.left)
        if right is None or reader.free or reader.opened or reader.halves:
            return None
        given = _given(written, line, context)
        value = given.value(written)
        slack = right.slack + sum(abs(given.moved(name).value(written) - value) for name in given.halves)
    except (Unreadable, ModelError, EvaluationError, ValueError):
        return None
    apart = abs(value - right.value)
    if apart <= right.slack:
        return Judgement(verdict=Verdict.HOLDS, because=f"{BECAUSE} are equal to the digits shown")
    source = line.formula.latex
    sources = (
        (line.carried.latex if line.carried else source, line.left, reader),
        (source, line.right, right.reader),
    )
    known = {
        *(() if _is_sought(line) else (CONDITION,)),
        *(gives_value(name_of(name)) for name in given.numbers),
    }  # the premise, and no doubt
    wondered = (d for d in doubts(line, written, right.expr, given.model, context) if d not in known)
    disputed = next(wondered, None) or second_reading(Equation(left=written, right=right.expr, sources=sources))
    if disputed is None and (apart <= SURELY * slack or (line.operator != "=" and apart <= abs(value) / 20)):
        disputed = "it may be rounded in another way"
    if disputed is not None:
        return Judgement(verdict=Verdict.UNDECIDED, because=f"{SPOKEN_AGAINST}{disputed}")
    shown = Counterexample(left=f"{float(value):.6g}", right=f"{float(right.value):.6g}")
    because = f"{BECAUSE} differ by more than rounding explains"
    return Judgement(verdict=Verdict.REFUTED, because=because, counterexample=shown)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the text gives for the names of an expression.

    Attributes:
        model: of the names that have a formula or entries.
        numbers: those that have a number.
        halves: of these, by how much one may be rounded.
    """

    model: Model
    numbers: Mapping[Expr, Expr]
    halves: Mapping[Expr, Any]

    def moved(self, name: Expr) -> Given:
        """The same with one number as far off as rounding may be."""
        return replace(self, numbers={**self.numbers, name: self.numbers[name] + Float(self.halves[name], DIGITS)})

    def value(self, written: Expr) -> Any:
        """The value of an expression. Raises: EvaluationError: if it has none."""
        arithmetic, values = mpmath_arithmetic(DIGITS), dict[str, Any]()
        for d in self.model.definitions:
            env = environment(self.model.quantities.values(), sizes={}, values=values)
            values[d.name] = evaluate(d.expr.xreplace(self.numbers), env, d.quantity.axes, arithmetic)
        env = environment(self.model.quantities.values(), sizes={}, values=values)
        value = np.ravel(evaluate(written.xreplace(self.numbers), env, (), arithmetic))[0]
        if not abs(value) < LARGEST:
            raise EvaluationError("a side has no finite value")
        return value


def _given(written: Expr, line: Line, context: Context) -> Given:
    """What the text gives for the names of an expression.

    Raises: EvaluationError: if a name has no value, or several, or one whose formula has decimals.
    """
    model = context.model_at(line.number, {name_of(a) for a in names_in(written)})
    names = needed(written, written, model)
    model = replace(model, definitions=tuple(d for d in model.definitions if d.name in names))
    formulas = context.definitions | context.others
    numbers, halves = dict[Expr, Expr](), dict[Expr, Any]()
    for name in sorted(names):
        stated = [k for k, d in formulas.items() if d.name == name] + sorted(context.values.get(name, ()))
        alone = len(stated) == 1 and stated[0] != line.number  # an equation does not vouch for itself
        right = context.line(stated[0]).right if alone else None
        if right is None:
            raise EvaluationError(f"the text gives {name} no value, or several")
        number = None if has_letters(right) else side_of(right, context.dictionary, to_integers=False)
        if number is not None:
            numbers[scalar(name)], halves[scalar(name)] = number.expr, number.slack
        elif _has_decimals(right):
            raise EvaluationError(f"what decimals {name} is made of may be rounded")
    return Given(model=model, numbers=numbers, halves=halves)


def _is_sought(line: Line) -> bool:
    """Whether the words around a formula may ask for what it says, and do not say that it is so."""
    following = line.formula.after.strip().split(".")[0]
    return SOUGHT.search(introduction(line.formula)) is not None or SOUGHT.match(following) is not None


def _has_decimals(node: Node) -> bool:
    return any(isinstance(n, Num) and "." in n.text for n in walk(node))
