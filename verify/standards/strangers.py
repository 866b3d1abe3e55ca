r"""A usual formula with a letter of which the text says nothing in the place of one that it has just introduced.

softmax(W K^⊤ / √d) V behind Q = X W_q, K = X W_k, V = X W_v: only Q in the place of W makes it the attention that the
sentence names, and no formula of the text has a letter W.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Node, Sym
from derive.standards.standard import Standard

from ..context import Context
from ..found import Found, read_as
from ..lines import Line
from ..mended import written_anew
from ..results import Verdict
from ..rules.wrong_quantity import RULE
from .matching import Match, is_listed
from .naming import is_the_thing
from .terms import atoms_of

NEAR = 300
Matcher = Callable[[Line, Standard], Match | None]


def stranger_found(line: Line, row: Standard, context: Context, found: Found, match: Matcher) -> Found | None:
    """The conflict with a usual formula of which one letter of the text has been replaced by a stranger to it.

    Args:
        line: the definition, in a sentence that names the thing.
        row: the thing.
        context: what the text says.
        found: what has been found of the line so far.
        match: which formula of a row a line is.
    """
    assert line.right is not None
    unlisted = [a for a in atoms_of(line.right) if not is_listed(a, row)]
    if len(unlisted) != 1 or unlisted[0].arity or not is_the_thing(line, row):
        return None
    alien = unlisted[0].name
    places = [n for n in walk(line.right) if isinstance(n, Sym) and name_of_letter(n) == alien]
    if len(places) != 1 or is_spoken_of(alien, line, context):
        return None
    known = dict(letters_before(line, context))
    here = {a.name for a in atoms_of(line.right)}
    fitting = [
        (sym, text)
        for name, (sym, text) in known.items()
        if name not in here and is_usual(match(with_letter(line, alien, sym), row), row, name)
    ]
    if len(fitting) != 1:
        return None
    put_in = {places[0].span: fitting[0][1] + _marks(places[0], line)}
    because = f"it is not the usual formula of the {row.name}, and no other formula of the text has its {alien}"
    return Found(
        verdict=Verdict.CONFLICT,
        because=because,
        reading=found.reading or read_as(line, context),
        rule=RULE.code,
        suggestion=written_anew(line, put_in),
    )


def is_usual(match: Match | None, row: Standard, name: str) -> bool:
    """Whether a formula is beyond doubt the usual one, and a letter plays a part that texts write so."""
    if match is None or not (match.known and match.certain):
        return False
    return all(is_listed(a, row) for a in match.assignment) and any(a.name == name for a in match.assignment)


def is_spoken_of(alien: str, line: Line, context: Context) -> bool:
    """Whether a letter stands in another formula of the text, on the left side, or in the words around the line."""
    others = (node for node, formula in context.lines.nodes if formula is not line.formula)
    if any(isinstance(n, Sym) and name_of_letter(n) == alien for node in (*others, line.left) for n in walk(node)):
        return True
    around = f"{line.formula.before[-NEAR:]} {line.formula.after[:NEAR]}"
    return re.search(rf"(?<![\w\\]){re.escape(alien)}(?!\w)", around) is not None


def letters_before(line: Line, context: Context) -> Iterator[tuple[str, tuple[Sym, str]]]:
    """The letters of the other formulas before a line under its heading, as they are written there."""
    for node, formula in context.lines.nodes:
        if formula is line.formula or formula.headings != line.formula.headings or formula.offset > line.formula.offset:
            continue
        for sym in (n for n in walk(node) if isinstance(n, Sym)):
            bare = replace(sym, sup=None)
            end = sym.sup.span[0] - 1 if sym.sup is not None else sym.span[1]
            if name := name_of_letter(bare):
                yield name, (bare, formula.latex[sym.span[0] : end].strip())


def with_letter(line: Line, alien: str, sym: Sym) -> Line:
    """A line with a letter of its right side replaced; what is turned stays so."""
    assert line.right is not None

    def put(node: Node) -> Node:
        if not isinstance(node, Sym) or name_of_letter(node) != alien:
            return node
        return replace(sym, sup=node.sup, span=node.span)

    return replace(line, right=rebuild(line.right, put))


def name_of_letter(sym: Sym) -> str:
    """The name of a letter by itself, or turned; nothing for others."""
    plain = replace(sym, sup=None) if sym.sup is not None and is_transpose(sym.sup) else sym
    atoms = atoms_of(plain)
    return atoms[0].name if len(atoms) == 1 else ""


def _marks(sym: Sym, line: Line) -> str:
    """The transpose of a letter, as it is written."""
    return "" if sym.sup is None else line.formula.latex[sym.sup.span[0] - 1 : sym.span[1]]
