r"""What is found of a log-likelihood, or of what it is greatest at, where a text states the distribution of its data.

The logarithm of the likelihood is written out as a definition before the claim, which is then read as one that states
it again, or as one that follows from it. What differs by terms without the parameters may leave out constants.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from functools import partial

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Fn, Group, Juxt, Neg, Sym

from ..context import Context
from ..documents.document import Document
from ..found import WRONG, Found
from ..lines import Line
from ..logarithms import LOOSE, NEGATIVE
from ..results import Verdict
from ..roles import introduction
from .anew import Judge, fresh_name, read_anew
from .densities import density_found
from .laws import Law, index_of, law_before
from .parametric import parametric_found

LIKELIHOOD = re.compile(r"\blikelihood\b|\bMLE\b", re.IGNORECASE)
LOGARITHM = re.compile(r"\blog[- ]?likelihood\b", re.IGNORECASE)
SOUGHT = re.compile(r"\bmaximum\b|\bmaximi[sz]|\bMLE\b|\bestimat", re.IGNORECASE)
OTHERWISE = re.compile(
    r"\bpenali|\bregulari|\bposterior|\bprior\b|\bMAP\b|\bunbiased|\bpartial likelihood|\bmarginal", re.IGNORECASE
)
HIDDEN = re.compile(  # what a data point depends on besides, so that its likelihood is another one
    r"\bmixture|\blatent|\bcensor|\btruncat|\bhierarch|\b(?:mixed|random)[- ]effect|\bautoregress|\bmissing data",
    re.IGNORECASE,
)
OF_MEAN = re.compile(r"\b(?:of|for) the (?:unknown |population |true )?mean\b", re.IGNORECASE)  # a parameter
AGAIN = "Equivalently,"
TRUE = (Verdict.PROVED, Verdict.HOLDS)


def by_laws(line: Line, document: Document, context: Context, judged: Judge, by_all: Judge) -> Found | None:
    """What the distributions that a text states say of a likelihood, or of a claim about a density; None if nothing."""
    found = likelihood_found(line, document, context, judged)
    found = found or density_found(line, document, context, by_all)
    return found or parametric_found(line, document, context, by_all)


def likelihood_found(line: Line, document: Document, context: Context, judged: Judge) -> Found | None:
    """What is found of a log-likelihood by the distribution of the data; None if that is not stated, or it stays open.

    Args:
        line: the claim.
        document: that it stands in.
        context: what the document says.
        judged: what judges a line of a document that is read anew.
    """
    sentence = introduction(line.formula)
    doubts = LOOSE.search(OF_MEAN.sub("", sentence)) or OTHERWISE.search(sentence)
    if LIKELIHOOD.search(sentence) is None or doubts:
        return None
    logged = _logged(line)
    if logged is None and not _may_define(line):
        return None
    if HIDDEN.search(context.dictionary.prose):
        return None
    in_logs = logged is not None or LOGARITHM.search(sentence) is not None
    law, runs = law_before(line, context.lines), _run_of(line, "sum") or (None if in_logs else _run_of(line, "prod"))
    if law is not None and not in_logs and (runs is None or runs[2] == "sum"):
        runs = _multiplied_out(line, law) or runs
    if law is None or runs is None or law.index not in ("", runs[0]) or not _runs_over_data(line, law, runs):
        return None
    sought = SOUGHT.search(sentence) is not None and _parameter(line, law) is not None
    if not sought and not in_logs and runs[2] == "sum":
        return None
    judge = _greatest if sought else _stated_again
    sign = logged if logged is not None else "-" if NEGATIVE.search(sentence) else ""
    trial = Trial(line=line, document=document, judged=judged, law=law, named=logged is None, logged=runs[2] == "sum")
    densities = (density.replace("#", runs[0]) for density in law.densities)
    logs = (rf"{sign}{runs[1]} \log\left({d}\right)" if trial.logged else rf"{runs[1]} {d}" for d in densities)
    found = [judge(trial, log) for log in logs]
    told = next((f for f in found if f is not None and _is_true(f)), None)
    wrong = told is None and all(f is not None and f.verdict in WRONG for f in found)
    told = min((f for f in found if f is not None), key=_correction_length) if wrong else told
    if wrong and law.formula is not None and told is not None and told.suggestion is None:
        return None  # the formula of the density may be meant in another way
    gives = "is not" if wrong else "is"
    because = f"it {gives} what the distribution of {law.outcome.replace('#', runs[0])} gives, which the text states"
    return None if told is None else replace(told, because=because)


def _correction_length(found: Found) -> int:
    """How long its correction is, to tell the nearest of several; those without one come last."""
    return sys.maxsize if found.suggestion is None else len(found.suggestion.latex)


def _logged(line: Line) -> str | None:
    """The sign before the logarithm of a probability that a left side is: − log p(y | X); None for other left sides."""
    turned = isinstance(line.left, Neg)
    node = line.left.body if isinstance(line.left, Neg) else line.left
    of = node.argument if isinstance(node, Fn) and node.name in ("log", "ln") else None
    of = of.body if isinstance(of, Group) and of.sup is None else of  # ln(L) is ln L
    if not isinstance(of, Juxt | Sym) or line.right is None or line.link or line.operator not in DEFINING:
        return None
    return "-" if turned else ""


def _may_define(line: Line) -> bool:
    """Whether a line says what a name, or a function of parameters, is."""
    head = line.left.items[0] if isinstance(line.left, Juxt) else line.left
    return line.right is not None and line.operator in DEFINING and not line.link and isinstance(head, Sym)


def _parameter(line: Line, law: Law) -> str | None:
    """The parameter of a law that a left side is, with or without marks: λ of λ̂ and λ_{ML}."""
    base = line.left.base if isinstance(line.left, Sym) else ""
    return next((letter for letter in law.letters if letter.lstrip("\\") == base), None)


def _run_of(line: Line, sign: str) -> tuple[str, str, str] | None:
    r"""The letter over which the first sum or product of a line runs, \sum_{i=1}^n as it stands there, and its sign."""
    for big in (n for n in walk(line.right or line.left) if isinstance(n, Big) and n.op == sign):
        bound = binder(big.below)
        if bound is not None and big.above is not None:
            return bound[0], line.formula.latex[big.span[0] : big.body.span[0]], sign
    return None


def _multiplied_out(line: Line, law: Law) -> tuple[str, str, str] | None:
    r"""The product over a list of data that is multiplied out in a line, p^{\sum_i x_i} (1 - p)^{n - \sum_i x_i}."""
    sums = [n for n in walk(line.right or line.left) if isinstance(n, Big)]
    bound = [b[0] for n in sums if n.op == "sum" and (b := binder(n.below)) is not None and isinstance(n.body, Sym)]
    if not law.count or len(bound) != len(sums) or len(set(bound)) != 1:
        return None
    return bound[0], rf"\prod_{{{bound[0]} = 1}}^{{{law.count}}} ", "prod"


def _runs_over_data(line: Line, law: Law, runs: tuple[str, str, str]) -> bool:
    """Whether a sum runs over all of a list of data, and nothing else of a data point stands below it: no y_i."""
    if not law.count:
        return True
    own = {word for name in (law.outcome.partition("_")[0], *law.letters) for word in re.findall("[A-Za-z]+", name)}
    syms = (n for n in walk(line.right or line.left) if isinstance(n, Sym) and index_of(n) == runs[0])
    ends = re.search(r"\^(?:\{\s*(\w+)\s*\}|(\w))\s*$", runs[1])
    return ends is not None and law.count in ends.groups() and all(n.base in own for n in syms)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A claim that is read anew, with something defined right before it.

    Attributes:
        line: the claim.
        document: that it stands in.
        judged: what judges a line of a document that is read anew.
        law: the distribution of the data.
        named: whether the left side is a name, to which a formula can be given.
        logged: whether it is about the logarithm of the likelihood.
    """

    line: Line
    document: Document
    judged: Judge
    law: Law
    named: bool = True
    logged: bool = True

    def found(self, definition: str, claim: str, words: str = AGAIN, *, mends: bool = False) -> Found | None:
        """What is found of the first relation of a formula behind a definition and some words."""
        formula = self.line.formula
        before = (f for f in self.document.formulas if f.offset < formula.offset and f is not self.law.formula)
        last = replace(formula, latex=claim, before=words, after="")
        formulas = (*before, replace(formula, latex=definition), last)
        return read_anew(formulas, None, self.document, self.judged, mends=mends)


def _stated_again(trial: Trial, log: str) -> Found | None:
    """What is found of a log-likelihood below its definition by the density; None if constants may be left out."""
    line = trial.line
    assert line.right is not None
    left, right = (line.formula.latex[slice(*side.span)] for side in (line.left, line.right))
    name = left if trial.named else fresh_name(trial.document)
    if name is None:
        return None
    found = partial(trial.found, f"{name} = {log}")
    direct = found(line.formula.latex if trial.named else f"{name} = {right}", mends=True)
    if direct is None or direct.verdict not in WRONG:
        return direct
    if direct.suggestion is not None and not trial.named:  # it stands elsewhere in the document
        direct = replace(direct, suggestion=replace(direct.suggestion, span=None))
    given = [letter for letter in trial.law.letters if _stands_in(letter, left.partition("(")[2])]  # the θ of ℓ(θ)
    slopes = (rf"\frac{{\partial}}{{\partial {by}}}" for by in given or trial.law.letters)
    of = r"\left(#\right)" if trial.logged else r"\log\left(#\right)"
    a, b = of.replace("#", right), of.replace("#", log)
    shifted = (_is_true(found(f"{d}{a} = {d}{b}")) for d in slopes)
    constant = all(shifted) if given else any(shifted)
    return None if constant or _is_true(found(rf"{name} = -\left({right}\right)")) else direct


def _greatest(trial: Trial, log: str) -> Found | None:
    """What is found of the parameter at which a likelihood is said to be greatest, behind the likelihood."""
    formula = trial.line.formula
    name = fresh_name(trial.document)
    if name is None:
        return None
    words = f"Setting the derivative of ${name}$ to zero,"
    return trial.found(f"{name}({_parameter(trial.line, trial.law)}) = {log}", formula.latex, words, mends=True)


def _stands_in(letter: str, latex: str) -> bool:
    """Whether a letter stands in LaTeX, and is no part of a longer name."""
    return re.search(rf"(?<![A-Za-z\\]){re.escape(letter)}(?![A-Za-z])", latex) is not None


def _is_true(found: Found | None) -> bool:
    return found is not None and found.verdict in TRUE
