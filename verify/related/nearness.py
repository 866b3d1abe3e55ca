"""What is found of ≈ for smooth functions: expansions, finite differences, and limits of differences."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from itertools import count

from sympy import Basic, Expr, Integer, Mul, Poly, PolynomialError, Symbol, fraction, together

from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Dots, Empty, Group, Juxt, Node, Num, Sym

from ..context import Context
from ..doubts import of_words
from ..found import ANYTHING_FALSE, Found
from ..judge import Judgement
from ..lines import Line
from ..repair import repair
from ..results import Counterexample, Verdict
from .alongaline import along_a_line
from .small import steps_of
from .smooth import ORDERS, NotSmooth, SmoothReader, Steps, T
from .tangible import may_agree

NEAR = frozenset({"approx", "simeq", "~"})
Posed = tuple[Node, Node, Steps, int | None]
SAID = re.compile(
    r"Taylor|expan[ds]|lineari[sz]|approximat|differences?\b|derivative|gradient|Hessian|small|step|order|tangent",
    re.IGNORECASE,
)
MORE = re.compile(
    r"\b(?:quadratic|linear function|homogeneous|even|odd|periodic|constant|minim(?:um|i[sz]er)|maximum|stationary"
    r"|critical)\b",
    re.IGNORECASE,
)
SMALL = re.compile(
    r"\b(?:for|where|when)\s+(?:(?:any|some|a|sufficiently|very)\s+)*small\b[^.]{0,30}?\$[^$]*\$", re.IGNORECASE
)
NO_LIMIT = "a side has no limit as the steps go to zero"
SLOPES = (Integer(2), Integer(3), Integer(5), Integer(7))
STEP = Integer(1) / 1000
MOST_EDITS = 450


@dataclass(frozen=True, kw_only=True)
class Near:
    """What came of comparing two sides.

    Attributes:
        judgement: whether they agree as far as they should.
        due: the order of what may be left.
        exact: which of them is written out, and which has values at the steps.
        derivatives: how many signs of derivatives they have.
    """

    judgement: Judgement
    due: int
    exact: tuple[bool, ...]
    derivatives: tuple[int, int]


def near_found(line: Line, context: Context) -> Found | None:
    """What is found of an approximation at small steps; None if it is none.

    What is so of any smooth function is so of those that the text defines, and nothing else follows of these.
    """
    near = judged_near(line, context)
    if near is None:
        near = judged_near(line, context, any_function=True)
        if near is None or near.judgement.verdict is not Verdict.PROVED:
            return None
    judgement = near.judgement
    found = Found(verdict=judgement.verdict, because=judgement.because, reading=line.formula.latex[slice(*line.span)])
    if judgement.verdict is not Verdict.REFUTED:
        return found
    diverges = NO_LIMIT in judgement.because
    more = not diverges and MORE.search(f"{line.formula.before[-400:]} {line.formula.after[:100]}")
    told = dataclasses.replace(
        line, formula=dataclasses.replace(line.formula, before=SMALL.sub("", line.formula.before))
    )
    disputed = next(of_words(told), None) or (more and "the text may say more of the function")
    if SAID.search(context.dictionary.prose) is None or disputed:
        because = f"numbers speak against it, but {disputed or 'it may be no expansion'}"
        return dataclasses.replace(found, verdict=Verdict.UNDECIDED, because=because)
    tried = count()
    mended = repair(
        line, context, lambda e: _mended(e, near, context) if next(tried) < MOST_EDITS else Verdict.UNDECIDED
    )
    if mended is None and not diverges:
        return dataclasses.replace(
            found, verdict=Verdict.UNDECIDED, because=f"{judgement.because}; it may be meant otherwise"
        )
    rule, suggestion = (mended[0].code, mended[1]) if mended else (ANYTHING_FALSE, None)
    return dataclasses.replace(found, judgement=judgement, rule=rule, suggestion=suggestion)


def _mended(line: Line, near: Near, context: Context) -> Verdict:
    """The verdict on an edited line that claims as much as it did, and takes no derivative where there was none."""
    posed = posed_near(line, context)
    if posed is None or not may_agree(*posed[:3], near.due) or not _is_alike(posed, near):
        return Verdict.UNDECIDED
    found = judged_near(line, context)
    alike = found is not None and (found.due, found.exact) == (near.due, near.exact)
    return found.judgement.verdict if found is not None and alike else Verdict.UNDECIDED


def _is_alike(posed: Posed, near: Near) -> bool:
    left, right, steps, _ = posed
    now = _derivatives(left, steps), _derivatives(right, steps)
    return all(bool(n) == bool(was) for n, was in zip(now, near.derivatives, strict=True))


def _derivatives(node: Node, steps: Steps) -> int:
    """How many signs of derivatives stand in a side."""
    signs = {"partial", "d", "nabla", steps.second}
    return sum(isinstance(n, Sym) and (n.base in signs or n.primes > 0) for n in walk(node))


def judged_near(line: Line, context: Context, *, any_function: bool = False) -> Near | None:
    """Proved if the difference of the sides is of higher order than what they keep; refuted if it is not.

    Args:
        line: the relation.
        context: the text that it stands in.
        any_function: whether functions of which the text says more are read as any smooth ones, too.
    """
    posed = posed_near(line, context, any_function=any_function)
    try:
        return None if posed is None else _compared(*posed)
    except (NotSmooth, PolynomialError, ValueError, TypeError, ZeroDivisionError):
        return None


def posed_near(line: Line, context: Context, *, any_function: bool = False) -> Posed | None:
    """The sides, what is small in them, and the order of what a remainder or a limit leaves out, if there is one."""
    if line.right is None or isinstance(line.left, Empty) or line.carried is not None:
        return None
    left: Node = line.left
    right: Node = line.right
    order, goes_on = None, False
    if line.operator == "=":
        left, to_left = _without_dots(left)
        right, to_right = _without_dots(right)
        goes_on = to_left != to_right
        right, order = _tail(right) if not to_right else (right, None)
    limited = line.operator == "=" and isinstance(right, Big) and right.op == "lim"
    if line.operator not in NEAR and order is None and not limited and not goes_on:
        return None
    right = right.body if limited and isinstance(right, Big) else right
    defined = {d.name for k, d in context.definitions.items() if k >= 0 and k != line.number}
    try:
        left, right = along_a_line((left, right), hessian="Hessian" in context.dictionary.prose)
        steps = steps_of((left, right), None if any_function else context.dictionary, defined)
    except (NotSmooth, ValueError, TypeError):
        return None
    return None if steps is None else (left, right, _with_hessian(line, steps, context), 1 if limited else order)


def _compared(left: Node, right: Node, steps: Steps, order: int | None) -> Near | None:
    reader = SmoothReader(steps=steps)
    values, exact = [], []
    for node in (right, left):  # derivatives without a point stand at that of the functions
        reader.shifted = False
        values.append(reader.read(node))
        exact.append(not reader.shifted)
    b, a = values
    if not (a.has(*reader.letters) and b.has(*reader.letters)) or all(exact):
        return None
    signs = _derivatives(left, steps), _derivatives(right, steps)
    needed = order if order is not None else _needed(list(zip(values, exact, strict=True)))
    apart, trusted = _valuation(a - b)
    if apart is None or apart >= needed:
        if trusted < needed:
            return None
        size = f"t^{apart}" if apart is not None else f"more than t^{trusted}"
        because = f"the sides differ by {size} for steps of size t"
        return Near(
            judgement=Judgement(verdict=Verdict.PROVED, because=because),
            due=needed,
            exact=tuple(exact),
            derivatives=signs,
        )
    lowest = min(v for v in (_valuation(a)[0], _valuation(b)[0]) if v is not None)
    what = NO_LIMIT if lowest < 0 <= needed - 1 else "the sides differ"
    shown = _shown(a, b, reader)
    because = f"{what}: by t^{apart} for steps of size t, where t^{needed} is due"
    judgement = Judgement(verdict=Verdict.REFUTED, because=because, counterexample=shown)
    return Near(judgement=judgement, due=needed, exact=tuple(exact), derivatives=signs)


def _needed(sides: list[tuple[Expr, bool]]) -> int:
    """The order of what may be left: one more than a side that is written out keeps, or than the leading term."""
    kept = [_degree(value) for value, exact in sides if exact]
    if kept:
        return min(kept) + 1
    return min(v for value, _ in sides if (v := _valuation(value)[0]) is not None) + 1


def _degree(value: Expr) -> int:
    above, below = fraction(together(value))
    return int(Poly(above, T).degree()) - int(Poly(below, T).degree()) if value != 0 else 0


def _valuation(value: Expr) -> tuple[int | None, int]:
    """The lowest power of t, None for zero, and up to which it is trusted."""
    above, below = fraction(together(value.expand()))
    numerator, denominator = Poly(above.expand(), T), Poly(below, T)
    lowest = min(m[0] for m in denominator.monoms())
    trusted = ORDERS - lowest
    powers = [m[0] - lowest for m in numerator.monoms()] if not numerator.is_zero else []
    lowest_power = min(powers, default=None)
    return (None if lowest_power is None or lowest_power > trusted else int(lowest_power)), trusted


def _shown(a: Expr, b: Expr, reader: SmoothReader) -> Counterexample:
    """Both sides for exponential functions, whose derivatives are powers of their slopes."""
    letters = sorted((a.atoms(Symbol) | b.atoms(Symbol)) - {T}, key=str)
    values: dict[Basic, Expr] = {T: STEP}
    for k, letter in enumerate(letters):
        if letter in reader.letters:
            name, directions = reader.letters[letter]
            slopes = [SLOPES[(ord(name[0]) + len(d) + sum(map(ord, d))) % len(SLOPES)] for d in directions]
            values[letter] = Mul(*slopes)
        else:
            values[letter] = 1 + Integer(k + 1) / 7
    numbers = [f"{float(side.xreplace(values)):.6g}" for side in (a, b)]
    plain = {str(s): f"{float(v):.6g}" for s, v in values.items() if s not in set(reader.letters)}
    return Counterexample(values=plain, left=numbers[0], right=numbers[1])


def _with_hessian(line: Line, steps: Steps, context: Context) -> Steps:
    """The steps with H as the Hessian of the only function, where the text speaks of one."""
    head = line.left
    if len(steps.functions) != 1 or not isinstance(head, Sym) or "Hessian" not in context.dictionary.prose:
        return steps
    return dataclasses.replace(steps, second=head.base) if head.base == "H" else steps


def _without_dots(node: Node) -> tuple[Node, bool]:
    """What stands before + ⋯, and whether there are such dots."""
    goes_on = isinstance(node, Bin) and node.op == "+" and isinstance(node.right, Dots)
    return (node.left, True) if goes_on and isinstance(node, Bin) else (node, False)


def _tail(node: Node) -> tuple[Node, int | None]:
    """What stands before + O(h²) or + o(h), and the order of what is left out."""
    if not (isinstance(node, Bin) and node.op == "+" and isinstance(node.right, Juxt) and len(node.right.items) == 2):
        return node, None
    head, group = node.right.items
    if not isinstance(head, Sym) or head.base not in ("o", "O") or not isinstance(group, Group):
        return node, None
    inner = group.body
    if isinstance(inner, Sym | Group) and (inner.sup is None or isinstance(inner.sup, Num)):
        power = int(inner.sup.text) if isinstance(inner.sup, Num) and inner.sup.text.isdigit() else 1
        return node.left, power + (head.base == "o")
    return node, None
