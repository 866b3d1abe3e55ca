"""Every row of the table of mistakes: it can be made somewhere, and made there it is told from its numbers alone."""

from __future__ import annotations

from functools import cache

import pytest

from derive.catalog import find
from derive.mistakes.step import Slip
from derive.mistakes.table import MISTAKES, Mistake
from derive.model import Model
from derive.rows.building import data, define, name, parameter
from derive.rows.functions import relu
from derive.vocabulary import index, size, total
from lowering.numeric.errors import EvaluationError
from verify.audit.diagnosis import Diagnosis
from verify.audit.proved import Proved
from verify.audit.seen import Seen, same

D = index("i", 1, size("d"))
X, Y, W, B = data("x", D), data("y"), parameter("w", D), parameter("b")
RATE = parameter("lambda")
PENALISED = Model(
    name="penalised",
    title="A rectified unit with a penalty on its weights, none on its bias",
    given=(X, Y, W, B, RATE),
    definitions=(
        define(name("z"), total(W.at() * X.at(), D) + B.at()),
        define(name("h"), relu(name("z").at())),
        define(name("R"), RATE.at() * total(W.at() ** 2, D)),
        define(name("e"), (name("h").at() - Y.at()) ** 2),
    ),
    objective="e",
    mean=True,
    penalty="R",
)
MODELS = (
    PENALISED,
    *map(find, ("logistic-regression", "softmax-regression", "rnn", "convolution-1d", "gaussian-vector", "attention")),
)


@cache
def proved(model: Model) -> Proved:
    return Proved(model)


def made(model: Model, mistake: str) -> Slip | None:
    return next((slip for slip in proved(model).slips if slip.mistake == mistake and told(model, slip)), None)


def told(model: Model, slip: Slip) -> list[Seen]:
    """What code with this mistake gives, if it differs from what is right."""
    found = []
    for truth in proved(model).points.truths:
        known = proved(model).derived.at(truth.point)
        try:
            got = {**truth.gradient, **proved(model).derived.gradient(known, slip)}
        except EvaluationError:
            got = {}
        found.append(Seen(point=truth.point, truth=truth.gradient, got=got))
    right = all(same(s.got[n], s.truth[n]) for s in found for n in s.got)
    return [] if right else found


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m.name)
def test_a_mistake_is_told_from_its_numbers(mistake: Mistake) -> None:
    model, slip = next((m, s) for m in MODELS if (s := made(m, mistake.name)) is not None)
    seen = told(model, slip)
    (finding,) = Diagnosis(proved(model).derived, proved(model).slips, seen).findings()
    wrong = {n for s in seen for n in s.got if not same(s.got[n], s.truth[n])}
    assert set(finding.parameters) == wrong
    if finding.slip is not None:
        for again, first in zip(told(model, finding.slip), seen, strict=True):
            assert all(same(again.got[n], first.got[n]) for n in wrong & set(first.got))


MORE = tuple(find(name) for name in ("max-pooling", "batch-norm", "residual"))


@pytest.mark.parametrize("model", (*MODELS, *MORE), ids=lambda m: m.name)
def test_the_derivation_gives_the_proved_gradient(model: Model) -> None:
    for truth in proved(model).points.truths:
        found = proved(model).derived.gradient(proved(model).derived.at(truth.point))
        assert set(found) == set(truth.gradient)
        assert all(same(found[n], truth.gradient[n]) for n in found)
    assert all(slip.wrong != slip.step.expr or slip.axes != slip.step.quantity.axes for slip in proved(model).slips)
