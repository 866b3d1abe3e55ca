"""The time of each system of the catalogue: every gradient of its objective, with every proof, and every answer.

Each system has a process of its own, in which all is imported and nothing is derived.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from derive.backprop import partial
from derive.catalog import all_models, find

from .apart import apart

MOST_SECONDS = 60.0  # by the clock


def rows() -> Iterator[tuple[str, ...]]:
    """One row a system: its gradients, how many are proved, seconds of processor time, with answers; then the most."""
    yield "system", "gradients", "proved", "seconds", "with answers"
    longest, longest_with = (0.0, ""), (0.0, "")
    for model in all_models():
        found = apart(measured, model.name, most=MOST_SECONDS, imported=True)
        if found is None:
            yield model.name, "given up", "", "", ""
            continue
        gradients, proved, seconds, with_answers = found
        longest, longest_with = max(longest, (seconds, model.name)), max(longest_with, (with_answers, model.name))
        yield model.name, str(gradients), str(proved), f"{seconds:.2f}", f"{with_answers:.2f}"
    yield f"longest: {longest[1]}", "", "", f"{longest[0]:.2f}", ""
    yield f"longest with answers: {longest_with[1]}", "", "", "", f"{longest_with[0]:.2f}"


def measured(name: str) -> tuple[int, int, float, float]:
    """The gradients of a system, those that are proved, their seconds, and the seconds with all answers."""
    model = find(name)
    start = time.process_time()
    objective = model.quantities[model.objective].at()
    found = [partial(model, objective, q.at()) for q in model.parameters]
    seconds = time.process_time() - start
    for question in model.questions:
        question.answer(model)
    return len(found), sum(d.verdict == "proved" for d in found), seconds, time.process_time() - start
