"""The error of the evaluator."""

from __future__ import annotations


class EvaluationError(ValueError):
    """An expression cannot be evaluated; the message names the part that cannot."""
