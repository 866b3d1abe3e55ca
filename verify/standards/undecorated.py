r"""A usual formula with a letter in the place of the one with an accent, or of its own step, that was made of it.

y_i = γ x_i + β behind \hat x_i = (x_i − μ) / σ: only \hat x_i in the place of x_i makes it batch normalisation.
\tilde h_{t−1} behind \tilde h_t: the text has no other candidate than that of the step.
"""

from __future__ import annotations

from derive.notation.runs import walk
from derive.notation.syntax import Node, Sym
from derive.standards.standard import Standard

from ..context import Context
from ..found import Found, read_as
from ..functions import key_of
from ..lines import Line
from ..mended import written_anew
from ..results import Verdict
from ..rules.wrong_quantity import RULE
from .naming import is_the_thing
from .strangers import Matcher, is_spoken_of, is_usual, letters_before, name_of_letter, with_letter

MADE = frozenset({"hat", "tilde", "bar", "widehat", "widetilde", "overline"})


def undecorated_found(line: Line, row: Standard, context: Context, found: Found, match: Matcher) -> Found | None:
    """The conflict with a usual formula of which one letter has lost its accent, or stands at another step.

    Args:
        line: the definition, in a sentence that names the thing, that is not certainly one of its formulas.
        row: the thing.
        context: what the text says.
        found: what has been found of the line so far.
        match: which formula of a row a line is.
    """
    assert line.right is not None
    if not is_the_thing(line, row):
        return None
    here = {name_of_letter(s) for s in _letters(line.right)}
    known = {n: (sym, text) for n, (sym, text) in letters_before(line, context) if n not in here and sym.accents}
    mended: dict[str, tuple[Sym, str]] = {}
    for name, (sym, text) in known.items():
        for place in _letters(line.right):
            fits = _is_bare(place, sym, context) or _is_a_step_off(place, sym, line, context)
            if fits and is_usual(match(with_letter(line, name_of_letter(place), sym), row), row, name):
                mended[name] = (place, text)
    if len(mended) != 1:
        return None
    ((place, text),) = mended.values()
    because = f"it is the usual formula of the {row.name} with {text} in the place of {_written(place, line)}"
    return Found(
        verdict=Verdict.CONFLICT,
        because=because,
        reading=found.reading or read_as(line, context),
        rule=RULE.code,
        suggestion=written_anew(line, {place.span: text}),
    )


def _letters(node: Node) -> list[Sym]:
    """The letters that stand once in an expression, without a power."""
    found = [n for n in walk(node) if isinstance(n, Sym) and n.sup is None]
    names = [name_of_letter(n) for n in found]
    return [n for n, name in zip(found, names, strict=True) if name and names.count(name) == 1]


def _is_bare(place: Sym, sym: Sym, context: Context) -> bool:
    """Whether a letter is another one without its accent, and the text defines that one by it."""
    if place.accents or not MADE.issuperset(sym.accents) or place.base != sym.base or not _alike(place.sub, sym.sub):
        return False
    lines = (n for n in context.lines.lines if n.right is not None and n.operator in ("=", ":="))
    of_it = (n.right for n in lines if isinstance(n.left, Sym) and name_of_letter(n.left) == name_of_letter(sym))
    return any(name_of_letter(n) == name_of_letter(place) for right in of_it if right for n in _syms(right))


def _is_a_step_off(place: Sym, sym: Sym, line: Line, context: Context) -> bool:
    """Whether a letter is another one at a step of which nothing else in the text speaks."""
    same = place.base == sym.base and place.accents == sym.accents and not _alike(place.sub, sym.sub)
    if not same or place.sub is None or sym.sub is None or isinstance(place.sub, Sym) or not isinstance(sym.sub, Sym):
        return False
    shifted = {n.base for n in walk(place.sub) if isinstance(n, Sym)} == {sym.sub.base}
    return shifted and not is_spoken_of(name_of_letter(place), line, context)


def _alike(a: Node | None, b: Node | None) -> bool:
    return key_of(a) == key_of(b)


def _syms(node: Node) -> list[Sym]:
    return [n for n in walk(node) if isinstance(n, Sym)]


def _written(place: Sym, line: Line) -> str:
    return line.formula.latex[slice(*place.span)].strip()
