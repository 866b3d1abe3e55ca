r"""Numbers: digits, in groups of three as `1\,000\,000` or not, a decimal point, an exponent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .brackets import hull
from .syntax import Node, Num, Span, Sym
from .tokens import ReadError

if TYPE_CHECKING:
    from .expressions import Level

MAX_DIGITS = 30
GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})*")
THIN = 2  # characters of the space between groups of digits, `\,`
# Fonts that make digits symbols: the vector 1.
_SYMBOL_FONTS = frozenset({"bold", "bb"})


def read_number(level: Level) -> Num:
    """Touching digits with their decimal point; `1e-3` with mantissa 1 or a decimal point is one number.

    Raises:
        ReadError: for more than 30 digits.
    """
    first = level.take()
    text, span = first.text, first.span
    while (item := level.peek()) is not None:
        if item.span[0] > span[1]:
            group = _group(level, text, span)
            if group is None:
                break
            text, span = f"{text},{group[0]}", hull(span, group[1])
            level.position += len(group[0])
            continue
        following = level.peek(1)
        decimal = item.kind == "period" and "." not in text and following is not None and following.kind == "digit"
        if item.kind != "digit" and not decimal:
            break
        text, span = text + item.text, hull(span, item.span)
        level.position += 1
    exponent = _exponent(level, text, span)
    if exponent is not None:
        text, span = text + exponent[0], hull(span, exponent[1])
    if len(text) > MAX_DIGITS:
        raise ReadError(f"a number of more than {MAX_DIGITS} digits", span[0])
    if text == ".":
        raise ReadError("unexpected .", span[0])
    return Num(text=text, span=span)


def _group(level: Level, text: str, span: Span) -> tuple[str, Span] | None:
    """The next three digits behind a thin space, of a number in groups of three; None if they are none."""
    three = [level.peek(k) for k in range(3)]
    starts = (span[1] + THIN + k for k in range(3))
    found = [item for item, at in zip(three, starts, strict=True) if item is not None and item.span[0] == at]
    after = level.peek(3)
    longer = after is not None and after.kind == "digit" and after.span[0] == span[1] + THIN + 3
    if GROUPED.fullmatch(text) is None or len(found) < 3 or longer or any(item.kind != "digit" for item in found):
        return None
    return "".join(getattr(item, "text", "") for item in found), hull(found[0].span, found[-1].span)


def digits(text: str, fonts: tuple[str, ...], span: Span) -> Node:
    """A number, or in bold and blackboard type a symbol."""
    if fonts and fonts[-1] in _SYMBOL_FONTS:
        return Sym(base=text, fonts=fonts, span=span)
    return Num(text=text, span=span)


def _exponent(level: Level, mantissa: str, span: Span) -> tuple[str, Span] | None:
    letter = level.peek()
    if letter is None or letter.text != "e" or letter.span[0] != span[1] or not (mantissa == "1" or "." in mantissa):
        return None
    text, ahead = "e", 1
    sign = level.peek(1)
    if sign is not None and sign.text == "-" and sign.span[0] == letter.span[1]:
        text, ahead = "e-", 2
    end = letter.span
    digits = ""
    while (item := level.peek(ahead)) is not None and item.kind == "digit" and item.span[0] <= end[1] + 1:
        digits, end, ahead = digits + item.text, hull(end, item.span), ahead + 1
    if not digits or len(digits) > 3:
        return None
    level.position += ahead
    return text + digits, end
