"""The time of each system of the catalogue: every gradient of its objective, with every proof."""

from __future__ import annotations

import time
from collections.abc import Iterator

from derive.backprop import partial
from derive.catalog import all_models


def rows() -> Iterator[tuple[str, ...]]:
    """One row a system: its gradients, how many are proved, and seconds of processor time for all of them."""
    yield "system", "gradients", "proved", "seconds"
    for model in all_models():
        objective = model.quantities[model.objective].at()
        start = time.process_time()
        found = [partial(model, objective, q.at()) for q in model.parameters]
        seconds = time.process_time() - start
        proved = sum(d.verdict == "proved" for d in found)
        yield model.name, str(len(found)), str(proved), f"{seconds:.2f}"
