"""Proof-reading: every formula of a document, with what is known of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sympy import Expr

from derive.calculus.indices import free_indices
from derive.model import Model, ModelError
from derive.notation.definitions import DEFINING, stated
from derive.notation.elaborate import Reader, Unreadable
from derive.prove import prove
from derive.vocabulary import Partial, name_of

from .context import Context, context_of
from .documents.document import Document, DocumentError, Formula
from .documents.readers import find_documents, read_document
from .judge import Equation, Judgement, judge
from .limits import OutOfTime, time_limit
from .lines import Line, Unparsed, lines_of, names_defined
from .repair import repair
from .results import CheckResult, FileResult, Severity, Statement, StatementKind, Suggestion, Verdict
from .rules.edit import Rule
from .sandbox import Workers

EQUATIONS = DEFINING
MOST_FORMULAS_AT_THE_LIMIT = 60


@dataclass(frozen=True, kw_only=True)
class Task:
    """One file to check, and the seconds that one formula of it may take."""

    path: str
    timeout: float


def check_paths(paths: Iterable[Path | str], *, jobs: int | None = None, timeout: float = 10.0) -> CheckResult:
    """Proof-read files and folders in worker processes that may be killed.

    Args:
        paths: files, folders (searched recursively) or "-".
        jobs: how many processes; by default as many as there are cores.
        timeout: seconds that one formula may take; one that takes longer is undecided.
    Raises: DocumentError: if a path does not exist.
    """
    tasks = [Task(path=str(p), timeout=timeout) for p in find_documents(paths)]
    if any(t.path == "-" for t in tasks):  # standard input cannot be handed to another process
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
    lines = lines_of(document)
    context = context_of(lines)
    found = [_unread(u, document) for u in lines.unparsed]
    for line in lines.lines:
        try:
            with time_limit(timeout):
                found.append(_statement(line, document, context))
        except (OutOfTime, RecursionError, MemoryError) as error:
            why = f"it took longer than {timeout:g} s" if isinstance(error, OutOfTime) else "it is too large to be judged"
            found.append(_made(document, line.formula, line.span, StatementKind.CLAIM, Verdict.UNDECIDED, because=why))
    found.sort(key=lambda s: (s.line, s.column, s.end_line, s.end_column))
    return FileResult(path=document.path, statements=tuple(found), source=document.text)


def _unread(unparsed: Unparsed, document: Document) -> Statement:
    span = (0, len(unparsed.formula.latex))
    return _made(document, unparsed.formula, span, StatementKind.EXPRESSION, Verdict.UNREAD, because=unparsed.reason)


def _statement(line: Line, document: Document, context: Context) -> Statement:
    def made(kind: StatementKind, verdict: Verdict, because: str | None = None) -> Statement:
        return _made(document, line.formula, line.span, kind, verdict, because=because)

    if line.right is None:
        return _expression(line, document, context)
    if line.operator == "<-":
        return made(StatementKind.UPDATE, Verdict.UNDECIDED, "updates are not judged")
    if line.operator not in EQUATIONS:
        return made(StatementKind.CLAIM, Verdict.UNDECIDED, f"the relation {line.operator} is not judged")
    if line.number in context.definitions:
        return made(StatementKind.DEFINITION, Verdict.DEFINED)
    if line.number in context.problems:
        return made(StatementKind.DEFINITION, Verdict.UNREAD, context.problems[line.number])
    if line.number in context.restatements:
        return _restatement(line, document, context)
    return _claim(line, document, context)


def _expression(line: Line, document: Document, context: Context) -> Statement:
    try:
        Reader(context.dictionary).read(line.left)
    except Unreadable as error:
        because = str(error)
        return _made(document, line.formula, line.span, StatementKind.EXPRESSION, Verdict.UNREAD, because=because)
    because = "a formula without a relation claims nothing"
    return _made(document, line.formula, line.span, StatementKind.EXPRESSION, Verdict.UNDECIDED, because=because)


def _restatement(line: Line, document: Document, context: Context) -> Statement:
    """A second equation for a name: the same thing again, which is proved, or another quantity of that name."""
    made = lambda kind, verdict, because: _made(document, line.formula, line.span, kind, verdict, because=because)  # noqa: E731
    assert line.right is not None
    try:
        again = stated(line.left, line.right, context.dictionary)
        model = context.model_at(line.number)
        if again is None or again.whole or again.name not in model.defined:
            return made(StatementKind.DEFINITION, Verdict.UNDECIDED, "it speaks of the whole data set")
        target = model.quantities[again.name].at()
        proof = prove(target, again.expr, model)
    except (Unreadable, ModelError) as error:
        return made(StatementKind.CLAIM, Verdict.UNREAD, str(error))
    if proof is not None:
        earlier = context.line_of(again.name, line.number)
        where = f"line {document.position(earlier.formula.offset_of(0))[0]}" if earlier else "the text"
        return made(StatementKind.CLAIM, Verdict.PROVED, f"it follows from the definition of {again.name} in {where}")
    return made(StatementKind.DEFINITION, Verdict.UNDECIDED, f"{again.name} is given another meaning here than before")


def _claim(line: Line, document: Document, context: Context) -> Statement:
    try:
        equation = _equation(line, context)
        model = context.model_at(line.number)
        judgement = _obstacle(line, equation, model, context) or judge(equation, model)
    except (Unreadable, ModelError) as error:
        return _made(document, line.formula, line.span, StatementKind.CLAIM, Verdict.UNREAD, because=str(error))
    if judgement.verdict is not Verdict.REFUTED:
        return _made(
            document, line.formula, line.span, StatementKind.CLAIM, judgement.verdict, because=judgement.because
        )
    return _refuted(line, document, context, model, judgement)


def _equation(line: Line, context: Context) -> Equation:
    assert line.right is not None
    reader = Reader(context.dictionary)
    left_reader = Reader(context.dictionary) if line.carried is not None else reader
    if line.carried is not None:
        left_reader.free = reader.free
    left = left_reader.read(line.left)
    right = reader.read(line.right)
    source = line.formula.latex
    sources = ((line.carried.latex if line.carried else source, line.left, left_reader), (source, line.right, reader))
    return Equation(left=left, right=right, sources=sources)


def _obstacle(line: Line, equation: Equation, model: Model, context: Context) -> Judgement | None:
    """Why an equation is not judged at all."""

    def undecided(because: str) -> Judgement:
        return Judgement(verdict=Verdict.UNDECIDED, because=because)

    if any(reader.samples for _, _, reader in equation.sources):
        return undecided("it speaks of the whole data set")
    for side in (equation.left, equation.right):
        for name in sorted({name_of(p.args[0]) for p in side.atoms(Partial) if isinstance(p.args[0], Expr) and p.args[0].is_Symbol}):
            if name in _whole_only(context, model):
                return undecided(f"{name} is defined for the whole data set only")
    if not equation.left.has(Partial) and line.link == 0 and names_defined(line, context.dictionary) is None:
        return undecided("its left side is neither a derivative nor a quantity that the text defines")
    strange = free_indices(equation.right) - free_indices(equation.left)
    if strange:
        return undecided(f"the index {min(str(i.label) for i in strange)} stands on the right only")
    return None


def _whole_only(context: Context, model: Model) -> set[str]:
    return {d.name for d in context.definitions.values() if d.whole} - set(model.defined)


def _refuted(line: Line, document: Document, context: Context, model: Model, judgement: Judgement) -> Statement:
    found = repair(line, context.dictionary, model)
    rule, suggestion = found if found is not None else (None, None)
    message = "the two sides are not equal" if suggestion is None else suggestion.edit.replace("→", "should be")
    return _made(
        document,
        line.formula,
        line.span,
        StatementKind.CLAIM,
        Verdict.REFUTED,
        because=judgement.because,
        judgement=judgement,
        rule=rule,
        suggestion=suggestion,
        message=message,
    )


def _made(
    document: Document,
    formula: Formula,
    span: tuple[int, int],
    kind: StatementKind,
    verdict: Verdict,
    *,
    because: str | None,
    judgement: Judgement | None = None,
    rule: Rule | None = None,
    suggestion: Suggestion | None = None,
    message: str | None = None,
) -> Statement:
    start, end = document.position(formula.offset_of(span[0])), document.position(formula.offset_of(span[1]))
    wrong = verdict is Verdict.REFUTED
    return Statement(
        line=start[0],
        column=start[1],
        end_line=end[0],
        end_column=end[1],
        latex=formula.latex[span[0] : span[1]],
        kind=kind,
        verdict=verdict,
        rule=(rule.code if rule else "GP200") if wrong else None,
        severity=Severity.ERROR if wrong else None,
        message=message,
        because=because,
        counterexample=judgement.counterexample if judgement else None,
        suggestion=suggestion,
    )

