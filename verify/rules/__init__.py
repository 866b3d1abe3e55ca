"""Findings: one file each, whose docstring is its documentation page; `table.py` lists them."""

from .table import RULE_ROWS, RULES

__all__ = ["RULES", "RULE_ROWS"]
