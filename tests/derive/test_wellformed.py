"""What cannot be is refused in one line that names the definition, what was expected and what came."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from sympy import Expr, Function, Idx, Integer, MatrixSymbol, nan

from derive.backprop import partial
from derive.catalog import all_models
from derive.model import Model, ModelError
from derive.quantities import Definition, Quantity
from derive.rows.building import data, define, name, parameter
from derive.vocabulary import Inside, index, inverse, logdet, scalar, size, tensor, total
from derive.wellformed import outside, reach

D, M, T = size("d"), size("m"), size("T")
I, J, K, TIME = index("i", 1, D), index("j", 1, M), index("k", 1, D), index("t", 1, T)
X, W, Y, A = data("x", I), parameter("w", I), data("y"), parameter("A", I, J)
E, H, Z = name("E"), name("h", TIME), name("z", I)
END = define(E, total(H.at(), TIME))
STEP = H.at(TIME - 1) + Y.at()


def model_of(
    *definitions: Definition,
    given: tuple[Quantity, ...] = (X, W, Y, A),
    objective: str = "E",
    likelihood: str | None = None,
    penalty: str = "",
) -> Model:
    return Model(
        name="m",
        title="M",
        given=given,
        definitions=definitions,
        objective=objective,
        likelihood=likelihood,
        penalty=penalty,
    )


REFUSED: dict[str, tuple[Callable[[], Model], str]] = {
    "unknown": (
        lambda: model_of(define(E, scalar("yy") + 1)),
        "E uses yy, which is not defined before it; did you mean",
    ),
    "unknown tensor": (lambda: model_of(define(E, total(tensor("q")[I], I))), "E uses q, which is not defined"),
    "further down": (lambda: model_of(define(E, scalar("u")), define(name("u"), Y.at())), "it is defined further down"),
    "two meanings": (
        lambda: model_of(define(E, total(X.at(), I)), given=(X, data("u", index("t", 1, size("t"))))),
        "the index t of u runs to t itself; give its last value another letter",
    ),
    "leak": (lambda: model_of(define(E, X.at())), "the index i of the definition of E is neither bound nor"),
    "leak in a base": (
        lambda: model_of(define(H, STEP, over=TIME, base=X.at()), END),
        "the index i of the definition of h",
    ),
    "time in a base": (
        lambda: model_of(define(H, STEP, over=TIME, base=TIME * Y.at()), END),
        "the index t of the definition of h",
    ),
    "other range": (
        lambda: model_of(define(E, total(X.at(J), J))),
        "E uses x at j = 1..m; expected an index within i = 1..d",
    ),
    "transposed": (
        lambda: model_of(define(E, total(A.at(J, I), I, J))),
        "E uses A at j = 1..m; expected an index within i",
    ),
    "too wide": (
        lambda: model_of(define(E, total(X.at(index("k", 0, D)), index("k", 0, D)))),
        "x at k = 0..d; expected",
    ),
    "number": (lambda: model_of(define(E, X.at(Integer(0)))), "E uses x at 0; expected an index within i = 1..d"),
    "shifted": (lambda: model_of(define(E, total(X.at(I + 1), I))), "E uses x at i + 1; expected an index within"),
    "given twice": (lambda: model_of(define(E, Y.at()), given=(Y, Y)), "y is given twice"),
    "defined twice": (lambda: model_of(define(E, Y.at()), define(E, Y.at())), "E is defined twice"),
    "number of indices": (lambda: model_of(define(E, total(tensor("x")[I, I], I))), "gives x 2 indices; it has 1"),
    "no base": (lambda: model_of(define(H, STEP, over=TIME), END), "the recursion of h along t has no base"),
    "no recursion": (lambda: model_of(define(H, STEP), END), "h uses h itself; a recursion needs an index, and a base"),
    "along nothing": (
        lambda: model_of(define(H, STEP, over=I, base=Integer(0)), END),
        "runs along i, which is no index of h",
    ),
    "ahead": (lambda: model_of(define(H, H.at(TIME + 1), over=TIME, base=Integer(0)), END), "h uses h itself"),
    "vector": (
        lambda: model_of(define(Z, X.at()), objective="z"),
        "the objective must be a defined scalar; z has the indices i",
    ),
    "no objective": (
        lambda: model_of(define(E, Y.at()), objective="EE"),
        "came EE, which is not defined; did you mean E?",
    ),
    "given objective": (lambda: model_of(define(E, Y.at()), objective="y"), "came y, which is given"),
    "likelihood": (
        lambda: model_of(define(E, Y.at()), likelihood="P"),
        "the likelihood must be a defined scalar; came P",
    ),
    "penalty": (
        lambda: model_of(define(Z, X.at()), define(E, Y.at()), penalty="z"),
        "the penalty must be a defined scalar",
    ),
    "not square": (lambda: model_of(define(E, total(inverse("A", I, K), I, K))), "needs a square matrix A over 1..d"),
    "no matrix": (lambda: model_of(define(E, logdet("x", I))), "gives x 2 indices; it has 1"),
    "whole matrix": (lambda: model_of(define(E, MatrixSymbol("B", 2, 2)[0, 0])), "uses the whole matrix B"),
    "text": (lambda: model_of(define(E, cast(Expr, "y"))), "the definition of E is 'y', a str; expected an expression"),
    "function": (lambda: model_of(define(E, Function("g")(Y.at()))), "uses g, a function without a formula"),
    "not a number": (lambda: model_of(define(E, nan)), "the definition of E is not finite"),
    "over no data": (lambda: model_of(define(E, Y.at()), objective="").over_data(), "has no objective; expected"),
    "over data twice": (lambda: model_of(define(E, Y.at())).over_data().over_data(), "is over data points s already"),
}


@pytest.mark.parametrize(("build", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_in_one_line(build: Callable[[], Model], said: str) -> None:
    with pytest.raises(ModelError) as raised:
        build()
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


GOOD = model_of(define(E, total(W.at() * X.at(), I)))
ASKED: tuple[tuple[object, object, str], ...] = (
    ("F", "w[i]", "has no quantity 'F'"),
    ("E", "v[i]", "has no quantity 'v'"),
    ("E", "w[i,j]", "w has 1 indices"),
    ("E", "w[0]", "w[0] is out of range: expected an index within i = 1..d, came 0"),
    ("E", 2 * W.at(), "2*w[i] is no quantity of model m"),
    (E.at() + 1, "w[i]", "E + 1 is no quantity of model m"),
    ("E", 3, "3 is no quantity"),
    ("E", None, "None is no quantity of model m; expected a name as text, or an entry"),
    ("E", scalar("q"), "has no quantity 'q'"),
    ("E", tensor("w")[I, I], "gives w 2 indices; it has i = 1..d"),
)


@pytest.mark.parametrize(("of", "wrt", "said"), ASKED, ids=[said for _, _, said in ASKED])
def test_a_derivative_that_cannot_be_is_refused_in_one_line(of: object, wrt: object, said: str) -> None:
    with pytest.raises(ValueError) as raised:
        GOOD.partial(cast(Expr, of), cast(Expr, wrt))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


WINDOW = index("u", 0, size("F") - 1)
PLACE = index("p", 0, size("P") - 1)
STRIDE = size("S")
LONG = data("x", index("q", 0, STRIDE * (size("P") - 1) + size("F") - 1))
ALLOWED: dict[str, Callable[[], Model]] = {
    "part of a range": lambda: model_of(define(E, total(X.at(index("k", 1, D - 1)), index("k", 1, D - 1)))),
    "a step back": lambda: model_of(define(H, STEP, over=TIME, base=Integer(0)), END),
    "the base itself": lambda: model_of(define(H, STEP, over=TIME, base=Y.at()), define(E, H.at(Integer(0)))),
    "the last": lambda: model_of(define(H, STEP, over=TIME, base=Y.at()), define(E, H.at(T))),
    "a triangle": lambda: model_of(
        define(H, total(tensor("v")[_up_to(TIME)], _up_to(TIME))), END, given=(data("v", TIME),)
    ),
    "a window": lambda: model_of(define(E, total(LONG.at(STRIDE * PLACE + WINDOW), PLACE, WINDOW)), given=(LONG,)),
    "beyond, in a bracket": lambda: model_of(define(E, total(X.at(I + 1) * Inside(I + 1, 1, D), I))),
    "an index as a number": lambda: model_of(define(E, total(I * X.at(), I))),
}


def _up_to(i: Idx) -> Idx:
    return index("r", 1, i)


@pytest.mark.parametrize("build", ALLOWED.values(), ids=ALLOWED)
def test_what_can_be_is_taken(build: Callable[[], Model]) -> None:
    assert build().definitions


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_each_model_of_the_catalogue_may_be_asked_by_text(model: Model) -> None:
    for definition in model.definitions[-1:]:
        given = next(q for q in model.given if model.depends(definition.name, q.name))
        wrt = f"{given.name}[{','.join(f'a{k}' for k in range(len(given.axes)))}]" if given.axes else given.name
        assert model.partial(definition.name, wrt).target.args[0] == definition.target


@pytest.mark.parametrize(
    ("place", "low", "high"),
    (
        (STRIDE * PLACE + WINDOW, Integer(0), STRIDE * (size("P") - 1) + size("F") - 1),
        (-I, -D, Integer(-1)),
        (_up_to(TIME), Integer(1), T),
        (I - J, 1 - M, D - 1),
    ),
)
def test_how_far_an_index_reaches(place: Expr, low: Expr, high: Expr) -> None:
    assert reach(place, high=False) == low.expand()
    assert reach(place, high=True) == high.expand()


def test_what_is_not_known_is_not_called_outside() -> None:
    assert reach(I * J, high=True) is None and not outside(I * J, I)
    assert not outside(I + M - D, I)
    assert outside(J, I) and not outside(I, I)


def test_partial_of_the_engine_is_the_same() -> None:
    assert GOOD.partial("E", "w[i]").result == partial(GOOD, E.at(), W.at()).result == X.at()
    assert GOOD.partial(E, W).result == X.at()
