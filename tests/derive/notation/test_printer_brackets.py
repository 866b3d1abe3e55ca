"""What is printed means what was meant: LaTeX of random expressions is read back as it stands and evaluated.

The reader below follows the conventions of a textbook only: powers bind before products, products before sums,
a function without brackets takes the next item, a sum reaches to the next plus or minus.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Add,
    Expr,
    Integer,
    KroneckerDelta,
    Max,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    exp,
    log,
    nan,
    oo,
    sqrt,
    zoo,
)

from derive.notation.layout import Atom, BigOp, Fenced, Frac, Layout, Lines, Root, Row, Script
from derive.notation.printer import Names, layout
from derive.notation.quote import quote
from derive.notation.renderers import to_latex
from derive.rows.functions import sigmoid, softplus
from derive.vocabulary import Inside, Partial, index, product, scalar, tensor, total

NAMES = Names(
    {
        "theta_h": (r"\theta^{(h)}", False),
        "yhat": (r"\hat{y}", False),
        "LL": (r"\mathrm{LL}", False),
        "u": ("u", True),
    }
)
Y, YHAT, Z, LAMBDA, LL = map(scalar, ("y", "yhat", "z", "lambda", "LL"))
X, THETA, U = map(tensor, ("x", "theta_h", "u"))
H, J, K, S = (index(name, 0, 2) for name in "ijks")
VALUES = {r"y": 0.7, r"\hat{y}": 0.4, "z": -1.3, r"\lambda": 2.1, r"\mathrm{LL}": -0.9}
INDICES = {"i": 1, "j": 2, "k": 0, "s": 1}
FUNCTIONS: dict[str, Callable[[complex], complex]] = {
    r"\log": cmath.log,
    r"\exp": cmath.exp,
    r"\sigma": lambda z: 1 / (1 + cmath.exp(-z)),
    r"\operatorname{softplus}": lambda z: cmath.log(1 + cmath.exp(z)),
}
RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}
RELATIONS |= {r"\le": lambda a, b: a <= b, r"\ge": lambda a, b: a >= b}


def entry(name: str, *where: int) -> float:
    """A value for a tensor's entry that no other entry has."""
    return 0.3 + len(name) / 7 + sum((k + 1) * (w + 0.37) for k, w in enumerate(where)) / 5


@dataclass(frozen=True)
class Reader:
    """Evaluates a quoted formula."""

    partials: dict[str, float]
    indices: dict[str, int] = field(default_factory=lambda: dict(INDICES))

    def value(self, node: Layout) -> complex:
        match node:
            case Row(items):
                return self.terms(items)
            case Atom(latex):
                return self.atom(latex)
            case Frac(above, below):
                known = self.partials.get(to_latex(node))
                return known if known is not None else self.value(above) / self.value(below)
            case Root(body, degree):
                return self.value(body) ** (1 / self.value(degree) if degree else 0.5)
            case Fenced("[", body, "]"):
                return float(self.holds(body))
            case Fenced("|", body, "|"):
                return abs(self.value(body))
            case Fenced("(", body, ")"):
                return self.value(body)
            case Script(base, sub, sup):
                return self.scripted(base, sub, sup)
            case BigOp():
                return self.operator(node)
            case Lines("cases", rows):
                return self.value(next(value for value, condition in rows if self.holds(condition)))
        return VALUES[to_latex(node)]

    def atom(self, latex: str) -> complex:
        if latex in self.indices:
            return self.indices[latex]
        if latex == "e":
            return cmath.e
        return VALUES[latex] if latex in VALUES else float(latex)

    def scripted(self, base: Layout, sub: Layout | None, sup: Layout | None) -> complex:
        label = f"^{{{to_latex(sup)}}}" if isinstance(sup, Fenced) and sup.opening == "(" else ""
        if base == Atom(r"\delta"):
            row, column = self.where(sub)
            return float(row == column)
        if base == Atom("u"):
            assert isinstance(sup, Fenced)
            return entry("u", *self.where(sup.body), *self.where(sub))
        if sub is not None:
            value: complex = entry(to_latex(base) + label, *self.where(sub))
            return value if label or sup is None else value ** self.value(sup)
        assert sup is not None and not label
        return self.value(base) ** self.value(sup)

    def where(self, indices: Layout | None) -> list[int]:
        return [int(part.real) for part in self.listed(indices)] if indices is not None else []

    def terms(self, items: tuple[Layout, ...]) -> complex:
        total_, factors, sign = 0j, list[Layout](), 1
        for item in (*items, Atom("+")):
            if item in (Atom("+"), Atom("-")):
                total_ += sign * self.factors(factors) if factors else 0
                factors, sign = [], 1 if item == Atom("+") else -1
            else:
                factors.append(item)
        return total_

    def factors(self, items: list[Layout]) -> complex:
        result, divide = 1 + 0j, False
        rest = list(items)
        while rest:
            item = rest.pop(0)
            if item in (Atom(r"\cdot"), Atom("/")):
                divide = item == Atom("/")
                continue
            name = to_latex(item)
            value = self.applied(name, rest.pop(0)) if name in FUNCTIONS else self.value(item)
            result, divide = (result / value if divide else result * value), False
        return result

    def applied(self, name: str, body: Layout) -> complex:
        power: complex = 1
        if isinstance(body, Script) and isinstance(body.base, Fenced) and body.sup is not None:
            power, body = self.value(body.sup), body.base
        if name == r"\max":
            assert isinstance(body, Fenced)
            return complex(max(part.real for part in self.listed(body.body))) ** power
        return FUNCTIONS[name](self.value(body)) ** power

    def listed(self, node: Layout) -> list[complex]:
        parts = [list[Layout]()]
        for item in node.items if isinstance(node, Row) else (node,):
            if item == Atom(","):
                parts.append([])
            else:
                parts[-1].append(item)
        return [self.value(Row(tuple(part))) for part in parts]

    def operator(self, node: BigOp) -> complex:
        if node.latex not in (r"\sum", r"\prod"):
            return self.applied(node.latex, node.body)
        assert isinstance(node.below, Row) and node.above is not None
        variable, equals, lower = node.below.items
        assert equals == Atom("=")
        result: complex = 0 if node.latex == r"\sum" else 1
        for k in range(int(self.value(lower).real), int(self.value(node.above).real) + 1):
            value = Reader(self.partials, {**self.indices, to_latex(variable): k}).value(node.body)
            result = result + value if node.latex == r"\sum" else result * value
        return result

    def holds(self, condition: Layout) -> bool:
        if not isinstance(condition, Row):
            return True
        sides, signs = [list[Layout]()], list[str]()
        for item in condition.items:
            if isinstance(item, Atom) and item.latex in RELATIONS:
                signs.append(item.latex)
                sides.append([])
            else:
                sides[-1].append(item)
        values = [self.value(Row(tuple(side))).real for side in sides]
        return all(RELATIONS[sign](values[k], values[k + 1]) for k, sign in enumerate(signs))


def truth(expr: Expr, partials: dict[Expr, float]) -> complex:
    """The value of an expression by walking its tree, no bracket ever involved."""

    def walk(node: Any, indices: dict[Expr, int]) -> complex:
        if node in partials:
            return partials[node]
        if node in indices:
            return indices[node]
        if node.is_Number:
            return float(node)
        if node.is_Indexed:
            latex = to_latex(layout(node.base.label, NAMES))
            return entry(latex, *(int(walk(w, indices).real) for w in node.indices))
        if node.is_Symbol:
            return VALUES[to_latex(layout(node, NAMES))]
        if type(node) in (Sum, Product):
            body, (variable, lower, upper) = node.function, node.limits[-1]
            inner = node.func(body, *node.limits[:-1]) if len(node.limits) > 1 else body
            parts = [walk(inner, {**indices, variable: k}) for k in range(int(lower), int(upper) + 1)]
            return sum(parts) if type(node) is Sum else _multiply(parts)
        if node.is_Piecewise:
            return walk(next(pair.expr for pair in node.args if holds(pair.cond)), indices)
        return _combine(node, [walk(arg, indices) for arg in node.args])

    def holds(condition: Any) -> bool:
        return bool(condition.subs(Z, VALUES["z"]))

    return walk(expr, {H: 1, J: 2, K: 0, S: 1})


def _multiply(parts: list[complex]) -> complex:
    result: complex = 1
    for part in parts:
        result *= part
    return result


def _combine(node: Any, values: list[complex]) -> complex:
    match node:
        case Add():
            return sum(values)
        case Mul():
            return _multiply(values)
        case Pow():
            return complex(values[0]) ** values[1]
        case Abs():
            return abs(values[0])
        case Max():
            return max(value.real for value in values)
        case KroneckerDelta():
            return float(values[0] == values[1])
        case Inside():
            return float(values[1].real <= values[0].real <= values[2].real)
    name = {"exp": r"\exp", "log": r"\log", "sigmoid": r"\sigma", "softplus": r"\operatorname{softplus}"}
    return FUNCTIONS[name[type(node).__name__]](values[0])


PARTIALS = (Partial(LL, YHAT), Partial(YHAT, THETA[H, J]), Partial(LL, X[H]), Partial(Partial(LL, Z), Z))
_LEAVES = (Y, YHAT, Z, LAMBDA, X[H], X[J], X[J + 1], THETA[H, J], THETA[J, K], U[S, H], *PARTIALS)
_leaves = st.sampled_from((*_LEAVES, KroneckerDelta(H, J), Inside(H, 1, J), KroneckerDelta(J, K)))
_positive = st.sampled_from((Y, YHAT, X[H], THETA[H, J], U[S, H]))  # powers and logarithms stay off the branch cut
_numbers = st.sampled_from([Integer(-2), Integer(-1), Integer(1), Integer(3), Rational(1, 2), Rational(-2, 3)])


def _grow(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a - b, inner, inner),
        st.builds(lambda a, b, c: a * b * c, inner, inner, inner),
        st.builds(lambda a: a * (1 - a), inner),
        st.builds(lambda a, b: a / b, inner, inner),
        st.builds(lambda a, n: a**n, inner, st.sampled_from([-2, -1, 2, 3])),
        st.builds(lambda a, n: (1 + a**2) ** n, inner, st.sampled_from([Rational(1, 2), Rational(-3, 2), Y, Z - 1])),
        st.builds(lambda a, n: a**n, _positive, inner),
        st.builds(lambda a, f: f(a), inner, st.sampled_from([exp, sigmoid, softplus, Abs])),
        st.builds(lambda a, f: f(1 + a**2), inner, st.sampled_from([log, sqrt])),
        st.builds(lambda a, f: f(a), _positive, st.sampled_from([log, sqrt])),
        st.builds(lambda a, i: total(a, i), inner, st.sampled_from([H, J])),
        st.builds(lambda a: total(a, H, J), inner),
        st.builds(lambda a, i: product(a, i), inner, st.sampled_from([H, J])),
    )


expressions: st.SearchStrategy[Expr] = st.recursive(_leaves | _numbers, _grow, max_leaves=9)


@settings(max_examples=400, deadline=None)
@example(-(Y - YHAT) * X[H])
@example((Y - 1) ** 3 / (YHAT - 1))
@example((X[H] ** 2) ** Y)
@example(log(Y) * log(YHAT) * total(X[H], H) * total(X[J], J))
@example(log(Y) ** 2 * exp(Z) ** Y)
@example(product(total(X[H] + Y, H) * X[J], J) * Y)
@example(total(X[H], H) - total(-X[J], J) + Y)
@example(Max(Y - YHAT, Z) * Abs(Z) ** 3)
@example(Piecewise((Y, Z > 0), (LAMBDA - Y, True)))
@example(2 ** (Y + 1) * 3 ** (Z / 2) * 5)
@example(Add(Y, Mul(-1, Add(Z, YHAT), evaluate=False)))
@given(expressions)
def test_the_printed_formula_has_the_value_of_the_expression(expr: Expr) -> None:
    assume(not expr.has(zoo, nan, oo))
    partials = {partial: 0.21 + 0.17 * k for k, partial in enumerate(PARTIALS)}
    latex = to_latex(layout(expr, NAMES))
    quoted = quote(latex)
    assert quoted is not None, latex
    try:
        expected = truth(expr, partials)
        assume(1e-12 < abs(expected) < 1e12)
    except (OverflowError, ZeroDivisionError, KeyError, ValueError):
        assume(False)
    shown = Reader({to_latex(layout(partial, NAMES)): value for partial, value in partials.items()}).value(quoted)
    assert cmath.isclose(shown, expected, rel_tol=1e-9), latex
