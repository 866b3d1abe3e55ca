r"""What a text defines without an equation: an objective that stands alone, `\bar{x}`, "the mean of the data"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.calculus.indices import free_indices
from derive.notation.definitions import Stated, stated
from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.elaborate import Reader
from derive.notation.names_in_notes import take_apart
from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Fraction, Juxt, Node, Num, Sym

from .documents.document import Formula
from .lines import Line, Lines
from .roles import OBJECTIVE, introduction

MEANS = re.compile(r"\b(?:means?|averages?)\b", re.IGNORECASE)
WEIGHED = re.compile(
    r"\b(?:weighted|weighed|moving|running|geometric|harmonic|trimmed|true|population)\b", re.IGNORECASE
)
NAMELESS = "objective_"
BARS = frozenset({"bar", "overline"})
STOP = re.compile(r"[.;:!?](?:\s|\Z)|\n\s*\n")


def objectives(lines: Lines) -> Iterator[tuple[int, Stated]]:
    """Displays that the text calls an objective and gives no name."""
    for line in lines.lines:
        if line.right is not None or not line.formula.display or not OBJECTIVE.search(introduction(line.formula)):
            continue
        reader = Reader(lines.dictionary)
        try:
            expr = reader.read(line.left)
        except (Unreadable, ValueError, RecursionError):
            continue
        if reader.opened or free_indices(expr):
            continue
        whole, samples = bool(reader.samples), frozenset(reader.samples)
        name, doubts = f"{NAMELESS}{line.number}", tuple(dict.fromkeys(reader.doubts))
        yield line.number, Stated(name=name, expr=expr, whole=whole, samples=samples, doubts=doubts)


def said_means(lines: Lines) -> Iterator[tuple[int, Stated]]:
    """The lines that name a letter with a bar within a sentence on means, and what the letter then is.

    It is x̄ = (1/N) Σ_{n=1}^N x_n, where all x of the text have one index n, over which it sums from 1 to N.
    """
    nodes = [n for top, _ in lines.nodes for n in walk(top)]
    sums = {index: total for total in nodes if isinstance(total, Big) for index in _from_one(total)}
    for line in lines.lines:
        sym = mean_named(line)
        if sym is None:
            continue
        points = [n for n in nodes if isinstance(n, Sym) and n.base == sym.base and not n.accents and n.sub is not None]
        indices = {p.sub.base if isinstance(p.sub, Sym) else "" for p in points}
        point, total = next((p for p in points if p.sup is None), None), sums.get(next(iter(indices), ""))
        if point is None or total is None or len(indices) > 1:
            continue
        if (found := _mean(sym, point, total, lines.dictionary)) is not None:
            yield line.number, found


def mean_named(line: Line) -> Sym | None:
    """The letter with a bar that a line consists of, if its sentence says that it is a mean."""
    sym = line.left
    if line.right is not None or not isinstance(sym, Sym) or not _is_barred(sym):
        return None
    said = _sentence(line.formula)
    return sym if MEANS.search(said) is not None and WEIGHED.search(said) is None else None


def _is_barred(sym: Sym) -> bool:
    return len(sym.accents) == 1 and sym.accents[0] in BARS and sym.sub is None and sym.sup is None and not sym.primes


def _sentence(formula: Formula) -> str:
    """The words around a formula, up to where its sentence begins and ends."""
    return STOP.split(formula.before)[-1] + " " + STOP.split(formula.after)[0]


def _from_one(total: Big) -> Iterator[str]:
    """The index of a sum from 1 to N."""
    below = total.below
    if total.op != "sum" or total.above is None or not isinstance(below, Chain):
        return
    first, last = below.operands[0], below.operands[-1]
    if isinstance(first, Sym) and isinstance(last, Num) and last.text == "1":
        yield first.base


def _mean(barred: Sym, point: Sym, total: Big, dictionary: Dictionary) -> Stated | None:
    r"""\bar{x} = \frac{1}{N} \sum_{n=1}^N x_n, if the text does not define it otherwise."""
    if take_apart(barred, dictionary.survey.letters).plain in dictionary.survey.defined:
        return None
    span = total.span
    assert total.above is not None
    share = Fraction(above=Num(text="1", span=span), below=total.above, span=span)
    right: Node = Juxt(
        items=(share, Big(op="sum", below=total.below, above=total.above, body=point, span=span)), span=span
    )
    try:
        return stated(barred, right, dictionary)
    except (Unreadable, ValueError):
        return None
