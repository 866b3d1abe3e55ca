"""Value and gradient of a convolutional network, an LSTM and attention, by hand: in place, in buffers made once.

As in `by_hand.py` nothing is checked. All gates of an LSTM are one product, and one tanh: σ(z) = (1 + tanh(z/2))/2.
The three projections of attention are one product each way; a row's Σ_k A_qk ∂A_qk is Σ_c O_qc ∂O_qc, which is shorter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .by_hand import Array, Arrays, Called, Lent, log_softmax


def convolutional(params: Arrays, data: Arrays) -> Called:
    """s = max(w * x + b, 0) in steps of 2, g = V s + d, q = A max(g, 0) + a, LL as for `softmax`."""
    (A, a, w, b, V, d), (x, y) = (params[n] for n in ("A", "a", "w", "b", "V", "d")), (data["x"], data["y"])
    n, filters, taps, hidden, places = len(x), len(w), w[0].size, len(V), V[0, 0].size
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[1:], axis=(1, 2))[:, ::2, ::2].transpose(
        3, 4, 0, 1, 2
    )
    columns, z = np.empty(windows.shape, x.dtype), np.empty((filters, n, places), x.dtype)
    s, ds = (np.empty((n, filters, places), x.dtype) for _ in range(2))
    g, dg, q, lent = np.empty((n, hidden), x.dtype), np.empty((n, hidden), x.dtype), np.empty_like(y), Lent(y)
    above, above_g, ones = np.empty(s.shape, bool), np.empty(g.shape, bool), np.ones(n * places, x.dtype)
    flat = columns.reshape(taps, -1)
    grads = {name: np.empty_like(array) for name, array in params.items()}

    def run() -> tuple[float, Arrays]:
        np.copyto(columns, windows)
        w.reshape(filters, taps).dot(flat, out=z.reshape(filters, -1))
        np.add(z, b[:, None, None], out=z)
        np.maximum(z.transpose(1, 0, 2), 0, out=s)
        s.reshape(n, -1).dot(V.reshape(hidden, -1).T, out=g)
        np.add(g, d, out=g)
        np.maximum(g, 0, out=g)
        g.dot(A.T, out=q)
        np.add(q, a, out=q)
        value = log_softmax(q, y, lent)
        lent.points.dot(q, out=grads["a"])
        q.T.dot(g, out=grads["A"])
        q.dot(A, out=dg)
        np.multiply(dg, np.greater(g, 0, out=above_g), out=dg)
        lent.points.dot(dg, out=grads["d"])
        dg.T.dot(s.reshape(n, -1), out=grads["V"].reshape(hidden, -1))
        dg.dot(V.reshape(hidden, -1), out=ds.reshape(n, -1))
        np.multiply(ds, np.greater(s, 0, out=above), out=z.transpose(1, 0, 2))
        z.reshape(filters, -1).dot(ones, out=grads["b"])
        z.reshape(filters, -1).dot(flat.T, out=grads["w"].reshape(filters, taps))
        return value, grads

    return run


def lstm(params: Arrays, data: Arrays) -> Called:
    """c_t = f c_{t−1} + i g, h_t = o tanh(c_t), gates by W x_t + U h_{t−1} + b; q = A h_T + a, LL as for `softmax`."""
    A, a, y, lent = params["A"], params["a"], data["y"], Lent(data["y"])
    cell, q = _Cell(params, data["x"]), np.empty_like(y)
    grads = {"A": np.empty_like(A), "a": np.empty_like(a)} | cell.grads

    def run() -> tuple[float, Arrays]:
        last = cell.forward()
        np.add(last.dot(A.T, out=q), a, out=q)
        value = log_softmax(q, y, lent)
        lent.points.dot(q, out=grads["a"])
        q.T.dot(last, out=grads["A"])
        q.dot(A, out=cell.dh)
        cell.backward()
        return value, grads

    return run


class _Cell:
    """The gates i, f, o and g side by side, steps first; rows of W, U and b are halved where a σ follows."""

    def __init__(self, params: Arrays, x: Array) -> None:
        (n, T, width), H, dtype = x.shape, len(params["b_i"]), x.dtype
        self.params, self.x, self.H = params, x, H
        self.W, self.U, self.b = (np.empty(shape, dtype) for shape in ((4 * H, width), (4 * H, H), 4 * H))
        self.dW, self.dU, self.db = (np.empty_like(array) for array in (self.W, self.U, self.b))
        self.steps, self.tanh_c = np.empty((T, n, width), dtype), np.empty((T, n, H), dtype)
        self.gates, self.slopes = (np.empty((T, n, 4 * H), dtype) for _ in range(2))
        self.c, self.h = (np.zeros((T + 1, n, H), dtype) for _ in range(2))
        self.dh, self.dc, self.t1, self.t2 = (np.empty((n, H), dtype) for _ in range(4))
        self.more, self.t3, self.ones = np.empty((n, 4 * H), dtype), np.empty((n, 3 * H), dtype), np.ones(T * n, dtype)
        self.parts = {gate: slice(k * H, (k + 1) * H) for k, gate in enumerate("ifog")}
        self.grads = {
            f"{name}_{gate}": whole[part]
            for gate, part in self.parts.items()
            for name, whole in (("W", self.dW), ("U", self.dU), ("b", self.db))
        }

    def forward(self) -> Array:
        """h_T."""
        for gate, part in self.parts.items():
            for name, whole in (("W", self.W), ("U", self.U), ("b", self.b)):
                np.multiply(self.params[f"{name}_{gate}"], 1.0 if gate == "g" else 0.5, out=whole[part])
        np.copyto(self.steps, self.x.transpose(1, 0, 2))
        flat = self.gates.reshape(-1, 4 * self.H)
        np.add(self.steps.reshape(-1, self.steps.shape[2]).dot(self.W.T, out=flat), self.b, out=flat)
        c, h, t1 = self.c, self.h, self.t1
        for t, z in enumerate(self.gates):
            np.add(z, h[t].dot(self.U.T, out=self.more), out=z)
            np.tanh(z, out=z)
            sigmoids = z[:, : 3 * self.H]
            np.multiply(sigmoids, 0.5, out=sigmoids)
            np.add(sigmoids, 0.5, out=sigmoids)
            i, f, o, g = (z[:, part] for part in self.parts.values())
            np.multiply(f, c[t], out=c[t + 1])
            np.add(c[t + 1], np.multiply(i, g, out=t1), out=c[t + 1])
            np.multiply(o, np.tanh(c[t + 1], out=self.tanh_c[t]), out=h[t + 1])
        return h[-1]

    def backward(self) -> None:
        """The gradients from that by h_T, which is in `dh`."""
        self.dc.fill(0)
        for t in reversed(range(len(self.gates))):
            self._step_back(t)
        flat = self.slopes.reshape(-1, 4 * self.H)
        flat.T.dot(self.steps.reshape(len(flat), -1), out=self.dW)
        flat.T.dot(self.h[:-1].reshape(len(flat), -1), out=self.dU)
        self.ones.dot(flat, out=self.db)

    def _step_back(self, t: int) -> None:
        z, dz, dh, dc, t1, t2 = self.gates[t], self.slopes[t], self.dh, self.dc, self.t1, self.t2
        i, f, o, g = (z[:, part] for part in self.parts.values())
        di, df, do, dg = (dz[:, part] for part in self.parts.values())
        np.multiply(dh, self.tanh_c[t], out=do)
        np.multiply(self.tanh_c[t], self.tanh_c[t], out=t1)
        np.multiply(np.subtract(1, t1, out=t1), o, out=t1)
        np.add(dc, np.multiply(t1, dh, out=t1), out=dc)
        np.multiply(dc, g, out=di)
        np.multiply(dc, self.c[t], out=df)
        np.multiply(g, g, out=t2)
        np.multiply(np.subtract(1, t2, out=t2), i, out=t2)
        np.multiply(dc, t2, out=dg)
        sigmoids, by_sigmoids = z[:, : 3 * self.H], dz[:, : 3 * self.H]
        np.multiply(np.subtract(1, sigmoids, out=self.t3), sigmoids, out=self.t3)
        np.multiply(by_sigmoids, self.t3, out=by_sigmoids)
        np.multiply(dc, f, out=dc)
        if t:  # rows of U that were halved count twice
            np.multiply(by_sigmoids, 2, out=self.more[:, : 3 * self.H])
            np.copyto(self.more[:, 3 * self.H :], dg)
            self.more.dot(self.U, out=dh)


def attention(params: Arrays, data: Arrays) -> Called:
    """A = softmax(Q K^T/√m), O = A V for each head, Y = Σ_h O W_O, E = Σ G Y."""
    W_O, X, G = params["W_O"], data["X"], data["G"]
    (T, width), (H, m, _), dtype = X.shape[1:], W_O.shape, X.dtype
    W, dW = (np.empty((width, 3, H, m), dtype) for _ in range(2))
    qkv, slopes = (np.empty((T, 3, H, m), dtype) for _ in range(2))
    A, dA = (np.empty((H, T, T), dtype) for _ in range(2))
    O, dO, Y = np.empty((T, H, m), dtype), np.empty((T, H, m), dtype), np.empty((T, width), dtype)
    column, row, t1, ones = np.empty((H, T, 1), dtype), np.empty((T, H), dtype), np.empty_like(O), np.ones(T, dtype)
    dW_O, more, more_O, last = np.empty_like(W_O), np.empty_like(dW), np.empty_like(W_O), W_O.reshape(-1, width)
    grads = {f"W_{name}": np.empty_like(params[f"W_{name}"]) for name in "QKV"} | {"W_O": dW_O}
    (q, k, v), (dq, dk, dv) = ([a[:, j].transpose(1, 0, 2) for j in range(3)] for a in (qkv, slopes))

    def one(x: Any, g: Any) -> float:
        x.dot(W.reshape(width, -1), out=qkv.reshape(T, -1))
        np.matmul(q, k.swapaxes(1, 2), out=A)
        np.subtract(A, np.max(A, 2, out=column, keepdims=True), out=A)
        np.exp(A, out=A)
        np.matmul(A, ones, out=column[..., 0])
        np.divide(A, column, out=A)
        np.matmul(A, v, out=O.transpose(1, 0, 2))
        O.reshape(T, -1).dot(last, out=Y)
        O.reshape(T, -1).T.dot(g, out=more_O.reshape(-1, width))
        g.dot(last.T, out=dO.reshape(T, -1))
        back = dO.transpose(1, 0, 2)
        np.matmul(A.swapaxes(1, 2), back, out=dv)
        np.matmul(back, v.swapaxes(1, 2), out=dA)
        np.sum(np.multiply(O, dO, out=t1), 2, out=row)
        np.subtract(dA, row.T[:, :, None], out=dA)
        np.multiply(A, dA, out=A)
        np.matmul(A, k, out=dq)
        np.matmul(A.swapaxes(1, 2), q, out=dk)
        x.T.dot(slopes.reshape(T, -1), out=more.reshape(width, -1))
        return float(np.vdot(Y, g))

    def run() -> tuple[float, Arrays]:
        for j, name in enumerate("QKV"):
            np.multiply(params[f"W_{name}"].transpose(1, 0, 2), m**-0.5 if name == "Q" else 1, out=W[:, j])
        dW.fill(0)
        dW_O.fill(0)
        value = 0.0
        for x, g in zip(X, G, strict=True):  # A of one sequence fits the cache
            value += one(x, g)
            np.add(dW, more, out=dW)
            np.add(dW_O, more_O, out=dW_O)
        for j, name in enumerate("QKV"):
            np.multiply(dW[:, j].transpose(1, 0, 2), m**-0.5 if name == "Q" else 1, out=grads[f"W_{name}"])
        return value, grads

    return run


def products_of_convolutional(params: Arrays, data: Arrays) -> Callable[[], Any]:
    """The matrix products alone, into buffers."""
    A, w, V, x, y = params["A"], params["w"].reshape(len(params["w"]), -1), params["V"], data["x"], data["y"]
    V, n = V.reshape(len(V), -1), len(x)
    columns = np.zeros((w.shape[1], n * V.shape[1] // len(w)), x.dtype)
    z, s, g, q = w.dot(columns), np.zeros((n, V.shape[1]), x.dtype), np.zeros((n, len(V)), x.dtype), np.zeros_like(y)
    dw, dV, dA = np.empty_like(w), np.empty_like(V), np.empty_like(A)

    def run() -> Any:
        w.dot(columns, out=z)
        s.dot(V.T, out=g)
        g.dot(A.T, out=q)
        q.T.dot(g, out=dA)
        q.dot(A, out=g)
        g.T.dot(s, out=dV)
        g.dot(V, out=s)
        return z.dot(columns.T, out=dw)

    return run


def products_of_lstm(params: Arrays, data: Arrays) -> Callable[[], Any]:
    """The same of the LSTM, all gates in one."""
    W, U = (np.concatenate([params[f"{name}_{gate}"] for gate in "ifog"]) for name in "WU")
    (n, T, width), H = data["x"].shape, params["A"].shape[1]
    steps, gates = np.zeros((T * n, width), W.dtype), np.zeros((T * n, 4 * H), W.dtype)
    h, z, dh = np.zeros((T * n, H), W.dtype), np.zeros((n, 4 * H), W.dtype), np.zeros((n, H), W.dtype)
    dW, dU = np.empty_like(W), np.empty_like(U)

    def run() -> Any:
        steps.dot(W.T, out=gates)
        for _ in range(T):
            dh.dot(U.T, out=z)
        for _ in range(T):
            z.dot(U, out=dh)
        gates.T.dot(steps, out=dW)
        return gates.T.dot(h, out=dU)

    return run


def products_of_attention(params: Arrays, data: Arrays) -> Callable[[], Any]:
    """The same of attention, one sequence after the other."""
    X, (H, m, width) = data["X"], params["W_O"].shape
    T, dtype = X.shape[1], X.dtype
    W, last = np.zeros((width, 3 * H * m), dtype), params["W_O"].reshape(-1, width)
    qkv, O, A = np.zeros((T, 3, H, m), dtype), np.zeros((T, H, m), dtype), np.zeros((H, T, T), dtype)
    q, k, v = (qkv[:, j].transpose(1, 0, 2) for j in range(3))
    heads, flat = O.transpose(1, 0, 2), O.reshape(T, -1)
    Y, dW, dW_O = np.zeros((T, width), dtype), np.empty_like(W), np.empty_like(last)

    def run() -> Any:
        for x in X:
            x.dot(W, out=qkv.reshape(T, -1))
            np.matmul(q, k.swapaxes(1, 2), out=A)
            np.matmul(A, v, out=heads)
            flat.dot(last, out=Y)
            flat.T.dot(x, out=dW_O)
            x.dot(last.T, out=flat)
            np.matmul(A.swapaxes(1, 2), heads, out=v)
            np.matmul(heads, v.swapaxes(1, 2), out=A)
            np.matmul(A, k, out=q)
            np.matmul(A.swapaxes(1, 2), q, out=k)
            x.T.dot(qkv.reshape(T, -1), out=dW)

    return run
