r"""A stranger's LaTeX as a layout, to be set beside a verdict in Typst or plain text.

Nothing is expanded, executed or understood: `h(1-h)` stays a letter and a bracket. Whatever has no layout makes
the whole formula unquotable, and the caller shows its source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from .layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Lines, Root, Row, Script, Words
from .quotetokens import Unquotable, pairs_of, tokens_of
from .renderers.spacing import kind_of, knows, symbol_of
from .renderers.symbols import BRACKETS, MARKS, Kind

_DEEPEST = 120  # items in items, as in `\hat\hat\hat x`
_MARKS = {mark.latex: mark.name for mark in MARKS} | {
    r"\widehat": "hat",
    r"\widetilde": "tilde",
    r"\overrightarrow": "vec",
    r"\boldsymbol": "bold",
    r"\bm": "bold",
    r"\mathbfit": "bold",
    r"\pmb": "bold",
    r"\mathscr": "calligraphic",
}
_WORDS = frozenset({r"\text", r"\textrm", r"\textit", r"\textbf", r"\mbox", r"\textnormal", r"\textsf"})
_ARG = {r"\argmax": r"\operatorname*{argmax}", r"\argmin": r"\operatorname*{argmin}"}
_FRACTIONS = frozenset({r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"})
_SKIPPED_WITH_ARGUMENT = frozenset({r"\label", r"\tag"})
_BRACKETS = {bracket.opening: bracket.name for bracket in BRACKETS} | {b.closing: b.name for b in BRACKETS}
_BRACKETS |= {"|": "|", r"\vert": "|", r"\|": "‖", r"\Vert": "‖", r"\lbrace": "{", r"\rbrace": "}", "<": "⟨", ">": "⟩"}
_ALIGNED = frozenset({"aligned", "align", "align*", "split", "gather", "gather*", "gathered", "equation", "equation*"})
_STYLES = {"cases": "cases", "matrix": "matrix", "bmatrix": "matrix", "pmatrix": "matrix", "array": "matrix"}
_STYLES |= dict.fromkeys(_ALIGNED, "aligned")
_ENDS_A_TERM = frozenset({Kind.RELATION, Kind.COMMA, Kind.SPACE})
_SIGNS = frozenset({"+", "-", r"\pm", r"\mp"})

Found = tuple[Layout, int]


@lru_cache(maxsize=4096)
def quote(latex: str) -> Layout | None:
    r"""The layout of a formula as written, or None if something in it is unknown or does not match.

    Args:
        latex: what stands between the delimiters; rows may be separated by `\\` and `&`.
    """
    try:
        tokens = _with_words(latex)
        reader = _Reader(tuple(tokens), pairs_of(tokens))
        return reader.lines("aligned", 0, len(tokens), single=True)
    except Unquotable:
        return None


def name_layout(latex: str) -> Layout:
    """How a name is set: what is several letters, LL, is upright, since italic ones side by side are a product."""
    found = None if latex.isalpha() and len(latex) > 1 else quote(latex)
    return found if found is not None else Words(latex.strip("\\"))


def _with_words(latex: str) -> list[str]:
    r"""The tokens, where `\text{…}` keeps its spaces: its words become one token after the brace."""
    tokens: list[str] = []
    rest = latex
    while True:
        place, command = min(((rest.find(w + "{"), w) for w in _WORDS if w + "{" in rest), default=(-1, ""))
        if place < 0:
            return tokens + list(tokens_of(rest))
        start = place + len(command) + 1
        end = rest.find("}", start)
        words = rest[start:end]
        if end < 0 or any(character in words for character in "\\{$#%"):
            raise Unquotable
        tokens += [*tokens_of(rest[:place]), r"\text", "{", words, "}"]
        rest = rest[end + 1 :]


@dataclass
class _Reader:
    """Reads ranges of tokens; every method takes a half-open range and gives a layout, with where it ended."""

    tokens: tuple[str, ...]
    pairs: dict[int, int]
    depth: int = 0

    def lines(self, style: str, start: int, end: int, *, single: bool = False) -> Layout:
        r"""The rows between `\\` and cells between `&`; a single cell as it is if so wanted."""
        rows: list[list[Layout]] = [[]]
        cell = place = start
        while place <= end:
            token = self.tokens[place] if place < end else r"\\"
            if token in ("&", r"\\"):
                rows[-1].append(self.row(cell, place))
                cell = place + 1
                rows += [[]] if token == r"\\" else []
            place = self.pairs.get(place, place) + 1 if place < end else place + 1
        filled = tuple(tuple(row) for row in rows if row and row != [Row(())])
        if single and len(filled) <= 1 and (not filled or len(filled[0]) == 1):
            return filled[0][0] if filled else Row(())
        return Lines(style, filled)

    def row(self, start: int, end: int) -> Layout:
        """Everything in a range side by side; one item without a row around it."""
        items, _ = self.items(start, end)
        return items[0] if len(items) == 1 else Row(tuple(items))

    def items(self, start: int, end: int, *, term: bool = False) -> tuple[list[Layout], int]:
        """The items of a range, or with `term` those before the next relation, comma, plus or minus."""
        items: list[Layout] = []
        place = start
        while place < end:
            if term and self._ends_term(place, bool(items)):
                break
            item, place = self.item(place, end)
            if item is not None:
                items.append(item)
        return items, place

    def item(self, start: int, end: int) -> tuple[Layout | None, int]:
        """One item with its scripts; None for what leaves no mark on the page."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unquotable
        token = self.tokens[start]
        if token in _SKIPPED_WITH_ARGUMENT:
            found: tuple[Layout | None, int] = (None, self._closing(start + 1) + 1)
        elif self._is_head(token):
            found = self._operator(start, end)
        else:
            base, place = self._base(start, end, whole_number=True)
            found = self._scripts(base, place, end)
        self.depth -= 1
        return found

    def _base(self, place: int, end: int, *, whole_number: bool = False) -> Found:
        token = self.tokens[place]
        if token == "{":
            return self.row(place + 1, self.pairs[place]), self.pairs[place] + 1
        if token == r"\begin":
            return self._environment(place)
        if token == r"\left":
            return self._growing(place)
        if place in self.pairs:
            closing = self.pairs[place]
            opening_name, closing_name = _BRACKETS[token], _BRACKETS[self.tokens[closing]]
            return Fenced(opening_name, self.row(place + 1, closing), closing_name), closing + 1
        if token in _READERS:
            return _READERS[token](self, place + 1, end)
        if token in _MARKS:
            return self._mark(_MARKS[token], place + 1, end)
        if token in "0123456789" and whole_number:
            return self._number(place, end)
        return Atom(_symbol(token)), place + 1

    def argument(self, place: int, end: int) -> Found:
        """What TeX takes as an argument: a group in braces, or the next token alone."""
        if place >= end:
            raise Unquotable
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unquotable
        found = self._base(place, end)
        self.depth -= 1
        return found

    def _number(self, place: int, end: int) -> Found:
        last = place
        while last < end and (self.tokens[last].isdigit() or self._is_point(last, end)):
            last += 1
        text = "".join(self.tokens[place:last])
        if text.count(".") > 1 or not text.isascii():
            raise Unquotable
        return Atom(text), last

    def _is_point(self, place: int, end: int) -> bool:
        return self.tokens[place] == "." and place + 1 < end and self.tokens[place + 1].isdigit()

    def _scripts(self, base: Layout, place: int, end: int) -> Found:
        sub, sup, place = self.script_pair(place, end)
        return (base if sub is None and sup is None else Script(base, sub, sup)), place

    def script_pair(self, place: int, end: int) -> tuple[Layout | None, Layout | None, int]:
        """The subscript and superscript that follow, primes first in the superscript."""
        sub: Layout | None = None
        raised: list[Layout] = []
        has_sup = False
        while place < end and self.tokens[place] in ("_", "^", "'"):
            token = self.tokens[place]
            if token == "'":
                raised.append(Atom(r"\prime"))
                place += 1
                continue
            script, place = self.argument(place + 1, end)
            if (token == "_" and sub is not None) or (token == "^" and has_sup):
                raise Unquotable
            if token == "_":
                sub = script
            else:
                raised, has_sup = [*raised, script], True
        sup = (raised[0] if len(raised) == 1 else Row(tuple(raised))) if raised else None
        return sub, sup, place

    def _is_head(self, token: str) -> bool:
        return token in (r"\operatorname", *_ARG) or (
            token.startswith("\\") and knows(token) and symbol_of(token).kind in (Kind.FUNCTION, Kind.BIG)
        )

    def _operator(self, place: int, end: int) -> Found:
        r"""A function or a large operator with its limits and what it reaches over."""
        latex, place = self._head(place, end)
        below, above, place = self.script_pair(place, end)
        if symbol_of(latex).kind is Kind.BIG:
            items, place = self.items(place, end, term=True)
            return BigOp(latex, below, above, items[0] if len(items) == 1 else Row(tuple(items))), place
        if place >= end or self._ends_term(place, True) or kind_of(_peek(self.tokens[place])) is Kind.BINARY:
            return BigOp(latex, below, above, Row(())), place
        body, place = self.item(place, end)
        return BigOp(latex, below, above, body if body is not None else Row(())), place

    def _head(self, place: int, end: int) -> tuple[str, int]:
        token = self.tokens[place]
        if token in _ARG:
            return _ARG[token], place + 1
        if token != r"\operatorname":
            return symbol_of(token).latex, place + 1
        star = "*" if place + 1 < end and self.tokens[place + 1] == "*" else ""
        opening = place + 1 + len(star)
        closing = self._closing(opening)
        name = "".join(self.tokens[opening + 1 : closing])
        if not name.replace("-", "").isalnum():
            raise Unquotable
        return rf"\operatorname{star}{{{name}}}", closing + 1

    def _closing(self, place: int) -> int:
        if place not in self.pairs or self.tokens[place] != "{":
            raise Unquotable
        return self.pairs[place]

    def _ends_term(self, place: int, begun: bool) -> bool:
        token = self.tokens[place]
        if token in _SIGNS:
            return begun
        return place not in self.pairs and kind_of(_peek(token)) in _ENDS_A_TERM

    def _environment(self, place: int) -> Found:
        opening = place + 1
        name = "".join(self.tokens[opening + 1 : self._closing(opening)])
        last = self.pairs[place]
        ending = "".join(self.tokens[last + 2 : self._closing(last + 1)])
        if name not in _STYLES or name != ending:
            raise Unquotable
        start = self._closing(opening) + 1
        if name == "array":
            start = self._closing(start) + 1
        return self.lines(_STYLES[name], start, last), self._closing(last + 1) + 1

    def _growing(self, place: int) -> Found:
        last = self.pairs[place]
        if last + 1 >= len(self.tokens):
            raise Unquotable
        opening, closing = self.tokens[place + 1], self.tokens[last + 1]
        if opening not in _BRACKETS or closing not in _BRACKETS:
            raise Unquotable
        return Fenced(_BRACKETS[opening], self.row(place + 2, last), _BRACKETS[closing]), last + 2

    def _mark(self, mark: str, place: int, end: int) -> Found:
        inner, after = self.argument(place, end)
        if mark == "roman" and place in self.pairs:
            letters = "".join(self.tokens[place + 1 : self.pairs[place]])
            if len(letters) > 1 and letters.isalnum():
                return Words(letters), after
        return Accent(mark, inner), after


def _symbol(token: str) -> str:
    if knows(token):
        return symbol_of(token).latex
    if len(token) == 1 and token.isascii() and token.isalnum():
        return token
    raise Unquotable


def _peek(token: str) -> Layout:
    return Atom(token) if knows(token) else Row(())


def _read_fraction(reader: _Reader, place: int, end: int) -> Found:
    above, place = reader.argument(place, end)
    below, place = reader.argument(place, end)
    return Frac(above, below), place


def _read_partial(reader: _Reader, place: int, end: int) -> Found:
    above, place = reader.argument(place, end)
    below, place = reader.argument(place, end)
    return Frac(Row((Atom(r"\partial"), above)), Row((Atom(r"\partial"), below))), place


def _read_under(reader: _Reader, place: int, end: int) -> Found:
    r"""`\underset{\theta}{\arg\max}`: the first argument under the last operator of the second."""
    below, place = reader.argument(place, end)
    above, place = reader.argument(place, end)
    return _with_limit(above, below), place


def _with_limit(operator: Layout, below: Layout) -> Layout:
    if not isinstance(operator, BigOp):
        raise Unquotable
    if isinstance(operator.body, BigOp):
        return replace(operator, body=_with_limit(operator.body, below))
    return replace(operator, below=below)


def _read_root(reader: _Reader, place: int, end: int) -> Found:
    degree: Layout | None = None
    if place < end and reader.tokens[place] == "[" and place in reader.pairs:
        degree = reader.row(place + 1, reader.pairs[place])
        place = reader.pairs[place] + 1
    body, place = reader.argument(place, end)
    return Root(body, degree), place


def _read_words(reader: _Reader, place: int, end: int) -> Found:
    if place not in reader.pairs:
        raise Unquotable
    return Words("".join(reader.tokens[place + 1 : reader.pairs[place]])), reader.pairs[place] + 1


def _fence_reader(bracket: str) -> Callable[[_Reader, int, int], Found]:
    def read(reader: _Reader, place: int, end: int) -> Found:
        body, place = reader.argument(place, end)
        return Fenced(bracket, body, bracket), place

    return read


def _read_middle(reader: _Reader, place: int, end: int) -> Found:
    if place >= end:
        raise Unquotable
    return Atom(_symbol(reader.tokens[place])), place + 1


_READERS: dict[str, Callable[[_Reader, int, int], Found]] = {
    **dict.fromkeys(_FRACTIONS, _read_fraction),
    r"\pdv": _read_partial,
    r"\underset": _read_under,
    r"\sqrt": _read_root,
    r"\text": _read_words,
    r"\abs": _fence_reader("|"),
    r"\norm": _fence_reader("‖"),
    r"\middle": _read_middle,
}
