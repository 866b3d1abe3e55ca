"""What `beside` compares, in the words of other libraries: each objective once, over a library with NumPy's names.

A `Library` has what differs. Formulas are those of the lowered modules; each library differentiates them by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Arrays = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Library:
    """An array library.

    Attributes:
        np: with `exp`, `tanh`, `stack` and the like.
        log_sum_exp: over the last axis, which is kept.
        softplus: log(1 + e^z).
        convolved: images (n, H, W) and filters (O, F, F) to (n, O, R, C), moved by two places; None if there is none.
    """

    np: Any
    log_sum_exp: Callable[[Any], Any]
    softplus: Callable[[Any], Any]
    convolved: Callable[[Any, Any], Any] | None


def logistic(lib: Library, p: Arrays, d: Arrays) -> Any:
    """Σ y z − log(1 + e^z)."""
    z = d["x"] @ p["theta"]
    return (d["y"] * z - lib.softplus(z)).sum()


def softmax(lib: Library, p: Arrays, d: Arrays) -> Any:
    """Σ y (z − log Σ e^z)."""
    return _log_softmax(lib, d["x"] @ p["W"], d["y"])


def network(lib: Library, p: Arrays, d: Arrays) -> Any:
    """One hidden layer of tanh."""
    h = lib.np.tanh(d["x"] @ p["W1"] + p["b1"])
    return _log_softmax(lib, h @ p["W2"] + p["b2"], d["y"])


def convolutional(lib: Library, p: Arrays, d: Arrays) -> Any:
    """As the model `convolutional-network`."""
    assert lib.convolved is not None
    z = lib.convolved(d["x"], p["w"]) + p["b"][:, None, None]
    s = (z * (z > 0)).reshape(len(d["x"]), -1)
    g = s @ p["V"].reshape(len(p["V"]), -1).T + p["d"]
    return _log_softmax(lib, (g * (g > 0)) @ p["A"].T + p["a"], d["y"])


def lstm(lib: Library, p: Arrays, d: Arrays) -> Any:
    """As the model `lstm-classifier`."""
    np, x = lib.np, d["x"]
    h = c = x[:, 0, :1] * 0 + p["b_i"] * 0
    for t in range(x.shape[1]):
        i, f, o, g = (x[:, t] @ p[f"W_{k}"].T + h @ p[f"U_{k}"].T + p[f"b_{k}"] for k in "ifog")
        c = _sigmoid(np, f) * c + _sigmoid(np, i) * np.tanh(g)
        h = _sigmoid(np, o) * np.tanh(c)
    return _log_softmax(lib, h @ p["A"].T + p["a"], d["y"])


def attention(lib: Library, p: Arrays, d: Arrays) -> Any:
    """As the model `multi-head-attention`."""
    x = d["X"][:, None]
    q, k, v = (x @ p[f"W_{n}"] for n in "QKV")
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5
    heads = lib.np.exp(scores - lib.log_sum_exp(scores)) @ v
    return (d["G"] * (heads @ p["W_O"]).sum(1)).sum()


def _log_softmax(lib: Library, z: Any, y: Any) -> Any:
    return (y * (z - lib.log_sum_exp(z))).sum()


def _sigmoid(np: Any, z: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * z))
