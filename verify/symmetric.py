"""Symmetric matrices: ∇ x^T A x = 2 A x holds where A is symmetric, which a text says or takes for granted."""

from __future__ import annotations

import re
from dataclasses import replace

from sympy import Expr

from derive.analysis.symmetric import prove_values
from derive.model import Model
from derive.notation.dictionary import Dictionary
from derive.notation.names_in_notes import take_apart
from derive.notation.parser import ReadError, parse
from derive.notation.runs import walk
from derive.notation.syntax import Chain, Sym
from derive.prove import Proof, carried_out
from derive.quantities import Domain, Quantity
from derive.vocabulary import Partial

WORDS = r"(?:symmetric|covariance|positive[- ](?:semi-?)?definite|Gram|Hessian|diagonal(?: \w+)? matri(?:x|ces))"
NORMAL = re.compile(r"\b(?:Gauss\w*|normal(?:ly)? distribut\w*|multivariate normal|covarian\w*)\b|mathcal\s*\{?\s*N\b")
COVARIANCE = re.compile(r"mathcal\s*\{?\s*N\s*\}?\s*(?:\\left)?\([^()$]{1,60},([^(),$]{1,30}?)(?:\\right)?\)")
SAYS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{WORDS}\b(?:(?!\band\b|\n\s*\n)[^.$,]){{0,40}}\$([^$]{{1,40}})\$",
        rf"\$([^$]{{1,40}})\$[^.$]{{0,40}}\b{WORDS}\b(?!\s+(?:matri(?:x|ces)\s+)?\$)",
    )
)

DENIED = re.compile(r"\b(?:not|non|never|without|neither|nor|no)\b|n['’]t\b", re.IGNORECASE)
MATRICES = r"matri(?:x|ces) (\$[^$]{1,30}\$(?:(?:, | and |, and )\$[^$]{1,30}\$)*)"
GENERAL = (
    re.compile(rf"\b(?:invertible|square|any|general|arbitrary|rectangular|non-?singular) (?:\w+ )?{MATRICES}"),
    re.compile(rf"\b{MATRICES},? (?:which |that )?(?:(?:need|is|are|may) )?not (?:necessarily |be )*symmetric"),
    re.compile(
        r"(\$[^$]{1,30}\$) (?:be|is|denotes?) (?:an? |any |some )?(?:real )?(?:invertible|square|general|arbitrary)"
        r" matri(?:x|ces)\b(?![^.]*\bis symmetric)"
    ),
    re.compile(rf"\b{MATRICES} of (?:fitting|compatible|suitable|appropriate|matching|conforming)"),
)
LETTER = re.compile(r"\$\\?(?:(?:mathbf|boldsymbol|bm)\{)?\\?([A-Za-z]+)\}?")


def said_general(prose: str) -> frozenset[str]:
    """The letters of matrices that a text calls invertible, square or of fitting sizes, and nothing else."""
    lists = (m[1] for says in GENERAL for m in says.finditer(prose))
    return frozenset(m[1] for listed in lists for m in LETTER.finditer(listed))


def _is_denied(said: re.Match[str]) -> bool:
    """Whether a text says that something is not so: "not symmetric", with the word right before it or within."""
    return DENIED.search(said.string, max(said.start() - 6, 0), said.end()) is not None


def said_symmetric(dictionary: Dictionary) -> frozenset[str]:
    """The plain names of which the text says in words that they are symmetric, a covariance or positive definite.

    The Σ of a text on normal distributions is a covariance, as is the V of N(0, σ² V).
    """
    found = (m[1] for says in SAYS for m in says.finditer(dictionary.prose) if not _is_denied(m))
    said = frozenset(name for latex in found for name in names_said(latex, dictionary))
    if NORMAL.search(dictionary.prose) is None:
        return said
    written = (m[1] for m in COVARIANCE.finditer(dictionary.prose))
    said |= {name for latex in written for name in _named_within(latex, dictionary)}
    return said | {name for name, named in dictionary.survey.named.items() if named.base == "Sigma"}


def _named_within(latex: str, dictionary: Dictionary) -> frozenset[str]:
    """The names in a formula."""
    survey = dictionary.survey
    try:
        syms = [n for node in parse(latex) for n in walk(node) if isinstance(n, Sym)]
    except ReadError:
        return frozenset()
    return frozenset(survey.name(take_apart(sym, survey.letters)) for sym in syms)


def prove_symmetric(left: Expr, right: Expr, model: Model, names: frozenset[str]) -> Proof | None:
    """A proof that needs the symmetry of square matrices that are given; None if there is none.

    Args:
        left: one side; its derivatives count the entries of a matrix as independent.
        right: the other.
        model: of the text.
        names: of the matrices that may be taken as symmetric.
    """
    at = at_symmetric(model, names)
    if at is None:
        return None
    done = carried_out(left, model), carried_out(right, model)
    return None if any(side.has(Partial) for side in done) else prove_values(*done, at)


def at_symmetric(model: Model, names: frozenset[str] | None = None) -> Model | None:
    """The model with its square matrices, or those named, positive definite; None if there is none."""
    chosen = {q.name for q in model.given if _is_square(q) and (names is None or q.name in names)}
    given = tuple(replace(q, domain=Domain.POSITIVE_DEFINITE) if q.name in chosen else q for q in model.given)
    return replace(model, given=given) if chosen else None


def _is_square(q: Quantity) -> bool:
    ranges = [(i.lower, i.upper) for i in q.axes]
    return len(ranges) == 2 and ranges[0] == ranges[1] and q.domain is Domain.REAL


def names_said(latex: str, dictionary: Dictionary) -> tuple[str, ...]:
    """The name that a formula consists of, or that it says something of."""
    try:
        nodes = parse(latex)
    except ReadError:
        return ()
    first = nodes[0].operands[0] if nodes and isinstance(nodes[0], Chain) else nodes[0] if nodes else None
    return (dictionary.survey.name(take_apart(first, dictionary.survey.letters)),) if isinstance(first, Sym) else ()
