r"""Normal distributions of vectors, N(μ, Σ), N(μ, σ²I), N(μ, diag(σ²)), N(0, I): densities and divergences.

Templates whose letters stand at entries are summed (or multiplied) with an index that the text itself uses, as in
KL = ½ Σ_j (σ_j² + μ_j² − 1 − log σ_j²).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ..notation.runs import children, walk
from ..notation.scope import binder
from ..notation.syntax import Big, Fn, Fraction, Group, Juxt, Node, Num, Span, Sym
from .events import unbraced

MATRICES = frozenset({"Sigma", "Lambda", "I"})
COUNTS = frozenset({"N", "T", "M"})


class Kind(StrEnum):
    """What the second parameter of a normal distribution says of its covariance."""

    NUMBER = "number"
    FULL = "full"
    SCALED = "scaled"  # v I
    DIAGONAL = "diagonal"
    STANDARD = "standard"  # I


@dataclass(frozen=True, kw_only=True)
class Normal:
    """A normal distribution as written.

    Attributes:
        mean: its mean.
        spread: the covariance; of v I the v, of diag(v) the v.
        kind: what `spread` is.
    """

    mean: Node
    spread: Node
    kind: Kind


DENSITIES = {
    Kind.FULL: r"\exp(-\frac{1}{2} (\dim(x) \log(2 \pi) + \log \det(v) + (x - m)^T v^{-1} (x - m)))",
    Kind.SCALED: r"\exp(-\frac{1}{2} \dim(x) \log(2 \pi v) - \frac{1}{2 v} (x - m)^T (x - m))",
    Kind.STANDARD: r"\exp(-\frac{1}{2} \dim(x) \log(2 \pi) - \frac{1}{2} (x - m)^T (x - m))",
}
CENTRED = {
    Kind.FULL: r"\exp(-\frac{1}{2} (\dim(x) \log(2 \pi) + \log \det(v) + x^T v^{-1} x))",
    Kind.SCALED: r"\exp(-\frac{1}{2} \dim(x) \log(2 \pi v) - \frac{1}{2 v} x^T x)",
    Kind.STANDARD: r"\exp(-\frac{1}{2} \dim(x) \log(2 \pi) - \frac{1}{2} x^T x)",
}
ENTRY = r"\exp(-\frac{1}{2} \log(2 \pi v) - \frac{1}{2 v} (x - m)^2)"
DIVERGENCES = {
    (
        Kind.FULL,
        Kind.FULL,
    ): r"\frac{1}{2} (\log \det(V) - \log \det(v) - \dim(m) + \tr(V^{-1} v) + (M - m)^T V^{-1} (M - m))",
    (Kind.FULL, Kind.STANDARD): r"\frac{1}{2} (-\log \det(v) - \dim(m) + \tr(v) + (M - m)^T (M - m))",
    (Kind.SCALED, Kind.SCALED): (
        r"\frac{1}{2} (\dim(m) \log \frac{V}{v} + \dim(m) \frac{v}{V} - \dim(m) + \frac{1}{V} (M - m)^T (M - m))"
    ),
}
CENTRED_DIVERGENCES = {
    (Kind.FULL, Kind.STANDARD): r"\frac{1}{2} (-\log \det(v) - \dim(m) + \tr(v) + m^T m)",
    (Kind.FULL, Kind.FULL): r"\frac{1}{2} (\log \det(V) - \log \det(v) - \dim(m) + \tr(V^{-1} v) + m^T V^{-1} m)",
}
ENTRY_DIVERGENCE = r"\frac{1}{2} (\log \frac{V}{v} + \frac{v + (m - M)^2}{V} - 1)"


def normal_of(parameters: tuple[Node, ...]) -> Normal | None:
    """What N(m, S) is; None unless it has two parameters."""
    if len(parameters) != 2:
        return None
    mean, spread = (unbraced(p) for p in parameters)
    inner = _inside_diagonal(spread)
    if inner is not None:
        return Normal(mean=mean, spread=inner, kind=Kind.DIAGONAL)
    if _is_identity(spread):
        return Normal(mean=mean, spread=Num(text="1", span=spread.span), kind=Kind.STANDARD)
    if isinstance(spread, Juxt) and _is_identity(spread.items[-1]):
        rest = spread.items[:-1]
        scale = rest[0] if len(rest) == 1 else Juxt(items=rest, span=spread.span)
        return Normal(mean=mean, spread=scale, kind=Kind.SCALED)
    return Normal(mean=mean, spread=spread, kind=Kind.FULL if is_matrix(spread) else Kind.NUMBER)


def is_matrix(node: Node) -> bool:
    """Whether a parameter is written as a matrix is: Σ, or another capital that is no number of points; diag(σ²)."""
    if isinstance(node, Fraction):
        return is_matrix(node.above)
    if isinstance(node, Sym):
        return node.base in MATRICES or (node.base.isupper() and node.base not in COUNTS)
    return _inside_diagonal(node) is not None or any(is_matrix(n) for n in children(node))


def density_of(law: Normal, running: Big | None) -> tuple[str, Big | None] | None:
    """The template of its density, and the sum of the text with whose index it is made entry by entry."""
    if law.kind is Kind.DIAGONAL:
        return (ENTRY, running) if running is not None else None
    table = CENTRED if is_zero(law.mean) else DENSITIES
    return (table[law.kind], None) if law.kind in table else None


def divergence_of(first: Normal, second: Normal, running: Big | None) -> tuple[str, Big | None] | None:
    """The template of KL(first ‖ second), and the sum of the text with whose index it is made entry by entry."""
    kinds = first.kind, second.kind
    table = CENTRED_DIVERGENCES if is_zero(second.mean) else DIVERGENCES
    if kinds in table:
        return table[kinds], None
    entries = (Kind.DIAGONAL, Kind.SCALED, Kind.STANDARD)
    return (ENTRY_DIVERGENCE, running) if running is not None and set(kinds) <= {*entries} else None


def running_index(nodes: Iterable[Node]) -> Big | None:
    """The first sum or product of a claim with a plain letter below it."""
    bigs = (n for node in nodes for n in walk(node) if isinstance(n, Big) and n.op in ("sum", "prod"))
    return next((b for b in bigs if binder(b.below) is not None), None)


def at_entry(node: Node, running: Big) -> Node:
    """A vector at the index of a sum: σ² as σ_j²; numbers and what carries an index stay."""
    bound = binder(running.below)
    assert bound is not None
    index = Sym(base=bound[0], span=node.span)
    if isinstance(node, Sym) and node.sub is None and node.base != "0":
        return dataclasses.replace(node, sub=index)
    if isinstance(node, Sym) and node.base == "0":
        return Num(text="0", span=node.span)
    if isinstance(node, Group) and node.opening in ("(", "{"):
        return dataclasses.replace(node, body=at_entry(node.body, running))
    return node


def repeated(running: Big, body: Node, span: Span, op: str) -> Big:
    """The sum or product over the index of a sum of the text."""
    return dataclasses.replace(running, op=op, body=body, span=span)


def is_zero(node: Node) -> bool:
    """Whether a mean is 0."""
    return (isinstance(node, Num) and node.text == "0") or (isinstance(node, Sym) and node.base == "0")


def _is_identity(node: Node) -> bool:
    return (
        isinstance(node, Sym)
        and node.base in ("I", "1")
        and node.sup is None
        and (node.base == "I" or bool(set(node.fonts) & {"bb", "bold"}))
    )


def _inside_diagonal(node: Node) -> Node | None:
    """The v of diag(v)."""
    if isinstance(node, Fn) and node.name == "diag" and isinstance(node.argument, Group):
        return unbraced(node.argument.body)
    items = node.items if isinstance(node, Juxt) else ()
    if len(items) == 2 and isinstance(items[0], Sym) and items[0].base == "diag" and isinstance(items[1], Group):
        return unbraced(items[1].body)
    return None
