r"""What solves the equation "gradient = 0": θ = … behind it, or θ̂, θ^*, θ_{MLE} where the text speaks of the best θ.

Such an equation gives no meaning to θ, which stays what the objective depends on; it is judged by putting it in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from functools import lru_cache

from sympy import Basic, Expr, Idx, Integer, KroneckerDelta, Pow, Rational, Sum

from derive.calculus.indices import free_indices, rename_bound, substitute, transform
from derive.model import Model
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.prove import carried_out
from derive.quantities import Quantity
from derive.vocabulary import (
    InverseEntry,
    LogDet,
    Partial,
    index,
    indices_of,
    is_name,
    name_of,
    names_in,
    scalar,
    tensor,
)
from lowering.numeric.errors import EvaluationError

from .alongsteps import screen_for
from .context import Context
from .doubts import of_symmetry, of_words
from .entries import prove_entries
from .evaluation import needed
from .judge import Equation, Judgement, judge, with_variables
from .lines import Line
from .refute import SWITCHES
from .results import Verdict
from .roles import introduction
from .screen import AnyScreen
from .solved import SET_TO_ZERO, sets_to_zero
from .symmetric import at_symmetric, prove_symmetric, said_symmetric

CONSTRAINED = re.compile(r"\b(?:constrain\w*|subject to|lagrang\w*|approximat\w*)\b", re.IGNORECASE)
UNBIASED = re.compile(r"\b(?:un)?bias(?:ed)?\b|\bBessel|\bsample (?:variance|covariance)\b", re.IGNORECASE)
ROUGHLY = re.compile(r"\b(?:ignor|drop|neglect|omit|leav|assum|suppos|special|case)\w*", re.IGNORECASE)
SEEKS = re.compile(
    r"\b(?:(?:mini|maxi|opti)m\w*|stationar\w*|critical|extrem\w*|vanish\w*|zero|solv\w*|solution\w*|normal equations?"
    r"|best|likelihood|estimat\w*|least squares|loss|cost|objective|Lagrang\w*)",
    re.IGNORECASE,
)
LAST = 10**9
MOST_POWERS = 5
SIGNS = (Integer(1), Integer(-1))
OPEN = "the text does not say, or not clearly, what it solves"


def judged_solution(line: Line, name: str, context: Context) -> Judgement:
    """The judgement on an equation that gives a place where the gradient of the objective vanishes.

    Raises: Unreadable, ModelError: if a side has no reading, or the definitions make no model.
    """
    assert line.right is not None
    reader = Reader(context.dictionary)
    left = reader.read(line.left)
    written = reader.read(line.right)
    value = _without_marks(written, context)
    power: Expr = left.exp if isinstance(left, Pow) else Integer(1)
    zero = _zero(name, power, value, reader)
    found = None if zero is None else _as_gradients((name,), zero, reader, line, context)
    if found is not None:
        return found
    root = value ** (1 / power)
    tried = [_put_in(objective, name, root, written, reader, line, context) for objective in _objectives(name, context)]
    proved = next((j for j in tried if j.verdict is Verdict.PROVED), None)
    if proved is not None:
        return proved
    return tried[0] if len(tried) == 1 else Judgement(verdict=Verdict.UNDECIDED, because=OPEN)


def judged_stationarity(line: Line, context: Context) -> Judgement | None:
    """The judgement on A = B as "the gradient of an objective is zero"; None where that is not proved.

    What says what a derivative is sets nothing to zero: ∂L/∂z = −∂L/∂z would, whatever it should say. Nor does a text
    that seeks nothing: σ(−z) = 1 holds where the slope of a softplus vanishes, and is wrong.

    Raises: Unreadable, ModelError: if a side has no reading, or the definitions make no model.
    """
    seeks = SEEKS.search(context.dictionary.prose) is not None or sets_to_zero(line)
    if not seeks and not any(other.posed for other in context.lines.lines):
        return None
    reader = Reader(context.dictionary)
    left, right = reader.read(line.left), reader.read(line.right or line.left)
    if any(one.has(Partial) and other != 0 for one, other in ((left, right), (right, left))):
        return None
    if right == 0 and left.has(Partial) and not left.is_Add:  # ∂L/∂σ² = 0 sets it to zero, and says no more
        return None
    sought = {name_of(a) for side in (left, right) for a in names_in(side)}
    survey = context.dictionary.survey
    if sets_to_zero(line):  # by whatever the objective is introduced with
        told = {name for many in survey.arguments.values() for given in many for name in given} & survey.named.keys()
        sought = (sought | told) & (told | survey.differentiated) or sought
    else:
        sought &= survey.differentiated
    return _as_gradients(sorted(sought), left - right, reader, line, context)


def _as_gradients(names: Iterable[str], zero: Expr, reader: Reader, line: Line, context: Context) -> Judgement | None:
    """The judgement on what is to be zero as the gradient of some objective by one of these names."""
    pairs = ((objective, name) for name in names for objective in _objectives(name, context))
    tried = (_as_gradient(objective, name, zero, reader, line, context) for objective, name in pairs)
    return next((found for found in tried if found is not None), None)


def _without_marks(value: Expr, context: Context) -> Expr:
    """The value with μ for every μ̂: the gradients by both vanish at the same place."""
    known = context.dictionary.survey.differentiated | {
        name_of(a) for d in context.definitions.values() for a in names_in(d.expr)
    }

    def plain(e: Expr) -> Expr | None:
        name = name_of(e).removesuffix("hat") if is_name(e) else ""
        if name not in known or name == name_of(e):
            return None
        return tensor(name)[indices_of(e)] if indices_of(e) else scalar(name)

    return transform(value, plain)


def _zero(name: str, power: Expr, value: Expr, reader: Reader) -> Expr | None:
    """What is zero where σ² or a matrix Σ has a value, or θ the value A^{-1} b; None for a value of another kind."""
    if not reader.opened:
        zero: Expr = scalar(name) ** power - value
        return zero
    if len(reader.opened) == 1:
        return _multiplied(name, value, reader)
    zero = tensor(name)[tuple(reader.opened)] - value
    return zero


def _multiplied(name: str, value: Expr, reader: Reader) -> Expr | None:
    """A θ − b for the value A^{-1} b of θ, at the index at which it is read; None for a value of another kind."""
    inverses = value.atoms(InverseEntry)
    if len(inverses) != 1 or len(reader.opened) != 1:
        return None
    (inverse,) = inverses
    (row,) = reader.opened
    column = index(f"{row.label}'", *inverse.span)
    other = inverse.place[1] if inverse.place[0] == row else inverse.place[0]
    if row not in inverse.place or (inverse.span != (row.lower, row.upper)):
        return None
    behind: Expr = value.xreplace({inverse: KroneckerDelta(row, other)})
    product: Expr = Sum(inverse.args[0][row, column] * tensor(name)[column], (column, *inverse.span)) - behind
    return product


def _as_gradient(
    objective: str, name: str, difference: Expr, reader: Reader, line: Line, context: Context
) -> Judgement | None:
    """Whether a difference is proved to be the gradient of an objective, but for a factor that is a number."""
    inside = {name_of(a) for a in names_in(difference)}
    model = _model_of(objective, name, inside, reader, line, context)
    held = model.quantities[name]
    places = tuple(reader.opened) or _written_places(held, difference)
    if len(held.axes) != len(places):
        return None
    slope = Partial(model.quantities[objective].at(), held.at(*places))
    if len(held.axes) == 2 and reader.opened:
        difference = _between_inverses(name, difference, reader)
    symmetric = said_symmetric(context.dictionary)
    may_be_equal = _screened(slope, difference, at_symmetric(model, symmetric) or model)
    for factor in _factors(model, objective, None if reader.opened else held.at(*places)):
        if not may_be_equal(slope, difference, factor):
            continue
        claimed = factor * difference
        if prove_entries(slope, claimed, model) or prove_symmetric(slope, claimed, model, symmetric):
            because = f"the gradient of {objective} by {name}, set to zero"
            return Judgement(verdict=Verdict.PROVED, because=because)
    return None


def _written_places(held: Quantity, difference: Expr) -> tuple[Idx, ...]:
    """The index that an author writes at a vector, Σ_i w_{ij} (x_i − μ_j) = 0, over the range of its entries."""
    free = sorted(free_indices(difference), key=str)
    fits = len(free) == len(held.axes) == 1 and (free[0].lower, free[0].upper) == (
        held.axes[0].lower,
        held.axes[0].upper,
    )
    return tuple(free) if fits else ()


def _screened(left: Expr, right: Expr, model: Model) -> Callable[[Expr, Expr, Expr], bool]:
    """Whether the left may be so many times the right, by numbers, which take less time than proofs do.

    Of what has no numbers only a sign is tried.
    """
    try:
        within = needed(right, right, model) <= needed(left, left, model)
        screen = _screen_of(left, model) if within else screen_for(left, right, model)
        evaluable = screen.is_evaluable(left, right)
    except (EvaluationError, ValueError):
        evaluable = False
    return screen.may_be_equal if evaluable else lambda left, right, factor: factor in SIGNS


@lru_cache(maxsize=16)
def _screen_of(slope: Expr, model: Model) -> AnyScreen:
    """Points for a gradient, at which many an edit of one equation is tried."""
    return screen_for(slope, slope, model)


def _between_inverses(name: str, difference: Expr, reader: Reader) -> Expr:
    """Σ^{-1} D Σ^{-1} for a matrix D, which vanishes where D does: gradients by Σ are of this kind."""
    i, j = reader.opened
    if (i.lower, i.upper) != (j.lower, j.upper):
        return difference
    ends = (i.lower, i.upper)
    k, m = index(f"{i.label}'", *ends), index(f"{j.label}'", *ends)
    inside = substitute(difference, {i: k, j: m})
    left, right = (InverseEntry(tensor(name), a, b, *ends) for a, b in ((i, k), (m, j)))
    product: Expr = Sum(left * inside * right, (k, *ends), (m, *ends))
    return product


def _factors(model: Model, objective: str, name: Expr | None) -> Iterator[Expr]:
    """What a gradient may be divided by before it is set to zero: a sign, 2, the number of data points, powers of σ.

    And what the objective is divided by, and p (1 − p), which clears the fractions of a chance.
    """
    powers = [Integer(1)]
    if name is not None:  # ∂f(σ²)/∂σ has a σ
        powers = [*(name**-k for k in range(MOST_POWERS)), name]
        clears = any(d.expr.has(1 - name) for d in model.definitions if d.name == objective)
        powers += [1 / (name * (1 - name))] if clears else []
    ranges = {(i.lower, i.upper) for q in model.given for i in q.axes}
    within = (p for d in model.definitions if d.name == objective for p in d.expr.atoms(Pow))
    divisors = {1 / p for p in within if p.exp.is_negative and is_name(p.base) and p.base != name}
    counts = sorted({upper - lower + 1 for lower, upper in ranges} | divisors, key=str)
    for size in (Integer(1), *counts, *(1 / n for n in counts)):
        for number in (1, 2, Rational(1, 2)):
            yield from (sign * number * size * power for power in powers for sign in SIGNS)


def _objectives(name: str, context: Context) -> Iterator[str]:
    """The scalars that the text defines, that depend on a name, and that nothing else is computed from.

    Where the text writes one of them as a function of the name, ℓ(λ), others are none: the density f(t) before it.
    """
    scalars = {d.name for d in context.definitions.values() if not d.place and d.sample is None}
    scalars -= {name for name in scalars if name.endswith("bb")}  # an expected value
    scalars -= {name for name in scalars if f"weights of {name}" in context.dictionary.hidden}  # any function
    used = {name_of(a) for d in context.definitions.values() for a in names_in(d.expr)}
    found = [o for o in sorted(scalars - used) if any(_depends(o, name, context, whole) for whole in (False, True))]
    arguments = context.dictionary.survey.arguments
    yield from [o for o in found if any(name in given for given in arguments.get(o, ()))] or found


def _depends(objective: str, name: str, context: Context, whole: bool) -> bool:
    """Whether an objective has a value that depends on a name, for one data point or for all of them."""
    model = context.model_at(LAST, {objective, name}, whole=whole)
    return objective in model.defined and model.depends(objective, name)


def _model_of(objective: str, name: str, inside: Set[str], reader: Reader, line: Line, context: Context) -> Model:
    """The model in which an objective and what is inside a value are numbers: of all points if one of them is."""
    of_all = inside & {d.name for d in context.definitions.values() if d.whole}  # means over the data
    whole = bool(reader.samples or of_all) or not _depends(objective, name, context, whole=False)
    return context.model_at(line.number, {objective, name} | inside, whole=whole)


def _put_in(
    objective: str, name: str, value: Expr, written: Expr, reader: Reader, line: Line, context: Context
) -> Judgement:
    """The judgement on "the gradient vanishes where the name has this value", which is made of what is written."""
    inside = {name_of(a) for a in names_in(value)}
    model = _model_of(objective, name, inside, reader, line, context)
    held = model.quantities[name]
    if len(held.axes) != len(reader.opened) or name in inside:
        return Judgement(verdict=Verdict.UNDECIDED, because=OPEN)
    slope = Partial(model.quantities[objective].at(), held.at(*held.axes))
    gradient = _with_other_solutions(_unfolded(carried_out(slope, model), name, model), name, line, context)
    whole = any(str(e.args[0]) == name for e in gradient.atoms(InverseEntry, LogDet))  # has no entries to put in
    if whole or name not in {name_of(a) for a in names_in(gradient)}:  # a multiplier, which other equations determine
        return Judgement(verdict=Verdict.UNDECIDED, because=OPEN)
    value = rename_bound(value, gradient.atoms(type(held.axes[0])) if held.axes else ())

    def put(e: Expr) -> Expr | None:
        if not is_name(e) or name_of(e) != name:
            return None
        places: dict[Basic, Basic] = dict(zip(reader.opened, indices_of(e), strict=True))
        return substitute(value, places)

    equation = Equation(
        left=transform(gradient, put),
        right=Integer(0),
        sources=((line.formula.latex, line.right or line.left, reader),),
        confirmed=(written,),
    )

    def wonder() -> Iterator[str]:
        yield from of_words(line)
        matrices = context.dictionary.matrices.items()  # what stands under an inverse is a name of its own: λ there
        within = {name_of(a) for entry, (matrix, _) in matrices if matrix in inside for a in names_in(entry)}
        for strange in sorted((inside | within) - set(model.ancestors.get(objective, ())) - set(model.defined)):
            yield f"{objective} does not depend on {strange}"
        yield from _of_jumps(gradient, name)
        if UNBIASED.search(context.dictionary.prose):
            yield "the text may speak of another estimate"
        asked = SET_TO_ZERO.search(introduction(line.formula)) is not None  # and no more, of a Lagrangian
        if CONSTRAINED.search(context.dictionary.prose) and not asked:
            yield "the text may ask for more than a vanishing gradient"
        if ROUGHLY.search(introduction(line.formula)):
            yield "the text may leave something out"
        yield from of_symmetry(equation.left, equation.right, full, context)

    full = with_variables(equation, model)
    found = judge(equation, full, wonder, said_symmetric(context.dictionary))
    proved = found.verdict is Verdict.PROVED
    because = f"the gradient of {objective} by {name} vanishes there" if proved else found.because
    return Judgement(verdict=found.verdict, because=because, counterexample=found.counterexample)


def _of_jumps(gradient: Expr, name: str) -> Iterator[str]:
    """The doubt about a gradient that jumps, as that of |x| at 0: where it jumps over zero, it vanishes nowhere."""
    if any(name in map(name_of, names_in(e)) for e in gradient.atoms(*SWITCHES)):
        yield "the gradient jumps, and may jump over zero"


def _with_other_solutions(gradient: Expr, name: str, line: Line, context: Context) -> Expr:
    """The gradient with the numbers that the text has solved for before, α = ȳ − β x̄, in place of their names.

    Raises: Unreadable: if what is solved for is no number, or its value has no reading.
    """
    used = {name_of(a) for a in names_in(gradient)}
    for number, other in context.solutions.items():
        if number >= line.number or other not in used - {name}:
            continue
        solved = context.line(number)
        assert solved.right is not None
        reader = Reader(context.dictionary)
        left, value = reader.read(solved.left), reader.read(solved.right)
        if reader.opened or not is_name(left) or indices_of(left):
            raise Unreadable(f"what {other} is has no reading as a number", solved.right.span)
        gradient = gradient.xreplace({scalar(other): value})
    return gradient


def _unfolded(expr: Expr, name: str, model: Model) -> Expr:
    """The expression with all names replaced that depend on a name."""
    for d in reversed(model.definitions):
        if model.depends(d.name, name):
            expr = model.unfold(expr, d.name)
    return expr
