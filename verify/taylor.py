"""Taylor polynomials: `f(x, y) ≈ …` to the order and around the point that the text gives, e^x = 1 + x + o(x)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import factorial

from sympy import Basic, Expr, Integer, Poly, PolynomialError, Rational

from derive.calculus.differentiate import differentiate
from derive.calculus.indices import substitute
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.parser import ReadError, parse
from derive.notation.runs import join_letters
from derive.notation.syntax import Bin, Chain, Group, Juxt, Listing, Node, Num, Sym
from derive.prove import prove
from derive.vocabulary import Partial, is_name, name_of, names_in

from .context import Context
from .judge import Equation, Judgement, second_reading, with_variables
from .lines import Line
from .refute import refute
from .results import Verdict
from .trials import Trials

ORDERS = {"first": 1, "linear": 1, "1st": 1, "second": 2, "quadratic": 2, "2nd": 2, "third": 3, "cubic": 3, "3rd": 3}
EXPANSION = re.compile(r"Taylor|expan|lineari[sz]|approximat", re.IGNORECASE)
SERIES = re.compile(r"Taylor|expansion|expand", re.IGNORECASE)
ORDER = re.compile(rf"\b({'|'.join(ORDERS)})\b", re.IGNORECASE)
AROUND = re.compile(
    r"\b(?:around|about|at|near)\s+(?:the\s+)?(?:point\s+)?(?:\$([^$]+)\$|(origin|zero))", re.IGNORECASE
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z$\\])")
MOST_VARIABLES = 3
NEARLY = 1e-9


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """What is expanded, by which variables, around which point, and to which order; to that of the claim if None."""

    of: Expr
    variables: tuple[Expr, ...]
    point: tuple[Expr, ...]
    order: int | None
    claimed: Node


def judged_expansion(line: Line, context: Context, *, refuting: bool = True) -> Judgement | None:
    """The judgement on a relation that states a Taylor polynomial; None if it is none, or cannot be read as one.

    Args:
        line: the relation.
        context: the text that it stands in.
        refuting: whether numbers are looked for that refute it, where it is not proved.
    """
    try:
        found = _expansion(line, context)
        if found is None:
            return None
        reader = Reader(context.dictionary)
        claimed = reader.read(found.claimed)
        degree = 0 if claimed.has(Partial) else Poly(claimed, *found.variables).total_degree()
        if not degree or found.order not in (degree, None):
            return None
        polynomial = taylor_polynomial(found.of, found.variables, found.point, degree)
    except (Unreadable, ReadError, PolynomialError, ValueError):
        return None
    if not refuting and not _may_be_equal(polynomial, claimed):
        return None
    source = (line.formula.latex, found.claimed, reader)
    equation = Equation(left=polynomial, right=claimed, sources=(source, source))
    used = {name_of(a) for side in (polynomial, claimed) for a in names_in(side)}
    model = with_variables(equation, context.model_at(line.number, used))
    what = f"the Taylor polynomial of order {degree} around {', '.join(map(str, found.point))}"
    if prove(polynomial, claimed, model) is not None:
        return Judgement(verdict=Verdict.PROVED, because=f"it is {what}")
    trials = refute(polynomial, claimed, model) if refuting else Trials()
    if trials.counterexample is None:
        return None
    disputed = next(iter(reader.doubts), None) or second_reading(
        Equation(left=claimed, right=claimed, sources=(source, source))
    )
    if disputed is not None:
        return Judgement(verdict=Verdict.UNDECIDED, because=f"it is not {what}, but {disputed}")
    because = f"it is not {what}, whose value stands at the left"
    return Judgement(verdict=Verdict.REFUTED, because=because, counterexample=trials.counterexample)


def _may_be_equal(polynomial: Expr, claimed: Expr) -> bool:
    """Whether the two have nearly one value at a point, so that a proof is worth trying."""
    difference = polynomial - claimed
    names = sorted(set(names_in(difference)), key=str)
    value = difference.xreplace({n: Rational(7 + 3 * k, 11 + k) for k, n in enumerate(names)})
    return not value.is_number or abs(complex(value)) < NEARLY


@lru_cache(maxsize=64)
def taylor_polynomial(of: Expr, variables: tuple[Expr, ...], point: tuple[Expr, ...], order: int) -> Expr:
    """Σ_{|α| ≤ order} D^α f(a) (x − a)^α / α!"""
    at: dict[Basic, Basic] = dict(zip(variables, point, strict=True))
    total: Expr = Integer(0)
    for powers in product(range(order + 1), repeat=len(variables)):
        if sum(powers) > order:
            continue
        term: Expr = of
        scale: Expr = Integer(1)
        for x, a, k in zip(variables, point, powers, strict=True):
            for _ in range(k):
                term = differentiate(term, x)
            scale *= (x - a) ** k / Integer(factorial(k))
        total += substitute(term, at) * scale
    return total


def _expansion(line: Line, context: Context) -> Expansion | None:
    assert line.right is not None
    tail = _tail(line.right) if line.operator == "=" else None
    words = SENTENCE.split(line.formula.before.strip())[-1] if line.link == 0 else ""
    named = ORDER.search(words)
    expands = line.operator == "approx" and EXPANSION.search(words) is not None
    if (tail is None and not (expands and (named or SERIES.search(words)))) or line.carried is not None:
        return None
    expanded = _expanded(line.left, context)
    if expanded is None:
        return None
    of, variables = expanded
    around = list(AROUND.finditer(words))
    if tail is not None:
        claimed, order = tail
        return Expansion(of=of, variables=variables, point=(Integer(0),) * len(variables), order=order, claimed=claimed)
    if not around:
        return None
    point = _point(around[-1], context, len(variables))
    wanted = ORDERS[named[1].lower()] if named else None
    return (
        None if point is None else Expansion(of=of, variables=variables, point=point, order=wanted, claimed=line.right)
    )


def _tail(node: Node) -> tuple[Node, int] | None:
    """What stands before + o(x^k) or + O(x^k), and the order up to which it is exact: k, or k − 1."""
    if not (isinstance(node, Bin) and node.op == "+" and isinstance(node.right, Juxt) and len(node.right.items) == 2):
        return None
    head, group = node.right.items
    if not isinstance(head, Sym) or head.base not in ("o", "O") or not isinstance(group, Group):
        return None
    power = group.body.sup if isinstance(group.body, Sym) else None
    if isinstance(group.body, Sym) and power is None:
        return node.left, 1 - (head.base == "O")
    if not isinstance(power, Num) or not power.text.isdigit():
        return None
    return node.left, int(power.text) - (head.base == "O")


def _expanded(node: Node, context: Context) -> tuple[Expr, tuple[Expr, ...]] | None:
    """What a left side stands for, and its variables: those of a function of the text, or its only letter."""
    expr = Reader(context.dictionary).read(node)
    if is_name(expr) and isinstance(node, Juxt):
        formula = context.dictionary.formulas.get(name_of(expr))
        if formula is None or formula.place or name_of(expr) in context.dictionary.redefined:
            return None
        variables = tuple(p for p in formula.parameters if isinstance(p, Expr))
        whole = len(variables) == len(formula.parameters) and 0 < len(variables) <= MOST_VARIABLES
        return (formula.expr, variables) if whole else None
    names = tuple(dict.fromkeys(names_in(expr)))
    return (expr, names) if len(names) == 1 and expr.free_symbols == names[0].free_symbols else None


def _point(around: re.Match[str], context: Context, count: int) -> tuple[Expr, ...] | None:
    """The point of the expansion: 0, [−1, 0]^T, x = a."""
    if around[2]:
        return (Integer(0),) * count
    (node,) = (join_letters(n) for n in parse(around[1]))
    if isinstance(node, Chain) and len(node.operands) == 2:
        node = node.operands[1]
    body = node.body if isinstance(node, Group) else node
    parts = body.items if isinstance(body, Listing) else (body,)
    if len(parts) != count:
        return None
    return tuple(Reader(context.dictionary).read(p) for p in parts)
