"""All findings about a false equation; of several edits that make it true, the one of the least cost is suggested."""

from __future__ import annotations

from types import ModuleType

from . import (
    contradicted_definition,
    false_equation,
    free_and_bound,
    misplaced_function,
    own_bound,
    swapped_index,
    turned_fraction,
    turned_inequality,
    two_readings,
    unfitting_shapes,
    unnormalised_density,
    unused_suppression,
    wrong_exponent,
    wrong_factor,
    wrong_number,
    wrong_operator,
    wrong_quantity,
    wrong_sign,
    wrong_sum,
    wrong_term,
    wrong_transpose,
)

MODULES: tuple[ModuleType, ...] = (
    false_equation,
    swapped_index,
    wrong_sign,
    wrong_operator,
    wrong_quantity,
    wrong_factor,
    wrong_term,
    wrong_transpose,
    wrong_exponent,
    misplaced_function,
    turned_fraction,
    turned_inequality,
    wrong_number,
    wrong_sum,
    unfitting_shapes,
    unnormalised_density,
    contradicted_definition,
    own_bound,
    free_and_bound,
    two_readings,
    unused_suppression,
)
RULE_ROWS = tuple(module.RULE for module in MODULES)
RULES: dict[str, str] = {module.RULE.code: module.__doc__ or "" for module in MODULES}
