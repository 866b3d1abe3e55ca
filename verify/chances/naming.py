"""The names of what is made of probabilities, and of distributions that a text writes without a bracket."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.chances.events import (
    NotAProbability,
    Variables,
    brackets,
    conditioned,
    family_name,
    label,
    unbraced,
)
from derive.chances.measures import Distribution
from derive.notation.runs import walk
from derive.notation.syntax import Group, Juxt, Listing, Node, Sym

from ..lines import Line

PARTICULAR = re.compile(  # what a text says of p and q besides
    r"\b(?:normal|gauss|bernoulli|binomial|poisson|exponential|uniform|laplace|gamma|beta|symmetr|equal|close|small|near)",
    re.IGNORECASE,
)


def defined(line: Line) -> str | None:
    """The plain name on the left of a line that may define it, with its arguments: L, L(θ), ELBO."""
    if line.link or line.right is None:
        return None
    node = unbraced(line.left)
    items = list(node.items) if isinstance(node, Juxt) else [node]
    try:
        arguments = ""
        if len(items) > 1 and isinstance(bracket := items[-1], Group):
            nodes = [n for half in conditioned(bracket.body) for n in half]
            if not all(isinstance(unbraced(n), Sym) for n in nodes):
                return None
            arguments = f"({','.join(map(label, nodes))})"
            items.pop()
        syms = [n for n in items if isinstance(n, Sym)]
        word = "".join(n.base for n in syms[:-1])
        if len(syms) < len(items) or (word and not (word.isupper() and len(word) == len(syms) - 1)):
            return None
        name = word + label(syms[-1])
    except NotAProbability:
        return None
    return (
        None
        if name in _MEASURES or (arguments and name.partition("_")[0] in ("p", "q", "P", "Q"))
        else name + arguments
    )


_MEASURES = frozenset({"p", "q", "P", "Q", "E", "H", "I", "Var", "Cov", "KL", "V", "D_KL", "Pr"})


def bare_distributions(nodes: tuple[Node, ...], variables: Variables, text: str) -> Iterator[tuple[str, Distribution]]:
    """The bracket that each distribution has, if it is always the same one, or a first one without condition."""
    seen: dict[str, set[Distribution]] = {}
    for head, group in brackets(nodes):
        try:
            events, given = conditioned(group.body)
            found = Distribution(
                family=family_name(head, group), events=variables.events(events), given=variables.events(given)
            )
        except NotAProbability:
            continue
        seen.setdefault(found.family, set()).add(found)
    for family, several in seen.items():
        if len(several) == 1:
            yield family, next(iter(several))
    if not seen and PARTICULAR.search(text) is None:
        yield from _over_anything(nodes, variables)


def _over_anything(nodes: tuple[Node, ...], variables: Variables) -> Iterator[tuple[str, Distribution]]:
    """The p and q of D_{KL}(p ‖ q), in a text that never says of what they are distributions."""
    outcome = variables.events((Sym(base="x", span=(0, 0)),))
    for pair in (n for root in nodes for n in walk(root) if isinstance(n, Listing) and n.separator == "||"):
        names = [label(item) for item in pair.items if isinstance(item, Sym) and item.base in "pqPQ"]
        if len(names) == len(pair.items):
            yield from ((name, Distribution(family=name, events=outcome)) for name in names)
