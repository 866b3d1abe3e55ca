"""Sizes that depend on an index: layers of different widths n_l, derived once and measured at any widths."""

from __future__ import annotations

from dataclasses import replace

import pytest
from measuring import Measurement, agrees, upstream
from sympy import Sum

from derive.analysis.backpropagation import passed_to
from derive.backprop import partial
from derive.derivation import established
from derive.model import Model, ModelError
from derive.notation.printer import layout
from derive.notation.renderers import to_latex
from derive.questions.errors import Errors
from derive.rows.building import data, define, name, parameter
from derive.rows.catalogue.networks import half_square, layer_of_any_width
from derive.rows.functions import sigmoid, tanh
from derive.vocabulary import Partial, index, indices_of, size, size_at, total

MODEL = layer_of_any_width()
FORMED = layer_of_any_width(tanh, half_square)
WIDTHS = ((2, 3, 1, 2), (1, 2, 4), (3, 1), (2, 2, 2))


@pytest.mark.parametrize("widths", WIDTHS, ids=str)
@pytest.mark.parametrize("activation", [sigmoid, tanh], ids=["sigmoid", "tanh"])
def test_gradients_are_proved_and_measured_at_different_widths(activation: type, widths: tuple[int, ...]) -> None:
    model = layer_of_any_width(activation, half_square)
    here = _at(model, widths)
    for q in upstream(model):
        derivation = partial(model, model.quantities["E"].at(), q.at())
        assert derivation.verdict == "proved", q.name
        assert agrees(here.of_result(derivation.result, q.axes), here.by_entry("E", q.name)), q.name


@pytest.mark.parametrize("widths", WIDTHS[:2], ids=str)
def test_errors_pass_from_a_layer_of_one_width_to_one_of_another(widths: tuple[int, ...]) -> None:
    """δ^(l) = (W^(l+1)T δ^(l+1)) ⊙ f′(z^(l)) for l < L."""
    here = _at(FORMED, widths)
    last, inner = passed_to(FORMED, "z", ("z",))
    (sum_,) = inner.result.atoms(Sum)
    layer, unit = indices_of(inner.wrt)
    assert sum_.limits[0][2] == size_at("n", layer + 1)
    measured = here.by_entry("E", "z")
    at_last, before = (last, indices_of(last.wrt)[1:], measured[:, -1]), (inner, (layer, unit), measured[:, :-1])
    for passed, axes, part in (at_last, before):
        assert passed.proof is not None
        exact = here.of_result(passed.result, axes)
        assert exact.size and agrees(exact, part[..., : exact.shape[-1]])


def test_the_lines_are_proved_with_their_matrix_forms() -> None:
    for data_too in (False, True):
        lines = Errors(logits=("z",), data=data_too).answer(MODEL).lines
        assert all(line.verdict == "proved" for line in lines)
        assert all(line.matrices is not None for line in lines[2:])


@pytest.mark.parametrize("step", [-1, 0, 2])
def test_a_sum_over_the_width_of_another_layer_is_not_proved(step: int) -> None:
    """Σ over n_l or n_{l−1} units in the place of n_{l+1}; at equal widths it would be right."""
    inner = passed_to(MODEL, "z", ("z",))[1]
    layer = indices_of(inner.wrt)[0]
    right, wrong = size_at("n", layer + 1), size_at("n", layer + step)
    target = Partial(MODEL.quantities["E"].at(), inner.wrt)
    assert established(target, inner.result, MODEL) is not None
    assert established(target, inner.result.xreplace({right: wrong}), MODEL) is None


def _wrongly(change: str) -> Model:
    layers = size("L")
    layer = index("l", 1, layers)
    i, j = (index(x, 1, size_at("n", p)) for x, p in (("i", layer), ("j", layer if change == "sum" else layer - 1)))
    start = data("x", index("i", 1, size_at("n", 1 if change == "base" else 0)))
    last = index("i", 1, size_at("n", 1 if change == "end" else layers))
    weights, after = parameter("W", layer, i, index("j", 1, size_at("n", layer - 1))), name("a", layer, i)
    logits = define(name("z", layer, i), total(weights.at(layer, i, j) * after.at(layer - 1, j), j))
    return Model(
        name="wrong",
        title="wrong",
        given=(start, weights),
        definitions=(
            logits,
            define(after, tanh(logits.target), over=layer, base=start.at(i)),
            define(name("E"), total(after.at(layers, last), last)),
        ),
        objective="E",
    )


@pytest.mark.parametrize("change", ["sum", "base", "end"])
def test_layers_that_do_not_fit_are_refused(change: str) -> None:
    _wrongly("")
    with pytest.raises(ModelError, match="expected an index within"):
        _wrongly(change)


def test_an_entry_beyond_the_width_of_its_layer_is_refused() -> None:
    other, (_, unit, _) = index("k", 1, size("L")), MODEL.quantities["W"].axes
    assert MODEL.partial("E", "W[k,p,q]").verdict == "proved"
    with pytest.raises(ModelError, match="out of range"):
        MODEL.partial("E", MODEL.quantities["b"].at(other, unit))


def test_how_a_size_at_an_index_is_written() -> None:
    layer = index("l", 1, size("L"))
    assert to_latex(layout(size_at("n", layer - 1))) == "n_{l-1}"


def _at(model: Model, widths: tuple[int, ...]) -> Measurement:
    sizes = {"L": len(widths) - 1, **{f"n_{k}": width for k, width in enumerate(widths)}}
    return Measurement(model=replace(model, questions=()), sizes=sizes)
