"""The verdict on a line that speaks of probabilities: by the laws that hold for all of them, or by numbers."""

from __future__ import annotations

import dataclasses
import math
import random
import re
from fractions import Fraction

from derive.chances.equality import NOTHING, Assumed, difference_by_moments, equal, equal_up_to_factor
from derive.chances.forms import Atom, TooLarge
from derive.chances.terms import (
    SLOPE,
    Applied,
    Event,
    Mass,
    Name,
    Outcome,
    Term,
    Times,
    Total,
    free_events,
    parts,
    within,
)
from derive.notation.syntax import Num

from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..results import Counterexample, Verdict
from ..roles import Role, role_among_chances, role_of
from .exclusive import all_values, computed_from, events_in, exclusive, may_be_siblings
from .knowledge import Knowledge
from .naming import defined
from .sides import Sides, about, differ, readings_of
from .trials import unless_in_doubt
from .worlds import CHOICES, KINDS, NoWorld

SAME = (Role.RESTATEMENT, Role.LOGARITHM, Role.CLAIM)
COEFFICIENTS = frozenset({"a", "b", "c", "d", "k", "alpha", "beta", "gamma"})  # of aX + b, of no meaning of their own
MEANT = (Role.ASSUMPTION, Role.EQUATION, Role.UPDATE, Role.CHANGE)
CONDITIONED = re.compile(r"Var[^()\[\]]{0,12}[(\[][^()\[\]]*(?:\||\\mid|\\vert)")  # of one variable given another
CHOSEN = re.compile(r"\b(?:tight|equality|exact\w*|choos\w+|chosen|optimal|when|if|setting|assum\w+)\b", re.IGNORECASE)
MOMENTS = frozenset({"mu", "sigma"})  # letters of means and deviations, of which the words may say so
EQUALITIES = frozenset({"=", ":=", "=="})
SUBSCRIPT = re.compile(r"_?\{?\d+\}?$")


def is_of_measures(line: Line, knowledge: Knowledge) -> bool:
    """Whether a line speaks of means, variances, entropies or divergences, which are no letters before a bracket."""
    return knowledge.speaks and line.right is not None and any(s.reading.measures for s in readings_of(line, knowledge))


def proved_by_laws(line: Line, knowledge: Knowledge) -> Verdict:
    """Proved, or undecided: whether an edited line follows from the laws of probability."""
    if not knowledge.speaks or line.right is None or line.operator not in EQUALITIES | {"propto"}:
        return Verdict.UNDECIDED
    readings = (s for s in readings_of(line, knowledge) if knowledge.disjoint or not s.reading.disjoint)
    follows = any(_proved(line, sides, knowledge) for sides in readings)
    return Verdict.PROVED if follows else Verdict.UNDECIDED


def judge_chances(line: Line, knowledge: Knowledge) -> Judgement | None:
    """The verdict on a relation between probabilities; None if it is none, or cannot be read as one."""
    if not knowledge.speaks or line.right is None or line.operator not in EQUALITIES | {"propto"}:
        return None
    readings = list(readings_of(line, knowledge))
    if not readings:
        return None
    for sides in (s for s in readings if knowledge.disjoint or not s.reading.disjoint):
        proof = _proved(line, sides, knowledge)
        if proof is not None:
            return Judgement(verdict=Verdict.PROVED, because=proof)
    if knowledge.defines(line):
        return Judgement(verdict=Verdict.DEFINED, because="a name for what is made of probabilities")
    return _by_moments(line, readings, knowledge) or _by_numbers(line, readings, knowledge)


# -- proofs -------------------------------------------------------------------------------------------


def _proved(line: Line, sides: Sides, knowledge: Knowledge) -> str | None:
    """Why a relation holds for all distributions; None if that is not shown."""
    by = "by the laws of probability"
    if line.operator == "propto":
        letters = about(sides.left)
        follows = bool(letters) and equal_up_to_factor(sides.left, sides.right, letters)
        return f"{by}, up to a factor free of {', '.join(sorted(letters))}" if follows else None
    if _is_same_text(sides):
        return None
    if equal(sides.left, sides.right):
        return by
    if knowledge.assumed != NOTHING and equal(sides.left, sides.right, knowledge.assumed):
        if knowledge.assumed.moments and not equal(sides.left, sides.right, without_moments(knowledge)):
            return f"{by} and the distributions that the text names"
        independent = sorted(knowledge.assumed.independent)
        said = f"; where {' and '.join(independent)} are independent" if independent else ""
        return by + (said or "; where a variable has two values, as the text says")
    return None


def without_moments(knowledge: Knowledge) -> Assumed:
    """What the text says of its variables, but for their means."""
    return dataclasses.replace(knowledge.assumed, moments={})


def _is_same_text(sides: Sides) -> bool:
    """Whether both sides are one and the same thing as written, which claims nothing."""
    return sides.left == sides.right and isinstance(sides.left, Mass)


def _by_numbers(line: Line, readings: list[Sides], knowledge: Knowledge) -> Judgement:
    """Refuted if both sides differ in every reading, and in worlds of every kind; else undecided, or holds."""
    shown: Counterexample | None = None
    for sides in readings:
        reason = may_be_meant(line, sides)
        if reason is None and knowledge.nested and events_in(*sides.both):
            reason = "one event may be a part of another one"
        reason = reason or computed_from(*sides.both, knowledge.computed)
        if reason is not None:
            return Judgement(verdict=Verdict.UNDECIDED, because=reason)
        for kind in _kinds(line, sides, knowledge):
            try:
                found = differ(line, sides, kind, knowledge)
            except (NoWorld, ArithmeticError, ValueError) as error:
                return Judgement(verdict=Verdict.UNDECIDED, because=f"it could not be tried: {error}")
            if found is None:
                because = _ONLY_IF[kind]
                return Judgement(verdict=Verdict.UNDECIDED, because=because)
            shown = shown or found
    because = "the two sides differ for these probabilities"
    if any("independent" in _kinds(line, sides, knowledge) for sides in readings):
        because += ", and also where all variables are independent"
    return unless_in_doubt(line, readings, because, shown)


IF_INDEPENDENT = "it holds where the variables are independent, which is not assumed here"
_ONLY_IF = {
    "any": "no proof was found; trials with random probabilities agree",
    "independent": IF_INDEPENDENT,
    "tied": "it holds where one distribution is the posterior of the other, which may be meant",
    "alike": "it holds where the distributions are equal, which is not assumed here",
}


def _by_moments(line: Line, readings: list[Sides], knowledge: Knowledge) -> Judgement | None:
    """Refuted, if the text's own distributions make the difference of the sides a number other than zero."""
    sides = readings[0]
    doubts = [*sides.reading.doubts, *of_words(line)]
    known = {t for m in knowledge.assumed.moments.values() for term in m for t in within(term)} | set(
        within(sides.left)
    )
    strange = [t for t in within(sides.right) if isinstance(t, Name | Outcome) and t not in known]
    valued = not any(isinstance(t, Name | Outcome) for t in within(sides.right))  # E[X] = 3: what the mean is here
    meant = role_of(line.formula) in set(MEANT) - {Role.ASSUMPTION}  # If X ∼ …, its mean is …
    if doubts or strange or valued or meant or not sides.reading.measures:
        return None
    try:
        difference = difference_by_moments(sides.left, sides.right, knowledge.assumed)
    except TooLarge:
        return None
    if not difference:
        return None
    generator = random.Random(line.number)
    atoms = sorted({atom for monomial in difference for atom, _ in monomial}, key=str)
    numbers = {atom: Fraction(generator.randint(11, 89), 100) for atom in atoms}
    value = sum(c * math.prod(numbers[a] ** int(p) for a, p in m) for m, c in difference.items())
    if value == 0:
        return None
    told = {str(a.content[0]): f"{float(v):g}" for a, v in numbers.items() if isinstance(a, Atom)}
    shown = Counterexample(sizes={}, values=told, left=f"{float(value):.6g}", right="0")
    because = "with the distributions that the text names, the left side minus the right one is not zero"
    return Judgement(verdict=Verdict.REFUTED, because=because, counterexample=shown)


def _averages(sides: Sides) -> bool:
    """Whether the right side averages over the one variable that the left side has not: p(x) = ∫ p(z | x) p(z) dz."""
    if not isinstance(sides.left, Mass) or sides.left.given or not isinstance(sides.right, Total):
        return False
    own = {e.variable for e in sides.left.events}
    given = {e.variable for m in within(sides.right) if isinstance(m, Mass) for e in m.given}
    return len(sides.right.bound) == 1 and own <= given


def may_be_meant(line: Line, sides: Sides, *, named: bool = True, announced: bool = True) -> str | None:
    """Why an equation that does not hold for all distributions may still be meant: as a value, or a choice.

    Args:
        line: the relation.
        sides: what it speaks of.
        named: whether the relation could give the left side its meaning.
        announced: whether the words before it count.
    """
    if isinstance(line.right, Num) and line.link == 0:
        return "a value given to a probability is not judged"
    if (doubt := next(of_words(line), None)) is not None:
        return doubt
    role = role_among_chances(line.formula)
    if announced and role in MEANT:
        return f"the words before it announce another thing: {role}"
    if named and defined(line) is not None and role not in SAME:
        return "the name may be given another meaning here"
    if any(isinstance(t, Applied) for side in sides.both for t in _outside(side)):
        return "it may be a condition on a function that the text does not define"
    applied = {(t.name, len(t.arguments)) for side in sides.both for t in within(side) if isinstance(t, Applied)}
    if len(applied) > len({name for name, _ in applied}):
        return "a function stands there with different numbers of arguments"
    if (strange := _strange_name(sides)) is not None:
        return f"it may say what {strange} is"
    if line.operator == "propto" and _up_to_priors(sides):
        return "it holds where what is left out does not depend on its values: a flat prior"
    met = [{e.variable for m in within(side) if isinstance(m, Mass) for e in m.events} for side in sides.both]
    if met[0] and met[1] and not met[0] & met[1] and line.link == 0 and not _averages(sides):
        return "it says that two things of different variables are equal, which may be a condition"
    if (closed := _closed_slope(sides)) is not None:
        return closed
    variables = [{e.variable for e in free_events(side)} for side in sides.both]
    if variables[0] - variables[1]:
        return f"the right side does not depend on {min(variables[0] - variables[1])}"
    families = [{m.family for m in within(side) if isinstance(m, Mass)} for side in sides.both]
    if not sides.reading.plain and _is_twofold(families[0] | families[1]):
        return "a distribution with and without its parameter may be one"
    if not families[1] or not families[0]:
        return "one side holds no probability: it may be a definition"
    both_laws = isinstance(sides.left, Mass) and isinstance(sides.right, Mass)
    if isinstance(sides.left, Mass) and (line.link == 0 or both_laws) and not families[1] & families[0]:
        return "it may choose one distribution by another"
    if (related := _related_events(line, sides)) is not None:
        return related
    blocks = {e.variable for side in sides.both for e in free_events(side) if "…" in e.variable}
    if blocks:
        return "what is known of a list of variables is not judged"
    return None


def _is_symmetry(sides: Sides) -> bool:
    """Whether one distribution is said to be the same at other values of its variables: p(z') = p(z), p(−x) = p(x)."""
    one, other = sides.both
    if not (isinstance(one, Mass) and isinstance(other, Mass)) or one.family != other.family or one == other:
        return False
    return all(
        {e.variable for e in a} == {e.variable for e in b}
        for a, b in ((one.events, other.events), (one.given, other.given))
    )


def _related_events(line: Line, sides: Sides) -> str | None:
    """How events may be related without the claim saying so: as values of one variable, by a formula, as opposites."""
    if _is_symmetry(sides):
        return "the distribution may be one that has this symmetry"
    stems = {(SUBSCRIPT.sub("", e.variable), e.variable) for side in sides.both for e in free_events(side)}
    siblings = [stem for stem, variable in sorted(stems) if stem != variable]
    for stem in siblings if len(siblings) > len(set(siblings)) else ():  # C_1 and C_2 may be all the classes there are
        if siblings.count(stem) > 1 and may_be_siblings(*sides.both, stem):
            return f"the {stem} with its numbers may be the values of one variable"
    if line.link == 0 and all(isinstance(side, Mass) and _is_at_numbers(side) for side in sides.both):
        return "it may say how its variables are distributed"
    computed = [v for side in sides.both for e in free_events(side) if str(v := e.value).startswith("(")]
    if computed:
        return f"the value {computed[0]} may follow from the other values"
    if (apart := exclusive(*sides.both)) is not None:
        return f"{' and '.join(apart)} may exclude each other"
    if (values := all_values(*sides.both)) is not None:
        return f"{values} may have no other values"
    moments = {t.text for side in sides.both for t in within(side) if isinstance(t, Name)}
    if sides.reading.measures and (told := sorted(n for n in moments if n.partition("_")[0] in MOMENTS)):
        return f"{told[0]} may be a moment of its variables"
    return None


def _is_at_numbers(mass: Mass) -> bool:
    """Whether a probability is that of numbers, P(V = 0)."""
    return all(isinstance(e.value, Fraction) for e in mass.events)


def _up_to_priors(sides: Sides) -> bool:
    """Whether a posterior is proportional to what is written, were its own prior p(θ) added."""
    if not isinstance(sides.left, Mass):
        return False
    prior = dataclasses.replace(sides.left, given=frozenset())
    return equal_up_to_factor(sides.left, Times(factors=(sides.right, prior)), about(sides.left))


def _strange_name(sides: Sides) -> str | None:
    """A name on one side only, whose meaning the claim may give."""
    for one, other in (sides.both, sides.both[::-1]):
        alone = {t.text for t in _outside(one) if isinstance(t, Name)}
        alone -= _names(other)
        alone |= {n for n in _names(one) - _names(other) if n not in COEFFICIENTS}
        if alone:
            return min(alone)
    return None


def _is_twofold(families: set[str]) -> bool:
    """Whether a distribution stands there with and without a parameter below it, p_θ and p."""
    return any(f.partition("_")[0] in families - {f} for f in families)


def _closed_slope(sides: Sides) -> str | None:
    """Why a claim about a derivative may rest on more than the laws: on the formula of a density, on other names."""
    every = [t for side in sides.both for t in within(side)]
    changed = {t.family.removeprefix(SLOPE) for t in every if isinstance(t, Mass) and t.family.startswith(SLOPE)}
    if not changed:
        return None
    arguments = {id(a) for t in every if isinstance(t, Applied) for a in t.arguments}
    if any(isinstance(t, Outcome) and id(t) not in arguments for t in every):
        return "the derivative may be that of a density whose formula the text gives"
    below = {s for f in changed for s in f.partition("_")[2:] if s}
    others = {t.family for t in every if isinstance(t, Mass)} - changed - {SLOPE + f for f in changed}
    left, right = (free_events(side) for side in sides.both)
    if right - left:
        return "what is computed from another variable may take its place"
    if len(changed) > 1 or any(below & {f.partition("_")[2]} for f in others):
        return "two names may stand for one distribution of the parameter"
    return None


def _names(term: Term) -> set[str]:
    return {t.text for t in within(term) if isinstance(t, Name)}


def _outside(term: Term) -> list[Term]:
    """The term and what is inside it, but not inside a total."""
    return [term] + ([] if isinstance(term, Total) else [t for part in parts(term) for t in _outside(part)])


def _kinds(line: Line, sides: Sides, knowledge: Knowledge) -> tuple[str, ...]:
    """The worlds in which a claim must fail: also where one distribution is chosen by another, if it may be."""
    masses = [m for side in sides.both for m in within(side) if isinstance(m, Mass)]
    families = {m.family for m in masses}
    said = CHOSEN.search(line.formula.before[-400:] + line.formula.after[:200])
    chosen = len(families) > 1 and (knowledge.tied or said)
    kinds = KINDS + CHOICES if chosen else (*KINDS, "alike") if _adds_to_another(masses) else KINDS
    return tuple(k for k in kinds if k != "independent") if _may_depend(line, knowledge) else kinds


def _adds_to_another(masses: list[Mass]) -> bool:
    """Whether a distribution is conditional only, and no other one of the same: π(a | s) beside P(s) and P(a)."""
    shapes: dict[tuple[frozenset[str], frozenset[str]], set[str]] = {}
    for mass in masses:
        shapes.setdefault((_variables(mass.events), _variables(mass.given)), set()).add(mass.family)
    own: dict[str, list[bool]] = {}
    for (_, given), families in shapes.items():
        for family in families:
            own.setdefault(family, []).append(bool(given) and len(families) == 1)
    return len(own) > 1 and any(map(all, own.values()))


def _variables(events: frozenset[Event]) -> frozenset[str]:
    return frozenset(e.variable for e in events)


def _may_depend(line: Line, knowledge: Knowledge) -> bool:
    """Whether a claim is of variables that depend on one another: it has their covariance, or Var(Y | X), in it."""
    written = line.formula.latex[slice(*line.span)]
    given = CONDITIONED.search(written) is not None and not knowledge.independently
    return "Var" in written and ("Cov" in written or given)
