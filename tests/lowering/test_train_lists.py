"""Training models with lists of arrays, and with functions that have no formula of their own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from derive.catalog import find
from derive.model import Model
from gradproof.cli import main
from gradproof.functions import with_functions
from gradproof.training import Prepared, prepare, train_model
from lowering.apart import Apart, sizes_apart
from lowering.history import TrainingError
from lowering.loading import loaded_source
from lowering.lower import Lowered, lower
from lowering.spotcheck import SpotCheck
from lowering.train import Settings

NAMED = {"f": "sigmoid", "ell": "loss-l2"}
WIDTHS = {"n": (64, 5, 10)}
Capture = pytest.CaptureFixture[str]


@cache
def model(name: str = "layer-of-any-width") -> Model:
    return with_functions(find(name), NAMED)


@cache
def lowered() -> Lowered:
    return lower(model())


def prepared(optimizer: str = "adam", epochs: int = 3, **held: float) -> Prepared:
    settings = Settings(optimizer=optimizer, epochs=epochs)
    return prepare(model(), "digits", settings=settings, sizes=WIDTHS, held=held)


def test_layers_are_trained_under_names_of_their_own_and_fit_the_module() -> None:
    done = train_model(model(), lowered(), prepared("lbfgs", 10))
    params, own = done.run.params, loaded_source(lowered().source)
    assert {n: a.shape for n, a in params.items()} == {"W_1": (5, 64), "W_2": (10, 5), "b_1": (5,), "b_2": (10,)}
    lists = {n: [params[f"{n}_1"], params[f"{n}_2"]] for n in ("W", "b")}
    data = {n: np.asarray(a) for n, a in prepared().matched.train.items()}
    assert float(own.value(lists, data)) == pytest.approx(done.run.history[-1].objective, rel=1e-12)
    assert done.run.history[-1].objective < done.run.history[0].objective / 2
    assert done.run.history[-1].accuracy is not None
    assert done.spot.done > 0 and done.spot.worst < 1e-9


def test_a_run_goes_on_from_its_checkpoint_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    at, kept = prepared(epochs=4, b_1=0.0), tmp_path / "kept.npz"
    whole = train_model(model(), lowered(), at).run.params
    train_model(model(), lowered(), prepared(epochs=2, b_1=0.0), checkpoint=kept)
    again = train_model(model(), lowered(), at, checkpoint=kept, resume=True).run.params
    assert all(np.array_equal(whole[n], again[n]) for n in whole) and not whole["b_1"].any() and whole["b_2"].any()


@pytest.mark.parametrize("wrong", ["d_W[l - 1] = 1.0005 * ", "d_W[l - 1] = -"])
def test_a_wrong_gradient_of_one_layer_stops_the_run(wrong: str) -> None:
    spoiled = lowered().source.replace("d_W[l - 1] = ", wrong)
    over = model().over_data()
    apart = Apart(model=over, sizes=sizes_apart(over, WIDTHS))
    module = apart.module(loaded_source(spoiled))
    params = module.init({}, np.random.default_rng(0))
    check, rng = SpotCheck(model=over, module=module, apart=apart), np.random.default_rng(1)
    with pytest.raises(TrainingError, match=r"W_\d"):
        check(params, {"x": rng.random((3, 64)), "y": rng.random((3, 10))})


REFUSED = (
    ("layer-of-any-width", "--function f=tanh --function ell=l2", r"n\[0\] to n\[L\] must be given: n=64,32,10"),
    ("layer-of-any-width", "--function f=tanh --function ell=l2 --size n=7", r"must be given: n=64,32,10"),
    ("layer-of-any-width", "--function f=tanh --function ell=l2 --size n=64,9", "expected n_1 = 9"),
    ("layer-of-any-width", "--function f=tanh --function ell=l2 --size n=64,10 --size L=2", "2 sizes .* where L = 2"),
    ("layer-of-any-width", "--function f=tanh --function ell=l2 --size n=64,9,10 --hold W=1", "no parameter 'W'"),
    ("layer-of-any-width", "--function f=tanh --size n=64,10", "ell; training needs numbers.* --function f=tanh"),
    ("layer-of-any-width", "--function f=tanh --function ell=l2 --size n=64,10 --optimizer newton", "take lbfgs"),
    ("layer-of-any-width", "--function f=l2 --function ell=l2", "'l2' is none; see gradproof list functions"),
    ("layer-of-any-width", "--function f=tanh --function ell=tanh", "'tanh' is no loss; see gradproof list losses"),
    ("layer-of-any-width", "--function f=tanh --function ell=huber", "no function of any two numbers"),
    ("layer-of-any-width", "--function f=sigmoid --function ell=ce", "no function of any two numbers"),
    ("layer-of-any-width", "--function f=tanh --function ell=bce", "needs predictions .* between 0 and 1.* f=sigmoid"),
    ("layer-of-any-width", "--function f=softmax-ce", "f is not of a target, which is data, and a prediction"),
    ("mlp", "--function ell=softmax-ce", "mlp has no function 'ell' without a formula; it has none"),
    ("layer-of-any-width", "--function ell=bce", "needs predictions .* between 0 and 1.* f=sigmoid"),
    ("mlp", "--function f=tanh", "mlp has no function 'f' without a formula; it has none"),
    ("mlp", "--size m_h=3,4", "m_h is one size, not 2"),
    ("mlp", "--size m_h=3,0", "NAME=N,N"),
    ("mlp", "--function f", "expected LETTER=NAME"),
)


@pytest.mark.parametrize(("name", "words", "message"), REFUSED, ids=[f"{n} {w}" for n, w, _ in REFUSED])
def test_what_does_not_fit_is_refused_in_one_line(
    name: str, words: str, message: str, tmp_path: Path, capsys: Capture
) -> None:
    try:
        code = main(["train", name, "--data", "digits", "-o", str(tmp_path / "run"), *words.split()])
    except SystemExit as left:  # from the parser of the command line
        code = int(left.code or 0)
    out, err = capsys.readouterr()
    assert code == 2 and out == "" and re.search(message, err) and not (tmp_path / "run").exists()


def test_a_generic_layer_takes_functions_too(tmp_path: Path, capsys: Capture) -> None:
    words = ["--function", "f=tanh", "--function", "ell=log-cosh", "-o", str(tmp_path / "layer.py")]
    assert main(["lower", "generic-layer", *words]) == 0
    source = (tmp_path / "layer.py").read_text(encoding="utf-8")
    assert "f = tanh and ell = log-cosh" in source and "FUNCTIONS" not in source


def test_cross_entropy_is_of_the_last_layer_alone_and_keeps_its_digits() -> None:
    """E = −Σ y log a_L + (1 − y) log(1 − a_L), with a_L = σ(z_L); a_0 = x may be any number."""
    with_loss = with_functions(find("layer-of-any-width"), {"f": "sigmoid", "ell": "loss-bce"})
    written = lower(with_loss)
    assert written.certificate.proved and "t3 = a[-1] - y" in written.source
    module = loaded_source(written.source)
    params = {"W": [np.eye(2), 100 * np.eye(2)], "b": [np.zeros(2), np.array([0.0, -100.0])]}
    x, y = np.array([[40.0, -40.0]]), np.array([[1.0, 0.0]])
    value, _ = module.value_and_grad(params, {"x": x, "y": y})
    assert value == pytest.approx(2 * float(np.exp(-100.0)), rel=1e-12, abs=0)


@pytest.mark.parametrize("name", ["layer-of-any-width", "generic-layer"])
@pytest.mark.parametrize("chosen", [{"f": "tanh"}, {}], ids=["tanh", "any function"])
def test_softmax_cross_entropy_is_of_the_last_layers_logits(name: str, chosen: dict[str, str]) -> None:
    written = lower(with_functions(find(name), {**chosen, "ell": "softmax-ce"}))
    assert written.certificate.proved and all(check["passed"] for check in written.certificate.checks)


def test_softmax_cross_entropy_keeps_its_digits() -> None:
    """E = −Σ y log p with p = softmax(z_L), at logits of 800 and 40 beside 0."""
    source = lower(with_functions(find("layer-of-any-width"), {"f": "tanh", "ell": "softmax-ce"})).source
    module = loaded_source(source)
    params = {"W": [np.eye(2)], "b": [np.zeros(2)]}
    for x, value in (([800.0, 0.0], 0.0), ([0.0, 800.0], 800.0), ([0.0, 40.0], 40.0), ([40.0, 0.0], np.exp(-40.0))):
        found, slopes = module.value_and_grad(params, {"x": np.array([x]), "y": np.array([[1.0, 0.0]])})
        assert found == pytest.approx(value, rel=1e-12, abs=0)
        assert np.isfinite(slopes["W"][0]).all() and slopes["b"][0] == pytest.approx(-slopes["b"][0][::-1])


def test_an_audit_takes_softmax_cross_entropy(tmp_path: Path, capsys: Capture) -> None:
    code = """import numpy as np


def grad(W, b, x, y):
    a = [x]
    for w, c in zip(W[:-1], b):
        a.append(np.tanh(a[-1] @ w.T + c))
    p = np.exp(a[-1] @ W[-1].T + b[-1])
    p /= p.sum(axis=1, keepdims=True)
    d, dW, db = p - y, [], []
    for l in range(len(W) - 1, -1, -1):
        dW.insert(0, d.T @ a[l])
        db.insert(0, d.sum(axis=0))
        d = d @ W[l] * (1 - a[l] ** 2)
    return dW, db
"""
    words = ["layer-of-any-width", "--function", "f=tanh", "--function", "ell=softmax-ce"]
    for before, after, exit_code, message in (
        ("p - y", "p - y", 0, "W, b are right"),
        ("p - y", "y - p", 1, "opposite-sign: W, b"),
        (" * (1 - a[l] ** 2)", "", 1, "W, b"),
    ):
        (tmp_path / "student.py").write_text(code.replace(before, after), encoding="utf-8")
        assert main(["audit", f"{tmp_path / 'student.py'}:grad", *words]) == exit_code
        assert message in capsys.readouterr().out
