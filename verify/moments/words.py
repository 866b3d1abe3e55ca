"""What the words of a section say of random variables: that they are independent, alike, of mean 0, or more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from derive.notation.syntax import Sym

from ..chances.independence import GOES_ON, OF
from ..context import Context
from ..lines import Line
from .notation import Name, name_of

INDEPENDENT = re.compile(r"\b(?:mutually |pairwise )?(?:independent(?:ly)?|uncorrelated|i\.?i\.?d\b)", re.IGNORECASE)
ALIKE = re.compile(r"\bi\.?i\.?d\b|\bidentically distributed|\bindependent copies|\brandom sample\b", re.IGNORECASE)
DEPENDENT = re.compile(r"\b(?:dependent|correlated|not independent|non-?independent)\b", re.IGNORECASE)
STRANGE = re.compile(
    r"\b(?:unit[- ]variance|variance (?:of |is )?(?:one|\$?1\b)|standardi[sz]ed|orthogonal|martingale|stationar\w+"
    r"|condition\w*|given that|bernoulli|binary|indicators?|symmetric|normal(?:ly)?|gaussian|exchangeable|positive\w*"
    r"|without replacement|un-?biased|equal|same|common|white|homosc\w+|noise-?free|exact\w*|normali[sz]ed|vectors?"
    r"|matri\w+|approximat\w+)\b",
    re.IGNORECASE,
)
RANDOM = re.compile(r"\brandom variables?\b", re.IGNORECASE)
CONSTANTS = re.compile(r"\b(?:constants?|scalars?|coefficients?|(?:real )?numbers?)\b", re.IGNORECASE)
_LETTERS = r"(?P<{}>\$[^$=]{{1,9}}\$(?:(?:,| and|, and) \$[^$=]{{1,9}}\$)*)"
_ZERO = r"(?:zero[- ]mean|mean[- ]zero|cent(?:er|re)d|(?:mean|expectation)s? (?:of |is |are )?(?:zero|0\b|\$0\$))"
ZERO = re.compile(rf"\b{_ZERO}", re.IGNORECASE)
CENTRED = re.compile(
    rf"{_LETTERS.format('before')}(?: [a-z]+){{0,4}} {_ZERO}|{_ZERO}(?: [a-z]+){{0,3}} {_LETTERS.format('behind')}",
    re.IGNORECASE,
)
MEAN_AND_VARIANCE = re.compile(
    r"\bmean \$\\?(?P<mean>[a-zA-Z]+)\$[\w, ]*?(?:and|,)(?: \w+){0,2} variance"
    r" \$\\?(?P<variance>[a-zA-Z]+)(?P<square>\^\{?2\}?)?\$"
)
LISTED = r"\$[^$=]{1,16}\$(?:(?:,| and|, and) \$[^$=]{1,16}\$)*"
KINDS = {"mean": "mean", "expect": "mean", "varian": "variance", "standa": "deviation"}
STATED = re.compile(
    rf"\b(?P<kind>mean|expectation|expected value|variance|standard deviation)s?"
    rf" (?P<letters>{LISTED.replace('$=', '$')})",
    re.IGNORECASE,
)
SAID_RANDOM = re.compile(
    rf"(?P<before>{LISTED}),? (?:be|are|is)(?: (?:two|three|both|jointly|real|discrete|continuous|an?|square-integrable"
    r"|independent|uncorrelated|dependent|correlated|arbitrary|any|real-valued))*"
    r" (?:random variables?|independent\b|uncorrelated\b)"
    rf"|random variables? (?P<behind>{LISTED})"
    r"|(?P<alone>\$[A-Z]\$) (?:have|has|having|with|be a quantity with) (?:an? |finite |the )?(?:mean|varian|expect)",
    re.IGNORECASE,
)
CAPITAL = re.compile(r"\$([A-Z])\$")
ALL = re.compile(
    r"\b(?:weights and (?:the )?inputs|inputs and (?:the )?weights|weights and (?:the )?activations"
    r"|activations and (?:the )?weights)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[.;!?])\s+")
MATHS = re.compile(r"\$[^$]*\$")
MARKS = frozenset({"hat", "bar", "tilde", "mathbf", "boldsymbol", "i", "j", "n", "N", "k", "x"})
NEAR = 12  # formulas of the section whose words count


def prose_of(line: Line, context: Context) -> str:
    """The words of the section a line stands in."""
    same = [f for _, f in context.lines.nodes if f.headings == line.formula.headings]
    return " ".join([*(f"{f.before} {f.after}" for f in same[-NEAR:]), line.formula.before, line.formula.after])


def says_independent(prose: str) -> bool:
    """Whether the words call variables independent or uncorrelated, and none dependent."""
    return INDEPENDENT.search(prose) is not None and DEPENDENT.search(prose) is None


def said_independent(prose: str) -> frozenset[str]:
    """The letters of the sentences that say "independent", up to where they go on to speak of others."""
    named = set[str]()
    for sentence, end in _sentences(prose):
        listed = MATHS.search(sentence[:end]) is not None
        goes_on = GOES_ON.search(sentence, end) if listed else None
        formulas = MATHS.findall(sentence[: goes_on.start() if goes_on is not None else None])
        named |= set(re.findall(r"[a-zA-Z]+", " ".join(f for f in formulas if "=" not in f)))
    return frozenset(named)


def is_of_all(prose: str, free: Iterable[Name], *, several: bool) -> bool:
    """Whether the words that say "independent" name all variables, or one, which is of the only other one.

    Of several X_i that are independent of Y nothing is known among themselves.
    """
    bases, named = {name.base for name in free}, said_independent(prose)
    of = any(OF.match(sentence, end) is not None for sentence, end in _sentences(prose))
    if of and (several or len(bases & named) > 2):
        return False
    if says_of_all(prose):
        return True
    return len(bases) < 2 or bases <= named or (len(bases) == 2 and len(named & bases) == 1 == len(named - MARKS))


def _sentences(prose: str) -> Iterator[tuple[str, int]]:
    """The sentences that say "independent", with where the word ends."""
    for sentence in SENTENCE.split(prose):
        if (word := INDEPENDENT.search(sentence)) is not None:
            yield sentence, word.end()


def said_random(prose: str) -> frozenset[str]:
    """The capitals that words call random variables, or independent."""
    lists = (m["before"] or m["behind"] or m["alone"] for m in SAID_RANDOM.finditer(prose))
    return frozenset(base for text in lists for base in CAPITAL.findall(text))


def stated_moments(prose: str) -> Iterator[tuple[str, str]]:
    """The formulas of "variances σ_X² and σ_Y²", each with `mean`, `variance` or `deviation`."""
    for match in STATED.finditer(prose):
        kind = KINDS[match["kind"][:6].lower()]
        yield from ((kind, source[1:-1].partition("=")[0].strip()) for source in MATHS.findall(match["letters"]))


def centred(prose: str, letters: Iterable[Sym]) -> frozenset[Name]:
    """The variables of which the words say that their mean is 0."""
    lists = [m["before"] or m["behind"] for m in CENTRED.finditer(prose)]
    named = {found for text in lists for found in re.findall(r"\$\\?([a-zA-Z]+)(?:_\{?\w+\}?)?\$", text)}
    return frozenset(name_of(n) for n in letters if n.base in named and not n.accents)


def says_of_all(prose: str) -> bool:
    """Whether words alone, and no letters, call the weights and inputs of a unit independent."""
    said = [sentence for sentence, _ in _sentences(prose)]
    return bool(said) and all(ALL.search(s) is not None for s in said) and not said_independent(prose) - MARKS


def is_strange(prose: str) -> bool:
    """Whether the words say more of variables than is understood here."""
    unnamed = ZERO.search(prose) is not None and CENTRED.search(prose) is None and not says_of_all(prose)
    return STRANGE.search(prose) is not None or unnamed
