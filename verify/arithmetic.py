"""The operators of arithmetic as texts write them, for whatever they are applied to: numbers or expressions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "cdot": operator.mul,
    "times": operator.mul,
    "*": operator.mul,
    "/": operator.truediv,
}
