"""Each loss of the table as a model of its own: its terms, its value, and where it is defined and bends."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sympy import Expr, Idx

from ...model import Model
from ...quantities import Definition, Quantity
from ...questions.kinks import Kinks
from ...vocabulary import index, size, total
from ..building import data, define, name, parameter
from ..losses import LOSSES, Loss, Over

ENTRIES = size("K")
K = index("k", 1, ENTRIES)


def loss_model(row: Loss) -> Model:
    """ℓ(t, p), or e_k = ℓ(t_k, p_k) and their sum or mean."""
    axes = () if row.over is Over.ONE else (K,)
    target = data("t", *axes, domain=row.target)
    prediction = parameter("p", *axes, domain=row.prediction)
    constants = [parameter(c.name, latex=c.latex, domain=c.domain) for c in row.constants]
    term = row.term(target.at(), prediction.at(), *(c.at() for c in constants), *([ENTRIES] if row.entries else []))
    asked = ("p", *(c.name for c in row.constants if c.predicted))
    definitions = _definitions(row, axes, term)
    return Model(
        name=row.name,
        title=row.title,
        given=(target, prediction, *constants),
        definitions=definitions,
        objective="loss",
        questions=tuple(Kinks(of=definitions[0].name, wrt=each) for each in asked),
    )


def _definitions(row: Loss, axes: tuple[Idx, ...], term: Expr) -> tuple[Definition, ...]:
    loss = name("loss", latex=r"\ell")
    if not axes:
        return (define(loss, term),)
    entry: Quantity = name("e", *axes)
    return define(entry, term), define(loss, total(entry.at(), *axes) / (ENTRIES if row.over is Over.MEAN else 1))


ROWS: tuple[Callable[[], Model], ...] = tuple(partial(loss_model, row) for row in LOSSES)
