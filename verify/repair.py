"""The smallest edit of the author's formula that makes a false equation true."""

from __future__ import annotations

from collections.abc import Iterator

from derive.model import Model
from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.elaborate import Reader
from derive.notation.ellipses import prepared
from derive.notation.parser import ReadError, parse
from derive.notation.syntax import Chain, Node

from .entries import prove_entries
from .lines import Line
from .results import Suggestion, Verdict
from .rules import RULE_ROWS
from .rules.edit import Edit, Rule, Side

MOST_EDITS = 120


def repair(line: Line, dictionary: Dictionary, model: Model) -> tuple[Rule, Suggestion] | None:
    """The first edit, in the order of the rules, after which the equation is proved.

    The right side is edited before the left; only proved edits are suggested.

    Returns: the rule that names the mistake, and the side with the edit made; None if no single edit helps.
    """
    for rule, edit, on_left in _edits(line, dictionary):
        repaired = _reread(line, edit, dictionary, model)
        if repaired is None:
            continue
        left, right, source = repaired
        side = left if on_left else right
        text = source[side.span[0] : side.span[1]]
        message = f"{edit.was} → {edit.should_be}"
        return rule, Suggestion(
            latex=text, edit=message, verdict=Verdict.PROVED, span=_in_document(line, edit), text=edit.text
        )
    return None


def _in_document(line: Line, edit: Edit) -> tuple[int, int] | None:
    return None if line.formula.origins else (line.formula.offset + edit.start, line.formula.offset + edit.end)


def _edits(line: Line, dictionary: Dictionary) -> Iterator[tuple[Rule, Edit, bool]]:
    assert line.right is not None
    count = 0
    for rule in RULE_ROWS:
        for node, other, on_left in ((line.right, line.left, False), (line.left, line.right, True)):
            if on_left and line.carried is not None:
                continue
            side = Side(source=line.formula.latex, node=node, other=other, letters=dictionary.survey.letters)
            for edit in rule.edits(side):
                count += 1
                if count > MOST_EDITS:
                    return
                yield rule, edit, on_left


def _reread(line: Line, edit: Edit, dictionary: Dictionary, model: Model) -> tuple[Node, Node, str] | None:
    """The sides and the source after an edit, if the equation is then proved."""
    source = edit.applied(line.formula.latex)
    found = _same_line(source, line, edit)
    if found is None:
        return None
    left, right = found
    reader = Reader(dictionary)
    try:
        sides = reader.read(left), reader.read(right)
        proved = prove_entries(*sides, model) is not None
    except (Unreadable, ValueError):
        return None
    return (left, right, source) if proved else None


def _same_line(source: str, line: Line, edit: Edit) -> tuple[Node, Node] | None:
    """The sides of the line in the edited source, found by where they begin."""
    assert line.right is not None
    shift = len(edit.text) - (edit.end - edit.start)
    try:
        nodes = [prepared(n) for n in parse(source)]
    except ReadError:
        return None
    for chain in (n for n in nodes if isinstance(n, Chain)):
        for left, right in zip(chain.operands, chain.operands[1:], strict=False):
            begins = {line.right.span[0], line.right.span[0] + shift}
            if right.span[0] in begins:
                return (line.left if line.carried is not None else left), right
    return None
