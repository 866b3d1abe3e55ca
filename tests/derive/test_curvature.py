"""Curvature: the sums of squares are the Hessian, their sign is its eigenvalues' sign, and no more is claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from sympy import Expr, Idx, Symbol, exp, log

from derive.analysis.curvature import Curvature, Definiteness, curvature
from derive.catalog import all_models, find
from derive.model import Model, ModelError
from derive.prove import prove
from derive.quantities import Domain
from derive.rows.building import data, define, name, parameter
from derive.vocabulary import index, indices_of, length, size, total
from lowering.numeric.arithmetic import Array, mpmath_arithmetic
from lowering.numeric.environment import environment, whole
from lowering.numeric.evaluate import evaluate

POSITIVE, NEGATIVE, UNDECIDED = Definiteness.POSITIVE, Definiteness.NEGATIVE, Definiteness.UNDECIDED
I, J, K = index("i", 1, size("m")), index("j", 1, size("d")), index("k", 1, size("d"))


def penalised(domain: Domain) -> Model:
    """Ridge regression whose λ lies in a domain."""
    model = find("ridge")
    return replace(model, given=tuple(replace(q, domain=domain) if q.name == "lambda" else q for q in model.given))


def counts() -> Model:
    """e = e^{Σ_j x_j θ_j} − y Σ_j x_j θ_j, the loss of a Poisson regression."""
    x, y, theta, score = data("x", J), data("y"), parameter("theta", J), name("z")
    return Model(
        name="counts",
        title="Counts",
        given=(x, y, theta),
        definitions=(
            define(score, total(x.at() * theta.at(), J)),
            define(name("e"), exp(score.at()) - y.at() * score.at()),
        ),
        objective="e",
    )


def quadratic_form(domain: Domain) -> Model:
    """e = Σ_jk (Σ_i w_i x_{i,j}) M_{j,k} (Σ_i w_i x_{i,k}) + Σ_j w_j M_{j,j} with M in a domain."""
    x, w, m, u = data("x", I, J), parameter("w", I), parameter("M", J, K, domain=domain), name("u", J)
    return Model(
        name="form",
        title="A quadratic form",
        given=(x, w, m),
        definitions=(
            define(u, total(w.at(I) * x.at(I, J), I)),
            define(name("e"), total(u.at(J) * m.at(J, K) * u.at(K), J, K)),
        ),
        objective="e",
    )


def shares(power: int) -> Model:
    """LL = θ_c − log Σ_k e^{θ_k}, or with −p_c² for the curvature of something that does not sum to one."""
    theta, p, c = parameter("theta", J), name("p", J, domain=Domain.UNIT), index("c", 1, size("d"))
    body = exp(theta.at()) / total(exp(theta.at(c)), c)
    return Model(
        name="shares",
        title="Shares",
        given=(theta,),
        definitions=(
            define(p, body),
            define(name("LL"), -log(total(exp(theta.at()), J)) if power == 1 else -total(p.at() ** 2, J)),
        ),
        objective="LL",
    )


CASES: tuple[tuple[Model, str, Definiteness], ...] = (
    (find("linear-regression"), "theta", POSITIVE),
    (find("polynomial-regression"), "theta", POSITIVE),
    (find("bellman"), "w", POSITIVE),
    (counts(), "theta", POSITIVE),
    (penalised(Domain.POSITIVE), "theta", POSITIVE),
    (penalised(Domain.REAL), "theta", UNDECIDED),
    (find("logistic-regression"), "theta", NEGATIVE),
    (find("gaussian"), "mu", NEGATIVE),
    (find("gaussian"), "sigma", UNDECIDED),
    (find("mlp"), "theta_yhat", NEGATIVE),
    (find("mlp"), "theta_h", UNDECIDED),
    (find("vae-kl"), "sigma", POSITIVE),
    (find("mixture"), "pi_k", NEGATIVE),
    (find("softmax-regression"), "W", NEGATIVE),
    (find("gaussian-vector"), "mu", NEGATIVE),
    (quadratic_form(Domain.POSITIVE_DEFINITE), "w", POSITIVE),
    (quadratic_form(Domain.REAL), "w", UNDECIDED),
    (shares(1), "theta", NEGATIVE),
    (shares(2), "theta", UNDECIDED),
)
SIZES = ({"default": 1}, {"default": 2}, {"n": 2, "default": 3}, {"n": 4, "default": 2})
NAMES = [f"{model.name}, {wrt}, {sign}" for model, wrt, sign in CASES]


def found_in(model: Model, wrt: str) -> Curvature:
    model = model.over_data()
    return curvature(model, model.objective, wrt)


@pytest.mark.parametrize(("model", "wrt", "sign"), CASES, ids=NAMES)
def test_the_sign_is_proved_where_it_has_one(model: Model, wrt: str, sign: Definiteness) -> None:
    found = found_in(model, wrt)
    assert found.definiteness is sign
    assert found.verdict == ("undecided" if sign is UNDECIDED else "proved")


@pytest.mark.parametrize(("model", "wrt", "sign"), CASES, ids=NAMES)
def test_a_wrong_sum_of_squares_is_not_proved(model: Model, wrt: str, sign: Definiteness) -> None:
    found = found_in(model, wrt)
    if found.squares is None:
        assert sign is UNDECIDED
        return
    assert prove(found.quadratic, found.squares, found.model) is not None
    assert prove(found.quadratic, -found.squares, found.model) is None
    assert prove(found.quadratic, 2 * found.squares, found.model) is None


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize(("model", "wrt", "sign"), CASES, ids=NAMES)
def test_no_eigenvalue_has_the_other_sign(model: Model, wrt: str, sign: Definiteness, sizes: Mapping[str, int]) -> None:
    found = found_in(model, wrt)
    slopes = np.linalg.eigvalsh(matrix_at(found, sizes))
    tolerance = 1e-9 * max(1.0, float(np.abs(slopes).max()))
    assert sign is not POSITIVE or slopes.min() >= -tolerance
    assert sign is not NEGATIVE or slopes.max() <= tolerance


STRICT: tuple[tuple[Model, str, bool], ...] = (
    (penalised(Domain.POSITIVE), "theta", True),
    (penalised(Domain.NONNEGATIVE), "theta", False),
    (find("linear-regression"), "theta", False),
    (find("gaussian-vector"), "mu", True),
    (find("gaussian"), "mu", True),
    (find("softmax-regression"), "W", False),
    (find("vae-kl"), "sigma", True),
)


@pytest.mark.parametrize(("model", "wrt", "strict"), STRICT, ids=[f"{m.name}, {w}, {s}" for m, w, s in STRICT])
def test_definite_only_where_no_direction_is_flat(model: Model, wrt: str, strict: bool) -> None:
    found = found_in(model, wrt)
    assert found.strict is strict
    assert found.words == found.definiteness.value.replace("semidefinite", "definite" if strict else "semidefinite")
    slopes = np.abs(np.linalg.eigvalsh(matrix_at(found, {"n": 1, "default": 3})))
    assert (slopes.min() > 1e-9) == strict  # one point leaves directions flat


def test_what_is_no_sum_of_squares_is_undecided() -> None:
    """For e = Σ_j a_j θ_j Σ_k b_k θ_k the Hessian a_j b_k + a_k b_j has eigenvalues of both signs."""
    a, b, theta = data("a", J), data("b", J), parameter("theta", J)
    product = define(name("e"), total(a.at() * theta.at(), J) * total(b.at() * theta.at(), J))
    model = Model(name="saddle", title="Saddle", given=(a, b, theta), definitions=(product,), objective="e")
    found = found_in(model, "theta")
    assert (found.squares, found.proof, found.verdict) == (None, None, "undecided")
    slopes = np.linalg.eigvalsh(matrix_at(found, {"n": 1, "default": 2}))
    assert slopes.min() < 0 < slopes.max()


@pytest.mark.parametrize(("name", "wrt"), (("logistic-regression", "theta"), ("bellman", "w"), ("mlp", "theta_yhat")))
def test_one_point_curves_as_all_points_do(name: str, wrt: str) -> None:
    model = find(name)
    assert curvature(model, model.objective, wrt).definiteness is found_in(model, wrt).definiteness


def test_a_recursion_is_refused() -> None:
    model = next(m for m in all_models() if any(d.recursive for d in m.definitions) and m.parameters)
    recursion = next(d for d in model.definitions if d.recursive)
    wrt = next(q.name for q in model.parameters if model.depends(recursion.name, q.name))
    with pytest.raises(ModelError, match="through the recursion"):
        curvature(model, model.objective, wrt)


def test_an_unknown_name_and_a_vector_are_refused() -> None:
    model = find("mlp")
    with pytest.raises(ModelError, match="has no 'weights'"):
        curvature(model, "LL", "weights")
    with pytest.raises(ModelError, match="needs a scalar"):
        curvature(model, "h", "theta_h")


def matrix_at(found: Curvature, choice: Mapping[str, int]) -> Array:
    """The Hessian at numbers, as a square matrix."""
    model = found.hessian.model
    sizes = {s: choice.get(s, choice["default"]) for s in sizes_in(model)}
    rng = np.random.default_rng(1)
    shapes = {q: tuple(whole(length(i), sizes) for i in q.axes) for q in model.given}
    given = {q.name: in_domain(rng.uniform(0.2, 0.8, shape), q.domain) for q, shape in shapes.items()}
    target = found.hessian.target
    rows, columns = (tuple(i for i in indices_of(p.args[1]) if isinstance(i, Idx)) for p in (target.args[0], target))
    values = at(model, found.hessian.result, (*rows, *columns), given, sizes)
    side = int(np.prod([whole(length(i), sizes) for i in rows], dtype=int))
    return values.reshape(side, side)


def in_domain(array: Array, domain: Domain) -> Array:
    """The array made positive definite, or put on the edge of the domain, where it has one."""
    if domain is Domain.POSITIVE_DEFINITE:
        return array @ array.T + np.eye(len(array))
    return 0 * array if domain is Domain.NONNEGATIVE else array


def sizes_in(model: Model) -> set[str]:
    """The names of the sizes of a model."""
    axes = [i.lower + i.upper for q in model.quantities.values() for i in q.axes]
    exprs = [*axes, *(d.expr for d in model.definitions)]
    return {s.name for e in exprs for s in e.atoms(Symbol) if s.is_integer and s.is_positive}


def at(model: Model, expr: Expr, free: tuple[Idx, ...], given: Mapping[str, Array], sizes: Mapping[str, int]) -> Array:
    """An expression with every name unfolded, at numbers."""
    for definition in reversed(model.definitions):
        expr = model.unfold(expr, definition.name)
    env = environment(model.given, sizes=sizes, values={n: array[None] for n, array in given.items()})
    return np.asarray(evaluate(expr, env, free, mpmath_arithmetic(40))[0], dtype=np.float64)
