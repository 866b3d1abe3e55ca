"""Equations between formulas that are no identities, but are one slip away from one.

`x² = 4` may be an equation to solve, and `(a + b)² − (a − b)² = 2 a b` is none: what is to be solved hardly ever
becomes true of all values by another sign, number, exponent or index. So it is called wrong if both sides are
formulas of numbers, the right one has no letters of its own, and one such edit makes it an identity. So it is where an
equation is said to follow, of names that the text defines and of what they are made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.model import Model, ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.runs import walk
from derive.notation.syntax import Node, Sym
from derive.vocabulary import name_of, names_in

from .context import Context
from .deciding import judged
from .identities import OPEN
from .judge import Equation, Judgement
from .lines import Line
from .repair import repair
from .results import Suggestion, Verdict
from .roles import CLAIMING, Role, announced, introduction, mentions
from .rules.edit import Rule
from .rules.table import RULE_ROWS

SLIPS = ("wrong-sign", "wrong-exponent", "swapped-index", "wrong-number", "wrong-operator", "wrong-factor", "wrong-sum")
RULES = tuple(r for r in RULE_ROWS if r.name in SLIPS)
OF_ONE_LETTER = tuple(r for r in RULES if r.name != "swapped-index")  # x_1 + x_2 − x_3 = x_1 makes two entries equal
FEWEST_LETTERS = 6
CONDITIONS = re.compile(
    r"\b(?:if|when(?:ever)?|where|unless|requires?|must|should|such that|at which|agree|balance\w*|indifferen\w*"
    r"|equilibrium|optim\w*|stationar\w*|conditions?|constraints?|assum\w*|suppos\w*)\b",
    re.IGNORECASE,
)
TRUE = (Verdict.PROVED, Verdict.HOLDS)


def near_identity(
    line: Line, equation: Equation, found: Judgement, context: Context, pose: Callable[[Line], tuple[Equation, Model]]
) -> tuple[Judgement, tuple[Rule, Suggestion]] | None:
    """The judgement on an equation left open that an edit makes an identity, and the edit; None of any other."""
    sentence = introduction(line.formula)
    posed = mentions(sentence, Role.EQUATION) or announced(sentence) in (Role.DEFINITION, Role.ASSUMPTION)
    posed = posed or CONDITIONS.search(sentence) is not None
    if found.because != OPEN or line.link or posed:
        return None
    arrays = any(reader.arrays for _, _, reader in equation.sources)
    if not (_is_of_defined(equation, sentence, context) or (_is_of_the_same(line) and not arrays)):
        return None

    def verdict(edited: Line) -> Verdict:
        try:
            return judged(edited, context, claimed=True)[1].verdict
        except (Unreadable, ModelError):
            return Verdict.UNDECIDED

    judgement = judged(line, context, claimed=True)[1]
    if judgement.verdict is not Verdict.REFUTED:
        return None
    mended = repair(line, context, verdict, pose, OF_ONE_LETTER if isinstance(line.right, Sym) else RULES)
    return (judgement, mended) if mended is not None and mended[1].verdict in TRUE else None


def _is_of_defined(equation: Equation, sentence: str, context: Context) -> bool:
    """Whether an equation is said to follow, and speaks of names that the text defines and of what they are made of."""
    left, right = ({name_of(a) for a in names_in(side)} for side in (equation.left, equation.right))
    made = {d.name: {name_of(a) for a in names_in(d.expr)} for d in context.definitions.values()}
    known = left.union(made, *(made[name] for name in made.keys() & (left | right)))
    return announced(sentence) in CLAIMING and bool(left) and bool(right & made.keys()) and right <= known


def _is_of_the_same(line: Line) -> bool:
    """Whether both sides are formulas, long enough, and the right one has no letters of its own."""
    assert line.right is not None
    sides = (line.left, line.right)
    on_left, on_right = ({n.base for n in walk(side) if isinstance(n, Sym)} for side in sides)
    return (
        not isinstance(line.left, Sym)
        and bool(on_left)
        and on_right <= on_left
        and sum(map(_letters, sides)) >= FEWEST_LETTERS
    )


def _letters(node: Node) -> int:
    return sum(isinstance(n, Sym) for n in walk(node))
