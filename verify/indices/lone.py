r"""b_i in y = a(Σ_j w_j x_j + b_i): an index that stands once in its section, below a letter that has none.

And β(N, c_k) = p(stop | c_l): an index that stands once, below a letter that has another on the left side.
"""

from __future__ import annotations

import re

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Big, Node, Prose, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict
from .foreignstep import is_said
from .primedsums import bound_letter, in_scripts

LETTERS = frozenset("ijklmn")


def lone_index(line: Line, context: Context) -> Found | None:
    """The conflict of a definition with an index that nothing else speaks of, where one of its letters has another."""
    if line.right is None or line.link or line.carried is not None or line.operator not in DEFINING:
        return None
    right = [n for n in walk(line.right) if isinstance(n, Sym)]
    strange = [n for n in right if isinstance(n.sub, Sym) and n.sub.base in LETTERS and _is_plain(n.sub)]
    strange = [n for n in strange if isinstance(n.sub, Sym) and not _is_elsewhere(n.sub, line, context)]
    if len(strange) != 1 or any(isinstance(n, Prose) for n in walk(line.right)) or any(of_words(line)):
        return None
    (sym,) = strange
    assert isinstance(sym.sub, Sym)
    index, name = sym.sub.base, line.formula.latex[sym.span[0] : sym.sub.span[0]].rstrip("_{ ")
    because = f"nothing says what {index} is: it stands below {name} alone"
    other = _on_left(sym, line)
    if other is not None and not any(n.base == other.base for n in right) and not _is_likeness(line, other, index):
        message = f"the index {index} should be {other.base}"
        return conflict(line, message, f"{because}, which has {other.base} on the left", {sym.sub.span: other.base})
    sums = any(isinstance(n, Big) and bound_letter(n) is not None for n in walk(line.right))
    if sums and not any(True for _ in in_scripts(line.left)) and _is_named_bare(sym, line, context):
        return conflict(
            line, f"{name} has no index", f"{because}, which the text names without one", _without(sym, name)
        )
    return None


def _is_likeness(line: Line, other: Sym, index: str) -> bool:
    """Whether the left side stands on the right with the one index for the other: p(x_i) = p(x_j), of any two."""
    assert line.right is not None
    latex, (start, end) = line.formula.latex, line.left.span
    left = latex[start : other.span[0]] + index + latex[other.span[1] : end]
    return _bare(left) in _bare(latex[slice(*line.right.span)])


def _bare(latex: str) -> str:
    return re.sub(r"[{}\s]", "", latex)


def _is_plain(index: Sym) -> bool:
    return index.sub is None and index.sup is None and not index.primes and not index.accents


def _is_elsewhere(index: Sym, line: Line, context: Context) -> bool:
    """Whether an index stands anywhere in its section but at this one place."""
    nodes = (n for root in _section(line, context) for n in walk(root) if isinstance(n, Sym) and n.base == index.base)
    return sum(1 for _ in nodes) != 1 or is_said(index.base, line)


def _section(line: Line, context: Context) -> list[Node]:
    return [root for root, formula in context.lines.nodes if formula.headings == line.formula.headings]


def _on_left(sym: Sym, line: Line) -> Sym | None:
    """The one index that a letter has on the left side."""
    alike = [n for n in walk(line.left) if isinstance(n, Sym) and (n.base, n.accents) == (sym.base, sym.accents)]
    subs = [n.sub for n in alike if isinstance(n.sub, Sym) and _is_plain(n.sub)]
    return subs[0] if len(subs) == 1 == len(alike) else None


def _is_named_bare(sym: Sym, line: Line, context: Context) -> bool:
    """Whether the text names a letter by itself, and never with an index but here."""
    roots = _section(line, context)
    alike = (n for root in roots for n in walk(root) if isinstance(n, Sym) and n.base == sym.base)
    indexed = sum(n.sub is not None for n in alike)
    named = any(isinstance(root, Sym) and root.base == sym.base and root.sub is None for root in roots)
    return named and indexed == 1


def _without(sym: Sym, name: str) -> dict[tuple[int, int], str]:
    return {sym.span: name} if sym.sup is None else {}
