"""The verdict on normal distributions that follow from those that the text states, and on their parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from derive.notation.runs import walk
from derive.notation.syntax import Fn, Group, Juxt, Node, Num, Sym

from ..context import Context
from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..repair import repair
from ..results import Suggestion, Verdict
from ..roles import Role, role_of
from ..rules.edit import Rule
from ..standards.terms import atoms_of
from ..standards.values import Unclear, Value
from .setting import Setting, Trial, is_derived, is_unclear
from .statements import DISTRIBUTED, EQUAL, Stated, name_of, stated, subject_of

APART = 1e-6
MEANT = (Role.ASSUMPTION, Role.EQUATION, Role.UPDATE, Role.CHANGE)
MEANS = frozenset({"E"})
SPREADS = frozenset({"Var", "var", "Cov", "cov", "V"})

Sides = Callable[[Trial], Iterator[tuple[Value, Value]]]


def judge_normals(line: Line, context: Context) -> tuple[Judgement, tuple[Rule, Suggestion] | None] | None:
    """The verdict on a line that says what follows from normal distributions; None of anything else."""
    setting = context.normals
    if setting is None or line.right is None or line.operator not in DISTRIBUTED | EQUAL:
        return None
    found = _outcome(line, setting)
    if found is Verdict.HOLDS:
        because = "no proof was found; it agrees with the joint distribution of the normal variables of the text"
        return Judgement(verdict=found, because=because), None
    if found is not Verdict.REFUTED or any(of_words(line)) or line.formula.offset <= setting.start:
        return None
    if isinstance(line.right, Num) or role_of(line.formula) in MEANT or _is_of_deviations(line, setting):
        return None
    mended = repair(line, context, partial(_holds, setting=setting))
    if mended is not None and _is_empty(mended[1], line):
        return None
    if mended is None and not _is_said_of_all(line, setting):
        return None
    because = "it does not follow from the normal distributions that the text states"
    return Judgement(verdict=Verdict.REFUTED, because=because), mended


def _is_of_deviations(line: Line, setting: Setting) -> bool:
    """Whether the second parameter is the deviation, and no law of the text shows that it has to be the variance."""
    assert line.right is not None
    law = stated(line.left, line.operator, line.right)
    squares = (n for f in setting.laws for row in f.spread for node in row for n in walk(node))
    if law is None or not setting.plain or any(getattr(getattr(n, "sup", None), "text", "") == "2" for n in squares):
        return False
    try:
        return all(
            _close(trial.conditional(law.variables[0], law.given)[1], trial.value(law.spread[0][0]) ** 2)
            for trial in setting.numbers
        )
    except (Unclear, np.linalg.LinAlgError, ValueError, TypeError):
        return False


def _is_said_of_all(line: Line, setting: Setting) -> bool:
    """Whether a line is said to follow, of a variable made of others, and has letters of these alone."""
    assert line.right is not None
    law = stated(line.left, line.operator, line.right)
    if law is None or role_of(line.formula) is not Role.CLAIM:
        return False
    first = next((f for f in setting.laws if f.variables == law.variables), None)
    known = {a.name for f in setting.laws for n in (*f.mean, *f.spread[0]) for a in atoms_of(n)}
    letters = {a.name for n in (law.mean[0], law.spread[0][0]) for a in atoms_of(n)}
    return first is not None and _is_made(first) and bool(letters) and letters <= known


def _is_empty(suggestion: Suggestion, line: Line) -> bool:
    """Whether a correction says only that a side equals itself."""
    assert line.right is not None
    sides = (line.formula.latex[slice(*side.span)] for side in (line.left, line.right))
    return any("".join(suggestion.latex.split()) == "".join(side.split()) for side in sides)


def _holds(line: Line, *, setting: Setting) -> Verdict:
    found = _outcome(line, setting)
    return Verdict.UNDECIDED if found is not Verdict.HOLDS else found


def _outcome(line: Line, setting: Setting) -> Verdict | None:
    """Whether both sides agree in all worlds, or in none."""
    sides = _sides(line, setting)
    if sides is None:
        return None
    numbers, arrays = (_agree(sides, trials) for trials in (setting.numbers, setting.arrays))
    if numbers is False or arrays is False:
        return Verdict.REFUTED
    sufficient = numbers if setting.plain else arrays
    return Verdict.HOLDS if sufficient else None


def _agree(sides: Sides, trials: tuple[Trial, ...]) -> bool | None:
    """True if they agree in all, False if they differ in each, None otherwise."""
    found: set[bool] = set()
    for trial in trials:
        try:
            found.add(all(_close(a, b) for a, b in sides(trial)))
        except (Unclear, np.linalg.LinAlgError, ValueError, TypeError):
            return None
    return found.pop() if len(found) == 1 else None


def _close(a: Value, b: Value) -> bool:
    one, two = (np.atleast_2d(np.asarray(v, dtype=float)) for v in (a, b))
    if one.shape != two.shape or not np.all(np.isfinite(one) & np.isfinite(two)):
        raise Unclear("the shapes do not agree, or a side has no value")
    return bool(np.all(np.abs(one - two) <= APART * np.maximum(1, np.abs(two))))


def _sides(line: Line, setting: Setting) -> Sides | None:
    """What is to be equal in each world; None where a line says nothing of what follows."""
    assert line.right is not None
    return _of_law(line, setting) or _of_moment(line, setting) or _of_names(line, setting)


def _of_law(line: Line, setting: Setting) -> Sides | None:
    """p(x | y) = N(x | m, S), where x has another distribution already."""
    assert line.right is not None
    law = None if line.link else stated(line.left, line.operator, line.right)
    if law is None or len(law.variables) != 1 or not _is_known(law.variables[0], setting):
        return None
    if not is_derived(law, setting.laws) or is_unclear(law):
        return None
    mean, spread = law.mean[0], law.spread[0][0]
    made = any(law.variables == n.variables and _is_made(n) for n in setting.laws)
    named = [any(a.name in setting.names for a in atoms_of(n)) for n in (mean, spread)]
    if all(name_of(n) in setting.names for n in (mean, spread)) or (made and any(named)):
        return None

    def compared(trial: Trial) -> Iterator[tuple[Value, Value]]:
        first, second = trial.conditional(law.variables[0], law.given)
        yield first, trial.value(mean)
        yield second, trial.value(spread)

    return compared


def _is_made(law: Stated) -> bool:
    """Whether a variable is written in terms of others: z = μ + σ ε."""
    spread = law.spread[0][0]
    return isinstance(spread, Num) and spread.text == "0"


def _of_moment(line: Line, setting: Setting) -> Sides | None:
    """E[y] = …, Var(x | y) = …."""
    found = _moment(line.left)
    assert line.right is not None
    right = line.right
    if found is None or line.link or not _is_known(found[1], setting):
        return None
    mean, variable, given = found

    def compared(trial: Trial) -> Iterator[tuple[Value, Value]]:
        yield trial.conditional(variable, given)[0 if mean else 1], trial.value(right)

    return compared


def _moment(node: Node) -> tuple[bool, str, tuple[str, ...]] | None:
    """Whether a left side is a mean, of which variable, and what is given; None if it is no mean and no variance."""
    items = node.items if isinstance(node, Juxt) else ()
    head, group = items if len(items) == 2 else (None, None)
    if isinstance(node, Fn):
        head, group = node, node.argument
    name = head.name if isinstance(head, Fn) else head.base if isinstance(head, Sym) else ""
    if name not in MEANS | SPREADS or not isinstance(group, Group) or getattr(head, "sub", None) is not None:
        return None
    found = subject_of(group.body)
    variable = name_of(found[0]) if found is not None else ""
    return (name in MEANS, variable, found[1]) if found is not None and variable else None


def _of_names(line: Line, setting: Setting) -> Sides | None:
    """An equation for a letter that stands for a mean or a covariance that follows: μ_N = …, 1/σ_N² = …."""
    assert line.right is not None
    left, right = line.left, line.right
    if line.operator == "~" or stated(left, line.operator, right) is not None:
        return None
    if not any(a.name in setting.names for side in (left, right) for a in atoms_of(side)):
        return None

    def compared(trial: Trial) -> Iterator[tuple[Value, Value]]:
        yield trial.value(left), trial.value(right)

    return compared


def _is_known(variable: str, setting: Setting) -> bool:
    return any(variable in law.variables for law in setting.laws)
