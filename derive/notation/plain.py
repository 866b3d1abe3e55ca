"""Quantities named in plain text: `theta_h[i,j]`, `LL`, `h[k]`."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sympy import Basic, Expr, Idx, Integer

from ..calculus.indices import moved
from ..vocabulary import index

if TYPE_CHECKING:
    from ..model import Model
    from ..quantities import Quantity

PLAIN = re.compile(r"\s*([^\W\d]\w*)\s*(?:\[([^\[\]]*)\])?\s*\Z")


class UnknownName(ValueError):
    """A name that the model does not have, or with the wrong indices."""


def atom(model: Model, text: str) -> Expr:
    """The entry that a text such as `theta_h[i,j]` names; without brackets, the entry at the quantity's own axes.

    Args:
        model: whose names are meant.
        text: a plain name, with as many indices as the quantity has axes. An index takes the range of the axis
            it stands at; a number is an entry itself.
    Returns: a scalar or a tensor entry.
    Raises: UnknownName: if the name is unknown or has another number of indices.
    """
    matched = PLAIN.match(text)
    if not matched:
        raise UnknownName(f"{text!r} is not a name; write it as theta_h[i,j]")
    name, inside = matched.groups()
    if name not in model.quantities:
        near = get_close_matches(name, model.quantities, n=3, cutoff=0.5)
        known = " or ".join(near) if near else ", ".join(model.quantities)
        raise UnknownName(f"model {model.name} has no quantity {name!r}; it has {known}")
    quantity = model.quantities[name]
    if inside is None:
        return quantity.at()
    parts = [p.strip() for p in inside.split(",")]
    if len(parts) != len(quantity.axes):
        raise UnknownName(f"{name} has {len(quantity.axes)} indices ({_axes(quantity)}); {text!r} gives {len(parts)}")
    places: dict[Basic, Expr] = {}
    for part, axis in zip(parts, quantity.axes, strict=True):
        places[axis] = _index(part, moved(axis, places), text)
    return quantity.at(*places.values())


def _index(text: str, axis: Idx, whole: str) -> Expr:
    if text.isdigit():
        return Integer(int(text))
    if not text.isidentifier():
        raise UnknownName(f"{text!r} in {whole!r} is not an index; use a letter or a number")
    return index(text, axis.lower, axis.upper)


def _axes(quantity: Quantity) -> str:
    return ", ".join(str(i.label) for i in quantity.axes) or "none"
