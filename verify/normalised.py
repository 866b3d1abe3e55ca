"""Formulas that the text calls densities and that do not integrate to 1 over the values of their variable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from sympy import Expr

from derive.calculus.indices import free_indices
from derive.chances.events import NotAProbability, conditioned, unbraced
from derive.model import Model, ModelError
from derive.notation.definitions import assemble
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.enclosed import NORMS
from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Chain, Group, Juxt, Listing, Node, Sym
from derive.vocabulary import is_name, name_of, names_in
from lowering.numeric.errors import EvaluationError

from .context import Context
from .evaluation import sides
from .found import Found
from .judge import Equation, with_variables
from .lines import Line
from .quadrature import HALF, LINE, UNIT, Support, integral
from .repair import repair
from .results import StatementKind, Suggestion, Verdict

CODE = "GP260"
DENSITY = re.compile(r"\b(?:densit(?:y|ies)|pdf|integrates? to (?:1|one))\b", re.IGNORECASE)
OTHERWISE = re.compile(  # what is no density by itself, not one of a number, or not claimed to be one
    r"unnormali[sz]|not normali[sz]|normali[sz]ing|normali[sz]ation|\bto normali[sz]e|proportional|up to\b|improper"
    r"|\bkernel\b|\blog-?\s?densit|\bconstants?\b|cumulative|\bjoint\b|\bconditional|\btruncat|\bcensor|\btail\b|\bwrong|mistake"
    r"|\binstead|\bproducts?\b|\bratio|\bsum of\b|convol|differen|derivative|(?:upper|lower) bound|approximat"
    r"|posterior|likelihood|evidence|multivariate|bivariate|dimension|vector|matri|discrete|\bmass\b|\bintegers?\b|\bcounts?\b|poisson|binomial"
    r"|geometric|bernoulli|categorical|mixture|intensity|\benergy|\bno(?:t a)? (?:\w+ )?densit"
    r"|distribution function|\bcdf\b|\bactivation|of (?:the|a|their) (?:sum|difference)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[.!?]\s+(?=\W{0,6}[A-Z])")
EQUATION = re.compile(r"\$[^$]*=[^$]*\$")
CALLED = re.compile(r"\b(?:densit(?:y|ies)|pdf)\s+\$([^$]{1,30})\$", re.IGNORECASE)
FAMILIES: tuple[tuple[re.Pattern[str], Support], ...] = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), support)
    for words, support in (
        (r"gaussian|normal(?:ly)?|laplace|cauchy|logistic", LINE),
        (r"exponential|gamma|weibull|rayleigh", HALF),
        (r"beta", UNIT),
    )
)
NORMALISERS = frozenset({"Z", "C", "c", "k", "K", "A", "B", "N"})
DRAWS = ((0.35, 0.6, 0.8, 0.9), (1.4, 1.9, 2.3, 2.6), (0.7, 1.6, 2.2, 3.1))
OFF = 1e-3
SEVERAL = 2  # choices of parameters


@dataclass(frozen=True, kw_only=True)
class Density:
    """A formula for a density.

    Attributes:
        variable: the name of its variable.
        expr: the formula.
        model: its letters, as given quantities.
        parameters: the names of the others.
        supports: what the text may mean by the values of the variable, as ends that are expressions or numbers.
    """

    variable: str
    expr: Expr
    model: Model
    parameters: tuple[str, ...]
    supports: tuple[tuple[Expr | float, Expr | float], ...]


def unnormalised(line: Line, context: Context) -> Found | None:
    """What is found of a density that does not integrate to 1; None of anything else."""
    density = _density(line, context)
    wrong = None if density is None else off_one(density)
    if density is None or wrong is None:
        return None
    values, found = wrong
    at = ", ".join(f"{n} = {v:g}" for n, v in values.items())
    shown = "has no finite integral" if np.isinf(found) else f"integrates to {found:.4g}"
    because = f"it {shown}{f' for {at}' if at else ''}, where 1 is needed"

    def verdict(edited: Line) -> Verdict:
        changed = _density(edited, context)
        return Verdict.HOLDS if changed is not None and is_one(changed) else Verdict.UNDECIDED

    mended = repair(line, context, verdict)
    return not_one(because, mended[1] if mended else None)


def not_one(because: str, suggestion: Suggestion | None) -> Found:
    """The conflict of a density with its integral."""
    return Found(
        kind=StatementKind.DEFINITION,
        verdict=Verdict.CONFLICT,
        because=because,
        message="a density that does not integrate to 1",
        rule=CODE,
        suggestion=suggestion,
    )


# -- what the text says --------------------------------------------------------------------------------


def _density(line: Line, context: Context) -> Density | None:
    """The density that a line gives, if the text says where its variable lies."""
    if line.link or line.right is None or line.operator not in ("=", ":="):
        return None
    words = line.formula.before.rstrip().rsplit("\n\n", 1)[-1]
    if _is_given_before(words):
        return None
    words += " " + _rest_of_sentence(line)
    if not DENSITY.search(words) or OTHERWISE.search(words) or any(map(_is_of_vectors, walk(line.right))):
        return None
    head = _variable_of(line.left)
    if head is None or _is_of_another(line.left, words):
        return None
    outcome, given = head
    try:
        reader = Reader(context.dictionary)
        expr, x = reader.read(line.right), reader.read(outcome)
        known = {name_of(reader.read(g)) for g in given}
        model = with_variables(
            Equation(left=expr, right=x, sources=((line.formula.latex, line.right, reader),)),
            assemble("text", [], context.dictionary),
        )
    except (Unreadable, ModelError, ValueError, TypeError, AttributeError):
        return None
    if not is_name(x) or free_indices(expr) or reader.arrays or any(q.axes for q in model.given):
        return None
    parameters = tuple(sorted({name_of(a) for a in names_in(expr)} - {name_of(x)}))
    spoken = known | _spoken_of(line, context)
    defined = {d.name for k, d in context.definitions.items() if k != line.number}
    if name_of(x) not in {name_of(a) for a in names_in(expr)}:
        return None
    if any(p not in spoken or p in defined or p in NORMALISERS for p in parameters):
        return None
    supports = tuple(_supports(outcome, line, words, context))
    if not supports:
        return None
    return Density(variable=name_of(x), expr=expr, model=model, parameters=parameters, supports=supports)


def _is_given_before(words: str) -> bool:
    """Whether the density of which words speak has its formula in a sentence before the last one."""
    *before, last = SENTENCE.split(words)
    return not DENSITY.search(last) and any(DENSITY.search(s) and EQUATION.search(s) for s in before)


def _rest_of_sentence(line: Line) -> str:
    """What goes on behind a formula: `for x > 0`, `where r is the rate`; nothing where a new sentence begins."""
    after = line.formula.after.strip().lstrip(",;")
    return re.split(r"\n\n|\.\s+(?=[A-Z])", after, maxsplit=1)[0] if after[:1].islower() else ""


def _is_of_vectors(node: Node) -> bool:
    """Whether a part of a formula is a norm, a transpose, or (2π)^{n/2}."""
    if isinstance(node, Group) and (node.opening in NORMS or (node.sup is not None and is_transpose(node.sup))):
        return True
    constant = isinstance(node, Group) and any(isinstance(n, Sym) and n.base == "pi" for n in walk(node.body))
    letters = [n for n in walk(node.sup) if isinstance(n, Sym)] if isinstance(node, Group) and node.sup else []
    return constant and bool(letters)


def _is_of_another(left: Node, words: str) -> bool:
    r"""Whether the words call something else a density: `g(x) = x \Phi(x)` with the density `\phi`."""
    letters = {s.base for s in walk(left) if isinstance(s, Sym)}
    called = (re.findall(r"[A-Za-z]+", m[1])[:1] for m in CALLED.finditer(words))
    return any(first and first[0] not in letters for first in called)


def _variable_of(left: Node) -> tuple[Node, tuple[Node, ...]] | None:
    """The x and the θ of p(x | θ); None unless all are plain letters."""
    node = unbraced(left)
    items = node.items if isinstance(node, Juxt) else ()
    if len(items) != 2 or not isinstance(items[0], Sym) or not isinstance(items[1], Group):
        return None
    if items[0].base == "F":  # a distribution function, whatever is said of its density
        return None
    try:
        events, given = conditioned(items[1].body)
    except NotAProbability:
        return None
    plain = all(isinstance(unbraced(n), Sym) for n in (*events, *given))
    return (unbraced(events[0]), given) if len(events) == 1 and plain else None


def _near(line: Line, context: Context) -> Iterator[Node]:
    """The formulas of the paragraph before a line, and of what follows it."""
    start = line.formula.offset - len(line.formula.before.rstrip().rsplit("\n\n", 1)[-1]) - 4
    end = line.formula.offset + len(line.formula.latex) + len(_rest_of_sentence(line)) + 8
    for node, formula in context.lines.nodes:
        if formula is not line.formula and start <= formula.offset <= end:
            yield node


def _spoken_of(line: Line, context: Context) -> set[str]:
    """The names in the formulas around a line."""
    found: set[str] = set()
    for node in _near(line, context):
        for sym in (n for n in walk(node) if isinstance(n, Sym)):
            try:
                value = Reader(context.dictionary).read(sym)
            except (Unreadable, ValueError):
                continue
            found |= {name_of(a) for a in names_in(value)}
    return found


def _supports(outcome: Node, line: Line, words: str, context: Context) -> Iterator[tuple[Expr | float, Expr | float]]:
    """Where the variable lies, by the formulas around it, else by the name of the distribution."""
    if not isinstance(outcome, Sym):
        return
    told = False
    for node in _near(line, context):
        found = _told(node, outcome, context)
        if found is not None:
            told = True
            yield found
    if not told:
        named = (support for pattern, support in FAMILIES if pattern.search(words))
        yield from (support for support in named if support is not HALF or not _is_shifted(line, outcome.base))


def _is_shifted(line: Line, letter: str) -> bool:
    """Whether a density may begin elsewhere than at 0: λ e^{−λ(x − μ)}."""
    assert line.right is not None
    differences = (n for n in walk(line.right) if isinstance(n, Bin) and n.op == "-")
    return any(isinstance(d.left, Sym) and d.left.base == letter for d in differences)


def _told(node: Node, outcome: Sym, context: Context) -> tuple[Expr | float, Expr | float] | None:
    """x ≥ a, x ∈ (a, b), or [0, ∞) by itself; x_0 > 0 says nothing of x."""
    interval: Node | None = node if isinstance(node, Group) else None
    if isinstance(node, Chain) and len(node.operands) == 2:
        left, right = (unbraced(o) for o in node.operands)
        if not isinstance(left, Sym) or left.base.lower() != outcome.base.lower():
            return None
        if bool(left.sub) != bool(outcome.sub):
            return None
        if node.operators[0] in (">=", ">"):
            least = _end(right, context)
            return None if least is None else (least, np.inf)
        interval = right if node.operators == ("in",) else None
        if isinstance(right, Sym) and right.base in ("R", "reals") and interval is not None and right.sup is None:
            return LINE
    if not isinstance(interval, Group) or not isinstance(interval.body, Listing) or len(interval.body.items) != 2:
        return None
    if interval.opening not in ("(", "[") or interval.body.separator != ",":
        return None
    low, high = interval.body.items
    ends = [_end(e, context) for e in (low, high)]
    return None if ends[0] is None or ends[1] is None else (ends[0], ends[1])


def _end(node: Node, context: Context) -> Expr | float | None:
    text = [n.base for n in walk(node) if isinstance(n, Sym)]
    if text == ["infty"]:
        return -np.inf if not isinstance(unbraced(node), Sym) else np.inf
    try:
        return Reader(context.dictionary).read(node)
    except (Unreadable, ValueError):
        return None


# -- numbers ---------------------------------------------------------------------------------------------


def off_one(density: Density) -> tuple[Mapping[str, float], float] | None:
    """Parameters and an integral that is not 1, if it is none for several; None if one is, or little is found."""
    shown: list[tuple[Mapping[str, float], float]] = []
    for values, found in groupby(_tried(density), key=itemgetter(0)):
        integrals = [value for _, value in found]
        if any(value is not None and abs(value - 1) < OFF for value in integrals):
            return None
        first = integrals[0]
        if first is not None and None not in integrals:
            shown.append((values, first))
    enough = SEVERAL if density.parameters else 1
    return shown[0] if len(shown) >= enough else None


def is_one(density: Density) -> bool:
    """Whether the integral over the supports is 1 wherever it is found, which it is at most of the parameters tried."""
    tried = [found for _, found in _tried(density, usual=False)]
    found = [value for value in tried if value is not None]  # 1/x^0.7 has no peak that a rule of quadrature resolves
    return len(found) > len(tried) / 2 and all(abs(value - 1) < OFF for value in found)


def _tried(density: Density, *, usual: bool = True) -> Iterator[tuple[Mapping[str, float], float | None]]:
    order = _in_order(density)
    for draw in DRAWS:
        if len(order) > len(draw):
            return
        values = dict(zip(order, draw, strict=False))
        supports = [s for s in (_numbers(ends, values) for ends in density.supports) if s is not None]
        others = [s for s in (LINE, HALF, UNIT) if usual and supports and _has_values(density, values, s)]
        for support in (*supports, *others):
            try:
                yield values, integral(partial(_at, density, values), support)
            except EvaluationError:
                yield values, None


def _has_values(density: Density, values: Mapping[str, float], support: Support) -> bool:
    """Whether a density is a number left of zero, if it reaches there: x^{a−1} is none."""
    if support is not LINE:
        return True
    try:
        return bool(np.isfinite(_at(density, values, np.array([-0.3, -1.7]))).any())
    except EvaluationError:
        return False


def _in_order(density: Density) -> list[str]:
    """The parameters, those at the ends of an interval from left to right first."""
    ends = [e for support in density.supports for e in support if isinstance(e, Expr)]
    first = list(dict.fromkeys(name_of(a) for e in ends for a in names_in(e)))
    return [*(n for n in first if n in density.parameters), *(n for n in density.parameters if n not in first)]


def _numbers(ends: tuple[Expr | float, Expr | float], values: Mapping[str, float]) -> Support | None:
    found = []
    for end in ends:
        if isinstance(end, Expr):
            end = end.subs({a: values[name_of(a)] for a in names_in(end) if name_of(a) in values})
            if not end.is_number:
                return None
        found.append(float(end))
    return (found[0], found[1]) if found[0] < found[1] else None


def _at(density: Density, values: Mapping[str, float], x: Any) -> Any:
    given = {n: np.full(x.shape, v) for n, v in values.items()} | {density.variable: x}
    return sides(density.expr, density.expr, density.model, {}, given)[0]
