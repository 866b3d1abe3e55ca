"""The mutation score: what the checker says of true formulas made false, by the kind of change.

The formulas are those of the notes in tests/verify/fixtures, and of the systems of the catalogue printed as notes. Of
each formula some mutants are tried, the same ones each time; a share of those refuted is also corrected, and the first
correction compared with the formula as it was.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from derive.catalog import all_models
from derive.model import Model
from derive.notation.equations import equation_latex
from reports.content.results import variables
from verify.deciding import judged
from verify.equations import posed
from verify.limits import OutOfTime, time_limit
from verify.lines import Line
from verify.repair import repair
from verify.sandbox import Workers
from verify.scope import squeezed

from .mutants import NOTES, Changed, Outcome, claims_in, mutants, outcome, wrong

Row = tuple[str, ...]
LATE = "out of time"  # of those undecided
HEADS = ("mutants", "refuted", "undecided", LATE, "unread", "accepted", "tried", "right")
LIMIT = 10.0  # seconds that a formula may take, as in `gradproof check`


@dataclass(frozen=True, kw_only=True)
class Task:
    """A note whose true formulas are changed, how many mutants of each are tried, and the share of them to correct."""

    name: str
    text: str
    most: int
    corrected: float


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What came of the mutants of one note: counts by operator and verdict, and what went wrong."""

    counts: Counter[tuple[str, str]]
    failures: tuple[Outcome, ...] = ()


# -- the notes ----------------------------------------------------------------------------------------


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


# -- one note -----------------------------------------------------------------------------------------


def tally(task: Task) -> Tally:
    """Try some mutants of each claim of one note, the same ones each time."""
    generator = random.Random(task.name)
    counts: Counter[tuple[str, str]] = Counter()
    failures: list[Outcome] = []
    for claim in claims_in(task.name, task.text):
        for case in spread(mutants(claim), task.most, generator):
            found = _within_limit(case)
            failures += wrong([found])
            if found.true is True:
                continue  # the change has left it true
            keys = ["mutants", "accepted" if found.verdict in ("proved", "holds") else found.verdict.split(":")[0]]
            keys += [LATE] if found.late else []
            if found.verdict == "refuted" and generator.random() < task.corrected:
                keys += ["tried", "right"] if _is_corrected(case, claim.line) else ["tried"]
            counts.update((operator, key) for key in keys for operator in (found.operator, "all"))
    return Tally(counts=counts, failures=tuple(failures))


def spread(cases: Iterable[Changed], most: int, generator: random.Random) -> list[Changed]:
    """At most so many of the changed claims, of each operator in turn."""
    by_operator: dict[str, list[Changed]] = {}
    for case in cases:
        by_operator.setdefault(case.operator, []).append(case)
    for few in by_operator.values():
        generator.shuffle(few)
    operators = list(by_operator.values())
    generator.shuffle(operators)
    in_turn = (case for row in zip_longest(*operators) for case in row if case is not None)
    return list(islice(in_turn, most))


def _within_limit(case: Changed) -> Outcome:
    """What the checker says of a mutant in the time that a formula may take."""
    try:
        with time_limit(LIMIT):
            return outcome(case)
    except OutOfTime:
        return Outcome(
            operator=case.operator,
            source=case.line.formula.latex,
            verdict="undecided",
            true=None,
            told=False,
            late=True,
        )


def _is_corrected(case: Changed, before: Line) -> bool:
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


# -- all of them --------------------------------------------------------------------------------------


def score(most: int, corrected: float, jobs: int) -> tuple[Counter[tuple[str, str]], list[Outcome]]:
    """Counts by operator and verdict over all notes, and what went wrong; what is done is told as it goes on."""
    tasks = [Task(name=name, text=text, most=most, corrected=corrected) for name, text in notes()]
    counts: Counter[tuple[str, str]] = Counter()
    failures: list[Outcome] = []
    begin = time.monotonic()
    with Workers(jobs=jobs, timeout=None) as workers:
        for number, (task, found) in enumerate(zip(tasks, workers.map(tally, tasks), strict=True), 1):
            if found.value is None:
                raise RuntimeError(f"the mutants of {task.name} were not judged: {found.reason}")
            counts += found.value.counts
            failures += found.value.failures
            spent = time.monotonic() - begin
            tried = f"{counts['all', 'mutants']} mutants, {spent:.0f} s"
            print(f"{number} of {len(tasks)} notes, {tried}: {task.name}", file=sys.stderr, flush=True)
    return counts, failures


def table(counts: Counter[tuple[str, str]]) -> Sequence[Row]:
    """A row an operator: how many, refuted, undecided, of these out of time, unread, accepted, corrected as it was."""
    operators = [*sorted({operator for operator, _ in counts} - {"all"}), "all"]
    rows = [(operator, *(str(counts[operator, head]) for head in HEADS)) for operator in operators]
    return [("operator", *HEADS[:-2], "corrected", "as it was"), *rows]
