r"""Which urn a ball came from, by the counts that the words tell: "urn A holds 3 red and 1 blue ball".

P(A | red) = P(red | A) P(A) / Σ_U P(red | U) P(U), the urns being drawn with equal chances, one ball from one of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from ..context import Context
from ..found import CONTRADICTED, Found
from ..lines import Line
from ..results import Verdict
from .totals import number_of

URN = re.compile(r"\b(?:urn|box|bag|jar|bowl|basket|bucket|drawer) \$?(?P<name>[A-Z]|\d)\$?(?![\w']) ?", re.IGNORECASE)
NAMES = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMERALS = {n: k for k, n in enumerate(NAMES)}
COUNT = re.compile(rf"\$?\b(?P<count>\d+|{'|'.join(NUMERALS)})\$? (?P<colour>[a-z]{{3,}})\b")
HOLDS = re.compile(r"\A,?(?: (?:which|that))? ?(?:holds|contains|has|with)?[ :]*(?=\$?(?:\d|[a-z]+ ))")
EQUALLY = re.compile(
    r"\bat random\b|\bequal(?:ly)? (?:likely|probabilit\w+)|\buniformly\b|\bfair coin\b|\beach with probability"
    r" \$?(?:1/2|\\[td]?frac\{?1\}?\{?2\}?|0?\.5)"
)
OTHERWISE = re.compile(
    r"\btwo balls|\bthree balls|\bsecond\b|\btwice\b|\breplace|\bagain\b|\bmov|\btransfer|\bthen add|\bprobability"
    r" (?!\$?(?:1/2|\\[td]?frac\{?1\}?\{?2|0?\.5)|that\b)|\bdie\b|\btimes as\b|\btype\b|\bkind\b|\bidentical\b|%",
    re.IGNORECASE,
)
POSTERIOR = re.compile(
    r"\s*(?:p|P|Pr|\\Pr|\\mathbb\{P\})\s*\\?(?:left)?\(\s*(?:\\\w+\{)?(?:\w* )?(?P<urn>[A-Z]|\d)\}?\s*"
    r"(?:\\mid|\\vert|\|)\s*(?:\\\w+\{)?\s*(?P<colour>[a-z]{3,}|[A-Z])\}?\s*\\?(?:right)?\)\s*"
)


def urns_found(line: Line, context: Context) -> Found | None:
    """What the counts in the words say of the chance that what was drawn came from one of several urns."""
    left = POSTERIOR.fullmatch(line.formula.latex[slice(*line.left.span)]) if line.right is not None else None
    if left is None or line.operator != "=" or line.link:
        return None
    assert line.right is not None
    right, words = number_of(line.right), line.formula.before
    if right is None or EQUALLY.search(words) is None or OTHERWISE.search(words):
        return None
    exact = _posterior(_urns(words), left["urn"], left["colour"])
    if exact is None:
        return None
    if right == exact:
        return Found(verdict=Verdict.PROVED, because="by the counts that the text tells")
    if abs(right - exact) < Fraction(1, 100):  # it may be rounded
        return None
    because = f"by the counts that the text tells it is {exact}"
    return Found(verdict=Verdict.CONFLICT, because=because, rule=CONTRADICTED)


def _urns(words: str) -> dict[str, dict[str, int]]:
    """How many of each colour each urn holds; empty if that is not clear."""
    places = [*URN.finditer(words)]
    urns: dict[str, dict[str, int]] = {}
    for place, after in zip(places, [*places[1:], None], strict=True):
        said = words[place.end() : after.start() if after else len(words)].split(".")[0]
        start = HOLDS.match(said)
        counts = [*COUNT.finditer(said)] if start is not None else []
        if not counts:
            continue
        if place["name"] in urns:
            return {}
        colours = {m["colour"]: int(NUMERALS.get(m["count"], m["count"])) for m in counts}
        urns[place["name"]] = {} if len(colours) < len(counts) else colours
    return urns if len(urns) > 1 and all(len(u) > 1 for u in urns.values()) else {}


def _posterior(urns: Mapping[str, Mapping[str, int]], urn: str, colour: str) -> Fraction | None:
    """The chance that a ball of a colour, or of its first letter, came from an urn; None if the text tells no such."""
    colours = {c for u in urns.values() for c in u}
    called = [c for c in colours if c == colour] or [c for c in colours if c[0].upper() == colour]
    if urn not in urns or len(called) != 1 or any(not sum(u.values()) for u in urns.values()):
        return None
    chances = {name: Fraction(u.get(called[0], 0), sum(u.values())) for name, u in urns.items()}
    return chances[urn] / sum(chances.values()) if any(chances.values()) else None
