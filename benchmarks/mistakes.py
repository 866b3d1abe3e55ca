"""Every mistake in every row of the catalogue that changes a number: how many are proved all the same (none may be).

python -m benchmarks.mistakes [NAME …]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from mistakes import in_definitions, in_results

from derive.catalog import all_models, find


def main(names: list[str]) -> int:
    """Print a line a row; 1 if a mistake was proved."""
    proved = 0
    print(f"{'row':28} {'in results':>12} {'in definitions':>15} {'proved':>7}")
    for model in [find(name) for name in names] or all_models():
        counts, wrong = [], []
        for mistakes in (in_results, in_definitions):
            found = list(mistakes(model))
            counts.append(len(found))
            wrong += [m for m in found if not m.caught]
        proved += len(wrong)
        print(f"{model.name:28} {counts[0]:12} {counts[1]:15} {len(wrong):7}", flush=True)
        for mistake in wrong:
            print(f"    {mistake.name}: {mistake.target} = {mistake.result}")
    return 1 if proved else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
