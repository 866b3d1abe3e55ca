"""Which gradient checkers catch which error: ours, torch.autograd.gradcheck, jax check_grads, HIPS autograd's.

Six errors are put into the right gradient of logistic regression, one after the other. A checker is given the function
with that gradient and keeps its own defaults. What is not installed is said to be so.

python -m benchmarks.checkers
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from derive.catalog import find
from lowering.checks import checks
from lowering.loading import loaded_source
from lowering.lower import lowering

Error = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]  # of θ, X, y


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def right(theta: Any, X: Any, y: Any) -> Any:
    return X.T @ (y - sigmoid(X @ theta))


def one_component(theta: Any, X: Any, y: Any) -> Any:
    found = right(theta, X, y)
    found[1] += 5e-6
    return found


def small_epsilon(theta: Any, X: Any, y: Any) -> Any:
    p = sigmoid(X @ theta)
    return X.T @ ((y / (p + 1e-7) - (1 - y) / (1 - p + 1e-7)) * p * (1 - p))


ERRORS: dict[str, Error] = {
    "none": right,
    "times 1.0005": lambda theta, X, y: 1.0005 * right(theta, X, y),
    "+5e-6 in one component": one_component,
    "1e-7 in a denominator": small_epsilon,
    "a missing sample": lambda theta, X, y: right(theta, X[:-1], y[:-1]),
    "a transposed factor": lambda theta, X, y: X @ (y - sigmoid(X @ theta)),  # fits square X alone
    "a sign": lambda theta, X, y: -right(theta, X, y),
}


def point() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As many samples as features, so that a transposed factor fits."""
    rng = np.random.default_rng(0)
    return rng.standard_normal(4), rng.standard_normal((4, 4)), (rng.random(4) > 0.5).astype(float)


def ours(error: Error) -> bool:
    found = lowering(find("logistic-regression"), dtype="float64", backend="numpy")
    module = loaded_source(found.source)

    def value_and_grad(params: Any, data: Any) -> Any:
        value = module.value(params, data)
        wrong = error(params["theta"].astype(float), data["x"].astype(float), data["y"].astype(float))
        return value, {"theta": np.asarray(wrong, params["theta"].dtype)}

    with np.errstate(all="ignore"):
        other = ModuleType(module.__name__)
        vars(other).update({**vars(module), "value_and_grad": value_and_grad})
        done = checks(other, found.computable.named)
    ordinary = [c for c in done if c.logits is None and c.dtype == "float64"]  # what is stable is another question
    return not all(c.passed for c in ordinary)


def torch_gradcheck(error: Error) -> bool:
    import torch

    theta, X, y = point()

    class Objective(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, at: Any) -> Any:
            ctx.save_for_backward(at)
            z = torch.from_numpy(X) @ at
            return (torch.from_numpy(y) * z - torch.logaddexp(torch.zeros_like(z), z)).sum()

        @staticmethod
        def backward(ctx: Any, cotangent: Any) -> Any:
            return cotangent * torch.from_numpy(error(ctx.saved_tensors[0].numpy(), X, y))

    at = torch.from_numpy(theta).requires_grad_()
    return not torch.autograd.gradcheck(Objective.apply, (at,), raise_exception=False)


def jax_check_grads(error: Error, wide: bool) -> bool:
    import jax
    import jax.numpy as jnp
    from jax.test_util import check_grads

    theta, X, y = point()
    with jax.enable_x64(wide):

        @jax.custom_vjp
        def objective(at: Any) -> Any:
            z = jnp.asarray(X) @ at
            return (jnp.asarray(y) * z - jnp.logaddexp(0, z)).sum()

        def backward(at: Any, cotangent: Any) -> Any:
            kind = jax.ShapeDtypeStruct(at.shape, at.dtype)
            wrong = jax.pure_callback(lambda a: np.asarray(error(np.asarray(a, float), X, y), a.dtype), kind, at)
            return (cotangent * wrong,)

        objective.defvjp(lambda at: (objective(at), at), backward)
        return _raises(lambda: check_grads(objective, (jnp.asarray(theta),), order=1, modes=["rev"]))


def hips_check_grads(error: Error) -> bool:
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    theta, X, y = point()

    @primitive
    def objective(at: Any) -> Any:
        z = X @ at
        return (y * z - np.logaddexp(0, z)).sum()

    defvjp(objective, lambda answer, at: lambda g: g * error(at, X, y))
    return _raises(lambda: check_grads(objective, modes=["rev"], order=1)(theta))


def _raises(action: Callable[[], object]) -> bool:
    try:
        action()
    except AssertionError:
        return True
    return False


CHECKERS: dict[str, Callable[[Error], bool]] = {
    "gradproof": ours,
    "torch gradcheck": torch_gradcheck,
    "jax float64": lambda error: jax_check_grads(error, wide=True),
    "jax float32": lambda error: jax_check_grads(error, wide=False),
    "HIPS autograd": hips_check_grads,
}


def verdict(checker: Callable[[Error], bool], error: Error) -> str:
    try:
        return "caught" if checker(error) else "passes"
    except ModuleNotFoundError:
        return "not installed"


def main() -> int:
    """Print the table; 1 if ours misses an error or accuses what is right."""
    print(f"{'error':24}" + "".join(f"{name:>17}" for name in CHECKERS))
    wrong = 0
    for name, error in ERRORS.items():
        found = [verdict(checker, error) for checker in CHECKERS.values()]
        wrong += found[0] != ("passes" if name == "none" else "caught")
        print(f"{name:24}" + "".join(f"{v:>17}" for v in found), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
