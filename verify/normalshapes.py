r"""Normal densities of a number, told by their shape, that do not integrate to 1, whatever their letters are called.

    p(d | h) = (2πσ²)^{-1/2} exp(−(d − h)² / (2σ²))   in d

A root with 2π before the exponential of a square has no other use than to make the integral 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from derive.chances.events import NotAProbability, conditioned, unbraced
from derive.notation.definitions import DEFINING
from derive.notation.enclosed import NORMS
from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Fraction, Group, Node, Sqrt, Sym

from .context import Context
from .found import Found
from .functions import applied
from .lines import Line
from .normalised import OFF, not_one
from .quadrature import HALF, LINE, UNIT, Support, integral
from .repair import repair
from .results import Verdict
from .standards.letters import Atom
from .standards.terms import Formula, atoms_of, formula_of
from .standards.values import Unclear, Value
from .vectordensities import is_exponential

HEADS = frozenset({"p", "P", "q", "f", "g", "phi", "varphi", "pi"})
SAID = re.compile(r"gaussian|\bnormal|densit|distribut|likelihood|probabilit|\bnoise", re.IGNORECASE)
OTHERWISE = re.compile(
    r"unnormali[sz]|not normali[sz]|proportional|up to\b|improper|\btruncat|\bcensor|\bwrong|mistake|\binstead"
    r"|\bproducts?\b|\bratio|\bsum of\b|convol|derivative|\bbound|\bapproximat|multivariate|bivariate|dimension"
    r"|vector|matri|\bcomplex\b|fourier|\bjoint\b|\bactivation|\bpulse|\bfilter|\bwave|\bbump|\bsplit|\bscaled",
    re.IGNORECASE,
)
DRAWS = ((0.35, 0.6, 0.8, 0.9, 0.5), (1.4, 1.9, 2.3, 2.6, 1.1), (0.7, 1.6, 2.2, 3.1, 1.3))
POINTS = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5)
NEAR = 1e-6
AFTER = 150  # characters of what follows a formula


def unnormalised_normal(line: Line, context: Context) -> Found | None:
    """What is found of a normal density of one number that does not integrate to 1; None of anything else."""
    words = line.formula.before[-300:] + " " + line.formula.after[:AFTER]
    if not SAID.search(words) or OTHERWISE.search(words) or (wrong := _off_one(line, context)) is None:
        return None
    shown = "has no finite integral" if np.isinf(wrong) else f"integrates to {wrong:.4g}, where 1 is needed"

    def verdict(edited: Line) -> Verdict:
        totals = list(_totals(edited, context, (LINE,)))
        return Verdict.HOLDS if totals and all(abs(t[1] - 1) < OFF for t in totals) else Verdict.UNDECIDED

    mended = repair(line, context, verdict)
    return not_one(f"as a density it {shown}", mended[1] if mended else None)


def _off_one(line: Line, context: Context) -> float | None:
    """An integral, if for no parameters and no support it is 1, nor one of the parameters, as with a weight."""
    totals = list(_totals(line, context))
    for given, total in totals:
        if any(abs(total - v) < OFF for v in (1.0, *given, *(1 - g for g in given))):
            return None
    return totals[0][1] if totals else None


def _totals(
    line: Line, context: Context, supports: tuple[Support, ...] = (LINE, HALF, UNIT)
) -> Iterator[tuple[tuple[float, ...], float]]:
    """The values of the parameters, and the integrals over what x may be; none if a line is no such density."""
    variable = _variable_of(line)
    if variable is None or line.right is None or not _is_normal(line.right):
        return
    try:
        formula = formula_of(line.right)
    except Unclear:
        return
    others = [a for a in formula.atoms if a != variable]
    plain = variable in formula.atoms and not any(a.arity or a.bold for a in formula.atoms)
    plain = plain and not any(variable.core in re.split(r"[_,|]", a.value) for a in others)  # not of unknown f(x)
    if not plain or len(others) > len(DRAWS[0]) or {a.core for a in formula.atoms} & _defined(context):
        return
    for draw in DRAWS:
        given = dict(zip(others, draw, strict=False))
        if (exponent := _exponent(formula, variable, given)) is None:
            return
        for support in supports:
            total = integral(partial(_density, exponent), support)
            if total is None:
                return
            yield tuple(given.values()), total


def _variable_of(line: Line) -> Atom | None:
    """The x of p(x | θ) and f(x)."""
    head = applied(line.left) if not line.link and line.operator in DEFINING else None
    if head is None or head[0].base not in HEADS or not head[1]:
        return None
    try:
        events, _ = conditioned(head[1][0])
    except NotAProbability:
        return None
    atoms = atoms_of(unbraced(events[0])) if len(events) == 1 else ()
    return atoms[0] if len(atoms) == 1 else None


def _is_normal(right: Node) -> bool:
    """Whether an expression has an exponential and a root with π, and nothing of vectors, sums or products."""
    nodes = list(walk(right))
    if any(isinstance(n, Big) or _is_of_vectors(n) for n in nodes):
        return False
    return any(map(is_exponential, nodes)) and any(map(_is_root_with_pi, nodes))


def _is_of_vectors(node: Node) -> bool:
    if isinstance(node, Sym):
        return "bold" in node.fonts or (node.sup is not None and is_transpose(node.sup))
    norm = isinstance(node, Group) and node.opening in (*NORMS, "|")
    return norm or (isinstance(node, Group) and node.sup is not None and is_transpose(node.sup))


def _is_root_with_pi(node: Node) -> bool:
    """√(2πσ²), (2πσ²)^{1/2}, (2π)^{-1/2}."""
    if isinstance(node, Group) and node.sup is not None:
        letters = any(isinstance(n, Sym) for n in walk(node.sup))
        halved = any(isinstance(n, Fraction) or (isinstance(n, Bin) and n.op == "/") for n in walk(node.sup))
        return halved and not letters and any(isinstance(n, Sym) and n.base == "pi" for n in walk(node.body))
    return isinstance(node, Sqrt) and any(isinstance(n, Sym) and n.base == "pi" for n in walk(node.body))


def _defined(context: Context) -> set[str]:
    """The letters that the text gives by an equation."""
    lines = (n for n in context.lines.lines if n.link == 0 and n.operator in DEFINING)
    return {a.core for n in lines if isinstance(n.left, Sym) for a in atoms_of(n.left)}


def _exponent(formula: Formula, variable: Atom, given: Mapping[Atom, float]) -> Any:
    """The coefficients of log p(x), the highest first, if it is a polynomial of second degree in x; None if not."""
    try:
        values = np.array([_value(formula, {**given, variable: x}) for x in POINTS], dtype=float)
    except (Unclear, TypeError, ValueError):
        return None
    with np.errstate(all="ignore"):
        logarithms = np.log(values)
        bends = np.diff(logarithms, 2)
    bent = np.all(np.isfinite(bends)) and np.ptp(bends) < NEAR * abs(bends[0]) and abs(bends[0]) > NEAR
    return np.polyfit(POINTS, logarithms, 2) if bent else None


def _density(exponent: Any, x: Any) -> Any:
    return np.exp(np.polyval(exponent, x))


def _value(formula: Formula, values: Mapping[Atom, float]) -> Value:
    return formula.at(lambda atom, place: values[atom], 1)
