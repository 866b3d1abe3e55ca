"""Which of the things that a text names a line may be: by its relation, its letters, and the section it stands in."""

from __future__ import annotations

from collections import Counter
from functools import cache

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Group, Juxt, Listing, Neg, Node, Sym
from derive.standards.standard import Standard

from ..documents.document import Document
from ..lines import Line
from .indices import has_no_end
from .laws import is_normal, names_a_normal, writes_a_normal
from .matching import assignments, has_its_letters, variants_of
from .naming import arguments_of, is_the_thing
from .parts import node_of
from .terms import atoms_of, formula_of
from .values import Unclear

RELATIONS = {
    "=": (*DEFINING, "<-"),
    "<=": ("<=", "<"),
    ">=": (">=", ">"),
    "approx": ("approx", *DEFINING),
    "propto": ("propto",),
}


def writes_alike(right: Node, row: Standard) -> bool:
    """Whether a right side that names normal distributions is held against a thing known by such names."""
    return not names_a_normal(right) or any(map(writes_a_normal, row.formulas))


def last_of(last: tuple[Standard, ...], rows: tuple[Standard, ...], line: Line) -> tuple[Standard, ...]:
    """Of the things named last, by the same words, those that a right side may be.

    If it may be none of them, the one thing left, or the one with as many letters, that its very sentence names.
    """
    assert line.right is not None
    atoms, last = atoms_of(line.right), tuple(row for row in last if row in rows)
    if not last:
        named = rows if len(rows) == 1 else tuple(row for row in rows if has_its_letters(atoms, row))
        return named if len(named) == 1 and is_the_thing(line, named[0]) else ()
    fitting = tuple(row for row in rows if has_its_letters(atoms, row) and _may_play(line.right, row))
    only = fitting if len(fitting) == 1 and is_the_thing(line, fitting[0]) else last  # of a sentence that names others
    return tuple(row for row in last if row in fitting) or only


def _may_play(right: Node, row: Standard) -> bool:
    """Whether the letters of a right side may play parts of a thing: what counts its terms stands above a sum."""
    try:
        return next(assignments(formula_of(right), row), None) is not None
    except Unclear:
        return False


def is_related(line: Line, row: Standard) -> bool:
    """Whether a relation is the one of a row; a bound of −f is another one than that of f."""
    turned = isinstance(line.left, Neg) and row.relation != "="
    return line.operator in RELATIONS[row.relation] and not turned


def of_section(line: Line, document: Document) -> str:
    """The text without what stands under other headings before a line, but for those above its own."""
    own = line.formula.headings
    others = (f for f in document.formulas if f.offset < line.formula.offset and own[: len(f.headings)] != f.headings)
    start = max((f.offset + len(f.latex) for f in others), default=0)
    return " " * start + document.prose[start:]


@cache
def has_a_series(row: Standard) -> bool:
    """Whether texts write a thing as a series."""
    return any(has_no_end(node_of(latex)) for latex in row.formulas)


@cache
def has_a_letter_twice(row: Standard) -> bool:
    """Whether a formula of a thing is made of one letter that stands in it more than once, as p (1 − p) is."""
    alone = (v for v in variants_of(row) if v.known and len(v.formula.atoms) == 1)
    return any(letters_of(node_of(v.latex)).total() > 1 for v in alone)


def letters_of(node: Node) -> Counter[str]:
    """How often each letter stands in an expression."""
    return Counter(n.base for n in walk(node) if isinstance(n, Sym))


def letters_of_arguments(node: Node) -> set[str]:
    """The letters of the arguments of a left side."""
    return {letter for argument in arguments_of(node) for letter in letters_of(argument)}


def named_in(argument: Node) -> tuple[str, ...]:
    """The letter that an argument is; of N(μ, Σ) those of the mean and the spread."""
    match argument:
        case Juxt(items=(Sym() as head, Group(body=Listing(items=(mean, spread))) as group)) if is_normal(head, group):
            found = (atoms_of(mean), atoms_of(spread))
            return (found[0][0].name, found[1][0].name) if all(len(atoms) == 1 for atoms in found) else ()
    return tuple(a.name for a in atoms_of(argument)[:1])
