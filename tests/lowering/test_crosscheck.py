"""Gradients against what JAX and PyTorch make of the same program, where they are installed."""

from __future__ import annotations

from importlib.util import find_spec
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from derive.catalog import find
from lowering.certificate import certificate_path
from lowering.crosscheck import LIBRARIES, installed
from lowering.loading import loaded_source
from lowering.lower import Lowering, crosschecked, lower, lowering, write

SYSTEMS = ("mlp", "softmax-regression", "convolutional-network", "lstm-classifier", "max-pooling", "gaussian-vector")


def needs(library: str) -> Any:
    missing = find_spec(library) is None
    return pytest.param(library, marks=pytest.mark.skipif(missing, reason=f"the extra {library} is not installed"))


def stages(name: str) -> Lowering:
    return lowering(find(name), dtype="float64", backend="numpy")


@pytest.mark.parametrize("library", [needs(name) for name in LIBRARIES])
@pytest.mark.parametrize("name", SYSTEMS)
def test_others_come_to_the_same_gradient(name: str, library: str) -> None:
    found = stages(name)
    checks = crosschecked(found, loaded_source(found.source), [library])
    assert len(checks) == (0 if library == "torch" and name.startswith("lstm") else 1)
    assert all(check.passed for check in checks)


@pytest.mark.parametrize("library", [needs(name) for name in LIBRARIES])
def test_a_gradient_that_is_off_is_caught(library: str) -> None:
    found = stages("mlp")
    own = loaded_source(found.source)

    def off(params: Any, data: Any) -> Any:
        value, grads = own.value_and_grad(params, data)
        return value, {**grads, "theta_h": grads["theta_h"] * 1.0005}

    module: Any = SimpleNamespace(**{**vars(own), "value_and_grad": off})
    (check,) = crosschecked(found, module, [library])
    assert not check.passed and check.worst_component.startswith("theta_h[")


def test_a_library_that_is_not_installed_is_not_asked(tmp_path: Any) -> None:
    assert set(installed()) == {name for name in LIBRARIES if find_spec(name) is not None}
    lowered = lower(find("logistic-regression"))
    assert len(lowered.certificate.crosschecks) == len(installed())
    write(lowered, tmp_path / "m.py")
    assert '"crosschecks"' in certificate_path(tmp_path / "m.py").read_text(encoding="utf-8")
    assert isinstance(loaded_source(lowered.source), ModuleType)
