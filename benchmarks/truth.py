"""Whether an equation is true, by differences at 60 digits through the definitions, apart from calculus and prover."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from sympy import Expr

from derive.analysis.unrolling import steps_of, unrolled
from derive.model import Model
from derive.quantities import Domain
from derive.vocabulary import Positive
from lowering.numeric.environment import whole
from lowering.numeric.errors import EvaluationError
from verify.alongsteps import STEPS, at_steps
from verify.differences import by_differences
from verify.evaluation import Place, free_in, needed
from verify.judge import Equation, with_variables
from verify.refute import Allowed, draws
from verify.standins import claims

SIZES = ((2, 3, 4, 2), (3, 2, 2, 4), (1, 2, 3, 1), (2, 7, 2, 3))
EQUAL, LARGEST = 1e-10, 1e200
FEWEST = 3  # places compared, before an equation is called true
DRAWS_AT_CASES = 12  # values at each size where a step tells cases apart: few may lie between two steps
TIED = frozenset({Domain.SIMPLEX, Domain.POSITIVE_DEFINITE})  # whose entries have to do with each other


def is_true(equation: Equation, model: Model, allowed: Allowed | None = None) -> bool | None:
    """Whether both sides are equal at random points, which the text allows, at several sizes; None if that stays open.

    A recursion is written out for a few steps, and each step is tried. A function without a formula is each of some
    usual ones: what holds for all of them is true, and what holds for none false.
    """
    model = with_variables(equation, model)
    found = {_is_true_of(*claim, allowed) for claim in claims(equation.left, equation.right, model)}
    return found.pop() if len(found) == 1 else None


def _is_true_of(left: Expr, right: Expr, model: Model, allowed: Allowed | None) -> bool | None:
    """The same where every function has a formula."""
    compared = 0
    for *sides, written in _written_out(left, right, model):
        for equal in _compared(*sides, written, allowed):
            if not equal:
                return False
            compared += 1
    return True if compared >= FEWEST else None


def _written_out(left: Expr, right: Expr, model: Model) -> Iterator[tuple[Expr, Expr, Model]]:
    """An equation as it is, or at each step of a recursion."""
    over = steps_of(model, needed(left, right, model))
    if over is None:
        yield left, right, model
        return
    for steps in STEPS:
        written = unrolled(model, over, steps)
        for sides in at_steps(written, left, right) if written is not None else ():
            assert written is not None
            yield *sides, written.model


def _compared(left: Expr, right: Expr, model: Model, allowed: Allowed | None) -> Iterator[bool]:
    """Whether both sides are equal, at one place after another where they can be evaluated."""
    rounds = DRAWS_AT_CASES if left.has(Positive) or right.has(Positive) else 1
    for number, (lengths, positive) in enumerate(product(SIZES * rounds, (True, False))):
        generator = np.random.default_rng(number)
        for place in _places(left, right, model, lengths, generator, allowed, positive):
            try:
                values = by_differences(left, right, model, place)
            except EvaluationError:
                continue
            if values is not None and all(abs(v) < LARGEST for v in values):  # false for what is no number
                yield abs(values[0] - values[1]) <= EQUAL * max(1, abs(values[0]))


def _places(
    left: Expr,
    right: Expr,
    model: Model,
    lengths: tuple[int, ...],
    generator: np.random.Generator,
    allowed: Allowed | None,
    positive: bool,
) -> Iterator[Place]:
    """The first and last value of each free index, and random ones between, at values above zero or any."""
    free = free_in(left, right)
    bounds = [b for i in free for b in (i.lower, i.upper)] + [
        b for q in model.quantities.values() for i in q.axes for b in (i.lower, i.upper)
    ]
    names = sorted({s.name for e in (left, right, *bounds) for s in e.free_symbols if s.is_integer and s.is_positive})
    sizes = {name: lengths[k % len(lengths)] for k, name in enumerate(names)}
    drawn = draws(model, sizes, generator, False, set(model.quantities), allowed)
    bound = {q.name for q in model.quantities.values() if q.domain in TIED or allowed is not None or not positive}
    points = min((len(v) for v in drawn.values()), default=1)
    if not points:
        return  # none that the text allows
    one = slice(k := int(generator.integers(points)), k + 1)
    given = {n: v[one] if n in bound else np.abs(v[one]) + 0.25 for n, v in drawn.items()}
    ranges = [(whole(i.lower, sizes), whole(i.upper, sizes)) for i in free]
    chosen = [[low for low, _ in ranges], [high for _, high in ranges]]
    chosen += [[int(generator.integers(low, high + 1)) for low, high in ranges] for _ in range(3 if free else 0)]
    for draw in chosen:
        position = tuple(k - low for k, (low, _) in zip(draw, ranges, strict=True))
        yield Place(sizes=sizes, given=given, indices=dict(zip(free, draw, strict=True)), position=position)
