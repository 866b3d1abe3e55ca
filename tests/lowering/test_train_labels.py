"""Training on labels where the module takes them: the targets of a softmax, and words that an embedding looks up."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from sympy import exp, log

from derive.catalog import find
from derive.model import Model, Sense
from derive.quantities import Domain
from derive.rows.building import data, define, name, parameter
from derive.vocabulary import index, product, size, total
from gradproof.training import prepare, train_model
from lowering.datasets.catalog import load
from lowering.datasets.errors import DataError
from lowering.datasets.matching import match
from lowering.hessian import ClosedHessian
from lowering.labels import as_rows
from lowering.loading import loaded_source
from lowering.lower import lower, lowering
from lowering.spotcheck import SpotCheck
from lowering.train import Settings, train

SHAPES = {"x": ("n", "d"), "y": ("n", "C")}


def module(model: Model) -> ModuleType:
    return loaded_source(lowering(model, dtype="float64", backend="numpy").source)


def words() -> Model:
    """p = softmax(W^T M^T u) for a one-hot word u: a class for each word."""
    V, D, K = size("V"), size("d"), size("K")
    v, a, k, m = index("v", 1, V), index("a", 1, D), index("k", 1, K), index("m", 1, K)
    word, target = data("u", v, domain=Domain.SIMPLEX), data("y", k, domain=Domain.SIMPLEX)
    table, weights = parameter("M", v, a), parameter("W", a, k)
    row, logits, shares = name("e", a), name("z", k), name("p", k, domain=Domain.UNIT)
    point = name("P", domain=Domain.POSITIVE)
    return Model(
        name="words",
        title="A class for each word",
        given=(word, target, table, weights),
        definitions=(
            define(row, total(word.at() * table.at(), v)),
            define(logits, total(row.at() * weights.at(), a)),
            define(shares, exp(logits.at()) / total(exp(logits.at(m)), m)),
            define(point, product(shares.at() ** target.at(), k)),
            define(name("LL"), log(point.at())),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
    )


def written(folder: Path, first: float = 0.0) -> str:
    """400 words out of nine, each with its class among three."""
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, 9, 400)
    lines = ["word,class", *(f"{w if k else w + first},{w % 3}" for k, w in enumerate(chosen))]
    (folder / "words.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder / "words.csv")


def test_targets_stay_labels_where_the_module_takes_them() -> None:
    digits = load("digits")
    short, rows = match(digits, SHAPES, labels=("y",)), match(digits, SHAPES)
    assert short.train["y"].shape == (len(digits.train.targets),) and short.train["y"].dtype == np.intp
    np.testing.assert_array_equal(np.eye(10)[short.train["y"]], rows.train["y"])
    assert short.sizes["C"] == rows.sizes["C"] == 10 and match(digits, SHAPES, labels=("y",), known={"C": 12})
    with pytest.raises(DataError, match="y needs C = 10 for its labels 0 to 9, not 7"):
        match(digits, SHAPES, labels=("y",), known={"C": 7})


@pytest.mark.parametrize(("optimizer", "batch"), [("adam", 64), ("lbfgs", None)])
def test_labels_lead_where_rows_lead(optimizer: str, batch: int | None) -> None:
    model, digits = find("softmax-regression").over_data(), load("digits")
    settings = Settings(optimizer=optimizer, epochs=3, batch_size=batch, spot_every=5)
    runs = []
    for labels in ((), ("y",)):
        fitted, own = match(digits, SHAPES, labels=labels), module(model)
        spot = SpotCheck(model=model, module=own)
        runs.append(
            train(own, fitted.train, settings=settings, sizes={"C": 10}, validation=fitted.test, spot_check=spot)
        )
        assert spot.done and spot.worst < 1e-9
    for a, b in zip(runs[0].history, runs[1].history, strict=True):
        assert a.objective == pytest.approx(b.objective, rel=1e-9)
        assert a.validation_accuracy == b.validation_accuracy is not None
    np.testing.assert_allclose(runs[0].params["W"], runs[1].params["W"], rtol=1e-6, atol=1e-9)


def test_two_classes_have_an_accuracy_too() -> None:
    fitted = match(load("digits-1-vs-2"), SHAPES, labels=("y",))
    own = module(find("softmax-regression"))
    run = train(own, fitted.train, settings=Settings(epochs=5), sizes={"C": 2}, validation=fitted.test)
    accuracy = run.history[-1].validation_accuracy
    assert accuracy is not None and accuracy > 0.9


def test_the_hessian_is_that_of_rows() -> None:
    model = find("softmax-regression").over_data()
    rng, labels = np.random.default_rng(0), {"y": ("W", 1)}
    params, given = {"W": rng.standard_normal((3, 2))}, {"x": rng.standard_normal((5, 3)), "y": np.arange(5) % 2}
    short = ClosedHessian(model, ["W"], labels)(params, given, ("W",))
    np.testing.assert_array_equal(short, ClosedHessian(model, ["W"])(params, as_rows(labels, params, given), ("W",)))


def test_words_in_a_file_are_looked_up(tmp_path: Path) -> None:
    model = words()
    settings = Settings(optimizer="lbfgs", epochs=40)
    prepared = prepare(model, written(tmp_path), settings=settings, sizes={"d": 4})
    assert prepared.matched.train["u"].ndim == prepared.matched.train["y"].ndim == 1
    trained = train_model(model, lower(model), prepared)
    assert trained.sizes["V"] == 9 and trained.sizes["K"] == 3
    assert trained.run.params["M"].shape == (9, 4) and trained.run.history[-1].validation_accuracy == 1


def test_more_words_than_the_file_has_can_be_asked_for(tmp_path: Path) -> None:
    model = words()
    prepared = prepare(model, written(tmp_path), settings=Settings(epochs=1), sizes={"d": 4, "V": 20})
    assert train_model(model, lower(model), prepared).run.params["M"].shape == (20, 4)


def test_rows_in_files_that_are_streamed_stay_labels(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((9000, 3))
    np.save(tmp_path / "X.npy", x)
    np.save(tmp_path / "y.npy", (x @ rng.standard_normal((3, 4))).argmax(1))
    model = find("softmax-regression")
    prepared = prepare(model, str(tmp_path), settings=Settings(optimizer="lbfgs", epochs=30))
    assert prepared.matched.train["y"].ndim == 1 and prepared.matched.sizes["C"] == 4
    accuracy = train_model(model, lower(model), prepared).run.history[-1].validation_accuracy
    assert accuracy is not None and accuracy > 0.95


@pytest.mark.parametrize("first", [-9.0, 0.5])
def test_words_that_are_no_whole_numbers_are_refused(first: float, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"u has shape \(n, V\); the one column of .* no labels: whole numbers from 0"):
        prepare(words(), written(tmp_path, first), settings=Settings(epochs=1))
