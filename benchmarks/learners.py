"""Training beside scikit-learn: `python -m benchmarks.learners [THREADS]`, one solve or a few epochs, timed in turn.

Both begin with what they begin with, and end at the same objective to a thousandth where they solve.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from derive.catalog import find
from lowering.loading import loaded_source
from lowering.lower import lowering
from lowering.train import Settings, train

from .lowering import in_turn, ratio
from .networks import network
from .writing import write_measured

THREADS, EPOCHS = 2, 5
HEAD = ("what", "sizes", "ours ms", "scikit-learn ms", "ours / theirs")
INTRODUCTION = f"""One solve of logistic regression by L-BFGS, {EPOCHS} epochs of Adam over batches of 128, with a layer
of tanh. Ours goes to a gradient of 1e-10, theirs to 1e-6. Both record the objective as the batches met it
(`--running`); without that ours computes objective and predictions over all points after each epoch, which takes as
long again."""
Pair = tuple[Callable[[], Any], Callable[[], Any]]


def solve(points: int, columns: int) -> Pair:
    """Logistic regression to its optimum."""
    rng = np.random.default_rng(0)
    x = np.hstack([np.ones((points, 1)), rng.standard_normal((points, columns))])
    y = (x @ rng.standard_normal(columns + 1) + 3 * rng.standard_normal(points) > 0).astype(float)
    module = loaded_source(lowering(find("logistic-regression"), dtype="float64", backend="numpy").source)
    plan = Settings(optimizer="lbfgs", epochs=500, running=True)
    theirs = LogisticRegression(C=np.inf, fit_intercept=False, solver="lbfgs", tol=1e-6, max_iter=500)

    def ours() -> Any:
        return train(module, {"x": x, "y": y}, settings=plan).params["theta"]

    first, second = (module.value({"theta": theta}, {"x": x, "y": y}) for theta in (ours(), theirs.fit(x, y).coef_[0]))
    np.testing.assert_allclose(first, second, rtol=1e-3)
    return ours, lambda: theirs.fit(x, y)


def epochs(points: int, columns: int, hidden: int) -> Pair:
    """A few epochs of a network for ten classes."""
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((points, columns)), rng.integers(0, 10, points)
    module = loaded_source(lowering(network(), dtype="float64", backend="numpy").source)
    data, plan = (
        {"x": x, "y": np.eye(10)[labels]},
        Settings(optimizer="adam", batch_size=128, epochs=EPOCHS, step=1e-3, running=True),
    )

    def theirs() -> Any:
        options: dict[str, Any] = {"activation": "tanh", "batch_size": 128, "max_iter": EPOCHS, "alpha": 0.0}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that so few epochs are not enough
            return MLPClassifier(hidden_layer_sizes=(hidden,), **options).fit(x, labels)

    return lambda: train(module, data, settings=plan, sizes={"H": hidden}), theirs


def rows() -> Iterator[tuple[str, ...]]:
    """A row for each problem."""
    yield HEAD
    for points in (10**3, 10**4, 10**5):
        yield "logistic regression, a solve", f"n = {points}, m_x = 63", *_measured(solve(points, 63))
    for points, columns, hidden in ((10**3, 64, 16), (10**4, 64, 64), (10**4, 784, 128)):
        sizes = f"n = {points}, D = {columns}, H = {hidden}, C = 10"
        yield f"network, {EPOCHS} epochs", sizes, *_measured(epochs(points, columns, hidden))


def _measured(pair: Pair) -> tuple[str, ...]:
    ours, theirs = in_turn(list(pair))
    return f"{1000 * median(ours):.3g}", f"{1000 * median(theirs):.3g}", f"{ratio(ours, theirs):.2f}"


def main(arguments: list[str]) -> int:
    """Print the table, row by row, and write it."""
    threads = int(arguments[0]) if arguments else THREADS
    with threadpool_limits(threads):
        write_measured("Beside scikit-learn", INTRODUCTION, rows(), threads)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
