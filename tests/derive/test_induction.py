"""Induction: closed forms of recursions are proved, near misses are not, and numbers agree with both."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from sympy import Expr, Idx, Integer, KroneckerDelta

from derive.analysis.induction import prove_by_induction, with_closed_form
from derive.calculus.indices import substitute
from derive.model import Model, ModelError
from derive.prove import prove
from derive.quantities import Domain, Quantity
from derive.rows.building import data, define, name
from derive.rows.catalogue.optimizers import (
    GRADIENT,
    ITERATE,
    RATE,
    START,
    TIME,
    D,
    J,
    T,
    adam,
    decay,
    gradient_descent,
    momentum,
    moving_average,
    unbiased,
    weight_decay,
)
from derive.vocabulary import Inside, index, scalar, tensor, total
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.environment import Environment, whole
from lowering.numeric.evaluate import evaluate
from lowering.numeric.forward import forward

ARITHMETIC = mpmath_arithmetic(40)
SIZES = {"T": 5, "d": 2}
I, I0 = index("i", 1, TIME), index("i", 0, TIME)
BETA_1, BETA_2, MU, ETA = scalar("beta_1"), scalar("beta_2"), scalar("mu"), RATE.at()
BETA, GIVEN = decay("beta", r"\beta"), data("g", J)
MEAN, MEAN_HAT = name("m", TIME, J), name("m_hat", TIME, J, latex=r"\hat{m}")
KEPT = 1 - ETA * scalar("lambda")


def past(weight: Expr, i: Idx = I, power: int = 1) -> Expr:
    """Σ_i weight_i g_i^power."""
    return total(weight * GRADIENT.at(i, J) ** power, i)


def constant_gradient() -> Model:
    """The moving average of one and the same gradient, and its bias correction."""
    average = moving_average(MEAN, BETA, GIVEN.at())
    corrected = define(MEAN_HAT, unbiased(MEAN, BETA))
    return Model(name="constant", title="Constant", given=(GIVEN, BETA), definitions=(average, corrected), objective="")


def coasting() -> Model:
    """Momentum with the closed form of its velocity."""
    return with_closed_form(momentum(), "v", -ETA * past(MU ** (TIME - I)))


def doubling() -> Model:
    """v_t = 2 v_{t−1}, v_0 = 0: zero at every step."""
    v = name("v", TIME)
    recursion = define(v, 2 * v.at(TIME - 1), over=TIME, base=Integer(0))
    return Model(name="doubling", title="Doubling", given=(), definitions=(recursion,), objective="")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A recursion, its closed form, and forms that miss it narrowly."""

    model: Model
    name: str
    form: Expr
    mutants: tuple[Expr, ...]


CASES = {
    "gradient descent": Case(
        model=gradient_descent(),
        name="theta",
        form=START.at() - ETA * past(Integer(1)),
        mutants=(
            START.at() + ETA * past(Integer(1)),
            START.at() - past(Integer(1)),
            -ETA * past(Integer(1)),
            START.at() - ETA * past(Integer(1), index("i", 1, TIME - 1)),
            START.at() - ETA * past(Integer(1), index("i", 2, TIME)),
            START.at() - ETA * past(Integer(1), index("i", 1, T)),
        ),
    ),
    "weight decay": Case(
        model=weight_decay(),
        name="theta",
        form=KEPT**TIME * START.at() - ETA * past(KEPT ** (TIME - I)),
        mutants=(
            KEPT ** (TIME - 1) * START.at() - ETA * past(KEPT ** (TIME - I)),
            KEPT**TIME * START.at() - ETA * past(KEPT ** (TIME - I + 1)),
            START.at() - ETA * past(KEPT ** (TIME - I)),
        ),
    ),
    "velocity": Case(
        model=momentum(),
        name="v",
        form=-ETA * past(MU ** (TIME - I)),
        mutants=(ETA * past(MU ** (TIME - I)), -ETA * past(MU ** (TIME - I + 1)), -ETA * past(MU**I)),
    ),
    "momentum": Case(
        model=coasting(),
        name="theta",
        form=START.at() - ETA / (1 - MU) * past(1 - MU ** (TIME - I + 1)),
        mutants=(
            START.at() - ETA / (1 - MU) * past(1 - MU ** (TIME - I)),
            START.at() - ETA * past(1 - MU ** (TIME - I + 1)),
            START.at() - ETA / (1 - MU) * past(1 + MU ** (TIME - I + 1)),
        ),
    ),
    "first moment": Case(
        model=adam(),
        name="m",
        form=(1 - BETA_1) * past(BETA_1 ** (TIME - I)),
        mutants=(
            (BETA_1 - 1) * past(BETA_1 ** (TIME - I)),
            past(BETA_1 ** (TIME - I)),
            (1 - BETA_1) * past(BETA_1 ** (TIME - I + 1)),
            (1 - BETA_1) * past(BETA_1 ** (TIME - I0), I0),
            (1 - BETA_2) * past(BETA_2 ** (TIME - I)),
        ),
    ),
    "second moment": Case(
        model=adam(),
        name="v",
        form=(1 - BETA_2) * past(BETA_2 ** (TIME - I), power=2),
        mutants=((1 - BETA_2) * past(BETA_2 ** (TIME - I)), (1 - BETA_2) ** 2 * past(BETA_2 ** (TIME - I), power=2)),
    ),
    "constant gradient": Case(
        model=constant_gradient(),
        name="m",
        form=(1 - BETA.at() ** TIME) * GIVEN.at(),
        mutants=(
            (1 + BETA.at() ** TIME) * GIVEN.at(),
            (1 - BETA.at() ** (TIME + 1)) * GIVEN.at(),
            (1 - BETA.at() ** (TIME - 1)) * GIVEN.at(),
            GIVEN.at(),
        ),
    ),
}
MUTANTS = [(label, k) for label, case in CASES.items() for k in range(len(case.mutants))]


@pytest.mark.parametrize("label", CASES)
def test_the_closed_form_is_proved_and_is_what_the_recursion_gives(label: str) -> None:
    case = CASES[label]
    proof = prove_by_induction(case.model, case.name, case.form)
    assert proof is not None
    assert _furthest(case, case.form) < 1e-30


@pytest.mark.parametrize(("label", "which"), MUTANTS)
def test_a_near_miss_is_not_proved_and_is_another_number(label: str, which: int) -> None:
    case = CASES[label]
    assert prove_by_induction(case.model, case.name, case.mutants[which]) is None
    assert _furthest(case, case.mutants[which]) > 1e-6


def test_the_bias_correction_of_a_constant_gradient_is_the_gradient() -> None:
    model = constant_gradient()
    assert prove(MEAN_HAT.at(), GIVEN.at(), model) is None  # not without induction
    closed = with_closed_form(model, "m", (1 - BETA.at() ** TIME) * GIVEN.at())
    assert prove(MEAN_HAT.at(), GIVEN.at(), closed) is not None
    assert prove(MEAN.at(), GIVEN.at(), closed) is None


def test_a_true_base_does_not_stand_for_a_step_nor_a_true_step_for_a_base() -> None:
    """v_t = 2 v_{t−1} from 0: t is 0 at the start, 2^t keeps the step."""
    assert prove_by_induction(doubling(), "v", Integer(0)) is not None
    assert prove_by_induction(doubling(), "v", TIME) is None
    assert prove_by_induction(doubling(), "v", Integer(2) ** TIME) is None


def test_a_form_without_a_value_at_one_step_is_not_proved() -> None:
    """Where a form has no value the step says nothing, so even (t² − 9)/(t − 3) − t − 3, which cancels, is refused."""
    assert prove_by_induction(doubling(), "v", (TIME**2 - 9) / (TIME - 3) - TIME - 3) is None
    assert prove_by_induction(doubling(), "v", Inside(TIME, 4, T) * 2**TIME / (KroneckerDelta(TIME, 3) - 1)) is None


def test_a_constant_without_a_value_is_without_one_at_every_step() -> None:
    x = data("x")
    model = replace(doubling(), given=(x,))
    assert prove_by_induction(model, "v", (x.at() ** 2 - 9) / (x.at() - 3) - x.at() - 3) is not None


def test_two_steps_back_need_more_than_one_start() -> None:
    """v_t = v_{t−2}: what holds at t − 1 does not give what holds at t."""
    v = name("v", TIME)
    recursion = define(v, 2 * v.at(TIME - 2), over=TIME, base=Integer(0))
    model = Model(name="two", title="Two", given=(), definitions=(recursion,), objective="")
    assert prove_by_induction(model, "v", Integer(0)) is None


def test_neighbours_outside_the_axes_are_refused_and_mirrored_ones_have_a_hypothesis() -> None:
    """v_{t,j} = v_{t−1,j+1} reaches an entry beyond the last; v_{t,d+1−j} does not."""
    v = name("v", TIME, J)

    def model(place: Expr) -> Model:
        recursion = define(v, 2 * v.at(TIME - 1, place), over=TIME, base=Integer(0))
        return Model(name="shift", title="Shift", given=(), definitions=(recursion,), objective="")

    with pytest.raises(ModelError, match=r"expected an index within j = 1\.\.d"):
        model(J + 1)
    assert prove_by_induction(model(D + 1 - J), "v", Integer(0)) is not None


@pytest.mark.parametrize(
    ("quantity", "form", "message"),
    [
        ("E", Integer(0), "needs a recursion"),
        ("nothing", Integer(0), "needs a recursion"),
        ("theta", ITERATE.at(TIME - 1, J), "depends on theta"),
        ("theta", scalar("E"), "depends on theta"),
        ("theta", tensor("g")[TIME, index("k", 1, D)], "index k"),
    ],
)
def test_what_is_no_recursion_or_no_closed_form_is_refused(quantity: str, form: Expr, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        prove_by_induction(gradient_descent(), quantity, form)


def test_a_form_that_is_not_proved_does_not_replace_a_recursion() -> None:
    with pytest.raises(ModelError, match="not proved"):
        with_closed_form(doubling(), "v", TIME)


def _furthest(case: Case, form: Expr) -> float:
    """The largest distance between the recursion, run, and the form, at all steps from the base on."""
    generator = np.random.default_rng(5)
    given = {q.name: _draw(q, generator) for q in case.model.given}
    needed = [n for n in case.model.defined if n != "E"]
    environment = forward(case.model, SIZES, given, ARITHMETIC, needed=needed)
    entries = environment.values[case.name]
    values = {n: environment.values[n] for n in given}
    lowers = {n: environment.lowers[n] for n in given}
    values["g"], lowers["g"] = _with_step_zero(values["g"], lowers["g"])
    known = Environment(sizes=SIZES, values=values, lowers=lowers)
    return max(
        float(np.max(np.abs(evaluate(substitute(form, {TIME: Integer(t)}), known, (J,), ARITHMETIC) - entries[:, t])))
        for t in range(SIZES["T"] + 1)
    )


def _with_step_zero(gradients: np.ndarray, lowers: tuple[int, ...]) -> tuple[np.ndarray, tuple[int, ...]]:
    """A gradient at step 0 as well, which a sum that begins too early would count."""
    if gradients.ndim < 3:
        return gradients, lowers
    return np.concatenate([gradients[:, :1] + 1, gradients], axis=1), (0, *lowers[1:])


def _draw(q: Quantity, generator: np.random.Generator) -> np.ndarray:
    shape = (1, *(whole(i.upper - i.lower + 1, SIZES) for i in q.axes))
    positive = q.domain in (Domain.POSITIVE, Domain.UNIT, Domain.NONNEGATIVE)
    return np.round(generator.uniform(0.2 if positive else -0.8, 0.9, shape), 3)
