"""Whether a formula is one of the standard formulas of a thing, its letters playing parts that they may play."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from types import MappingProxyType

import numpy as np

from derive.notation.runs import walk
from derive.notation.syntax import Node, Num
from derive.standards.standard import Domain, Part, Standard

from .drawing import SIZES, drawn
from .letters import Atom
from .parts import atom_named, is_of_another_step, node_of, parts_by_name
from .terms import Formula, formula_of
from .values import Unclear, Value

FEWEST, MOST_ASSIGNMENTS, MOST_NUMBERS = 4, 720, 24
TOLERANCE = 1e-9
Assignment = Mapping[Atom, Part]
Numbers = Mapping[str, float]
NO_NUMBERS: Numbers = MappingProxyType({})
Given = tuple[tuple[str, ...], ...]
Forced = Mapping[str, frozenset[str]]  # the parts that letters play, as the arguments tell


@dataclass(frozen=True, kw_only=True)
class Match:
    """A standard formula that a formula is, and how.

    Attributes:
        standard: the thing.
        latex: its formula.
        assignment: the part that each letter plays.
        known: whether it is one of the formulas under which the thing is known.
        certain: whether, besides, nearly all letters are those by which their parts are known.
    """

    standard: Standard
    latex: str
    assignment: Assignment
    known: bool
    certain: bool


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A standard formula as a function of the parts of its row."""

    latex: str
    formula: Formula
    parts: Assignment
    known: bool


@cache
def variants_of(standard: Standard) -> tuple[Variant, ...]:
    """The formulas of a row, read.

    Raises: Unclear, ValueError: if one cannot be read or has a letter that is no part of the row.
    """
    found = [(latex, True) for latex in standard.formulas] + [(latex, False) for latex in standard.also]
    return tuple(_variant(latex, known, standard) for latex, known in found)


def _variant(latex: str, known: bool, standard: Standard) -> Variant:
    formula = formula_of(node_of(latex))
    parts: dict[Atom, Part] = {}
    for atom in formula.atoms:
        named = [p for p in standard.parts if atom_named(p.letter).name in (atom.name, atom.core)]
        if not named:
            raise Unclear(f"{standard.name}: {atom.name} is no part of the row")
        parts[atom] = next((p for p in named if ("mathbf" in p.letter) == atom.bold), named[0])
    return Variant(latex=latex, formula=formula, parts=parts, known=known)


# -- assignments -----------------------------------------------------------------------------------------


def match(
    node: Node, standard: Standard, given: Given = (), *, numbers: bool = True, free: bool = False
) -> Match | None:
    """The standard formula that an expression is; None if it is none of the row.

    Args:
        node: the expression.
        standard: the row.
        given: the names of the letters that are the arguments of the thing, or the mean and the spread of these, in
            order; empty if the text has none.
        numbers: whether a part may also be a number, where the row allows it.
        free: whether letters without a label may play any part, whatever is usual.
    Raises: Unclear: if the expression is not read, or has no value.
    """
    formula = formula_of(node)
    variants = variants_of(standard)
    if not numbers and not has_its_letters(formula.atoms, standard):
        return None
    first: Match | None = None
    for values in _numbers(node, standard) if numbers else ({},):
        wanted = _Values(variants, values) if values else _values_of(standard)
        for assignment in assignments(formula, standard, given, free=free):
            for variant in wanted.equal(formula, assignment):
                known = variant.known and not values
                certain = known and _is_customary(assignment, standard)
                found = Match(
                    standard=standard, latex=variant.latex, assignment=assignment, known=known, certain=certain
                )
                if certain:
                    return found
                first = found if first is None or (known and not first.known) else first
    return first


def has_its_letters(atoms: tuple[Atom, ...], standard: Standard) -> bool:
    """Whether some formula of a row has as many letters, with as many running indices each."""
    return _arities(atoms) in _known_arities(standard)


def _arities(atoms: Iterable[Atom]) -> tuple[int, ...]:
    """How many indices each letter has, sorted: what formulas with the same letters have in common."""
    return tuple(sorted(a.arity for a in atoms))


@cache
def _known_arities(standard: Standard) -> frozenset[tuple[int, ...]]:
    return frozenset(_arities(v.formula.atoms) for v in variants_of(standard))


def _numbers(node: Node, standard: Standard) -> Iterator[Numbers]:
    """No part a number; then each part that may be one as 1, or as a number that the expression writes."""
    yield {}
    free = [p.letter for p in standard.parts if p.may_be_number]
    written = {float(n.text.replace(",", "")) for n in walk(node) if isinstance(n, Num)}
    choices = [(None, *sorted({1.0, *written})[:4]) for _ in free]
    combined = (dict(zip(free, c, strict=True)) for c in islice(product(*choices), MOST_NUMBERS))
    yield from (
        {n: v for n, v in c.items() if v is not None} for c in combined if any(v is not None for v in c.values())
    )


def assignments(
    formula: Formula, standard: Standard, given: Given = (), *, free: bool = False
) -> Iterator[dict[Atom, Part]]:
    """The ways in which the letters may play the parts, each part by one letter; the first of very many."""
    yield from islice(_assignments(formula, standard, given, free), MOST_ASSIGNMENTS)


def _assignments(formula: Formula, standard: Standard, given: Given, free: bool) -> Iterator[dict[Atom, Part]]:
    arities: dict[str, set[int]] = {}
    for variant in variants_of(standard):
        for atom, part in variant.parts.items():
            arities.setdefault(part.letter, set()).add(atom.arity)
    forced = _forced(formula.atoms, standard, given)
    listed = {a: [] if free and _is_soft(a, standard, forced) else _listed(a, standard, forced) for a in formula.atoms}
    only = [parts[0].letter for parts in listed.values() if len(parts) == 1]
    left = [p for p in standard.parts if p.letter not in only and not p.firm]
    options = []
    for a in formula.atoms:
        shared = len(listed[a]) == 1 and only.count(listed[a][0].letter) > 1  # t and y, both written for a target
        open_ = (shared or _siblings(a, formula.atoms)) and not any(p.firm for p in listed[a])
        found = listed[a] + left if open_ else listed[a] or left
        options.append([p for p in dict.fromkeys(found) if _fits(a, p, arities, formula.limits)])
    yield from _chosen(formula.atoms, options, {}, frozenset())


def _forced(atoms: tuple[Atom, ...], standard: Standard, given: Given) -> dict[str, frozenset[str]]:
    """The parts of the letters that stand among the arguments: p and q of KL(p ‖ q), all of KL(N(m, S) ‖ N(u, T))."""
    single = [g[0] for g in given if len(g) == 1]
    if len(single) == len(given) == len(standard.arguments):
        letters = dict(zip(single, standard.arguments, strict=True))
        if letters.keys() <= {a.name for a in atoms}:
            return {name: frozenset({part}) for name, part in letters.items()}
        told = {a.name: a.core for a in atoms if a.core in letters}  # q(x) is q
        return {n: frozenset({letters[c]}) for n, c in told.items()} if sorted(told.values()) == sorted(single) else {}
    found: dict[str, frozenset[str]] = {}
    if len(given) == len(standard.normals) and not single:
        for argument, parts in zip(given, standard.normals, strict=True):
            for name, letters_of in zip(argument, parts, strict=True):
                found[name] = found.get(name, frozenset()) | frozenset(letters_of)
    return found


def _fits(atom: Atom, part: Part, arities: Mapping[str, set[int]], limits: frozenset[str]) -> bool:
    """Whether a letter has as many indices as its part; what counts the terms of sums stands above one of them."""
    counts = part.domain is not Domain.COUNT or not limits or atom.core in limits
    return counts and atom.arity in arities.get(part.letter, ())


def _listed(atom: Atom, standard: Standard, forced: Forced) -> list[Part]:
    """The parts whose letter this is: by its whole name, or else without its labels or indices."""
    if atom.name in forced:
        return [p for p in standard.parts if p.letter in forced[atom.name]]
    written = parts_by_name(standard)
    found = next((written[name] for name in atom.names if name in written), [])
    if not found and atom.arity and not atom.value:  # of V(s') what stands there for every s'
        of_core = {p: [a for w in p.written if (a := atom_named(w)).core == atom.core] for p in standard.parts}
        found = [p for p, alike in of_core.items() if any(a.value for a in alike)]
    return found


def _is_soft(atom: Atom, standard: Standard, forced: Forced) -> bool:
    """Whether a letter may mean anything: `x`, `x_a`, but not `FP`, `β_2` or `ŷ` where a row has them."""
    whole = [name for name in (atom.name, atom.value) if len(name) > 1]
    named = any(name in parts_by_name(standard) for name in whole)
    firm = any(p.firm and atom_named(w).name == atom.core for p in standard.parts for w in p.written)
    return atom.name not in forced and not firm and not named


def _chosen(
    atoms: tuple[Atom, ...], options: list[list[Part]], taken: dict[Atom, Part], used: frozenset[str]
) -> Iterator[dict[Atom, Part]]:
    if len(taken) == len(atoms):
        yield dict(taken)
        return
    atom = atoms[len(taken)]
    for part in options[len(taken)]:
        if part.letter not in used:
            yield from _chosen(atoms, options, {**taken, atom: part}, used | {part.letter})


def _is_customary(assignment: Assignment, standard: Standard) -> bool:
    """Whether all letters but one are among those by which texts write their parts.

    None may be one of another step, and that one none by which texts write another part.
    """
    others = strange(assignment, standard)
    if any(is_of_another_step(a, p) for a, p in assignment.items()) or any(is_listed(a, standard) for a in others):
        return False
    return len(others) <= (1 if len(assignment) > 2 else 0)


def strange(assignment: Assignment, standard: Standard) -> tuple[Atom, ...]:
    """The letters that are none of those by which texts write their parts, nor x_b beside such an x_a.

    The x_{t-1} by which texts write one part is strange in another one, whatever stands beside it.
    """
    known = {a for a, p in assignment.items() if p in _listed(a, standard, {})}
    named = parts_by_name(standard)
    beside = {a for a in assignment if a.name not in named and known & set(_siblings(a, tuple(assignment)))}
    return tuple(a for a in assignment if a not in known and a not in beside)


def _siblings(atom: Atom, atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """The same letter with other free indices: x_b beside x_a."""
    return tuple(a for a in atoms if a != atom and a.core == atom.core and a.arity == atom.arity)


def may_be_customary(atoms: tuple[Atom, ...], standard: Standard) -> bool:
    """Whether all letters but one may be among those by which texts write the parts of a thing."""
    listed = {a.core for a in atoms if is_listed(a, standard)}
    return sum(a.core not in listed for a in atoms) <= 1


def is_listed(atom: Atom, standard: Standard) -> bool:
    """Whether a letter is one by which texts write some part of the thing."""
    return bool(_listed(atom, standard, {}))


def has_beside(atom: Atom, standard: Standard) -> bool:
    """Whether a formula of a row has two parts that are written with a letter, one of them with running indices.

    x and x_i in Σ_i K(x − x_i) y_i.
    """

    def arities(variant: Variant) -> set[bool]:
        parts = ((a.arity > 0, p) for a, p in variant.parts.items())
        return {runs for runs, p in parts if any(atom_named(w).name == atom.name for w in p.written)}

    return any(len(arities(v)) == 2 for v in variants_of(standard))


def is_firm(atom: Atom, standard: Standard) -> bool:
    """Whether a letter tells beyond doubt which part of the thing it is."""
    return any(p.firm for p in _listed(atom, standard, {}))


# -- values ----------------------------------------------------------------------------------------------


@cache
def _values_of(standard: Standard) -> _Values:
    return _Values(variants_of(standard), {})


class _Values:
    """The values of the variants of a row at a few points."""

    def __init__(self, variants: tuple[Variant, ...], numbers: Numbers) -> None:
        used = {p.letter for v in variants for p in v.parts.values()}
        self.numbers = numbers
        self.variants = [
            v for v in variants if not numbers or numbers.keys() & {p.letter for p in v.parts.values()} & used
        ]
        self.played = [{p.letter for p in v.parts.values()} - numbers.keys() for v in self.variants]
        self.known: dict[tuple[int, int], Value | None] = {}

    def equal(self, formula: Formula, assignment: Assignment) -> Iterator[Variant]:
        """The variants that have the formula's values at all points where both have one."""
        if {p.letter for p in assignment.values()} & self.numbers.keys():
            return
        played = {p.letter for p in assignment.values()}
        alike = [k for k, letters in enumerate(self.played) if letters == played]
        first = self._value(formula, assignment, 0) if alike else None
        for k in alike:
            variant = self.variants[k]
            if first is not None and not _close(first, self._of(k, 0)):
                continue
            agreed = 0
            for trial in range(len(SIZES)):
                a, b = self._value(formula, assignment, trial), self._of(k, trial)
                if a is None or b is None:
                    if (a is None) != (b is None):
                        break
                    continue
                if not _close(a, b):
                    break
                agreed += 1
            else:
                if agreed >= FEWEST:
                    yield variant

    def _of(self, k: int, trial: int) -> Value | None:
        if (k, trial) not in self.known:
            variant = self.variants[k]
            self.known[k, trial] = self._value(variant.formula, variant.parts, trial)
        return self.known[k, trial]

    def _value(self, formula: Formula, assignment: Assignment, trial: int) -> Value | None:
        return value_at(formula, assignment, trial, self.numbers)


def value_at(formula: Formula, assignment: Assignment, trial: int, numbers: Numbers = NO_NUMBERS) -> Value | None:
    """The value of a formula in one of the trials; None if it has none there.

    Args:
        formula: what is evaluated.
        assignment: the part that each of its letters plays.
        trial: which values these have.
        numbers: the parts that are numbers instead.
    """

    def value_of(atom: Atom, at: tuple[int, ...]) -> Value:
        part = assignment[atom]
        return numbers.get(part.letter) or drawn(part, at, trial)

    try:
        found = formula.at(value_of, SIZES[trial])
    except Unclear:
        return None
    return found if np.all(np.isfinite(found)) else None


def _close(a: Value | None, b: Value | None) -> bool:
    if a is None or b is None or np.shape(a) != np.shape(b):
        return False
    return bool(np.all(np.abs(np.asarray(a) - b) <= TOLERANCE * np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-3)))
