"""What would be true in the place of a false inequality: its sign turned, an exponent moved, or one edit of a side."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from derive.model import ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.parser import ReadError
from derive.notation.runs import walk
from derive.notation.syntax import Chain, Num, Sym

from ..context import Context
from ..lines import Line
from ..repair import repair
from ..results import Suggestion, Verdict
from ..rules.edit import Rule
from ..rules.turned_inequality import RULE as TURNED
from ..rules.wrong_exponent import RULE as EXPONENT

FLIPPED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
SIGNS = {"<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}
Proved = Callable[[Line], bool]
Mended = tuple[Rule, Suggestion] | None


def mended(line: Line, context: Context, proved: Proved) -> Mended:
    """The rule and the correction; None if nothing of the kind is proved.

    Args:
        line: what is false.
        context: what the text says.
        proved: whether an edited line certainly holds.
    """
    found = turned(line, proved) or _exponent_moved(line, context, proved)
    return found or repair(line, context, lambda e: Verdict.PROVED if proved(e) else Verdict.UNDECIDED)


def turned(line: Line, proved: Proved) -> Mended:
    """The relation with its sign turned, if that is proved."""
    assert line.right is not None
    if line.carried is not None or not _safely(proved, dataclasses.replace(line, operator=FLIPPED[line.operator])):
        return None
    start, end, source = line.left.span[1], line.right.span[0], line.formula.latex
    sign = f" {SIGNS[FLIPPED[line.operator]]} "
    latex = source[line.span[0] : start].rstrip() + sign + source[end : line.span[1]]
    edit = f"{source[start:end].strip()} → {sign.strip()}"
    return TURNED, _suggestion(line, latex, edit, (start, end), sign)


def _exponent_moved(line: Line, context: Context, proved: Proved) -> Mended:
    """The relation with an exponent of one side put on a letter of the other, if that is proved."""
    source = line.formula.latex
    for changed in _moves(line) if line.carried is None else ():
        edited = _edited(line, changed, context)
        if edited is not None and edited.right is not None and _safely(proved, edited):
            latex = changed[edited.left.span[0] : edited.right.span[1]]
            span = line.left.span[0], line.right.span[1] if line.right else line.span[1]
            edit = f"{source[slice(*span)]} → {latex}"
            return EXPONENT, _suggestion(line, latex, edit, span, latex)
    return None


def _moves(line: Line) -> Iterator[str]:
    assert line.right is not None
    source = line.formula.latex
    for here, there in ((line.left, line.right), (line.right, line.left)):
        raised = [n for n in walk(here) if isinstance(n, Sym) and isinstance(n.sup, Num)]
        for sym in raised:
            assert sym.sup is not None
            start = source.rfind("^", sym.span[0], sym.sup.span[1])
            end = max(sym.sup.span[1], start + 1)
            end += source[end : end + 1] == "}" and source[start + 1 : start + 2] == "{"
            power = source[start:end]
            for other in (n for n in walk(there) if isinstance(n, Sym) and n.sup is None and n.span[1] > n.span[0]):
                first, second = sorted(((start, end, ""), (other.span[1], other.span[1], power)))
                yield (source[: first[0]] + first[2] + source[first[1] : second[0]] + second[2] + source[second[1] :])


def _edited(line: Line, source: str, context: Context) -> Line | None:
    """The line in another source, if that is but one relation."""
    try:
        nodes = context.lines.wording.read(source)
    except ReadError:
        return None
    if len(nodes) != 1 or not isinstance(nodes[0], Chain) or len(nodes[0].operands) != 2:
        return None
    left, right = nodes[0].operands
    formula = dataclasses.replace(line.formula, latex=source)
    return dataclasses.replace(line, formula=formula, left=left, right=right, span=nodes[0].span)


def _safely(proved: Proved, line: Line) -> bool:
    try:
        return proved(line)
    except (Unreadable, ModelError, ValueError):
        return False


def _suggestion(line: Line, latex: str, edit: str, where: tuple[int, int], text: str) -> Suggestion:
    span = None if line.formula.origins else (line.formula.offset + where[0], line.formula.offset + where[1])
    return Suggestion(latex=latex, edit=edit, verdict=Verdict.PROVED, span=span, text=text)
