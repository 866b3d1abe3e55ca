"""The letters by which texts write the parts of a standard formula."""

from __future__ import annotations

import re
from functools import cache

from derive.notation.ellipses import prepared
from derive.notation.parser import parse
from derive.notation.syntax import Node
from derive.standards.standard import Part, Standard

from .letters import Atom
from .terms import formula_of
from .words import spelled

STEPS = re.compile(r"_[A-Za-z]+?([pm]\d+)m?$")  # x_{t-1} is named x_tm1m, and x_{t+1} x_tp1
PAIRS = frozenset({"xx", "xy", "yx", "yy", "ij", "aa", "ab", "ba", "bb"})  # of indices, and no words


def node_of(latex: str) -> Node:
    """One expression, parsed."""
    (node,) = parse(latex)
    return prepared(node)


@cache
def atom_named(latex: str) -> Atom:
    """The letter that a few characters of LaTeX write; also the π that is a letter, and no number."""
    if (letter := latex.removeprefix("\\")).isalpha():
        return Atom(name=letter, core=letter, arity=0)
    (atom,) = formula_of(spelled(node_of(latex), lambda word: word not in PAIRS)).atoms
    return atom


@cache
def parts_by_name(standard: Standard) -> dict[str, list[Part]]:
    """The parts that each letter writes."""
    found: dict[str, list[Part]] = {}
    for part in standard.parts:
        for name in dict.fromkeys(atom_named(w).name for w in part.written):
            found.setdefault(name, []).append(part)
    return found


def is_of_another_step(atom: Atom, part: Part) -> bool:
    """Whether a letter is one by which texts write a part, but more steps back, or fewer: x_{t-2} for x_{t-1}."""
    alike = [other for w in part.written if (other := atom_named(w)).core == atom.core]
    steps = {_steps(other) for other in alike}
    if atom.name == f"{atom.core}_t" and "m1" in steps and atom.name not in {other.name for other in alike}:
        return True  # h_t, where h stands for h_{t-1}
    return bool(steps) and not steps & {"", _steps(atom)}  # s also writes s_{t-1}


def _steps(atom: Atom) -> str:
    """How far from its step a letter is, of x_{t-1} "m1"."""
    found = STEPS.search(atom.name)
    return found[1] if found else ""
