r"""What a text says of a prior and of the data: θ \sim Beta(a, b), x_i \sim Poisson(λ), k successes in n trials."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product, repeat

from derive.chances.events import unbraced
from derive.chances.families import NORMAL, Family
from derive.notation.parser import parse
from derive.notation.runs import rebuild, unplaced
from derive.notation.syntax import Juxt, Node, Sym

from ..context import Context
from ..likelihoods.laws import index_of
from ..lines import Line
from .drawings import Drawing, alike, density_of, drawing_of, has
from .worded import counted, sampled, supposed

LAST = re.compile(r"\\[cl]?dots\s*,\s*\w+_\{?([A-Za-z])\}?|=\s*1\s*,\s*\\[cl]?dots\s*,\s*([A-Za-z])\b")
ALL = r"\prod_{i = 1}^{n} Z"
PRECISION = re.compile(r"\bprecision", re.IGNORECASE)


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


def _of_all(drawing: Drawing, density: Node) -> Node:
    """The density of all data points, if they are several."""
    if not isinstance(drawing.variable, Sym) or not index_of(drawing.variable):
        return density
    (whole,) = parse(ALL.replace("i", index_of(drawing.variable)))
    return rebuild(whole, lambda n: density if isinstance(n, Sym) and n.base == "Z" else n)


def setting_before(variable: Node, line: Line, context: Context) -> Setting | None:
    """The prior of a parameter and the data, as told before a line under the same heading; None if they are not."""
    drawings = [d for n in context.lines.lines if _is_before(n, line) if (d := drawing_of(n, context)) is not None]
    prose = told_before(line, context)
    priors = [d for d in drawings if not d.given and alike(d.variable, variable)]
    priors += [d for d in supposed(prose) if alike(d.variable, variable)]
    others = [d for d in drawings if not alike(d.variable, variable)]
    data = [d for d in others if any(has(v, variable) for _, places in d.rows for v in places.values())]
    data += [d for d in sampled(prose) if any(has(v, variable) for _, p in d.rows for v in p.values())]
    chances = tuple(counted(prose, variable)) if not data else ()
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
        return any(has(v, two.variable) for _, places in one.rows for v in places.values())

    return uses(data, other) or uses(other, data)


def _is_before(other: Line, line: Line) -> bool:
    return other.number < line.number and other.formula.headings == line.formula.headings
