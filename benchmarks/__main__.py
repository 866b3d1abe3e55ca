"""Run the benchmarks and print their tables: `python -m benchmarks [NAME …]`."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator

from . import catalogue, depth, lowered, matrices

TABLES: dict[str, Callable[[], Iterator[tuple[str, ...]]]] = {
    "depth": depth.rows,
    "catalogue": catalogue.rows,
    "lowered": lowered.rows,
    "matrices": matrices.rows,
}


def main(names: list[str]) -> int:
    """Print the tables that are named, or all of them."""
    unknown = [n for n in names if n not in TABLES]
    if unknown:
        print(f"no benchmark is called {unknown[0]!r}; there are {', '.join(TABLES)}", file=sys.stderr)
        return 2
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    for name in names or TABLES:
        rows = list(TABLES[name]())
        widths = [max(len(r[k]) for r in rows) for k in range(len(rows[0]))]
        print(
            f"{name}\n" + "\n".join("  ".join(c.rjust(w) for c, w in zip(r, widths, strict=True)) for r in rows) + "\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
