r"""Distributions that a text gives in words, or by the head of a density, as relations: X \sim Poisson(λ)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from derive.chances.events import NotAProbability, conditioned, label, listed, unbraced
from derive.chances.families import FAMILIES
from derive.chances.standing import family_of
from derive.notation.parser import ReadError, parse
from derive.notation.runs import join_letters, walk
from derive.notation.syntax import Chain, Group, Juxt, Listing, Node, Span, Sym

HEADS = {  # the word of a text, and a head that the table of families knows
    "poisson": "Poisson",
    "bernoulli": "Bernoulli",
    "binomial": "Binomial",
    "geometric": "Geometric",
    "exponential": "Exponential",
    "normal": "Normal",
    "gaussian": "Normal",
    "gamma": "Gamma",
    "beta": "Beta",
    "laplace": "Laplace",
    "uniform": "Uniform",
}
FAMILY = rf"(?P<family>{'|'.join(HEADS)})(?:ly)?"
OTHERWISE = r"(?!negative|truncated|standard|multivariate|inverse|log-?|not\b)"
VARIABLE = r"\$(?P<variable>[^$]{1,12})\$"
PARAMETERS = r"(?P<parameters>(?:[a-z ,]{0,30}\$[^$]{1,20}\$){1,2})"
DISTRIBUTED = (
    rf"(?:follows?|has|have|with|is|be|are|obeys)(?: said)?(?: to)?(?: have)? (?:an? |the )?{OTHERWISE}{FAMILY}"
    r"(?:[- ](?:distribut\w+|random variables?|variables?|r\.v\.))*"
)
GIVEN = r" (?:on|over|between|with|of)(?: the)?(?: interval| parameters?| rate| shape| mean)?"
SENTENCES = (
    re.compile(rf"{VARIABLE},?(?: that| which)?(?: \w+)? {DISTRIBUTED}{GIVEN}{PARAMETERS}", re.IGNORECASE),
    re.compile(rf"random variable {VARIABLE} {DISTRIBUTED}{GIVEN}{PARAMETERS}", re.IGNORECASE),
)
MATHS = re.compile(r"\$([^$]+)\$")
PARAMETRISATIONS = {  # the word of a row's name that another row of its distribution has not
    "rate": re.compile(r"\brates?\b|\binverse scale\b", re.IGNORECASE),
    "scale": re.compile(r"(?<!inverse )\bscale\b", re.IGNORECASE),
    "mean": re.compile(r"\bby its mean\b|\bwith mean\b|\bmean parameter\b", re.IGNORECASE),
}


def laws_in_words(text: str) -> Iterator[tuple[Chain, int]]:
    """X ∼ law for each variable whose distribution is said in words, and where in the text."""
    for match in (m for sentence in SENTENCES for m in sentence.finditer(text)):
        parameters = tuple(p for source in MATHS.findall(match["parameters"]) for p in _parts(source))
        head = HEADS[match["family"].lower()]
        for variable in _parts(match["variable"]):
            if isinstance(variable, Sym) and family_of(head, len(parameters)) is not None:
                yield _law(variable, head, parameters), match.start()


def laws_of_densities(root: Node) -> Iterator[Chain]:
    """m ∼ Bin(N, μ) for each density that is written by its name: Bin(m | N, μ)."""
    for node in walk(root):
        yield from _headed(node)


def _headed(node: Node) -> Iterator[Chain]:
    """The law of m from Bin(m | N, μ)."""
    for head, group in pairwise(node.items) if isinstance(node, Juxt) else ():
        if not isinstance(head, Sym) or not isinstance(group, Group) or len(head.base) < 3:
            continue
        try:
            outcome, parameters = conditioned(group.body)
            name = label(head)
        except NotAProbability:
            continue
        if len(outcome) == 1 and isinstance(outcome[0], Sym) and parameters and family_of(name, len(parameters)):
            yield _law(outcome[0], name, parameters)


def _parts(source: str) -> Iterator[Node]:
    """The letters of a formula in words; the ends of an interval."""
    try:
        nodes = parse(source)
    except ReadError:
        return
    for node in map(join_letters, nodes):
        inner = unbraced(node)
        yield from listed(inner.body if isinstance(inner, Group) and inner.opening in ("[", "(") else inner)


def _law(variable: Sym, head: str, parameters: tuple[Node, ...]) -> Chain:
    span: Span = variable.span
    body = parameters[0] if len(parameters) == 1 else Listing(separator=",", items=parameters, span=span)
    group = Group(opening="(", body=body, closing=")", span=span)
    law = Juxt(items=(Sym(base=head, span=span), group), span=span)
    return Chain(operands=(variable, law), operators=("~",), span=span)


def meant_by_words(name: str, others: Iterable[str], text: str) -> bool:
    """Whether a text may mean the parametrisation with this name, where there are others."""
    said = {word for word, pattern in PARAMETRISATIONS.items() if pattern.search(text)}
    told = {word for word in said if any(word in other.split() for other in (name, *others))}
    return len(told) != 1 or told <= set(name.split())


assert all(any(head in f.heads for f in FAMILIES) for head in HEADS.values())
