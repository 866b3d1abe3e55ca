"""`gradproof lower` and `gradproof train`: what they write, that it repeats, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gradproof.cli import main
from lowering.loading import loaded

WRITTEN = {
    "logistic_regression.py",
    "logistic_regression.certificate.json",
    "params.npz",
    "checkpoint.npz",
    "history.json",
    "curve.png",
    "curve.pdf",
}
Capture = pytest.CaptureFixture[str]


def trained(folder: Path, *words: str) -> dict[str, bytes]:
    """The files that a short training writes into a folder."""
    assert main(["train", "logistic-regression", "--epochs", "2", "-o", str(folder), *words]) == 0
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_training_writes_all_its_files_and_the_same_ones_for_the_same_seed(tmp_path: Path, capsys: Capture) -> None:
    first, again, other = (trained(tmp_path / n, "--seed", s) for n, s in (("a", "3"), ("b", "3"), ("c", "4")))
    assert set(first) == WRITTEN
    assert first == again
    assert first["params.npz"] != other["params.npz"]
    out, err = capsys.readouterr()
    assert "accuracy held out: " in out and "gradients held against the proof: 1" in out
    assert err == ""


def test_what_is_written_can_be_used(tmp_path: Path) -> None:
    trained(tmp_path)
    module = loaded(tmp_path / "logistic_regression.py")
    params = dict(np.load(tmp_path / "params.npz"))
    history = json.loads((tmp_path / "history.json").read_text(encoding="utf-8"))
    n, m = 3, len(params["theta"])
    value, grads = module.value_and_grad(params, {"x": np.ones((n, m)), "y": np.ones(n)})
    assert np.isfinite(value) and grads["theta"].shape == (m,)
    assert [e["epoch"] for e in history["epochs"]] == [0, 1, 2]


def test_lowering_writes_the_module_and_its_certificate(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "logistic.py"
    assert main(["lower", "logistic-regression", "--dtype", "float32", "-o", str(path)]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["logistic.certificate.json", "logistic.py"]
    assert capsys.readouterr().out.split() == [str(path), str(tmp_path / "logistic.certificate.json")]
    assert loaded(path).CERTIFICATE == "logistic.certificate.json"


def test_a_module_on_standard_output_says_where_its_certificate_is(capsys: Capture) -> None:
    assert main(["lower", "logistic-regression"]) == 0
    out, err = capsys.readouterr()
    compile(out, "printed.py", "exec")
    assert "certificate" in err and err.count("\n") == 1


def test_an_interrupted_run_goes_on_to_the_same_end(tmp_path: Path, capsys: Capture) -> None:
    """The first epochs, then the rest from the checkpoint, leave what one run leaves."""
    words = ("--optimizer", "momentum", "--batch", "50", "--epochs", "30")
    whole = trained(tmp_path / "whole", *words)
    trained(tmp_path / "parts", *words[:4], "--epochs", "20")
    parts = trained(tmp_path / "parts", *words, "--resume")
    assert {name: whole[name] for name in WRITTEN} == {name: parts[name] for name in WRITTEN}
    main(["train", "logistic-regression", *words, "--seed", "1", "--resume", "-o", str(tmp_path / "parts")])
    assert "belongs to a run with other settings or data" in capsys.readouterr().err


def test_a_weight_is_held_and_a_size_is_chosen(tmp_path: Path, capsys: Capture) -> None:
    words = ["ridge", "--hold", "lambda=0.1", "--optimizer", "newton", "--epochs", "9", "-o", str(tmp_path)]
    assert main(["train", *words]) == 0
    assert "after 2 epochs, converged" in capsys.readouterr().out
    assert np.load(tmp_path / "params.npz")["lambda"] == 0.1


REFUSED = (
    ("train nothing", "no model is called 'nothing'"),
    ("train mlp --data no-such-data", "neither a file nor a data set"),
    ("train mlp --data digits", "y must be 0 or 1, but digits has 10 classes"),
    ("train mlp --data broken.csv", "broken.csv"),
    ("train mlp --optimizer no-such", "no-such"),
    ("train mlp --seed -1", "seed"),
    ("train mlp --size m_q=3", "the model has no size 'm_q'; it has m_h, m_x, n"),
    ("train mlp --size m_h=0", "expected NAME=N"),
    ("train mlp --size m_x=7", "expected m_x + 1 = 8"),
    ("train mlp --hold theta=1", "the model has no parameter 'theta'"),
    ("train mlp --hold theta_h=x", "expected NAME=NUMBER"),
    ("train mlp --optimizer newton", "newton trains one parameter"),
    ("train mlp --optimizer lbfgs --batch 9", "leave out batch_size"),
    ("train mlp --step 0", "expected a positive number"),
    ("train ridge", "lambda weighs the penalty and cannot be trained"),
    ("train mlp -o broken.csv", "is a file, not a folder"),
    ("train mlp -o broken.csv/below", "is a file, not a folder"),
    ("lower mlp -o missing/mlp.py", "there is no folder missing"),
    ("lower mlp -o mlp.txt", "-o NAME.py"),
    ("lower mlp --backend torch -o mlp.py", "torch"),
    ("demo -o broken.csv", "is a file, not a folder"),
)


@pytest.mark.parametrize(("line", "said"), REFUSED, ids=[line for line, _ in REFUSED])
def test_what_cannot_be_done_is_refused_in_one_line_and_leaves_nothing(
    line: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.csv").write_text("a,b\n1,\n", encoding="utf-8")
    assert main(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("gradproof: error: ") and err.count("\n") == 1
    assert said in err
    assert [path.name for path in tmp_path.iterdir()] == ["broken.csv"]


@pytest.mark.parametrize("words", [("--address", "tcp://localhost:8786"), ("--workers", "2")])
def test_a_cluster_is_asked_for_by_its_scheduler(words: tuple[str, ...], tmp_path: Path, capsys: Capture) -> None:
    assert main(["train", "logistic-regression", "-o", str(tmp_path / "run"), *words]) == 2
    assert "add --scheduler dask" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
