"""Definitions of things that have a standard formula: they are it, or one small edit away from it.

A definition that is another one says nothing about the standard: only a near miss of it is called wrong.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from derive.model import ModelError
from derive.notation.definitions import DEFINING
from derive.notation.dictionary import Unreadable
from derive.notation.runs import walk
from derive.notation.syntax import Big, Group, Neg, Node, Sym
from derive.standards.standard import Standard
from derive.standards.table import STANDARDS

from ..context import Context
from ..deciding import judged
from ..documents.document import Document
from ..found import Found, read_as
from ..functions import Key, key_of
from ..lines import Line
from ..repair import repair_right_side
from ..results import StatementKind, Verdict
from ..rules import wrong_exponent, wrong_sign
from .bars import conditions_otherwise
from .beginnings import begins_otherwise
from .coefficients import may_count, weighs_otherwise
from .given import definitions, definitions_before, says_otherwise, written
from .indices import (
    before,
    binds_what_is_free,
    carried_from_another,
    has_no_end,
    is_of_itself,
    leaves_out_a_term,
    leaves_out_an_argument,
    overruns,
    steps_back,
    summed_otherwise,
)
from .laws import draws_otherwise
from .letters import called
from .matching import (
    Match,
    has_beside,
    has_its_letters,
    is_firm,
    is_listed,
    match,
    may_be_customary,
    strange,
)
from .misses import SAME_LETTERS, clear_miss, is_told_apart
from .naming import (
    arguments_of,
    as_written,
    is_called_so,
    is_of_another,
    is_the_thing,
    is_varied,
    may_be_named,
    named_by,
    named_last,
    parameters_of,
    unsigned,
)
from .orientation import takes_rows_for_columns
from .parts import node_of
from .selection import (
    has_a_letter_twice,
    has_a_series,
    is_related,
    last_of,
    letters_of,
    letters_of_arguments,
    named_in,
    of_section,
    writes_alike,
)
from .settled import contradiction
from .squares import is_squared, named_squared
from .strangers import stranger_found
from .terms import atoms_of, formula_of, puts_a_value_into_another
from .undecorated import undecorated_found
from .values import Unclear
from .variances import as_squares, called_variances
from .words import spelled, words_in, words_of

OPEN = (Verdict.DEFINED, Verdict.UNDECIDED, Verdict.UNREAD)
FEWEST_LETTERS = 2
NOTHING: Mapping[Key, Group] = MappingProxyType({})


def standard_found(line: Line, document: Document, context: Context, found: Found) -> Found | None:
    """What is found of a line that defines a thing with a standard formula; None if it stays as it was found."""
    if found.verdict not in OPEN or line.right is None or (named := _named(line, context)) is None:
        return None
    before_it, line, right = line.left, named, named.right
    rows, by_left = named_by(line, document.prose)
    if right is None or not (rows := tuple(row for row in rows if is_related(line, row))):
        return None
    given = definitions_before(line, context)
    matches = [m for row in rows if (m := _match(line, row, given)) is not None]
    others = {m.standard.name for m in matches if _carried(line, right, m) is not None}
    matches = [m for m in matches if m.standard.name not in others and not takes_rows_for_columns(m, line, context)]
    matches = [m for m in matches if not conditions_otherwise(right, m.latex)]
    if matches and (_is_doubtful(before_it, line, matches, given) or begins_otherwise(matches, line, context, _match)):
        return None
    if matches and not _missing(line, right, context) and not _is_circular(line):
        best = next((m for m in matches if m.certain), matches[0])
        if odd := _of_no_convention(best, line, document, context, found):
            return odd
        doubted = is_varied(line, best.standard) or weighs_otherwise(line, context) or _leaves_out(line, best)
        doubted = doubted or leaves_out_an_argument(line, given) or overruns(right)
        return _is_usual(best, line, found, certain=best.certain and not doubted)
    last = rows if len(rows) == 1 or by_left else named_last(line, document.prose, rows)
    rows = tuple(row for row in rows if not is_of_another(line, row) and writes_alike(right, row))
    for of_another in (stranger_found, undecorated_found) if len(last) == 1 and last[0] in rows else ():
        if odd := of_another(line, last[0], context, found, _match):
            return odd
    if not (rows := tuple(row for row in rows if _may_be(line, row))):
        return None
    last = last_of(last, rows, line)
    another = not by_left and _is_certainly_another(line, rows)
    if (another and not is_called_so(line, rows)) or _becomes_usual(line, rows, given, context):
        return None
    freely = [m for row in rows if row.name not in others and (m := _match(line, row, given, free=True))]
    fits = not all(takes_rows_for_columns(m, line, context) for m in freely)
    if fits and not _missing(line, right, context) and not _is_circular(line):
        return None
    own, _ = named_by(line, of_section(line, document))
    spelled_out = _spelled(right, _words_of(line))
    own = tuple(row for row in rows if row in own and not draws_otherwise(right, row))
    misses = ((row, _near_miss(line, row, document, context, found)) for row in own)
    found_misses = (
        (row, m if not another or (m and m.rule in (wrong_sign.RULE.code, wrong_exponent.RULE.code)) else None)
        for row, m in misses
    )
    missed = clear_miss(found_misses, own, last)
    if missed is not None or another or last != own or _missing(line, right, context):
        return missed
    wrong = next((contradiction(line, spelled_out, row) for row in own if is_the_thing(line, row)), None)
    return wrong and dataclasses.replace(wrong, reading=found.reading or read_as(line, context))


def _of_no_convention(best: Match, line: Line, document: Document, context: Context, found: Found) -> Found | None:
    """The conflict of what would be a usual formula, or another convention, did the text not say otherwise."""
    if best.known:
        return None if best.certain else undecorated_found(line, best.standard, context, found, _match)
    bare, told = named_squared(line, document.prose), is_told_apart(line, best)
    missed = _near_miss(line, best.standard, document, context, found) if bare or told else None
    return missed if told or (bare and is_squared(missed, bare)) else None


def _is_doubtful(before_it: Node, line: Line, matches: list[Match], given: Mapping[Key, Group]) -> bool:
    """Whether a usual formula proves nothing: its sums differ, or the B of A = B = C is no formula of what A names."""
    assert line.right is not None
    if summed_otherwise(line) or binds_what_is_free(line.right):
        return True
    other = None if key_of(before_it) == key_of(line.left) else dataclasses.replace(line, right=before_it)
    return other is not None and all(_match(other, m.standard, given) is None for m in matches)


def _named(line: Line, context: Context) -> Line | None:
    """A line with the left side that its chain of equations begins with, of which each link is a formula."""
    first = line
    while first.link:
        former = next((n for n in context.lines.lines if n.number == first.number - 1), None)
        if former is None or former.formula is not line.formula or first.operator not in DEFINING:
            return None
        if former.operator == "to":  # w → w' = w − r g says what w' is
            break
        first = former
    return line if first is line else dataclasses.replace(line, left=first.left, link=0)


def _becomes_usual(line: Line, rows: tuple[Standard, ...], given: Mapping[Key, Group], context: Context) -> bool:
    """Whether the next formula of a chain of equations is a usual one, and is proved to be equal to this one."""
    after = next((n for n in context.lines.lines if n.number == line.number + 1), None)
    if after is None or after.right is None or after.formula is not line.formula or not after.link:
        return False
    next_one = dataclasses.replace(line, right=after.right)
    if not any((m := _match(next_one, row, given)) is not None and m.certain for row in rows):
        return False
    try:
        return judged(after, context)[1].verdict in (Verdict.PROVED, Verdict.HOLDS)
    except (Unreadable, ModelError):
        return False


def _is_certainly_another(line: Line, rows: tuple[Standard, ...]) -> bool:
    """Whether a line is beyond doubt a usual formula of a thing other than those it may define."""
    assert line.right is not None
    atoms = atoms_of(_spelled(line.right, _words_of(line)))
    others = (row for row in STANDARDS if row not in rows and may_be_customary(atoms, row) and may_be_named(line, row))
    matches = (m for row in others if (m := _match(line, row, numbers=False)) is not None and m.certain)
    own = (m for m in matches if not any(is_listed(a, r) for a in strange(m.assignment, m.standard) for r in rows))
    return any(_carried(line, line.right, m) is None for m in own)


def _leaves_out(line: Line, match: Match) -> bool:
    """Whether a sum ends where the one of the usual formula does not, or a letter counts that is 0 or 1 there."""
    assert line.right is not None
    return leaves_out_a_term(line.right) != leaves_out_a_term(node_of(match.latex)) or may_count(line, match)


def _is_usual(match: Match, line: Line, found: Found, *, certain: bool) -> Found | None:
    because = f"it is a usual formula of the {match.standard.name}"
    if not certain:
        return Found(kind=found.kind, verdict=found.verdict, because=found.because or because, reading=found.reading)
    return Found(kind=StatementKind.CLAIM, verdict=Verdict.HOLDS, because=because, reading=found.reading)


def _near_miss(line: Line, row: Standard, document: Document, context: Context, found: Found) -> Found | None:
    """The conflict with the standard formula of which a definition is one edit away.

    An edit that leaves out a letter or a running index does not count; one that puts another letter in the place of the
    last of its kind counts only where no other edit helps.
    """
    assert line.right is not None
    words = _words_for(line, row)
    right = _spelled(line.right, words)
    indices, at = _indices(right), {part for a in atoms_of(right) if a.value for part in called(a)}
    circular, other = _is_circular(dataclasses.replace(line, right=right)), _carried_by(line, right, row)
    letters, own = letters_of(right), set(() if other else letters_of(line.left)) - letters_of_arguments(line.left)

    def rank(edited: Node) -> int | None:
        after = letters_of(_spelled(edited, words))
        lost, gained = letters.keys() - after.keys(), after.keys() - letters.keys()
        if (
            after.total() < letters.total()
            or (gained & own and line.operator != "<-")
            or _missing(line, edited, context)
            or _is_circular(dataclasses.replace(line, right=edited))
            or (circular and not steps_back(line.left, edited))
            or _indices(_spelled(edited, words)) < indices
            or puts_a_value_into_another(right, _spelled(edited, words))
        ):
            return None
        near = _match(dataclasses.replace(line, right=edited), row, given, numbers=False)
        if near is None or _carried(line, edited, near, anywhere=True):
            return None
        if any(a.value and at.isdisjoint(called(a)) for a in near.assignment):  # q (1 − e) taken for q at 1 − e
            return None
        if other is not None and getattr(line.left, "base", "") not in _carriers(near):
            return None
        odd = takes_rows_for_columns(near, line, context) or strange(near.assignment, row)
        return int(bool(lost)) if near.certain and not odd else None

    given = definitions_before(line, context)
    names = tuple(_names(right, row, line, document))
    whole = any(has_its_letters(atoms_of(n), row) for n in (right, written(right, given)))
    skip = frozenset[str]() if whole else SAME_LETTERS
    missing = frozenset(w for part in row.parts for w in part.written) - {a.name for a in atoms_of(right)}
    source = _spelled(as_written(line), words)
    if atoms_of(source) != atoms_of(right) and _match(dataclasses.replace(line, right=source), row, given):
        return None
    mended = repair_right_side(dataclasses.replace(line, right=right), context, rank, names, skip=skip, missing=missing)
    if mended is None:
        return None
    (rule, suggestion), reading = mended, found.reading or read_as(line, context)
    because = f"it is not the usual formula of the {row.name}, from which it differs in one place"
    return Found(verdict=Verdict.CONFLICT, because=because, reading=reading, rule=rule.code, suggestion=suggestion)


def _carried(line: Line, right: Node, match: Match, *, anywhere: bool = False) -> Sym | None:
    """The letter that plays the thing itself a step before, and is another than the one on the left."""
    return carried_from_another(line.left, right, _carriers(match), anywhere=anywhere)


def _carriers(match: Match) -> frozenset[str]:
    """The letters that play the thing itself a step before."""
    played = (a.core for a, part in match.assignment.items() if part.letter in match.standard.carries)
    return frozenset(core.split("_")[0] for core in played)


def _carried_by(line: Line, right: Node, row: Standard) -> Sym | None:
    """The letter that stands where the formulas of a row may have the thing itself a step before."""
    if not row.carries:
        return None
    letters = frozenset(n.base for n in walk(right) if isinstance(n, Sym))
    return carried_from_another(line.left, right, letters, anywhere=False)


def _is_circular(line: Line) -> bool:
    """Whether an equation gives a name by itself, which only an assignment may."""
    return line.operator != "<-" and line.right is not None and is_of_itself(line.left, line.right)


def _match(
    line: Line, row: Standard, defined: Mapping[Key, Group] = NOTHING, *, numbers: bool = True, free: bool = False
) -> Match | None:
    """The formula of a row that a right side is, as it stands, or with what the text defines written out."""
    assert line.right is not None
    right = _read(line, row)
    right = Neg(body=right, span=right.span) if isinstance(line.left, Neg) else right
    given = tuple(names for node in arguments_of(unsigned(line.left)) if (names := named_in(node)))
    first: Match | None = None
    short = {key: body for key, body in defined.items() if not any(isinstance(n, Big) for n in walk(body))}
    tried: list[Node] = []
    for node in (right, written(right, short), written(right, defined)):  # ᾱ is known by its letter
        if node in tried:
            continue
        tried.append(node)
        try:
            found = match(node, row, given, numbers=numbers, free=free)
        except Unclear:
            continue
        if found is not None and found.certain and not says_otherwise(node, found, defined):
            return found
        first = first or found
    return None if first is None else dataclasses.replace(first, certain=False)


def _may_be(line: Line, row: Standard) -> bool:
    """Whether a formula can be read, and has letters of the thing and no other."""
    assert line.right is not None
    try:
        formula = formula_of(_read(line, row))
    except Unclear:
        return False
    if has_no_end(line.right) and not has_a_series(row):  # a series is no slip for the sum over data
        return False
    atoms = formula.atoms
    running = {a.core for a in atoms if a.arity}
    plain = (a for a in atoms if a.name in running and not a.arity)
    whole = any(not has_beside(a, row) for a in plain)  # y beside y_k: a vector, in a notation of its own
    briefly = {a.name for a in atoms if a.name == a.core}  # the q of E_q beside q(z | x), which it stands for
    if any(a.core in briefly and "|" in a.name for a in atoms):
        return False
    summed = len(atoms) == 1 and atoms[0].arity > 0 and has_its_letters(atoms, row)  # the p_k of 1 − Σ_k p_k²
    enough = len(atoms) >= FEWEST_LETTERS or summed or (atoms and all(is_firm(a, row) for a in atoms))
    enough = enough or (len(atoms) == 1 and has_a_letter_twice(row) and letters_of(line.right).total() > 1)
    return bool(enough) and all(is_listed(a, row) for a in atoms) and not whole


def _prose(line: Line) -> str:
    return f"{line.formula.before} {line.formula.after}"


def _read(line: Line, row: Standard) -> Node:
    """A right side with its words as names, and with the squares of a row for what the text calls variances."""
    assert line.right is not None
    return as_squares(_spelled(line.right, _words_for(line, row)), called_variances(_prose(line)), row)


def _words_of(line: Line) -> frozenset[str]:
    return words_in(_prose(line)) | words_of(STANDARDS)


def _words_for(line: Line, row: Standard) -> frozenset[str]:
    """The words of a line without those that are letters of a row side by side: P R of precision and recall."""
    written = {w for part in row.parts for w in part.written}
    letters = written | words_of((row,))
    inward = {"in"} if any(w.endswith("_{in}") for w in written) else set()  # a word below a size, and no two indices
    return frozenset(w for w in _words_of(line) if w in letters or not letters.issuperset(w)) | inward


def _spelled(node: Node, words: frozenset[str]) -> Node:
    return spelled(node, lambda word: word in words)


def _missing(line: Line, right: Node, context: Context) -> set[str]:
    """The parameters that a left side announces, K(x | α, ρ), and a right side of which it has others does not have.

    What the letters of the right side stand for counts, wherever the text says it: the z of a standardised value.
    """
    announced = {n.base for n in parameters_of(line.left) if isinstance(n, Sym)}
    missing = announced - {a.core for a in atoms_of(right)}
    if not missing or len(missing) == len(announced):
        return set()
    return missing - {a.core for a in atoms_of(written(right, definitions(line, context)))}


def _indices(node: Node) -> int:
    """How many indices that are summed over the letters of an expression have."""
    return sum(a.arity for a in atoms_of(node))


def _names(right: Node, row: Standard, line: Line, document: Document) -> Iterator[str]:
    """The names of several letters that the text uses for parts of the thing, as the formula would write them."""
    if _is_circular(dataclasses.replace(line, right=right)):
        yield before(line.formula.latex[slice(*line.left.span)])
    other = _carried_by(line, right, row)
    if other is not None and isinstance(line.left, Sym):
        yield line.formula.latex[slice(*other.span)].replace(other.base, line.left.base)
    known = sorted(words_of((row,)) & words_in(document.prose))
    for sym in (n for n in walk(right) if isinstance(n, Sym) and n.base in known):
        source = line.formula.latex[slice(*sym.span)]
        counts = sorted(w for w in words_of((row,)) if w.isupper() and sym.base.isupper() and len(w) == len(sym.base))
        yield from (source.replace(sym.base, other) for other in dict.fromkeys((*known, *counts)) if other != sym.base)
