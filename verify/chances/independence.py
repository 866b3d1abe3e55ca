"""Which variables a text calls independent of one another, and where that counts: below its heading, from there on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..documents.document import Formula
from ..lines import Lines

INDEPENDENT = re.compile(r"\bindependent\b", re.IGNORECASE)
CONDITIONALLY = re.compile(  # or said of a case only, or denied
    r"condition|given|\bnot\b|n't\b|\bif\b|\bwhen\b|\bunless\b|\bwhether\b|\bnever\b|\bneed\b", re.IGNORECASE
)
OF = re.compile(r"\s+of (?!each other|one another|the others?\b)", re.IGNORECASE)
GOES_ON = re.compile(r"(?:,|\s)\s*(?:and|while|let|but)\s+(?:let |for )?\$", re.IGNORECASE)
BEFORE = 250  # how far behind a formula its reason may stand, in characters


@dataclass(frozen=True, kw_only=True)
class Independence:
    """Variables that one sentence calls independent of one another, and where it stands."""

    variables: frozenset[str]
    headings: tuple[str, ...]
    start: int

    def counts_at(self, formula: Formula) -> bool:
        """Whether it is said below a heading of a formula, before it or just behind it."""
        above = formula.headings[: len(self.headings)] == self.headings
        return above and self.start <= formula.offset + BEFORE


def is_independence(sentence: str) -> bool:
    """Whether a sentence says of variables that they are independent, without a condition."""
    return INDEPENDENT.search(sentence) is not None and CONDITIONALLY.search(sentence) is None


def independences(
    text: str, lines: Lines, sentences: re.Pattern[str], named: Callable[[str], frozenset[str]]
) -> Iterator[Independence]:
    """What the sentences of a text say.

    Args:
        text: as the formulas have their places in it.
        lines: of the text.
        sentences: what parts them.
        named: the variables of a sentence.
    """
    start = 0
    for end in [*(m.start() for m in sentences.finditer(text)), len(text)]:
        sentence = text[start:end]
        if is_independence(sentence) and len(found := _of_one_another(sentence, named)) > 1:
            formulas = [f for _, f in lines.nodes if start <= f.offset < end]
            at = formulas[0] if formulas else next((f for _, f in lines.nodes if f.offset >= start), None)
            yield Independence(variables=found, headings=at.headings if at else (), start=start)
        start = end


def _of_one_another(sentence: str, named: Callable[[str], frozenset[str]]) -> frozenset[str]:
    """The variables that a sentence calls independent, and not others that it goes on to speak of.

    Of X and Y that are independent of Z nothing is known but that each is of Z, which is no independence of all.
    """
    word = INDEPENDENT.search(sentence)
    assert word is not None
    before, behind = sentence[: word.start()], sentence[word.end() :]
    if OF.match(behind) is not None and len(named(before)) > 1:
        return frozenset()
    goes_on = GOES_ON.search(behind) if len(named(before)) > 1 else None
    return named(sentence if goes_on is None else before + behind[: goes_on.start()])
