r"""One level of the bracket tree made ready for parsing: compound operators folded, bars paired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .brackets import Bracket, Item, hull
from .syntax import Span
from .tokens import ReadError, Token

_BARS = frozenset({"bar", "double_bar", "middle_bar"})
OPERATORS = frozenset({"add", "mul", "relation", "logic", "junction"})
_FOLDED = frozenset({"stack", "arrow", "align", "quad", "row", "relation", "comma", "splice", "fence"})
# What cannot begin an operand, and what cannot end one.
NOT_STARTS = OPERATORS | {"comma", "semicolon", "separator", "sub", "sup", "prime", "factorial", "evaluate", "period"}
NOT_STARTS |= {"infix", "row", "align", "quad", "close_bar"}
NOT_ENDS = OPERATORS | {"comma", "semicolon", "separator", "sub", "sup", "infix", "row", "align", "quad", "function"}
NOT_ENDS |= {"big", "accent", "font", "switch", "fraction", "binom", "sqrt", "derivative", "stack", "arrow", "note"}
NOT_ENDS |= {"operator_name", "substack", "open_bar", "differential", "splice", "fence"}
_ARGUMENT_TAKERS = NOT_ENDS - OPERATORS - {"comma", "semicolon", "separator", "row", "align", "quad"}
_DEFINING = frozenset({"triangle", "Delta", "def"})


def ends_operand(item: Item | None) -> bool:
    """Whether an operand can end with this item."""
    return item is not None and item.kind not in NOT_ENDS


def starts_operand(item: Item | None) -> bool:
    """Whether an operand can begin with this item."""
    return item is not None and item.kind not in NOT_STARTS


def fold(items: list[Item], *, keep_breaks: bool, separators: bool) -> list[Item]:
    r"""Fold `\overset{…}{=}` and `{=}` into one relation, drop scripts on relations and alignment.

    Args:
        items: one level.
        keep_breaks: keep `\\`, `&` and `\quad`, which split statements.
        separators: a comma between digits in groups of three belongs to the number (`1,000`).
    """
    if not any(item.kind in _FOLDED or (isinstance(item, Bracket) and _transparent(item)) for item in items):
        return items
    out: list[Item] = []
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        if item.kind in ("align", "quad", "row"):
            if keep_breaks:
                _append_break(item, out)
        elif item.kind in ("splice", "fence"):
            continue  # without braces after it, it changes nothing
        elif item.kind == "stack" and (folded := _stacked(items, position)) is not None:
            out.append(folded[0])
            position = folded[1]
        elif item.kind == "arrow":
            position = _arrow(item, items, position, out)
        elif item.kind == "relation" and item.text == "=" and (colon := _colon(out)) is not None:
            del out[-colon:]
            out.append(Token("relation", ":=", item.span))
        elif item.kind == "relation" and out and position < len(items) and items[position].kind in ("sub", "sup"):
            out.append(item)
            while position + 1 < len(items) and items[position].kind in ("sub", "sup"):
                position += 2
        elif item.kind == "comma" and separators and _groups_digits(items, position - 1):
            out.append(Token("digit", ",", item.span))
        elif isinstance(item, Bracket) and _bare_operator(item) and not _takes_argument(out):
            out.extend(item.items)
        elif isinstance(item, Bracket) and (lone := _lone_operator(item)) and not _takes_argument(out):
            thousands = lone.kind == "comma" and _groups_digits(items, position - 1)
            out.append(Token("digit" if thousands else lone.kind, lone.text, item.span))
        else:
            out.append(item)
    return out


def _append_break(item: Item, out: list[Item]) -> None:
    r"""Append a break; of `&` and `\quad` in a row one is left, `\quad` if there is one."""
    last = out[-1].kind if out else ""
    if item.kind == "row" or last not in ("align", "quad"):
        out.append(item)
    elif last == "align":
        out[-1] = item


def _colon(out: list[Item]) -> int | None:
    """How many items back a colon stands before an `=` (`: &=`), with only alignment between them."""
    for back, item in enumerate(reversed(out[-3:]), start=1):
        if item.kind == "relation" and item.text == ":":
            return back
        if item.kind not in ("align", "quad"):
            return None
    return None


def pair_bars(items: list[Item]) -> list[Item]:
    """Resolve bare bars: paired ones become brackets, `f|_{x=0}` an evaluation, the others separators.

    `||` is tried as a norm first, then as two bars.

    Raises:
        ReadError: for a bar that opens and never closes.
    """
    if not any(item.kind in _BARS for item in items):
        return items
    try:
        return _pair(_merge_double(items))
    except ReadError:
        return _pair(items)


def _lone_operator(item: Item) -> Item | None:
    """The operator of an invisible group that holds nothing else: `{=}`, `{+}`, `{,}`."""
    if not isinstance(item, Bracket) or item.opening != "{" or len(item.items) != 1:
        return None
    inner = item.items[0]
    return inner if inner.kind in OPERATORS or inner.kind in ("comma", "semicolon", "period") else None


def _bare_operator(item: Bracket) -> bool:
    r"""Whether an invisible group holds a function or big operator without its body: `{\sum_i} a_i`."""
    if item.opening != "{" or not item.items or item.items[0].kind not in ("big", "function"):
        return False
    rest = item.items[1:]
    marks = all(part.kind in ("sub", "sup") for part in rest[::2])
    return len(rest) % 2 == 0 and len(rest) <= 4 and marks


def _transparent(item: Bracket) -> bool:
    return _lone_operator(item) is not None or _bare_operator(item)


def _takes_argument(out: list[Item]) -> bool:
    return bool(out) and out[-1].kind in _ARGUMENT_TAKERS


def _stacked(items: list[Item], position: int) -> tuple[Token, int] | None:
    r"""The relation under or over an annotation, and where its arguments end: `\stackrel{\text{def}}{=}`."""
    if position + 1 >= len(items):
        return None
    note, base = items[position], items[position + 1]
    inner = base.items if isinstance(base, Bracket) and base.opening == "{" else [base]
    if len(inner) != 1 or inner[0].kind not in OPERATORS:
        return None
    notes = note.items if isinstance(note, Bracket) else [note]
    words = "".join(part.text for part in notes).strip().strip(".")
    defines = inner[0].text == "=" and words in _DEFINING
    span = hull(items[position - 1].span, note.span, base.span)
    return Token(inner[0].kind, ":=" if defines else inner[0].text, span), position + 2


def _arrow(item: Item, items: list[Item], position: int, out: list[Item]) -> int:
    """An extensible arrow with its labels dropped."""
    span = item.span
    for opening in ("[", "{"):
        label = items[position] if position < len(items) else None
        if isinstance(label, Bracket) and label.opening == opening:
            span = hull(span, label.span)
            position += 1
    out.append(Token("relation", item.text, span))
    return position


def _groups_digits(items: list[Item], position: int) -> bool:
    """Whether the comma at `position` stands between one to three digits and exactly three."""

    def run(start: int, step: int) -> int:
        length = 0
        while 0 <= start < len(items) and items[start].kind == "digit" and length < 5:
            length, start = length + 1, start + step
        return length

    before, after = run(position - 1, -1), run(position + 1, 1)
    touching = after > 0 and items[position].span[1] == items[position + 1].span[0]
    leading_zero = before > 0 and items[position - before].text == "0"
    return 1 <= before <= 3 and after == 3 and touching and not leading_zero


def _merge_double(items: list[Item]) -> list[Item]:
    out: list[Item] = []
    for item in items:
        last = out[-1] if out else None
        touching = last is not None and last.kind == "bar" and last.text == "|" and last.span[1] == item.span[0]
        if touching and item.kind == "bar" and item.text == "|" and last is not None:
            out[-1] = Token("double_bar", "\\|", hull(last.span, item.span))
        else:
            out.append(item)
    return out


class _Open:
    """A bar that waits for its partner: its kind and text, and what stands before it."""

    def __init__(self, key: str, span: Span, before: list[Item]) -> None:
        self.key, self.span, self.before = key, span, before


def _pair(items: Sequence[Item]) -> list[Item]:
    out: list[Item] = []
    waiting: list[_Open] = []
    left = Counter(item.text for item in items if item.kind in _BARS)
    for position, item in enumerate(items):
        if item.kind not in _BARS:
            out.append(item)
            continue
        after = items[position + 1] if position + 1 < len(items) else None
        previous = out[-1] if out else None
        alone = len(out) == 1 and out[0].kind in OPERATORS
        if alone and (waiting[-1].key == _key(item) if waiting else item.kind == "middle_bar"):
            previous = Token("symbol", previous.text, previous.span) if previous else None  # ‖·‖, (+ \mid D)
        action = _role(
            item, previous, after, [entry.key for entry in waiting], left[item.text] if item.kind != "middle_bar" else 2
        )
        left[item.text] -= 1
        if action == "close":
            entry = waiting.pop()
            body, out = out, entry.before
            out.append(Bracket("bracket", item.text, item.text, body, hull(entry.span, item.span)))
        elif action == "open":
            if len(waiting) >= 20:
                raise ReadError("bars nested too deep", item.span[0])
            waiting.append(_Open(_key(item), item.span, out))
            out = []
        elif action == "evaluate":
            out.append(Token("evaluate", item.text, item.span))
        else:
            out.append(Token("separator", {"\\|": "||"}.get(item.text, item.text), item.span))
    if waiting:
        raise ReadError("unbalanced bar", waiting[-1].span[0])
    return out


def _key(item: Item) -> str:
    return ("middle" if item.kind == "middle_bar" else "bar") + item.text


def _role(item: Item, previous: Item | None, after: Item | None, waiting: list[str], left: int) -> str:
    """What a bar does: `open`, `close`, `separate` or `evaluate`; `left` bars like it are still to come, with it."""
    if not ends_operand(previous):
        return "open" if after is not None and left > 1 else "separate"
    if waiting and waiting[-1] == _key(item):
        return "close"
    if item.kind == "double_bar" and waiting:
        raise ReadError("unbalanced bar", item.span[0])  # two bars after all
    if item.kind == "middle_bar":
        return "separate"
    if after is not None and after.kind in ("sub", "sup"):
        return "evaluate"
    if left % 2 == 0 and starts_operand(after):
        return "open"
    if after is None or (after.kind in NOT_STARTS and (waiting or after.kind != "add")):
        raise ReadError("unbalanced bar", item.span[0])
    return "separate"
