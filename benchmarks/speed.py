"""How long proof-reading takes after import: `python -m benchmarks.speed [PATH …] [--slowest 20]`.

Without paths the texts are those of the repository: the fixtures of the checker, notes, documentation and examples.
Processor time is measured, so that it does not matter what else the machine does. What a document takes as a whole, to
be read and taken apart and to find what its letters mean, is shared evenly by its relations and formulas.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, quantiles
from time import process_time

from verify.check import sections_judged
from verify.documents.document import Document, DocumentError
from verify.documents.readers import find_documents, read_document
from verify.sandbox import Workers

Row = tuple[str, ...]
ROOT = Path(__file__).resolve().parent.parent
TEXTS = ("tests/verify/fixtures", "tests/gradproof/notes", "docs", "examples", "README.md")
LIMIT = 10.0  # seconds that a formula may take, as in `gradproof check`
JOBS = 2
SLOWEST = 20


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A relation or formula of a text with the seconds of processor time that it took."""

    seconds: float
    path: str
    line: int
    verdict: str
    latex: str


def timed(document: Document) -> list[Timed]:
    """Every relation and formula of a document with its time, an even share of what all of them need included."""
    begin = process_time()
    found: list[Timed] = []
    for section in sections_judged(document, LIMIT):
        before = process_time()
        for s in section:
            spent, before = process_time() - before, process_time()
            found.append(Timed(seconds=spent, path=document.path, line=s.line, verdict=str(s.verdict), latex=s.latex))
    shared = process_time() - begin - sum(t.seconds for t in found)
    return [replace(t, seconds=t.seconds + shared / len(found)) for t in found]


def times(paths: Iterable[Path | str] = (), jobs: int = JOBS) -> list[Timed]:
    """The times of the relations and formulas of files and folders, or of the texts of the repository."""
    files = [str(p) for p in find_documents(list(paths) or [ROOT / text for text in TEXTS])]
    with Workers(jobs=jobs, timeout=None) as workers:
        return [t for outcome in workers.map(_of_file, files) for t in outcome.value or ()]


def _of_file(path: str) -> list[Timed]:
    try:
        return timed(read_document(path))
    except DocumentError:
        return []


def rows(found: Sequence[Timed]) -> list[Row]:
    """The median, the time within which 99 % are done, and what a thousand come to on two cores that are free."""
    seconds = [t.seconds for t in found]
    cut = quantiles(seconds, n=100)
    return [
        (
            f"a formula after import, of {len(found)}: median and 99 %",
            f"{1e3 * cut[49]:.0f} ms, {1e3 * cut[98]:.0f} ms",
        ),
        ("1,000 formulas on two cores", f"{1000 * mean(seconds) / JOBS:.1f} s"),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", help="files and folders; those of the repository if none are given")
    parser.add_argument("--slowest", type=int, default=SLOWEST, help="how many of the slowest to tell (%(default)s)")
    parser.add_argument("--jobs", type=int, default=JOBS, help="processes (%(default)s)")
    args = parser.parse_args()
    found = times(args.paths, args.jobs)
    for what, figures in rows(found):
        print(f"{what}: {figures}")
    for t in sorted(found, key=lambda t: -t.seconds)[: args.slowest]:
        print(f"{t.seconds:6.2f} s  {t.verdict:9}  {t.path}:{t.line}: {' '.join(t.latex.split())[:80]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
