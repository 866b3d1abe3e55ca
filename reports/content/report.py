"""The one report: derivation, code, training and findings of a model, as far as there are any."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.equations import model_names
from lowering.certificate import Certificate
from verify.results import FileResult

from ..document import Block, Report
from .code import code_blocks
from .derivation import derivation_blocks
from .note import note_blocks
from .results import Results
from .training import TrainingResult, training_blocks


@dataclass(frozen=True, kw_only=True)
class CodeResult:
    """A lowered module: its source, what is known of it, and the name of its file."""

    source: str
    certificate: Certificate
    file: str


def build(
    results: Results,
    *,
    full: bool = False,
    matrix_only: bool = False,
    code: CodeResult | None = None,
    training: TrainingResult | None = None,
    note: FileResult | None = None,
) -> Report:
    """The report of a model.

    Args:
        results: what was derived.
        full: every partial with all the steps it relies on.
        matrix_only: gradients in matrix notation without their index form.
        code: the lowered module.
        training: a training run; its figure must have been drawn.
        note: a document that was proof-read.
    """
    blocks: list[Block] = [*derivation_blocks(results, full=full, matrix_only=matrix_only)]
    if code is not None:
        blocks += code_blocks(code.source, code.certificate, code.file)
    if training is not None:
        blocks += training_blocks(training)
    if note is not None:
        blocks += note_blocks(note, model_names(results.model))
    sections = (
        ("derives the gradient of the model from its definitions, step by step", True),
        ("goes on to what follows from it", bool(results.answers)),
        ("shows the code that computes it", code is not None),
        ("trains it", training is not None),
        ("proof-reads a note about it", note is not None),
    )
    abstract = _abstract([words for words, there in sections if there])
    return Report(title=results.model.title, abstract=abstract, blocks=tuple(blocks))


def _abstract(parts: list[str]) -> str:
    listed = ", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else parts[0]
    return f"This report {listed}. Every step marked ✓ has been proved, for all sizes at once."
