"""The back ends JAX and PyTorch: the same program, the same contract, and what each library is for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from derive.catalog import find
from gradproof.cli import main
from lowering.audit import verify_certificate
from lowering.backends.table import BACKENDS
from lowering.loading import loaded_source
from lowering.lower import lower, lowering, write
from lowering.program import LoweringError
from lowering.trialpoints import Point, random_point, trial_sizes

GOLDEN = Path(__file__).parent / "golden"
OTHERS = ("jax", "torch")
SYSTEMS = ("mlp", "softmax-regression", "rnn", "lstm", "convolution-2d", "gaussian-vector", "activation-gelu")
DEVICES = """
import jax, numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from lowering.loading import loaded
jax.config.update("jax_enable_x64", True)
module = loaded({path!r})
mesh = Mesh(np.array(jax.devices()), ("points",))
rng = np.random.default_rng(0)
x, y = rng.standard_normal((64, 5)), (rng.random(64) > 0.5).astype(float)
params = module.init({{"m_x": 4, "m_h": 2}}, 0)
split = {{"x": jax.device_put(x, NamedSharding(mesh, PartitionSpec("points"))),
         "y": jax.device_put(y, NamedSharding(mesh, PartitionSpec("points")))}}
(a, da), (b, db) = jax.jit(module.value_and_grad)(params, split), module.value_and_grad(params, {{"x": x, "y": y}})
assert len(split["x"].sharding.device_set) == 8
np.testing.assert_allclose(a, b, rtol=1e-12)
jax.tree.map(lambda p, q: np.testing.assert_allclose(p, q, rtol=1e-10), da, db)
print(len(jax.devices()))
"""


def needs(library: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(find_spec(library) is None, reason=f"the extra {library} is not installed")


def lacks(library: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(find_spec(library) is not None, reason=f"{library} is installed, so nothing is missing")


def module(name: str, backend: str) -> ModuleType:
    return loaded_source(lowering(find(name), dtype="float64", backend=backend).source)


def point(name: str) -> Point:
    over = lowering(find(name), dtype="float64", backend="numpy").over_data
    return random_point(over, next(trial_sizes(over)), seed=1)


@pytest.mark.parametrize("backend", OTHERS)
@pytest.mark.parametrize("name", ("mlp", "rnn"))
def test_golden_source(name: str, backend: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{name}-{backend}.py.txt", lowering(find(name), dtype="float64", backend=backend).source)


@pytest.mark.parametrize("backend", OTHERS)
@pytest.mark.parametrize("name", SYSTEMS)
def test_every_statement_has_words_in_the_other_libraries(name: str, backend: str) -> None:
    ours = lowering(find(name), dtype="float64", backend="numpy").source
    theirs = lowering(find(name), dtype="float64", backend=backend).source
    compile(theirs, name, "exec")
    assert theirs.split("\nimport ")[0] == ours.split("\nimport ")[0]  # the formulas
    body = theirs.split("def forward(")[1].split("def _")[0]
    assert "np." not in re.sub(r"jnp\.|float\(np\.|np\.float32", "", body) and "out=" not in body


def test_a_function_without_words_is_refused() -> None:
    from lowering.backends.torch.words import TORCH
    from lowering.backends.translation import translated

    with pytest.raises(LoweringError, match=r"PyTorch code cannot be written for np\.unwrap"):
        translated('"""Nothing."""\n\nimport numpy as np\n\n\ndef value(x):\n    return np.unwrap(x)\n', TORCH)


@pytest.mark.parametrize(
    ("backend", "gives"),
    [pytest.param("jax", "JAX", marks=lacks("jax")), pytest.param("torch", "PyTorch", marks=lacks("torch"))],
)
def test_a_missing_library_gets_one_line(backend: str, gives: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lower", "mlp", "--backend", backend]) == 2
    wanted = f"{backend} is not installed, which gives lowering to {gives}; run: pip install 'gradproof[{backend}]'"
    assert capsys.readouterr().err == f"gradproof: error: {wanted}\n"


@pytest.mark.parametrize("backend", [pytest.param(b, marks=needs(b)) for b in OTHERS])
@pytest.mark.parametrize("name", SYSTEMS)
def test_a_module_gives_what_numpy_gives(name: str, backend: str) -> None:
    here, there = module(name, "numpy"), BACKENDS[backend].on_arrays(module(name, backend))
    at = point(name)
    data = {**at.data, **{n: k for n, k in at.sizes.items() if n in here.DATA and n not in at.data}}
    (value, grads), (other, others) = here.value_and_grad(at.params, data), there.value_and_grad(at.params, data)
    np.testing.assert_allclose(other, value, rtol=1e-12)
    for parameter, grad in grads.items():
        np.testing.assert_allclose(others[parameter], grad, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("backend", [pytest.param(b, marks=needs(b)) for b in OTHERS])
def test_a_certificate_is_of_the_module_as_it_runs_there(backend: str, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    write(lower(find("logistic-regression"), backend=backend), path)
    assert verify_certificate(path) == []
    right = path.read_text(encoding="utf-8")
    wrong = right.replace("d_z_yhat = _less_sigmoid", "d_z_yhat = -_less_sigmoid")
    assert wrong != right
    path.write_text(wrong, encoding="utf-8")
    assert any("gradient" in problem for problem in verify_certificate(path))


@pytest.mark.parametrize("backend", [pytest.param(b, marks=needs(b)) for b in OTHERS])
def test_what_does_not_fit_is_refused(backend: str) -> None:
    at, there = point("logistic-regression"), module("logistic-regression", backend)
    narrow = {n: a.astype(np.float32) for n, a in at.params.items()}
    data = {n: a.astype(np.float32) for n, a in at.data.items()}
    with pytest.raises(ValueError, match="x has shape"):
        there.value_and_grad(narrow, {**data, "x": data["x"][:, 1:]})
    with pytest.raises(ValueError, match="data has no 'y'"):
        there.value_and_grad(narrow, {"x": data["x"]})
    with pytest.raises(ValueError, match=r"has dtype (torch\.)?int"):
        there.value_and_grad({"theta": data["y"][:4].astype(np.int64)}, data)


@needs("jax")
@pytest.mark.parametrize("name", ("mlp", "rnn", "softmax-regression"))
def test_jax_traces_compiles_and_differentiates_the_value(name: str) -> None:
    jax: Any = pytest.importorskip("jax")
    at, there = point(name), module(name, "jax")
    with jax.enable_x64(True):
        grads = jax.jit(there.value_and_grad)(at.params, at.data)[1]
        theirs = jax.jit(jax.grad(there.value))(at.params, at.data)
        for parameter in at.params:
            np.testing.assert_allclose(grads[parameter], theirs[parameter], rtol=1e-9, atol=1e-12)
    with pytest.raises(ValueError, match="jax_enable_x64"):
        there.value(at.params, at.data)


@pytest.mark.parametrize("dtype, least", [("float64", 1e-12), ("float32", 1e-5)])
@pytest.mark.parametrize("backend", [pytest.param(name, marks=needs(name)) for name in OTHERS])
def test_a_softmax_that_is_right_and_sure_has_all_digits(backend: str, dtype: str, least: float) -> None:
    there = BACKENDS[backend].on_arrays(module("softmax-regression", backend))
    weights, x = np.array([[30.0, 0.0, 0.0]], dtype), np.ones((1, 1), dtype)
    value, grads = there.value_and_grad({"W": weights}, {"x": x, "y": np.array([[1.0, 0.0, 0.0]], dtype)})
    other = float(np.exp(-30.0))
    np.testing.assert_allclose(value, -2 * other, rtol=least)
    np.testing.assert_allclose(grads["W"], [[2 * other, -other, -other]], rtol=least)


@needs("jax")
def test_jax_splits_the_points_over_devices(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(lowering(find("mlp"), dtype="float64", backend="jax").source, encoding="utf-8")
    flags = {"XLA_FLAGS": "--xla_force_host_platform_device_count=8", "JAX_PLATFORMS": "cpu"}
    environment = {**os.environ, **flags, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", DEVICES.format(path=str(path))]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("8", 0), done.stderr


@needs("torch")
@pytest.mark.parametrize("name", ("mlp", "rnn", "convolution-2d", "gaussian-vector"))
def test_torch_takes_the_proved_gradient_as_its_backward_pass(name: str) -> None:
    torch: Any = pytest.importorskip("torch")
    at, there = point(name), module(name, "torch")
    data = {n: torch.from_numpy(a) for n, a in at.data.items()}
    data |= {n: k for n, k in at.sizes.items() if n in there.DATA and n not in data}
    names = list(at.params)

    def objective(*tensors: Any) -> Any:
        return there.objective(dict(zip(names, tensors, strict=True)), data)

    tensors = [torch.from_numpy(at.params[n].copy()).requires_grad_() for n in names]
    if name != "gaussian-vector":  # entries of a symmetric matrix cannot be moved one by one
        assert torch.autograd.gradcheck(objective, tensors, rtol=1e-6, atol=1e-5)
    (2 * objective(*tensors)).backward()
    grads = there.value_and_grad(dict(zip(names, (t.detach() for t in tensors), strict=True)), data)[1]
    for n, t in zip(names, tensors, strict=True):
        torch.testing.assert_close(t.grad, 2 * grads[n])
