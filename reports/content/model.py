"""The definitions of a model and its symbols as the blocks of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.model import Model, Sense
from derive.notation.equations import equation_layout
from derive.quantities import Kind, Quantity

from ..document import Block, Display, Heading, Paragraph, Piece, Ref, Table, Text
from .wording import PARTS, entry, indices_from, joined, values


def model_blocks(model: Model, *, over_data: bool) -> Iterator[Block]:
    """What is given, what is defined, and what is trained.

    Args:
        model: for one data point.
        over_data: whether the objective is summed, or averaged, over data points.
    """
    yield Heading(text="The model")
    yield Paragraph(text=_given(model))
    lines = tuple(equation_layout(left, right, model) for left, right in model.equations)
    yield Display(lines=lines, label="model")
    yield Paragraph(text=(*_aim(model, over_data), Ref("symbols"), " lists the symbols."))
    order = (Kind.DATA, Kind.PARAMETER, Kind.DEFINED)
    rows = tuple(_symbol(q, model) for kind in order for q in model.quantities.values() if q.kind is kind)
    header: tuple[Text, ...] = ("symbol", "part", "indices", "values")
    caption = "The symbols, for one data point." if over_data else "The symbols."
    yield Table(header=header, rows=rows, caption=caption, label="symbols")


def _given(model: Model) -> tuple[Piece, ...]:
    data = [entry(q, model) for q in model.given if q.kind is Kind.DATA]
    parameters = [entry(q, model) for q in model.parameters]
    point: tuple[Piece, ...] = ("A data point is made up of " if len(data) > 1 else "A data point is ", *_listed(data))
    weights: tuple[Piece, ...] = ("the parameters " if len(parameters) > 1 else "the parameter ", *_listed(parameters))
    start: tuple[Piece, ...] = (*point, ". From it") if data else ()
    if parameters:
        start = (*start, " and ", *weights) if data else ("From ", *weights)
    return (*start, ", the model computes") if start else ("The model computes",)


def _listed(parts: Sequence[Piece]) -> tuple[Piece, ...]:
    return joined(parts, last=(" and ",))


def _aim(model: Model, over_data: bool) -> tuple[Piece, ...]:
    """What training does with the objective; nothing where there is none, or nothing to train."""
    if not model.objective or not model.parameters:
        return ()
    direction = "as large" if model.sense is Sense.MAXIMISE else "as small"
    over = (", averaged over the data" if model.mean else ", summed over the data") if over_data else ""
    objective = entry(model.quantities[model.objective], model)
    return ("Training makes ", objective, f" {direction} as possible{over}. ")


def _symbol(quantity: Quantity, model: Model) -> tuple[Text, ...]:
    domain = model.facts[quantity.name]
    indices = indices_from(quantity, model) if quantity.axes else "none"
    return (entry(quantity, model), PARTS[quantity.kind], indices, values(domain))
