r"""h_t = tanh(W h_{i−1} + U x_t): a recursion whose step before has the index of no step that the text speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.chances.events import unbraced
from derive.chances.unrolled import INDICES
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Group, Juxt, Num, Sym

from .context import Context
from .doubts import of_words
from .found import Found
from .lines import Line
from .results import Suggestion, Verdict
from .rules.swapped_index import RULE

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
    return Found(
        verdict=Verdict.CONFLICT,
        because=f"{because} {now.letter.base}",
        message=f"the index {letter} should be {now.letter.base}",
        rule=RULE.code,
        suggestion=_mended(line, [s.letter for s in strange], now.letter.base),
    )


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
    if sum(1 for _ in nodes) != times:
        return True
    words = FORMULAS.sub(" ", f"{line.formula.before} ; {line.formula.after}")
    return bool(re.search(rf"(?<![\w\\.]){letter}(?![\w.])", words))


def _mended(line: Line, places: list[Sym], letter: str) -> Suggestion:
    """The right side with another letter at these places."""
    assert line.right is not None
    source, (start, end) = line.formula.latex, line.right.span
    spans = sorted(p.span for p in places)
    first, last = spans[0][0], spans[-1][1]
    text, done = "", first
    for low, high in spans:
        text += source[done:low] + letter
        done = high
    span = None if line.formula.origins else (line.formula.offset + first, line.formula.offset + last)
    edited = source[start:first] + text + source[last:end]
    edit = f"{source[slice(*spans[0])]} → {letter}"
    return Suggestion(latex=edited, edit=edit, verdict=Verdict.UNDECIDED, span=span, text=text)
