"""How the cost of a derivation grows with depth, beside SymPy's own `diff` of the expanded expression."""

from __future__ import annotations

import time
from collections.abc import Iterator

from sympy import Symbol, exp

from derive.backprop import partial
from derive.model import Model
from derive.rows.catalogue.networks import deep

DEPTHS = (1, 3, 10, 30, 100)
MOST_SECONDS = 20.0


def rows() -> Iterator[tuple[str, ...]]:
    """One row a depth: layers, seconds, milliseconds a derivative, operations in the results, SymPy's."""
    yield "layers", "derivatives", "seconds", "ms each", "operations", "SymPy diff, s", "its operations"
    alive = True
    for layers in DEPTHS:
        seconds, count, operations = _ours(deep(layers))
        theirs = _theirs(layers) if alive else None
        alive = theirs is not None and theirs[0] < MOST_SECONDS / 10
        shown = (f"{theirs[0]:.2f}", str(theirs[1])) if theirs else ("given up", "")
        yield str(layers), str(count), f"{seconds:.2f}", f"{1000 * seconds / count:.1f}", str(operations), *shown


def _ours(model: Model) -> tuple[float, int, int]:
    """All derivatives of the objective, by names and parameters, each proved."""
    objective = model.quantities[model.objective].at()
    wanted = [q for q in model.quantities.values() if q.name in model.ancestors[model.objective]]
    start = time.perf_counter()
    derivations = [partial(model, objective, q.at()) for q in wanted]
    seconds = time.perf_counter() - start
    unproved = [d.target for d in derivations if d.verdict != "proved"]
    if unproved:
        raise AssertionError(f"not proved: {unproved}")
    return seconds, len(wanted), sum(int(d.result.count_ops()) for d in derivations)


def _theirs(layers: int) -> tuple[float, int] | None:
    """`diff` of the same network of one unit a layer, written out, by each of its weights."""
    value = Symbol("x")
    weights = [Symbol(f"w{k}") for k in range(layers)]
    for weight in weights:
        value = 1 / (1 + exp(-weight * value))
    start = time.perf_counter()
    operations = 0
    for weight in weights:
        operations += int(((value - Symbol("y")) ** 2).diff(weight).count_ops())
        if time.perf_counter() - start > MOST_SECONDS:
            return None
    return time.perf_counter() - start, operations
