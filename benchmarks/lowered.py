"""The time of lowering each system of the catalogue: its module alone, and with the proofs and checks of a certificate.

Each system has a process of its own, in which all is imported and nothing is lowered. Checks against JAX and PyTorch,
where they are installed, are left out: most of their time is those libraries' own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from derive.catalog import all_models, find
from lowering.certificate import certified
from lowering.checks import checks
from lowering.loading import loaded_source
from lowering.lower import lowering, proved_partials
from lowering.program import LoweringError

from .apart import apart

MOST_SECONDS = 60.0  # by the clock


def rows() -> Iterator[tuple[str, ...]]:
    """One row a system: seconds of processor time for the module, and for module and certificate; then the most."""
    yield "system", "module s", "with certificate s"
    longest = (0.0, "")
    for model in all_models():
        found = apart(measured, model.name, most=MOST_SECONDS, imported=True)
        if found is None:
            yield model.name, "not lowered", ""
            continue
        alone, whole = found
        longest = max(longest, (whole, model.name))
        yield model.name, f"{alone:.2f}", f"{whole:.2f}"
    yield f"longest: {longest[1]}", "", f"{longest[0]:.2f}"


def measured(name: str) -> tuple[float, float] | None:
    """Seconds for the module and for all; None for what has no array form."""
    model = find(name)
    start = time.process_time()
    try:
        stages = lowering(model, dtype="float64", backend="numpy")
    except LoweringError:
        return None
    alone = time.process_time() - start
    certified(
        model=stages.over_data,
        computable=stages.computable,
        partials=proved_partials(stages),
        checks=checks(loaded_source(stages.source), stages.computable.named),
        dtype="float64",
        backend="numpy",
        source=stages.source,
    )
    return alone, time.process_time() - start
