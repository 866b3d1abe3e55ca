r"""What is said to solve an equation of the text for a letter, log p/(1−p) = z for p, or to be an inverse f^{-1}."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Abs, Basic, Expr, Integer

from derive.calculus.indices import free_indices, substitute, transform
from derive.model import Model, ModelError
from derive.notation.arrays import Array, ShapeError
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.elsewhere import value_at
from derive.notation.lookup import AT_A_NUMBER
from derive.notation.names_in_notes import take_apart
from derive.notation.syntax import Chain, Group, Juxt, Neg, Node, Num, Sym
from derive.vocabulary import indices_of, is_name, name_of, names_in

from .context import Context
from .doubts import of_words
from .found import ANYTHING_FALSE, Found, read_as
from .judge import Equation, Judgement, judge, with_variables
from .lines import Line
from .rearranged import rearranged
from .refute import refute
from .repair import repair
from .results import Verdict
from .roles import introduction

SOLVED = re.compile(r"\b(?:solv(?:e|es|ed|ing)|rearrang\w+|invert(?:s|ed|ing)?|isolat\w+)\b", re.IGNORECASE)
FROM = re.compile(  # "From x = a y + b we get y as", and no other equation or condition
    r"^from,? (?:we|one) (?:can )?(?:recover|obtain|get|find)\b"
    r"(?!.*\b(?:and|with|for|if|when|where|limit|set|setting|using|by|large|small|at|since|because|average|mean|expect\w*)\b)",
    re.IGNORECASE,
)
OTHERWISE = re.compile(
    r"\b(?:approximat\w*|numerical\w*|set(?:ting)?\b[^.]*\b(?:zero|0)\b|minimi\w*|maximi\w*)", re.IGNORECASE
)
AT_ONCE = re.compile(
    r"[,.]?\s*(?:(?:which|that|this) (?:is|gives|yields|means)(?: [\w-]+){0,4}|(?:and )?so(?: that)?|hence|therefore"
    r"|thus|equivalently|or(?: equivalently)?|i\.e\.|that is)[,:]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Posed:
    """What has to hold if a letter has the value that a line gives it, and what was read there.

    Attributes:
        names: the letters that have been replaced.
        said: what the text says of the line.
        power: f(x) f^{-1}(x), which is 1 if a power is meant.
    """

    left: Expr
    right: Expr
    written: Expr
    reader: Reader
    names: frozenset[str]
    said: str
    power: Expr | None = None


def inverted_found(line: Line, context: Context) -> Found | None:
    """What is found of a line that gives the solution of an equation, or an inverse; None where that stays open."""
    judgement, said = _judged(line, context)
    if judgement is None:
        return None
    shown = read_as(line, context)
    if judgement.verdict in (Verdict.PROVED, Verdict.HOLDS):
        return Found(verdict=judgement.verdict, because=f"said to {said}, and found so", reading=shown)
    if judgement.verdict is not Verdict.REFUTED:
        return None
    mended = repair(line, context, lambda new: (_judged(new, context)[0] or judgement).verdict)
    if mended is None and _goes_on(line, context):  # n = A = B, which is itself to be solved
        return None
    return Found(
        verdict=Verdict.CONFLICT,
        because=f"it is to {said}, and the two sides then differ at these numbers",
        reading=shown,
        judgement=judgement,
        rule=mended[0].code if mended else ANYTHING_FALSE,
        suggestion=mended[1] if mended else None,
    )


def _goes_on(line: Line, context: Context) -> bool:
    """Whether a relation is followed by another one of its chain."""
    return any(n.number == line.number + 1 and n.link > 0 for n in context.lines.lines)


def _judged(line: Line, context: Context) -> tuple[Judgement | None, str]:
    """The judgement, of an equation the only one that could be meant, and what it says."""
    try:
        posed = _as_inverse(line, context) or _as_solution(line, context) or _as_rearranged(line, context)
    except (Unreadable, ModelError, ShapeError, ValueError):
        return None, ""
    if posed is None:
        return None, ""
    names = {name_of(a) for side in (posed.left, posed.right) for a in names_in(side)}
    sources = ((line.formula.latex, line.right or line.left, posed.reader),)
    equation = Equation(left=posed.left, right=posed.right, sources=sources, confirmed=(posed.written,))
    model = with_variables(equation, context.model_at(line.number, names - posed.names))
    return judge(equation, model, lambda: _doubts(line, posed, model)), posed.said


def _doubts(line: Line, posed: Posed, model: Model) -> Iterator[str]:
    yield from of_words(line)
    if OTHERWISE.search(introduction(line.formula)):
        yield "the text may mean another solution"
    if posed.power is not None and refute(posed.power, Integer(1), model).counterexample is None:
        yield "it may be a power"
    positive = _of_positive_letters(posed.left), _of_positive_letters(posed.right)
    if refute(*positive, model).counterexample is None:
        yield "it may be meant for positive letters"


def _of_positive_letters(expr: Expr) -> Expr:
    """An expression with |ε| for each ε: a root picks the branch that belongs to the sign of the parameters."""

    def positive(e: Expr) -> Expr | None:
        return Abs(e) if is_name(e) else None

    return transform(expr, positive)


# -- equations -----------------------------------------------------------------------------------------


def _as_solution(line: Line, context: Context) -> Posed | None:
    """The equation before a line that says "solving for p gives", with the value of p put in."""
    if line.link or line.right is None or not isinstance(line.left, Sym) or line.operator not in ("=", ":="):
        return None
    words = introduction(line.formula)
    if not (SOLVED.search(words) or FROM.search(words) or _follows_at_once(line)):
        return None
    reader = Reader(context.dictionary)
    held, value = reader.read(line.left), reader.read(line.right)
    if not is_name(held) or name_of(held) in _names(value) or reader.opened or not _names(value):
        return None
    found = [p for other in _before(line, context) if (p := _put_in(held, value, other, reader, context)) is not None]
    reader.doubts[:] = (d for d in reader.doubts if d != f"{name_of(held)}{AT_A_NUMBER}")  # x_0 has been replaced
    return found[-1] if found else None


def _as_rearranged(line: Line, context: Context) -> Posed | None:
    """The equation before a line that says "dividing by H gives", put in."""
    found = rearranged(line, _before(line, context), context)
    if found is None:
        return None
    left, right, written, reader, name = found
    said = "follow from an equation of the text"
    return Posed(left=left, right=right, written=written, reader=reader, names=frozenset({name}), said=said)


def _follows_at_once(line: Line) -> bool:
    """Whether a line stands behind another display with no more than "which is the line" between them."""
    return line.formula.display and AT_ONCE.fullmatch(line.formula.before.strip()) is not None


def _before(line: Line, context: Context) -> Iterator[Line]:
    """The equations that stand before a line under the same heading."""
    for other in context.lines.lines:
        same = other.formula.headings == line.formula.headings and other.number < line.number
        if same and other.right is not None and other.operator == "=" and not isinstance(other.left, Chain):
            yield other


def _put_in(held: Expr, value: Expr, other: Line, reader: Reader, context: Context) -> Posed | None:
    """Another equation with a value in the place of a name; None if it is none for the name, or of other letters."""
    there = Reader(context.dictionary)
    try:
        left, right = there.read(other.left), there.read(other.right or other.left)
    except (Unreadable, ValueError):
        return None
    name, inside = name_of(held), _names(left) | _names(right)
    alone = any(is_name(side) and name_of(side) == name for side in (left, right))
    if any(is_name(side) and name_of(side) not in _names(value) for side in (left, right)):
        return None  # L = (w x − y)² with w = y / x says what L is there, and not what w has to be
    if alone or there.opened or name not in inside or not _names(value) <= inside:
        return None

    def put(e: Expr) -> Expr | None:
        if not is_name(e) or name_of(e) != name:
            return None
        places: dict[Basic, Basic] = dict(zip(indices_of(held), indices_of(e), strict=True))
        return substitute(value, places)

    sides = transform(left, put), transform(right, put)
    if free_indices(sides[0]) - free_indices(left) or free_indices(sides[1]) - free_indices(right):
        return None
    said = f"solve an equation of the text for {name}"
    return Posed(left=sides[0], right=sides[1], written=value, reader=reader, names=frozenset({name}), said=said)


def _as_inverse(line: Line, context: Context) -> Posed | None:
    """f(g(x)) = x for f^{-1}(x) = g(x), where the text gives a formula for f."""
    head = _inverse_head(line.left)
    if head is None or line.right is None or line.link:
        return None
    function, argument = head
    name = take_apart(function, context.dictionary.survey.letters).plain
    formula = context.dictionary.formulas.get(name)
    if formula is None or len(formula.parameters) != 1 or isinstance(formula.parameters[0], Array):
        return None
    reader = Reader(context.dictionary)
    x, value = reader.read(argument), reader.read(line.right)
    there = value_at(name, (value,), context.dictionary.formulas)
    if isinstance(there, Array) or reader.arrays:
        return None
    said = f"be the inverse of {name}"
    at_x = value_at(name, (x,), context.dictionary.formulas)
    power = None if isinstance(at_x, Array) else at_x * value
    return Posed(left=there, right=x, written=value, reader=reader, names=frozenset(), said=said, power=power)


def _inverse_head(node: Node) -> tuple[Sym, Node] | None:
    items = node.items if isinstance(node, Juxt) else ()
    if len(items) != 2 or not isinstance(items[0], Sym) or not isinstance(items[1], Group):
        return None
    sup = items[0].sup
    sup = sup.body if isinstance(sup, Group) else sup
    minus = isinstance(sup, Neg) and isinstance(sup.body, Num) and sup.body.text == "1"
    if not minus or items[1].sup is not None or not isinstance(items[1].body, Sym):
        return None
    head = items[0]
    return Sym(base=head.base, accents=head.accents, fonts=head.fonts, sub=head.sub, span=head.span), items[1].body


def _names(expr: Expr) -> set[str]:
    return {name_of(a) for a in names_in(expr)}
