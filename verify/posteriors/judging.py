"""What a prior and a likelihood say of a posterior: of its density, its law, its parameters, its mean and its mode.

A posterior is prior times likelihood, up to a factor. A claim holds if it does under a parametrisation that the text
allows; it is wrong if it fails under all of them, and one edit makes it hold.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace

from derive.notation.ellipses import prepared
from derive.notation.parser import parse
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Big, Chain, Node, Sym

from ..context import Context
from ..found import Found
from ..lines import Line
from ..repair import repair_right_side
from ..spaces.claimed import is_doubted
from ..spaces.trials import held, refuted
from ..standards.values import Unclear
from .claims import Holds, letters_stated, parameters_of, tests_of
from .setting import setting_before, told_before
from .worded import PRIOR

BAYES = re.compile(r"\bposteriors?\b|\bbayes|\bconjuga|\bprior\b", re.IGNORECASE)
OTHERWISE = re.compile(
    r"\bpredictive\b|\bhierarch|\btruncat|\bcensor|\bunknown variance|\bimproper|\bapproximat|\bvariational|\bmixture"
    r"|\blatent|\bnuisance|\btemper",
    re.IGNORECASE,
)
FLAT = re.compile(r"\b(?:uniform|flat|non-?informative|jeffreys|haldane|vague|reference) ", re.IGNORECASE)
CONSTANTS = frozenset({"e", "pi", "Gamma", "Beta", "Gam", "Normal", "N", "infty"})


def posterior_found(line: Line, context: Context) -> Found | None:
    """What is found of a claim about a posterior; None if it is none, or the text does not say of what."""
    prose = told_before(line, context)
    if line.right is None or not (context.chances.speaks or PRIOR.search(prose)):
        return None
    if BAYES.search(prose) is None or OTHERWISE.search(prose):
        return None
    line = _as_written(line)
    assert line.right is not None
    for test in tests_of(line, context):
        try:
            outcome = test(line.right)
        except Unclear:
            continue
        if outcome is None:
            continue
        if outcome:
            return held(line, "prior times likelihood gives the same at all numbers tried")
        return _refuted(line, context, test)
    return None


def _as_written(line: Line) -> Line:
    """The line without the steps of training that μ_n = μ_0 + … may be taken for."""
    if line.operator != "<-":
        return line
    chains = (n for n in map(prepared, parse(line.formula.latex)) if isinstance(n, Chain))
    found = next((n for n in chains if n.operands[0].span == line.left.span), None)
    if found is None or len(found.operands) < 2:
        return line
    return replace(line, left=found.operands[0], operator=found.operators[0], right=found.operands[1])


def _refuted(line: Line, context: Context, holds: Holds) -> Found | None:
    """A claim that fails, if one edit makes it hold, or it has all letters that it should have and no other."""
    doubted = is_doubted(line) or FLAT.search(told_before(line, context)) is not None  # under which prior
    letters = _compared(line, context) if context.mends and not doubted else None
    if letters is None or not letters[1] <= letters[0] | letters_stated(line, context):
        return None

    def rank(node: Node) -> int | None:
        try:
            return 0 if holds(node) else None
        except Unclear:
            return None

    correction = repair_right_side(line, context, rank)
    if correction is None and letters[0] != letters[1]:
        return None
    return refuted(line, "it does not follow from the prior and the likelihood", None, correction)


def _compared(line: Line, context: Context) -> tuple[set[str], set[str]] | None:
    """The letters of prior and likelihood, and those of a claim; None if the text does not tell the former."""
    assert line.right is not None
    for parameter in parameters_of(line, context):
        setting = setting_before(parameter, line, context)
        if setting is not None and setting.joints:
            told, said = (_letters(n, setting.sizes, parameter) for n in (setting.joints[0].density, line.right))
            return told, said
    return None


def _letters(node: Node, sizes: frozenset[str], parameter: Node) -> set[str]:
    """The letters of an expression without the parameter, what counts the data, and the letters that sums bind."""
    bounds = (big.below for big in walk(node) if isinstance(big, Big) and big.below is not None)
    bound = {n.base for below in bounds for n in walk(below) if isinstance(n, Sym)}
    left_out = {*CONSTANTS, *sizes, *bound, getattr(parameter, "base", "")}
    scripts = {id(n) for s in walk(node) if isinstance(s, Sym) and s.sub is not None for n in walk(s.sub)}
    syms = (n for n in walk(node) if isinstance(n, Sym) and id(n) not in scripts)
    return {_name(n, bound | sizes) for n in syms} - left_out


def _name(sym: Sym, running: Set[str]) -> str:
    """A letter without the index that numbers all data, but with any other: the x_{n+1} of one more."""
    if sym.sub is None or (isinstance(sym.sub, Sym) and sym.sub.base in running):
        return sym.base
    return repr(unplaced(replace(sym, sup=None)))
