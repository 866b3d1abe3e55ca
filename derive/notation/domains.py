r"""Where a text says that values lie: `\sigma > 0`, `y \in \{0, 1\}`, `\sum_k p_k = 1`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..model import Model
from ..quantities import Domain
from .names_in_notes import Named, take_apart
from .scope import binder
from .survey import Survey
from .syntax import Big, Chain, Group, Listing, Node, Num, Sym

SIGNS = {">": Domain.POSITIVE, ">=": Domain.NONNEGATIVE}


def with_domains(model: Model, nodes: Iterable[Node], survey: Survey) -> Model:
    """The model with the domains that the formulas of its text state for what is given."""
    stated = stated_domains(nodes, survey)
    given = (
        replace(q, domain=stated[q.name]) if q.name in stated and q.domain is Domain.REAL else q for q in model.given
    )
    return replace(model, given=tuple(given))


def stated_domains(nodes: Iterable[Node], survey: Survey) -> dict[str, Domain]:
    """By plain name the domains that the formulas of a text state."""
    return {survey.name(named): domain for node in nodes for named, domain in _stated(node, survey.letters)}


def _stated(node: Node, letters: frozenset[str]) -> Iterator[tuple[Named, Domain]]:
    if not isinstance(node, Chain) or len(node.operands) != 2:
        return
    (left, right), (operator,) = node.operands, node.operators
    zero = isinstance(right, Num) and not right.text.strip("0.")
    for sym in left.items if isinstance(left, Listing) else (left,):
        if isinstance(sym, Sym) and operator in SIGNS and zero:
            yield take_apart(sym, letters), SIGNS[operator]
        if isinstance(sym, Sym) and operator == "in" and _is_binary(right):
            yield take_apart(sym, letters), Domain.BINARY
    if isinstance(left, Big) and left.op == "sum" and operator == "=" and isinstance(right, Num) and right.text == "1":
        bound, body = binder(left.below), left.body
        if bound is not None and isinstance(body, Sym):
            named = take_apart(body, letters)
            last = named.indices[-1] if named.indices else None
            if isinstance(last, Sym) and last.base == bound[0]:
                yield named, Domain.SIMPLEX


def _is_binary(node: Node) -> bool:
    """Whether a set is {0, 1}."""
    if not isinstance(node, Group) or node.opening != r"\{" or node.sup is not None:
        return False
    items = node.body.items if isinstance(node.body, Listing) else ()
    return sorted(i.text for i in items if isinstance(i, Num)) == ["0", "1"] and len(items) == 2
