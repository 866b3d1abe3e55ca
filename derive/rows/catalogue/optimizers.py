"""Update rules as recursions over steps t = 1, …, T: gradient descent, momentum, weight decay and Adam.

The gradients g_t are given. The objective is half the squared distance of the last iterate from a point y, so that
its derivatives by the rates tell how the tuning of a rule acts on where it ends.
"""

from __future__ import annotations

from sympy import Expr, Rational, sqrt

from ...model import Model
from ...quantities import Definition, Domain, Quantity
from ...questions.answers import Question
from ...questions.unrolled import Unrolled
from ...questions.weighted import Weighted
from ...vocabulary import index, size, total
from ..building import data, define, name, parameter

T, D = size("T"), size("d")
TIME, J = index("t", 1, T), index("j", 1, D)
GRADIENT, TARGET = data("g", TIME, J), data("y", J)
START = parameter("theta_0", J, latex=r"\theta^{(0)}")
ITERATE = name("theta", TIME, J, latex=r"\theta")
BEFORE = ITERATE.at(TIME - 1, J)
RATE = parameter("eta", latex=r"\eta", domain=Domain.POSITIVE)


def decay(label: str, latex: str) -> Quantity:
    """A rate between 0 and 1 at which the past is forgotten."""
    return parameter(label, latex=latex, domain=Domain.UNIT)


def moving_average(average: Quantity, rate: Quantity, value: Expr) -> Definition:
    """m_t = β m_{t−1} + (1 − β) value, m_0 = 0."""
    expr = rate.at() * average.at(TIME - 1, J) + (1 - rate.at()) * value
    return define(average, expr, over=TIME, base=Rational(0))


def unbiased(average: Quantity, rate: Quantity) -> Expr:
    """m_t / (1 − β^t), which makes up for a moving average's start at 0."""
    corrected: Expr = average.at() / (1 - rate.at() ** TIME)
    return corrected


def _model(
    title: str,
    model: str,
    given: tuple[Quantity, ...],
    *definitions: Definition,
    questions: tuple[Question, ...] = (Unrolled(recursion="theta"),),
) -> Model:
    error = define(name("E"), Rational(1, 2) * total((ITERATE.at(T, J) - TARGET.at()) ** 2, J))
    return Model(
        name=model,
        title=title,
        given=(GRADIENT, TARGET, START, RATE, *given),
        definitions=(*definitions, error),
        objective="E",
        questions=questions,
    )


def gradient_descent() -> Model:
    """θ_t = θ_{t−1} − η g_t."""
    step = define(ITERATE, BEFORE - RATE.at() * GRADIENT.at(), over=TIME, base=START.at())
    return _model("Gradient descent", "gradient-descent", (), step)


def gradient_ascent() -> Model:
    """θ_t = θ_{t−1} + η g_t."""
    step = define(ITERATE, BEFORE + RATE.at() * GRADIENT.at(), over=TIME, base=START.at())
    return _model("Gradient ascent", "gradient-ascent", (), step)


def weight_decay() -> Model:
    """θ_t = (1 − η λ) θ_{t−1} − η g_t."""
    shrinkage = parameter("lambda", latex=r"\lambda", domain=Domain.NONNEGATIVE)
    shrunk = (1 - RATE.at() * shrinkage.at()) * BEFORE
    step = define(ITERATE, shrunk - RATE.at() * GRADIENT.at(), over=TIME, base=START.at())
    return _model("Gradient descent with weight decay", "weight-decay", (shrinkage,), step)


def momentum() -> Model:
    """v_t = μ v_{t−1} − η g_t with v_0 = 0, θ_t = θ_{t−1} + v_t."""
    friction, velocity = decay("mu", r"\mu"), name("v", TIME, J)
    moved = friction.at() * velocity.at(TIME - 1, J) - RATE.at() * GRADIENT.at()
    return _model(
        "Gradient descent with momentum",
        "momentum",
        (friction,),
        define(velocity, moved, over=TIME, base=Rational(0)),
        define(ITERATE, BEFORE + velocity.at(), over=TIME, base=START.at()),
        questions=(Unrolled(recursion="v"), Unrolled(recursion="theta")),
    )


def adam() -> Model:
    """Moments m of g and v of g², m̂_t = m_t / (1 − β_1^t), v̂_t likewise; θ_t = θ_{t−1} − η m̂_t / (√v̂_t + ε)."""
    first, second = decay("beta_1", r"\beta_1"), decay("beta_2", r"\beta_2")
    guard = parameter("epsilon", latex=r"\epsilon", domain=Domain.POSITIVE)
    mean, square = name("m", TIME, J), name("v", TIME, J)
    scaled = unbiased(mean, first) / (sqrt(unbiased(square, second)) + guard.at())
    return _model(
        "Adam",
        "adam",
        (first, second, guard),
        moving_average(mean, first, GRADIENT.at()),
        moving_average(square, second, GRADIENT.at() ** 2),
        define(ITERATE, BEFORE - RATE.at() * scaled, over=TIME, base=START.at()),
        questions=(
            Unrolled(recursion="m"),
            Weighted(average="m", of="g"),
            Unrolled(recursion="v"),
            Weighted(average="v", of="g", power=2),
        ),
    )


ROWS = (gradient_descent, gradient_ascent, weight_decay, momentum, adam)
