"""The probability with which Metropolis and Hastings accept a proposal: min(1, f(y) g(x | y) / (f(x) g(y | x)))."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from derive.chances.events import NotAProbability, conditioned, label, unbraced
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Fn, Fraction, Group, Juxt, Node, Sym

from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..results import Verdict
from ..rules import turned_fraction, wrong_quantity
from .misses.miss import Miss

SAMPLER = re.compile(r"\bmetropolis\b|\bhastings\b|\bacceptance\b|\bproposal\b", re.IGNORECASE)
MARKS = re.compile(r"['*~]|star|ast|tilde|new|cand|prop")


@dataclass(frozen=True, kw_only=True)
class Half:
    """f(u) g(v | w), above or below the line.

    Attributes:
        target, proposal: the names of the two functions.
        at: u.
        drawn, behind: v and w.
        places: where v and w stand in the source.
    """

    target: str
    proposal: str
    at: str
    drawn: str
    behind: str
    places: tuple[tuple[int, int], tuple[int, int]]

    @property
    def fits(self) -> bool:
        """Whether what is drawn is drawn from the place at which the target stands."""
        return self.at == self.behind

    @property
    def is_turned(self) -> bool:
        """Whether the target stands at what is drawn."""
        return self.at == self.drawn


def judge_acceptance(line: Line) -> Judgement | Miss | None:
    """What is found of an acceptance probability; None of anything else, or where the proposal is not told apart."""
    words = f"{line.formula.before[-600:]} {line.formula.after[:300]}"
    if line.right is None or not SAMPLER.search(words):
        return None
    for node in (n for n in walk(line.right) if isinstance(n, Fraction)):
        above, below = _half(node.above), _half(node.below)
        if above is None or below is None or (above.target, above.proposal) != (below.target, below.proposal):
            continue
        named = {n for half in (above, below) for n in (half.at, half.drawn, half.behind)}
        if named != {above.at, below.at} or len(named) != 2:
            continue
        new = _proposed(line.left) or next((n for n in (above.at, below.at) if MARKS.search(n)), "")
        if new not in (above.at, below.at):
            return None
        return _judged(line, node, above, below, new)
    return None


def _judged(line: Line, node: Fraction, above: Half, below: Half, new: str) -> Judgement | Miss | None:
    if above.fits and below.fits and above.at == new:
        because = "with it moves to and fro are in balance"
        return Judgement(verdict=Verdict.HOLDS, because=because)
    if any(of_words(line)):
        return None
    source = line.formula.latex
    if above.is_turned and below.is_turned and above.at == new:
        places = sorted((*above.places, *below.places))
        swapped = {above.places[0]: above.places[1], above.places[1]: above.places[0]}
        swapped |= {below.places[0]: below.places[1], below.places[1]: below.places[0]}
        changes = tuple((a, b, source[slice(*swapped[a, b])]) for a, b in places)
        because = "the proposal is drawn from where the chain is, and weighed by the way back"
        shown = tuple(
            f"{above.proposal}({x} | {y})" for x, y in ((above.drawn, above.behind), (above.behind, above.drawn))
        )
        return Miss(rule=wrong_quantity.RULE, because=because, changes=changes, shown=(shown[0], shown[1]))
    if above.fits and below.fits and below.at == new:
        one, two = node.above.span, node.below.span
        changes = ((*one, source[slice(*two)]), (*two, source[slice(*one)]))
        because = "the target at the proposal stands above the line"
        return Miss(
            rule=turned_fraction.RULE,
            because=because,
            changes=changes,
            shown=(source[slice(*one)], source[slice(*two)]),
        )
    return None


def _half(node: Node) -> Half | None:
    """The two factors f(u) g(v | w), in either order."""
    applied = [(h, g) for h, g in pairwise(_factors(node)) if isinstance(h, Sym) and isinstance(g, Group)]
    if len(applied) != 2 or len(_factors(node)) != 4:
        return None
    try:
        both = [(label(h), *conditioned(g.body)) for h, g in applied]
        (f, at, none), (g, drawn, behind) = sorted(both, key=lambda found: len(found[2]))
        if none or len(at) != 1 or len(drawn) != 1 or len(behind) != 1:
            return None
        names = [label(unbraced(n)) for n in (at[0], drawn[0], behind[0])]
    except NotAProbability:
        return None
    return Half(
        target=f,
        proposal=g,
        at=names[0],
        drawn=names[1],
        behind=names[2],
        places=(drawn[0].span, behind[0].span),
    )


def _factors(node: Node) -> list[Node]:
    node = unbraced(node)
    if isinstance(node, Bin) and node.op in ("cdot", "times"):
        return [*_factors(node.left), *_factors(node.right)]
    return list(node.items) if isinstance(node, Juxt) else [node]


def _proposed(left: Node) -> str:
    """The y of A(y | x)."""
    node = unbraced(left)
    items = node.items if isinstance(node, Juxt) else ()
    group = items[-1] if items else node.argument if isinstance(node, Fn) else None
    if not isinstance(group, Group):
        return ""
    try:
        drawn, behind = conditioned(group.body)
        return label(unbraced(drawn[0])) if len(drawn) == len(behind) == 1 else ""
    except NotAProbability:
        return ""
