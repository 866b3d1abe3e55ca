"""What derive prints of a system, check proves: each claim of the catalogue, read back as a note."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.mutation import note_of
from derive.catalog import all_models
from derive.model import Model
from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.results import Severity, StatementKind, Verdict

OPEN = {  # how many claims of a system stay undecided, and why
    "layer-of-any-width": 2,  # n_{l-1} as the limit of a sum is read in tables of widths only
    "generic-layer": 2,  # the loss is a function of the whole vector
    "max-pooling": 1,  # max over the places of a window
    "max-pooling-2d": 1,
    "quadratic-discriminant": 4,  # (Σ_0^{-1})_{i,j}
    "two-gaussians": 3,  # r_0 and r_1 are defined apart; π is the number and a share
    "two-gaussians-scalar": 1,  # π is the number and a share
}


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.name)
def test_what_is_derived_is_proved_when_read_back(model: Model) -> None:
    found = check_document(read_markdown(model.name, note_of(model)))
    assert not [s for s in found.statements if s.severity is Severity.ERROR]
    claims = [s for s in found.statements if s.kind is StatementKind.CLAIM]
    counts = Counter(s.verdict in (Verdict.PROVED, Verdict.HOLDS) for s in claims)
    assert counts[False] == OPEN.get(model.name, 0), [
        (s.latex, s.because) for s in claims if s.verdict not in (Verdict.PROVED, Verdict.HOLDS)
    ]
