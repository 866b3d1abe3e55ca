"""The tables of RESULTS.md: a section each, with the machine it was measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).with_name("RESULTS.md")
Rows = Sequence[tuple[str, ...]]


def write_section(title: str, introduction: str, measured_on: str, rows: Rows, note: str = "") -> None:
    """Put a table in the place of the section with this title, or at the end; its first row is the head."""
    head, *others = ("| " + " | ".join(row) + " |" for row in rows)
    table = "\n".join((head, "|---" * len(rows[0]) + "|", *others))
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n"
    before, _, rest = text.partition(f"\n## {title}\n")
    after = rest.partition("\n## ")
    other = f"\n## {after[2]}" if after[1] else ""
    parts = (introduction, f"Measured on {measured_on}.", table, *((note,) if note else ()))
    RESULTS.write_text(f"{before}\n## {title}\n\n" + "\n\n".join(parts) + f"\n{other}", encoding="utf-8")


def write_measured(title: str, introduction: str, rows: Iterable[tuple[str, ...]], threads: int) -> None:
    """Print a table row by row, as it is measured, and write its section."""
    measured_on, found = machine(threads), []
    for row in rows:
        print("  ".join(row), flush=True)
        found.append(row)
    write_section(title, introduction, measured_on, found)


def machine(threads: int) -> str:
    """The processor, the number of threads and the versions, in one line."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, {threads} threads for products, "
        f"Python {platform.python_version()}, NumPy {np.__version__}{load}"
    )
