r"""h_t = tanh(W h_{i−1} + U x_t): a recursion whose step before has the index of no step that the text speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.chances.events import unbraced
from derive.chances.unrolled import INDICES
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Group, Juxt, Num, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict

STEPS = INDICES | frozenset("pq")
FORMULAS = re.compile(r"\$\$.*?\$\$|\$.*?\$|\\\[.*?\\\]|\\\(.*?\\\)", re.DOTALL)


@dataclass(frozen=True)
class Step:
    """At which step of a recursion a letter stands: `h_{i-1}` is i, −1."""

    letter: Sym
    shift: int
    raised: bool


def foreign_step(line: Line, context: Context) -> Found | None:
    """The finding on a recursion for h_t that speaks of another step of h by a letter that stands nowhere else.

    The letter counts as met wherever the text writes it, in another formula or free in this one: then it may be a
    step that is named, and nothing is said.
    """
    if line.right is None or line.link or line.carried is not None or line.operator not in ("=", ":=", "<-"):
        return None
    head = line.left.items[0] if isinstance(line.left, Juxt) else line.left
    now = _step(head) if isinstance(head, Sym) else None
    if now is None or not isinstance(head, Sym):
        return None
    others = [n for n in walk(line.right) if isinstance(n, Sym) and (n.base, n.accents) == (head.base, head.accents)]
    found = [_step(n) for n in others if n is not line.right]
    steps = [s for s in found if s is not None and s.raised == now.raised]
    strange = [s for s in steps if s.letter.base != now.letter.base]
    letters = {s.letter.base for s in strange}
    if len(letters) != 1 or len(steps) < len(others) or any(s.shift == now.shift for s in strange):
        return None
    (letter,) = letters
    if _is_met(letter, len(strange), line, context) or any(of_words(line)):
        return None
    because = f"nothing says what {letter} is: it stands in a step of {head.base} alone, and the recursion is one in"
    message = f"the index {letter} should be {now.letter.base}"
    places = {s.letter.span: now.letter.base for s in strange}
    return conflict(line, message, f"{because} {now.letter.base}", places)


def _step(node: Sym) -> Step | None:
    """The step that stands below a letter, or above it in brackets; None if there is none."""
    above = unbraced(node.sup) if node.sup is not None else None
    raised = isinstance(above, Group) and above.opening in ("(", "[")
    index = unbraced(above.body) if isinstance(above, Group) and raised else node.sub
    index = unbraced(index) if index is not None else None
    match index:
        case Sym(sub=None, sup=None):
            return Step(index, 0, raised) if index.base in STEPS and index.base.islower() else None
        case Bin(op="+" | "-" as sign, left=Sym(sub=None, sup=None) as letter, right=Num(text=text)) if text.isdigit():
            shift = int(text) if sign == "+" else -int(text)
            return Step(letter, shift, raised) if letter.base in STEPS and letter.base.islower() else None
    return None


def _is_met(letter: str, times: int, line: Line, context: Context) -> bool:
    """Whether a letter stands elsewhere in the text, in a formula or in the words around this one."""
    nodes = (n for root, _ in context.lines.nodes for n in walk(root) if isinstance(n, Sym) and n.base == letter)
    return sum(1 for _ in nodes) != times or is_said(letter, line)


def is_said(letter: str, line: Line) -> bool:
    """Whether a letter stands in the words around a formula, outside of other formulas."""
    words = FORMULAS.sub(" ", f"{line.formula.before} ; {line.formula.after}")
    return bool(re.search(rf"(?<![\w\\.]){letter}(?![\w.])", words))
