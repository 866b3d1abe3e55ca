"""Shapes that the text declares and that do not fit: W X for an m × n matrix W and a k × d matrix X.

Only shapes that the text states count, in ℝ^{m×n} or in words, never those told from use; lengths that differ by a
number may be a bias left out, and which of two letters a length belongs to must be certain. What remains is wrong
however it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr

from derive.chances.events import brackets
from derive.notation.arrays import Array, Axis, Value
from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.elaborate import Reader
from derive.notation.ellipses import prepared
from derive.notation.names_in_notes import is_letter, take_apart
from derive.notation.parser import ReadError, parse
from derive.notation.recursions import used_now
from derive.notation.runs import walk
from derive.notation.syntax import Array as Table
from derive.notation.syntax import Bin, Chain, Entries, Node, Sym
from derive.vocabulary import Partial, name_of, names_in

from .context import Context
from .documents.document import Document
from .entries import prove_entries
from .lines import Line
from .results import Suggestion, Verdict
from .rules.edit import Edit, Side
from .rules.wrong_transpose import RULE
from .scope import transpose_of

COLUMNS = re.compile(r"\bcolumn vectors?\b", re.IGNORECASE)
CONVOLUTIONS = frozenset({"*", "ast", "star"})


@dataclass(frozen=True, kw_only=True)
class Unfitting:
    """What does not fit.

    Attributes:
        message: the two shapes.
        because: where the text declares them.
        suggestion: the one edit that makes them fit, if there is but one.
    """

    message: str
    because: str
    suggestion: Suggestion | None = None


def unfitting(line: Line, document: Document, context: Context) -> Unfitting | None:
    """Why a relation is wrong by the shapes that the text declares; None if it is not, or not certainly."""
    if line.right is None or line.carried is not None or _convolves(line) or _says_symmetric(line, context.dictionary):
        return None
    if context.chances.speaks and next(brackets((line.left, line.right)), None) is not None:
        return None  # the p of p(x) may be a vector elsewhere
    try:
        _read_apart(line.left, line.right, context.dictionary)
    except Unreadable as error:
        if _is_example(error, line, context.dictionary):
            return None
        names = _blamed(error, context.dictionary)
        given = None if names is None or _takes_rows(line, context.dictionary) else _given(names, context)
        if given is None or not all(_is_certain(n, line, context) for n in given):
            return None
        because = "; ".join(_declaration(n, document, context) for n in given)
        return Unfitting(message=error.reason, because=because, suggestion=_suggestion(line, context))
    except ValueError:
        return None
    return None


def _says_symmetric(line: Line, dictionary: Dictionary) -> bool:
    """Whether a relation sets a matrix equal to its own transpose: that it is symmetric, and so square."""
    letters = dictionary.survey.letters
    sides = [take_apart(n, letters) for n in (line.left, line.right) if isinstance(n, Sym)]
    return len(sides) == 2 and sides[0].plain == sides[1].plain and sides[0].transposed != sides[1].transposed


def _read(left: Node | None, right: Node, dictionary: Dictionary) -> tuple[Expr | None, Expr]:
    reader = Reader(dictionary)
    first = None if left is None else reader.read(left)
    return first, reader.read(right)


def _read_apart(left: Node, right: Node, dictionary: Dictionary) -> None:
    """Both sides, or the right one where the left one has no reading for another reason than its shape."""
    try:
        _read(left, right, dictionary)
    except Unreadable as error:
        if error.axes or error.sides:
            raise
        _read(None, right, dictionary)


def _convolves(line: Line) -> bool:
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side))
    return any(isinstance(n, Bin) and n.op in CONVOLUTIONS for n in nodes)


def _is_example(error: Unreadable, line: Line, dictionary: Dictionary) -> bool:
    """Whether a few numbers are written out, as an example, for what has a symbolic number of entries."""
    symbolic = any(not _is_literal(a[0]) and not _length(a, dictionary).is_number for a in error.axes)
    nodes = [n for side in (line.left, line.right) if side is not None for n in walk(side)]
    finite = any(isinstance(n, Table) for n in nodes) and not any(isinstance(n, Entries) for n in nodes)
    return symbolic and finite and any(_is_literal(name) for name, _ in error.axes)


def _takes_rows(line: Line, dictionary: Dictionary) -> bool:
    """Whether a matrix stands with one index, of which rows or columns may be meant: L_k."""
    survey = dictionary.survey
    ranks = {name: rank for (name, _), limits in survey.declared.sizes.items() for rank in (len(limits),)}
    syms = (n for side in (line.left, line.right) if side is not None for n in walk(side) if isinstance(n, Sym))
    named = (take_apart(s, survey.letters) for s in syms if not is_letter(s, survey.letters))
    return any(0 < len(n.indices) < ranks.get(n.plain, 0) for n in named)


# -- what is to blame ------------------------------------------------------------------------------------


def _blamed(error: Unreadable, dictionary: Dictionary) -> tuple[str, ...] | None:
    """The quantities whose declared shapes do not fit."""
    if error.axes:
        names = tuple(dict.fromkeys(name for name, _ in error.axes if not _is_literal(name)))
        lengths = [_length(axis, dictionary) for axis in error.axes if not _is_literal(axis[0])]
        near = len(lengths) == 2 and (lengths[0] - lengths[1]).expand().is_number
        return None if near and not all(length.is_number for length in lengths) else names
    if not error.sides or _by_custom(error.sides, dictionary):
        return None
    return tuple(dict.fromkeys(n for side in error.sides for n in _names(side)))


def _is_literal(name: str) -> bool:
    return name.startswith("literal ")


def _length(axis: Axis, dictionary: Dictionary) -> Expr:
    """The number of places along an axis of a quantity."""
    name, k = axis
    low, high = dictionary.axis(name, k, "")
    length: Expr = high - low + 1
    return length


def _by_custom(sides: tuple[Value, ...], dictionary: Dictionary) -> bool:
    """Whether a vector stands where a row belongs, or the other way round, which many texts do not tell apart."""
    ranks = [s.rank if isinstance(s, Array) else 0 for s in sides]
    vectors = 1 in ranks and 0 not in ranks
    return vectors and COLUMNS.search(dictionary.prose) is None


def _names(value: Value) -> Iterator[str]:
    expr = value.entry if isinstance(value, Array) else value
    inside = [a for p in expr.atoms(Partial) for part in p.args for a in names_in(part)]
    yield from sorted({name_of(a) for a in (*names_in(expr), *inside)})


def _given(names: tuple[str, ...], context: Context) -> tuple[str, ...] | None:
    """The names with those that the text defines and does not declare replaced by what they are computed from."""
    bodies = {d.name: used_now(d.body) for d in context.definitions.values()}
    stated = {use[0] for use in context.dictionary.survey.declared.sizes}
    found: dict[str, None] = {}
    queue, seen = list(names), set(names)
    while queue:
        name = queue.pop(0)
        if name not in bodies or name in stated:
            found[name] = None
            continue
        new = bodies[name] - seen
        seen |= new
        queue += sorted(new)
    return tuple(found) or None


# -- what the text declares ------------------------------------------------------------------------------


def _is_certain(name: str, line: Line, context: Context) -> bool:
    """Whether the text gives a quantity one shape, under this heading or one above it."""
    declared = context.dictionary.survey.declared
    if name in declared.twice or not any(use[0] == name for use in declared.sizes):
        return False
    if not _is_as_declared(name, context.dictionary) or _is_in_other_type(name, line, context):
        return False
    place = declared.places.get(name)
    if place is None:
        return True
    headings = context.lines.nodes[place[0]][1].headings
    if _displays_between(line, place[0], context):  # texts have scopes within a heading, too
        return False
    return line.formula.headings[: len(headings)] == headings


def _is_as_declared(name: str, dictionary: Dictionary) -> bool:
    """Whether a quantity was read with the lengths that the text declares, and not with those of some sum."""
    sizes = (limits for use, limits in dictionary.survey.declared.sizes.items() if use[0] == name)
    return all(
        dictionary.limits(limit, "") == dictionary.axis(name, k, "")
        for limits in sizes
        for k, limit in enumerate(limits)
    )


def _is_in_other_type(name: str, line: Line, context: Context) -> bool:
    """Whether a letter is declared in bold type and stands here in plain type, or the other way round."""
    survey = context.dictionary.survey
    place = survey.declared.places.get(name)
    if place is None:
        return False

    def types(*nodes: Node | None) -> set[bool]:
        syms = (s for n in nodes if n is not None for s in walk(n) if isinstance(s, Sym))
        named = ((s, take_apart(s, survey.letters)) for s in syms if not is_letter(s, survey.letters))
        return {"bold" in s.fonts for s, apart in named if survey.name(apart) == name}

    here = types(line.left, line.right)
    return bool(here) and here != types(context.lines.nodes[place[0]][0])


def _displays_between(line: Line, place: int, context: Context) -> bool:
    """Whether a declaration stands behind a line, with a display in between: it may speak of another case."""
    formula = context.lines.nodes[place][1]
    between = (f for _, f in context.lines.nodes if line.formula.offset < f.offset < formula.offset)
    return any(f.display for f in between)


def _declaration(name: str, document: Document, context: Context) -> str:
    """Where and how the text declares a quantity."""
    dictionary = context.dictionary
    _, limits = next((u, s) for u, s in dictionary.survey.declared.sizes.items() if u[0] == name)
    sizes = [str(dictionary.limits(limit, "")[1]) for limit in limits]
    said = f"{name} is {' × '.join(sizes)}" if len(sizes) > 1 else f"{name} has {sizes[0]} entries" if sizes else ""
    place = dictionary.survey.declared.places.get(name)
    if place is None:
        return said or f"{name} is a number"
    node, formula = context.lines.nodes[place[0]]
    number = document.position(formula.offset_of(node.span[0]))[0]
    return f"{said or f'{name} is a number'} by line {number}"


# -- what would fit --------------------------------------------------------------------------------------


def _suggestion(line: Line, context: Context) -> Suggestion | None:
    """The exchange or transpose after which the claim is proved, else the only one after which the shapes fit."""
    assert line.right is not None
    try:
        model = context.model_at(line.number)
    except ValueError:
        return None
    side = Side(
        source=line.formula.latex,
        node=line.right,
        others=(),
        letters=context.dictionary.survey.letters,
        transpose=transpose_of(context),
    )
    fitting: dict[str, Suggestion] = {}
    for edit in RULE.edits(side):
        edited = edit.applied(side.source)
        right = None if edited in fitting else _right_of(edited, line)
        try:
            sides = None if right is None else _read(_told(line.left, context), right, context.dictionary)
        except ValueError:
            continue
        if right is None or sides is None:
            continue
        proved = sides[0] is not None and prove_entries(sides[0], sides[1], model) is not None
        fitting[edited] = _suggested(edit, edited[right.span[0] : right.span[1]], line, proved=proved)
        if proved:
            return fitting[edited]
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _told(node: Node, context: Context) -> Node | None:
    """The left side, if its shape is not told by the right side alone."""
    survey = context.dictionary.survey
    if not isinstance(node, Sym):
        return node
    name = survey.name(take_apart(node, survey.letters))
    return node if any(use[0] == name for use in survey.declared.sizes) else None


def _right_of(source: str, line: Line) -> Node | None:
    """The right side in the edited source, found by where it begins."""
    assert line.right is not None
    try:
        nodes = [prepared(n) for n in parse(source)]
    except ReadError:
        return None
    rights = (o for n in nodes if isinstance(n, Chain) for o in n.operands[1:])
    return next((o for o in rights if o.span[0] == line.right.span[0]), None)


def _suggested(edit: Edit, latex: str, line: Line, *, proved: bool) -> Suggestion:
    span = None if line.formula.origins else (line.formula.offset + edit.start, line.formula.offset + edit.end)
    message = f"{edit.was} → {edit.should_be}"
    verdict = Verdict.PROVED if proved else Verdict.UNDECIDED
    return Suggestion(latex=latex, edit=message, verdict=verdict, span=span, text=edit.text)
