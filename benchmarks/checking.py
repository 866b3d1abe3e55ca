"""What proof-reading is worth, in figures: `python -m benchmarks.checking [--share 0.2]`.

Measured are: mutants of true formulas (those of the notes in tests/verify/fixtures, and those of every system of the
catalogue printed as a note) by operator and verdict, with the share of refuted ones whose first correction is the
formula as it was; false alarms in the correct notes; and the time a formula takes. With paths in the environment also:

- GRADPROOF_ERRATA: a file of JSON lines, each an error that authors have corrected: `id`, `core`, `context_md` with the
  line `@@CLAIM@@`, `wrong_latex`, `right_latex`;
- GRADPROOF_TEXTS: a folder of whole texts, for the share of display formulas that are read.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from derive.catalog import all_models
from derive.model import Model
from derive.notation.equations import equation_latex
from reports.content.results import variables
from verify.check import check_paths
from verify.context import context_of
from verify.documents.markdown import read_markdown
from verify.documents.readers import read_document
from verify.equations import posed
from verify.limits import OutOfTime, time_limit
from verify.lines import Line, lines_of
from verify.repair import repair
from verify.results import CheckResult, Severity, Verdict
from verify.sandbox import Workers
from verify.scope import squeezed
from verify.statements import judged, statement_of

from .errata import errata
from .mutants import NOTES, Changed, Outcome, changed, claims_in, mutations, outcome, wrong

Row = tuple[str, ...]
FORMULAS = 1000
JOBS = 2
LIMIT = 10.0  # seconds that a formula may take, as in `gradproof check`
SHARE = 0.15  # of the mutants


# -- notes --------------------------------------------------------------------------------------------


def note_of(model: Model) -> str:
    """A system of the catalogue as a note: its definitions, and the gradient by each parameter."""
    lines = [f"# {model.title}", *(f"$$ {equation_latex(a, b, model)} $$" for a, b in model.equations)]
    for name in variables(model, model.objective) if model.objective else ():
        lines.append(f"$$ {model.partial(model.objective, name).latex()} $$")
    return "\n\n".join(lines) + "\n"


def notes(catalogue: bool = True) -> Iterator[tuple[str, str]]:
    """The names and texts of the notes whose true formulas are changed."""
    for path in sorted(NOTES.rglob("*.md")):
        yield path.stem, path.read_text(encoding="utf-8")
    for model in all_models() if catalogue else ():
        yield model.name, note_of(model)


# -- mutants ------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Task:
    """A note whose true formulas are changed, and the shares of mutants to try and of refuted ones to correct."""

    name: str
    text: str
    share: float
    corrected: float


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What came of the mutants of one note: counts by operator and verdict, and what went wrong."""

    counts: Counter[tuple[str, str]]
    failures: tuple[Outcome, ...] = ()


def tally(task: Task) -> Tally:
    """Try the mutants of one note, the same share of them each time."""
    generator = random.Random(task.name)
    counts: Counter[tuple[str, str]] = Counter()
    failures: list[Outcome] = []
    for line, context in claims_in(task.name, task.text):
        for case in changed(line, context, mutations(line, context.dictionary.survey.letters)):
            if generator.random() >= task.share:
                continue
            found = within_limit(case)
            if found.true is True:
                continue  # the change has left it true
            failures += wrong([found])
            keys = ["mutants", "accepted" if found.verdict in ("proved", "holds") else found.verdict]
            if found.verdict == "refuted" and generator.random() < task.corrected:
                keys += ["tried", "right"] if corrected_first(case, line) else ["tried"]
            counts.update((operator, key) for key in keys for operator in (found.operator, "all"))
    return Tally(counts=counts, failures=tuple(failures))


def within_limit(case: Changed) -> Outcome:
    """What the checker says of a mutant in the time that a formula may take."""
    try:
        with time_limit(LIMIT):
            return outcome(case)
    except OutOfTime:
        return Outcome(operator=case.operator, source=case.line.formula.latex, verdict="undecided", true=None)


def corrected_first(case: Changed, before: Line) -> bool:
    """Whether the first correction of a refuted mutant is the formula as it was."""
    assert before.right is not None
    try:
        with time_limit(LIMIT):
            found = repair(
                case.line,
                case.context,
                lambda line: judged(line, case.context)[1].verdict,
                lambda line: posed(line, case.context),
            )
    except OutOfTime:
        return False
    was = before.formula.latex[slice(*before.right.span)]
    return found is not None and squeezed(found[1].latex) == squeezed(was)


def table_of_mutants(share: float, corrected: float) -> tuple[list[Row], list[Outcome]]:
    """A row an operator: how many, refuted, undecided, accepted though false, corrections tried, and right ones."""
    tasks = [Task(name=name, text=text, share=share, corrected=corrected) for name, text in notes()]
    counts: Counter[tuple[str, str]] = Counter()
    failures: list[Outcome] = []
    with Workers(jobs=JOBS, timeout=None) as workers:
        for task, found in zip(tasks, workers.map(tally, tasks), strict=True):
            if found.value is None:
                print(f"{task.name}: {found.reason}", file=sys.stderr)
                continue
            counts += found.value.counts
            failures += found.value.failures
    heads = ("mutants", "refuted", "undecided", "unread", "accepted", "tried", "right")
    operators = [*sorted({operator for operator, _ in counts} - {"all"}), "all"]
    rows = [(operator, *(str(counts[operator, head]) for head in heads)) for operator in operators]
    return [("operator", *heads[:-2], "corrected", "as it was"), *rows], failures


# -- correct notes, whole texts, time -----------------------------------------------------------------


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


def read_over_texts(folder: Path) -> Iterator[Row]:
    """The share of display formulas of whole texts that are read, and of what is read that is decided."""
    result = check_paths([folder], jobs=JOBS)
    displays = read = 0
    for file in (f for f in result.files if f.error is None):
        for formula in (f for f in read_document(file.path).formulas if f.display):
            start, end = (formula.line, formula.column), (formula.end_line, formula.end_column)
            inside = [s for s in file.statements if start <= (s.line, s.column) < end]
            displays += 1
            read += all(s.verdict is not Verdict.UNREAD for s in inside)
    yield "display formulas read", _share(read, displays)
    decided = [s for s in result.statements if s.verdict not in (Verdict.UNREAD, Verdict.UNDECIDED)]
    yield "relations decided", _share(len(decided), len(result.statements))
    yield "errors reported", str(sum(s.severity is Severity.ERROR for s in result.statements))


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


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.0%})" if whole else "none"


def _print(rows: list[Row]) -> None:
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        print(
            "  ".join(
                cell.ljust(w) if k == 0 else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))
            )
        )
    print(flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=SHARE, help="of the mutants to try (%(default)s)")
    parser.add_argument("--corrected", type=float, default=0.1, help="of the refuted ones to correct (%(default)s)")
    args = parser.parse_args()
    _print([alarms(), *times()])
    for variable, rows in (("GRADPROOF_ERRATA", errata), ("GRADPROOF_TEXTS", read_over_texts)):
        if variable in os.environ:
            _print(list(rows(Path(os.environ[variable]))))
    table, failures = table_of_mutants(args.share, args.corrected)
    _print(table)
    for failure in failures:
        print(f"WRONG: {failure.verdict}: {failure.source}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
