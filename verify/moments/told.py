"""What a text says of its random variables: which they are, whether they are independent, their means and variances."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType

from derive.notation.definitions import DEFINING
from derive.notation.parser import ReadError, parse
from derive.notation.runs import walk
from derive.notation.syntax import Node, Num, Sym

from ..context import Context
from ..lines import Line
from .notation import SPREADS, Name, is_label, name_of, operator, operators, random_arguments, random_letters
from .words import (
    ALIKE,
    CONSTANTS,
    MARKS,
    MEAN_AND_VARIANCE,
    RANDOM,
    ZERO,
    centred,
    is_of_all,
    is_strange,
    prose_of,
    said_independent,
    said_random,
    says_independent,
    says_of_all,
    stated_moments,
)

NAMED = {"mu": "mean", "sigma": "deviation"}
Moment = tuple[str, Sym]  # "mean", "variance" or "deviation", and the variable whose it is


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is known of the letters of a line.

    Attributes:
        random: the names of random variables.
        centred: those with mean 0.
        independent: whether all of them are.
        alike: whether they are also distributed alike.
        moments: names that stand for a mean, a variance or a standard deviation.
        guessed: whether some of them do by custom only, so that what they make wrong may be right.
        defined: names and what they are defined by.
        names_constants: whether the text says of some letters that they are random, and of others that they are not.
        strange: whether more is said that is not understood here.
        more: whether a formula says something else of means, variances or covariances.
    """

    random: frozenset[Name]
    centred: frozenset[Name]
    independent: bool
    alike: bool
    moments: Mapping[Name, Moment]
    guessed: bool
    defined: Mapping[Name, Node]
    names_constants: bool
    strange: bool
    more: bool

    @property
    def shared(self) -> frozenset[tuple[Name, str]]:
        """What all variables X_i of a name have in common, by E[X_i] = μ and Var(X_i) = σ²."""
        several = ((name_of(n), kind) for kind, n in self.moments.values() if isinstance(n.sub, Sym))
        return frozenset((name, "mean" if kind == "mean" else "deviation") for name, kind in several)


def told_of(line: Line, context: Context) -> Told:
    """What the section of a line says of its random variables."""
    prose = prose_of(line, context)
    lines = [n for n in context.lines.lines if n.formula.headings == line.formula.headings]
    sides = [side for ln in lines for side in (ln.left, ln.right) if side is not None]
    letters = [n for side in sides for n in random_letters(side)]
    letters += random_arguments(sides)
    called = said_random(prose)
    every = (n for side in sides for n in walk(side))
    letters += [n for n in every if isinstance(n, Sym) and n.base in called and n.sub is None and not n.accents]
    named = list(_definitions(lines, line))
    defined = {name: node for name, node in named if node is not None}
    free = frozenset(map(name_of, letters)) - defined.keys()
    given = [*_moments(lines, line), *_of_words(prose, letters, free)]
    given += [said for said in _stated(prose, free) if said[0] not in dict(given)]
    guessed = {name: moment for name, moment in _by_name(sides, free) if name not in dict(given)}
    moments = {**guessed, **dict(given)}
    unread = any(name in free or (node is None and name in defined) for name, node in named)
    of_all, zero = says_of_all(prose), ZERO.search(prose) is not None
    of_mean_zero = {name_of(n) for n in _of_mean_zero(lines, line)} | (free if of_all and zero else set())
    told = Told(
        random=free,
        centred=centred(prose, letters) | of_mean_zero,
        independent=says_independent(prose),
        alike=ALIKE.search(prose) is not None,
        moments=moments,
        guessed=bool(guessed),
        defined=defined,
        names_constants=RANDOM.search(prose) is not None and CONSTANTS.search(prose) is not None,
        strange=is_strange(prose) or (of_all and not zero) or unread or len(dict(given)) < len(given),
        more=any(_says_more(n) for n in lines if n.formula is not line.formula),
    )
    unclear = _is_unclear(told, line, prose, several=any(n.sub is not None for n in letters))
    return told if not unclear else Told(**{**vars(told), "strange": True})


def _is_unclear(told: Told, line: Line, prose: str, *, several: bool) -> bool:
    """Whether it is open which variables are independent, or alike, or whether a letter called independent is one."""
    sides = [side for side in (line.left, line.right, *told.defined.values()) if side is not None]
    own = {n.base for side in sides for n in walk(side) if isinstance(n, Sym)}
    known = {name.base for name in (*told.random, *told.defined, *told.moments)}
    if told.alike and (not told.independent or (len(told.random) > 1 and not says_of_all(prose))):
        return True
    if own & said_independent(prose) - known - MARKS:
        return True
    return told.independent and not is_of_all(prose, told.random, several=several)


def _definitions(lines: list[Line], own: Line) -> Iterator[tuple[Name, Node | None]]:
    """The letters that formulas define in terms of others, y = f(x) + ε; None where that is not read: Y_i = a X_i."""
    for n in lines:
        if n.operator not in DEFINING or n.link or isinstance(n.right, Num | NoneType):
            continue
        if isinstance(n.left, Sym):
            plain = n.left.sup is None and (n.left.sub is None or is_label(n.left.sub)) and n.number < own.number
            yield name_of(n.left), n.right if plain else None


def _given(lines: list[Line], own: Line) -> Iterator[tuple[str, Sym, Node]]:
    """The moments of single variables that formulas before a line give a value: their name, the variable, the value."""
    for n in lines:
        found = operator(n.left) if n.number < own.number and n.link == 0 and n.operator in DEFINING else None
        if found is not None and isinstance(found[1].body, Sym) and found[1].body.sup is None and n.right is not None:
            yield found[0], found[1].body, n.right


def _of_mean_zero(lines: list[Line], own: Line) -> Iterator[Sym]:
    """The variables of E[ε] = 0."""
    yield from (n for kind, n, value in _given(lines, own) if kind == "E" and _is_zero(value))


def _moments(lines: list[Line], own: Line) -> Iterator[tuple[Name, Moment]]:
    """The letters of E[X] = μ and Var(ε) = σ²."""
    for kind, variable, value in _given(lines, own):
        if not isinstance(value, Sym):
            continue
        squared = isinstance(value.sup, Num) and value.sup.text == "2"
        if kind == "E" and value.sup is None:
            yield name_of(value), ("mean", variable)
        elif kind in SPREADS and (squared or value.sup is None):
            yield name_of(value), ("deviation" if squared else "variance", variable)


def _by_name(sides: Iterable[Node], free: frozenset[Name]) -> Iterator[tuple[Name, Moment]]:
    """The letters that say by what stands below them whose moment they are: μ_X and σ_X."""
    for sym in (n for side in sides for n in walk(side) if isinstance(n, Sym) and not n.accents and not n.primes):
        if sym.base in NAMED and isinstance(sym.sub, Sym) and name_of(sym.sub) in free:
            yield name_of(sym), (NAMED[sym.base], sym.sub)


def _of_words(prose: str, letters: list[Sym], free: frozenset[Name]) -> Iterator[tuple[Name, Moment]]:
    """The letters of "i.i.d. with mean μ and variance σ²", where there is but one name of variables."""
    stated = MEAN_AND_VARIANCE.search(prose)
    if stated is not None and len(free) == 1 and ALIKE.search(prose) is not None:
        some = next(n for n in letters if name_of(n) in free)
        yield Name(stated["mean"]), ("mean", some)
        yield Name(stated["variance"]), ("deviation" if stated["square"] else "variance", some)


def _stated(prose: str, free: frozenset[Name]) -> Iterator[tuple[Name, Moment]]:
    """The letters of "with variances σ_X² and σ_Y²", and of "X has mean μ and variance σ²" where X is the only one."""
    several = [*dict.fromkeys(stated_moments(prose))]
    single = next(iter(free)) if len(free) == 1 else None
    counts = Counter(kind for kind, _ in several)
    for kind, source in several:
        try:
            found = parse(source)
        except ReadError:
            continue
        match found:
            case (Sym(accents=(), primes=0) as sym,):
                squared = isinstance(sym.sup, Num) and sym.sup.text == "2"
            case _:
                continue
        if (sym.sup is not None and not squared) or (squared and kind != "variance"):
            continue
        kind = "deviation" if squared else kind
        if isinstance(sym.sub, Sym) and name_of(sym.sub) in free:
            yield name_of(sym), (kind, sym.sub)
        elif sym.sub is None and single is not None and single == Name(single.base) and max(counts.values()) == 1:
            between = r"(?:[^.$]|\$(?![A-Z]\$)[^$]*\$){1,60}?"
            if single.base.isupper() and re.search(rf"\${single.base}\${between}\${re.escape(source)}\$", prose):
                yield name_of(sym), (kind, Sym(base=single.base, span=sym.span))


def _is_zero(node: Node) -> bool:
    return isinstance(node, Num) and node.text == "0"


def _says_more(line: Line) -> bool:
    """Whether a relation speaks of moments, and does not merely give one a name or the value 0."""
    sides = [side for side in (line.left, line.right) if side is not None]
    if line.right is None or not any(True for side in sides for _ in operators(side)):
        return False
    left, right = operator(line.left), operator(line.right)
    sole = left is not None and isinstance(left[1].body, Sym)
    named = right is not None and isinstance(right[1].body, Sym) and isinstance(line.left, Sym)  # μ = E[X]
    zero = left is not None and left[0] == "E" and _is_zero(line.right)
    return not (named or (sole and (isinstance(line.right, Sym) or zero)))
