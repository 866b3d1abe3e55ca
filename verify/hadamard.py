r"""Products beside ⊙: in (w δ) ⊙ σ′(z) the δ is a vector, and a w of which the text says nothing may be a matrix.

Read as a number it would need no transpose, so that a proof would hide one that is missing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from derive.notation.names_in_notes import take_apart
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Group, Juxt, Node, Sym

from .context import Context
from .found import Found
from .lines import Line
from .results import Verdict

WEIGHTS = "wuv"


def without_a_matrix(found: Found, line: Line, context: Context) -> Found:
    """What is found of a line; no proof if that reads as a number what may be a matrix."""
    weight = _scaled(line, context) if found.verdict is Verdict.PROVED else None
    if weight is None:
        return found
    return dataclasses.replace(found, verdict=Verdict.UNDECIDED, because=f"{weight} may be a matrix beside ⊙")


def _scaled(line: Line, context: Context) -> str | None:
    """The small letter that is read as a number before a vector, within an operand of ⊙; None if there is none."""
    survey = context.dictionary.survey
    for sym in _weights(line):
        named = take_apart(sym, survey.letters)
        if not any(name == named.plain and rank > 1 for (name, _), rank in survey.extra.items()):
            return sym.base
    return None


def _weights(line: Line) -> Iterator[Sym]:
    """The letters of weights that stand first in a product within an operand of ⊙."""
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side))
    for node in (n for n in nodes if isinstance(n, Bin) and n.op == "odot"):
        for operand in (_bare(node.left), _bare(node.right)):
            match operand:
                case Juxt(items=(Sym(base=base, accents=()) as first, Sym(), *_)) if (
                    base in WEIGHTS and not first.fonts
                ):
                    yield first


def _bare(node: Node) -> Node:
    """What stands in a bracket."""
    return _bare(node.body) if isinstance(node, Group) and node.sup is None else node
