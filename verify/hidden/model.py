r"""A hidden Markov model with random probabilities, and what the usual letters mean in it, by summing over all paths.

α_t(i) = P(o_1, …, o_t, q_t = i), β_t(i) = P(o_{t+1}, …, o_T | q_t = i), γ_t(i) = P(q_t = i | O),
ξ_t(i, j) = P(q_t = i, q_{t+1} = j | O), δ_t(i) = max P(q_1, …, q_t = i, o_1, …, o_t).
Source: L. R. Rabiner, A tutorial on hidden Markov models, Proceedings of the IEEE 77 (1989).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

STATES, LENGTH = 3, 4
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What texts agree on less.

    Attributes:
        from_rows: whether a_{ij} leads from i to j, and not from j to i.
        with_own: whether α_t knows of o_t, and not of what comes before it only.
        after: whether β_t speaks of what comes after o_t only.
    """

    from_rows: bool = True
    with_own: bool = True
    after: bool = True


MEANINGS = tuple(
    Meaning(from_rows=rows, with_own=own, after=after)
    for rows, own, after in product((True, False), (True, False), (True, False))
)


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """The tables of a model; times count from 0 in them, and emission[i, t] is that of the symbol seen at t."""

    initial: Array
    transition: Array
    emission: Array
    forward: Array
    backward: Array
    posterior: Array
    pairs: Array
    best: Array
    evidence: float


def hidden_model(seed: int, meaning: Meaning) -> Hidden:
    """A model with random probabilities, with all its tables by enumeration of the paths."""
    random = np.random.default_rng(seed)
    initial, transition = random.dirichlet(np.ones(STATES)), random.dirichlet(np.ones(STATES), STATES)
    emission = random.uniform(0.1, 0.9, (STATES, LENGTH))
    forward, backward, best = (np.zeros((LENGTH, STATES)) for _ in range(3))
    posterior, pairs, evidence = np.zeros((LENGTH, STATES)), np.zeros((LENGTH, STATES, STATES)), 0.0
    for path in product(range(STATES), repeat=LENGTH):
        steps = [transition[a, b] for a, b in pairwise(path)]
        seen = [emission[state, t] for t, state in enumerate(path)]
        whole = float(initial[path[0]] * np.prod(steps) * np.prod(seen))
        evidence += whole
        for t, state in enumerate(path):
            reached = initial[path[0]] * np.prod(steps[:t]) * np.prod(seen[: t + 1])
            paths_on, paths_back = STATES ** (LENGTH - 1 - t), STATES**t
            forward[t, state] += (reached if meaning.with_own else reached / seen[t]) / paths_on
            backward[t, state] += np.prod(steps[t:]) * np.prod(seen[t + meaning.after :]) / paths_back
            best[t, state] = max(best[t, state], reached)
            posterior[t, state] += whole
            if t + 1 < LENGTH:
                pairs[t, state, path[t + 1]] += whole
    return Hidden(
        initial=initial,
        transition=transition if meaning.from_rows else transition.T,
        emission=emission,
        forward=forward,
        backward=backward,
        posterior=posterior / evidence,
        pairs=pairs / evidence,
        best=best,
        evidence=evidence,
    )
