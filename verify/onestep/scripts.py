r"""Indices of steps in the source of a formula: those of h_t, h_{t-1}, P_{k|k-1}, s^{(t)}, as labels and back again.

With h_t written `h_{\mathrm{att}}` and h_{t-1} `h_{\mathrm{attlessone}}` the two are quantities of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

BARE = re.compile(r"_\s*([a-zA-Z])(?![a-zA-Z])")
OPENING = re.compile(r"_\s*\{|\^\s*\{\s*[(<]|\^\s*\{\s*\\langle\b|\^\s*[(]")
PIECE = re.compile(r"\s*([a-zA-Z])\s*(?:([+-])\s*(\d))?\s*\Z")
PARTS = re.compile(r"(\\mid|\\vert|\\,|[,|;:])")
COMMANDS = re.compile(r"\\(?:mathrm|text|operatorname)\s*\{[^{}]*\}|\\[a-zA-Z]+|[a-zA-Z]{2,}")
CODE = re.compile(r"\\mathrm\{at([a-zA-Z])(?:(less|more)([a-z]+))?\}")
BRACED = re.compile(r"\{\\mathrm\{at([a-zA-Z])\}\}")
PLAIN = re.compile(r"_?at([a-zA-Z])(?:(less|more)(one|two|three|four|five|six|seven|eight|nine))?(?![a-z])")
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST = len(NUMBERS) - 1


@dataclass(frozen=True, kw_only=True)
class Script:
    """What stands below a letter, or above it in brackets: its place in the source, and its content."""

    start: int
    end: int
    content: str


def scripts_in(latex: str) -> Iterator[Script]:
    """The scripts of a formula that may be indices, none within another."""
    position = 0
    while position < len(latex):
        bare, braced = BARE.match(latex, position), OPENING.match(latex, position)
        if bare is not None:
            yield Script(start=bare.start(1), end=bare.end(1), content=bare[1])
            position = bare.end()
        elif braced is not None and (end := _closed(latex, braced)) is not None:
            yield Script(start=braced.end(), end=end, content=latex[braced.end() : end])
            position = end
        else:
            position += 1


def _closed(latex: str, opening: re.Match[str]) -> int | None:
    """Where the content of a script ends, that holds no bracket of its own."""
    closing = {"{": r"\}", "(": r"\)", "<": ">", "e": r"\\rangle"}[opening[0][-1]]
    found = re.compile(rf"[^{{}}()]*?(?={closing})").match(latex, opening.end())
    return None if found is None else found.end()


def shifts_in(latex: str) -> set[str]:
    """The letters that stand with a number added or taken away in some script: the t of h_{t-1}."""
    pieces = (PIECE.match(p) for s in scripts_in(latex) for p in PARTS.split(s.content))
    return {m[1] for m in pieces if m is not None and m[2]}


def with_labels(latex: str, letters: frozenset[str], shift: int = 0) -> str | None:
    """A formula with labels for the indices of steps; None if it holds such a letter elsewhere, as ∑_{t=1} does.

    Args:
        latex: the formula.
        letters: of the indices.
        shift: how many steps later it is taken.
    """
    found, rest, position = "", "", 0
    for script in scripts_in(latex):
        parts = PARTS.split(script.content)
        labelled = [_label(p, letters, shift) for p in parts]
        if not any(labelled):
            continue
        before = latex[position : script.start]
        inside = "".join(label or p for label, p in zip(labelled, parts, strict=True))
        rest += before + "".join(p for label, p in zip(labelled, parts, strict=True) if not label)
        braced = latex[script.start - 1] in "{(<" or latex[: script.start].endswith(r"\langle")
        found += before + (inside if braced else f"{{{inside}}}")
        position = script.end
    rest += latex[position:]
    spare = COMMANDS.sub(" ", rest)
    return None if any(c in letters for c in spare) else found + latex[position:]


def edit_without_labels(
    latex: str, letters: frozenset[str], span: tuple[int, int], text: str
) -> tuple[tuple[int, int], str] | None:
    """An edit of a formula with labels as one of the formula itself; None if it cuts through an index.

    Args:
        latex: the formula.
        letters: of the indices that have labels.
        span: what is replaced of the formula with labels.
        text: what replaces it, with labels.
    """
    labelled = with_labels(latex, letters)
    if labelled is None:
        return None
    edited = labelled[: span[0]] + text + labelled[span[1] :]
    begins, ends = ([k for k in range(len(latex) + 1) if with_labels(latex[:k], letters) == labelled[:p]] for p in span)
    plain = without_labels(text)
    found = ((a, b) for a in begins for b in ends if a <= b)
    return next(
        (((a, b), plain) for a, b in found if with_labels(latex[:a] + plain + latex[b:], letters) == edited), None
    )


def _label(piece: str, letters: frozenset[str], shift: int) -> str | None:
    match = PIECE.match(piece)
    if match is None or match[1] not in letters:
        return None
    number = shift + int((match[2] or "+") + (match[3] or "0"))
    return f"\\mathrm{{at{match[1]}{_spelled(number)}}}"


def _spelled(number: int) -> str:
    return "" if number == 0 else ("less" if number < 0 else "more") + NUMBERS[min(abs(number), MOST)]


def without_labels(text: str) -> str:
    """A formula or a message with the indices as they were."""
    return PLAIN.sub(lambda m: "_" + _written(m), CODE.sub(_written, BRACED.sub(r"\1", text)))


def _written(match: re.Match[str]) -> str:
    sign = {None: "", "less": "-", "more": "+"}[match[2]]
    return match[1] + sign + (str(NUMBERS.index(match[3])) if match[2] else "")
