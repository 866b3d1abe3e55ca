"""Losses that are never negative, given by a formula that always is: a cross-entropy without its minus.

Whatever a text calls a cross-entropy, a negative log-likelihood of labels or a squared error is no sum of logarithms of
probabilities, and no negative sum of squares. Letters that usually are probabilities or labels lie between 0 and 1,
all others are tried as shares, as positive numbers and as any numbers.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import numpy as np

from derive.notation.definitions import DEFINING
from derive.notation.syntax import Juxt, Node, Sym

from ..context import Context
from ..found import Found, read_as
from ..lines import Line
from ..repair import repair_right_side
from ..results import Verdict
from ..roles import introduction
from ..rules import wrong_sign
from .letters import Atom
from .naming import OTHERS
from .terms import Formula, formula_of
from .values import Unclear, Value

NEVER_NEGATIVE = re.compile(
    r"(?:cross[- ]entropy|negative log[- ]?likelihood|squared[- ]errors?|log(?:istic)?[- ]loss)"
    r"(?: (?:losse?s?|functions?|objectives?|costs?|error))?",
    re.IGNORECASE,
)
FILLING = re.compile(  # what may stand between the name of a loss and its formula
    r"(?:[\s,:]|\b(?:is|are|as|reads?|becomes?|given|by|defined|then|thus|therefore|which|that|we|use|training|minimi[sz]\w*"
    r"|over|all|of|for|the|these|this|an?|one|each|per|examples?|points?|pairs?|triples?|labels?|choices?|samples?"
    r"|batch|mini-?batch|data|training set|observations?|datasets?)\b)*",
    re.IGNORECASE,
)
OF_ANOTHER = re.compile(  # the difference to the cross-entropy, the derivative of the squared error
    r"\b(?:to|from|of|than|between|and|or|minus|with|against|for|in|on|under|without|per|unlike)\s+(?:(?:the|an?|its|this"
    r"|mean|binary|categorical|multi-?label|average|usual)\s+)*$"
    r"|\b(?:bound|exceed|domin|less|great|differen|decreas|increas|chang|gain)\w*\b.*$",
    re.IGNORECASE,
)
LOSS = re.compile(r"[LJECFHR]|ell|l|loss|Loss|cost|NLL|CE|BCE|MSE|SSE|RSS")
TURNED = re.compile(r"\b(?:maximi[sz]|maximum|reward|gain|utility|sign|opposite|ascent|negati)", re.IGNORECASE)
SHARES = re.compile(r"(?:hat |tilde |bar )?(?:y|p|q|pi|P|t)(?![a-z])")
RANGES = ((0.05, 0.95), (0.3, 2.6), (-2.0, 2.0))
MULTI_LABEL = re.compile(r"multi-?label", re.IGNORECASE)  # a variant of a formula, with the same sign
TRIALS, SIZE, FEWEST = 6, 3, 6


def sign_found(line: Line, context: Context) -> Found | None:
    """The conflict of a loss that is called one that is never negative and always is; None if there is none."""
    if line.right is None or line.link or line.operator not in DEFINING or not _is_loss(line):
        return None
    try:
        written = formula_of(line.right)
        values = list(_values(written, written))
    except Unclear:
        return None
    if len(values) < FEWEST or not all(v < 0 for v, _ in values):
        return None

    def turned(edited: Node) -> int | None:
        try:
            pairs = list(_values(written, formula_of(edited)))
        except Unclear:
            return None
        return 0 if len(pairs) == len(values) and all(np.isclose(a, -b, rtol=1e-9) for a, b in pairs) else None

    mended = repair_right_side(line, context, turned, rules=(wrong_sign.RULE,))
    if mended is None:
        return None
    rule, suggestion = mended
    because = "it is negative for all values that its letters may have, and the words before it name what never is"
    return Found(
        verdict=Verdict.CONFLICT,
        because=because,
        reading=read_as(line, context),
        rule=rule.code,
        suggestion=suggestion,
    )


def _is_loss(line: Line) -> bool:
    """Whether the left side is a letter of losses, and the words that lead to it name one that is never negative."""
    left = line.left.items[0] if isinstance(line.left, Juxt) else line.left
    if not isinstance(left, Sym) or LOSS.fullmatch(left.base) is None or left.sup is not None or left.primes:
        return False
    sentence = introduction(line.formula)
    named = list(NEVER_NEGATIVE.finditer(sentence))
    after = line.formula.after.split(".")[0]
    if not named or FILLING.fullmatch(sentence[named[-1].end() :]) is None:
        return False
    if OF_ANOTHER.search(sentence[: named[-1].start()]):
        return False
    said = MULTI_LABEL.sub(" ", NEVER_NEGATIVE.sub(" ", sentence))
    return OTHERS.search(said) is None and TURNED.search(f"{said} {after}") is None


def _values(first: Formula, second: Formula) -> Iterator[tuple[Value, Value]]:
    """What two formulas of the same letters are where both have a value."""
    for k, trial in ((k, trial) for k in range(len(RANGES)) for trial in range(TRIALS)):

        def value_of(atom: Atom, at: tuple[int, ...], k: int = k, trial: int = trial) -> Value:
            if atom.core in first.limits:
                return float(SIZE)
            drawn = random.Random(f"{atom.name}|{at}|{k}|{trial}")
            return drawn.uniform(*RANGES[0 if SHARES.match(atom.core) else k])

        found = first.at(value_of, SIZE), second.at(value_of, SIZE)
        if all(np.ndim(v) == 0 and np.isreal(v) and np.isfinite(v) for v in found):
            yield found
