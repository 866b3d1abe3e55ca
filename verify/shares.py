"""Vectors whose entries sum to one: the text says so in a formula, calls them one-hot, or uses them as targets.

Only so is ∂L/∂z = p − y the gradient of a cross entropy −Σ_k y_k log p_k behind a softmax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sympy import Expr, Indexed, Mul, Pow, Product, Sum, log

from derive.calculus.indices import free_indices
from derive.model import Model
from derive.notation.definitions import Stated
from derive.notation.dictionary import Dictionary
from derive.notation.domains import stated_domains
from derive.notation.labels import is_one_hot
from derive.notation.syntax import Node
from derive.quantities import Domain, Quantity
from derive.vocabulary import indices_of, name_of

from .symmetric import names_said

NEXT = r"(?:(?!\band\b)[^.$,]){0,40}"
WORDS = r"\b(?:one[- ]hot(?:[- ]encoded)?|probability vectors?)\b"
SAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (rf"{WORDS}{NEXT}\$([^$]{{1,30}})\$", rf"\$([^$]{{1,30}})\${NEXT}{WORDS}(?!{NEXT}\$)")
)

SUMS = r"\b(?:sum(?:s|ming)?|adds?(?: up)?|adding(?: up)?)(?: up)? to (?:one|unity|1\b|\$1\$)"
MIXING = (
    r"\b(?:(?:mixing|mixture) (?:proportions?|coefficients?|weights?|probabilit(?:y|ies))|(?<!sample )proportions)\b"
)
LISTED = r"\$([^$]{1,30}?(?:dots|_\{?[a-z]\b)[^$]{0,30}?)\$"  # all of them: p_1, …, p_K, or p_k
SAYS_OF_ALL = (
    re.compile(rf"{MIXING} {LISTED}", re.IGNORECASE),
    re.compile(
        rf"{LISTED}(?:(?!\b(?:not|columns?|rows?|over|until|unless|if|without)\b)[^.$]){{0,60}}{SUMS}", re.IGNORECASE
    ),
)
WEIGHS = re.compile(r"(?:p|q|r|w|a|pi|alpha|lambda|gamma|omega|rho|theta|tau|phi|beta)(?:hat|bar|tilde|star)?\Z")
UNTOLD = "numbers speak against it, but not where {} sums to one, of which the text says nothing"


def said_to_sum_to_one(nodes: Iterable[Node], dictionary: Dictionary) -> frozenset[str]:
    """The plain names of which the text says that their entries sum to one."""
    stated = stated_domains(nodes, dictionary.survey)
    words = (name for says in SAYS for m in says.finditer(dictionary.prose) for name in names_said(m[1], dictionary))
    rank = dictionary.survey.rank
    labels = (name for name in rank if is_one_hot(name))
    listed = (
        name for says in SAYS_OF_ALL for m in says.finditer(dictionary.prose) for name in _listed(m[1], dictionary)
    )
    of_all = (name for name in listed if rank.get(name) == 1)
    return frozenset((*words, *of_all, *labels, *(name for name, domain in stated.items() if domain is Domain.SIMPLEX)))


def states_its_shares(own: Iterable[Node], others: Iterable[Node], dictionary: Dictionary) -> bool:
    """Whether a formula, Σ_k p_k = 1, is all from which it is known that the entries of p sum to one."""
    stated = {n for n, domain in stated_domains(own, dictionary.survey).items() if domain is Domain.SIMPLEX}
    return bool(stated - dictionary.formulas.keys()) and not stated & said_to_sum_to_one(others, dictionary)


def _listed(latex: str, dictionary: Dictionary) -> tuple[str, ...]:
    r"""The name in p_k, in w_i \ge 0, and in p_1, …, p_K."""
    return names_said(re.split(r",|\\g(?:eq?|t)\b|>|\\in\b", latex)[0], dictionary)


def with_shares(model: Model, names: frozenset[str]) -> Model:
    """The model with those of the names that are given and have entries as shares of one."""
    chosen = {q.name for q in model.given if q.name in names and _may_be_shares(q)}
    if not chosen:
        return model
    given = tuple(replace(q, domain=Domain.SIMPLEX) if q.name in chosen else q for q in model.given)
    return replace(model, given=given)


def labelled(model: Model, defined: Iterable[Stated]) -> Model:
    """The model where what weighs logarithms sums to one: y of Σ_k y_k log p_k and Π_k p_k^{y_k}, usually labels.

    Args:
        model: in which a claim is judged.
        defined: all that the text defines. What it gives a sum of its own, N = Σ_k n_k, are counts.
    """
    weights = {name for d in model.definitions for name in _weights(d.expr)}
    sums = (d.expr.function for d in defined if isinstance(d.expr, Sum))
    return with_shares(model, frozenset(weights - {name_of(e) for e in sums if isinstance(e, Indexed)}))


def perhaps_shares(model: Model) -> tuple[Model, str]:
    """The model where what weighs as a rule sums to one, p_k, w_i and π_k, and the names of what does.

    Σ_k p_k (1 − p_k) = 1 − Σ_k p_k² is true of the shares of classes, whether or not the text says what they are.
    """
    names = sorted(q.name for q in model.given if _may_be_shares(q) and WEIGHS.match(q.name))
    return with_shares(model, frozenset(names)), " and ".join(names)


def _weights(expr: Expr) -> Iterator[str]:
    for over in expr.atoms(Sum, Product):
        term, bound = over.function, {limit[0] for limit in over.limits}
        factors = Mul.make_args(term) if isinstance(over, Sum) else ()
        inside = {i for f in factors if isinstance(f, log) for i in free_indices(f)}
        powers = isinstance(over, Product) and isinstance(term, Pow) and isinstance(term.base, Indexed)
        for weight in factors if inside else (term.exp,) if powers else ():
            last = indices_of(weight)[-1] if isinstance(weight, Indexed) else None
            if last in bound and (powers or last in inside):
                yield name_of(weight)


def _may_be_shares(q: Quantity) -> bool:
    return bool(q.axes) and q.domain is Domain.REAL
