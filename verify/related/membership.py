r"""What is found of X ∈ ℝ^{m×n}: the shape of an expression against the one declared, derivatives included.

A letter whose shape the text declares so is defined; an expression made of declared letters is judged. A declaration
that comes after a use which it does not fit is in conflict with it.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

from sympy import Expr, Mul

from derive.notation.arrays import Array, Slot, Value, is_flexible
from derive.notation.declared import space_of
from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.elaborate import Reader
from derive.notation.names_in_notes import take_apart
from derive.notation.runs import walk
from derive.notation.syntax import Fraction, Node, Sym
from derive.vocabulary import Partial

from ..context import Context
from ..declaredshapes import declaration, is_certain, length_of, quantities_of
from ..documents.document import Document
from ..found import Found
from ..lines import Line
from ..results import StatementKind, Suggestion, Verdict
from ..unfitting import Unfitting, unfitting

UNFITTING = "GP240"
Lengths = tuple[Expr, ...]


def membership_found(line: Line, document: Document, context: Context) -> Found | None:
    """What is found of a relation ∈ with a space of numbers, vectors or matrices; None of any other."""
    if line.operator != "in" or line.right is None:
        return None
    limits = space_of(line.right)
    if limits is None:
        return None
    defined = Found(kind=StatementKind.DEFINITION, verdict=Verdict.DEFINED)
    try:
        claimed = tuple(_length(context.dictionary.limits(one, "")) for one in limits)
    except Unreadable:
        return defined
    if _declares(line.left, context):
        return _earlier_use(line, document, context) or defined
    value, wrt = _read(line.left, context.dictionary)
    if value is None:
        return defined
    slots = (*_slots(value), *_slots(wrt))
    derived = wrt is not None or any(p.entry.has(Partial) for p in (value,) if isinstance(p, Array))
    if any(is_flexible(s) for s in slots):
        return defined
    names = sorted({s.axis[0] for s in slots} or set(quantities_of(value)))
    ours = tuple(_length(s.range) for s in slots)
    certain = all(any(use[0] == n for use in context.dictionary.survey.declared.sizes) for n in names)
    if _fits(ours, claimed, derived=derived):
        because = "the shapes that the text declares give it"
        return Found(verdict=Verdict.PROVED, because=because, reading=_shown(line)) if certain else defined
    if not certain:
        return defined
    if not all(is_certain(n, line, context) for n in names) or _nearly(ours, claimed):
        return Found(verdict=Verdict.UNDECIDED, because=f"its shape was read as {_times(ours)}", reading=_shown(line))
    because = "; ".join(declaration(n, document, context) for n in names)
    message = f"the shape is {_times(ours)}, not {_times(claimed)}"
    suggestion = _mended(line, slots, claimed, ours, context)
    return Found(
        verdict=Verdict.CONFLICT, because=because, rule=UNFITTING, message=message, suggestion=suggestion,
        reading=_shown(line),
    )  # fmt: skip


def _declares(node: Node, context: Context) -> bool:
    """Whether what stands before ∈ is but a letter, which the relation says something of; A^T is none if A is given."""
    if not isinstance(node, Sym):
        return False
    named = take_apart(node, context.dictionary.survey.letters)
    lefts = (n.left for n in context.lines.lines if n.operator == "in" and isinstance(n.left, Sym))
    others = (take_apart(left, context.dictionary.survey.letters) for left in lefts)
    return not (named.transposed and any(o.plain == named.plain and not o.transposed for o in others))


def _read(node: Node, dictionary: Dictionary) -> tuple[Value | None, Value | None]:
    """What stands before ∈, and what it is differentiated by if it is the derivative of a whole by a whole."""
    reader = Reader(dictionary)
    try:
        if isinstance(node, Fraction) and (taken := reader.differentiated(node)) is not None:
            return taken
        reader.read(node)
    except (Unreadable, ValueError, RecursionError):
        return None, None
    return (None if reader.samples else reader.shape), None


def _slots(value: Value | None) -> tuple[Slot, ...]:
    return value.slots if isinstance(value, Array) else ()


def _length(ends: tuple[Expr, Expr]) -> Expr:
    length: Expr = (ends[1] - ends[0] + 1).expand()
    return length


def _fits(ours: Lengths, claimed: Lengths, *, derived: bool) -> bool:
    """Whether two shapes agree; those of derivatives in any layout, also with several axes laid out as one."""
    ours, claimed = (tuple(n for n in shape if n != 1) for shape in (ours, claimed))
    if ours == claimed:
        return True
    return derived and (Counter(ours) == Counter(claimed) or (Mul(*ours) - Mul(*claimed)).expand() == 0)


def _nearly(ours: Lengths, claimed: Lengths) -> bool:
    """Whether two lengths differ by a number only, as where a bias is left out."""
    if len(ours) != len(claimed):
        return True
    apart = [(a - b).expand() for a, b in zip(ours, claimed, strict=True)]
    return any(d.is_number and d != 0 for d in apart)


def _times(shape: Lengths) -> str:
    return " × ".join(str(n).replace("*", "") for n in shape) if shape else "that of a number"


def _shown(line: Line) -> str:
    return line.formula.latex[line.span[0] : line.span[1]]


# -- what would fit --------------------------------------------------------------------------------------


def _mended(line: Line, slots: Sequence[Slot], claimed: Lengths, ours: Lengths, context: Context) -> Suggestion | None:
    """The space with the lengths that differ replaced by those of the expression."""
    assert line.right is not None
    axes = list(_written(line.right))
    if len(axes) != len(ours):
        return None
    source = line.formula.latex
    pieces = []
    for node, s, mine, theirs in zip(axes, slots, ours, claimed, strict=True):
        if mine != theirs:
            pieces.append((node.span, _axis_latex(s.axis, context)))
    return _replaced(line, source, pieces)


def _replaced(line: Line, source: str, pieces: list[tuple[tuple[int, int], str]]) -> Suggestion | None:
    """The right side with pieces of the source replaced by others."""
    assert line.right is not None
    if not pieces or any(not text for _, text in pieces):
        return None
    start, end = pieces[0][0][0], pieces[-1][0][1]
    text, at = "", start
    for (first, last), new in pieces:
        text, at = text + source[at:first] + new, last
    right = source[line.right.span[0] : start] + text + source[end : line.right.span[1]]
    span = None if line.formula.origins else (line.formula.offset + start, line.formula.offset + end)
    return Suggestion(
        latex=right, edit=f"{source[start:end]} → {text}", verdict=Verdict.PROVED, span=span, text=text
    )  # fmt: skip


def _written(space: Node) -> Iterator[Node]:
    """The lengths as they are written."""
    for _, upper in space_of(space) or ():
        if upper is not None:
            yield upper


# -- declarations behind a use ---------------------------------------------------------------------------


def _earlier_use(line: Line, document: Document, context: Context) -> Found | None:
    """The conflict of a declaration with a formula before it; None if there is none."""
    if not isinstance(line.left, Sym) or line.formula.headings is None:
        return None
    survey = context.dictionary.survey
    name = survey.name(take_apart(line.left, survey.letters))
    for other in context.lines.lines:
        if other.number >= line.number or other.number not in context.lines.own or other.right is None:
            continue
        clash = unfitting(other, document, context) if _mentions(other, line.left) else None
        if clash is not None and clash.late == name:
            return Found(
                verdict=Verdict.CONFLICT,
                because=clash.because,
                rule=UNFITTING,
                message=f"it does not fit the use in line {_line_of(other, document)}: {clash.message}",
                suggestion=_fitting(line, name, other, clash, context),
                reading=_shown(line),
            )
    return None


def _mentions(line: Line, sym: Sym) -> bool:
    sides = (side for side in (line.left, line.right) if side is not None)
    return any(isinstance(n, Sym) and n.base == sym.base for side in sides for n in walk(side))


def _line_of(line: Line, document: Document) -> int:
    return document.position(line.formula.offset_of(line.span[0]))[0]


def _fitting(line: Line, name: str, use: Line, clash: Unfitting, context: Context) -> Suggestion | None:
    """The only shape with lengths of what it meets, or with its own exchanged, by which the use can be read."""
    assert line.right is not None
    dictionary = context.dictionary
    written = list(_written(line.right))
    source = line.formula.latex
    own = [source[slice(*n.span)] for n in written]
    ranges = [dictionary.axis(name, k, "") for k in range(len(written))]
    others = [a for a in clash.error.axes if a[0] != name]
    met = [(dictionary.axis(*a, ""), _axis_latex(a, context)) for a in others]
    changed = [(tuple(reversed(ranges)), tuple(reversed(own)))] if len(ranges) == 2 else []
    for k, (ends, text) in product(range(len(ranges)), met):
        changed.append(((*ranges[:k], ends, *ranges[k + 1 :]), (*own[:k], text, *own[k + 1 :])))
    fitting = [texts for new, texts in changed if _reads(use, name, new, dictionary)]
    if not fitting:
        return None
    pieces = [(n.span, new) for n, old, new in zip(written, own, fitting[0], strict=True) if old != new]
    return _replaced(line, source, pieces)


def _axis_latex(axis: tuple[str, int], context: Context) -> str:
    name, k = axis
    survey = context.dictionary.survey
    place = survey.declared.places.get(name)
    sizes = next((axes for use, axes in survey.declared.sizes.items() if use[0] == name), ())
    upper = sizes[k][1] if k < len(sizes) else None
    if place is None or upper is None:
        return str(length_of(axis, context.dictionary)).replace("*", " ")
    return context.lines.nodes[place[0]][1].latex[slice(*upper.span)]


def _reads(use: Line, name: str, ranges: tuple[tuple[Expr, Expr], ...], dictionary: Dictionary) -> bool:
    """Whether a formula can be read with other lengths of a quantity; those that its use alone has told give way."""
    assert use.right is not None
    axes = dictionary.axes | {(name, k): ends for k, ends in enumerate(ranges)}
    reader = Reader(dataclasses.replace(dictionary, axes=axes))
    try:
        reader.read(use.right)
    except Unreadable as error:
        stated = {other for other, _ in dictionary.survey.declared.sizes}
        return any(other not in stated for other, _ in error.axes)
    except ValueError:
        return False
    return True
