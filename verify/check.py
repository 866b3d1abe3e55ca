"""Proof-reading: every formula of a document, with what is known of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .chances.knowledge import knowledge_of
from .context import Context, context_of
from .documents.document import Document, DocumentError
from .documents.readers import STANDARD_INPUT, find_documents, read_document
from .found import Found, placed
from .limits import OutOfTime, time_limit
from .lines import Line, Unparsed, lines_of
from .onestep.found import at_one_step
from .onestep.taken import Steps, steps_of
from .results import CheckResult, FileResult, Statement, StatementKind, Verdict
from .sandbox import Workers
from .scopes import sections_of
from .statements import statement_of
from .suppress import suppressed

MOST_FORMULAS_AT_THE_LIMIT = 60


@dataclass(frozen=True, kw_only=True)
class Task:
    """One file to check, and the seconds that one formula of it may take."""

    path: str
    timeout: float


def check_paths(
    paths: Iterable[Path | str],
    *,
    jobs: int | None = None,
    timeout: float = 10.0,
    excluded: Callable[[Path], bool] = lambda path: False,
) -> CheckResult:
    """Proof-read files and folders in worker processes that may be killed.

    Args:
        paths: files, folders (searched recursively) or "-".
        jobs: how many processes; by default as many as there are cores.
        timeout: seconds that one formula may take; one that takes longer is undecided.
        excluded: whether a file found in a folder is left out; those named themselves are always checked.
    Raises: DocumentError: if a path does not exist.
    """
    tasks = [Task(path=str(p), timeout=timeout) for p in find_documents(paths, excluded)]
    if any(t.path == STANDARD_INPUT for t in tasks):  # it cannot be handed to another process
        return CheckResult(files=tuple(_check(t) for t in tasks))
    with Workers(jobs=min(jobs or os.cpu_count() or 1, max(len(tasks), 1)), timeout=None) as workers:
        outcomes = workers.map(_check, tasks, timeout=MOST_FORMULAS_AT_THE_LIMIT * timeout)
        files = tuple(
            outcome.value if outcome.value is not None else FileResult(path=task.path, error=outcome.reason)
            for task, outcome in zip(tasks, outcomes, strict=True)
        )
    return CheckResult(files=files)


def _check(task: Task) -> FileResult:
    return check_file(task.path, timeout=task.timeout)


def check_file(path: Path | str, timeout: float | None = None) -> FileResult:
    """Proof-read one file; one that cannot be read is reported with its reason."""
    try:
        document = read_document(path)
    except DocumentError as error:
        return FileResult(path=str(path), error=str(error))
    return check_document(document, timeout)


def check_document(document: Document, timeout: float | None = None) -> FileResult:
    """Proof-read a document that has been read."""
    found = [statement for section in sections_judged(document, timeout) for statement in section]
    found.sort(key=lambda s: (s.line, s.column, s.end_line, s.end_column))
    return FileResult(path=document.path, statements=suppressed(tuple(found), document), source=document.text)


def sections_judged(document: Document, timeout: float | None) -> Iterator[Iterator[Statement]]:
    """What could not be parsed, then section by section what is found of each line, judged when it is asked for."""
    lines = lines_of(document)
    knowledge = knowledge_of(lines, document.prose)
    yield (_unread(u, document) for u in lines.unparsed)
    steps = steps_of(document, lines)
    for section in sections_of(lines, document):
        context = context_of(section, timeout)
        context.chances = knowledge
        own = (line for line in section.lines if line.number in section.own)
        yield map(partial(_judged, document=document, context=context, steps=steps, timeout=timeout), own)


def _unread(unparsed: Unparsed, document: Document) -> Statement:
    found = Found(kind=StatementKind.EXPRESSION, verdict=Verdict.UNREAD, because=unparsed.reason)
    return placed(found, document, unparsed.formula, (0, len(unparsed.formula.latex)))


def _judged(line: Line, document: Document, context: Context, steps: Steps, timeout: float | None) -> Statement:
    """The statement of a line; one that needs too much is undecided."""
    try:
        with time_limit(timeout):
            return at_one_step(line, context.lines, statement_of(line, document, context), steps, timeout)
    except OutOfTime:
        because = f"it took longer than {timeout:g} s"
    except (RecursionError, MemoryError):
        because = "it is too large to be judged"
    except Exception as error:  # a defect of ours in one formula must not hide what is found of the others
        because = f"judging it failed ({type(error).__name__}: {error})"
    return placed(Found(verdict=Verdict.UNDECIDED, because=because), document, line.formula, line.span)
