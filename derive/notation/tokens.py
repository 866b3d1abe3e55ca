r"""LaTeX characters to tokens, each with the span of source characters it came from.

The lexer knows only what must be taken raw: comments, `\text{…}`, environment names and the arguments of
commands that print nothing (`\label{…}`). What a command means is decided later (`classify.py`), after the
author's own macros are expanded.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from .commands import ACCENT_MARKS, ENVIRONMENT_ARGUMENTS, KINDS, PROSE_STARTS, STARRED, UNICODE
from .syntax import Span


class ReadError(ValueError):
    """A formula that cannot be read: what was expected, and where.

    Attributes:
        message: one line, without the position.
        position: offset of the first offending character in the formula.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (character {position})")
        self.message = message
        self.position = position


class Token(NamedTuple):
    """A piece of the formula: `command`, `char`, `space`, `row`, `text`, `name`, `begin`, `end`, `param`, …"""

    kind: str
    text: str
    span: Span


_PIECE = re.compile(
    r"""
    (?P<comment>%[^\n]*(?:\n|$))
  | (?P<row>\\\\\*?(?:[ \t]*\[\s*-?[\d.]+\s*(?:pt|em|ex|cm|mm|in|px|mu|\\[a-zA-Z]+)\s*\])?)
  | (?P<subject>(?<![\w.\\^])s\.\ ?t(?:\.|(?=[\s~\\&:]|$))(?![\w^']))
  | (?P<name>[A-Za-z]{1,60}+(?:\\_[A-Za-z0-9]{1,60}+)+)
  | (?P<command>\\(?:[A-Za-z]++|.))
  | (?P<param>\#[1-9])
  | (?P<marked>[A-Za-z][\u0300-\u036f])
  | (?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱᵀ]++)
  | (?P<lowered>[₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₙₜ]++)
  | (?P<space>[\s~\u00ad\u200b-\u200f\u2060-\u2064\ufeff]++)
  | (?P<char>.)
""",
    re.VERBOSE | re.DOTALL,
)
_LENGTH = re.compile(r"\s*=?\s*-?[\d.]+\s*(?:pt|em|ex|cm|mm|in|px|mu)\b")
_MEASURE = re.compile(r"(-?\d*\.?\d+)\s*(pt|em|ex|cm|mm|in|px|mu)\b")
_UNITS = {"em": 1.0, "mu": 1 / 18, "ex": 0.43, "pt": 0.1, "px": 0.075, "mm": 0.285, "cm": 2.85, "in": 7.2}  # in em
_SPACES = frozenset({"hspace", "mspace", "hskip", "kern", "mkern", "mskip"})
_PLACEMENT = re.compile(r"\s*\[[tbc]\]")
_FONT_OF_TEXT = {"textbf": "mathbf", "textit": "mathit", "textsf": "mathsf", "texttt": "mathtt"}
_UPRIGHT = frozenset({"mathrm", "mathit", "mathsf", "mathbf", "mathnormal", "mathtt"})


def lex(latex: str) -> list[Token]:
    r"""The tokens of a formula, in order; spaces are kept (macro arguments skip them).

    Raises:
        ReadError: if `\text`, `\begin` … have no argument.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(latex):
        match = _PIECE.match(latex, position)
        assert match is not None and match.lastgroup is not None  # the last alternative takes any character
        kind, text, span = match.lastgroup, match.group(), match.span()
        position = span[1]
        if kind == "command" and text[1:].isspace():
            tokens.append(Token("space", "~", span))
        elif kind == "command":
            position = _command(latex, text[1:], span, tokens)
        elif kind == "char" and text > "\x7f":
            _foreign(text, span, tokens)
        elif kind in ("marked", "raised", "lowered"):
            _marked(kind, text, span, tokens)
        elif kind == "row":
            tokens.append(Token("command", "\\", span))
        elif kind == "name":
            tokens.append(Token("name", text.replace("\\_", "_"), span))
        elif kind == "subject":
            tokens.append(Token("text", " s.t. ", span))
        elif kind == "param":
            tokens.append(Token("param", text[1:], span))
        elif kind != "comment":
            tokens.append(Token(kind, text, span))
    return tokens


def raw_group(latex: str, position: int, owner: str, limit: int = 1_000_000) -> tuple[str, int]:
    """The text of the next `{…}` (or the next character) after `position`, and the offset behind it.

    A group of more than `limit` characters counts as unbalanced.
    """
    start = position
    while start < len(latex) and latex[start].isspace():
        start += 1
    if start >= len(latex) or latex[start] == "}":
        raise ReadError(f"missing argument of \\{owner}", position)
    if latex[start] != "{":
        return latex[start], start + 1
    depth, end, last = 0, start, min(len(latex), start + limit)
    while end < last:
        character = latex[end]
        depth += (character == "{") - (character == "}")
        end += 2 if character == "\\" else 1
        if depth == 0:
            return latex[start + 1 : end - 1], end
    raise ReadError("unbalanced {", start)


def _command(latex: str, name: str, span: Span, tokens: list[Token]) -> int:
    """Append the token or tokens of a command; return the offset behind what was taken."""
    end = span[1]
    if name in STARRED and latex.startswith("*", end):
        end += 1
    kind = KINDS.get(name)
    if kind == "text":
        return _text(latex, name, span[0], end, tokens)
    if kind in ("begin", "end"):
        return _environment(latex, kind, span[0], end, tokens)
    if kind in ("skip", "skip2"):
        for _ in range(2 if kind == "skip2" else 1):
            end = raw_group(latex, end, name)[1]
        wide = name in _SPACES and _is_wide(latex[span[1] : end])
        tokens.append(Token("command", "quad", (span[0], end)) if wide else Token("space", "", (span[0], end)))
        return end
    if kind == "length":
        match = _LENGTH.match(latex, end)
        if match and name in _SPACES and _is_wide(match[0]):
            tokens.append(Token("command", "quad", (span[0], match.end())))
        return match.end() if match else end
    if kind == "paint":
        end = raw_group(latex, end, name)[1]
        tokens.append(Token("command", "colored", (span[0], end)))
        return end
    if name in _UPRIGHT and latex[end : end + 1] == "{":
        words, behind = raw_group(latex, end, name)
        if re.sub(r"\\[, ;:!]|~|\s", " ", words).strip().lower() in PROSE_STARTS:
            tokens.append(Token("text", " " + _plain_words(words) + " ", (span[0], behind)))
            return behind
    tokens.append(Token("command", name, (span[0], end)))
    return end


def _is_wide(length: str) -> bool:
    r"""Whether a space of a length, {0.5in}, is as wide as a `\quad`."""
    found = _MEASURE.search(length)
    return found is not None and float(found[1]) * _UNITS[found[2]] >= 1


def _text(latex: str, name: str, start: int, end: int, tokens: list[Token]) -> int:
    content, behind = raw_group(latex, end, name)
    words = _plain_words(content)
    span = (start, behind)
    bare = words.strip()
    if len(bare) == 1 and bare.isascii() and (bare.isalpha() or (bare.isdigit() and name == "textbf")):
        # One letter in a text font is a symbol in that font.
        tokens.append(Token("command", _FONT_OF_TEXT.get(name, "mathrm"), span))
        tokens.append(Token("char", bare, span))
    elif bare == ")" and any(t.kind == "text" and t.text.count("(") > t.text.count(")") for t in tokens):
        tokens.append(Token("space", " ", span))  # the end of \text{(since } …
    elif bare in {",", ".", ";", ":", "=", "+", "-", "(", ")", "[", "]"} or bare.isdigit():
        tokens.extend(Token("char", character, span) for character in bare)
    elif bare == "mod":  # an operator, as in i \text{ mod } 2 = 1
        tokens.append(Token("command", "bmod", span))
    elif bare:
        tokens.append(Token("text", words, span))
    else:
        tokens.append(Token("space", " ", span))
    return behind


def _plain_words(content: str) -> str:
    r"""The words of a `\text` argument: escapes undone, inner commands and braces dropped."""
    content = re.sub(r"\\([_&%#$ ])", r"\1", content).replace("~", " ")
    content = re.sub(r"\\[,;:!]", " ", content)
    return re.sub(r"\s+", " ", re.sub(r"\\[A-Za-z]+|[{}\\]", "", content))


def _environment(latex: str, kind: str, start: int, end: int, tokens: list[Token]) -> int:
    name, end = raw_group(latex, end, kind)
    name = name.strip().rstrip("*")
    if kind == "begin":
        placement = _PLACEMENT.match(latex, end)
        end = placement.end() if placement else end
        if name in ENVIRONMENT_ARGUMENTS:
            end = raw_group(latex, end, f"begin{{{name}}}")[1]
    tokens.append(Token(kind, name, (start, end)))
    return end


def _foreign(character: str, span: Span, tokens: list[Token]) -> None:
    """A character outside ASCII: an operator or Greek letter, a styled or accented letter, or a word."""
    if character in "、。":
        tokens.append(Token("char", "," if character == "、" else ".", span))
        return
    if character in UNICODE:
        tokens.append(Token("command", UNICODE[character], span))
        return
    form = unicodedata.normalize("NFKD", character)
    if len(form) == 1 and form != character and (form.isascii() or form in UNICODE):
        command = UNICODE.get(form)
        tokens.append(Token("command", command, span) if command else Token("char", form, span))
    elif len(form) == 2 and form[0].isascii() and form[1] in ACCENT_MARKS:
        _marked("marked", form, span, tokens)
    elif character.isalpha() and tokens and tokens[-1].kind == "text" and tokens[-1].span[1] == span[0]:
        last = tokens.pop()
        tokens.append(Token("text", last.text + character, (last.span[0], span[1])))
    elif character.isalpha():
        tokens.append(Token("text", character, span))
    else:
        tokens.append(Token("char", character, span))


def _marked(kind: str, text: str, span: Span, tokens: list[Token]) -> None:
    r"""`ŷ` as `\hat y`, `²` as `^{2}`, `₁` as `_{1}`, all with the span of the character."""
    if kind == "marked":
        accent = ACCENT_MARKS.get(text[1])
        if accent is None:
            raise ReadError(f"unknown combining mark U+{ord(text[1]):04X}", span[0])
        tokens += [Token("command", accent, span), Token("char", text[0], span)]
        return
    plain = unicodedata.normalize("NFKD", text).replace("\u2212", "-")
    tokens.append(Token("char", "^" if kind == "raised" else "_", span))
    tokens += [Token("char", character, span) for character in ("{", *plain, "}")]
