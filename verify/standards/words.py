"""Names of several letters that a formula writes without a font: label − input, TP / (TP + FP), KLD."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from derive.notation.runs import rebuild
from derive.notation.syntax import Juxt, Node, Sym, altered
from derive.standards.standard import Standard

WORD = re.compile(r"[A-Za-z]{3,}|[A-Z]{2,}")
NAME = re.compile(r"(?:\\mathrm\{)?([A-Za-z]{2,})\}?|([A-Za-z]{3,})\(.*\)")
MATHS = re.compile(r"\$[^$]*\$|\\\(.*?\\\)")


@lru_cache(maxsize=64)
def words_in(prose: str) -> frozenset[str]:
    """The words of a text that a formula may use as names, its formulas left out."""
    return frozenset(WORD.findall(MATHS.sub(" ", prose)))


@lru_cache(maxsize=256)
def words_of(standards: tuple[Standard, ...]) -> frozenset[str]:
    """The names of several letters by which texts write the parts of things."""
    found = (NAME.fullmatch(w) for s in standards for p in s.parts for w in p.written)
    return frozenset(m[1] or m[2] for m in found if m is not None)


def spelled(node: Node, is_word: Callable[[str], bool]) -> Node:
    """The tree in which letters without blanks between them are one name where they spell a word."""
    return rebuild(node, lambda n: _spelled(n, is_word) if isinstance(n, Juxt) else n)


def _spelled(node: Juxt, is_word: Callable[[str], bool]) -> Node:
    runs: list[list[Node]] = []
    for item in node.items:
        goes_on = bool(runs) and _goes_on(runs[-1][-1], item)
        runs[-1].append(item) if goes_on else runs.append([item])
    items = [new for run in runs for new in _joined(run, is_word)]
    return items[0] if len(items) == 1 else altered(node, items=tuple(items))


def _goes_on(last: Node, item: Node) -> bool:
    """Whether a letter without scripts is followed at once by another."""
    if not (isinstance(last, Sym) and isinstance(item, Sym)) or last.span[1] != item.span[0]:
        return False
    plain = not (last.sub or last.sup or last.primes)
    return plain and not any(s.accents or s.fonts or not s.base.isalpha() or not s.base.isascii() for s in (last, item))


def _joined(run: list[Node], is_word: Callable[[str], bool]) -> list[Node]:
    letters = [n for n in run if isinstance(n, Sym)]
    word = "".join(s.base for s in letters)
    spans = all(len(s.base) == s.span[1] - s.span[0] or s is letters[-1] for s in letters)
    if len(letters) < 2 or not spans or not is_word(word):
        return run
    assert all(a.span[1] == b.span[0] for a, b in pairwise(letters))
    return [dataclasses.replace(letters[-1], base=word, fonts=("rm",), span=(letters[0].span[0], letters[-1].span[1]))]
