r"""Whether an inequality speaks of lengths and products of what is read as numbers: |⟨x, y⟩| ≥ ‖x‖ ‖y‖.

It holds for numbers, and the other way round for vectors, which the text means by such signs even where it never says
so. So nothing that holds for numbers alone counts as its proof.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Group, Listing, Neg, Node, Sym
from derive.notation.usage import NORMS
from derive.vocabulary import indices_of, name_of, names_in

from ..judge import Equation
from ..lines import Line

LENGTHS = "what has a length in it is read as a number, and may be a vector"


def has_lengths_of_numbers(line: Line, equation: Equation) -> bool:
    """Whether a letter of a norm, of an inner product or with a transpose is read as a number."""
    sides = [side for side in (line.left, line.right) if side is not None]
    measured = {s.base for side in sides for n in walk(side) for s in _measured(n)}
    read = (a for side in (equation.left, equation.right) for a in names_in(side) if not indices_of(a))
    return any(name_of(a).split("_")[0] in measured for a in read)


def _measured(node: Node) -> Iterator[Sym]:
    """The letters whose length a part of a formula takes, or which it transposes."""
    match node:
        case Group(opening=opening, body=body) if opening in NORMS or opening == r"\langle":
            for item in body.items if isinstance(body, Listing) else (body,):
                yield from _terms(item)
        case Sym(sup=sup) if sup is not None and is_transpose(sup):
            yield node


def _terms(node: Node) -> Iterator[Sym]:
    match node:
        case Sym():
            yield node
        case Neg(body=body):
            yield from _terms(body)
        case Bin(op="+" | "-"):
            yield from (*_terms(node.left), *_terms(node.right))
