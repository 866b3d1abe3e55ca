r"""Σ_{i=0}^N x_i of x_1, …, x_N: a sum that begins before the first of the things that the text lists."""

from __future__ import annotations

import re

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Big, Node, Num, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict
from .primedsums import bound_letter, in_scripts, lower_limit


def beyond_range(line: Line, context: Context) -> Found | None:
    """The conflict of a sum from 0 to N over letters that are listed as x_1, …, x_N, and have nothing at 0."""
    if line.right is None or line.carried is not None or line.operator not in DEFINING or any(of_words(line)):
        return None
    for big in (n for n in walk(line.right) if isinstance(n, Big) and n.op in ("sum", "prod")):
        letter, top = bound_letter(big), big.above
        lower = lower_limit(big)
        if letter is None or not isinstance(top, Sym) or not isinstance(lower, Num) or lower.text != "0":
            continue
        over = [n for n in walk(big.body) if isinstance(n, Sym) and n.sub is not None]
        own = [n for n in over if isinstance(n.sub, Sym) and n.sub.base == letter.base]
        if not own or len(own) < len(over) or any(n.base == letter.base for n in _free(big.body)):
            continue
        if all(_is_listed(n, letter.base, top.base, line, context) for n in own):
            name = line.formula.latex[slice(*own[0].span)]
            message = f"the sum begins at {letter.base} = 0, and what it runs over at 1"
            because = f"{message}: the text lists {name} from 1 to {top.base}"
            return conflict(line, message, because, {lower.span: "1"})
    return None


def _free(node: Node) -> list[Sym]:
    """The letters that stand in no script."""
    scripts = {id(n) for n in in_scripts(node)}
    return [n for n in walk(node) if isinstance(n, Sym) and id(n) not in scripts]


def _is_listed(sym: Sym, index: str, top: str, line: Line, context: Context) -> bool:
    r"""Whether the text lists x_1, …, x_N, or says i = 1, …, N, before, and has not written x_0."""
    name = re.escape(sym.base) if len(sym.base) == 1 else rf"\\{sym.base}"
    name += r"\}*"
    dots = r",(?:[^$;]{1,9},)?\\?(?:[lcd]?dots\w*|\.\.\.),"
    listed, counted = rf"{name}_\{{?1\}}?{dots}[^$;]{{0,9}}{name}_\{{?{top}\b", rf"\b{index}=1{dots}{top}\b"
    told = rf"{listed}|{counted}|\}}_\{{{index}=1\}}\^\{{?{top}\b"
    others = (f.latex for _, f in context.lines.nodes if f.offset < line.formula.offset)
    text = re.sub(r"\s", "", " ; ".join(others))
    return re.search(told, text) is not None and re.search(rf"{name}_\{{?0(?!\d)|\b{index}=0", text) is None
