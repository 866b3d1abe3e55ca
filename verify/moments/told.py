"""What a text says of its random variables: which they are, whether they are independent, their means and variances."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType

from derive.chances.events import unbraced
from derive.notation.definitions import DEFINING
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Bin, Fn, Group, Juxt, Listing, Node, Num, Sym

from ..chances.independence import GOES_ON, OF
from ..context import Context
from ..lines import Line

MEANS = frozenset({"E", "mathbbE"})
SPREADS = frozenset({"Var", "var", "V"})
TOGETHER = frozenset({"Cov", "cov", "Corr", "corr"})
VARIABLES = frozenset("XYZUVW")
INDEPENDENT = re.compile(r"\b(?:mutually |pairwise )?(?:independent(?:ly)?|uncorrelated|i\.?i\.?d\b)", re.IGNORECASE)
ALIKE = re.compile(r"\bi\.?i\.?d\b|\bidentically distributed|\bindependent copies|\brandom sample\b", re.IGNORECASE)
DEPENDENT = re.compile(r"\b(?:dependent|correlated|not independent|non-?independent)\b", re.IGNORECASE)
_LETTERS = r"(?P<{}>\$[^$=]{{1,9}}\$(?:(?:,| and|, and) \$[^$=]{{1,9}}\$)*)"
_ZERO = r"(?:zero[- ]mean|mean[- ]zero|cent(?:er|re)d|(?:mean|expectation)s? (?:of |is |are )?(?:zero|0\b|\$0\$))"
CENTRED = re.compile(
    rf"{_LETTERS.format('before')}(?: [a-z]+){{0,4}} {_ZERO}|{_ZERO}(?: [a-z]+){{0,3}} {_LETTERS.format('behind')}",
    re.IGNORECASE,
)
ZERO = re.compile(rf"\b{_ZERO}", re.IGNORECASE)
STRANGE = re.compile(
    r"\b(?:unit[- ]variance|variance (?:of |is )?(?:one|\$?1\b)|standardi[sz]ed|orthogonal|martingale|stationar\w+"
    r"|condition\w*|given that|bernoulli|binary|indicators?|symmetric|normal(?:ly)?|gaussian|exchangeable|positive\w*"
    r"|without replacement|un-?biased|equal|same|common|white|homosc\w+|noise-?free|exact\w*|normali[sz]ed|vectors?"
    r"|matri\w+|approximat\w+)\b",
    re.IGNORECASE,
)
MARKS = frozenset({"hat", "bar", "tilde", "mathbf", "boldsymbol", "i", "j", "n", "N", "k", "x"})
SENTENCE = re.compile(r"(?<=[.;!?])\s+")
MATHS = re.compile(r"\$[^$]*\$")
RANDOM = re.compile(r"\brandom variables?\b", re.IGNORECASE)
CONSTANTS = re.compile(r"\b(?:constants?|scalars?|coefficients?|(?:real )?numbers?)\b", re.IGNORECASE)
MEAN_AND_VARIANCE = re.compile(
    r"\bmean \$(?P<mean>\\?[a-zA-Z]+)\$[\w, ]*?(?:and|,)(?: \w+){0,2} variance"
    r" \$(?P<var>\\?[a-zA-Z]+)(?P<square>\^\{?2\}?)?\$"
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is known of the letters of a line.

    Attributes:
        random: the names of random variables.
        centred: those with mean 0.
        independent, alike: whether all are independent, and distributed alike.
        moments: names that stand for a mean or a standard deviation, and the variable whose it is.
        defined: names and what they are defined by.
        names_constants: whether the text says of some letters that they are random, and of others that they are not.
        strange: whether the words say more that is not understood here.
        more: whether a formula says something else of means, variances or covariances.
    """

    random: frozenset[Hashable]
    centred: frozenset[Hashable]
    independent: bool
    alike: bool
    moments: Mapping[Hashable, tuple[str, Sym]]
    defined: Mapping[Hashable, Node]
    names_constants: bool
    strange: bool
    more: bool

    @property
    def shared(self) -> frozenset[tuple[Hashable, str]]:
        """What all variables X_i of a name have in common, by E[X_i] = μ and Var(X_i) = σ²."""
        several = ((name_of(n), kind) for kind, n in self.moments.values() if isinstance(n.sub, Sym))
        return frozenset((name, "mean" if kind == "mean" else "deviation") for name, kind in several)


def told_of(line: Line, context: Context) -> Told:
    """What the section of a line says of its random variables."""
    prose = prose_of(line, context)
    lines = [n for n in context.lines.lines if n.formula.headings == line.formula.headings]
    roots = [side for n in lines for side in (n.left, n.right) if side is not None]
    letters = [n for root in roots for n in (*_sole_arguments(root), *_capitals(root))]
    named = list(_definitions(lines, line))
    defined = {name: node for name, node in named if node is not None}
    free = {name_of(n) for n in letters} - set(defined)
    given = list(_moments(lines, line))
    moments = dict(given)
    centred = {name_of(node) for kind, node in moments.values() if kind == "zero"} | _centred(prose, letters)
    alike, independent = ALIKE.search(prose) is not None, INDEPENDENT.search(prose) is not None
    independent = independent and DEPENDENT.search(prose) is None
    if alike and len(free) == 1 and (stated := MEAN_AND_VARIANCE.search(prose)) is not None:
        some = next(n for n in letters if name_of(n) in free)
        moments[("", stated["mean"].lstrip("\\"), ())] = ("mean", some)
        moments[("", stated["var"].lstrip("\\"), ())] = ("deviation" if stated["square"] else "variance", some)
    unclear = any(name in free or (node is None and name in defined) for name, node in named)
    sides = [side for side in (line.left, line.right, *defined.values()) if side is not None]
    own = {n.base for side in sides for n in walk(side) if isinstance(n, Sym)}
    known = {name[1] for name in (*free, *defined, *moments) if isinstance(name, tuple)}
    unclear = unclear or bool(own & _independent(prose) - known - MARKS)
    several = any(n.sub is not None for n in letters)
    unclear = unclear or (independent and not _are_all_named(prose, free, several=several))
    unclear = unclear or len(moments) < len(given) or (alike and (not independent or len(free) > 1))
    unclear = unclear or (ZERO.search(prose) is not None and CENTRED.search(prose) is None)
    return Told(
        random=frozenset(free),
        centred=frozenset(centred),
        independent=independent,
        alike=alike,
        moments={name: found for name, found in moments.items() if found[0] != "zero"},
        defined=defined,
        names_constants=RANDOM.search(prose) is not None and CONSTANTS.search(prose) is not None,
        strange=STRANGE.search(prose) is not None or unclear,
        more=any(_says_more(n) for n in lines if n.formula is not line.formula),
    )


def _are_all_named(prose: str, free: set[Hashable], *, several: bool) -> bool:
    """Whether the words that say "independent" name all variables, or one, which is of the only other one.

    Of several X_i that are independent of Y nothing is known among themselves.
    """
    bases = {name[1] for name in free if isinstance(name, tuple)}
    named = _independent(prose)
    of = any((w := INDEPENDENT.search(s)) is not None and OF.match(s, w.end()) for s in SENTENCE.split(prose))
    if of and (several or len(bases & named) > 2):
        return False
    return len(bases) < 2 or bases <= named or (len(bases) == 2 and len(named & bases) == 1 == len(named - MARKS))


def _independent(prose: str) -> set[str]:
    """The letters of the words that say "independent", up to where they go on to speak of others."""
    named = set[str]()
    for sentence in SENTENCE.split(prose):
        if (word := INDEPENDENT.search(sentence)) is not None:
            listed = MATHS.search(sentence, 0, word.start()) is not None
            end = GOES_ON.search(sentence, word.end()) if listed else None
            formulas = MATHS.findall(sentence[: end.start() if end is not None else None])
            mathematics = " ".join(f for f in formulas if "=" not in f)
            named |= set(re.findall(r"[a-zA-Z]+", mathematics))
    return named


def _centred(prose: str, letters: list[Sym]) -> set[Hashable]:
    """The variables of which the words say that their mean is 0."""
    lists = [m["before"] or m["behind"] for m in CENTRED.finditer(prose)]
    named = {found for text in lists for found in re.findall(r"\$\\?([a-zA-Z]+)(?:_\{?\w+\}?)?\$", text)}
    return {name_of(n) for n in letters if n.base in named and not n.accents}


def name_of(sym: Sym) -> Hashable:
    """A letter with its marks and fonts, and with what stands below it unless that is an index."""
    fonts = tuple(f for f in sym.fonts if f != "rm")
    marks = (*sym.accents, sym.primes) if sym.primes else sym.accents
    return (
        "".join(fonts),
        sym.base,
        marks,
        *((repr(unplaced(sym.sub)),) if sym.sub is not None and is_label(sym.sub) else ()),
    )


def is_label(sub: Node | None) -> bool:
    """Whether what stands below a letter is a label, σ_{MLE}, and no index: i, 1, i + 1, or several of these."""
    sub = unbraced(sub) if sub is not None else None
    match sub:
        case None | Num():
            return False
        case Sym(base=base, fonts=fonts, sub=None, sup=None):
            return len(base) > 1 or not base.islower() or bool(fonts)
        case Bin(left=left, right=right):
            return is_label(left) or is_label(right)
        case Listing(items=items) | Juxt(items=items):
            return any(map(is_label, items))
    return True


def operator(node: Node) -> tuple[str, Group] | None:
    """The name of a mean, variance or covariance and its bracket; None of anything else."""
    match node:
        case Fn(name=name, argument=Group() as group, sub=None, sup=None) if name in MEANS | SPREADS | TOGETHER:
            return name, group
        case Juxt(items=(Sym(base=name, sub=None, sup=None, accents=()) as head, Group() as group)):
            blackboard = "bb" in head.fonts
            if name == "E" or name in TOGETHER or (name in SPREADS and (name != "V" or blackboard)):
                return name, group
    return None


def _sole_arguments(root: Node) -> Iterator[Sym]:
    """The letters of which a mean, a variance or a covariance is taken by themselves."""
    for node in pairs(root):
        found = operator(node)
        body = found[1].body if found is not None else None
        items = body.items if isinstance(body, Listing) else (body,)
        yield from (n for n in items if isinstance(n, Sym) and n.sup is None)


def _capitals(root: Node) -> Iterator[Sym]:
    """The capital letters with an index, X_i, in the bracket of a mean, a variance or a covariance."""
    groups = (found[1] for node in pairs(root) if (found := operator(node)) is not None)
    syms = (n for group in groups for n in walk(group.body) if isinstance(n, Sym))
    yield from (n for n in syms if n.base in VARIABLES and isinstance(n.sub, Sym | Num) and not n.accents)


def pairs(root: Node) -> Iterator[Node]:
    """Every part of an expression, and every letter with the bracket behind it."""
    for node in walk(root):
        yield node
        if isinstance(node, Juxt) and len(node.items) > 2:
            for a, b in zip(node.items, node.items[1:], strict=False):
                yield Juxt(items=(a, b), span=(a.span[0], b.span[1]))


def _definitions(lines: list[Line], own: Line) -> Iterator[tuple[Hashable, Node | None]]:
    """The letters that formulas define in terms of others, y = f(x) + ε; None where that is not read: Y_i = a X_i."""
    for n in lines:
        if (
            isinstance(n.left, Sym)
            and n.operator in DEFINING
            and n.link == 0
            and not isinstance(n.right, Num | NoneType)
        ):
            plain = n.left.sup is None and (n.left.sub is None or is_label(n.left.sub)) and n.number < own.number
            yield name_of(n.left), n.right if plain else None


def _moments(lines: list[Line], own: Line) -> Iterator[tuple[Hashable, tuple[str, Sym]]]:
    r"""E[ε] = 0, E[X] = μ and Var(ε) = σ², told before a line."""
    for n in lines:
        found = operator(n.left) if n.number < own.number and n.link == 0 and n.operator in DEFINING else None
        body = found[1].body if found is not None else None
        if found is None or not isinstance(body, Sym) or body.sup is not None:
            continue
        if isinstance(n.right, Num) and n.right.text == "0" and found[0] == "E":
            yield ("zero", name_of(body)), ("zero", body)
        if isinstance(n.right, Sym):
            squared = isinstance(n.right.sup, Num) and n.right.sup.text == "2"
            if found[0] == "E" and n.right.sup is None:
                yield name_of(n.right), ("mean", body)
            elif found[0] in SPREADS and (squared or n.right.sup is None):
                yield name_of(n.right), ("deviation" if squared else "variance", body)


def _says_more(line: Line) -> bool:
    """Whether a relation speaks of moments, and does not merely give one a name or the value 0."""
    sides = [side for side in (line.left, line.right) if side is not None]
    if line.right is None or not any(operator(n) is not None for side in sides for n in pairs(side)):
        return False
    found = operator(line.left)
    named = isinstance(line.right, Sym)
    zero = isinstance(line.right, Num) and line.right.text == "0" and found is not None and found[0] == "E"
    sole = found is not None and isinstance(found[1].body, Sym)
    return not (sole and (named or zero))


def prose_of(line: Line, context: Context) -> str:
    """The words of the section a line stands in."""
    same = [f for _, f in context.lines.nodes if f.headings == line.formula.headings]
    return " ".join([*(f"{f.before} {f.after}" for f in same[-12:]), line.formula.before, line.formula.after])
