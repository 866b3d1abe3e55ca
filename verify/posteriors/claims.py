"""The claims that texts make about a posterior, as tests of a right side: its density, law, parameters, mean, mode."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter

import numpy as np

from derive.chances.events import NotAProbability, conditioned, unbraced
from derive.chances.families import Family
from derive.notation.definitions import DEFINING
from derive.notation.parser import ReadError, parse
from derive.notation.runs import join_letters, walk
from derive.notation.syntax import Fn, Group, Juxt, Node, Num, Sym

from ..context import Context
from ..lines import Line
from ..roles import introduction
from ..standards.parts import node_of
from ..standards.terms import formula_of
from .drawings import WRITTEN, Drawing, density_of, drawing_of, drawn
from .kernels import MODES, POINTS, Values, are_proportional, fitted, logarithms, name_of, trials
from .setting import Joint, Setting, setting_before, told_before

LAW = re.compile(
    r"\bposterior(?: distribution)?(?: (?:of|for|over) \$(?P<of>[^$]{1,12})\$)?[^.$]{0,50}\$(?P<law>[^$]+)\$",
    re.IGNORECASE,
)
EXPECTED = frozenset({"E", "mean"})
MEAN = re.compile(r"\bposterior (?:mean|expect\w+|average)|\bMMSE\b|\bmean of the posterior", re.IGNORECASE)
MODE = re.compile(r"\bMAP\b|\bposterior mode|\bmode of the posterior|maximum[- ]a[- ]posteriori", re.IGNORECASE)
SPREAD = re.compile(  # the last thing said before a formula, or that of the posterior itself
    r"\bposterior variance\b|\bvariance of the posterior\b"
    r"|\bposterior\b[^.]{0,60}?\b(?:normal|gaussian)\b[^.]*\bwith (?:\w+ )?variance\b[^.$]{0,30}\Z"
    r"|\bposterior\b[^.]*\bmean\b[^.]*\band (?:\w+ )?variance\b[^.$]{0,30}\Z",
    re.IGNORECASE,
)
NEW = re.compile(r"\bpredict|\bnew\b|\bnext\b|\bfuture\b|\bmarginal|\bprior variance", re.IGNORECASE)
Holds = Callable[[Node], bool | None]
Moment = Callable[[Family], str]
MEAN_OF: Moment = attrgetter("mean")
VARIANCE: Moment = attrgetter("variance")


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A law of which a text says that it is the posterior.

    Attributes:
        variable: the parameter of which it is the law.
        drawing: the law.
    """

    variable: Node
    drawing: Drawing


def tests_of(line: Line, context: Context) -> Iterator[Holds]:
    """What a right side must be, for each kind of claim that a line may make."""
    parameter = parameter_of(line.left)
    if parameter is not None:
        setting = setting_before(parameter, line, context)
        if setting is not None and line.operator == "propto":
            yield partial(_is_density, setting)
        if setting is not None and line.operator in ("~", *DEFINING):
            yield partial(_is_law, setting, context.lines.words_under(line.formula.headings))
    if line.operator not in DEFINING:
        return
    yield from _moments(line, context)
    for stated in _stated(line, context):
        setting = setting_before(stated.variable, line, context)
        if setting is not None:
            yield partial(_gives_parameter, setting, stated, line.left)


def parameter_of(left: Node) -> Node | None:
    """The θ of p(θ | x), or of θ | x."""
    items = left.items if isinstance(left, Juxt) else ()
    body = items[1].body if len(items) == 2 and isinstance(items[0], Sym) and isinstance(items[1], Group) else left
    if isinstance(left, Fn):
        return None
    try:
        events, given = conditioned(body)
    except NotAProbability:
        return None
    found = unbraced(events[0]) if len(events) == 1 and given else None
    return found if isinstance(found, Sym) else None


def parameters_of(line: Line, context: Context) -> Iterator[Node]:
    """The parameters of whose posterior a line may speak."""
    if (parameter := parameter_of(line.left) or _expected(line.left)) is not None:
        yield parameter
    yield from _priors(line, context)


def _is_density(setting: Setting, right: Node) -> bool | None:
    """Whether an expression is proportional to prior times likelihood; None if it has no value."""
    return any(_agree(setting, joint, right) for joint in setting.joints)


def _is_law(setting: Setting, words: str, right: Node) -> bool | None:
    """Whether a named distribution is the posterior; None if it is none."""
    claim = drawn(setting.prior.variable, right, words)
    names = [{f.heads for f, _ in d.rows} for d in (setting.prior, claim) if d is not None]
    if claim is None or (names[0] != names[1] and names[0] != {WRITTEN.heads}):
        return None
    rows = ((row, density_of(claim.variable, row)) for row in claim.rows)
    return any(_agree(setting, joint, said) for row, said in rows for joint in setting.fitting(row[0]))


def _agree(setting: Setting, joint: Joint, said: Node) -> bool:
    """Whether two densities of the parameter differ by a factor only, in all trials."""
    every = trials(setting.prior.variable, setting.sizes)
    return all(are_proportional(logarithms(joint.density, v), logarithms(said, v)) for v in every)


# -- means and modes -------------------------------------------------------------------------------------


def _moments(line: Line, context: Context) -> Iterator[Holds]:
    """What a right side must be that is called the mean or the mode of a posterior."""
    expected = _expected(line.left)
    words = introduction(line.formula)
    if _is_spread(line.left) and _speaks_of_spread(words.strip(" :,")) and not line.link:
        for variable in _priors(line, context):
            if (setting := setting_before(variable, line, context)) is not None:
                yield partial(_is_moment, setting, VARIANCE)
        return
    told = [which for which, pattern in ((False, MEAN), (True, MODE)) if pattern.search(words)]
    if expected is None and (len(told) != 1 or not isinstance(line.left, Sym) or line.link):
        return
    named = (v for v in _priors(line, context) if _may_estimate(line, v))
    for variable in (expected,) if expected is not None else named:
        if (setting := setting_before(variable, line, context)) is not None:
            yield partial(_is_moment, setting, _mode_of if expected is None and told[0] else MEAN_OF)


def _may_estimate(line: Line, variable: Node) -> bool:
    """Whether a line gives a value, in no terms of a parameter, for that parameter, θ̂ or θ_MAP, or for a mean m."""
    base = getattr(variable, "base", "")
    within = {n.base for n in walk(line.right or line.left) if isinstance(n, Sym)}
    return getattr(line.left, "base", "") in (base, "m", "mu") and base not in within


def _expected(left: Node) -> Node | None:
    """The θ of E[θ | x]."""
    items = left.items if isinstance(left, Juxt) else ()
    head, group = items if len(items) == 2 else (None, None)
    if not isinstance(head, Sym) or head.base not in EXPECTED or not isinstance(group, Group):
        return None
    return parameter_of(group.body)


def _speaks_of_spread(words: str) -> bool:
    """Whether a sentence announces the variance of the posterior, and of no new data."""
    return SPREAD.search(words) is not None and NEW.search(words) is None


def _is_spread(left: Node) -> bool:
    """Whether a left side is a variance: σ_n², s², V, v_n."""
    squared = isinstance(left, Sym) and isinstance(left.sup, Num) and left.sup.text == "2"
    return isinstance(left, Sym) and (left.base in ("V", "v") or (squared and left.base in ("sigma", "s", "tau")))


def _mode_of(family: Family) -> str:
    return MODES.get((family.heads, family.parameters[-1]), "")


def _is_moment(setting: Setting, which: Moment, right: Node) -> bool | None:
    """Whether an expression is the mean, mode or variance of the posterior; None if that is of another family."""
    own = [(row, joint) for row in setting.prior.rows for joint in setting.fitting(row[0])]
    outcomes = [_has_value(setting, joint, row[0], which(row[0]), right) for row, joint in own]
    known = [o for o in outcomes if o is not None]
    return any(known) if known else None


def _has_value(setting: Setting, joint: Joint, family: Family, template: str, right: Node) -> bool | None:
    if not template:
        return None
    for values in trials(setting.prior.variable, setting.sizes):
        if (parameters := fitted(logarithms(joint.density, values), family.heads)) is None:
            return None
        wanted = replace(values, known=parameters).of(formula_of(node_of(template)), POINTS[0])
        if not np.isclose(wanted, values.of(formula_of(right), POINTS[0]), rtol=1e-8):
            return False
    return True


# -- the parameters of a posterior -----------------------------------------------------------------------


def _stated(line: Line, context: Context) -> Iterator[Stated]:
    """The laws that are said to be the posterior, in formulas or in words."""
    for other in context.lines.lines:
        if other.formula.headings != line.formula.headings or (parameter := parameter_of(other.left)) is None:
            continue
        drawing = drawing_of(other, context)
        if drawing is not None and drawing.given:
            yield Stated(variable=parameter, drawing=drawing)
    for match in LAW.finditer(told_before(line, context)):
        try:
            law = join_letters(parse(match["law"])[0])
            names = [join_letters(parse(match["of"])[0])] if match["of"] else list(_priors(line, context))
        except (ReadError, ValueError, IndexError):
            continue
        for variable in names:
            if (drawing := drawn(variable, law, told_before(line, context), given=True)) is not None:
                yield Stated(variable=variable, drawing=drawing)


def letters_stated(line: Line, context: Context) -> set[str]:
    """The letters of the laws that are said to be the posterior."""
    values = (v for stated in _stated(line, context) for _, places in stated.drawing.rows for v in places.values())
    return {n.base for v in values for n in walk(v) if isinstance(n, Sym)}


def _priors(line: Line, context: Context) -> Iterator[Node]:
    """What is drawn from a distribution of which nothing is given."""
    for other in context.lines.lines:
        if other.formula.headings == line.formula.headings and other.number < line.number:
            drawing = drawing_of(other, context)
            if drawing is not None and not drawing.given:
                yield drawing.variable


def _gives_parameter(setting: Setting, stated: Stated, left: Node, right: Node) -> bool | None:
    """Whether an equation for a parameter of the posterior is true; None if it is none."""
    own = [(row, joint) for row in stated.drawing.rows for joint in setting.fitting(row[0])]
    outcomes = [_is_true(setting, joint, row, left, right) for row, joint in own]
    known = [o for o in outcomes if o is not None]
    return any(known) if known else None


def _is_true(
    setting: Setting, joint: Joint, row: tuple[Family, dict[str, Node]], left: Node, right: Node
) -> bool | None:
    """Whether two sides are equal once the letters of the posterior have their values."""
    family, places = row
    for values in trials(setting.prior.variable, setting.sizes):
        parameters = fitted(logarithms(joint.density, values), family.heads)
        if parameters is None:
            return None
        known = dict(_named(places, parameters, values))
        if not known.keys() & {a.name for a in formula_of(left).atoms}:
            return None
        told = replace(values, known=known)
        a, b = (told.of(formula_of(side), POINTS[0]) for side in (left, right))
        if not np.isclose(a, b, rtol=1e-8):
            return False
    return True


def _named(places: Mapping[str, Node], parameters: Mapping[str, float], values: Values) -> Iterator[tuple[str, float]]:
    """The values of the letters that stand for the parameters, τ from τ², whose own letters are none of the setting."""
    for letter, node in places.items():
        node = unbraced(node)
        if not isinstance(node, Sym):
            continue
        name = name_of(replace(node, sup=None))
        power = 1.0 if node.sup is None else values.of(formula_of(node.sup), POINTS[0])
        yield name, parameters[letter] ** (1 / power)
