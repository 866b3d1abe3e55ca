"""P(y = 1 | x) = p and P(y = 1 | x) = 1 − p: the probabilities of an event and of its complement, named alike."""

from __future__ import annotations

import re

from derive.notation.definitions import DEFINING
from derive.notation.runs import unplaced
from derive.notation.syntax import Bin, Group, Node, Num, Span

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict

EVENT = re.compile(r"=\s*(?P<value>[-+]?[01])\s*(?=\\mid|\\vert|\\right|\||,|;|\)|\])")
COMMENTS = re.compile(r"<!--.*?-->", re.DOTALL)
HEAD = re.compile(r"(?:\\(?:mathrm|mathbb|operatorname|text)\{?)?(?:P|p|Pr)(?![a-z])")
BLANKS = re.compile(r"\s+|\\[,;:! ]|\\(?:left|right|bigg?|Bigg?)(?![a-zA-Z])")
JOINING = re.compile(  # after which a text goes on with the same probabilities, not with those of another model
    r"(?:[^a-z]|\b(?:an?|also|accordingly|and|be|by|class|complement\w*|consequently|event|follows|gives|have|hence"
    r"|implies|is|it|label|likewise|negative|of|one|or|other|otherwise|outcome|positive|probability|q?quad|remaining"
    r"|respectively|similarly|so|text|that|the|then|therefore|thus|to|we|which|while|whereas|with|zero)\b)*",
    re.IGNORECASE,
)
OTHERS = {"1": ("0", "-1"), "0": ("1",), "-1": ("1", "+1"), "+1": ("-1",)}


def named_twice(line: Line, context: Context) -> Found | None:
    """The conflict of the probability of an event with that of its complement, both given for the event."""
    before = _given(line)
    if before is None or any(of_words(line)):
        return None
    assert line.right is not None
    for other in context.lines.lines:
        alike = other.number < line.number and other.formula.headings == line.formula.headings
        if not alike or other.right is None or _given(other) != before or not _goes_on(other, line, context):
            continue
        if unplaced(_complement(line.right)) == unplaced(_inside(other.right)):
            left = line.formula.latex[slice(*line.left.span)]
            message = f"{left} is given twice, once as what remains of 1: here its complement is meant"
            return conflict(line, message, message, _mended(line, context))
    return None


def _goes_on(other: Line, line: Line, context: Context) -> bool:
    """Whether nothing but joining words stands between two lines."""
    if other.formula is line.formula:
        between = line.formula.latex[other.span[1] : line.span[0]]
        return JOINING.fullmatch(between) is not None
    between = context.lines.prose[other.formula.offset + len(other.formula.latex) : line.formula.offset]
    return JOINING.fullmatch(COMMENTS.sub(" ", between)) is not None


def _given(line: Line) -> str | None:
    """The probability of one value that a line gives, as it is written; None if it gives none."""
    if line.right is None or line.link or line.carried is not None or line.operator not in DEFINING:
        return None
    left = BLANKS.sub("", line.formula.latex[slice(*line.left.span)])
    return left if HEAD.match(left) and len(EVENT.findall(left)) == 1 else None


def _complement(node: Node) -> Node:
    """The p of 1 − p; what is no such difference stays."""
    node = _inside(node)
    match node:
        case Bin(op="-", left=Num(text="1"), right=rest):
            return _inside(rest)
    return Num(text="", span=node.span)


def _inside(node: Node) -> Node:
    """What stands in brackets, without them."""
    while isinstance(node, Group) and node.sup is None and node.sub is None and node.opening in ("(", "[", "{"):
        node = node.body
    return node


def _mended(line: Line, context: Context) -> dict[Span, str]:
    """Where the left side has the value, and the other value that the text has; nothing if it has none or several."""
    start, end = line.left.span
    event = EVENT.search(line.formula.latex, start, end)
    if event is None:
        return {}
    written = {e["value"] for n in context.lines.lines for e in EVENT.finditer(n.formula.latex)}
    others = [v for v in OTHERS[event["value"]] if v in written] or list(OTHERS[event["value"]][:1])
    return {event.span("value"): others[0]}
