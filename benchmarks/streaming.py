"""Memory of training on rows in a file: `python -m benchmarks.streaming [ROWS …]`, by default 10^5 to 10^7.

Logistic regression in float32 by gradient steps over batches, one epoch, in a process of its own for each number of
rows; the table is printed and written to RESULTS.md. The files are in the folder for temporary files while it runs.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from .writing import machine, write_section

COLUMNS = 20
ROWS = (10**5, 10**6, 10**7)
HEAD = ("rows", "file in MB", "peak of the process in MB", "before any data in MB", "seconds an epoch", "held out")
INTRODUCTION = """Logistic regression over columns of NPY files, which are read as they are needed: all is looked
at once to check it, then come one epoch of batches of 4,096 points, and the objective over all points before and
after. Each line is a process of its own."""


def written(folder: Path, rows: int) -> None:
    """The two files, a part at a time."""
    rng = np.random.default_rng(0)
    theta = rng.standard_normal(COLUMNS, np.float32)
    x = np.lib.format.open_memmap(folder / "X.npy", "w+", np.float32, (rows, COLUMNS))
    y = np.lib.format.open_memmap(folder / "y.npy", "w+", np.float32, (rows,))
    for first in range(0, rows, 10**5):
        part = rng.standard_normal((min(10**5, rows - first), COLUMNS), np.float32)
        x[first : first + 10**5] = part
        y[first : first + 10**5] = part @ theta + rng.standard_normal(len(part), np.float32) > 0


def trained(folder: Path) -> None:
    """One epoch; prints the memory before and at most, in MB, the seconds, and the share predicted right."""
    from derive.catalog import find
    from gradproof.training import prepare, train_model
    from lowering.lower import lower
    from lowering.train import Settings

    model = find("logistic-regression")
    lowered, before = lower(model, dtype="float32"), _peak()
    start = time.perf_counter()
    settings = Settings(optimizer="sgd", batch_size=4096, epochs=1, step=1.0)
    run = train_model(model, lowered, prepare(model, str(folder), settings=settings)).run
    seconds, right = time.perf_counter() - start, run.history[-1].validation_accuracy
    print(f"{_peak():.0f} {before:.0f} {seconds:.0f} {right:.1%}")


def _peak() -> float:
    """The most memory that this process has held, in MB; `ru_maxrss` is at least that of the process that began it."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    found = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return float(found[0] if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024


def row(rows: int) -> tuple[str, ...]:
    """What a process of its own says of so many rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder, rows)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        command = [sys.executable, "-m", "benchmarks.streaming", str(folder)]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        return (str(rows), f"{size:.0f}", *found)


def main(arguments: list[str]) -> int:
    """Print the table and write it; or, given a folder, train on it."""
    if arguments and not arguments[0].isdecimal():
        trained(Path(arguments[0]))
        return 0
    lines = [HEAD]
    for rows in map(int, arguments or ROWS):
        lines.append(row(rows))
        print("  ".join(lines[-1]), flush=True)
    write_section("Streaming", INTRODUCTION, machine(1), lines)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
