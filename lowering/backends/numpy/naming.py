"""Names in the module: those of the model, but for words that Python or the module itself uses."""

from __future__ import annotations

from keyword import iskeyword

TAKEN = frozenset({"np", "params", "data", "init", "forward", "value", "value_and_grad", "float"})


def local(name: str) -> str:
    """The variable that holds a quantity: `lambda_` for `lambda`."""
    return f"{name}_" if iskeyword(name) or name in TAKEN else name
