"""All findings, in the order in which their edits are tried: the most usual mistake first."""

from __future__ import annotations

from types import ModuleType

from . import (
    contradicted_definition,
    false_equation,
    free_and_bound,
    own_bound,
    swapped_index,
    wrong_operator,
    wrong_quantity,
    wrong_sign,
)

MODULES: tuple[ModuleType, ...] = (
    swapped_index,
    wrong_sign,
    wrong_operator,
    wrong_quantity,
    false_equation,
    contradicted_definition,
    own_bound,
    free_and_bound,
)
RULE_ROWS = tuple(module.RULE for module in MODULES)
RULES: dict[str, str] = {module.RULE.code: module.__doc__ or "" for module in MODULES}
