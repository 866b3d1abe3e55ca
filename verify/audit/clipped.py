"""Whether numbers are those of a gradient whose components are cut off at some limit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .seen import Seen, same


def limit(seen: Sequence[Seen], names: Sequence[str]) -> float | None:
    """The c of min(max(g, −c), c) that was seen in every component at every point; None if it was not.

    Args:
        seen: the numbers.
        names: parameters whose gradients nothing else explains.
    """
    pairs = [(s.got[n], s.truth[n]) for s in seen for n in names if n in s.got]
    if not pairs or any(got.shape != truth.shape for got, truth in pairs):
        return None
    c = max(float(np.abs(got).max(initial=0.0)) for got, _ in pairs)
    beyond = sum(int((np.abs(truth) > c).sum()) for _, truth in pairs)
    within = sum(int((np.abs(truth) < c).sum()) for _, truth in pairs)
    right = c > 0 and all(same(got, np.clip(truth, -c, c)) for got, truth in pairs)
    return c if right and beyond > 1 and within > 1 else None
