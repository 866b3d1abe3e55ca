"""Layers put together: a convolutional network, and recurrences that the catalogue does not have."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from sympy import Rational, exp, floor, log

from derive.model import Model
from derive.rows.building import data, define, name, parameter
from derive.rows.catalogue.networks import generic_layer, half_square
from derive.rows.functions import relu, tanh
from derive.vocabulary import index, maximum, size, total
from lowering.checks import ordinary
from lowering.datasets.catalog import load
from lowering.datasets.dataset import Split
from lowering.loading import loaded_source
from lowering.lower import Lowering, lowering, proved_partials
from lowering.oracle import Oracle
from lowering.train import Settings, train
from lowering.trialpoints import random_point, trial_sizes

F, G, H, W = size("F"), size("G"), size("H"), size("W")
K = index("k", 1, size("C"))


def convolutional() -> Model:
    """Filters, ReLU, the largest of each window, and a softmax of what is left."""
    o, u, v = index("o", 1, size("O")), index("u", 0, F - 1), index("v", 0, F - 1)
    p, r = index("p", 0, H - F), index("r", 0, W - F)
    a, b = index("a", 0, floor((H - F + 1 - G) / G)), index("b", 0, floor((W - F + 1 - G) / G))
    e, f = index("e", 0, G - 1), index("f", 0, G - 1)
    x, y = data("x", index("i", 0, H - 1), index("j", 0, W - 1)), data("y", K)
    filters, offsets = parameter("w", o, u, v), parameter("c", o)
    weights, bias = parameter("V", K, o, a, b), parameter("d", K)
    z, h, q = name("z", o, p, r), name("h", o, p, r), name("q", o, a, b)
    logits, probs = name("g", K), name("p_hat", K)
    return Model(
        name="convolutional",
        title="A convolutional network",
        given=(x, y, filters, offsets, weights, bias),
        definitions=(
            define(z, total(filters.at() * x.at(p + u, r + v), u, v) + offsets.at()),
            define(h, relu(z.at())),
            define(q, maximum(h.at(o, G * a + e, G * b + f), e, f)),
            define(logits, total(weights.at() * q.at(), o, a, b) + bias.at()),
            define(probs, exp(logits.at()) / total(exp(logits.at(index("l", 1, size("C")))), index("l", 1, size("C")))),
            define(name("E"), -total(y.at() * log(probs.at()), K)),
        ),
        objective="E",
        mean=True,
    )


def last_state() -> Model:
    """A recurrence from a state that is learned, judged by where it ends."""
    t, i, j, k = index("t", 1, size("T")), index("i", 1, H), index("j", 1, H), index("k", 1, size("d"))
    x, y, start = data("x", t, k), data("y", i), parameter("s", i)
    inward, around = parameter("W", i, k), parameter("U", i, j)
    state = name("h", t, i)
    inside = total(inward.at() * x.at(), k) + total(around.at() * state.at(t - 1, j), j)
    return Model(
        name="last-state",
        title="A recurrence from a state that is learned",
        given=(x, y, start, inward, around),
        definitions=(
            define(state, tanh(inside), over=t, base=start.at()),
            define(name("E"), Rational(1, 2) * total((state.at(t.upper, i) - y.at()) ** 2, i)),
        ),
        objective="E",
    )


MODELS: dict[str, Callable[[], Model]] = {
    "convolutional": convolutional,
    "last state": last_state,
    "equal layers": lambda: generic_layer(tanh, half_square),
}


@cache
def stages(model: str) -> Lowering:
    return lowering(MODELS[model](), dtype="float64", backend="numpy")


@pytest.mark.parametrize("model", MODELS)
def test_every_value_and_partial_is_proved(model: str) -> None:
    assert [str(e.left) for e in proved_partials(stages(model)) if e.proof is None] == []


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_module_agrees_with_the_definitions(model: str, dtype: str) -> None:
    named = stages(model).computable.named
    points = [random_point(named, next(trial_sizes(named)), seed) for seed in (0, 1)]
    found = ordinary(loaded_source(stages(model).source), Oracle(named), points, dtype)
    assert [check for check in found if not check.passed] == []


def test_loops_run_over_steps_and_taps_alone() -> None:
    loops = {
        line.strip()
        for model in MODELS
        for line in stages(model).source.split("def _arrays")[0].splitlines()
        if line.strip().startswith("for ")
    }
    assert loops == {
        "for t in range(1, T + 1):",
        "for t in range(T, 0, -1):",
        "for l in range(1, L + 1):",
        "for l in range(L, 0, -1):",
        "for tap_p in range(G):",
        "for tap_r in range(G):",
    }


def test_a_convolutional_network_learns_digits() -> None:
    module, digits = loaded_source(stages("convolutional").source), load("digits", seed=0)

    def arrays(split: Split) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
        images = split.features[:500].reshape(-1, 8, 8)
        return {"x": images, "y": np.eye(10)[split.targets[:500].astype(int)], "G": np.asarray(2)}

    settings = Settings(epochs=15, batch_size=50, step=0.02)
    run = train(module, arrays(digits.train), settings=settings, sizes={"O": 6, "F": 3})
    held_out = arrays(digits.test)
    guessed = module.forward(run.params, held_out)["p_hat"].argmax(axis=1)
    assert (guessed == held_out["y"].argmax(axis=1)).mean() > 0.7


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"G": 2.5}, r"data\['G'\] is 2.5, expected a whole number of at least 1"),
        ({"G": None}, r"data\['G'\] is None, expected a whole number"),
        ({"G": 1}, r"V has shape .*, expected 6 = \(H - F \+ 1\) // G on axis 2"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(wrong: dict[str, float | None], message: str) -> None:
    module = loaded_source(stages("convolutional").source)
    params = module.init({"O": 2, "F": 3, "C": 4, "H": 8, "W": 8, "G": 2}, 0)
    points = {"x": np.ones((5, 8, 8)), "y": np.eye(4)[[0, 1, 2, 3, 0]], "G": 2}
    assert np.isfinite(module.value(params, points))
    with pytest.raises(ValueError, match=message):
        module.value(params, {**points, **wrong})
