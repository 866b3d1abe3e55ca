"""A network with one hidden layer, written by hand as a lowered module.

h_{s,j} = σ(Σ_i X_{s,i} θh_{i,j}), ŷ_s = σ(Σ_j h_{s,j} θy_j), LL = Σ_s y_s log ŷ_s + (1 - y_s) log(1 - ŷ_s),
with X_{s,0} = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

PARAMETERS = {"theta_h": ("m_x + 1", "m_h"), "theta_y": ("m_h",)}
DATA = {"X": ("n", "m_x + 1"), "y": ("n",)}
OBJECTIVE = ("LL", "maximise")

Arrays = Mapping[str, Any]


def init(sizes: Mapping[str, int], rng: np.random.Generator) -> dict[str, Any]:
    m_x, m_h = sizes["m_x"], sizes["m_h"]
    return {
        "theta_h": rng.normal(size=(m_x + 1, m_h)) / np.sqrt(m_x + 1),
        "theta_y": rng.normal(size=m_h) / np.sqrt(m_h),
    }


def forward(params: Arrays, data: Arrays) -> dict[str, Any]:
    h = _sigmoid(data["X"] @ params["theta_h"])
    z = h @ params["theta_y"]
    return {"h": h, "yhat": _sigmoid(z), "LL": np.sum(data["y"] * z - np.logaddexp(0, z))}


def value(params: Arrays, data: Arrays) -> Any:
    return forward(params, data)["LL"]


def value_and_grad(params: Arrays, data: Arrays) -> tuple[Any, dict[str, Any]]:
    named = forward(params, data)
    h, residual = named["h"], data["y"] - named["yhat"]
    back = np.outer(residual, params["theta_y"]) * h * (1 - h)
    return named["LL"], {"theta_h": data["X"].T @ back, "theta_y": h.T @ residual}


def _sigmoid(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * z))
