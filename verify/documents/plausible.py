r"""Whether what stands between two delimiters is mathematics: Markdown uses `$` and `\[` for other things too."""

from __future__ import annotations

import re

UPRIGHT = re.compile(r"\\(?:text\w*|mathrm|mathsf|mathbf|mathit|operatorname\*?|mbox|hbox|label|tag|ref)\s*\{[^{}]*\}")
COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")
SIGN = re.compile(r"[\\^_=+<>≤≥∈|/*{}()−-]")
WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,}(?![A-Za-z])")
MONEY = re.compile(r"\d[\d,.]*(?:[kKmMbB]|\s*(?:million|billion|thousand|per|a|each))?\b")


def looks_like_math(content: str) -> bool:
    """Mathematics has a sign or is one short symbol, and is not a run of words."""
    stripped = content.strip()
    words = _words(stripped)
    if not SIGN.search(stripped):
        return bool(re.fullmatch(r"\w{1,3}'*|\d+(?:\.\d+)?|[^\x00-\x7f]+", stripped)) and not words
    return len(words) <= 2 or ("\\" in stripped and len(words) <= 6)


def looks_like_display(content: str) -> bool:
    r"""As `looks_like_math`, and more than one token: Markdown's `\[1\]` and `\[x\]` are escaped brackets."""
    return bool(SIGN.search(content)) and looks_like_math(content)


def plausible_dollars(content: str) -> bool:
    """`$…$` is no formula where it begins with an amount followed by words, or is words alone."""
    stripped = content.strip()
    words = _words(stripped)
    signs = re.search(r"[\\^_={}]", stripped)
    if "`" in stripped or (words and not SIGN.search(stripped)):
        return False
    if MONEY.match(stripped) and words and not signs:
        return False
    if content[:1].isspace() or content[-1:].isspace():
        return looks_like_math(content) and not (words and "\\" not in stripped and "=" not in stripped)
    return len(words) <= 3 or "\\" in stripped


def _words(content: str) -> list[str]:
    """The words of three letters and more that are not set upright on purpose."""
    return WORD.findall(COMMAND.sub(" ", UPRIGHT.sub(" ", content)))
