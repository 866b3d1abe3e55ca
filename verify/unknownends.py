r"""Sums to a letter that stands nowhere else: Σ_{i=1}^m ν_i h_i, where the text has h_i for i = 1, …, p.

A letter that the text has in another place, or words of a part (the first terms, a batch), leave it open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Chain, Dots, Group, Listing, Node, Num, Sym

from .context import Context
from .documents.document import Formula
from .lines import Line
from .textranges import COUNTED, Beyond, Letter, below, listed, plain

NEAR = 24  # characters between what a range is said of and the range: "h_i(x) = 0 for i = 1, …, p"
PART = re.compile(
    r"\b(?:first|part\w*|truncat\w*|approximat\w*|subset\w*|\w*batch\w*|some|several|few\w*|terms?|Monte|random\w*"
    r"|estimat\w*|otherwise|another|new|kept|keep\w*|retain\w*|top|largest|smallest|rank|low\w*|reduc\w+|components?"
    r"|principal|eigen\w*|singular|bas[ie]s|expan\w+|series|nearest|neighbou?rs?|held)\b",
    re.IGNORECASE,
)
USUAL = frozenset(
    {"k", "r", "q", "s", "t", "T", "L"}
)  # how many are kept, and layers or steps, are often not introduced


def to_nowhere(line: Line, context: Context) -> Iterator[Beyond]:
    """The upper limits of sums and products of a relation that stand nowhere else, where the text has another one."""
    if line.right is None or line.carried is not None:
        return
    bigs = [b for side in (line.left, line.right) for b in walk(side) if isinstance(b, Big) and b.op in COUNTED]
    if not bigs or PART.search(_sentence(line.formula)):
        return
    here = [(n, f) for n, f in context.lines.nodes if f.headings == line.formula.headings]
    for big in bigs:
        bound, above = binder(big.below), plain(big.above)
        if bound is None or above is None or above in USUAL or not _is_one(bound[1]) or _times(above, context) != 1:
            continue
        summed = below(big.body, bound[0])
        ends = {end: letter[0] for letter, end in _ends(here, bound[0]) if letter in summed}
        if len(ends) == 1 and isinstance(big.above, Sym) and not ends.keys() & {above, "infty"}:
            ((own, name),) = ends.items()
            message = f"the {big.op} runs to {above}, of which the text says nothing else, and {name} runs to {own}"
            yield Beyond(message=message, span=big.above.span, text=own)


def _sentence(formula: Formula) -> str:
    """The words of the sentence that a formula stands in."""
    before = re.split(r"\.\s|\n\n", formula.before.rstrip())[-1]
    return before + " " + re.split(r"\.\s|\n\n", formula.after.lstrip())[0]


def _times(letter: str, context: Context) -> int:
    return sum(isinstance(n, Sym) and n.base == letter for root, _ in context.lines.nodes for n in walk(root))


def _ends(here: list[tuple[Node, Formula]], index: str) -> Iterator[tuple[Letter, str]]:
    """Where letters end that the text lists, or gives with an index and its range."""
    for root, _ in here:
        yield from listed(root)
    ranges = [(formula, end) for root, formula in here for node in walk(root) if (end := _range(node, index))]
    for formula, end in ranges:
        for root, other in here:
            gap = formula.offset - other.offset - len(other.latex)
            if other is formula or -1 <= gap <= NEAR:
                yield from ((letter, end) for letter in below(root, index))


def _range(node: Node, index: str) -> str | None:
    """The p of i = 1, …, p and of i ∈ {1, …, p}; None of anything else."""
    if not isinstance(node, Chain) or plain(node.operands[0]) != index or node.operators not in (("=",), ("in",)):
        return None
    items = node.operands[1].body if isinstance(node.operands[1], Group) else node.operands[1]
    if (
        not isinstance(items, Listing)
        or not any(isinstance(i, Dots) for i in items.items)
        or not _is_one(items.items[0])
    ):
        return None
    return plain(items.items[-1])


def _is_one(node: Node | None) -> bool:
    return isinstance(node, Num) and node.text == "1"
