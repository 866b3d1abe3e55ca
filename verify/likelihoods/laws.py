r"""The distribution that a text gives its data: y_i \sim N(w^T x_i, σ²), noise ε_i of y_i = f(x_i) + ε_i, or words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from derive.chances.events import NotAProbability, conditioned, label, listed, unbraced
from derive.chances.families import Family
from derive.chances.standing import families_said
from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Chain, Group, Juxt, Neg, Node, Num, Span, Sym

from ..chances.worded import FAMILY, HEADS
from ..documents.document import Formula
from ..functions import Key, key_of
from ..lines import Line, Lines
from .lists import laws_of_lists

FROM = re.compile(
    r"\$(?P<letter>\\?[A-Za-z]+)_\{?1\}?\s*,\s*(?:[^$]*,\s*)?\\[cl]?dots\s*,[^$]*\$[^.$]{0,60}?"
    rf"\b(?:from|follow(?:s|ing)?|by) (?:an?|the) {FAMILY} (?:distribution|law|density) with "
    r"(?:[a-z ]{0,30}\$(?P<first>[^$]{1,20})\$)"
    r"(?: and (?:[a-z ]{0,30}\$(?P<second>[^$]{1,20})\$))?",
    re.IGNORECASE,
)
ARE = re.compile(  # and "are independent Poisson(λ) variables"
    r"\$(?P<letter>\\?[A-Za-z]+)_\{?1\}?\s*,\s*(?:[^$]*,\s*)?\\[cl]?dots\s*,[^$]*\$"
    r"(?: (?:are|be)"
    r"|,?(?: and| which| that)?(?: we)? (?:model|treat|regard|assume)(?:l?ed|d)?(?: them| these)? (?:as|to be))"
    r"(?: (?:all|i\.i\.d\.|iid|independent(?:ly)?|and|identically|distributed|draws|samples|from|an?|the))*"
    rf" {FAMILY}(?: (?:distributed|distribution|random|variables?|counts|draws))*"
    r"(?: ?\(| (?:with|of) [a-z ]{0,30})\$(?P<first>[^$]{1,20})\$"
    r"(?:(?:, ?| and [a-z ]{0,30})\$(?P<second>[^$]{1,20})\$)?",
    re.IGNORECASE,
)
SINGLE = re.compile(r"\\?[A-Za-z]+(?:[_^](?:\w|\{[^{}]*\}))*")
DENSITY = re.compile(r"\bdensit|\bdistribut|\bprobabilit|\bmass function|\blikelihood", re.IGNORECASE)
SQUARED = re.compile(r"([A-Za-z])\^(?:2|\{2\})")
ROOT = r"\sqrt{2 \pi v}"
LETTER = re.compile(r"(?<![\\A-Za-z])([a-z])(?![A-Za-z])")


@dataclass(frozen=True, kw_only=True)
class Law:
    """What one data point is distributed by.

    Attributes:
        outcome: the data point, in LaTeX; `#` stands for its index where the text gives it none.
        index: the letter that counts the data points; empty where the text has none.
        densities: in LaTeX, one for each parametrisation that the text may mean; with `#` likewise.
        letters: of the parameters that have no index of the data.
        formula: that gives the density, or says what a data point is made of, which it does not say of any data.
        drawn: the letters, the data point's and its noise's, that are said to be drawn.
        count: of the data points, where the text lists them.
    """

    outcome: str
    index: str
    densities: tuple[str, ...]
    letters: tuple[str, ...]
    formula: Formula | None = None
    drawn: frozenset[Key] = frozenset()
    count: str = ""


def filled_in(template: str, places: Mapping[str, str]) -> str:
    """A template in LaTeX with what stands in the places of its letters, in round brackets where it needs them."""

    def put(match: re.Match[str]) -> str:
        found = places.get(match[1])
        if found is None:
            return match[1]
        raised = template[match.end() :].startswith("^")  # whose script would be taken for a label
        return f"{{{found}}}" if SINGLE.fullmatch(found) and not raised else rf"{{\left({found}\right)}}"

    return LETTER.sub(put, template)


def law_before(line: Line, lines: Lines) -> Law | None:
    """The last distribution that a text gives its data before a line; None if it gives none, or is not understood.

    None too where something else of each data point is random, z_i beside x_i, or there are several densities.
    """
    before = [n for n in reversed(lines.lines) if n.number < line.number and n.right is not None]
    drawn = [n for n in before if n.operator == "~"]
    found = next((law for n in drawn if (law := _stated(n, lines)) is not None), None)
    if found is not None:
        variables = (variable for n in drawn if (variable := _drawn(n)) is not None)
        others = {key_of(v) for v in variables if index_of(v)} - found.drawn
        return None if others else found
    own = [n for n in before if n.formula.headings == line.formula.headings]
    several = ([law for n in stated if (law := _density(n, line)) is not None] for stated in (own, before))
    densities = next((found for found in several if found), [])
    by_words = _listed(line.formula.before) or _worded(line.formula.before)
    return by_words or (densities[0] if len(densities) == 1 else None)


def _stated(line: Line, lines: Lines) -> Law | None:
    r"""The law of y_i from y_i \sim N(…), or from the one of the noise that y_i has."""
    source = line.formula.latex
    match line.right:
        case Juxt(items=(Sym() as head, Group(body=body))):
            pass
        case _:
            return None
    variable = _drawn(line)
    try:
        parameters = listed(body)
        families = families_said(label(head), len(parameters), lines.prose)
    except NotAProbability:
        return None
    if not families or variable is None:
        return None
    keys = {key_of(variable)}
    written = [source[slice(*p.span)] for p in parameters]
    letters = [letter for p in parameters for letter in _letters(p, source)]
    noisy = next((n for n in lines.lines if _adds(n, variable)), None)
    if noisy is not None:
        source, parts = noisy.formula.latex, noisy.right
        assert isinstance(parts, Bin) and isinstance(noisy.left, Sym)
        variable, shift = noisy.left, source[slice(*parts.left.span)]
        letters += _letters(parts.left, source)
        written[0] = shift if written[0].strip() == "0" else f"{shift} + {written[0]}"
    index = index_of(variable)
    if not index:
        return None
    shown = source[slice(*variable.span)]
    return Law(
        outcome=shown,
        index=index,
        densities=densities_of(families, shown, *written),
        letters=tuple(letter for letter in dict.fromkeys(letters) if index not in letter.split("_")[1:]),
        formula=None if noisy is None else noisy.formula,
        drawn=frozenset({*keys, key_of(variable)}),
    )


def _drawn(line: Line) -> Sym | None:
    """The letter of which a line gives the distribution: the y_i of y_i | x_i ∼ …"""
    try:
        outcome, _ = conditioned(line.left)
    except NotAProbability:
        return None
    variable = unbraced(outcome[0]) if len(outcome) == 1 else None
    return variable if isinstance(variable, Sym) else None


def _adds(line: Line, noise: Sym) -> bool:
    """Whether a line says that a data point is something and the noise: y_i = f(x_i) + ε_i."""
    match line.left, line.right:
        case Sym(), Bin(op="+", right=right):
            return line.operator in DEFINING and key_of(right) == key_of(noise)
    return False


def index_of(variable: Sym) -> str:
    """The letter that counts data points: of y_i, y^{(i)}."""
    for script in (variable.sub, variable.sup):
        inner = script.body if isinstance(script, Group) else script
        if isinstance(inner, Sym) and not (inner.sub or inner.sup) and len(inner.base) == 1:
            return inner.base
    return ""


def _letters(node: Node, source: str) -> Iterator[str]:
    """The letters of a formula without what is raised, in LaTeX."""
    scripts = {id(m) for n in walk(node) if isinstance(n, Sym) for s in (n.sub, n.sup) if s for m in walk(s)}
    for sym in (n for n in walk(node) if isinstance(n, Sym) and id(n) not in scripts):
        yield source[slice(*sym.span)].split("^")[0].strip()


def densities_of(families: Iterable[Family], *values: str) -> tuple[str, ...]:
    r"""The density of a data point under each parametrisation, in LaTeX; of the outcome and the parameters in order.

    Beside √(2π s²) in the density of N(m, s²) also s √(2π): a deviation is positive, whether or not the text says so.
    """
    squared = SQUARED.fullmatch(values[-1]) if values else None
    found = []
    for family in families:
        given = dict(zip(("x", *family.parameters), values, strict=True))
        found.append(filled_in(family.density, given))
        if squared is not None and ROOT in family.density:
            found.append(filled_in(family.density.replace(ROOT, r"\sqrt{2 \pi} z"), {**given, "z": squared[1]}))
    return tuple(found)


def samples_in(prose: str) -> list[re.Match[str]]:
    """Where words tell what x_1, …, x_n are drawn from, in order; each once."""
    found = {m.start(): m for says in (ARE, FROM) for m in says.finditer(prose)}
    return [found[start] for start in sorted(found)]


def _worded(prose: str) -> Law | None:
    """The law that words give: "x_1, …, x_n from a Poisson distribution with rate λ"."""
    found = next(iter(reversed([*samples_in(prose)])), None)
    if found is None:
        return None
    parameters = tuple(p for p in (found["first"], found["second"]) if p)
    families = families_said(HEADS[found["family"].lower()], len(parameters), prose)
    if not families:
        return None
    outcome = found["letter"] + "_{#}"
    return Law(outcome=outcome, index="", densities=densities_of(families, outcome, *parameters), letters=parameters)


def _listed(prose: str) -> Law | None:
    """The law that a text gives a list of data, if it gives it to one list only: x_1, …, x_n ∼ Poisson(λ)."""
    found = [*laws_of_lists(prose)]
    if len(found) != 1:
        return None
    letter, count, families, parameters = found[0]
    outcome = letter + "_{#}"
    densities = densities_of(families, outcome, *parameters)
    return Law(outcome=outcome, index="", densities=densities, letters=parameters, count=count)


def _density(line: Line, claim: Line) -> Law | None:
    """The law that the formula of a density gives: f(x) = λ e^{−λ x}, or P(X = k) = (1 − p)^k p for data x_i or k_i."""
    source, right = line.formula.latex, line.right
    match line.left:
        case Juxt(items=(Sym(base="p" | "f" | "P"), Group(body=body))) if DENSITY.search(
            f"{line.formula.before} {line.formula.after}"
        ):
            pass
        case _:
            return None
    try:
        outcome, _ = conditioned(body)
    except NotAProbability:
        return None
    variable, data = _outcome(outcome[0], claim)
    if right is None or variable is None or line.operator not in DEFINING or line.link:
        return None
    if index := index_of(variable):
        return _of_point(line, variable, index)
    if variable.sub or variable.sup:
        return None
    own = (n for n in walk(right) if isinstance(n, Sym) and n.base == variable.base and not n.sub)
    places = [_head(n, source) for n in own if n.sup is None or isinstance(n.sup, Num | Neg | Bin | Juxt)]
    text, start = source[slice(*right.span)], right.span[0]
    for a, b in sorted(set(places), reverse=True):
        point = f"{data or source[a:b]}_{{#}}"
        point = f"{{{point}}}" if source[:a].rstrip().endswith("^") else point
        text = text[: a - start] + point + text[b - start :]
    shown = source[slice(*variable.span)]
    letters = tuple(dict.fromkeys(n for n in _letters(right, source) if n != shown and not n.startswith(("\\pi", "e"))))
    text = _with_powers(text, data or shown)
    return Law(outcome=f"{data or shown}_{{#}}", index="", densities=(text,), letters=letters, formula=line.formula)


def _outcome(node: Node, claim: Line) -> tuple[Sym | None, str]:
    """The letter of an outcome, and that of the data points where it is another: k and x of P(X = k), beside x_i."""
    match node:
        case Sym():
            return node, ""
        case Chain(operands=(Sym(sub=None) as name, Sym(sub=None) as value), operators=("=",)):
            indexed = {n.base for n in walk(claim.right or claim.left) if isinstance(n, Sym) and n.sub is not None}
            found = [base for base in (value.base, name.base.lower(), name.base) if base in indexed]
            return (value, found[0]) if found else (None, "")
    return None, ""


def _head(sym: Sym, source: str) -> Span:
    """Where a letter stands without its power."""
    start, end = sym.span
    return (start, end) if sym.sup is None else (start, source.index("^", start, end))


def _of_point(line: Line, variable: Sym, index: str) -> Law:
    """The law of one data point by the formula of its density: f(y_i; μ_i) = μ_i^{y_i} e^{−μ_i} / y_i!."""
    assert line.right is not None
    source, marked = line.formula.latex, re.compile(rf"[_^]\{{?\(?{index}\b")
    letters = (n for n in _letters(line.right, source) if marked.search(n) is None)
    return Law(
        outcome=source[slice(*variable.span)],
        index=index,
        densities=(_with_powers(source[slice(*line.right.span)], variable.base),),
        letters=tuple(n for n in dict.fromkeys(letters) if not n.startswith(("\\pi", "e"))),
        formula=line.formula,
    )


def _with_powers(density: str, base: str) -> str:
    """A density in which what is raised to the outcome stands in brackets, so that no exponent is taken for a label."""
    raised = rf"(?<![\\A-Za-z])(?!e\^)(\\?[A-Za-z]+(?:_(?:\w|\{{\w\}}))?)(?=\^(?:{base}\b|\{{[^{{}}]*\b{base}(?:\b|_)))"
    return re.sub(raised, r"\\left(\1\\right)", density)
