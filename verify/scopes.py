"""The sections of a document as wholes of their own: what each says of its letters, and what it inherits.

A section means by a letter what it says itself, else what a section around it, before it or within it says.
What speaks of the letter in another way there, as an index, with other indices, as a function, is not inherited.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from derive.notation.definitions import DEFINING
from derive.notation.introduced import only_names
from derive.notation.letters import letters_in
from derive.notation.meanings import Key, Uses, clash, key_of, united, uses_in
from derive.notation.runs import walk
from derive.notation.syntax import Big, Empty, Group, Juxt, Listing, Node, Sym

from .declarations import BELONGS, SIGNS
from .documents.document import Document, Formula
from .lines import Line, Lines
from .roles import OBJECTIVE, introduction
from .unwritten import mean_named

Place = tuple[str, ...]
TITLE = re.compile(r"(?:\A|\n)[ \t]*\n[ \t]*(?P<title>[A-Z][^\n$\\=.,:;!?]{2,50}?)[ \t]*(?=\n[ \t]*\n)")
SMALL_WORDS = frozenset({"a", "an", "and", "as", "at", "for", "in", "of", "on", "or", "the", "to", "via", "vs", "with"})
OPENINGS = frozenset(
    {"Assume", "By", "Consider", "For", "From", "Given", "Hence", "If", "Let", "Note", "Now", "So", "Suppose", "Then"}
    | {"Therefore", "Thus", "Using", "We", "Where", "With", "Again", "Also", "Here", "However", "Likewise", "Moreover"}
    | {"Next", "Otherwise", "Recall", "Since"}
)
MOST_INHERITED = 60


@dataclass(frozen=True, kw_only=True)
class Part:
    """A formula with what it says.

    Attributes:
        place: the section in which it stands: its headings, and the title above it that is no heading.
        nodes, lines: its statements and relations.
        uses: how it uses its letters.
        says: the letters of which it says what they are.
        defines: those of them to which it gives a formula.
        about: the letters in brackets behind those.
        objective: whether it is a product over data, or without a name what the text calls an objective.
    """

    formula: Formula
    place: Place
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    uses: Mapping[Key, Uses]
    says: frozenset[Key]
    defines: frozenset[Key]
    about: frozenset[Key]
    objective: bool


def sections_of(lines: Lines, document: Document) -> tuple[Lines, ...]:
    """A document by its sections, each with what it inherits; a document of one section as it is."""
    parts = _parts(lines, document)
    places = tuple(dict.fromkeys(p.place for p in parts))
    if len(places) < 2:
        return (lines,)
    return tuple(_section(place, parts, lines, document) for place in places)


def section_with(number: int, lines: Lines, document: Document) -> Lines:
    """The section of a document in which a line stands, with what it inherits."""
    parts = _parts(lines, document)
    place = next(p.place for p in parts if any(line.number == number for line in p.lines))
    return lines if all(p.place == place for p in parts) else _section(place, parts, lines, document)


# -- the formulas of a document ------------------------------------------------------------------------


def _parts(lines: Lines, document: Document) -> tuple[Part, ...]:
    titles = [m.start("title") for m in TITLE.finditer(document.prose) if _is_title(m["title"])]
    nodes: dict[int, list[Node]] = {}
    relations: dict[int, list[Line]] = {}
    for node, formula in lines.nodes:
        nodes.setdefault(id(formula), []).append(node)
    for line in lines.lines:
        relations.setdefault(id(line.formula), []).append(line)
    formulas = [f for f in document.formulas if id(f) in nodes]
    place = {id(f): (*f.headings, str(bisect_right(titles, f.offset))) for f in formulas}
    together: dict[Place, list[Node]] = {}
    for f in formulas:
        together.setdefault(place[id(f)], []).extend(nodes[id(f)])
    letters = {p: letters_in(found) for p, found in together.items()}
    return tuple(
        _part(f, place[id(f)], tuple(nodes[id(f)]), tuple(relations.get(id(f), ())), letters[place[id(f)]])
        for f in formulas
    )


def _is_title(text: str) -> bool:
    """Whether a line that stands alone is a title: its words begin with capitals, and it leads to nothing."""
    words = text.split()
    capitals = all(w[0].isupper() or w[0].isdigit() or w in SMALL_WORDS for w in words)
    adverb = len(words) == 1 and words[0].endswith("ly")  # Equivalently
    return capitals and len(words) <= 6 and words[0] not in OPENINGS and not adverb


def _part(
    formula: Formula, place: Place, nodes: tuple[Node, ...], lines: tuple[Line, ...], letters: frozenset[str]
) -> Part:
    said = [(line, sym, group) for line in lines for sym, group in _said(line)]
    defined = {key_of(sym, letters) for line, sym, _ in said if line.operator in DEFINING}
    groups = [group for _, _, group in said if group is not None]
    product = any(isinstance(n, Big) and n.op == "prod" for top in nodes for n in walk(top))
    nameless = formula.display and all(line.right is None for line in lines)
    means = {key_of(sym, letters) for line in lines if (sym := mean_named(line)) is not None}
    return Part(
        formula=formula,
        place=place,
        nodes=nodes,
        lines=lines,
        uses=uses_in(nodes, letters),
        says=frozenset(key_of(sym, letters) for _, sym, _ in said) | means,
        defines=frozenset(defined),
        about=frozenset(key_of(n, letters) for g in groups for n in walk(g) if isinstance(n, Sym)),
        objective=product or (nameless and OBJECTIVE.search(introduction(formula)) is not None),
    )


def _said(line: Line) -> Iterator[tuple[Sym, Group | None]]:
    """The letters of which a relation says what they are, with the bracket behind them."""
    if line.right is None or line.link or isinstance(line.left, Empty):
        return
    if line.operator not in (*DEFINING, *BELONGS, *SIGNS, "<-"):
        return
    for node in line.left.items if isinstance(line.left, Listing) else (line.left,):
        if isinstance(node, Sym):
            yield node, None
        elif isinstance(node, Juxt) and len(node.items) == 2:
            head, group = node.items
            if isinstance(head, Sym) and isinstance(group, Group) and only_names(group):
                yield head, group


# -- one section -----------------------------------------------------------------------------------------


def _section(place: Place, parts: Sequence[Part], lines: Lines, document: Document) -> Lines:
    """A section with the earlier meanings of what it defines itself, unless it is better read without them."""
    own = [p for p in parts if p.place == place]
    introduced = _introduced(own)
    section = _with_inherited(own, parts, lines, document, introduced)
    if not section.misfits or not introduced:
        return section
    others = [p for p in parts if p.place == place or not p.defines & introduced]
    alone = _with_inherited(own, others, lines, document, introduced)
    return alone if alone.misfits < section.misfits else section


def _with_inherited(
    own: Sequence[Part], parts: Sequence[Part], lines: Lines, document: Document, introduced: frozenset[Key]
) -> Lines:
    later = [p for p in parts if _is_later(p, own[0])]
    behind = {id(p) for p in later}
    inherited, contrary = _inherited(own, [p for p in parts if id(p) not in behind])
    kept = sorted([*own, *inherited], key=lambda p: p.formula.offset)
    numbers = {line.number for p in kept for line in p.lines}
    return dataclasses.replace(
        lines,
        lines=tuple(line for line in lines.lines if line.number in numbers),
        nodes=tuple((n, p.formula) for p in kept for n in p.nodes),
        prose=f"{_prose(own, parts, document)}\n\n{lines.prose}",
        own=frozenset(line.number for p in own for line in p.lines),
        seen=tuple(_seen(kept, parts)),
        introduced=introduced,
        later=frozenset(key for p in later for key in p.defines) - {key for p in kept for key in p.defines},
        contrary=tuple((line, letter) for part, letter in contrary for line in part.lines),
    )


def _is_later(part: Part, first: Part) -> bool:
    """Whether a formula stands in a later section that is no part of the one which begins with another."""
    *headings, title = first.place
    within = part.place[: len(headings)] == tuple(headings) and part.place[-1] == title
    return part.formula.offset > first.formula.offset and not within


def _inherited(own: Sequence[Part], parts: Sequence[Part]) -> tuple[list[Part], list[tuple[Part, Key]]]:
    """What else counts in a section, and what would but for a letter that means something else there."""
    uses = united(pair for p in own for pair in p.uses.items())
    wanted = {key for key, use in uses.items() if use.ranks}
    kept: list[Part] = []
    contrary: list[tuple[Part, Key]] = []
    told = {key for p in own for key in p.says}
    others = _by_nearness(own, parts)
    grown = True
    while grown and len(kept) < MOST_INHERITED:
        grown = False
        for part in tuple(others):
            if not _is_wanted(part, wanted, told, own[0].formula.offset):
                continue
            others.remove(part)
            letter = clash(uses, part.uses)
            if letter is not None:
                contrary.append((part, letter))
                continue
            kept.append(part)
            told |= part.says
            uses = united((*uses.items(), *part.uses.items()))
            new = {key for key, use in part.uses.items() if use.ranks} - wanted
            wanted |= new
            grown = grown or bool(new)
    return kept, contrary


def _is_wanted(part: Part, wanted: set[Key], told: set[Key], start: int) -> bool:
    """Whether a formula says what a letter means, or may be what the section speaks of; a later one only the former."""
    if part.formula.offset > start:
        return bool(part.says & (wanted - told))
    return part.objective or bool(part.says & wanted) or bool(part.defines and part.about & wanted)


def _introduced(own: Sequence[Part]) -> frozenset[Key]:
    """The letters that a section defines before it uses them in another relation."""
    used: set[Key] = set()
    found: set[Key] = set()
    for part in own:
        found |= part.defines - used
        if any(line.right is not None for line in part.lines):
            used |= part.uses.keys()
    return frozenset(found)


def _by_nearness(own: Sequence[Part], parts: Sequence[Part]) -> list[Part]:
    """The other formulas: of the sections around this one, then those before it, the nearest first, then the rest."""
    place, start = own[0].place, own[0].formula.offset
    others = [p for p in parts if p.place != place]

    def rank(part: Part) -> tuple[int, int]:
        headings = part.place[:-1]
        around = place[: len(headings)] == headings and part.formula.offset < start
        before = part.formula.offset < start
        distance = abs(part.formula.offset - start)
        return (0 if around else 1 if before else 2), distance

    return sorted(others, key=rank)


def _seen(kept: Sequence[Part], parts: Sequence[Part]) -> Iterator[Sym]:
    """Letters with the indices that they have elsewhere, where they have none here."""
    uses = united(pair for p in kept for pair in p.uses.items())
    bare = {key for key, use in uses.items() if use.ranks == frozenset({0}) and not use.index}
    inside = {id(p) for p in kept}
    shown: set[tuple[Key, int]] = set()
    for part in parts:
        for key, use in part.uses.items() if id(part) not in inside else ():
            rank = max(use.ranks, default=0)
            if key in bare and use.sign is not None and (key, rank) not in shown:
                shown.add((key, rank))
                yield use.sign


def _prose(own: Sequence[Part], parts: Sequence[Part], document: Document) -> str:
    """The text of a section, from the formula before it to the formula behind it."""
    first, last = own[0].formula.offset, own[-1].formula.offset
    before = [p.formula.offset + len(p.formula.latex) for p in parts if p.formula.offset < first]
    behind = [p.formula.offset for p in parts if p.formula.offset > last]
    return document.prose[max(before, default=0) : min(behind, default=len(document.prose))]
