"""Logistic regression, written by hand as a lowered module.

ŷ_s = σ(Σ_i X_{s,i} θ_i), LL = Σ_s y_s log ŷ_s + (1 - y_s) log(1 - ŷ_s), with X_{s,0} = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

PARAMETERS = {"theta": ("m_x + 1",)}
DATA = {"X": ("n", "m_x + 1"), "y": ("n",)}
OBJECTIVE = ("LL", "maximise")

Arrays = Mapping[str, Any]


def init(sizes: Mapping[str, int], rng: np.random.Generator) -> dict[str, Any]:
    return {"theta": 0.01 * rng.normal(size=sizes["m_x"] + 1)}


def forward(params: Arrays, data: Arrays) -> dict[str, Any]:
    z = data["X"] @ params["theta"]
    return {"yhat": 0.5 * (1 + np.tanh(0.5 * z)), "LL": np.sum(data["y"] * z - np.logaddexp(0, z))}


def value(params: Arrays, data: Arrays) -> Any:
    return forward(params, data)["LL"]


def value_and_grad(params: Arrays, data: Arrays) -> tuple[Any, dict[str, Any]]:
    named = forward(params, data)
    return named["LL"], {"theta": data["X"].T @ (data["y"] - named["yhat"])}
