"""A left-to-right scanner: whatever begins first, a formula or something to skip, claims its characters.

A grammar maps the characters at which something may begin to the rules tried there, in order. A rule looks
at one position of the text and returns a `Found` formula, the offset to go on from (something to skip), or
None (not mine).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Region = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A formula in a text: its content `start:end` within its delimiters `outer_start:outer_end`."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    display: bool


Rule = Callable[[str, int], Found | int | None]
Grammar = Mapping[str, Sequence[Rule]]
Accept = Callable[[str], bool]

MATH_ENVIRONMENTS = (
    "equation", "align", "alignat", "flalign", "xalignat", "gather", "multline", "eqnarray", "displaymath",
    "math", "dmath", "dgroup", "darray", "IEEEeqnarray", "split", "aligned", "alignedat", "gathered", "cases",
)  # fmt: skip
WITH_ARGUMENT = ("alignat", "alignedat", "xalignat", "IEEEeqnarray")
PARAGRAPH_END = re.compile(r"\n[ \t>]*\r?\n|\r[ \t>]*\r")


def scan(text: str, grammar: Grammar, blocked: Iterable[Region] = ()) -> list[Found]:
    """The formulas of a text in order; none begins inside a blocked region."""
    skips = dict(blocked)
    starts = sorted(skips)
    openers = re.compile("[" + "".join(re.escape(character) for character in grammar) + "]")
    found: list[Found] = []
    position = next_block = 0
    while match := openers.search(text, position):
        position = match.start()
        while next_block < len(starts) and skips[starts[next_block]] <= position:
            next_block += 1
        if next_block < len(starts) and starts[next_block] <= position:
            position = skips[starts[next_block]]
            continue
        taken = _first(text, position, grammar[match[0]])
        if isinstance(taken, Found):
            found.append(taken)
            position = max(taken.outer_end, position + 1)
        else:
            position = position + 1 if taken is None else max(taken, position + 1)
    return found


def _first(text: str, position: int, rules: Sequence[Rule]) -> Found | int | None:
    for rule in rules:
        taken = rule(text, position)
        if taken is not None:
            return taken
    return None


# -- rules ------------------------------------------------------------------------------------------------


def skip(pattern: str) -> Rule:
    """Skips what the pattern matches."""
    compiled = re.compile(pattern, re.DOTALL)

    def rule(text: str, position: int) -> int | None:
        match = compiled.match(text, position)
        return match.end() if match else None

    return rule


INLINE_LENGTH, DISPLAY_LENGTH = 3_000, 30_000  # characters; what is longer is no formula but a lost delimiter


def between(opening: str, closing: str, *, display: bool, accept: Accept | None = None) -> Rule:
    """A formula between two literal delimiters, within a paragraph and with a content that `accept` accepts."""

    def rule(text: str, position: int) -> Found | None:
        if not text.startswith(opening, position):
            return None
        start = position + len(opening)
        limit = paragraph_end(text, start, DISPLAY_LENGTH if display else INLINE_LENGTH)
        end = _unescaped(text, opening, closing, start, limit)
        if end < 0 or not text[start:end].strip() or (accept and not accept(text[start:end])):
            return None
        return trimmed(text, start, end, position, end + len(closing), display=display)

    return rule


def dollars(accept: Accept | None = None) -> Rule:
    r"""`$…$` within a paragraph; a `$` inside braces, as in `\text{if $x$}`, does not close it."""

    def rule(text: str, position: int) -> Found | None:
        if text.startswith("$$", position):
            return None
        end = _closing_dollar(text, position + 1, paragraph_end(text, position, INLINE_LENGTH))
        if end < 0 or not text[position + 1 : end].strip():
            return None
        if accept and (not accept(text[position + 1 : end]) or text[end + 1 : end + 2].isdigit()):
            return None
        return trimmed(text, position + 1, end, position, end + 1, display=False)

    return rule


def environment(names: Iterable[str] = MATH_ENVIRONMENTS) -> Rule:
    r"""`\begin{name}…\end{name}` or its starred form; blank lines inside do not end it."""
    opening = re.compile(r"\\begin\s*\{(" + "|".join(map(re.escape, names)) + r")(\*?)\}")

    def rule(text: str, position: int) -> Found | None:
        match = opening.match(text, position)
        if not match:
            return None
        closing = re.compile(r"\\end\s*\{" + re.escape(match[1] + match[2]) + r"\}").search(
            text, match.end(), match.end() + DISPLAY_LENGTH
        )
        if not closing:
            return None
        start = match.end()
        if match[1] in WITH_ARGUMENT and (argument := balanced(text, start)):
            start = argument[1] + 1
        return trimmed(text, start, closing.start(), position, closing.end(), display=match[1] != "math")

    return rule


def argument(command: str) -> Rule:
    r"""The braced argument of a command: `\ensuremath{…}`."""

    def rule(text: str, position: int) -> Found | None:
        braces = balanced(text, position + len(command)) if text.startswith(command, position) else None
        if not braces or not text[braces[0] : braces[1]].strip():
            return None
        return trimmed(text, braces[0], braces[1], position, braces[1] + 1, display=False)

    return rule


# -- helpers ----------------------------------------------------------------------------------------------


def balanced(text: str, position: int, *, limit: int = 3_000) -> Region | None:
    """The content of the `{…}` at the position, blanks before it allowed; None if it is not closed."""
    start = position + len(text[position : position + 200]) - len(text[position : position + 200].lstrip())
    if text[start : start + 1] != "{":
        return None
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start, start + limit):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and match[0] == "}":
            return start + 1, match.start()
    return None


def paragraph_end(text: str, position: int, reach: int) -> int:
    """Where the paragraph around the position ends, or how far one looks."""
    match = PARAGRAPH_END.search(text, position, position + reach)
    return match.start() if match else min(len(text), position + reach)


ROWS = re.compile(r"\\begin\s*\{(?:align|gather|equation|eqnarray|multline|flalign)\*?\}")


def trimmed(text: str, start: int, end: int, outer_start: int, outer_end: int, *, display: bool) -> Found:
    r"""The formula without blanks at its ends; a control space `\ ` at the end keeps its blank."""
    content = text[start:end]
    left = len(content) - len(content.lstrip())
    kept = content.rstrip()
    if re.search(r"(?<!\\)(\\\\)*\\$", kept) and len(kept) < len(content):
        kept = content[: len(kept) + 1]
    end = max(start + len(kept), start + left)
    display = display or ROWS.match(kept, left) is not None  # set on lines of its own whatever stands around it
    return Found(start=start + left, end=end, outer_start=outer_start, outer_end=outer_end, display=display)


def _unescaped(text: str, opening: str, closing: str, start: int, limit: int) -> int:
    r"""Where the closing delimiter stands, -1 if another formula opens first.

    `\\` is a line break, so the `]` of `\\[2pt]` closes nothing.
    """
    pattern = re.compile("|".join(dict.fromkeys(map(re.escape, (closing, opening)))) + r"|\\.", re.DOTALL)
    for match in pattern.finditer(text, start, limit):
        if match[0] in (closing, opening):
            return match.start() if match[0] == closing else -1
    return -1


def _closing_dollar(text: str, start: int, limit: int) -> int:
    depth, first = 0, -1
    for match in re.compile(r"\\.|[{}$]", re.DOTALL).finditer(text, start, limit):
        if match[0] == "$":
            if depth <= 0:
                return match.start()
            first = match.start() if first < 0 else first
        depth += {"{": 1, "}": -1}.get(match[0], 0)
    return first
