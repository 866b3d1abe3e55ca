"""Arithmetic with decimals: 0.31 · 2 = 0.63 may be right to the digits shown, and 1/3 = 0.34 may not.

Each decimal may lie half a unit of its last digit away from what it stands for; how far the two sides may then lie
apart is the sum of what each moves them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sympy import Expr, Rational

from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.elaborate import Reader
from derive.notation.lookup import Bound
from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Bin, Fn, Group, Juxt, Neg, Node, Num, Span, Sym
from derive.notation.syntax import Fraction as Fraction_
from derive.vocabulary import names_in
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.environment import environment
from lowering.numeric.errors import EvaluationError
from lowering.numeric.evaluate import evaluate

from .context import Context
from .judge import Equation, Judgement, second_reading
from .lines import Line
from .results import Counterexample, Verdict

DIGITS = 30
SURELY = 2.1  # how many times the distance that rounding allows is no rounding any more
ROUGH, COMPUTED = Fraction(1, 20), Fraction(3, 200)  # how far off a number may be that is called about right
DIGITS_SHOWN = 3
BASES = ("2", "10")
ROUGHLY = re.compile(
    r"\b(?:taylor|orders?|first[- ]order|approximat\w*|estimat\w*|simulat\w*|monte|trapez\w*|simpson|newton"
    r"|rule of thumb|interpolat\w*|iterat\w*|steps?|roughly|table)\b",
    re.IGNORECASE,
)
POWER_OF_TEN = re.compile(r"(?:\d\s*\\(?:cdot|times)\s*)?10\s*\^\s*(?:\d|\{\s*\d+\s*\})")
EQUAL = "the two sides are equal to the digits shown"
TELLING = Fraction(1, 10)  # 0.01 · 0.03 may be 0.0001 or 0.0005 if both are rounded
PLAIN = (Num, Neg, Bin, Fraction_, Group, Juxt)
NUMBERS = frozenset({"e", "pi", "%"})
ALIKE = frozenset({"=", "approx", "simeq", "doteq", "equiv"})


class RoundedReader(Reader):
    """A reader that notes the decimals it meets, and moves one of them where it is told to."""

    def __init__(self, dictionary: Dictionary, moved: Span | None = None, to_integers: bool = False) -> None:
        super().__init__(dictionary)
        self.moved = moved
        self.to_integers = to_integers
        self.halves: dict[Span, Fraction] = {}

    def _num(self, node: Num, bound: Bound) -> Expr:
        value = Fraction(node.text.replace(",", ""))
        whole, point, decimals = node.text.replace(",", "").partition(".")
        if point or self.to_integers:
            zeros = len(whole) - len(whole.rstrip("0")) if not point else -len(decimals)
            self.halves[node.span] = Fraction(10) ** zeros / 2
        if node.span == self.moved:
            value += self.halves.get(node.span, Fraction(0))
        number: Expr = Rational(value.numerator, value.denominator)
        return number


@dataclass(frozen=True, kw_only=True)
class Rounded:
    """The value of a side, how far rounding may have moved it, and the reader that has read it."""

    value: Any
    slack: Any
    expr: Expr
    reader: Reader
    decimals: bool


def judged_numbers(line: Line, context: Context) -> Judgement | None:
    """The judgement on an equation of numbers with decimals, or on an approximate one; None if it is neither."""
    assert line.right is not None
    if line.operator not in ALIKE or any(has_letters(n) for n in (line.left, line.right)):
        return None
    rounded = line.operator != "="
    try:
        left = side_of(line.left, context.dictionary, to_integers=False)
        right = side_of(line.right, context.dictionary, to_integers=rounded and isinstance(line.right, Num))
    except (Unreadable, EvaluationError, ValueError):
        return None
    if left is None or right is None:
        return None
    if not (rounded or left.decimals or right.decimals):
        return _by_magnitude(line, left, right)
    apart, slack = abs(left.value - right.value), left.slack + right.slack
    if apart <= slack and line.number - line.link in context.definitions:
        because = "the numbers agree to the digits shown; what they are taken from is not judged"
        return Judgement(verdict=Verdict.UNDECIDED, because=because)
    if apart == 0:
        return Judgement(verdict=Verdict.PROVED, because="the two sides are the same number")
    if apart <= slack:
        told = apart <= min(s for s in (left.slack, right.slack) if s) or slack <= abs(left.value) * TELLING
        verdict, because = (Verdict.HOLDS, EQUAL) if told else (Verdict.UNDECIDED, "it may be rounded in another way")
        return Judgement(verdict=verdict, because=because)
    exact = not rounded and (
        (not left.slack and _is_written_out(left.value, line.right))
        or (not right.slack and _is_written_out(right.value, line.left))
    )
    within = abs(left.value) * (ROUGH if rounded and not _is_computed(line, left) else COMPUTED if rounded else 0)
    if (apart <= SURELY * slack and not exact) or apart <= within:
        return Judgement(verdict=Verdict.UNDECIDED, because="it may be rounded in another way")
    if any(_agrees_by_base(line, base, context) for base in BASES):
        return Judgement(verdict=Verdict.UNDECIDED, because="the logarithms may be of another base")
    source = line.formula.latex
    sources = (
        (line.carried.latex if line.carried else source, line.left, left.reader),
        (source, line.right, right.reader),
    )
    disputed = second_reading(Equation(left=left.expr, right=right.expr, sources=sources))
    if disputed is not None:
        return Judgement(verdict=Verdict.UNDECIDED, because=f"numbers speak against it, but {disputed}")
    shown = Counterexample(left=f"{float(left.value):.6g}", right=f"{float(right.value):.6g}")
    because = "the two sides differ by more than rounding explains"
    return Judgement(verdict=Verdict.REFUTED, because=because, counterexample=shown)


def _agrees_by_base(line: Line, base: str, context: Context) -> bool:
    """Whether numbers agree to twice the digits' rounding if a bare "log" is of some base: H = −Σ p log p is, of 2."""
    assert line.right is not None
    sides = (line.left, line.right)
    if not any(isinstance(n, Fn) and n.name == "log" and n.sub is None for side in sides for n in walk(side)):
        return False

    def put(node: Node) -> Node:
        bare = isinstance(node, Fn) and node.name == "log" and node.sub is None
        return replace(node, sub=Num(text=base, span=node.span)) if bare and isinstance(node, Fn) else node

    left, right = (side_of(rebuild(side, put), context.dictionary, to_integers=True) for side in sides)
    return left is None or right is None or bool(abs(left.value - right.value) <= SURELY * (left.slack + right.slack))


def _is_computed(line: Line, left: Rounded) -> bool:
    """Whether a number of three digits and more is what quotients and their logarithms, −9/14 log(9/14), come to.

    Of other numbers, e or 5!, it may be what a series or a sample of them gives.
    """
    nodes = tuple(walk(line.left))
    plain = all(
        isinstance(n, PLAIN) or getattr(n, "name", "") in ("log", "ln") for n in nodes if not isinstance(n, Sym)
    )
    quotients = any(isinstance(n, Fraction_) or getattr(n, "op", "") == "/" for n in nodes)
    shown = line.right.text.replace(".", "").strip("0") if isinstance(line.right, Num) else ""
    said = ROUGHLY.search(f"{line.formula.before[-300:]} {line.formula.after[:200]}") is not None
    bare = any(isinstance(n, Sym) for n in nodes)
    return plain and quotients and not (bare or said or left.slack) and len(shown) >= DIGITS_SHOWN


def _by_magnitude(line: Line, left: Rounded, right: Rounded) -> Judgement | None:
    """What is left open of 2 · 10^9 · 16 · 32 = 10^{12}, where a power of ten may be an order of magnitude."""
    assert line.right is not None
    sides = (line.formula.latex[slice(*n.span)].strip() for n in (line.left, line.right))
    near = 0 < abs(left.value - right.value) < max(left.value, right.value) / 2
    if not near or not any(POWER_OF_TEN.fullmatch(side) for side in sides):
        return None
    return Judgement(verdict=Verdict.UNDECIDED, because="a power of ten may be an order of magnitude")


def _is_written_out(value: Any, shown: Node) -> bool:
    """Whether a value has no more digits than the number beside it shows, so that it is not rounded: 0.8 beside 0.9."""
    if not isinstance(shown, Num):
        return False
    scaled = value * 10 ** len(shown.text.partition(".")[2])
    return bool(abs(scaled - round(scaled)) < 1e-15)


def has_letters(node: Node) -> bool:
    """Whether an expression has letters that are no numbers."""
    return any(isinstance(n, Sym) and n.base not in NUMBERS for n in walk(node))


def side_of(node: Node, dictionary: Dictionary, *, to_integers: bool) -> Rounded | None:
    """The value of a side that holds no letters; None if it holds some."""
    reader = RoundedReader(dictionary, to_integers=to_integers)
    expr = reader.read(node)
    if any(True for _ in names_in(expr)) or reader.free or expr.free_symbols:
        return None
    value = _number(expr)
    slack = 0
    for span in reader.halves:
        moved = RoundedReader(dictionary, moved=span, to_integers=to_integers).read(node)
        slack += abs(_number(moved) - value)
    decimals = any(h.denominator > 2 for h in reader.halves.values())
    return Rounded(value=value, slack=slack, expr=expr, reader=reader, decimals=decimals)


def _number(expr: Expr) -> Any:
    empty = environment((), sizes={}, values={})
    (value,) = evaluate(expr, empty, (), mpmath_arithmetic(DIGITS)).ravel()[:1]
    if not abs(value) < 1e300:
        raise EvaluationError("a side has no finite value")
    return value
