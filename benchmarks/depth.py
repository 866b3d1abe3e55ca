"""How the cost of a derivation grows with depth, beside SymPy's own `diff` of the expanded expression.

Each depth is measured in a process of its own, so that no cache is warm, in seconds of processor time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from sympy import Basic, Symbol, exp

from derive.backprop import partial
from derive.rows.catalogue.networks import deep

from .apart import apart

DEPTHS = (1, 3, 10, 30, 100, 300, 1000)
MOST_SECONDS = 200.0  # by the clock, for all derivatives with all proofs
MOST_SECONDS_OF_SYMPY = 30.0

Measured = tuple[float, int, int]  # seconds, derivatives, size of the results


def rows() -> Iterator[tuple[str, ...]]:
    """One row a depth: layers, derivatives, seconds, milliseconds and nodes a derivative, nodes in all, SymPy's."""
    yield "layers", "derivatives", "seconds", "ms each", "nodes", "nodes each", "SymPy diff, s", "its nodes"
    survives = True
    for layers in DEPTHS:
        found = apart(ours, layers, most=MOST_SECONDS)
        theirs = apart(sympys, layers, most=MOST_SECONDS_OF_SYMPY) if survives else None
        survives = theirs is not None
        last = (f"{theirs[0]:.2f}", str(theirs[2])) if theirs else ("given up", "")
        yield str(layers), *(_shown(*found) if found else ("", "given up", "", "", "")), *last


def _shown(seconds: float, count: int, nodes: int) -> tuple[str, ...]:
    return str(count), f"{seconds:.2f}", f"{1000 * seconds / count:.1f}", str(nodes), f"{nodes / count:.1f}"


def ours(layers: int) -> Measured:
    """All derivatives of the objective, by names and parameters, each proved, and the nodes of all results.

    The seconds begin before the network is built.

    Raises: AssertionError: if one is not proved.
    """
    start = time.process_time()
    model = deep(layers)
    objective = model.quantities[model.objective].at()
    above = model.ancestors[model.objective]
    derivations = [partial(model, objective, q.at()) for q in model.quantities.values() if q.name in above]
    seconds = time.process_time() - start
    unproved = [d.target for d in derivations if d.verdict != "proved"]
    if unproved:
        raise AssertionError(f"not proved: {unproved}")
    return seconds, len(derivations), sum(_nodes(d.result) for d in derivations)


def sympys(layers: int) -> Measured:
    """`diff` of the same network of one unit a layer, written out, by its weights."""
    sys.setrecursionlimit(100_000)  # its own caches keep it below the usual limit on some runs, not on others
    value = Symbol("x")
    weights = [Symbol(f"w{k}") for k in range(layers)]
    for weight in weights:
        value = 1 / (1 + exp(-weight * value))
    loss = (value - Symbol("y")) ** 2
    start = time.process_time()
    nodes = sum(_nodes(loss.diff(weight)) for weight in weights)
    return time.process_time() - start, layers, nodes


def _nodes(expr: Basic) -> int:
    """The nodes of the tree: what one would have to write."""
    return 1 + sum(_nodes(a) for a in expr.args)
