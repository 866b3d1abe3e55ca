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
ROW = "it is true only if the gradient is a row; a gradient has the shape of what it is taken by"


def in_any_layout(pose: Callable[[Layout], Posed], judge: Callable[[Equation, Model], Judgement], line: Line) -> Judged:
    """The judgement in the first layout in which a claim is true; else in the first that gives it a meaning.

    It is refuted only where every layout that gives it a meaning refutes it. What ∇ gives is a column; some books write
    a row, so a claim that is true of a row alone is left open.

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
            judgement = judge(equation, model)
            if layout.rows and judgement.verdict in TRUE and _is_gradient(line):
                judgement = Judgement(verdict=Verdict.UNDECIDED, because=ROW)
            found.append((equation, judgement))
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
    return not _signs(line).isdisjoint((*SIGNS, "nabla"))


def _is_gradient(line: Line) -> bool:
    """Whether ∇ is the only sign of a derivative."""
    signs = _signs(line)
    return "nabla" in signs and signs.isdisjoint(SIGNS)


def _signs(line: Line) -> set[str]:
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side))
    return {n.base for n in nodes if isinstance(n, Sym)}
