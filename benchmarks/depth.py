"""How the cost of a derivation grows with depth, beside SymPy's own `diff` of the expanded expression.

Each depth is measured in a process of its own, so that no cache is warm, in seconds of processor time.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator

from sympy import Basic, Symbol, exp

from derive.backprop import partial
from derive.rows.catalogue.networks import deep

DEPTHS = (1, 3, 10, 30, 100, 300, 1000)
MOST_SECONDS = 60.0  # for SymPy's diff

Measured = tuple[float, int, int]  # seconds, derivatives, size of the results


def rows() -> Iterator[tuple[str, ...]]:
    """One row a depth: layers, derivatives, seconds, milliseconds and nodes a derivative, nodes in all, SymPy's."""
    yield "layers", "derivatives", "seconds", "ms each", "nodes each", "nodes", "SymPy diff, s", "its nodes"
    alive = True
    for layers in DEPTHS:
        seconds, count, nodes = _apart(ours, layers) or (0.0, 0, 0)
        theirs = _apart(sympys, layers) if alive else None
        alive = theirs is not None
        shown = (f"{theirs[0]:.2f}", str(theirs[2])) if theirs else ("given up", "")
        each = f"{1000 * seconds / count:.1f}", f"{nodes / count:.1f}"
        yield str(layers), str(count), f"{seconds:.2f}", *each, str(nodes), *shown


def _apart(measure: Callable[[int], Measured | None], layers: int) -> Measured | None:
    """A measurement in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (layers,))


def ours(layers: int) -> Measured:
    """All derivatives of the objective, by names and parameters, each proved, and the nodes of all results.

    Raises: AssertionError: if one is not proved.
    """
    model = deep(layers)
    start = time.process_time()
    objective = model.quantities[model.objective].at()
    above = model.ancestors[model.objective]
    derivations = [partial(model, objective, q.at()) for q in model.quantities.values() if q.name in above]
    seconds = time.process_time() - start
    unproved = [d.target for d in derivations if d.verdict != "proved"]
    if unproved:
        raise AssertionError(f"not proved: {unproved}")
    return seconds, len(derivations), sum(_nodes(d.result) for d in derivations)


def sympys(layers: int) -> Measured | None:
    """`diff` of the same network of one unit a layer, written out, by its weights; None if it takes too long."""
    sys.setrecursionlimit(100_000)  # its own caches keep it below the usual limit on some runs, not on others
    value = Symbol("x")
    weights = [Symbol(f"w{k}") for k in range(layers)]
    for weight in weights:
        value = 1 / (1 + exp(-weight * value))
    loss = (value - Symbol("y")) ** 2
    start = time.process_time()
    nodes = 0
    for weight in weights:
        nodes += _nodes(loss.diff(weight))
        if time.process_time() - start > MOST_SECONDS:
            return None
    return time.process_time() - start, layers, nodes


def _nodes(expr: Basic) -> int:
    """The nodes of the tree: what one would have to write."""
    return 1 + sum(_nodes(a) for a in expr.args)
