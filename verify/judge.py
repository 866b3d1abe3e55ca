"""The verdict on one equation: proved, holds, refuted or undecided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from sympy import Expr, Idx, Integer

from derive.alongsteps import prove_along
from derive.model import Model
from derive.notation.definitions import quantity
from derive.notation.elaborate import Reader
from derive.notation.lookup import NOT_SAID
from derive.notation.syntax import Node
from derive.prove import Proof
from derive.quantities import Kind, Quantity
from derive.vocabulary import Partial, indices_of, is_name, name_of, names_in, scalar

from .atsizeone import at_size_one
from .carry_out import undefined, with_unknown_slopes
from .entries import prove_entries
from .evaluation import needed
from .maybemeans import held_by_mean
from .points import Allowed
from .refute import refute
from .results import Counterexample, Verdict
from .secondreader import agree_source
from .standins import UNTOLD, UNTOLD_SLOPE, claims_of_others, has_any
from .symmetric import prove_symmetric
from .unknown import MORE_OF, SAYS_OF

FEWEST_TRIALS = 4
SPOKEN_AGAINST = "numbers speak against it, but "
NO_NUMBER = " is no number"
ROUNDED = " may be rounded"
FAR = 0.3  # of the larger side
RAISED = re.compile(r"\s*\^[\s{]*\Z|\s+\Z")


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What was found about left = right, and why."""

    verdict: Verdict
    because: str
    counterexample: Counterexample | None = None


@dataclass(frozen=True, kw_only=True)
class Equation:
    """Two sides as read: the expressions, the source each was read from, and the atoms found in it.

    Attributes:
        confirmed: what stands in the sources, where the sides are made of it and not what stands there themselves.
    """

    left: Expr
    right: Expr
    sources: tuple[tuple[str, Node, Reader], ...]
    confirmed: tuple[Expr, ...] = ()

    @property
    def entries(self) -> tuple[Idx, ...]:
        """The free indices that the author has not written, at which a vector or a matrix is read."""
        return tuple(i for _, _, reader in self.sources for i in reader.opened)


def judge(
    equation: Equation,
    model: Model,
    doubts: Callable[[], Iterable[str]] = tuple,
    symmetric: frozenset[str] = frozenset(),
    conditions: Callable[[bool], Allowed | None] = lambda lasting: None,
) -> Judgement:
    """Prove, else look for a counterexample; a refutation needs the second reader to have read the same.

    `undecided` whenever something the verdict would rest on is missing.

    Args:
        equation: what is claimed.
        model: the definitions that hold where it stands.
        doubts: reasons why the author may have meant something else; asked for only if numbers speak against it.
        symmetric: the names of matrices that the text calls symmetric.
        conditions: which points the text allows, by lasting conditions only or by all; asked for likewise.
    """
    left, right = equation.left, equation.right
    for side in (left, right):
        reason = undefined(side, model)
        if reason is not None:
            return Judgement(verdict=Verdict.UNDECIDED, because=reason)
    model, unknown = with_unknown_slopes(model)
    proof = prove_entries(left, right, model) or prove_along(left, right, model)
    if proof is not None:
        return Judgement(verdict=Verdict.PROVED, because=_proved(proof, equation))
    if symmetric and (proof := prove_symmetric(left, right, model, symmetric)) is not None:
        return Judgement(verdict=Verdict.PROVED, because=_proved(proof, equation))
    search = partial(refute, left, right, model, entries=equation.entries)
    trials = search()
    if trials.counterexample is None and trials.reason and (within := conditions(False)) is not None:
        trials = search(allowed=within)
    if trials.counterexample is not None and (within := conditions(True)) is not None:
        trials = search(allowed=within)
    if trials.counterexample is not None:
        untold = (unknown[name] for name in unknown.keys() & needed(left, right, model))
        wondered = chain(untold, (d for _, _, reader in equation.sources for d in reader.doubts), doubts())
        disputed = _still_open(wondered, equation, model, trials.counterexample) or held_by_mean(left, right, model)
        disputed = disputed or second_reading(equation)
        if disputed is None and (within := conditions(False)) is not None:
            trials = search(allowed=within)
            disputed = None if trials.counterexample else "not where the conditions of the text hold"
        if disputed is not None:
            return Judgement(verdict=Verdict.UNDECIDED, because=f"{SPOKEN_AGAINST}{disputed}")
        because = "the two sides differ at these numbers"
        return Judgement(verdict=Verdict.REFUTED, because=because, counterexample=trials.counterexample)
    if trials.agreed >= FEWEST_TRIALS or (trials.agreed and not model.quantities):
        return Judgement(verdict=Verdict.HOLDS, because=f"no proof was found; {trials.agreed} numerical trials agree")
    return Judgement(verdict=Verdict.UNDECIDED, because=trials.reason or "too few numerical trials could be made")


def _still_open(doubts: Iterable[str], equation: Equation, model: Model, shown: Counterexample) -> str | None:
    """The first doubt that is not settled; each is tried once, though both sides may leave the same open."""
    settled: set[str] = set()
    for doubt in doubts:
        if doubt not in settled and not _is_settled(doubt, equation, model, shown):
            return doubt
        settled.add(doubt)
    return None


def _is_settled(doubt: str, equation: Equation, model: Model, shown: Counterexample) -> bool:
    """Whether a claim is false whatever a doubt leaves open: a function, whether a letter is a number, digits.

    At size one all vectors and matrices are numbers.
    """
    if doubt.endswith(NO_NUMBER):
        return all(size == 1 for size in shown.sizes.values())
    if doubt.endswith(ROUNDED):
        return _far_apart(shown)
    if doubt.startswith(MORE_OF.format("")):
        return _cancels(doubt.removeprefix(MORE_OF.format("")), equation)
    if doubt in (SAYS_OF.format(name) for side in (equation.left, equation.right) for name in _spoken_of(side)):
        return not _tells(doubt, equation, model)
    if not doubt.startswith((UNTOLD, UNTOLD_SLOPE)):
        return False
    name = doubt.removeprefix(UNTOLD).removeprefix(UNTOLD_SLOPE).removesuffix(" is")
    sides = equation.left, equation.right, model
    if has_any(*sides, name):
        return True
    function = equation.sources[0][2].dictionary.function(name)
    others = () if function is None else claims_of_others(*sides, function.row.name)
    false = (refute(*c, entries=equation.entries, plainest=False).counterexample for c in others)
    return function is not None and all(false)


def _tells(doubt: str, equation: Equation, model: Model) -> bool:
    """Whether one side speaks of a function and the other does not depend on it, as of u in ∇u(x) = 2 x."""
    sides = ((equation.left, equation.right), (equation.right, equation.left))
    return any(
        doubt in map(SAYS_OF.format, _spoken_of(one))
        and doubt not in map(SAYS_OF.format, _spoken_of(other) | needed(other, other, model))
        for one, other in sides
    )


def _spoken_of(side: Expr) -> set[str]:
    return {name_of(p.of) for p in side.atoms(Partial) if is_name(p.of)} | {name_of(a) for a in names_in(side)}


def _cancels(name: str, equation: Equation) -> bool:
    """Whether a function of which the text may say more is not in the difference of the sides, as C of ∂C/∂w + λw.

    What gives ∂C/∂w by itself, ∂C/∂w = ∂C/∂w + λw, may be an assignment.
    """
    if isinstance(equation.left, Partial) and is_name(equation.left.of) and name_of(equation.left.of) == name:
        return False
    difference = (equation.left - equation.right).expand()
    slopes = {name_of(p.of) for p in difference.atoms(Partial) if is_name(p.of)}
    rest = slopes | {name_of(a) for a in names_in(difference)}
    return bool(rest) and name not in rest


def _far_apart(shown: Counterexample) -> bool:
    """Whether the two sides differ by more than decimals that are rounded, 1.96, could make them."""
    left, right = float(shown.left), float(shown.right)
    return left != 0 != right and abs(left - right) > FAR * max(abs(left), abs(right))


def true_or_open(
    equation: Equation,
    model: Model,
    reason: str,
    conditions: Callable[[bool], Allowed | None] = lambda lasting: None,
) -> Judgement:
    """Proved, or held by trials, or undecided for the reason given: for what may be an equation to solve, `log p = 0`.

    What is to be solved is not true of all values of its letters.
    """
    if not any(undefined(side, model) for side in (equation.left, equation.right)):
        found = judge(equation, model, lambda: (reason,), conditions=conditions)
        if found.verdict in (Verdict.PROVED, Verdict.HOLDS):
            return found
    return Judgement(verdict=Verdict.UNDECIDED, because=reason)


def with_variables(equation: Equation, model: Model) -> Model:
    """The model with the letters that no definition uses as given quantities: those of (a + b)² and of d/dz (z²)."""
    atoms = {name_of(a): a for side in (equation.left, equation.right) for a in names_in(side)}
    unknown = sorted(atoms.keys() - set(model.quantities))
    found = tuple(_variable(atoms[n], equation) for n in unknown)
    return replace(model, given=(*model.given, *found)) if found else model


def _variable(atom: Expr, equation: Equation) -> Quantity:
    """What a letter stands for of which the text says no more; with the index of its data point, where it has one."""
    held = quantity(name_of(atom), Kind.DATA, equation.sources[0][2].dictionary)
    point = indices_of(atom)[0] if len(indices_of(atom)) == len(held.axes) + 1 else None
    if not isinstance(point, Idx) or not any(point in reader.samples for _, _, reader in equation.sources):
        return held
    return replace(held, axes=(point, *held.axes), sample_axis=True)


def _proved(proof: Proof, equation: Equation) -> str:
    used = list(dict.fromkeys(proof.unfolded))
    by = f"by the definition of {', '.join(used)}" if used else "the two sides have the same normal form"
    doubts = (d for _, _, reader in equation.sources for d in reader.doubts if d.startswith(NOT_SAID))
    conditions = (*proof.conditions, *dict.fromkeys("the " + d.removeprefix(NOT_SAID) for d in doubts))
    return by + (f"; where {', '.join(conditions)}" if conditions else "")


def second_reading(equation: Equation) -> str | None:
    """Why the second reader does not confirm how the sides were read; None if it does.

    It is not asked about edits, which are tried by the hundred and of which only what is true is told.
    """
    if any(reader.dictionary.memory is not None for _, _, reader in equation.sources):
        return None
    read = equation.confirmed or (equation.left, equation.right)
    for (source, node, reader), expr in zip(equation.sources, read, strict=True):
        start, end = node.span
        atoms = dict(reader.atoms)  # of two at one place the later one, which holds the other
        inside = [(_trimmed(source, a, b, start), e) for (a, b), e in atoms.items() if start <= a and b <= end]
        if reader.arrays:
            expr, inside = _computed(at_size_one(expr), reader), [(span, at_size_one(e)) for span, e in inside]
            marks = [(source.rfind("^", start, a), b) for a, b in reader.turned if start <= a and b <= end]
            inside += [((a - start, b - start), Integer(1)) for a, b in marks if a >= start]
        agreement = agree_source(source[start:end], expr, inside)
        if not agreement.agrees:
            return agreement.reason
    return None


def _computed(expr: Expr, reader: Reader) -> Expr:
    """What stands at size one under an inverse, written out: X² + λ for (X^T X + λ I)^{-1}."""
    for name, array in reversed(tuple(reader.dictionary.matrices.values())):
        expr = expr.xreplace({scalar(name): at_size_one(array.entry)})
    return expr


def _trimmed(source: str, start: int, end: int, origin: int) -> tuple[int, int]:
    """A span without the ^, the brace and the blanks before an exponent, counted from the origin."""
    return start - origin, start + len(RAISED.sub("", source[start:end])) - origin
