"""What is given to modules of JAX and PyTorch as lists of arrays, as functions and as labels, as to those of NumPy."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from derive.catalog import find
from derive.rows.catalogue.networks import half_square, layer_of_any_width
from derive.rows.functions import tanh
from lowering.audit import verify_certificate
from lowering.backends.table import BACKENDS
from lowering.loading import loaded_source
from lowering.lower import lower, lowering, write

GOLDEN = Path(__file__).parent / "golden"
INSTALLED = [
    pytest.param(b, marks=pytest.mark.skipif(find_spec(b) is None, reason=f"the extra {b} is not installed"))
    for b in ("jax", "torch")
]
Given = tuple[dict[str, Any], dict[str, Any]]
FUNCTIONS: dict[str, Any] = {  # of the arrays of any library
    "f": (lambda z: z / (1 + z * z), lambda z: (1 - z * z) / (1 + z * z) ** 2),
    "ell": (lambda a, y: (a - y) ** 2 / 2, lambda a, y: a - y),
}


@cache
def module(name: str, backend: str = "numpy") -> ModuleType:
    model = layer_of_any_width(tanh, half_square) if name == "layers" else find(name)
    return loaded_source(lowering(model, dtype="float64", backend=backend).source)


def layers(functions: bool = True) -> Given:
    rng, widths = np.random.default_rng(1), [3, 5, 2, 4]
    params = module("layer-of-any-width").init({"L": 3, "n": widths}, rng)
    params["b"] = [rng.standard_normal(b.shape) for b in params["b"]]
    data = {"x": rng.standard_normal((7, widths[0])), "y": rng.standard_normal((7, widths[-1]))}
    return params, {**data, **(FUNCTIONS if functions else {})}


def close(found: Any, wanted: Any) -> None:
    """The same numbers, in the same lists and dicts."""
    if isinstance(wanted, dict):
        assert set(found) == set(wanted)
        for name in wanted:
            close(found[name], wanted[name])
    elif isinstance(wanted, list):
        assert isinstance(found, list) and len(found) == len(wanted)
        for a, b in zip(found, wanted, strict=True):
            close(a, b)
    else:
        np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_golden_source(backend: str, golden: Callable[[Path, str], None]) -> None:
    source = lowering(find("layer-of-any-width"), dtype="float64", backend=backend).source
    golden(GOLDEN / f"layer-of-any-width-{backend}.py.txt", source)


@pytest.mark.parametrize("backend", INSTALLED)
def test_lists_and_functions_give_what_numpy_gives(backend: str) -> None:
    given, there = layers(), BACKENDS[backend].on_arrays(module("layer-of-any-width", backend))
    here = module("layer-of-any-width")
    close(there.forward(*given), here.forward(*given))
    (value, grads), (wanted, exact) = there.value_and_grad(*given), here.value_and_grad(*given)
    close({"E": value, **grads}, {"E": wanted, **exact})
    close(there.value(*given), wanted)


@pytest.mark.parametrize("backend", INSTALLED)
def test_parameters_to_start_from_are_lists_of_the_library(backend: str) -> None:
    if backend == "jax":
        jax: Any = pytest.importorskip("jax")
        with jax.enable_x64(True):
            found = module("layers", backend).init({"L": 2, "n": [3, 2, 4]}, 0)
            assert all(isinstance(a, jax.Array) for a in found["W"])
    else:
        torch: Any = pytest.importorskip("torch")
        found = module("layers", backend).init({"L": 2, "n": [3, 2, 4]}, 0)
        assert all(torch.is_tensor(a) for a in found["W"])
    assert [tuple(a.shape) for a in found["W"]] == [(2, 3), (4, 2)]


WRONG: tuple[tuple[str, Callable[[dict[str, Any], dict[str, Any]], Any], str], ...] = (
    ("no list", lambda p, d: p.update(W=p["W"][0]), r"params\['W'\] is no list; give a list of arrays"),
    ("missing", lambda p, d: p.pop("b"), "params has no 'b'"),
    ("a layer too few", lambda p, d: p.update(b=p["b"][:2]), r"b has 2 arrays, where L = 2, but W has 3"),
    ("another width", lambda p, d: p["W"].reverse(), r"W\[1\] has shape \(2, 5\), where n\[1\] = 5, but W\[0\]"),
    ("too many axes", lambda p, d: p.update(b=[a[None] for a in p["b"]]), r"b\[0\] has shape \(1, 5\), expected"),
    (
        "whole numbers",
        lambda p, d: p.update(W=[a.astype(int) for a in p["W"]]),
        r"int64, expected (torch\.)?float32 or",
    ),
    ("mixed", lambda p, d: p.update(b=[a.astype(np.float32) for a in p["b"]]), r"dtypes (torch\.)?float32, "),
    ("no function", lambda p, d: d.pop("f"), r"data\['f'\] is None, expected \(f, f_1\)"),
    ("another shape", lambda p, d: d.update(f=(FUNCTIONS["f"][0], lambda z: z[0])), "f_1 gave a"),
)


@pytest.mark.parametrize("backend", INSTALLED)
@pytest.mark.parametrize(("what", "spoil", "message"), WRONG, ids=[w[0] for w in WRONG])
def test_what_does_not_fit_is_refused(what: str, spoil: Callable[..., Any], message: str, backend: str) -> None:
    params, data = layers()
    spoil(params, data)
    with pytest.raises(ValueError, match=message):
        BACKENDS[backend].on_arrays(module("layer-of-any-width", backend)).value_and_grad(params, data)


@pytest.mark.parametrize("backend", INSTALLED)
def test_a_certificate_is_of_lists_as_they_run_there(backend: str, tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    lowered = lower(layer_of_any_width(tanh, half_square), backend=backend)
    write(lowered, path)
    libraries = {b for b in ("jax", "torch") if find_spec(b) is not None}
    assert {c["method"].rpartition(" ")[2] for c in lowered.certificate.crosschecks} == libraries
    assert lowered.certificate.proved and verify_certificate(path) == []
    right = path.read_text(encoding="utf-8")
    wrong = right.replace("d_W[l - 1] = d_z[l - 1].T", "d_W[l - 1] = 1.0005 * d_z[l - 1].T")
    assert wrong != right
    path.write_text(wrong, encoding="utf-8")
    assert any("gradient" in problem for problem in verify_certificate(path))


def test_jax_compiles_and_differentiates_lists() -> None:
    jax: Any = pytest.importorskip("jax")
    params, data = layers()
    there = module("layer-of-any-width", "jax")
    with jax.enable_x64(True):
        ours = jax.jit(lambda p: there.value_and_grad(p, data)[1])(params)
        close(
            jax.tree.map(np.asarray, ours), jax.tree.map(np.asarray, jax.grad(lambda p: there.value(p, data))(params))
        )


def test_torch_takes_the_proved_gradient_of_lists_as_its_backward_pass() -> None:
    torch: Any = pytest.importorskip("torch")
    params, data = layers(functions=False)
    there = module("layers", "torch")
    tensors = [torch.tensor(a, requires_grad=True) for name in ("W", "b") for a in params[name]]
    given = {name: torch.tensor(a) for name, a in data.items()}

    def objective(*held: Any) -> Any:
        return there.objective({"W": list(held[:3]), "b": list(held[3:])}, given)

    assert torch.autograd.gradcheck(objective, tensors)
    objective(*tensors).backward()
    _, grads = module("layers").value_and_grad(params, data)
    close([t.grad.numpy() for t in tensors], [*grads["W"], *grads["b"]])


# -- labels ----------------------------------------------------------------------------------------


def labelled(name: str) -> tuple[Given, Given]:
    """Parameters, with labels and with the rows that they stand for."""
    rng = np.random.default_rng(0)
    letter, table = ("u", "M") if name == "embedding" else ("y", "W")
    params = {table: rng.standard_normal((7, 4))}
    other = {"g": rng.standard_normal((9, 4))} if name == "embedding" else {"x": rng.standard_normal((9, 7))}
    count = params[table].shape[0 if name == "embedding" else 1]
    labels = rng.integers(0, count, 9)
    return (params, {**other, letter: labels}), (params, {**other, letter: np.eye(count)[labels]})


@pytest.mark.parametrize("backend", INSTALLED)
@pytest.mark.parametrize("name", ["embedding", "softmax-regression"])
def test_labels_give_what_numpy_gives(name: str, backend: str) -> None:
    here, there = module(name), BACKENDS[backend].on_arrays(module(name, backend))
    short, rows = labelled(name)
    (value, grads), (wanted, exact) = there.value_and_grad(*short), here.value_and_grad(*rows)
    close({"E": value, **grads}, {"E": wanted, **exact})
    close(there.forward(*short), here.forward(*rows))


@pytest.mark.parametrize("backend", INSTALLED)
@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.full(9, 7), "labels from 7 to 7, expected 0 to 6, since M has shape"),
        (np.full(9, -1), "labels from -1 to -1, expected 0 to 6"),
        (np.full(9, 1.0), "expected whole numbers, or one-hot rows"),
        (np.full(9, True), "bool, expected whole numbers"),
        (np.zeros(3, int), "n = "),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels: Any, message: str, backend: str) -> None:
    (params, data), _ = labelled("embedding")
    narrow = {k: v.astype(np.float32) for k, v in params.items()}
    given = {"u": labels.astype(np.float32) if labels.dtype == float else labels, "g": data["g"].astype(np.float32)}
    if backend == "torch":
        torch: Any = pytest.importorskip("torch")
        narrow, given = ({k: torch.as_tensor(v) for k, v in d.items()} for d in (narrow, given))
    with pytest.raises(ValueError, match=message):
        module("embedding", backend).value_and_grad(narrow, given)


@pytest.mark.parametrize("name", ["embedding", "softmax-regression"])
def test_labels_that_do_not_fit_give_nan_where_jax_traces_them(name: str) -> None:
    jax: Any = pytest.importorskip("jax")
    (params, data), _ = labelled(name)
    letter = "u" if name == "embedding" else "y"
    with jax.enable_x64(True):
        for wrong in (-1, 7):
            given = {**data, letter: np.where(np.arange(9) == 2, wrong, data[letter])}
            value, grads = jax.jit(module(name, "jax").value_and_grad)(params, given)
            assert np.isnan(value) and all(np.isnan(g).any() for g in grads.values())


@pytest.mark.parametrize("backend", INSTALLED)
@pytest.mark.parametrize("name", ["embedding", "softmax-regression"])
def test_the_certificate_compares_labels_with_rows_there(name: str, backend: str) -> None:
    lowered = lower(find(name), backend=backend)
    told = [c for c in lowered.certificate.checks if c["method"] == "one-hot rows in the place of labels"]
    assert lowered.certificate.proved and len(told) >= 3
