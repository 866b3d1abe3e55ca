"""What a formula is for, told from the words before it: one table of phrases, read from the last to the first.

`Let z = …` defines, `in matrix notation J = …` says the same again, `hence J = …` claims, `set … to zero` poses an
equation to solve. Of several phrases in one sentence the one closest to the formula counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from .documents.document import Formula


class Role(StrEnum):
    """What the words before a formula announce."""

    DEFINITION = "definition"
    RESTATEMENT = "restatement"  # what stands before, written in another way
    LOGARITHM = "logarithm"  # the logarithm of what stands before
    CLAIM = "claim"
    EQUATION = "equation"  # to be solved, not one that holds
    UPDATE = "update"
    ASSUMPTION = "assumption"
    CHANGE = "change"  # another quantity of the same name: regularised, generalised, approximated


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Words, as a pattern, and what they announce."""

    role: Role
    words: str


_FORM = r"(?:notation|form|terms|language|format|shorthand)"
_AGAIN = (
    r"(?:writ(?:e|es|ten|ing)|express(?:ed|ing)?|stat(?:e|ed)|formulat(?:e|ed)|rephras(?:e|ed)|summari[sz](?:e|ed))"
)
PHRASES: tuple[Phrase, ...] = (
    Phrase(role=Role.DEFINITION, words=r"let(?!['’]s| us| me)|where|denot\w+|call(?:ed)?|introduc\w+"),
    Phrase(role=Role.DEFINITION, words=r"(?:re)?defin\w+|def\.?:|stands? for|consider|given by the formula"),
    Phrase(role=Role.DEFINITION, words=r"for (?:brevity|short|convenience)|abbreviat\w+|as a shorthand"),
    Phrase(
        role=Role.RESTATEMENT, words=rf"(?:in|using|with|to) (?:\w+ )?(?:matrix|vector|index|component)\w*[- ]{_FORM}"
    ),
    Phrase(
        role=Role.RESTATEMENT,
        words=rf"in (?:matrix|vector|index|compact|closed|expanded|explicit|short)\w*(?:[- ]{_FORM})?",
    ),
    Phrase(
        role=Role.RESTATEMENT, words=r"vectori[sz]\w+|equivalent(?:ly)?|in other words|that is to say|i\.e\.|namely"
    ),
    Phrase(
        role=Role.RESTATEMENT, words=r"re-?writ\w+|re-?express\w*|reformulat\w+|rearrang\w+|re-?group\w*|re-?order\w*"
    ),
    Phrase(
        role=Role.RESTATEMENT, words=rf"(?:also|then|thus|now|can|could|may|be|compactly|again|simply) (?:be )?{_AGAIN}"
    ),
    Phrase(role=Role.RESTATEMENT, words=r"(?:written|spelled|multipl(?:ied|ying)|spelling|writing|write it) out"),
    Phrase(
        role=Role.RESTATEMENT,
        words=r"expand(?:s|ed|ing)?(?: \w+)*|simplif\w+|factori[sz]\w+|splitt?(?:s|ing)?|collecting",
    ),
    Phrase(role=Role.RESTATEMENT, words=r"unroll\w*|unfold\w*|iterating|(?:written|expressed) in terms of"),
    Phrase(role=Role.RESTATEMENT, words=r"(?:is|are) (?:the same as|identical to|equal to|nothing but|just)"),
    Phrase(role=Role.RESTATEMENT, words=r"(?:is|are) (?:closely |directly )?related (?:to|by|through)"),
    Phrase(role=Role.RESTATEMENT, words=r"in one (?:formula|line|expression)|complet(?:e|ing) the square|cancel\w*"),
    Phrase(
        role=Role.RESTATEMENT,
        words=r"(?:plugg|substitut|insert)ing[^,.;:]*|(?:plug|substitute|insert)\b[^,.;:]*\binto?",
    ),
    Phrase(
        role=Role.RESTATEMENT,
        words=r"(?:divid|multiply)ing (?:both )?(?:the )?(?:numerators?|enumerator|top|fraction)(?: and (?:the )?\w+)?"
        r"|common denominator",
    ),
    Phrase(
        role=Role.RESTATEMENT,
        words=r"in (?:two|three|four|five|several|\d+) steps|intermediate (?:variables|values|results)",
    ),
    Phrase(
        role=Role.LOGARITHM,
        words=r"(?:tak(?:e|es|en|ing)|apply(?:ing)?) (?:the |its )?(?:natural |negative )?log(?:s|arithms?)?\b",
    ),
    Phrase(role=Role.LOGARITHM, words=r"(?:corresponding|its|following|the) log[- ]?likelihood"),
    Phrase(role=Role.CLAIM, words=r"so|hence|thus|therefore|consequently|it follows|follows that|because|since|then"),
    Phrase(
        role=Role.CLAIM,
        words=r"(?:we|one|you) (?:get|gets|obtain|obtains|have|find|see|arrive|conclude|deduce|know|show)s?",
    ),
    Phrase(
        role=Role.CLAIM, words=r"gives|giving|yields?|yielding|leads? to|results? in|resulting|becomes?|impl(?:y|ies)"
    ),
    Phrase(role=Role.CLAIM, words=r"which (?:is|equals)\W*$"),
    Phrase(role=Role.CLAIM, words=r"law of total \w+|law of iterated \w+|bayes['’]?s? (?:rule|theorem|law)"),
    Phrase(
        role=Role.CLAIM,
        words=r"(?:gradient|derivative|Hessian|Jacobian|partials?|differential|solution|minimum)s? (?:is|are)",
    ),
    Phrase(
        role=Role.EQUATION, words=r"(?:set|sets|setting|put|putting|equat\w+)[^.;]*\b(?:zero|0|equal)|solv\w+|vanish\w*"
    ),
    Phrase(
        role=Role.EQUATION, words=r"such that|subject to|satisf\w+|constrain\w+|s\.\s?t\.|conditions?|require\w*|must"
    ),
    Phrase(role=Role.EQUATION, words=r"optimal when|is zero|equation to|if and only if|exactly when|find"),
    Phrase(role=Role.UPDATE, words=r"updat\w+|gradient (?:de|a)scent|iterat\w+|learning rule|weight change"),
    Phrase(role=Role.ASSUMPTION, words=r"assum\w+|suppos\w+|provided|if|when|unless|whenever|in the case|for the case"),
    Phrase(
        role=Role.CHANGE, words=r"instead|modif\w+|regulari[sz]\w+|penali[sz]\w+|generali[sz]\w+|extend\w*|extension"
    ),
    Phrase(
        role=Role.CHANGE,
        words=r"alternative(?:ly)?|another|different(?!ia)\w*|new|replac\w+|adding|adds?|weighted|variant",
    ),
    Phrase(
        role=Role.CHANGE,
        words=r"approximat\w+|roughly|ignor\w+|drop\w*|neglect\w*|omit\w*|up to|proportional|for multiple",
    ),
    Phrase(
        role=Role.CHANGE,
        words=r"average[ds]?|averaging|normali[sz]\w+|(?<!never )(?<!non-)negative|minus|maximi[sz]\w+|minimi[sz]\w+"
        r"|per example|includ\w+",
    ),
)
OBJECTIVE = re.compile(
    r"\b(?:objective|loss|cost|error|risk|(?:log-?)?likelihood|penalty|criterion|energy)\b", re.IGNORECASE
)
CLAIMING = (Role.CLAIM, Role.RESTATEMENT)  # what follows, and does not give a name its meaning
RESERVATIONS = (Role.CHANGE, Role.EQUATION, Role.ASSUMPTION, Role.DEFINITION, Role.UPDATE)
_PATTERNS = tuple((p.role, re.compile(rf"(?<![\w-])(?:{p.words})(?![\w-])", re.IGNORECASE)) for p in PHRASES)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z$(\\])|(?<=[.!?])\s*\n")
_TAG = re.compile(r"\s*\(\d+(?:\.\d+)*\)\s*")
_EQUALS = re.compile(
    r"\b(?:is|equals|becomes|reads|takes the form|evaluates to)(?: (?:then|therefore|simply|just))?[:,]?$"
)
_IN_A_CASE = re.compile(
    r"\b(?:for|with|when|where|if|under|using|instead|case|and|while|but|linear|(?:an)?other|assum\w*|now|here|in|at"
    r"|up to|approx\w*|proportion\w*|ignor\w*|drop\w*|neglect\w*|omit\w*|without|constant)\b",
    re.IGNORECASE,
)
_SO = re.compile(r"[\s,;:]*(?:and )?(?:so(?: that)?|hence|thus|therefore|consequently|then)[\s,:]*", re.IGNORECASE)
_THAT_IS = re.compile(
    r"[\s,;:]*(?:that is|i\.e\.|which is|which equals|or equivalently"
    r"|(?:(?:is|are|equals?|becomes?|reads?)(?: (?:so|hence|thus|therefore|consequently|then|also))?))[\s,:]*",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(r"\b(?:up to|approx|proportion|ignor|drop|neglect|omit|without|constant)", re.IGNORECASE)
_MEANS = re.compile(  # words for an expected value and for what makes a density integrate to one
    r"\b(?:on average|averag(?:e|es|ing)(?: of| over| out)?\b"
    r"|normali[sz](?:ing|ation) (?:constant|factor|term|integral)s?)"
    r"|\bconstant of normali[sz]ation",
    re.IGNORECASE,
)
_MATHS = re.compile(r"\$[^$]*\$")
_ITEM = re.compile(r"[\s•*\-–,;:.]*(?:\$[^$]*\$[\s•*\-–,;:.]*)+")


def introduction(formula: Formula) -> str:
    """The sentence that leads to a formula, its own formulas left out; for an item of a list what leads to the list."""
    lines = formula.before.strip().split("\n")
    if any(line.rstrip().endswith(":") for line in lines):
        while len(lines) > 1 and _ITEM.fullmatch(lines[-1]):
            lines.pop()
    text = _SENTENCE.split("\n".join(lines).strip())[-1]
    return " ".join(_MATHS.sub(" ", _TAG.sub(" ", text)).split())


def role_of(formula: Formula) -> Role | None:
    """What the words before a formula announce; None if they say nothing."""
    return announced(introduction(formula))


def role_among_chances(formula: Formula) -> Role | None:
    """What the words before a formula about probabilities announce: an average is no other quantity there."""
    return announced(_MEANS.sub(" ", introduction(formula)))


@lru_cache(maxsize=1024)
def announced(sentence: str) -> Role | None:
    """What the last phrase of a sentence announces; None if it has none of the table."""
    found = [(m.end(), -k, role) for k, (role, pattern) in enumerate(_PATTERNS) for m in pattern.finditer(sentence)]
    return max(found)[2] if found else None


def mentions(sentence: str, *roles: Role) -> bool:
    """Whether a sentence has a phrase of one of these kinds anywhere."""
    return any(role in roles and pattern.search(sentence) is not None for role, pattern in _PATTERNS)


def says_the_same(formula: Formula) -> bool:
    """Whether the words before a formula say, without a reservation, that it states again what stands before it."""
    sentence = introduction(formula)
    return mentions(sentence, Role.RESTATEMENT) and not mentions(sentence, *RESERVATIONS)


def follows_from(formula: Formula, earlier: Formula, *, certain: bool) -> bool:
    """Whether a formula is said, without a reservation, to follow from an earlier one that it can only state again.

    Args:
        formula: a second equation for a name.
        earlier: the first one.
        certain: whether the name can mean nothing else, as δ after δ = ∂L/∂z; if not, nothing but a word such as `so`
            may stand between the two formulas and what is said of the first.
    """
    sentence = introduction(formula)
    if goes_on(formula, earlier):
        return _ROUGHLY.search(sentence) is None
    last = _SENTENCE.split(formula.before.strip())[-1]
    if certain and earlier.latex in last and _EQUALS.search(last) and _IN_A_CASE.search(last) is None:
        return not mentions(sentence, *RESERVATIONS)  # "the error δ = ∂C/∂z of the output equals"
    if announced(sentence) is not Role.CLAIM or mentions(sentence, *RESERVATIONS):
        return False
    return certain or (earlier.latex in last and _SO.fullmatch(last.rpartition("$")[2]) is not None)


def goes_on(formula: Formula, earlier: Formula) -> bool:
    """Whether nothing but "that is" stands between two formulas of a sentence."""
    before, _, between = _SENTENCE.split(formula.before.strip())[-1].rpartition("$")
    return before.rstrip().endswith(earlier.latex.strip()) and _THAT_IS.fullmatch(between) is not None
