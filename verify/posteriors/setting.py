r"""What a text says of a prior and of the data: θ \sim Beta(a, b), x_i \sim Poisson(λ), k successes in n trials."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product, repeat

from derive.chances.events import NotAProbability, conditioned, unbraced
from derive.chances.families import NORMAL, Family
from derive.chances.standing import filled, laws_of
from derive.notation.definitions import DEFINING
from derive.notation.parser import ReadError, parse
from derive.notation.runs import join_letters, rebuild, unplaced, walk
from derive.notation.syntax import Chain, Dots, Group, Juxt, Listing, Node, Num, Sym

from ..chances.worded import FAMILY, HEADS, meant_by_words
from ..context import Context
from ..lines import Line

LETTER = r"\$(?P<{}>[^$]{{1,10}})\$"
GOOD = r"(?:successes|heads|ones|positives?|clicks|hits|wins)"
BAD = r"(?:failures|tails|zer[o]?s|negatives?|misses|losses)"
TRIALS = (
    re.compile(
        rf"{LETTER.format('k')} {GOOD}\b[^.$]{{0,30}}\b(?:in|out of|among|from)[^.$]{{0,20}} {LETTER.format('n')}"
    ),
    re.compile(
        rf"{LETTER.format('k')} (?:be|is|denotes?|counts?|for)? ?(?:the )?(?:number of )?{GOOD}\b[^.$]{{0,30}}"
        rf"\b(?:in|out of|among)[^.$]{{0,20}} {LETTER.format('n')}"
    ),
)
BOTH = re.compile(rf"{LETTER.format('k')} {GOOD} and {LETTER.format('m')} {BAD}")
FROM = re.compile(
    r"\$(?P<letter>\\?[A-Za-z]+)_\{?1\}?\s*,\s*(?:[^$]*,\s*)?\\[cl]?dots\s*,[^$]*\$[^.$]{0,60}?\b(?:from|follow(?:s|ing)?|by)"
    rf" an? {FAMILY} distribution with [a-z ]{{0,30}}\$(?P<first>[^$]{{1,20}})\$(?: and [a-z ]{{0,30}}"
    r"\$(?P<second>[^$]{1,20})\$)?",
    re.IGNORECASE,
)
LAST = re.compile(r"\\[cl]?dots\s*,\s*\w+_\{?([A-Za-z])\}?|=\s*1\s*,\s*\\[cl]?dots\s*,\s*([A-Za-z])\b")
ALL = r"\prod_{i = 1}^{n} Z"
PRECISION = re.compile(r"\bprecision", re.IGNORECASE)
WRITTEN = Family(name="a formula", heads=frozenset(), parameters=("f",), density="f")
Rows = tuple[tuple[Family, dict[str, Node]], ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What is drawn from a named distribution.

    Attributes:
        variable: that is drawn.
        rows: the parametrisations that its name may mean, with what stands for their letters.
        given: whether it is drawn given something.
    """

    variable: Node
    rows: Rows
    given: bool = False


@dataclass(frozen=True, kw_only=True)
class Joint:
    """Prior times likelihood.

    Attributes:
        density: as a function of the parameter.
        meant: what the names of distributions in it mean, by their heads.
    """

    density: Node
    meant: Mapping[frozenset[str], Family]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A prior and the data.

    Attributes:
        prior: of the parameter.
        data: what is drawn given it.
        chances: of data that words describe: θ^k (1 − θ)^{n − k}.
        sizes: the letters that count the data.
    """

    prior: Drawing
    data: tuple[Drawing, ...]
    chances: tuple[Node, ...]
    sizes: frozenset[str]

    @cached_property
    def joints(self) -> tuple[Joint, ...]:
        """Prior times likelihood, one for each choice of parametrisations.

        Names that several of them have mean the same one wherever they stand.
        """
        found = []
        for rows in product(*(d.rows for d in (self.prior, *self.data))):
            meant = {f.heads: f for f, _ in rows}
            if all(meant[f.heads] is f for f, _ in rows):
                prior, *data = map(density_of, (self.prior.variable, *(d.variable for d in self.data)), rows)
                factors = (prior, *map(_of_all, self.data, data), *self.chances)
                found.append(Joint(density=Juxt(items=factors, span=prior.span), meant=meant))
        return tuple(found)

    def fitting(self, family: Family) -> Iterator[Joint]:
        """Those in which the name of a family does not mean another one."""
        return (j for j in self.joints if j.meant.get(family.heads, family) is family)


def density_of(variable: Node, row: tuple[Family, dict[str, Node]]) -> Node:
    """The density at a variable."""
    family, places = row
    template = family.density.replace(r"\binom{w}{x} ", "")  # which is the same for all parameters
    return filled(template, {"x": variable, **places}, variable.span)


def _of_all(drawing: Drawing, density: Node) -> Node:
    """The density of all data points, if they are several."""
    if not isinstance(drawing.variable, Sym) or not index_of(drawing.variable):
        return density
    (whole,) = parse(ALL.replace("i", index_of(drawing.variable)))
    return rebuild(whole, lambda n: density if isinstance(n, Sym) and n.base == "Z" else n)


def index_of(variable: Sym) -> str:
    """The letter that counts data points, of x_i or x^{(i)}; empty if there is none."""
    for script in (variable.sub, variable.sup):
        inner = script.body if isinstance(script, Group) else script
        if isinstance(inner, Sym) and not (inner.sub or inner.sup) and len(inner.base) == 1:
            return inner.base
    return ""


def setting_before(variable: Node, line: Line, context: Context) -> Setting | None:
    """The prior of a parameter and the data, as told before a line under the same heading; None if they are not."""
    drawings = [d for n in context.lines.lines if _is_before(n, line) if (d := drawing_of(n, context)) is not None]
    priors = [d for d in drawings if not d.given and _alike(d.variable, variable)]
    others = [d for d in drawings if not _alike(d.variable, variable)]
    data = [d for d in others if any(_has(v, variable) for _, places in d.rows for v in places.values())]
    prose = told_before(line, context)
    data += [d for d in _worded(prose) if any(_has(v, variable) for _, p in d.rows for v in p.values())]
    chances = tuple(_trials(prose, variable)) if not data else ()
    if not isinstance(variable, Sym) or index_of(variable) or not all(map(_is_plain, (*priors, *data), repeat(prose))):
        return None
    if len({repr(unplaced_rows(p)) for p in priors}) != 1 or len(data) + len(chances) != 1:
        return None
    if any(d is not data[0] and _has_beside(d, data[0]) for d in others if data):
        return None
    sizes = frozenset(m[1] or m[2] for m in LAST.finditer(prose))
    return Setting(prior=priors[-1], data=tuple(data), chances=chances, sizes=sizes or frozenset("nN"))


def told_before(line: Line, context: Context) -> str:
    """The words under the heading of a line, up to it."""
    formulas = (f for _, f in context.lines.nodes if f.headings == line.formula.headings)
    before = (f.before for f in formulas if f.display and f.offset < line.formula.offset)
    return "\n\n".join((*dict.fromkeys(before), line.formula.before))


def unplaced_rows(drawing: Drawing) -> list[tuple[str, list[Node]]]:
    """The rows of a drawing, whatever the places of its letters in the text."""
    return [(f.name, [unplaced(n) for n in places.values()]) for f, places in drawing.rows]


def _is_plain(drawing: Drawing, prose: str) -> bool:
    """Whether the second parameter of a normal distribution is no precision."""
    normal = [places for f, places in drawing.rows if f.heads == NORMAL]
    bare = (unbraced(list(places.values())[-1]) for places in normal)
    return PRECISION.search(prose) is None or all(not isinstance(n, Sym) or n.sup is not None for n in bare)


def _has_beside(other: Drawing, data: Drawing) -> bool:
    """Whether something else is drawn on which the data depend, or that depends on them."""

    def uses(one: Drawing, two: Drawing) -> bool:
        return any(_has(v, two.variable) for _, places in one.rows for v in places.values())

    return uses(data, other) or uses(other, data)


def _is_before(other: Line, line: Line) -> bool:
    return other.number < line.number and other.formula.headings == line.formula.headings


def drawing_of(line: Line, context: Context) -> Drawing | None:
    r"""What a line says is drawn: x \sim law, p(x) = law(x; …); None if it says none."""
    left, given = line.left, False
    if line.right is None or line.link:
        return None
    if line.operator in (*DEFINING, "propto"):
        items = left.items if isinstance(left, Juxt) else ()
        if len(items) != 2 or not isinstance(items[0], Sym) or not isinstance(items[1], Group):
            return None
        left = items[1].body
    elif line.operator != "~":
        return None
    try:
        outcome, conditions = conditioned(left)
        given = bool(conditions)
    except NotAProbability:
        return None
    variable = unbraced(outcome[0])
    if not isinstance(variable, Sym) or (len(outcome) > 1 and not _are_all(outcome)):
        return None
    variable = variable if len(outcome) == 1 else _any_of(variable)
    found = drawn(variable, line.right, context.lines.words_under(line.formula.headings), given=given)
    if found is not None or line.operator == "~" or not _has(line.right, dataclasses.replace(variable, sup=None)):
        return found
    return Drawing(variable=variable, rows=((WRITTEN, {"f": line.right}),), given=given)


def _are_all(outcome: tuple[Node, ...]) -> bool:
    """Whether a list is x_1, …, x_n."""
    first, last = outcome[0], outcome[-1]
    letters = isinstance(first, Sym) and isinstance(last, Sym) and first.base == last.base
    dots = any(isinstance(n, Dots) for n in outcome)
    return letters and dots and isinstance(first, Sym) and isinstance(first.sub, Num) and first.sub.text == "1"


def _any_of(first: Sym) -> Sym:
    """x_i for the x_1 of x_1, …, x_n."""
    return dataclasses.replace(first, sub=Sym(base="i", span=first.span))


def drawn(variable: Node, law: Node, words: str, *, given: bool = False) -> Drawing | None:
    """A variable drawn from a named distribution; None if none of that name is known."""
    try:
        rows = laws_of(_bare(join_letters(law)))
    except NotAProbability:
        return None
    names = [f.name for f, _ in rows]
    meant = tuple((f, p) for f, p in rows if meant_by_words(f.name, names, words))
    return Drawing(variable=variable, rows=meant, given=given) if meant else None


def _bare(law: Node) -> Node:
    """Beta(a, b) for Beta(θ | a, b)."""
    if not isinstance(law, Juxt):
        return law
    *heads, group = law.items
    if not isinstance(group, Group) or not isinstance(group.body, Listing) or group.body.separator == ",":
        return law
    body = group.body.items[-1]
    return dataclasses.replace(law, items=(*heads, dataclasses.replace(group, body=body)))


def _alike(one: Node, other: Node) -> bool:
    return unplaced(one) == unplaced(other)


def _has(node: Node, variable: Node) -> bool:
    return any(_alike(dataclasses.replace(n, sup=None) if isinstance(n, Sym) else n, variable) for n in walk(node))


def _worded(prose: str) -> Iterator[Drawing]:
    """x_1, …, x_n from a Poisson distribution with rate λ."""
    for found in FROM.finditer(prose):
        head = HEADS[found["family"].lower()]
        parameters = ", ".join(p for p in (found["first"], found["second"]) if p)
        try:
            (variable,), (law,) = parse(found["letter"] + "_{i}"), parse(rf"\mathrm{{{head}}}({parameters})")
        except (ReadError, ValueError):
            continue
        if (drawing := drawn(variable, law, prose)) is not None:
            yield drawing


def _trials(prose: str, variable: Node) -> Iterator[Node]:
    """The probability of the successes that words count."""
    found = [m for pattern in (*TRIALS, BOTH) for m in pattern.finditer(prose)]
    if not found:
        return
    last = found[-1].groupdict()
    template = r"v^k (1 - v)^{n - k}" if "n" in last else r"v^k (1 - v)^m"
    try:
        places = {name: join_letters(parse(text)[0]) for name, text in last.items()}
    except (ReadError, ValueError, IndexError):
        return
    if not any(isinstance(n, Chain) for n in places.values()):
        yield filled(template, {"v": variable, **places}, variable.span)
