"""Value and gradient as somebody would write them who knows NumPy well: in place, in buffers that are made once.

Nothing is checked, and one-hot targets are relied on. Formulas are those of the modules that they are compared with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Arrays = dict[str, Array]
Called = Callable[[], tuple[float, Arrays]]


def logistic(params: Arrays, data: Arrays) -> Called:
    """LL = Σ y z − softplus(z) for z = X θ, ∂LL/∂θ = (y − σ(z)) X; one exponential e^{−|z|} serves both."""
    theta, x, y = params["theta"], data["x"], data["y"]
    z, e, t = (np.empty_like(y) for _ in range(3))
    below = np.empty(len(y), bool)
    grad = np.empty_like(theta)

    def run() -> tuple[float, Arrays]:
        np.matmul(x, theta, out=z)
        np.abs(z, out=e)
        np.negative(e, out=e)
        np.exp(e, out=e)
        np.log1p(e, out=t)
        value = y @ z - t.sum() - np.maximum(z, 0, out=t).sum()
        np.less(z, 0, out=below)
        np.add(1, e, out=t)
        np.copyto(e, 1, where=~below)
        np.divide(e, t, out=e)
        np.subtract(y, e, out=e)
        np.matmul(e, x, out=grad)
        return float(value), {"theta": grad}

    return run


def softmax(params: Arrays, data: Arrays) -> Called:
    """LL = Σ y (z − log Σ e^z) for Z = X W, ∂LL/∂W = X^T (Y − P)."""
    W, x, y = params["W"], data["x"], data["y"]
    z, grad = np.empty_like(y), np.empty_like(W)
    top = np.empty((len(y), 1), y.dtype)

    def run() -> tuple[float, Arrays]:
        np.matmul(x, W, out=z)
        value = _log_softmax(z, y, top)
        np.matmul(x.T, z, out=grad)
        return value, {"W": grad}

    return run


def network(params: Arrays, data: Arrays) -> Called:
    """H = tanh(X W1 + b1), Z = H W2 + b2, LL as for `softmax`."""
    W1, b1, W2, b2, x, y = *(params[n] for n in ("W1", "b1", "W2", "b2")), data["x"], data["y"]
    h, dh = (np.empty((len(y), len(b1)), y.dtype) for _ in range(2))
    z, top = np.empty_like(y), np.empty((len(y), 1), y.dtype)
    grads = {n: np.empty_like(a) for n, a in params.items()}

    def run() -> tuple[float, Arrays]:
        np.matmul(x, W1, out=h)
        np.add(h, b1, out=h)
        np.tanh(h, out=h)
        np.matmul(h, W2, out=z)
        np.add(z, b2, out=z)
        value = _log_softmax(z, y, top)
        np.sum(z, axis=0, out=grads["b2"])
        np.matmul(h.T, z, out=grads["W2"])
        np.matmul(z, W2.T, out=dh)
        np.multiply(h, h, out=h)
        np.subtract(1, h, out=h)
        np.multiply(dh, h, out=dh)
        np.sum(dh, axis=0, out=grads["b1"])
        np.matmul(x.T, dh, out=grads["W1"])
        return value, grads

    return run


def _log_softmax(z: Array, y: Array, top: Array) -> float:
    """Σ y (z − log Σ e^z); leaves y − softmax(z) in z."""
    np.max(z, axis=1, keepdims=True, out=top)
    np.subtract(z, top, out=z)
    value = np.vdot(y, z)
    np.exp(z, out=z)
    np.sum(z, axis=1, keepdims=True, out=top)
    np.divide(z, top, out=z)
    np.log(top, out=top)
    np.subtract(y, z, out=z)
    return float(value - top.sum())


def products_of_logistic(params: Arrays, data: Arrays) -> Callable[[], Any]:
    """The matrix products alone, into buffers."""
    theta, x = params["theta"], data["x"]
    z, grad = np.empty(len(x), x.dtype), np.empty_like(theta)
    return lambda: (np.matmul(x, theta, out=z), np.matmul(z, x, out=grad))


def products_of_softmax(params: Arrays, data: Arrays) -> Callable[[], Any]:
    """The same of softmax regression."""
    W, x = params["W"], data["x"]
    z, grad = np.empty((len(x), W.shape[1]), x.dtype), np.empty_like(W)
    return lambda: (np.matmul(x, W, out=z), np.matmul(x.T, z, out=grad))


def products_of_network(params: Arrays, data: Arrays) -> Callable[[], Any]:
    """The same of the network."""
    W1, W2, x, y = params["W1"], params["W2"], data["x"], data["y"]
    h, dh = (np.empty((len(x), W1.shape[1]), x.dtype) for _ in range(2))
    z, g1, g2 = np.empty_like(y), np.empty_like(W1), np.empty_like(W2)

    def run() -> Any:
        np.matmul(x, W1, out=h)
        np.matmul(h, W2, out=z)
        np.matmul(h.T, z, out=g2)
        np.matmul(z, W2.T, out=dh)
        return np.matmul(x.T, dh, out=g1)

    return run
