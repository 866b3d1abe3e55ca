"""Whether an expression vanishes: by its normal form, in every case of its brackets, and with sums taken together.

The normal form splits sums as far as it can. What it leaves apart is tried here: sums over the same range become
one sum, Σ a/(a+b) + Σ b/(a+b) − Σ 1 = Σ 0, and of two sums over ranges that differ at an end the longer is split,
Σ_{i=0}^n a_i = a_0 + Σ_{i=1}^n a_i.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sympy import Basic, Expr, Idx, Indexed, Integer, KroneckerDelta, Mul, Sum

from ..vocabulary import Inside, Partial, Positive, index
from .cases import by_sign
from .contraction import canonical_sum, eliminated
from .indices import BINDERS, bound_in, certainly_nonnegative, free_indices, opening_level, opening_name, substitute
from .ordering import key
from .polynomials import Polynomial
from .powers import rational_power
from .ring import Form, Undefined, sympy_number
from .trees import args_of

if TYPE_CHECKING:
    from .normalform import Normaliser

MOST_SPLITS = 8


def vanishes(n: Normaliser, expr: Expr) -> bool:
    """Whether an expression is zero wherever it is defined, at all sizes and all values of its free indices."""
    return _vanishes(n, n.form(expr))


def remainder(n: Normaliser, expr: Expr) -> Expr:
    """Zero if the expression vanishes, else the numerator of its normal form: what is left to be explained."""
    form = n.form(expr)
    return Integer(0) if _vanishes(n, form) else n.ring.expression(Form(form.above))


def _vanishes(n: Normaliser, form: Form) -> bool:
    above = Form(form.above)
    if not above.above:
        return True
    choice = _bracket(n, above.above)
    if choice is not None:
        return all(_vanishes_or_is_undefined(n, case) for case in _cases(n.ring.expression(above), choice))
    return _vanishes_together(n, above.above) or _vanishes_split(n, above)


# -- brackets ----------------------------------------------------------------------------------------


def _vanishes_or_is_undefined(n: Normaliser, case: Expr) -> bool:
    """Whether a case is zero, or divides by zero throughout: x/|x| = [x > 0] − [−x > 0] says nothing of x = 0."""
    try:
        return vanishes(n, case)
    except Undefined:
        return True


def _bracket(n: Normaliser, above: Polynomial) -> Expr | None:
    """A bracket over free indices alone, which is 0 or 1 throughout the expression."""
    met = {g for m in above for g, _ in m}
    return min((b for g in met for b in _free_brackets(n.ring.generators[g].expr)), key=key, default=None)


@lru_cache(maxsize=20_000)
def _free_brackets(expr: Basic) -> frozenset[Expr]:
    """The brackets that no sum or product around them binds an index of; of nested ones the innermost."""
    if isinstance(expr, KroneckerDelta | Inside):
        return frozenset((expr,))
    if isinstance(expr, Positive):
        return _free_brackets(args_of(expr)[0]) or frozenset((expr,))
    if isinstance(expr, Partial | Idx) or not expr.args:
        return frozenset()
    if isinstance(expr, BINDERS):
        bound = {i for i, _, _ in bound_in(expr)}
        return frozenset(b for b in _free_brackets(expr.function) if not free_indices(b) & bound)
    return frozenset().union(*(_free_brackets(a) for a in expr.args))


def _cases(expr: Expr, choice: Expr) -> tuple[Expr, ...]:
    """The expression where a bracket is 0, and where it is 1; where δ(i, a) is 1, i is a."""
    if isinstance(choice, Positive):
        return by_sign(expr, args_of(choice)[0])
    absent, present = (substitute(expr, {choice: Integer(k)}) for k in (0, 1))
    if isinstance(choice, KroneckerDelta):
        a, b = choice.args[:2]
        if isinstance(a, Idx):
            present = substitute(present, {a: b})
        elif isinstance(b, Idx):
            present = substitute(present, {b: a})
    return absent, present


# -- sums over one range, taken together -------------------------------------------------------------


def _vanishes_together(n: Normaliser, above: Polynomial) -> bool:
    """Whether Σ_k c_k Σ_R b_k vanishes because every Σ_k c_k b_k with the same ranges R does."""
    sums: dict[tuple[tuple[Expr, Expr], ...], list[Expr]] = {}
    loose: list[Expr] = []
    met = {g for m in above for g, _ in m}
    if not any(isinstance(n.ring.generators[g].expr, Sum) for g in met):
        return False
    level = opening_level(n.ring.generators[g].expr for g in met)
    for m, c in above.items():
        heads = [g for g, e in m if e == 1 and isinstance(n.ring.generators[g].expr, Sum)]
        if not heads:
            loose.append(sympy_number(c) * n.ring.term(m))
            continue
        head: Any = max((_sum_of(n, g) for g in heads), key=lambda e: (len(e.limits), key(e)))
        rest = sympy_number(c) * n.ring.term(tuple((g, e) for g, e in m if n.ring.generators[g].expr != head))
        ranges, body = _opened(head, level)
        sums.setdefault(ranges, []).append(rest * body)
    if loose and not _taken_up(sums, loose):
        return False
    if all(len(bodies) < 2 for bodies in sums.values()):
        return False
    return all(not n.ring.plus(*(n.form(b) for b in bodies)).above for bodies in sums.values())


def _sum_of(n: Normaliser, g: int) -> Any:
    """A generator that is a sum."""
    return n.ring.generators[g].expr


def _taken_up(sums: dict[tuple[tuple[Expr, Expr], ...], list[Expr]], loose: list[Expr]) -> bool:
    """Put r = Σ_R r / |R| under the only sum there is, if its range certainly holds a value."""
    if len(sums) != 1:
        return False
    ((ranges, bodies),) = sums.items()
    lengths = [upper - lower + 1 for lower, upper in ranges]
    if any(free_indices(count) or not certainly_nonnegative(count - 1) for count in lengths):
        return False
    bodies += [r / Mul(*lengths) for r in loose]
    return True


def _opened(expr: Sum, level: int) -> tuple[tuple[tuple[Expr, Expr], ...], Expr]:
    """The ranges of a canonical sum, outermost first, and its body with the indices ~level, ~level+1, …"""
    names: dict[Basic, Basic] = {}
    ranges: list[tuple[Expr, Expr]] = []
    for k, (i, lower, upper) in enumerate(reversed(bound_in(expr))):
        lower, upper = substitute(lower, names), substitute(upper, names)
        names[i] = opening_name(level + k, lower, upper)
        ranges.append((lower, upper))
    return tuple(ranges), substitute(expr.function, names)


# -- sums over ranges that differ at an end ----------------------------------------------------------


def _vanishes_split(n: Normaliser, form: Form) -> bool:
    """Whether the form vanishes once the longer of two sums of the same thing is split at an end."""
    for _ in range(MOST_SPLITS):
        split = _split(n, form)
        if split is None:
            return False
        form = Form(split.above)
        if not form.above:
            return True
    return False


def _split(n: Normaliser, form: Form) -> Form | None:
    """The form with sums written as their first or last term and a rest that occurs as well, or does so twice."""
    met = sorted({g for m in form.above for g, _ in m if isinstance(n.ring.generators[g].expr, Sum)})
    alike: dict[tuple[str, ...], list[int]] = {}
    for g in met:
        alike.setdefault(_anchored(_sum_of(n, g))[0], []).append(g)
    for group in alike.values():
        if len({_anchored(_sum_of(n, g))[1] for g in group}) > 1:
            found: dict[Expr, tuple[int, Expr]] = {n.ring.generators[g].expr: (g, Integer(0)) for g in group}
            for g in group:
                for rest, end in _ends(n, _sum_of(n, g)):
                    if rest in found and found[rest][0] != g:
                        other = found[rest]
                        form = _replaced(n, form, g, n.form(rest + end))
                        return form if other[1] == 0 else _replaced(n, form, other[0], n.form(rest + other[1]))
                    found.setdefault(rest, (g, end))
    return None


@lru_cache(maxsize=20_000)
def _anchored(expr: Sum) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a sum is made of, whatever its indices and bounds, and its bounds, shifts of an index counted in.

    Only sums with the same ingredients over different ranges can have a common rest.
    """
    places = {k for entry in expr.function.atoms(Indexed) for k in entry.indices}
    least: dict[Basic, Expr] = {}
    for i, _, _ in bound_in(expr):
        offsets = [(k - i).expand() for k in places if i in free_indices(k)]
        least[i] = min((c for c in offsets if c.is_Integer), default=Integer(0))
    ranges = sorted(
        f"{key((lower + least[i]).expand())}..{key((upper + least[i]).expand())}" for i, lower, upper in bound_in(expr)
    )
    return _ingredients(expr.function, least), tuple(ranges)


def _ingredients(expr: Basic, least: dict[Basic, Expr]) -> tuple[str, ...]:
    if isinstance(expr, Indexed):
        return (f"{expr.base}{[str(_relative(k, least)) for k in expr.indices]}",)
    if isinstance(expr, Idx):
        return ("index",)
    if isinstance(expr, BINDERS):
        return ("bound", *_ingredients(expr.function, least))
    own = type(expr).__name__ if expr.args else str(expr)
    return tuple(sorted((own, *(word for a in expr.args for word in _ingredients(a, least)))))


def _relative(place: Expr, least: dict[Basic, Expr]) -> Expr:
    """An index less its bound part: i + 2 becomes 2, or 1 if i + 1 occurs as well and nothing less."""
    bound = [i for i in least if i in free_indices(place)]
    return (place - sum(i + least[i] for i in bound)).expand() if bound else place


def _ends(n: Normaliser, expr: Sum) -> Iterator[tuple[Expr, Expr]]:
    """Each way to write Σ as a rest, a canonical sum, and the term at one end."""
    bound = tuple(i for i, _, _ in reversed(bound_in(expr)))
    factors = Mul.make_args(expr.function)
    n.ring.spend(50 * len(bound))
    for i in bound:
        ranges = set().union(*(free_indices(j.upper) | free_indices(j.lower) for j in bound))
        if i in ranges or not certainly_nonnegative(i.upper - i.lower):  # there must be an end term
            continue
        outer = [(j, j.lower, j.upper) for j in reversed(bound) if j != i]
        for end, lower, upper in ((i.lower, i.lower + 1, i.upper), (i.upper, i.lower, i.upper - 1)):
            rest = canonical_sum(*eliminated(factors, bound, i, index(str(i.label), lower, upper), keep=True))
            body = substitute(expr.function, {i: end})
            yield rest, Sum(body, *outer) if outer else body


def _replaced(n: Normaliser, form: Form, g: int, pieces: Form) -> Form:
    parts = []
    for m, c in form.above.items():
        rest = tuple(pair for pair in m if pair[0] != g)
        parts.append(n.ring.scaled(rational_power(n, pieces, dict(m).get(g, 0)), c, rest))
    return n.ring.plus(*parts)
