"""A claim about one step of a recursion, taken alone: h_t and h_{t−1} are two quantities there, and nothing runs.

The text is written again with labels for the indices of the step, and with each definition at the steps that the claim
rests on. What is proved of any two quantities holds of those of a step, and what is false of them is so at each step.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Fraction, Juxt, Node, Sym

from ..chances.knowledge import knowledge_of
from ..context import Context, context_of
from ..documents.document import Document, Formula
from ..lines import Line, Lines, lines_of
from ..scopes import section_with
from .places import Place, indices_in, place_of, places_in
from .scripts import shifts_in, with_labels

MOST_INSTANCES = 12
DIFFERENTIALS = frozenset({"d", "partial"})
Letters = frozenset[str]
Instance = tuple[Line, int]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A claim in a text of its own.

    Attributes:
        document: the text, with labels for the indices.
        line: the claim there.
        context: what the text says.
        letters: of the indices that have labels there.
    """

    document: Document
    line: Line
    context: Context
    letters: Letters


@dataclass(frozen=True, kw_only=True)
class Steps:
    """The claims of a document about one step.

    Attributes:
        document: the text.
        lines: the text taken apart.
        running: the letters that stand with a number added or taken away in some index.
        made: the texts that have been written again.
    """

    document: Document
    lines: Lines
    running: Letters
    made: dict[tuple[object, ...], tuple[Document, Lines]] = field(default_factory=dict)

    def taken(self, line: Line, section: Lines, timeout: float | None) -> Taken | None:
        """A claim taken alone; None if it is of no single step, or rests on more than that."""
        if line.right is None or line.carried is not None or line.operator not in DEFINING:
            return None
        sides = (line.left, line.right)
        letters = frozenset(c for s in sides for c in indices_in(s)) & self.running
        if not letters or with_labels(line.formula.latex, letters) is None or _is_by_all_steps(sides):
            return None
        if _bases(*sides) & _defined_over_all(section, letters, line):
            return None
        place = next(k for k, f in enumerate(self.document.formulas) if f is line.formula)
        instances = tuple(_instances(line, section, letters))
        document, lines = self._again(letters, instances, place)
        formula = document.formulas[place + len(instances)]
        own = [n for n in lines.lines if n.formula is formula]
        same = [n.number for n in self.lines.lines if n.formula is line.formula]
        if len(own) != len(same):
            return None
        claim = own[same.index(line.number)]
        context = context_of(section_with(claim.number, lines, document), timeout)
        context.chances = knowledge_of(lines, document.prose)
        return Taken(document=document, line=claim, context=context, letters=letters)

    def _again(self, letters: Letters, instances: tuple[Instance, ...], place: int) -> tuple[Document, Lines]:
        """The text with labels, and with definitions at other steps before the formula at a place, taken apart."""
        key = letters, tuple((line.number, shift) for line, shift in instances), place if instances else -1
        if key not in self.made:
            document = _with_labels(self.document, letters)
            document = _with_instances(document, letters, instances, document.formulas[place])
            self.made[key] = document, lines_of(document)
        return self.made[key]


def steps_of(document: Document, lines: Lines) -> Steps:
    """What is needed to take the claims of a document alone."""
    running = frozenset(c for f in document.formulas for c in shifts_in(f.latex))
    return Steps(document=document, lines=lines, running=running)


# -- what a claim rests on ---------------------------------------------------------------------------------


def _is_by_all_steps(sides: tuple[Node, ...]) -> bool:
    """Whether something is differentiated by what all steps share, as the weights."""
    for fraction in (n for s in sides for n in walk(s) if isinstance(n, Fraction)):
        above, below = (n.items if isinstance(n, Juxt) else (n,) for n in (fraction.above, fraction.below))
        if all(isinstance(n, Sym) and n.base in DIFFERENTIALS for n in (above[0], below[0])):
            wrt = (n for n in below if not (isinstance(n, Sym) and n.base in DIFFERENTIALS))
            if any(place_of(n) is None for n in wrt):
                return True
    return False


def _defined_over_all(section: Lines, letters: Letters, claim: Line) -> set[str]:
    """The letters that the text defines over all steps, as L = ∑_t L_t: nothing of one step says what they are."""
    found: set[str] = set()
    for line in section.lines:
        latex = line.formula.latex
        over_all = any(c in latex for c in letters) and with_labels(latex, letters) is None
        if line.right is not None and line.formula is not claim.formula and over_all:
            found |= _bases(line.left)
    return found


def _bases(*nodes: Node) -> set[str]:
    return {n.base for node in nodes for n in walk(node) if isinstance(n, Sym)} - DIFFERENTIALS


def _instances(claim: Line, section: Lines, letters: Letters) -> Iterator[Instance]:
    """The definitions to be written at other steps, each with how many steps later.

    What stands at the earliest step of the claim is given there, and so is all else at that step.
    """
    assert claim.right is not None
    known = tuple(_defining(claim, section, letters))
    queue = [p for s in (claim.left, claim.right) for p in places_in(s, letters)]
    earliest = min((p.step for p in queue), default=0)
    seen: set[Place] = set()
    count = 0
    while queue and count < MOST_INSTANCES:
        place = queue.pop(0)
        if place in seen:
            continue
        seen.add(place)
        same = [(line, at) for line, at in known if at.stem == place.stem]
        written = {(line.operator == "in", at.step) for line, at in same}
        for line, at in same:
            declares, shift = line.operator == "in", place.step - at.step
            if shift and ((declares, place.step) in written or not (declares or place.step > earliest)):
                continue
            if shift:
                yield line, shift
                written.add((declares, place.step))
                count += 1
            if not declares and line.right is not None:
                queue += [dataclasses.replace(p, step=p.step + shift) for p in places_in(line.right, letters)]


def _defining(claim: Line, section: Lines, letters: Letters) -> Iterator[tuple[Line, Place]]:
    """The lines before a claim that say what something is at a step, or of which shape."""
    for line in section.lines:
        if line.link or line.right is None or line.formula is claim.formula or line.number > claim.number:
            continue
        place = place_of(line.left, letters) if line.operator in (*DEFINING, "in") else None
        if place is not None and with_labels(line.formula.latex, letters) is not None:
            yield line, place


# -- the text ------------------------------------------------------------------------------------------------


def _with_labels(source: Document, letters: Letters) -> Document:
    """A document with labels for the indices of steps; a formula with an index elsewhere says nothing."""
    changed = {f.latex: with_labels(f.latex, letters) or "" for f in source.formulas}

    def prose(words: str) -> str:
        for latex, label in changed.items():
            words = words.replace(f"${latex}$", f"${label}$") if label and label != latex else words
        return words

    text, position = "", 0
    formulas: list[Formula] = []
    for f in source.formulas:
        text += source.text[position : f.offset]
        latex, offset, position = changed[f.latex], len(text), f.offset_of(len(f.latex))
        around = prose(f.before), prose(f.after)
        formulas.append(
            dataclasses.replace(f, latex=latex, offset=offset, before=around[0], after=around[1], origins=())
        )
        text += latex
    return dataclasses.replace(source, text=text + source.text[position:], formulas=tuple(formulas))


def _with_instances(source: Document, letters: Letters, instances: tuple[Instance, ...], claim: Formula) -> Document:
    """A document with definitions written at other steps before the formula of a claim, where they have no text."""
    place = source.formulas.index(claim)
    written = (with_labels(line.formula.latex[slice(*line.span)], letters, shift) for line, shift in instances)
    added = (dataclasses.replace(claim, latex=latex or "", before="", after="") for latex in written)
    return dataclasses.replace(source, formulas=(*source.formulas[:place], *added, *source.formulas[place:]))
