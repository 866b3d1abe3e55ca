"""What proof-reading is worth, in figures: `python -m benchmarks.checking [--most 8]`.

Measured are false alarms in correct notes, false claims accepted, the mutation score by operator (`mutation`), and the
time a formula takes. With paths in the environment also:

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
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import quantiles

from derive.catalog import all_models
from verify.check import check_paths
from verify.context import context_of
from verify.documents.markdown import read_markdown
from verify.lines import lines_of
from verify.results import CheckResult, Severity
from verify.statements import statement_of

from .errata import errata
from .mutants import NOTES
from .mutation import Row, note_of, notes, score, table
from .texts import figures_of

FORMULAS = 1000
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


def times() -> Iterator[Row]:
    """Seconds a formula takes in one process, and a thousand on two cores, with the start of the workers."""
    seconds: list[float] = []
    for name, text in notes(catalogue=False):
        document = read_markdown(name, text)
        begin = time.perf_counter()
        context = context_of(lines_of(document))
        lines = context.lines.lines
        shared = (time.perf_counter() - begin) / max(len(lines), 1)
        for line in lines:
            begin = time.perf_counter()
            statement_of(line, document, context)
            seconds.append(time.perf_counter() - begin + shared)
    cut = quantiles(seconds, n=100)
    yield "a formula, median and 99 %", f"{1000 * cut[49]:.0f} ms, {1000 * cut[98]:.0f} ms"
    begin = time.perf_counter()
    result = _thousand()
    yield f"{len(result.statements)} relations on two cores", f"{time.perf_counter() - begin:.1f} s"


def _thousand() -> CheckResult:
    """The correct notes, again and again until they have a thousand formulas, in files of their own."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((NOTES / "true").glob("*.md"))]
    with tempfile.TemporaryDirectory() as folder:
        written = number = 0
        while written < FORMULAS:
            text = texts[number % len(texts)]
            (Path(folder) / f"note{number}.md").write_text(text, encoding="utf-8")
            written += len(read_markdown("", text).formulas)
            number += 1
        return check_paths([folder], jobs=JOBS)


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
    _print([alarms(), *times()])
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
