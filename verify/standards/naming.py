"""Which named thing a line defines: told by its left side, or by the words before it."""

from __future__ import annotations

import re
from functools import lru_cache

from derive.notation.syntax import Big, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym
from derive.standards.standard import Standard
from derive.standards.table import STANDARDS

from ..lines import Line
from ..roles import introduction
from .parts import node_of

FONTS = re.compile(
    r"\\(?:mathrm|mathit|mathbf|mathsf|mathcal|mathscr|mathtt|mathbb|boldsymbol|bm|text(?:rm|it|bf|sf|tt|sc)?"
    r"|operatorname\*?|rm|it|bf|cal|displaystyle|limits|left|right|[bB]ig+[lrm]?)(?![a-zA-Z])"
)
BARS = re.compile(r"\\(?:vert|mid|Vert|parallel)(?![a-zA-Z])")
BLANKS = re.compile(r"\s+|\\[,;:! ]|\\q?quad(?![a-zA-Z])|[&{}]|(?<!\\)\\(?=[A-Za-z_|])")
OTHERS = re.compile(
    r"\b(?:derivativ\w*|gradients?(?![- ](?:descent|ascent|step|update))|differentiat\w*|hessian|weighted|reweighted"
    r"|regulari[sz](?!ation (?:parameters?|strength|coefficients?|constants?|weights?|factor))\w*|penali[sz]\w*"
    r"|modif\w*"
    r"|variants?|versions?|generali[sz](?!es (?!to\b))\w*|extend\w*|extension\w*|approximat\w*"
    r"|(?:upper|lower|variational) bound\w*"
    r"|instead|without (?:its|the|this|that)"
    r"|simplif\w*|smooth\w*|special case\w*|unlike|alternativ\w*|proportional|up to|scaled|shifted|clipped"
    r"|truncated|masked|reversed?"
    r"|inverse(?!(?:ly)? (?:square roots?|(?:document )?frequenc|probabilit|temperature))"
    r"|dual|unnormali[sz]ed|conditional|multi-?label|label smoothing"
    r"|(?:is|are|was|were)(?:n't| not)|not (?:be|equal|hold|true|the|just|only|simply|correct|always|in general|quite)"
    r"|not(?=\s*[:.,]|\s*$)|reciprocals? of"
    r"|square of|squared (?:euclid\w+|distances?|norms?|lengths?)"
    r"|(?<!negative )(?<!negative-)log[- ]?likelihood|maximi[sz]\w*|ascent|negative (?:of|cross|entropy|loss)|minus)\b",
    re.IGNORECASE,
)
VARIED = re.compile(
    r"\b(?:dampening|damped|modif\w*|variants?|instead|unlike|reweighted|clipped|truncated|masked|shifted|reversed)\b",
    re.IGNORECASE,
)
SET_TO_ZERO = re.compile(
    r"\b(?:set\w*|equat\w+)\b[^.]*?\b(?:derivative|gradient)s?\b[^.]*?(?:\bzero\b|\b0\b)", re.IGNORECASE
)
UPWARDS = re.compile(r"\bmaximi[sz]\w*|\bmaximum\b|ascent|likelihood", re.IGNORECASE)
LOSS = re.compile(r"\b(?:loss|cost)(?: function)?\b(?! is (?:not|no)\b)", re.IGNORECASE)
COMPARED = re.compile(  # words by which a sentence that names a thing speaks of another one, or of what is made of it
    r"\b(?:beside|besides|like|alike|another|others?|similar\w*|than|compar\w*|contrast\w*|versus|vs|analog\w*|relat\w*"
    r"|whereas|while|both|products?|sums?|differen\w*|minimum|maximum|mixture of|squared?|roots?|absolute|transform\w*"
    r"|inflated|folded|half|reciprocal|second|combin\w*|mean of|ratio|joint|log)\b",
    re.IGNORECASE,
)
LOGARITHM = re.compile(r"(?:log|ln)[^(]*")
MOMENT = re.compile(r"(?:Cov|cov|Var|var)[(\[]")  # left sides that say of which kind a thing is
LONGEST_NAME = 40  # characters; what is longer goes from one word to another of the sentence
SHORTEST_WORD = 3  # letters
NEAR = 600  # characters before a formula in which the thing may be named


def plain(latex: str) -> str:
    r"""LaTeX without fonts, braces, blanks and the strokes of commands: `\mathrm{KL}(q \| p)` as `KL(q|p)`."""
    return BLANKS.sub("", BARS.sub("|", FONTS.sub("", latex)))


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def named_by(line: Line, text: str) -> tuple[tuple[Standard, ...], bool]:
    """The things that a line of a text may define, and whether its left side names them beyond doubt."""
    if line.carried is not None:
        return (), False
    named = unsigned(line.left)
    left = plain(line.formula.latex[slice(*named.span)])
    given = len(arguments_of(named))
    known = tuple(s for s in STANDARDS if not (s.arguments and given and given != len(s.arguments)))
    found = tuple(s for s in known if s.left and _pattern(s.left).fullmatch(left))
    found = found or tuple(s for s in known if s.left and _is_word_of(s, left, named))
    if not _is_name(named):
        return tuple(s for s in found if s.words and _words_around(s, line, text)), True
    told = _told_by_words(line, text, left, known)
    families = tuple(s for s in told if s.of_a_family)
    if found:
        return (*found, *families), not families
    return told, False


def _is_word_of(row: Standard, left: str, named: Node) -> bool:
    """Whether a left side is a word in a font, in other capitals than those by which a thing is mostly named: mape."""
    first = named.items[0] if isinstance(named, Juxt) else named
    word = isinstance(first, Sym) and first.fonts and len(first.base) >= SHORTEST_WORD
    return bool(word) and _pattern(f"(?i){row.left}").fullmatch(left) is not None


def may_be_named(line: Line, row: Standard) -> bool:
    """Whether a left side may be that of a thing: Cov(X, Y) is that of no variance, any letter that of anything."""
    left = plain(line.formula.latex[slice(*unsigned(line.left).span)])
    if MOMENT.match(left) is None:
        return True
    return any(pattern and _pattern(pattern).fullmatch(left) for pattern in (row.letters, row.left))


def unsigned(left: Node) -> Node:
    """A left side without its minus: that of −D(p ‖ q) = …, which says what D is."""
    return left.body if isinstance(left, Neg) else left


def _told_by_words(line: Line, text: str, left: str, known: tuple[Standard, ...]) -> tuple[Standard, ...]:
    """The things that the words before a line name, and whose letter its left side is."""
    bare = LOGARITHM.fullmatch(left) is None  # log p_i is the letter of what is so called, and of nothing else
    lettered = (s for s in known if s.words and (bare if not s.letters else _pattern(s.letters).fullmatch(left)))
    sentence, near = introduction(line.formula), (s for s in lettered if _words_around(s, line, text))
    return tuple(s for s in near if s.letters or _pattern(f"(?i){s.words}").search(sentence))


def _words_around(row: Standard, line: Line, text: str) -> bool:
    """Whether the words that name a thing stand a few sentences before a line, or in the heading above it."""
    formula = line.formula
    before = text[max(formula.offset - NEAR, 0) : formula.offset]
    around = " ".join((*formula.headings[-1:], formula.before, before))
    return _pattern(f"(?i){row.words}").search(around) is not None


def named_last(line: Line, text: str, rows: tuple[Standard, ...]) -> tuple[Standard, ...]:
    """Of several things those that the words nearest before a line name."""
    before = text[: line.formula.offset][-NEAR:]
    ends = {s: max((m.end() for m in _pattern(f"(?i){s.words}").finditer(before)), default=-1) for s in rows if s.words}
    return tuple(s for s, end in ends.items() if end == max(ends.values()))


def is_of_another(line: Line, row: Standard) -> bool:
    """Whether the words before a line speak of something made of the thing, or of a variant of it."""
    sentence = SET_TO_ZERO.sub(" ", introduction(line.formula))
    said = _pattern(f"(?i){row.usual}").sub("", sentence) if row.usual else sentence
    if row.words:  # the generalised of generalised advantages is of the name
        said = _pattern(f"(?i){row.words}").sub(lambda m: m[0] if len(m[0]) > LONGEST_NAME else "", said)
    return OTHERS.search(said) is not None


def is_called_so(line: Line, rows: tuple[Standard, ...]) -> bool:
    """Whether the very sentence of a line names one of some things, and nothing around it speaks of a maximum.

    It does so by the thing's own words, or as a loss where these stand before it.
    """
    sentence = introduction(line.formula)
    around = f"{line.formula.before[-NEAR:]} {line.formula.after[:NEAR]}"
    named = LOSS.search(sentence) is not None or any(_pattern(f"(?i){row.words}").search(sentence) for row in rows)
    return named and UPWARDS.search(around) is None


def is_the_thing(line: Line, row: Standard) -> bool:
    """Whether the very sentence of a line names a thing and compares it with nothing."""
    sentence = introduction(line.formula)
    own = f"{row.words}|{row.usual}" if row.usual else row.words
    return is_called_so(line, (row,)) and COMPARED.search(_pattern(f"(?i){own}").sub("", sentence)) is None


def is_varied(line: Line, row: Standard) -> bool:
    """Whether the words before a line say that it is not quite the usual thing: a usual formula may be wrong then."""
    sentence = introduction(line.formula)
    return VARIED.search(_pattern(f"(?i){row.usual}").sub("", sentence) if row.usual else sentence) is not None


def as_written(line: Line) -> Node:
    """The right side as its source has it, of which corrections are edits: steps may have made w of w_{t+1}."""
    assert line.right is not None
    try:
        return node_of(line.formula.latex[slice(*line.right.span)])
    except ValueError:
        return line.right


def _is_name(node: Node) -> bool:
    """Whether a left side is a letter or a word, perhaps with arguments."""
    if isinstance(node, Juxt):
        *letters, last = node.items
        if isinstance(last, Fn) and isinstance(letters[0], Sym) and letters[0].base == "nabla":  # ∇_θ log p(x)
            return len(letters) == 1 and _is_name(last)
        return all(isinstance(i, Sym) or _is_word(i) for i in letters) and isinstance(last, Sym | Group)
    if isinstance(node, Big):  # min_G max_D V(D, G)
        return node.op in ("min", "max") and _is_name(node.body)
    if isinstance(node, Fraction):  # 1 / σ_N²
        return isinstance(node.above, Num) and _is_name(node.below)
    if isinstance(node, Fn):
        logarithm = node.name in ("log", "ln") and isinstance(node.argument, Juxt | Sym) and _is_name(node.argument)
        return logarithm or node.name not in ("log", "ln", "exp")
    return isinstance(node, Sym)


def _is_word(node: Node) -> bool:
    r"""Whether letters stand together in braces, as those of `\mathbb{KL}`."""
    inside = node.body if isinstance(node, Group) and node.opening == "{" and node.sup is None else None
    letters = inside.items if isinstance(inside, Juxt) else (inside,)
    return all(isinstance(i, Sym) and i.fonts for i in letters)


def parameters_of(node: Node) -> tuple[Node, ...]:
    """What stands behind the stroke or semicolon among the arguments of a left side: K(x | α, ρ)."""
    group = next((n for n in getattr(node, "items", (node,)) if isinstance(n, Group)), getattr(node, "argument", None))
    listed = group.body if isinstance(group, Group) else None
    if not isinstance(listed, Listing) or listed.separator not in ("|", ";"):
        return ()
    return tuple(n for last in listed.items[1:] for n in (last.items if isinstance(last, Listing) else (last,)))


def arguments_of(node: Node) -> tuple[Node, ...]:
    """The arguments with which a left side stands: D(p ‖ q)."""
    group = node.argument if isinstance(node, Fn) else node.items[-1] if isinstance(node, Juxt) else None
    if not isinstance(group, Group):
        return ()
    return getattr(group.body, "items", (group.body,)) if not isinstance(group.body, Juxt) else (group.body,)
