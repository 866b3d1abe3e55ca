"""What is supposed of the letters of a text where it does not say: of what it leaves open, what keeps it readable."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from derive.notation.conventions import PROBABILITY_LETTERS
from derive.notation.dictionary import Dictionary
from derive.notation.elaborate import Reader
from derive.notation.ground import ground_of
from derive.notation.marks import is_bold
from derive.notation.names_in_notes import is_transpose, take_apart
from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.survey import Survey, surveyed
from derive.notation.syntax import Big, Bin, Chain, Group, Juxt, Listing, Node, Num, Sym

if TYPE_CHECKING:
    from .lines import Line, Lines


TRUSTED = {3: "custom", 2: "infer", 1: "labelled"}  # what each degree of trust adds


def dictionary_of(lines: Lines) -> tuple[Dictionary, int | None]:
    """What the letters mean, with as much told of their shapes elsewhere, by use and by custom as stays readable.

    Returns: the dictionary, and the number of relations that cannot be read with it, where these were counted.
    """
    tries = [Supposed(seen=seen, trust=k) for seen in dict.fromkeys((bool(lines.seen), False)) for k in (3, 2, 1, 0)]
    first = tries[0].dictionary(lines, tries[0].survey(lines))
    points = _points_of_functions(lines)
    if not first.survey.told and not tries[0].seen and not points and not tries[0].bare_and_indexed(lines):
        return first, None
    best = _Try(supposed=tries[0], dictionary=first, misfits=misfits_of(lines, first))
    surveys, shown = [(best.supposed.seen, first.survey)], first.survey
    for former, supposed in pairwise(tries):
        if not best.misfits or (supposed.seen == former.seen and TRUSTED[former.trust] not in shown.asked):
            continue  # nothing is to be mended, or the same would be shown
        shown = supposed.survey(lines)
        if (supposed.seen, shown) not in surveys:
            surveys.append((supposed.seen, shown))
            best = best.or_better(supposed, shown, lines)
    for base, bold in best.supposed.bare_and_indexed(lines) if best.misfits else ():
        trusting = dataclasses.replace(tries[0], points=best.supposed.points)
        for other in dict.fromkeys((best.supposed, trusting) if bold else (best.supposed,)):
            supposed = dataclasses.replace(other, points=other.points | {base})
            best = best.or_better(supposed, supposed.survey(lines), lines)
    for base in sorted(points - best.supposed.points) if best.misfits else ():
        supposed = dataclasses.replace(best.supposed, points=best.supposed.points | {base})
        best = best.or_better(supposed, supposed.survey(lines), lines)
    return best.dictionary, len(best.misfits)


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """What is supposed of the letters of a text where it does not say.

    Attributes:
        seen: whether letters have the indices that they have elsewhere in the document.
        trust: how much is told by bold type (1), by use (2) and by custom (3).
        points: the letters whose subscripts count data points.
    """

    seen: bool
    trust: int
    points: frozenset[str] = frozenset()

    def survey(self, lines: Lines) -> Survey:
        """What the formulas show if that is so."""
        ground = lines.grounds.get((self.seen, self.points))
        if ground is None:
            nodes = (*(n for n, _ in lines.nodes), *(lines.seen if self.seen else ()))
            ground = lines.grounds[self.seen, self.points] = ground_of(nodes, lines.prose, self.points)
        return surveyed(ground, custom=self.trust > 2, infer=self.trust > 1, labelled=self.trust > 0)

    def dictionary(self, lines: Lines, shown: Survey) -> Dictionary:
        """What the letters mean if that is so, by what the formulas then show."""
        numbers = (dataclasses.replace(s, sub=None) for s in (() if self.seen else lines.seen))
        apart = frozenset(take_apart(s, shown.letters).plain for s in numbers)
        return Dictionary(shown, prose=lines.prose, elsewhere=apart)

    def bare_and_indexed(self, lines: Lines) -> tuple[tuple[str, bool], ...]:
        """The letters that stand by themselves as well as with the index of a sum, a product or a step, in one type.

        No other letter has that index there, as one of entries would: Σ_i x_i θ_{ij}. Also the letters that are bold
        and always have such an index, of which it tells so.
        """
        every = [n for node, _ in lines.nodes if not _is_listing(node) for n in walk(node)]
        sums = [(b, n) for n in every if isinstance(n, Big) and (b := _letter_below(n)) is not None]
        subs: dict[str, set[str]] = {}
        steps: dict[str, set[str]] = {}  # the t of x_{t+1}
        types: dict[str, set[bool]] = {}
        for sym in (n for n in every if isinstance(n, Sym)):
            step = sym.sub.left if isinstance(sym.sub, Bin) and isinstance(sym.sub.right, Num) else None
            sub = step.base if isinstance(step, Sym) else sym.sub.base if isinstance(sym.sub, Sym) else "?"
            subs.setdefault(sym.base, set()).add("" if sym.sub is None else sub)
            steps.setdefault(sym.base, set()).update({sub} if isinstance(step, Sym) else ())
            types.setdefault(sym.base, set()).add(is_bold(sym))
        subs = {base: seen for base, seen in subs.items() if len(types[base]) == 1}  # x_i is an entry of the bold x
        subs = {base: seen - ({"?"} if steps[base] else set()) for base, seen in subs.items()}  # where steps begin
        bound = {letter for letter, _ in sums}
        found = {b for b, seen in subs.items() if len(seen) == 2 and "" in seen and seen - {""} <= bound | steps[b]}
        entries = {base for letter, big in sums if (held := _carrying(letter, big)) - found for base in held}
        bold = {base for base, seen in subs.items() if types[base] == {True} and seen <= bound}  # always x_n in bold
        return tuple((base, base in bold) for base in subs if base in (found - entries) | bold)


@dataclass(frozen=True, kw_only=True)
class _Try:
    """What is supposed of a text, what its letters then mean, and the relations that cannot be read so."""

    supposed: Supposed
    dictionary: Dictionary
    misfits: tuple[Line, ...]

    def or_better(self, supposed: Supposed, shown: Survey, lines: Lines) -> _Try:
        """The try with something else supposed if more can be read so, else this one.

        What could not be read before is read first: mostly none of it can be, and then the rest need not be.
        """
        probe = supposed.dictionary(lines, shown)
        if not any(_is_readable(line, probe) for line in self.misfits):
            return self
        found = supposed.dictionary(lines, shown)
        misfits = misfits_of(lines, found)
        return _Try(supposed=supposed, dictionary=found, misfits=misfits) if len(misfits) < len(self.misfits) else self


def _points_of_functions(lines: Lines) -> set[str]:
    """The x of h(x_i) beside h(x) = w^T x or a + b x: what h is taken at are points, and x_i is no entry of x."""
    given: set[tuple[str, str]] = set()
    points: set[tuple[str, str]] = set()
    for node, _ in lines.nodes:
        if isinstance(node, Chain) and (taken := _taken(node.operands[0])) is not None and taken[1].sub is None:
            given |= {(taken[0], taken[1].base)} if _is_of_one(node, *taken) else set()
        pairs = (p for n in walk(node) if isinstance(n, Juxt) for p in pairwise(n.items))
        taken_at = (_taken(Juxt(items=pair, span=pair[0].span)) for pair in pairs)
        points |= {(head, at.base) for head, at in (t for t in taken_at if t is not None) if isinstance(at.sub, Sym)}
    return {base for _, base in given & points}


def _taken(node: Node) -> tuple[str, Sym] | None:
    """The letters of h(x)."""
    match node:
        case Juxt(items=(Sym(base=head, sup=None), Group(opening="(", body=Sym(sup=None) as at))):
            return head, at
    return None


def _is_of_one(chain: Chain, head: str, at: Sym) -> bool:
    """Whether a definition is a formula of x as a whole, which is a vector, or a number in what is no density."""
    if any(_weighs(n, at.base) for n in walk(chain)):
        return True
    used = [n for part in chain.operands[1:] for n in walk(part) if isinstance(n, Sym) and n.base == at.base]
    return bool(used) and all(n.sub is None for n in used) and head not in PROBABILITY_LETTERS


def _weighs(node: Node, base: str) -> bool:
    """Whether a letter is multiplied as a vector is: w^T x, x^T w, W x, w · x."""
    factors = node.items if isinstance(node, Juxt) else ()
    if isinstance(node, Bin) and node.op == "cdot":
        return any(isinstance(n, Sym) and n.base == base and is_bold(n) for n in (node.left, node.right))
    for one, other in pairwise(factors):
        if not (isinstance(one, Sym) and isinstance(other, Sym) and base in (one.base, other.base)):
            continue
        if is_transpose(one.sup) or (other.base == base and one.base.isupper() and one.base != "P"):
            return True
    return False


def _letter_below(big: Big) -> str | None:
    """The letter that a sum runs over: from a number on, or over the members of a set."""
    below = big.below
    if isinstance(below, Chain) and below.operators == ("in",) and isinstance(below.operands[0], Sym):
        return below.operands[0].base
    found = binder(below)
    return None if found is None else found[0]


def _is_listing(node: Node) -> bool:
    """Whether a formula only lists what there is: x_1, …, x_N."""
    inner = node.operands[0] if isinstance(node, Chain) and node.operators[0] == "in" else node
    return isinstance(inner.body if isinstance(inner, Group) else inner, Listing)


def _carrying(letter: str, big: Big) -> set[str]:
    """The letters with an index below, within a sum over it."""
    syms = (n for n in walk(big.body) if isinstance(n, Sym) and n.sub is not None)
    return {
        s.base for s in syms if s.sub is not None and any(isinstance(n, Sym) and n.base == letter for n in walk(s.sub))
    }


def misfits_of(lines: Lines, dictionary: Dictionary) -> tuple[Line, ...]:
    """The relations under the heading that cannot be read."""
    relations = (line for line in lines.lines if line.right is not None and line.number in lines.own)
    return tuple(line for line in relations if not _is_readable(line, dictionary))


def _is_readable(line: Line, dictionary: Dictionary) -> bool:
    reader = Reader(dictionary)
    try:
        reader.read(line.left)
        reader.read(line.right or line.left)
    except (ValueError, RecursionError):
        return False
    return True
