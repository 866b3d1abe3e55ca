r"""Probabilities and moments by a density: from f(x) = λ e^{−λ x} for x ≥ 0 follows P(X > x) = e^{−λ x}.

They are integrals of the density, computed by quadrature at random values of the letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from derive.notation.definitions import DEFINING
from derive.notation.names_in_notes import text_of
from derive.notation.parser import parse
from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Fn, Group, Juxt, Node, Sym

from ..context import Context
from ..documents.document import Formula
from ..doubts import of_words
from ..found import ANYTHING_FALSE, Found
from ..integrals import AGREEMENT, APART, FEWEST, TRIALS, Trials
from ..lines import Line
from ..repair import repair_right_side
from ..results import StatementKind, Verdict
from ..roles import introduction
from ..spaces.trials import shown_latex

NUMBER = r"-?\d+(?:\.\d+)?|-?\\infty"
END = rf"(?:{NUMBER}|\\?[a-zA-Z]+(?:_\w+)?)"
RANGES = (  # of a letter, behind a density or in the words around it
    r"(?<![\w\\]){x}\s*(?:>|\\geq?(?:slant)?)\s*(?P<low>" + END + r")(?![\w_.(\\])",
    r"(?P<low>"
    + END
    + r")\s*(?:<|\\leq?(?:slant)?)\s*{x}\s*(?:<|\\leq?(?:slant)?)\s*(?P<high>"
    + END
    + r")(?![\w_.(\\])",
    r"(?<![\w\\]){x}\s*\\in\s*[\[(](?P<low>" + END + r")\s*,\s*(?P<high>" + END + r")[\])]",
    r"\b(?:on|over)(?: the)?(?: unit)?(?: interval)? \$[\[(](?P<low>" + END + r")\s*,\s*(?P<high>" + END + r")[\])]",
)
POSITIVE = re.compile(r"\b(?:exponential|weibull|rayleigh|gamma|log-?normal|maxwell)\b", re.IGNORECASE)
OTHERWISE = re.compile(
    r"\b(?:approx\w*|truncat\w*|condition\w*|given that|joint\w*|kernel|proportional|unnormali\w*|posterior"
    r"|transform\w*|mixture|sum of|(?:sample|order) \w+|censor\w*)\b",
    re.IGNORECASE,
)
CUMULATIVE = re.compile(
    r"\b(?:cumulative|distribution function|cdf|c\.d\.f|surviv\w*|tail|reliability)\b", re.IGNORECASE
)
BELOW, ABOVE = ("<=", "<"), (">=", ">")
FRESH = ("u", "s", "v", "w")


@dataclass(frozen=True, kw_only=True)
class Density:
    """A density in LaTeX: of which variable, if it is told, at which letter, and between which ends."""

    variable: str
    point: str
    latex: str
    spans: tuple[tuple[int, int], ...]
    low: str
    high: str

    @property
    def name(self) -> str:
        """The name of the variable: X of f_X(x) and of f(x)."""
        return self.variable or self.point.upper()

    def at(self, letter: str) -> str:
        """The density at another letter."""
        text = self.latex
        for start, end in sorted(self.spans, reverse=True):
            text = f"{text[:start]}{letter} {text[end:]}"
        return text


def by_density(line: Line, context: Context) -> Found | None:
    """What is found of a probability or a moment by the density before it; None if there is none, or it stays open."""
    if line.right is None or line.link or line.operator not in DEFINING or OTHERWISE.search(line.formula.before):
        return None
    own = [n for n in context.lines.lines if n.number < line.number and n.formula.headings == line.formula.headings]
    densities = [d for n in own if (d := _density(n)) is not None]
    if len(densities) != 1 or (integral := _integral(line.left, densities[0], line)) is None:
        return None
    trials = Trials()
    (node,) = parse(integral)
    if not _is_normalised(densities[0], trials):
        return None
    verdict = _compared(line.right, trials=trials, integral=integral, node=node)
    if verdict is Verdict.UNDECIDED:
        return None
    reading = shown_latex(line)
    if verdict is Verdict.HOLDS:
        because = "it is the integral of the density before it at all numbers tried"
        return Found(kind=StatementKind.CLAIM, verdict=verdict, because=because, reading=reading)
    if any(of_words(line)) or not _letters(line.right) <= _letters(node):
        return None
    fits = partial(_fits, trials=trials, integral=integral, node=node)
    number = not _letters(line.right)  # of which any other one is as near
    mended = None if number else repair_right_side(line, context, fits)
    if mended is None and not number:
        return None
    because = "it is not the integral of the density before it"
    return Found(
        kind=StatementKind.CLAIM,
        verdict=verdict,
        because=because,
        reading=reading,
        rule=mended[0].code if mended else ANYTHING_FALSE,
        suggestion=mended[1] if mended else None,
    )


def _is_normalised(density: Density, trials: Trials) -> bool:
    """Whether a density has the total 1 at all numbers tried."""
    whole = rf"\int_{{{density.low}}}^{{{density.high}}} \left({density.at('u')}\right) du"
    (node,) = parse(whole)
    found = [v for seed in range(TRIALS) if (v := trials.value(whole, node, seed)) is not None]
    return len(found) >= FEWEST and all(abs(v - 1) < AGREEMENT for v in found)


def _fits(edited: Node, *, trials: Trials, integral: str, node: Node) -> int | None:
    return 0 if _compared(edited, trials=trials, integral=integral, node=node) is Verdict.HOLDS else None


def _compared(right: Node, *, trials: Trials, integral: str, node: Node) -> Verdict:
    """Holds if an expression has the value of an integral wherever both have one, refuted if it has it nowhere."""
    same: list[bool] = []
    for seed in range(TRIALS):
        a = trials.value(integral, node, seed)
        b = Trials().value("", right, seed) if a is not None else None
        if a is None or b is None:
            continue
        apart = abs(a - b) / max(abs(a), abs(b), 1e-3)
        if AGREEMENT < apart < APART:
            return Verdict.UNDECIDED
        same.append(apart <= AGREEMENT)
    if len(same) < FEWEST or len(set(same)) > 1:
        return Verdict.UNDECIDED
    return Verdict.HOLDS if same[0] else Verdict.REFUTED


def _letters(node: Node) -> set[str]:
    return {n.base for n in walk(node) if isinstance(n, Sym)}


def _density(line: Line) -> Density | None:
    """The density that a line gives, f_X(x) = …, if the text says where its letter lies."""
    if (
        line.right is None
        or line.link
        or line.operator not in DEFINING
        or any(isinstance(n, Big) for n in walk(line.right))
    ):
        return None
    match line.left:
        case Juxt(items=(Sym(base="f" | "p", sup=None) as head, Group(body=body))) if not head.primes:
            point = _point(body)
        case _:
            return None
    ends = _range(line.formula, point.base) if point is not None else None
    if point is None or ends is None:
        return None
    source, (start, end) = line.formula.latex, line.right.span
    spans = {n.span for n in walk(line.right) if isinstance(n, Sym) and n.base == point.base and n.sub is None}
    name = source[slice(*point.span)].strip()
    places = tuple((a - start, a - start + len(name)) for a, _ in spans)
    latex = source[start:end]
    if any(latex[a:b] != name for a, b in places):
        return None
    variable = text_of(head.sub) if head.sub is not None else ""
    return Density(variable=variable, point=name, latex=latex, spans=places, low=ends[0], high=ends[1])


def _point(body: Node) -> Sym | None:
    """The letter at which a density is taken, before parameters: of f(x; λ), f(x | λ)."""
    first = body if isinstance(body, Sym) else getattr(body, "items", (None,))[0]
    parameters = isinstance(body, Sym) or getattr(body, "separator", "") in (";", "|")
    bare = isinstance(first, Sym) and not (first.sub or first.sup or first.accents or first.primes)
    return first if bare and parameters and isinstance(first, Sym) else None


def _range(formula: Formula, letter: str) -> tuple[str, str] | None:
    """Between which ends a letter lies, as the words around a density say."""
    around = f"{formula.before[-300:]} ${formula.latex}$ {formula.after[:160]}"
    for pattern in RANGES:
        found = re.search(pattern.replace("{x}", re.escape(letter)), around)
        if found is not None:
            return found["low"], found.groupdict().get("high") or r"\infty"
    return ("0", r"\infty") if POSITIVE.search(formula.before) else None


def _integral(left: Node, density: Density, line: Line) -> str | None:
    """The integral that a probability or a moment is, in LaTeX; None for other left sides."""
    head, body = _called(left)
    fresh = next(n for n in FRESH if re.search(rf"(?<![a-zA-Z\\]){n}(?![a-zA-Z])", density.latex) is None)
    under = rf"\left({density.at(fresh)}\right) d{fresh}"
    if isinstance(body, Chain):
        ends = _between(head, body, density, line.formula.latex)
    else:
        ends = _up_to(head, body, density, line)
    if ends is not None:
        return rf"\int_{{{ends[0]}}}^{{{ends[1]}}} {under}"
    first, second = (rf"\int_{{{density.low}}}^{{{density.high}}} {fresh}^{k} {under}" for k in (1, 2))
    if not isinstance(body, Sym) or body.base != density.name or body.sub is not None:
        return None
    match head, text_of(body.sup) if body.sup is not None else "1":
        case "E", "1":
            return first
        case "E", "2":
            return second
        case (("Var" | "var" | "V"), "1"):
            return rf"\left({second}\right) - \left({first}\right)^2"
    return None


def _called(left: Node) -> tuple[str, Node | None]:
    """The name and the argument of E[X], Var(X), P(X > x), F_X(x)."""
    match left:
        case Fn(name=name, sub=None, sup=None, argument=Group(body=body)):
            return name, body
        case Juxt(items=(Sym(sup=None, primes=0) as head, Group(body=body))):
            return f"{head.base}_{text_of(head.sub)}" if head.sub is not None else head.base, body
    return "", None


def _between(head: str, chain: Chain, density: Density, source: str) -> tuple[str, str] | None:
    """Between which ends the density is integrated for P(X > x), P(X ≤ a) and P(a < X < b)."""
    names = [source[slice(*n.span)].strip() for n in chain.operands]
    places = [k for k, n in enumerate(names) if n == density.name]
    if head not in ("P", "Pr") or len(places) != 1:
        return None
    match places[0], chain.operators:
        case 0, (sign,) if sign in ABOVE:
            return names[1], density.high
        case 0, (sign,) if sign in BELOW:
            return density.low, names[1]
        case 1, (first, second) if first in BELOW and second in BELOW:
            return names[0], names[2]
    return None


def _up_to(head: str, point: Node | None, density: Density, line: Line) -> tuple[str, str] | None:
    """Between which ends the density is integrated for F_X(x) and for S(x)."""
    letter, _, variable = head.partition("_")
    if letter not in ("F", "S") or not isinstance(point, Sym) or variable not in ("", density.name):
        return None
    if CUMULATIVE.search(introduction(line.formula)) is None:
        return None
    at = line.formula.latex[slice(*point.span)]
    return (density.low, at) if letter == "F" else (at, density.high)
