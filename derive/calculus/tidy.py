"""Expressions as a person would write them: deltas collapsed, constants in front of sums, factored.

Only the shape changes; every use is a step that the prover checks by the normal form.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from sympy import (
    Add,
    Dummy,
    Expr,
    Idx,
    Integer,
    KroneckerDelta,
    Mul,
    Poly,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    cancel,
    exp,
    expand_mul,
    factor,
    log,
)

from ..vocabulary import Inside, Positive, index
from .contraction import collapse, range_indices
from .indices import BINDERS, bound_in, certainly_nonnegative, free_indices, substitute
from .positivity import Facts, positive
from .trees import args_of, operations

BRACKETS = (KroneckerDelta, Inside, Positive)


@lru_cache(maxsize=20_000)
def collapse_deltas(expr: Expr) -> Expr:
    """Σ_i δ(i, a) e(i) = e(a) throughout, and constants moved out of the sums that were touched."""
    if not expr.has(KroneckerDelta) or not expr.args:
        return expr
    if not isinstance(expr, Sum):
        return expr if isinstance(expr, BINDERS) else expr.func(*(collapse_deltas(a) for a in args_of(expr)))
    bound = tuple(i for i, _, _ in bound_in(expr))
    terms = [u for t in Add.make_args(collapse_deltas(expr.function)) for u in _multiplied_out(t, bound)]
    apart = [t for t in terms if _holds(t, bound) or any(isinstance(f, Inside) for f in Mul.make_args(t))]
    together = Add(*(t for t in terms if t not in apart))
    return Add(*(_collapse_term(t, bound) for t in (*apart, together) if t != 0))


def _multiplied_out(term: Expr, bound: tuple[Idx, ...]) -> list[Expr]:
    """(δ + a + b) c (d + e) as δ c (d + e) and (a + b) c (d + e): no factor without a delta is opened."""
    for f in Mul.make_args(term):
        base, power = f.as_base_exp()
        if isinstance(base, Add) and power.is_Integer and power.is_positive and _holds(base, bound):
            plain = Add(*(p for p in args_of(base) if not _holds(p, bound)))
            parts = [*(p for p in args_of(base) if _holds(p, bound)), *([plain] if plain != 0 else [])]
            return [u for p in parts for u in _multiplied_out(p * (term / base), bound)]
    return [term]


def _holds(expr: Expr, bound: tuple[Idx, ...]) -> bool:
    """Whether there is a delta with one of the indices in it."""
    return any(not free_indices(delta).isdisjoint(bound) for delta in expr.atoms(KroneckerDelta))


def _collapse_term(term: Expr, bound: tuple[Idx, ...]) -> Expr:
    """Σ of a product, without the deltas that hold a bound index."""
    factors, left = collapse(tuple(Mul.make_args(term)), bound)
    innermost_first = sorted(left, key=lambda i: -len(range_indices(i, left)))
    limits = [(i, i.lower, i.upper) for i in innermost_first]
    return pull_out(Sum(Mul(*factors), *limits)) if limits else Mul(*factors)


def pull_out(expr: Sum) -> Expr:
    """Σ_i c f(i) = c Σ_i f(i), the innermost index first."""
    (i, lower, upper), *outer = bound_in(expr)
    constant: list[Expr] = []
    rest: list[Expr] = []
    for f in (part for whole in Mul.make_args(expr.function) for part in _number_apart(whole)):
        (rest if i in free_indices(f) else constant).append(f)
    count = upper - lower + 1
    inner = count if not rest and certainly_nonnegative(count) else Sum(Mul(*rest), (i, lower, upper))
    result = Mul(*constant) * inner
    if not outer or isinstance(result, Sum):  # SymPy would merge the two sums into the one we started from
        return Sum(result, *outer) if outer else result
    return pull_out(Sum(result, *outer))


@lru_cache(maxsize=20_000)
def tidy(expr: Expr) -> Expr:
    """The expression factored, with fractions combined, constants in front of sums and signs as one writes them."""
    expr = collapse_deltas(expr)
    if isinstance(expr, Sum):
        (i, lower, upper), *outer = bound_in(expr)
        inner = pull_out(Sum(tidy(expr.function), (i, lower, upper)))
        if not outer or isinstance(inner, Sum):
            return Sum(inner, *outer) if outer else inner
        return tidy(Sum(inner, *outer))
    if isinstance(expr, Add) and operations(merged := collapse_deltas(merge_sums(expr))) < operations(expr):
        return tidy(merged)
    known: dict[Expr, Symbol] = {}
    tree = _opaque(expr, known)
    back = {s: e for e, s in known.items()}
    shapes = [_terms_oriented(t.xreplace(back)) for t in _shapes(tree)]
    if isinstance(expr, Add) and expr.has(*BRACKETS) and 1 < len(groups := _by_brackets(expr)) < len(expr.args):
        shapes.append(Add(*(tidy(g) for g in groups)))
    return min(shapes, key=operations) if known else expr


def _shapes(tree: Expr) -> tuple[Expr, ...]:
    """Factored, with fractions combined, and as it stands; SymPy is slow to find that there is no fraction."""
    if not tree.has(Add):
        return (tree,)
    if any(not p.exp.is_Integer or p.exp < 0 for p in tree.atoms(Pow)):
        return factor(tree), cancel(tree), tree
    return _factored(tree), tree.expand(), tree


def _factored(tree: Expr) -> Expr:
    """The factors of each factor of a polynomial, the numbers of all in front."""
    number, parts = Integer(1), list[Expr]()
    for whole in Mul.make_args(tree):
        base, power = whole.as_base_exp()
        content, factors = Poly(base).factor_list() if isinstance(base, Add) else (Integer(1), [(base, 1)])
        number *= content**power
        parts += [(f.as_expr() if isinstance(f, Poly) else f) ** (k * power) for f, k in factors]
    return Mul(number, *parts, evaluate=number in (1, -1))


def neat(expr: Expr) -> Expr:
    """The expression as it stands, but for signs, numbers and what is constant under a sum."""
    if isinstance(expr, Sum):
        inner = pull_out(Sum(neat(expr.function), *expr.limits))
        return inner if isinstance(inner, Sum) else oriented(inner)
    if isinstance(expr, Add):
        return Add(*(neat(a) for a in args_of(expr)))
    if not isinstance(expr, Mul):
        return expr
    return oriented(Mul(*(part for f in args_of(expr) for part in _number_apart(neat(f)))))


def _number_apart(expr: Expr) -> tuple[Expr, ...]:
    """2a − 2b as 2 (a − b), wherever that is shorter."""
    number, rest = expr.primitive() if isinstance(expr, Add) else (Integer(1), expr)
    return (number, rest) if operations(rest) < operations(expr) else (expr,)


def _by_brackets(expr: Expr) -> list[Expr]:
    """The terms of a sum, those with the same deltas and brackets taken together."""
    groups: dict[Expr, Expr] = {}
    for term in Add.make_args(expr):
        brackets = Mul(*(f for f in Mul.make_args(term) if isinstance(f, BRACKETS)))
        groups[brackets] = groups.get(brackets, Integer(0)) + term / brackets
    return [brackets * rest for brackets, rest in groups.items()]


def _terms_oriented(expr: Expr) -> Expr:
    return Add(*(oriented(a) for a in args_of(expr))) if isinstance(expr, Add) else oriented(expr)


def oriented(expr: Expr) -> Expr:
    """The factors as one writes them: ŷ(1 − ŷ) for −ŷ(ŷ − 1), 1 − h² for (1 − h)(1 + h), (y − ŷ)h for −(ŷ − y)h."""
    factors = _squares(list(Mul.make_args(expr)))
    sign = 1
    for k, f in enumerate(factors):
        base, power = f.as_base_exp()
        if not isinstance(base, Add) or not power.is_Integer:
            continue
        lead = _leading(base)
        if lead.could_extract_minus_sign() and (power.is_odd or lead.is_Rational):  # (x − μ)² stays as it is
            factors[k] = Add(*(-a for a in base.args)) ** power
            sign = -sign if power.is_odd else sign
    negative = sign * Mul(*(f for f in factors if f.is_Rational)) < 0
    for k, f in enumerate(factors if negative else ()):
        flipped = _flip(f)
        if flipped is not None:
            return Mul(*factors[:k], flipped, *factors[k + 1 :], -sign)
    return Mul(*factors, sign)


def _leading(expr: Add) -> Expr:
    """The term that a writer puts first: a number, else the first by name."""
    return min(expr.args, key=lambda a: (not a.is_Rational, str(a.as_coeff_Mul()[1])))


def _squares(factors: list[Expr]) -> list[Expr]:
    """(a − b)(a + b) as a² − b²."""
    for f, g in combinations([f for f in factors if isinstance(f, Add) and len(f.args) == 2], 2):
        product = expand_mul(f * g)
        if isinstance(product, Add) and len(product.args) == 2:
            return _squares([*(h for h in factors if h not in (f, g)), product])
    return factors


def _flip(expr: Expr) -> Expr | None:
    """The negative of a difference a − b without a number, or of a product or sum that holds one; else None."""
    if isinstance(expr, Sum):
        inner = _flip(expr.function)
        return None if inner is None else Sum(inner, *expr.limits)
    if isinstance(expr, Add):
        free = len(expr.args) == 2 and not expr.args[0].is_Rational
        negative = Add(*(-a for a in expr.args))
        return negative if free and not all(a.could_extract_minus_sign() for a in args_of(negative)) else None
    factors = list(expr.args) if isinstance(expr, Mul) else []
    for k, f in enumerate(factors):
        if isinstance(f, Add) and (flipped := _flip(f)) is not None:
            return Mul(*factors[:k], flipped, *factors[k + 1 :])
    return None


def _opaque(expr: Expr, known: dict[Expr, Symbol]) -> Expr:
    """+, · and integer powers over symbols that stand for everything else, tidied inside."""
    if isinstance(expr, Rational):
        return expr
    if isinstance(expr, Add | Mul) or (isinstance(expr, Pow) and expr.args[1].is_Integer):
        return expr.func(*(_opaque(a, known) for a in expr.args))
    if isinstance(expr, Sum):
        inner = tidy(expr)
        if not isinstance(inner, Sum):
            return _opaque(inner, known)
        expr = inner
    if expr not in known:
        known[expr] = Dummy(f"v{len(known):03d}")
    return known[expr]


def expand_logs(expr: Expr, facts: Facts) -> Expr:
    """log Π = Σ log, log ab = log a + log b, log a^b = b log a, wherever the arguments are positive."""
    if isinstance(expr, log):
        return _expand_log(expr.args[0], facts)
    if isinstance(expr, Sum):
        return Sum(expand_logs(expr.function, facts), *expr.limits)
    return expr.func(*(expand_logs(a, facts) for a in args_of(expr))) if expr.has(log) else expr


def _expand_log(argument: Expr, facts: Facts) -> Expr:
    if isinstance(argument, Product) and positive(argument.function, facts):
        return Sum(_expand_log(argument.function, facts), *argument.limits)
    if isinstance(argument, Mul) and all(positive(a, facts) for a in argument.args):
        return Add(*(_expand_log(a, facts) for a in argument.args))
    if isinstance(argument, exp):
        return argument.args[0]
    if isinstance(argument, Pow) and positive(argument.args[0], facts):
        return argument.args[1] * _expand_log(argument.args[0], facts)
    return log(argument) if argument != 1 else Integer(0)


def merge_sums(expr: Expr) -> Expr:
    """Sums over the same index as one, a Σ_s f + b Σ_s g = Σ_s (a f + b g), where a and b do not have it."""
    bodies: dict[tuple[Expr, ...], Expr] = {}
    for term in Add.make_args(expr):
        sums = [f for f in Mul.make_args(term) if isinstance(f, Sum)]
        outside = Mul(*(f for f in Mul.make_args(term) if f not in sums))
        bound = bound_in(sums[0])[0] if len(sums) == 1 and len(sums[0].limits) == 1 else ()
        apart = not bound or bound[0] in free_indices(outside)
        key, body = ((), term) if apart else (bound, outside * sums[0].function)
        bodies[key] = bodies.get(key, 0) + body
    return Add(*(Sum(body, key) if key else body for key, body in bodies.items()))


def plainly_bound(expr: Expr) -> Expr | None:
    """Σ_{s'} as Σ_s, where s is not taken."""
    if not isinstance(expr, Sum) or len(expr.limits) != 1:
        return None
    i, lower, upper = bound_in(expr)[0]
    plain = index(str(i.label).rstrip("'"), lower, upper)
    if plain == i or plain.label in {a.label for a in expr.function.atoms(Idx)}:
        return None
    return Sum(substitute(expr.function, {i: plain}), (plain, lower, upper))
