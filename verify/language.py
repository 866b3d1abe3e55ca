"""Whether the words of a text can be read: conditions and announcements are looked for in English only."""

from __future__ import annotations

import re
from functools import lru_cache

COMMON = frozenset({"the", "of", "is", "and", "to", "that", "for", "with", "are", "this", "as", "be", "by", "which"})
FEWEST_WORDS = 60
SHARE = 0.07  # of English running text these words are a quarter and more, of other languages next to nothing
_MATHS = re.compile(
    r"<!--.*?-->|\$\$.*?\$\$|\$[^$]*\$|\\\[.*?\\\]|\\begin\{(\w+\*?)\}.*?\\end\{\1\}|`[^`]*`|\\\w+", re.DOTALL
)
_WORD = re.compile(r"(?<!\w)[^\W\d_]{1,15}(?!\w)")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@lru_cache(maxsize=8)
def is_english(text: str) -> bool:
    """Whether a text has the common words of English, or too few words to tell."""
    prose = _MATHS.sub(" ", text)
    if len(_IDEOGRAPHS.findall(prose)) > FEWEST_WORDS:
        return False
    words = _WORD.findall(prose.lower())
    return len(words) < FEWEST_WORDS or sum(w in COMMON for w in words) >= SHARE * len(words)
