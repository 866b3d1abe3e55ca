"""What is derived for an unnamed function holds with every formula in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from measuring import SIZES, Measurement, agrees, sizes_of, upstream
from sympy import Expr, Integer, KroneckerDelta, cos, exp

from derive.analysis.backpropagation import passed_to
from derive.backprop import partial
from derive.calculus.normalform import is_zero
from derive.derivation import established
from derive.model import Model
from derive.notation.printer import layout
from derive.notation.renderers import to_latex
from derive.rows.catalogue.networks import deep, generic_layer
from derive.rows.functions import sigmoid, softplus
from derive.rows.unnamed import named, unnamed
from derive.vocabulary import index, scalar, size

F, ELL = unnamed("f"), unnamed("ell", 2)
X, Y = scalar("x"), scalar("y")
ANY_DEEP = deep(3, F, ELL)
FORMULAS: tuple[dict[str, Callable[..., Expr]], ...] = (
    {"f": lambda z: sigmoid(z) * z, "ell": lambda a, y: (a - y) ** 2 / 2},
    {"f": cos, "ell": lambda a, y: exp(a * y)},
    {"f": softplus, "ell": lambda a, y: a**3 * y},
)


def with_formulas(model: Model, formulas: dict[str, Callable[..., Expr]]) -> Model:
    """The model with formulas for its unnamed functions."""
    return replace(
        model, definitions=tuple(replace(d, expr=named(d.expr, formulas)) for d in model.definitions), questions=()
    )


@pytest.mark.parametrize("formulas", FORMULAS, ids=["silu", "cosine", "softplus"])
@pytest.mark.parametrize("model", [ANY_DEEP, generic_layer()], ids=lambda m: m.name)
def test_a_gradient_holds_for_every_formula(model: Model, formulas: dict[str, Callable[..., Expr]]) -> None:
    concrete = with_formulas(model, formulas)
    here = Measurement(model=concrete, sizes=sizes_of(concrete, SIZES[0]))
    objective = model.quantities[model.objective].at()
    for q in upstream(model):
        derivation = partial(model, objective, q.at())
        assert derivation.verdict == "proved"
        result = named(derivation.result, formulas)
        assert agrees(here.of_result(result, q.axes), here.by_entry(model.objective, q.name)), q.name


@pytest.mark.parametrize("wrong", [lambda z: F(z), lambda z: F(z).diff(z) + 1, lambda z: F(z).diff(z).diff(z)])
def test_a_wrong_recursion_of_the_errors_is_not_proved(wrong: Callable[[Expr], Expr]) -> None:
    model = generic_layer()
    for passed in passed_to(model, "z", ("z",)):
        entry = passed.wrt
        assert passed.proof is not None
        right = F(entry).diff(entry)
        assert passed.result.has(right)
        target = partial(model, model.quantities["E"].at(), entry).target
        assert established(target, passed.result.xreplace({right: wrong(entry)}), model) is None


def test_orders_count_and_letters_are_told_apart() -> None:
    assert F(X).diff(X).diff(X) == unnamed("f", orders=(2,))(X)
    assert ELL(X, Y).diff(Y) == unnamed("ell", orders=(0, 1))(X, Y)
    assert not is_zero(F(X) - unnamed("g")(X))
    assert not is_zero(F(X).diff(X) - F(X))
    assert is_zero(F(X + Y) - F(Y + X))


def test_how_they_are_set() -> None:
    assert to_latex(layout(F(X).diff(X))) == "f'(x)"
    assert to_latex(layout(ELL(X, Y).diff(X))) == r"\frac{\partial \ell(x, y)}{\partial x}"
    assert to_latex(layout(ELL(X, X).diff(X))) == r"\ell^{(0,1)} (x, x) + \ell^{(1,0)} (x, x)"


@pytest.mark.parametrize("letter", ["tanh", "sigma", "f__1"])
def test_a_letter_that_is_taken_is_refused(letter: str) -> None:
    with pytest.raises(ValueError, match="free name"):
        unnamed(letter)


def test_a_delta_of_indices_that_are_never_equal_is_zero() -> None:
    layers = size("L")
    inner, other = index("l", 1, layers - 1), index("l", 1, layers)
    assert is_zero(KroneckerDelta(layers, inner)) and is_zero(KroneckerDelta(inner, Integer(0)))
    assert not is_zero(KroneckerDelta(layers, other))
