"""What lowered code costs beside code by hand and its matrix products: `python -m benchmarks.lowering [THREADS]`.

One value and gradient; the three are timed in turn in one process, and the table has medians. The table is printed and
written to RESULTS.md with the machine it was measured on.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from derive.catalog import find
from derive.model import Model
from lowering.loading import loaded_source
from lowering.lower import lowering

from . import arrays, by_hand, by_hand_deep
from .arrays import Made
from .networks import network
from .writing import write_measured

THREADS = 2  # unless another number is given; on a busy machine, threads that wait for each other spoil all times
SECONDS, ROUNDS = 1.5, 5  # for each of the three in a row of the table: the most, and the least number of times
HEAD = ("what", "sizes", "dtype", "lowered ms", "by hand ms", "products ms", "lowered / by hand", "lowered / products")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A model, the same by hand, its matrix products, and data at sizes."""

    model: Callable[[], Model]
    hand: Callable[..., Callable[[], Any]]
    products: Callable[..., Callable[[], Any]]
    data: Made
    sizes: tuple[dict[str, int], ...]


CASES: dict[str, Case] = {
    "logistic regression": Case(
        model=lambda: find("logistic-regression"),
        hand=by_hand.logistic,
        products=by_hand.products_of_logistic,
        data=arrays.rows("m_x"),
        sizes=tuple({"n": 10**k, "m_x": 63} for k in (3, 4, 5, 6)),
    ),
    "softmax regression": Case(
        model=lambda: find("softmax-regression"),
        hand=by_hand.softmax,
        products=by_hand.products_of_softmax,
        data=arrays.rows("d"),
        sizes=tuple({"n": 10**k, "d": 64, "C": 10} for k in (3, 4, 5, 6)),
    ),
    "network": Case(
        model=network,
        hand=by_hand.network,
        products=by_hand.products_of_network,
        data=arrays.rows("D"),
        sizes=tuple(
            {"n": n, "D": D, "H": H, "C": 10}
            for n, D, H in ((1, 64, 16), (64, 64, 16), (256, 784, 64), (1024, 784, 256), (8192, 784, 256))
        ),
    ),
    "convolutional network": Case(
        model=lambda: find("convolutional-network"),
        hand=by_hand_deep.convolutional,
        products=by_hand_deep.products_of_convolutional,
        data=arrays.images,
        sizes=({"n": 64, "R": 12, "C": 12, "F": 6, "O": 16, "H": 64, "K": 10},),
    ),
    "LSTM": Case(
        model=lambda: find("lstm-classifier"),
        hand=by_hand_deep.lstm,
        products=by_hand_deep.products_of_lstm,
        data=arrays.sequences,
        sizes=({"n": 64, "T": 28, "d": 28, "H": 64, "K": 10},),
    ),
    "attention": Case(
        model=lambda: find("multi-head-attention"),
        hand=by_hand_deep.attention,
        products=by_hand_deep.products_of_attention,
        data=arrays.tokens,
        sizes=({"n": 8, "T": 128, "d": 64, "H": 4, "m": 16},),
    ),
}


def rows() -> Iterator[tuple[str, ...]]:
    """A row for each case, sizes and dtype."""
    yield HEAD
    for name, case in CASES.items():
        module = loaded_source(lowering(case.model(), dtype="float64", backend="numpy").source)
        for sizes in case.sizes:
            for dtype in ("float64", "float32"):
                yield (
                    name,
                    ", ".join(f"{k} = {v}" for k, v in sizes.items()),
                    dtype,
                    *measured(module, case, sizes, dtype),
                )


def measured(module: Any, case: Case, sizes: dict[str, int], dtype: str) -> tuple[str, ...]:
    """Three medians in ms and the medians of two ratios, once all agree on value and gradient."""
    rng = np.random.default_rng(0)
    params = {name: array.astype(dtype) for name, array in module.init(sizes, rng).items()}
    data = {name: array.astype(dtype) for name, array in case.data(rng, sizes).items()}
    hand, products = case.hand(params, data), case.products(params, data)
    _check(module.value_and_grad(params, data), hand(), dtype)
    times = in_turn([lambda: module.value_and_grad(params, data), hand, products])
    ours, theirs, floor = times
    return *(f"{1000 * median(t):.3g}" for t in times), f"{ratio(ours, theirs):.2f}", f"{ratio(ours, floor):.2f}"


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios within each round: what slows down a whole round leaves it as it is."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def in_turn(calls: list[Callable[[], Any]]) -> list[list[float]]:
    """Seconds of each call, one after the other again and again; each that is short many times at once.

    How often is decided for each by itself: beside one that takes long, all would else be timed with cold caches.
    """
    once = [min(_seconds(call, 1) for _ in range(2)) for call in calls]
    repeats = [max(1, int(0.002 / seconds)) for seconds in once]
    longest = max(seconds * many for seconds, many in zip(once, repeats, strict=True))
    found: list[list[float]] = [[] for _ in calls]
    for _ in range(min(max(ROUNDS, int(SECONDS / longest)), 200)):
        for call, times, many in zip(calls, found, repeats, strict=True):
            times.append(_seconds(call, many))
    return found


def _seconds(call: Callable[[], Any], repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def _check(ours: Any, theirs: Any, dtype: str) -> None:
    tolerance = 1e-8 if dtype == "float64" else 2e-2
    np.testing.assert_allclose(ours[0], theirs[0], rtol=tolerance)
    for name, gradient in ours[1].items():
        np.testing.assert_allclose(gradient, theirs[1][name], rtol=0, atol=tolerance * np.abs(gradient).max())


def main(arguments: list[str]) -> int:
    """Print the table, row by row, and write it."""
    threads = int(arguments[0]) if arguments else THREADS
    with threadpool_limits(threads):
        write_measured("Lowering", INTRODUCTION, rows(), threads)
    return 0


INTRODUCTION = """One value and gradient: the lowered module, the best NumPy by hand (`by_hand.py`, `by_hand_deep.py`,
in place, in buffers made once, nothing checked), and the matrix products alone. Medians in milliseconds, the
three timed in turn; a ratio is the median of those within the rounds.

Both find maxima, sums and products by the same idioms. The code by hand does less: it checks nothing, it hands out the
same result arrays each time, relies on targets that sum to one, and loses the digits of shares that are nearly 1. That
is 1 to 5 µs of a call, which count with few rows. Over a million rows tiles make the lowered module faster: the buffers
of the code by hand do not fit the cache. The products alone are the smaller part of narrow
problems, where exponentials and passes over n × 10 numbers count."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
