"""Derivatives by vectors in each layout: a claim that is true in one is no error, whatever it is in the others."""

from __future__ import annotations

from collections.abc import Callable

from derive.model import Model
from derive.notation.derivatives import LAYOUTS, Layout
from derive.notation.dictionary import Unreadable
from derive.notation.differentials import SIGNS
from derive.notation.runs import walk
from derive.notation.syntax import Sym

from .judge import Equation, Judgement
from .lines import Line
from .results import Verdict

Posed = tuple[Equation, Model]
Judged = tuple[Equation, Judgement]
TRUE = (Verdict.PROVED, Verdict.HOLDS)


def in_any_layout(pose: Callable[[Layout], Posed], judge: Callable[[Equation, Model], Judgement], line: Line) -> Judged:
    """The judgement in the first layout in which a claim is true; else in the first that gives it a meaning.

    It is refuted only where every layout that gives it a meaning refutes it.

    Args:
        pose: a layout to the equation read in it, and its model.
        judge: what decides it.
        line: what is judged.
    Raises: Unreadable, ModelError: if it has no meaning in any.
    """
    found: list[Judged] = []
    refusal: Unreadable | None = None
    for layout in LAYOUTS:
        try:
            equation, model = pose(layout)
        except Unreadable as error:
            refusal = refusal or error
        else:
            if any((e.left, e.right) == (equation.left, equation.right) for e, _ in found):
                continue
            found.append((equation, judge(equation, model)))
            if found[-1][1].verdict in TRUE:
                return found[-1]
        if not _differentiates(line):
            break
    if not found:
        assert refusal is not None
        raise refusal
    return next((f for f in found if f[1].verdict is not Verdict.REFUTED), found[0])


def _differentiates(line: Line) -> bool:
    """Whether there is a derivative in a line as it is written."""
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side))
    return any(isinstance(n, Sym) and n.base in (*SIGNS, "nabla") for n in nodes)
