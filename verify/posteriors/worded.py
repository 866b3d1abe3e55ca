"""Data that words describe: k successes in n trials, x_1, …, x_n from a Poisson distribution with rate λ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from derive.chances.standing import filled
from derive.notation.parser import ReadError, parse
from derive.notation.runs import join_letters
from derive.notation.syntax import Chain, Node

from ..chances.worded import FAMILY, HEADS
from ..likelihoods.laws import samples_in
from .drawings import Drawing, drawn

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
PRIOR = re.compile(
    rf"\$(?P<letter>[^$]{{1,10}})\$,?(?: which| that)? (?:has|have|with|follows|is given) an? {FAMILY} prior"
    r"(?: distribution)?(?: ?\(| with [a-z ]{0,30})\$(?P<first>[^$]{1,20})\$"
    r"(?:(?:, ?| and [a-z ]{0,30})\$(?P<second>[^$]{1,20})\$)?",
    re.IGNORECASE,
)
BOTH = re.compile(rf"{LETTER.format('k')} {GOOD} and {LETTER.format('m')} {BAD}")


def sampled(prose: str) -> Iterator[Drawing]:
    """x_1, …, x_n from a Poisson distribution with rate λ."""
    yield from _drawn(((found, found["letter"] + "_{i}") for found in samples_in(prose)), prose)


def supposed(prose: str) -> Iterator[Drawing]:
    """θ has a Beta prior with parameters a and b."""
    yield from _drawn(((found, found["letter"]) for found in PRIOR.finditer(prose)), prose)


def _drawn(said: Iterable[tuple[re.Match[str], str]], prose: str) -> Iterator[Drawing]:
    for found, letter in said:
        head = HEADS[found["family"].lower()]
        parameters = ", ".join(p for p in (found["first"], found["second"]) if p)
        try:
            (variable,), (law,) = parse(letter), parse(rf"\mathrm{{{head}}}({parameters})")
        except (ReadError, ValueError):
            continue
        if (drawing := drawn(variable, law, prose)) is not None:
            yield drawing


def counted(prose: str, variable: Node) -> Iterator[Node]:
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
