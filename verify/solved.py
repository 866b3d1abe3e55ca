r"""Which equations give what is sought: θ = … behind "gradient = 0", and θ̂, θ^*, θ_{MLE} where a text has θ as well."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from derive.notation.dictionary import Dictionary
from derive.notation.names_in_notes import take_apart, text_of
from derive.notation.runs import walk
from derive.notation.syntax import Group, Node, Num, Sym

from .lines import CONDITIONS, Line
from .roles import introduction

SOUGHT = re.compile(
    r"\b(?:solv\w+|solution|minim\w+|maxim\w+|optim\w+|estimat\w+|stationary|zero|closed[- ]form|MLE|MAP)\b",
    re.IGNORECASE,
)
SET_TO_ZERO = re.compile(
    r"\b(?:set\w*|put\w*|equat\w+)\b[^.;]*\b(?:zero|0)\b|\bnormal equations?\b"
    r"|\bfirst[- ]order (?:optimality )?conditions?\b"
    r"|\b(?:gradient|derivative|slope)s?\b[^.;]*\b(?:zero|vanish\w*)\b",
    re.IGNORECASE,
)
ZERO_SLOPE = re.compile(r"(?:\\partial|\\nabla|\\frac\s*\{\s*d\b|')[^$]*=\s*0\s*\$")
SENTENCE = re.compile(r"(?<=[.!?:;])\s+")
LABELS = frozenset({"MLE", "ML", "MAP", "OLS", "LS", "opt", "best", "star", "ast", "min", "max"})


def solved_name(line: Line, lines: Iterable[Line], dictionary: Dictionary) -> tuple[str, bool] | None:
    """The plain name whose best value a line gives, and whether a mark tells that value from the name itself.

    A text may also vary the estimates themselves: L(â, b̂) is least at â.
    """
    survey = dictionary.survey
    left = survey.steps.settled(line.left)
    if line.link or line.right is None or not isinstance(left, Sym):
        return None
    own, unmarked = (survey.name(take_apart(n, survey.letters)) for n in (left, _bare(left)))
    marked = own != unmarked and unmarked in survey.named and own not in survey.differentiated
    named = take_apart(_bare(left) if marked else left, survey.letters)
    if not any(_is_varied(name, named.base, dictionary) for name in (own, unmarked)):
        return None
    if named.transposed or not isinstance(named.power, Num | None):
        return None
    posed = any(_poses(n) and n.number < line.number and n.formula.headings == line.formula.headings for n in lines)
    words = introduction(line.formula)
    sought = posed or SET_TO_ZERO.search(words) is not None or (own != unmarked and SOUGHT.search(words) is not None)
    return (unmarked if marked else own, marked) if sought else None


def sets_to_zero(line: Line) -> bool:
    """Whether the sentence before a line sets a derivative to zero, in words or by a formula: Setting ∇L = 0."""
    before = SENTENCE.split(line.formula.before.strip())[-1]
    return SET_TO_ZERO.search(introduction(line.formula)) is not None or ZERO_SLOPE.search(before) is not None


def _is_varied(name: str, base: str, dictionary: Dictionary) -> bool:
    """Whether something is differentiated by a name, or introduced as a function of it: the w of J(w)."""
    survey = dictionary.survey
    introduced = (args for many in survey.arguments.values() for args in many)
    return name in survey.differentiated or any({name, base} & {*args} for args in introduced)


def _poses(line: Line) -> bool:
    """Whether something is set to zero, and does not begin with zero as h_0 and v_{0,j} do."""
    begins = isinstance(line.left, Sym) and line.left.sub is not None and any(is_zero(n) for n in walk(line.left.sub))
    return line.operator not in CONDITIONS and is_zero(line.right) and not begins  # x > 0 says where x lies


def is_zero(node: Node | None) -> bool:
    """Whether a side is the number 0."""
    return isinstance(node, Num) and not node.text.strip("0.")


def _bare(sym: Sym) -> Sym:
    r"""The letter without the marks of a best value: `\hat`, `^*`, `_{MLE}`."""
    accents = tuple(a for a in sym.accents if a not in ("hat", "widehat"))
    sup, sub = (None if s is not None and _labels(s) else s for s in (sym.sup, sym.sub))
    return dataclasses.replace(sym, accents=accents, sup=sup, sub=sub)


def _labels(node: Node) -> bool:
    inner = node.body if isinstance(node, Group) else node
    return (isinstance(inner, Sym) and inner.base == "*") or text_of(inner) in LABELS
