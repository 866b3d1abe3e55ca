"""What is read by custom only, looked at again where it alone keeps a claim from being called wrong.

A capital that custom takes for a matrix is one if there are formulas in the text that cannot be read without that.
"""

from __future__ import annotations

from dataclasses import replace

from .context import Context

GUESSED = "is no number"


def settle_matrices(context: Context) -> bool:
    """Take the capitals that custom takes for matrices for sure, if the text needs that; whether it does."""
    dictionary = context.dictionary
    if not dictionary.survey.guessed or not context.lines.needs_matrices:
        return False
    said = {f"the text does not say that {name} {GUESSED}" for name in dictionary.survey.guessed}
    dictionary.survey = replace(dictionary.survey, guessed=frozenset())
    for found in (context.definitions, context.others):
        for number, d in found.items():
            found[number] = replace(d, doubts=tuple(doubt for doubt in d.doubts if doubt not in said))
    return True
