"""Lowered code beside other libraries: `python -m benchmarks.beside [THREADS]`, with those that are installed.

One value and gradient, the libraries timed in turn in one process once all agree. The table has medians in
milliseconds of the lowered module, and its time in parts of that of each other; it is written to RESULTS.md.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from typing import Any

from derive.catalog import find
from derive.model import Model

from . import arrays, objectives
from .arrays import Made
from .networks import network
from .objectives import Library

THREADS = 2
Arrays = Mapping[str, Any]
Called = Callable[[], tuple[Any, Arrays]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A model, its objective in the words of others, and sizes; `data` makes arrays at sizes."""

    name: str
    model: Callable[[], Model]
    objective: Callable[[Library, Arrays, Arrays], Any]
    data: Made
    sizes: tuple[dict[str, int], ...]


CASES = (
    Case(
        name="logistic regression",
        model=lambda: find("logistic-regression"),
        objective=objectives.logistic,
        data=arrays.rows("m_x"),
        sizes=tuple({"n": 10**k, "m_x": 63} for k in (3, 4, 5, 6)),
    ),
    Case(
        name="softmax regression",
        model=lambda: find("softmax-regression"),
        objective=objectives.softmax,
        data=arrays.rows("d"),
        sizes=tuple({"n": 10**k, "d": 64, "C": 10} for k in (3, 4, 5, 6)),
    ),
    Case(
        name="network",
        model=network,
        objective=objectives.network,
        data=arrays.rows("D"),
        sizes=tuple(
            {"n": n, "D": D, "H": H, "C": 10}
            for n, D, H in ((1, 64, 16), (64, 64, 16), (1024, 784, 256), (8192, 784, 256))
        ),
    ),
    Case(
        name="convolutional network",
        model=lambda: find("convolutional-network"),
        objective=objectives.convolutional,
        data=arrays.images,
        sizes=({"n": 64, "R": 12, "C": 12, "F": 6, "O": 16, "H": 64, "K": 10},),
    ),
    Case(
        name="LSTM",
        model=lambda: find("lstm-classifier"),
        objective=objectives.lstm,
        data=arrays.sequences,
        sizes=({"n": 64, "T": 28, "d": 28, "H": 64, "K": 10},),
    ),
    Case(
        name="attention",
        model=lambda: find("multi-head-attention"),
        objective=objectives.attention,
        data=arrays.tokens,
        sizes=({"n": 8, "T": 128, "d": 64, "H": 4, "m": 16},),
    ),
)


# -- the others ------------------------------------------------------------------------------------


def torch_call(case: Case, params: Arrays, data: Arrays) -> Called:
    """PyTorch, eager."""
    import torch

    def convolved(x: Any, w: Any) -> Any:
        return torch.nn.functional.conv2d(x[:, None], w[:, None], stride=2)

    lib = Library(
        np=torch,
        log_sum_exp=lambda z: torch.logsumexp(z, -1, keepdim=True),
        softplus=torch.nn.functional.softplus,
        convolved=convolved,
    )
    held = {k: torch.tensor(v, requires_grad=True) for k, v in params.items()}
    given = {k: torch.tensor(v) for k, v in data.items()}

    def run() -> tuple[Any, Arrays]:
        value = case.objective(lib, held, given)
        grads = torch.autograd.grad(value, list(held.values()))
        return value.detach().numpy(), {k: g.numpy() for k, g in zip(held, grads, strict=True)}

    return run


def jax_call(case: Case, params: Arrays, data: Arrays) -> Called:
    """JAX, compiled."""
    import jax

    jax.config.update("jax_enable_x64", True)

    def convolved(x: Any, w: Any) -> Any:
        return jax.lax.conv_general_dilated(x[:, None], w[:, None], (2, 2), "VALID")

    lib = Library(
        np=jax.numpy,
        log_sum_exp=lambda z: jax.scipy.special.logsumexp(z, -1, keepdims=True),
        softplus=jax.nn.softplus,
        convolved=convolved,
    )
    compiled = jax.jit(jax.value_and_grad(lambda p, d: case.objective(lib, p, d)))
    held, given = jax.device_put(dict(params)), jax.device_put(dict(data))
    return lambda: jax.block_until_ready(compiled(held, given))


def autograd_call(case: Case, params: Arrays, data: Arrays) -> Called | None:
    """HIPS autograd; it has no convolution that is worth the name."""
    import autograd.numpy as anp
    from autograd import value_and_grad
    from autograd.scipy.special import logsumexp

    if case.objective is objectives.convolutional:
        return None
    lib = Library(
        np=anp,
        log_sum_exp=lambda z: logsumexp(z, -1, keepdims=True),
        softplus=lambda z: anp.logaddexp(0.0, z),
        convolved=None,
    )
    differentiated = value_and_grad(lambda p: case.objective(lib, p, data))
    return lambda: differentiated(dict(params))


def pytensor_call(case: Case, params: Arrays, data: Arrays) -> Called | None:
    """PyTensor, compiled; its loops are written in another way than these objectives have them."""
    if case.objective in (objectives.convolutional, objectives.lstm):
        return None
    import pytensor
    import pytensor.tensor as pt

    lib = Library(
        np=pt, log_sum_exp=lambda z: pt.logsumexp(z, axis=-1, keepdims=True), softplus=pt.softplus, convolved=None
    )
    held = {k: pytensor.shared(v, k) for k, v in params.items()}
    given = {k: pytensor.shared(v, k) for k, v in data.items()}
    value = case.objective(lib, held, given)
    compiled = pytensor.function([], [value, *pytensor.grad(value, list(held.values()))])

    def run() -> tuple[Any, Arrays]:
        found, *grads = compiled()
        return found, dict(zip(held, grads, strict=True))

    return run


def lambdify_call(case: Case, params: Arrays, data: Arrays) -> Called | None:
    """SymPy's `lambdify` of the sums of logistic regression, each a loop of Python; a thousand points are enough."""
    if case.objective is not objectives.logistic or len(data["y"]) > 1000:
        return None
    import sympy

    n, m, s, i, j = sympy.symbols("n m s i j", integer=True)
    x, y, theta = (sympy.IndexedBase(name) for name in ("x", "y", "theta"))
    z = sympy.Sum(theta[i] * x[s, i], (i, 0, m - 1))
    value = sympy.Sum(y[s] * z - sympy.log(1 + sympy.exp(z)), (s, 0, n - 1))
    slope = sympy.Sum((y[s] - 1 / (1 + sympy.exp(-z))) * x[s, j], (s, 0, n - 1))
    arguments = (theta, x, y, n, m)
    one, other = sympy.lambdify(arguments, value), sympy.lambdify((*arguments, j), slope)
    given = (params["theta"], data["x"], data["y"], *data["x"].shape)

    def run() -> tuple[Any, Arrays]:
        import numpy as np

        return one(*given), {"theta": np.array([other(*given, k) for k in range(given[-1])])}

    return run


OTHERS: tuple[tuple[str, str, Callable[[Case, Arrays, Arrays], Called | None]], ...] = (
    ("PyTorch eager", "torch", torch_call),
    ("JAX jit", "jax", jax_call),
    ("autograd", "autograd", autograd_call),
    ("PyTensor", "pytensor", pytensor_call),
    ("lambdify", "sympy", lambdify_call),
)


# -- measuring -------------------------------------------------------------------------------------


def rows() -> Iterator[tuple[str, ...]]:
    """A row for each case, sizes and dtype."""
    from lowering.loading import loaded_source
    from lowering.lower import lowering

    there = [other for other in OTHERS if find_spec(other[1]) is not None]
    yield ("what", "sizes", "dtype", "lowered ms", *(f"/ {name}" for name, _, _ in there))
    for case in CASES:
        module = loaded_source(lowering(case.model(), dtype="float64", backend="numpy").source)
        for sizes in case.sizes:
            for dtype in ("float64", "float32"):
                written = ", ".join(f"{k} = {v}" for k, v in sizes.items())
                yield case.name, written, dtype, *measured(case, module, sizes, dtype, [call for *_, call in there])


def measured(case: Case, module: Any, sizes: dict[str, int], dtype: str, others: list[Any]) -> tuple[str, ...]:
    """The median of the lowered module in ms, and what part it is of the others'."""
    import numpy as np

    from .lowering import in_turn, ratio

    rng = np.random.default_rng(0)
    params = {k: v.astype(dtype) for k, v in module.init(sizes, rng).items()}
    data = {k: v.astype(dtype) for k, v in case.data(rng, sizes).items()}
    calls = [other(case, params, data) for other in others]
    wanted = module.value_and_grad(params, data)
    for call in (call for call in calls if call is not None):
        _agree(call(), wanted, 1e-8 if dtype == "float64" else 1e-2)
    ours, *theirs = in_turn([lambda: module.value_and_grad(params, data), *(c for c in calls if c is not None)])
    ratios = iter(f"{ratio(ours, t):.2g}" for t in theirs)
    return f"{1000 * median(ours):.3g}", *("" if call is None else next(ratios) for call in calls)


def _agree(found: tuple[Any, Arrays], wanted: tuple[Any, Arrays], tolerance: float) -> None:
    import numpy as np

    np.testing.assert_allclose(found[0], wanted[0], rtol=tolerance)
    for name, gradient in wanted[1].items():
        np.testing.assert_allclose(found[1][name], gradient, rtol=0, atol=tolerance * np.abs(gradient).max())


def main(arguments: list[str]) -> int:
    """Print the table, row by row, and write it."""
    threads = int(arguments[0]) if arguments else THREADS
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)  # before any of the libraries is imported
    os.environ["XLA_FLAGS"] = (
        f"--xla_cpu_multi_thread_eigen={str(threads > 1).lower()} intra_op_parallelism_threads={threads}"
    )
    from .writing import write_measured

    write_measured("Beside other libraries", INTRODUCTION, rows(), threads)
    return 0


INTRODUCTION = """One value and gradient, compiled before where a library compiles, the libraries timed in turn in one
process. The columns with a stroke are the time of the lowered module in parts of theirs: below 1 it is faster. The
objectives as the others have them are in `objectives.py`. Where the matrix products take nearly all of the time, as in
the network of 8,192 points, nothing that calls the same products can be much faster or slower than another; what is
left there is how well each library's products suit the machine."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
