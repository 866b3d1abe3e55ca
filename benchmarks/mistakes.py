"""Every mistake in every row of the catalogue that changes a number: how many are proved all the same (none may be).

Each row has a process and a limit of seconds of its own, so that the table always ends.

python -m benchmarks.mistakes [NAME …]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from mistakes import in_definitions, in_results

from derive.catalog import all_models, find

from .apart import apart

MOST_SECONDS = 600.0  # by the clock, for one row


def main(names: list[str]) -> int:
    """Print a line a row; 1 if a mistake was proved, or a row took too long."""
    failed = 0
    print(f"{'row':28} {'in results':>12} {'in definitions':>15} {'proved':>7}")
    for model in [find(name) for name in names] or all_models():
        found = apart(tried, model.name, most=MOST_SECONDS, imported=True)
        if found is None:
            failed += 1
            print(f"{model.name:28} given up after {MOST_SECONDS:.0f} s", flush=True)
            continue
        counts, wrong = found
        failed += len(wrong)
        print(f"{model.name:28} {counts[0]:12} {counts[1]:15} {len(wrong):7}", flush=True)
        for line in wrong:
            print(f"    {line}")
    return 1 if failed else 0


def tried(name: str) -> tuple[list[int], list[str]]:
    """How many mistakes in results and in definitions there are in a row, and those that are proved."""
    model, counts, wrong = find(name), list[int](), list[str]()
    for mistakes in (in_results, in_definitions):
        found = list(mistakes(model))
        counts.append(len(found))
        wrong += [f"{m.name}: {m.target} = {m.result}" for m in found if not m.caught]
    return counts, wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
