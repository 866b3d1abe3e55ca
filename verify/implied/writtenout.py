r"""dX written out as a derivative of a cost, ∂J/∂X, in formulas that write it in short."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from derive.notation.names_in_notes import is_transpose
from derive.notation.parser import parse
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Chain, Fraction, Juxt, Node, Num, Span, Sym

from ..context import Context
from ..descent import is_alike
from ..documents.document import Document, Formula
from ..freedifferentials import is_differential
from ..lines import Line

ONE_FONT = re.compile(r"\\(mathbf|boldsymbol|bm)\{d([A-Z])\}")
BY_ENTRIES = r"\odot "
COSTS = ("J", "L", "E", "C")
COUNTS = frozenset("mnNBM")


@dataclass(frozen=True, kw_only=True)
class Adjoint:
    """A dX as it stands: of which letter, where, and whether it is turned."""

    of: Sym
    span: Span
    turned: bool


def apart(line: Line) -> Line:
    r"""A line in which `\mathbf{dX}` is written as d and a bold X."""
    latex = ONE_FONT.sub(r"d\\\1{\2}", line.formula.latex)
    if latex == line.formula.latex:
        return line
    match parse(latex):
        case [Chain(operands=(left, right), operators=("=",)) as whole]:
            return replace(line, formula=replace(line.formula, latex=latex), left=left, right=right, span=whole.span)
    return line


def cost_of(context: Context) -> str | None:
    """A usual name of a cost of which the text gives no formula."""
    given = {n.left.base for n in context.lines.lines if n.right is not None and isinstance(n.left, Sym)}
    return next((name for name in COSTS if name not in given), None)


def adjoints_in(node: Node) -> Iterator[Adjoint]:
    """The dX of a side: two letters side by side."""
    for part in walk(node):
        items = part.items if isinstance(part, Juxt) else ()
        for sign, of in pairwise(items):
            if isinstance(of, Sym) and is_differential(sign, of):
                yield Adjoint(of=of, span=(sign.span[0], of.span[1]), turned=is_transpose(of.sup))


def is_whole(left: Node, adjoint: Adjoint) -> bool:
    """Whether a side is such a derivative and nothing else."""
    return left.span == adjoint.span


def is_made_of(result: Sym, of: Sym, context: Context) -> bool:
    """Whether the text computes one letter, whatever its layer, from another: the Z of Z = W A + b from A."""
    for other in context.lines.lines:
        same = isinstance(other.left, Sym) and is_alike(other.left, result)
        if same and other.right is not None and any(isinstance(n, Sym) and is_alike(n, of) for n in walk(other.right)):
            return not any(True for _ in adjoints_in(other.right))
    return False


def slope_of(adjoint: Adjoint, cost: str, line: Line) -> str:
    """The derivative in LaTeX, turned if it is."""
    sym, source = adjoint.of, line.formula.latex
    turned = adjoint.turned and sym.sup is not None
    end = source.rindex("^", sym.span[0], sym.sup.span[0]) if turned and sym.sup is not None else sym.span[1]
    slope = rf"\frac{{\partial {cost}}}{{\partial {source[sym.span[0] : end]}}}"
    return rf"\left({slope}\right)^\top" if adjoint.turned else slope


def _plain(line: Line) -> Iterator[tuple[Span, str]]:
    """What is written in another way besides: 1/m is left out, and ∗ is ⊙."""
    assert line.right is not None
    first = line.right.items[0] if isinstance(line.right, Juxt) else None
    match first:
        case Fraction(above=Num(text="1"), below=Sym(base=base, sub=None)) if base in COUNTS:
            yield first.span, ""
    for node in (n for n in walk(line.right) if isinstance(n, Bin) and n.op in ("*", "ast")):
        between = line.formula.latex[node.left.span[1] : node.right.span[0]]
        if "*" in between:
            at = node.left.span[1] + between.index("*")
            yield (at, at + 1), BY_ENTRIES


def rewritten(line: Line, texts: Mapping[Span, str]) -> str:
    """A relation with other texts at some places."""
    start, end = line.span
    source, written, done = line.formula.latex, "", start
    for (low, high), text in sorted(texts.items()):
        written += source[done:low] + text
        done = high
    return written + source[done:end]


def texts_of(line: Line, cost: str) -> dict[Span, str]:
    """What is written in another way, and how."""
    every = (a for side in (line.left, line.right) if side is not None for a in adjoints_in(side))
    return {a.span: slope_of(a, cost, line) for a in every} | dict(_plain(line))


def written_out(line: Line, document: Document, context: Context, cost: str) -> Iterator[Formula]:
    """The formulas before a line, with their derivatives written out; what only names one is left out."""
    for formula in (f for f in document.formulas if f.offset < line.formula.offset):
        if not any(True for node, f in context.lines.nodes if f is formula for _ in adjoints_in(node)):
            yield formula
            continue
        lines = [n for n in context.lines.lines if n.formula is formula]
        if len(lines) == 1 and lines[0].right is not None and lines[0].operator == "=":
            other = apart(lines[0])
            yield replace(formula, latex=rewritten(other, texts_of(other, cost)))
