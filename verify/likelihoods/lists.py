r"""The distribution of a list of data: x_1, …, x_n \sim Poisson(λ), or "i.i.d. samples x_1, …, x_n from N(μ, σ²)"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.chances.events import NotAProbability, label, listed
from derive.chances.families import Family
from derive.chances.standing import families_of
from derive.notation.parser import ReadError, parse
from derive.notation.syntax import Group, Juxt, Sym

LIST = (
    r"\$(?P<letter>\\?[A-Za-z]+)_(?:1|\{1\})\s*,\s*(?:[^$,]{1,20},\s*)?\\[cl]?dots\s*,\s*"
    r"(?P=letter)_\{?(?P<count>[A-Za-z])\}?\s*"
)
SIMILAR = r"\\(?:overset|stackrel)\{[^$]{0,40}?\}\{\\sim\}|\\sim(?:_\{[^$]{0,20}?\})?"
DISTRIBUTION = r"(?P<law>(?:\\[a-z]+\{\\?[A-Za-z]+\}|\\?[A-Za-z]+)\s*(?:\\left)?\([^$]{1,40}\))\$"
LISTED = (
    re.compile(rf"{LIST}(?:{SIMILAR})\s*{DISTRIBUTION}"),
    re.compile(
        rf"{LIST}(?:\\in\s*\\mathbb\s*\{{?[RNZ]\}}?(?:_\+)?)?\$,? (?:[a-z.\-]+,? ){{0,5}}?(?:from|follow|of|by)"
        rf" (?:the |a |an )?(?:[a-z]+ ){{0,2}}\${DISTRIBUTION}"
    ),
)
OF_VECTORS = re.compile(r"\\(?:Sigma|Lambda|mathbf|boldsymbol|bm|vec|top)\b|(?<![A-Za-z\\])[IV](?![A-Za-z])")
BY_SCALE = re.compile(r"\bmean\b|\bscale\b")
UNLIKE = re.compile(r"\bnot\b|\bprior|\bproposal|\bmixture|\bdependent\b")


def laws_of_lists(prose: str) -> Iterator[tuple[str, str, tuple[Family, ...], tuple[str, ...]]]:
    """The letter and length of each list of data, the parametrisations of its distribution, and the parameters.

    Args:
        prose: with the formulas in it.
    """
    for match in (m for pattern in LISTED for m in pattern.finditer(prose)):
        if OF_VECTORS.search(match["law"]) or UNLIKE.search(match[0]):
            continue
        try:
            match parse(match["law"]):
                case (Juxt(items=(Sym() as head, Group(body=body))),):
                    written = [match["law"][slice(*p.span)].strip() for p in listed(body)]
                    name = label(head)
                case _:
                    continue
        except (ReadError, NotAProbability):
            continue
        families = families_of(name, len(written))
        if written[0] == r"\lambda" and BY_SCALE.search(prose) is None:  # the letter of a rate
            families = tuple(f for f in families if "its mean" not in f.name)
        if families:
            yield match["letter"], match["count"], families, tuple(written)
