"""What patterns find in the words of a text, looked for once: a text is asked again for all that is supposed of it."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=128)
def matches(patterns: tuple[re.Pattern[str], ...], text: str) -> tuple[re.Match[str], ...]:
    """All that each of the patterns matches in a text, those of the first pattern first."""
    return tuple(m for pattern in patterns for m in pattern.finditer(text))
