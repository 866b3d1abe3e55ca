"""Value and gradient as somebody would write them who knows NumPy well: in place, in buffers that are made once.

Nothing is checked, and one-hot targets are relied on. Formulas are those of the modules that they are compared with.
Products are methods and sums are products with ones wherever that was measured to be faster.
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
    """LL = Σ y z − softplus(z) for z = X θ, ∂LL/∂θ = (y − σ(z)) X; e = e^{−|z|} and y less 1 from 0 on serve both."""
    theta, x, y = params["theta"], data["x"], data["y"]
    z, e, t, off = (np.empty_like(y) for _ in range(4))
    above, ones = np.empty(len(y), bool), np.ones_like(y)
    grad = np.empty_like(theta)

    def run() -> tuple[float, Arrays]:
        x.dot(theta, out=z)
        np.abs(z, out=e)
        np.negative(e, out=e)
        np.exp(e, out=e)
        np.signbit(z, out=above)
        np.logical_not(above, out=above)
        np.subtract(y, above, out=off)
        value = off.dot(z) - ones.dot(np.log1p(e, out=t))
        np.add(ones, e, out=t)
        np.divide(e, t, out=e)
        np.copysign(e, z, out=e)
        np.add(off, e, out=off)
        off.dot(x, out=grad)
        return float(value), {"theta": grad}

    return run


def softmax(params: Arrays, data: Arrays) -> Called:
    """LL = Σ y (z − log Σ e^z) for Z = X W, ∂LL/∂W = X^T (Y − P)."""
    W, x, y = params["W"], data["x"], data["y"]
    z, grad = np.empty_like(y), np.empty_like(W)
    lent = Lent(y)

    def run() -> tuple[float, Arrays]:
        x.dot(W, out=z)
        value = log_softmax(z, y, lent)
        x.T.dot(z, out=grad)
        return value, {"W": grad}

    return run


def network(params: Arrays, data: Arrays) -> Called:
    """H = tanh(X W1 + b1), Z = H W2 + b2, LL as for `softmax`."""
    W1, b1, W2, b2, x, y = *(params[n] for n in ("W1", "b1", "W2", "b2")), data["x"], data["y"]
    h, dh = (np.empty((len(y), len(b1)), y.dtype) for _ in range(2))
    z, lent = np.empty_like(y), Lent(y)
    grads = {n: np.empty_like(a) for n, a in params.items()}

    def run() -> tuple[float, Arrays]:
        x.dot(W1, out=h)
        np.add(h, b1, out=h)
        np.tanh(h, out=h)
        h.dot(W2, out=z)
        np.add(z, b2, out=z)
        value = log_softmax(z, y, lent)
        lent.points.dot(z, out=grads["b2"])
        h.T.dot(z, out=grads["W2"])
        z.dot(W2.T, out=dh)
        np.multiply(h, h, out=h)
        np.subtract(1, h, out=h)
        np.multiply(dh, h, out=dh)
        lent.points.dot(dh, out=grads["b1"])
        x.T.dot(dh, out=grads["W1"])
        return value, grads

    return run


class Lent:
    """Ones for each point and each class, and buffers for what is largest and what is summed within each point."""

    few = 128  # points: below it a largest is found fastest by its place, above it in long rows

    def __init__(self, y: Array) -> None:
        self.starts, self.places = np.arange(0, y.size, y.shape[1]), np.empty(len(y), np.intp)
        self.points, self.classes = np.ones(len(y), y.dtype), np.ones(y.shape[1], y.dtype)
        self.turned = np.empty(y.shape[::-1], y.dtype)
        self.largest, self.total = (np.empty(len(y), y.dtype) for _ in range(2))

    def find_largest(self, z: Array) -> Array:
        """The largest of each row, as a column."""
        if len(z) < self.few:
            z.argmax(1, out=self.places)
            np.add(self.places, self.starts, out=self.places)
            z.take(self.places, out=self.largest, mode="clip")
        else:
            np.copyto(self.turned, z.T)
            np.maximum.reduce(self.turned, out=self.largest)
        return self.largest[:, None]


def log_softmax(z: Array, y: Array, lent: Lent) -> float:
    """Σ y (z − log Σ e^z); leaves y − softmax(z) in z."""
    total = lent.total
    np.subtract(z, lent.find_largest(z), out=z)
    value = np.vdot(y, z)
    np.exp(z, out=z)
    z.dot(lent.classes, out=total)
    np.divide(z, total[:, None], out=z)
    np.log(total, out=total)
    np.subtract(y, z, out=z)
    return float(value - lent.points.dot(total))


def products_of_logistic(params: Arrays, data: Arrays) -> Callable[[], Any]:
    """The matrix products alone, into buffers."""
    theta, x = params["theta"], data["x"]
    z, grad = np.empty(len(x), x.dtype), np.empty_like(theta)
    return lambda: (x.dot(theta, out=z), z.dot(x, out=grad))


def products_of_softmax(params: Arrays, data: Arrays) -> Callable[[], Any]:
    """The same of softmax regression."""
    W, x = params["W"], data["x"]
    z, grad = np.empty((len(x), W.shape[1]), x.dtype), np.empty_like(W)
    return lambda: (x.dot(W, out=z), x.T.dot(z, out=grad))


def products_of_network(params: Arrays, data: Arrays) -> Callable[[], Any]:
    """The same of the network."""
    W1, W2, x, y = params["W1"], params["W2"], data["x"], data["y"]
    h, dh = (np.empty((len(x), W1.shape[1]), x.dtype) for _ in range(2))
    z, g1, g2 = np.empty_like(y), np.empty_like(W1), np.empty_like(W2)

    def run() -> Any:
        x.dot(W1, out=h)
        h.dot(W2, out=z)
        h.T.dot(z, out=g2)
        z.dot(W2.T, out=dh)
        return x.T.dot(dh, out=g1)

    return run
