r"""Sums of products of numbers over all cases: P(T) = 0.95 · 0.01 + 0.10 · 0.99, E[X] = 10 · 0.2 + 2 · 0.5 + 0 · 0.3.

One factor of each term is the probability of a case, and these sum to one. A sum in which no choice of factors does
is wrong where one number, which the words before do not give or which stands twice, has taken the place of another:
of the one that they give and that is not used, or of what is left to one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from derive.chances.events import unbraced
from derive.notation.syntax import Bin, Group, Juxt, Node, Num, Sym
from derive.notation.syntax import Fraction as Quotient

from ..context import Context
from ..doubts import of_words
from ..lines import Line
from ..rules import wrong_number
from .misses.miss import Miss

NEAR = 700
PERCENT = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*(?:\\?%|percent\b|per cent\b)")
DECIMAL = re.compile(r"(?<![\d.])(\d*\.\d+|\d+)(?!\d|\.\d|\s*(?:\\?%|percent|per cent))")
OTHERWISE = re.compile(
    r"\b(?:union|bound|at least|at most|exactly|independent\w*|both|draws?|twice|rest|remain\w*|half"
    r"|thirds?|quarters?)\b",
    re.IGNORECASE,
)
HALVES = re.compile(r"\\[dt]?frac\s*\{?(\d+)\}?\s*\{?(\d+)\}?|(?<![\d.])(\d+)/(\d+)")
FEWEST_TOLD = 3
FEWEST, MOST = 2, 5  # terms
HEADS, MEAN = frozenset({"P", "p", "Pr", "E"}), "E"
Term = tuple[Num, Num]


def judge_cases(line: Line, context: Context) -> Miss | None:
    """What is wrong of a sum over cases whose probabilities do not sum to one; None if nothing certainly is."""
    head = _head(line.left)
    if line.right is None or line.link or head not in HEADS or any(of_words(line)):
        return None
    terms = _terms(_denominator(line.right))
    if terms is None or not FEWEST <= len(terms) <= MOST:
        return None
    told = frozenset(_told(line.formula.before[-NEAR:]))
    values = [(_value(a), _value(b)) for a, b in terms]
    if len(told) < FEWEST_TOLD or _is_whole(values) or OTHERWISE.search(line.formula.before[-NEAR:]):
        return None
    fitting = list(_mended(terms, values, told, head != MEAN and len(terms) == 2))
    if not fitting:
        return None
    node, other = min(fitting, key=lambda f: (abs(_value(f[0]) - f[1]), -f[0].span[0]))
    text = f"{float(other):.10f}".rstrip("0").rstrip(".")
    because = "the probabilities of the cases do not sum to one"
    return Miss(rule=wrong_number.RULE, because=because, changes=((*node.span, text),), shown=(node.text, text))


def _mended(
    terms: list[Term], values: list[tuple[Fraction, Fraction]], told: frozenset[Fraction], opposite: bool
) -> Iterator[tuple[Num, Fraction]]:
    """The numbers, each with the one in whose place it stands, after which the cases have a sum of one.

    Of two cases that are opposite one may have what is left to one; a mean leaves out what counts nothing.
    """
    used = Counter(v for pair in values for v in pair)
    unused = {v for v in told if 0 < v < 1} - used.keys()
    for row, (pair, own) in enumerate(zip(terms, values, strict=True)):
        for k in (0, 1):
            if own[k] in told and used[own[k]] < 2:
                continue
            rest = [v for n, v in enumerate(values) if n != row]
            left = {1 - sum(c, Fraction(0)) for c in product(*rest)}
            for other in sorted(left - used.keys()):
                complement = opposite and own[k] not in told and 1 - other in told
                counts = own[1 - k] != 0 and unused <= {other}  # all that is told is used then
                if 0 < other < 1 and counts and (other in told or complement):
                    yield pair[k], other


def _is_whole(values: list[tuple[Fraction, Fraction]]) -> bool:
    """Whether some choice of one factor of each term sums to one."""
    return any(sum(chosen) == 1 for chosen in product(*values))


def _head(left: Node) -> str:
    """The P of P(…), the E of E[…]; nothing of other left sides."""
    match left:
        case Juxt(items=(Sym(base=head, sup=None), Group())):
            return head
    return ""


def _denominator(node: Node) -> Node:
    """Of Bayes' rule, a b / (a b + c d), the sum; any other side as it is."""
    node = unbraced(node)
    return unbraced(node.below) if isinstance(node, Quotient) else node


def _terms(node: Node) -> list[Term] | None:
    """The terms of a sum of products of two numbers each; None if it is another thing."""
    node = unbraced(node)
    if isinstance(node, Bin) and node.op == "+":
        left, right = _terms(node.left), _terms(node.right)
        return None if left is None or right is None else left + right
    factors = [unbraced(n) for n in _factors(node)]
    numbers = [n for n in factors if isinstance(n, Num)]
    return [(numbers[0], numbers[1])] if len(numbers) == len(factors) == 2 else None


def _factors(node: Node) -> list[Node]:
    match node:
        case Bin(op="cdot" | "times", left=left, right=right):
            return [*_factors(left), *_factors(right)]
        case Juxt(items=items):
            return list(items)
    return [node]


def _told(words: str) -> Iterator[Fraction]:
    """The numbers of a text, percentages as shares."""
    yield from (Fraction(m[1]) / 100 for m in PERCENT.finditer(words))
    yield from (Fraction(m[1]) for m in DECIMAL.finditer(words))
    for m in HALVES.finditer(words):
        above, below = m[1] or m[3], m[2] or m[4]
        if int(below):
            yield Fraction(int(above), int(below))


def _value(node: Num) -> Fraction:
    return Fraction(node.text.replace(",", ""))
