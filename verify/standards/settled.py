"""Formulas in the letters of a thing of which the field has no other formula in these letters, that are none of these.

A definition that is another one says nothing about a usual formula; but a score or an activation by its name has
no second meaning. What is more than one edit away from all of its formulas is wrong as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np

from derive.notation.runs import walk
from derive.notation.syntax import Fn, Neg, Node, Sym
from derive.standards.standard import Standard

from ..found import Found
from ..lines import Line
from ..results import Suggestion, Verdict
from ..rules import false_equation
from .drawing import SIZES
from .letters import Atom, core_of
from .matching import Assignment, Variant, assignments, strange, value_at, variants_of
from .naming import arguments_of
from .parts import node_of
from .terms import Formula, atoms_of, formula_of
from .values import Unclear

ALIKE = 1e-6


def contradiction(line: Line, right: Node, row: Standard) -> Found | None:
    """The conflict of a right side with all formulas of a thing that has no others; None if there is none.

    Args:
        line: the definition.
        right: its right side, with words spelled as letters.
        row: the one thing that it may define.
    """
    of_itself = (_names(line.left) - _names(*arguments_of(line.left))) & _names(right)
    played = None if of_itself or not row.settled or isinstance(line.left, Neg) else _none_of(right, row)
    if played is None:
        return None
    because = f"it is none of the usual formulas of the {row.name}"
    suggestion = _in_these_letters(line, right, row, played)
    return Found(verdict=Verdict.CONFLICT, because=because, rule=false_equation.RULE.code, suggestion=suggestion)


def _names(*nodes: Node) -> set[str]:
    """The letters and functions of expressions."""
    parts = (n for node in nodes for n in walk(node))
    return {n.name if isinstance(n, Fn) else n.base for n in parts if isinstance(n, Fn | Sym)}


def _none_of(node: Node, row: Standard) -> Assignment | None:
    """The parts that the letters of an expression play, if it is none of the formulas that a settled thing has.

    It is one if a formula in the same letters has its values, or is a number times it, or a number beside it, however
    its letters play their parts. None also if a letter is none of those by which texts write the parts.
    """
    try:
        formula = formula_of(node)
    except Unclear:
        return None
    own: Assignment | None = None
    for assignment in assignments(formula, row):
        if strange(assignment, row):
            return None
        same = tuple(_in_these(assignment, row))
        if not any(v.known for v in same):
            continue
        if any(_related(formula, assignment, v) for v in same):
            return None
        own = own or assignment
    return own


def _in_these(assignment: Assignment, row: Standard) -> Iterator[Variant]:
    """The formulas of a row in the letters of an assignment, and no others."""
    played = {p.letter for p in assignment.values()}
    yield from (v for v in variants_of(row) if {p.letter for p in v.parts.values()} == played)


def _related(formula: Formula, assignment: Assignment, variant: Variant) -> bool:
    """Whether two formulas may mean the same: equal, a number apart, or a number times each other; or untold."""
    pairs = [
        (a, b)
        for trial in range(len(SIZES))
        if (a := value_at(formula, assignment, trial)) is not None
        and (b := value_at(variant.formula, variant.parts, trial)) is not None
        and np.shape(a) == np.shape(b) == ()
    ]
    if len(pairs) < len(SIZES) - 1:
        return True
    first, second = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    with np.errstate(all="ignore"):
        return any(np.ptp(v) <= ALIKE * np.abs(v).max() for v in (first / second, first - second)) or bool(
            np.allclose(first, second)
        )


def _in_these_letters(line: Line, right: Node, row: Standard, assignment: Assignment) -> Suggestion | None:
    """The usual formula most like a right side, in its letters; None if one of these has an index that runs."""
    source = line.formula.latex
    written = SequenceMatcher(a=source[slice(*right.span)], autojunk=False)
    letters = {part.letter: _written(right, atom, source) for atom, part in assignment.items()}

    def likeness(variant: Variant) -> float:
        written.set_seq2(variant.latex)
        return written.ratio()

    variant = max((v for v in _in_these(assignment, row) if v.known), key=likeness)
    names = {a.core: letters[p.letter] for a, p in variant.parts.items()}
    if any(a.arity for a in variant.parts) or "" in names.values():
        return None
    text, done = "", 0
    syms = (n for n in walk(node_of(variant.latex)) if isinstance(n, Sym) and core_of(n) in names)
    for start, end, core in sorted((*_place(n, variant.latex), core_of(n)) for n in syms):
        text += variant.latex[done:start] + names[core]
        done = end
    text += variant.latex[done:]
    low, high = right.span
    return Suggestion(
        latex=text,
        edit=f"{source[low:high]} → {text}",
        verdict=Verdict.UNDECIDED,
        span=None if line.formula.origins else (line.formula.offset + low, line.formula.offset + high),
        text=text,
    )


def _written(right: Node, atom: Atom, source: str) -> str:
    """How a formula writes one of its letters; empty if that cannot be told."""
    for node in walk(right):
        if isinstance(node, Sym) and any(a.name == atom.name for a in atoms_of(replace(node, sup=None))):
            return source[slice(*_place(node, source))].strip()
    return ""


def _place(node: Sym, source: str) -> tuple[int, int]:
    """Where a letter stands, without its power."""
    start, end = node.span
    return (start, end) if node.sup is None else (start, source.rindex("^", start, max(node.sup.span[0], start + 1)))
