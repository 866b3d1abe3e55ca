"""What proof-reading is worth, in figures: `python -m benchmarks.checking [--most 8]`.

Measured are false alarms in correct notes, the time a formula takes (`speed`), false claims accepted, and the mutation
score by operator (`mutation`). With paths in the environment also:

- GRADPROOF_ERRATA: a file of JSON lines, each an error that authors have corrected: `id`, `core`, `context_md` with the
  line `@@CLAIM@@`, `wrong_latex`, `right_latex`: how many are caught, with which correction (`errata`);
- GRADPROOF_TEXTS: a folder of whole texts: how much of them is read and decided, and why not the rest (`texts`).

Each table is printed as soon as it is there; progress goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from derive.catalog import all_models
from verify.check import check_paths
from verify.results import Severity

from .errata import errata
from .mutants import NOTES
from .mutation import Row, note_of, score, table
from .speed import rows as speed
from .speed import times
from .texts import figures_of

JOBS = 2
MOST = 8  # mutants of each formula: more than three thousand in all
CORRECTED = 0.05  # of those refuted


def alarms() -> Row:
    """Findings of severity error in correct notes: those of the fixtures, and the catalogue's."""
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((NOTES / "true").glob("*.md")):
            (Path(folder) / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        for model in all_models():
            (Path(folder) / f"{model.name}.md").write_text(note_of(model), encoding="utf-8")
        result = check_paths([folder], jobs=JOBS)
    false = [s for s in result.statements if s.severity is Severity.ERROR]
    return "false alarms in correct notes", f"{len(false)} in {len(result.statements)} relations"


def _print(rows: Sequence[Row]) -> None:
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        cells = [c.rjust(w) if k else c.ljust(w) for k, (c, w) in enumerate(zip(row, widths, strict=True))]
        print("  ".join(cells))
    print(flush=True)


def _of_texts(folder: Path) -> None:
    figures = figures_of(folder, JOBS)
    _print(list(figures.rows()))
    for path, statement in figures.errors:
        print(f"{path}:{statement.line}: {statement.message}: {statement.latex}")
    _print(figures.table_of_reasons())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=MOST, help="mutants of each formula to try (%(default)s)")
    parser.add_argument("--jobs", type=int, default=JOBS, help="processes that try them (%(default)s)")
    parser.add_argument("--corrected", type=float, default=CORRECTED, help="of the refuted to correct (%(default)s)")
    args = parser.parse_args()
    _print([alarms(), *speed(times())])
    if "GRADPROOF_ERRATA" in os.environ:
        _print(list(errata(Path(os.environ["GRADPROOF_ERRATA"]))))
    if "GRADPROOF_TEXTS" in os.environ:
        _of_texts(Path(os.environ["GRADPROOF_TEXTS"]))
    counts, failures = score(args.most, args.corrected, args.jobs)
    _print(table(counts))
    print(f"false claims accepted: {counts['all', 'accepted']} of {counts['all', 'mutants']}")
    for failure in failures:
        print(f"WRONG: {failure.verdict}: {failure.source}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
