"""Expected values and Fisher information: against integrals, by hand, and for models that are not in the catalogue."""

from __future__ import annotations

import pytest
from sympy import Expr, KroneckerDelta, Symbol, exp, integrate, log, oo, pi, sqrt

from derive.calculus.normalform import is_zero
from derive.catalog import find
from derive.model import Model, ModelError
from derive.probability.expectations import in_short, law_of
from derive.probability.fisher import information
from derive.probability.gaussianlaw import Gaussian
from derive.probability.naturalgradient import natural_gradient
from derive.prove import prove
from derive.quantities import Domain, Quantity
from derive.questions.fisher import Fisher, Natural
from derive.rows.building import data, define, name, parameter
from derive.rows.functions import sigmoid, tanh
from derive.vocabulary import index, product, size, total

J, K, L = index("j", 1, size("d")), index("k", 1, size("C")), index("l", 1, size("C"))
Y, BIT = data("y"), data("y", domain=Domain.BINARY)
ONE_HOT = data("y", K, domain=Domain.SIMPLEX)
X, W = data("x", J), parameter("w", J)
RATE, SHARES = parameter("p", domain=Domain.UNIT), parameter("p", K, domain=Domain.UNIT)
SIGMA = parameter("sigma", domain=Domain.POSITIVE)


def of(density: Expr, *given: Quantity) -> Model:
    point = name("P", domain=Domain.POSITIVE)
    return Model(
        name="own",
        title="Own",
        given=given,
        definitions=(define(point, density), define(name("LL"), log(point.at()))),
        objective="LL",
        likelihood="P",
    )


def bernoulli(probability: Expr) -> Expr:
    mass: Expr = probability ** BIT.at() * (1 - probability) ** (1 - BIT.at())
    return mass


def normal(mean: Expr) -> Expr:
    density: Expr = exp(-((Y.at() - mean) ** 2) / (2 * SIGMA.at() ** 2)) / (sqrt(2 * pi) * SIGMA.at())
    return density


SCORE = total(X.at() * W.at(), J)
I, S = J, SIGMA.at()
P = RATE.at()
HALF_TANH = (1 + tanh(P)) / 2
KNOWN: tuple[tuple[str, Model, str, Expr], ...] = (  # by hand
    ("the rate of a coin", of(bernoulli(P), BIT, RATE), "p", 1 / (P * (1 - P))),
    ("its logit", of(bernoulli(sigmoid(P)), BIT, RATE), "p", sigmoid(P) * (1 - sigmoid(P))),
    ("another link", of(bernoulli(HALF_TANH), BIT, RATE), "p", 1 - tanh(P) ** 2),
    ("a mean", of(normal(P), Y, RATE, SIGMA), "p", 1 / S**2),
    ("the square root of a mean", of(normal(P**2), Y, RATE, SIGMA), "p", 4 * P**2 / S**2),
    ("a deviation", of(normal(P), Y, RATE, SIGMA), "sigma", 2 / S**2),
)


@pytest.mark.parametrize(("model", "parameter", "expected"), [k[1:] for k in KNOWN], ids=[k[0] for k in KNOWN])
def test_the_information_is_the_one_found_by_hand(model: Model, parameter: str, expected: Expr) -> None:
    found = information(model, parameter, "y", "P")
    assert found.by_scores.verdict == "proved" and found.by_hessian.proof is not None
    assert all(fact.proof is not None for fact in found.facts)
    assert is_zero(found.definition.expr - expected, model.facts)
    assert prove(found.by_scores.target, 2 * expected, found.by_scores.model) is None


def test_of_a_linear_regression_it_is_the_square_of_the_features() -> None:
    model = of(normal(SCORE), X, Y, W, SIGMA)
    found = information(model, "w", "y", "P")
    (i, j) = found.definition.quantity.axes
    assert is_zero(found.definition.expr - X.at(i) * X.at(j) / S**2, model.facts)
    step = natural_gradient(model, "w", "y", "P")
    assert step.solved is not None and step.newton is not None and step.singular is None


@pytest.mark.parametrize("k", range(7))
def test_moments_are_the_integrals(k: int) -> None:
    y, m = Symbol("y", real=True), Symbol("m", real=True)
    law = Gaussian(model=find("gaussian"), target="x", expectation=m, variance=S**2, facts=())
    sigma = Symbol("sigma", positive=True)
    density = exp(-((y - m) ** 2) / (2 * sigma**2)) / (sqrt(2 * pi) * sigma)
    exact = integrate(y**k * density, (y, -oo, oo)).subs(sigma, S)
    assert (law.moment(k) - exact).expand().simplify() == 0


def test_the_law_of_a_one_hot_target_counts_its_entries() -> None:
    model = find("categorical")
    law = law_of(model, "y", "P")
    p, y = (model.quantities[n] for n in ("p", "y"))
    mean = law.mean(y.at())
    both = law.mean(y.at() * y.at(L))
    assert mean is not None and both is not None
    assert prove(mean, p.at(), model) is not None
    assert prove(both, p.at() * p.at(L), model) is None  # entries of a one-hot target are not independent
    assert in_short(mean, model) == p.at()


def test_outcomes_do_not_meet_the_indices_that_are_there() -> None:
    """The index that counts the outcomes is none of those of the expression."""
    model = find("categorical")
    law = law_of(model, "y", "P")
    p, y = (model.quantities[n] for n in ("p", "y"))
    taken = [index(n, 1, size("C")) for n in ("k", "k'", "k''")]
    squares = law.mean(y.at(taken[1]) * y.at(taken[2]))
    assert squares is not None

    assert prove(squares, p.at(taken[1]) * KroneckerDelta(taken[1], taken[2]), model) is not None


def improper() -> Model:
    """Probabilities that do not sum to one."""
    return of(bernoulli(P) * P, BIT, RATE)


def test_what_is_no_probability_is_not_proved() -> None:
    found = information(improper(), "p", "y", "P")
    assert any(fact.proof is None for fact in found.facts)
    assert Fisher(parameter="p", target="y").answer(improper()).verdict == "undecided"
    assert Natural(parameter="p", target="y").answer(improper()).verdict == "undecided"


@pytest.mark.parametrize(
    "density",
    [exp(-((Y.at() - P) ** 2) / 2), exp(-(Y.at() ** 4)), exp((Y.at() - P) ** 2) / sqrt(2 * pi)],
    ids=["not normalised", "no Gaussian", "no density"],
)
def test_what_is_no_gaussian_is_refused(density: Expr) -> None:
    with pytest.raises(ModelError, match="neither 0 or 1, nor one-hot, nor Gaussian"):
        law_of(of(density, Y, RATE), "y", "P")


def test_a_vector_without_a_shift_has_an_inverse() -> None:
    """Shares as they are, not by logits: E of the score is no longer zero, as Π p^y is no law of free shares."""
    model = of(product(SHARES.at() ** ONE_HOT.at(), K), ONE_HOT, SHARES)
    answer = Fisher(parameter="p", target="y").answer(model)
    assert answer.verdict == "undecided"


def test_the_natural_gradient_of_logits_is_one_of_many() -> None:
    model = find("categorical")
    found = natural_gradient(model, "z", "y", "P")
    assert found.singular is not None and found.solved is not None and found.step is not None
    shifted = found.step.target + 1
    (k,) = found.step.quantity.axes
    (_, slot) = found.information.quantity.axes
    left = total(found.information.target * shifted.subs(k, slot), slot)
    assert prove(left, found.gradient.result, found.model) is not None
    scaled = total(found.information.target * 2 * found.step.quantity.at(slot), slot)
    assert prove(scaled, found.gradient.result, found.model) is None


ROWS = [
    (m, q)
    for m in map(find, ("logistic-regression", "categorical", "gaussian", "softmax-regression"))
    for q in m.questions
]


@pytest.mark.parametrize(
    ("model", "question"),
    [(m, q) for m, q in ROWS if isinstance(q, Fisher | Natural)],
    ids=lambda v: getattr(v, "name", type(v).__name__),
)
def test_every_row_has_its_information(model: Model, question: Fisher | Natural) -> None:
    assert question.answer(model).verdict == "proved"


@pytest.mark.parametrize(("parameter_name", "target"), [("q", "y"), ("theta", "yhat"), ("theta", "x")])
def test_names_that_do_not_fit_are_refused(parameter_name: str, target: str) -> None:
    with pytest.raises(ModelError):
        information(find("logistic-regression"), parameter_name, target, "P")
