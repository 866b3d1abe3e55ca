"""h_t ~ normal(φ h_t, σ): a variable in the parameters of its own distribution."""

from __future__ import annotations

import dataclasses
import re

from derive.notation.runs import walk
from derive.notation.syntax import Group, Juxt, Listing, Node, Num, Sym

from ...context import Context
from ...lines import Line
from ...rules import swapped_index
from .miss import Miss

NORMAL = re.compile(
    r"\A(?:n|norm|normal|gaussian|bern|bernoulli|poisson|poi|student|student_t|cauchy|gamma|beta|lognormal|laplace"
    r"|categorical|cat|binomial|bin|exponential|multinormal|multi_normal|dirichlet|uniform)\Z",
    re.IGNORECASE,
)
BEFORE = re.compile(r"autoregress|random walk|previous|given the past|markov|time series|lag", re.IGNORECASE)


def own_value(line: Line, context: Context) -> Miss | None:
    """The index of what stands in the parameters is one too large: h_{t−1}, the value before, is meant."""
    left = line.left
    if line.operator not in ("~", "sim") or line.right is None or not isinstance(left, Sym) or not _is_step(left):
        return None
    if not BEFORE.search(f"{line.formula.before[-400:]} {line.formula.after[:200]}"):
        return None
    own = [n for p in _parameters(line.right) for n in walk(p) if isinstance(n, Sym) and _same(n, left)]
    if len(own) != 1 or own[0].sub is None or left.sub is None:
        return None
    source, (start, end) = line.formula.latex, own[0].sub.span
    index = source[slice(*left.sub.span)].strip("{}")
    text = f"{index}-1" if source[start - 1] == "{" else f"{{{index}-1}}"
    shown = source[slice(*own[0].span)]
    return Miss(
        rule=swapped_index.RULE,
        because="a variable stands in the parameters of its own distribution",
        changes=((start, end, text),),
        shown=(shown, source[own[0].span[0] : start] + text + source[end : own[0].span[1]]),
    )


def _is_step(node: Sym) -> bool:
    return isinstance(node.sub, Sym) and node.sub.base in ("t", "n", "k", "i") and node.sup is None


def _same(one: Sym, two: Sym) -> bool:
    return _plain(one) == _plain(two)


def _plain(node: Sym) -> tuple[object, ...]:
    sub = dataclasses.replace(node.sub, span=(0, 0)) if isinstance(node.sub, Sym | Num) else node.sub
    return node.base, node.accents, node.primes, sub, node.sup


def _parameters(node: Node) -> tuple[Node, ...]:
    """The parameters of a named distribution; none where a bar tells its variable from them."""
    items = node.items if isinstance(node, Juxt) else ()
    if len(items) != 2 or not isinstance(items[0], Sym) or not isinstance(items[1], Group):
        return ()
    body = items[1].body
    if not NORMAL.match(items[0].base) or not isinstance(body, Listing) or body.separator != ",":
        return ()
    return body.items
