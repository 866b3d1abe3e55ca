"""What a section says of normal variables, and the numbers at which its claims are tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from derive.notation.runs import unplaced
from derive.notation.syntax import Bin, Fraction, Group, Neg, Node, Num, Sym

from ..documents.document import Formula
from ..lines import Lines
from ..standards.terms import atoms_of
from ..standards.values import Unclear, Value
from .joint import COLUMN, COUNTS, Kinds, Place, World, assignments
from .statements import (
    Stated,
    blocks_in,
    by_blocks,
    drawn,
    equations,
    made_of,
    name_of,
    standing,
    stated,
    used_in,
    with_noise,
)

SEEDS = (1, 2, 3)
TURNED = frozenset({"T", "top", "intercal"})


@dataclass
class Trial:
    """One world with a value of every variable.

    Attributes:
        world: the numbers of its letters.
        shown: the values of the variables, of copies too.
    """

    world: World
    shown: dict[Place, Value] = field(default_factory=dict)

    def value(self, node: Node) -> Value:
        """The value of an expression. Raises: Unclear: if it has none."""
        if any(isinstance(n, Bin) and n.op in "+-" for n in (node,)):
            self._require_one_shape(node)
        return self.world.value(node, self.shown)

    def _require_one_shape(self, node: Node) -> None:
        """Refuse a number added to a matrix, by which a text may mean a multiple of I."""
        if not isinstance(node, Bin) or node.op not in "+-" or not self.world.kinds:
            return
        sides = [self.world.value(n, self.shown) for n in (node.left, node.right)]
        if len({np.shape(v) for v in sides}) > 1:
            raise Unclear("a number added to a matrix")
        for side in (node.left, node.right):
            self._require_one_shape(side)

    def conditional(self, variable: str, given: tuple[str, ...]) -> tuple[Value, Value]:
        """The mean and the covariance of a variable at the values of what is given.

        Raises: Unclear: if it is no variable here.
        """
        joint = self.world.joint
        place = next((p for p in joint.places if p == (variable, ())), None)
        if place is None:
            raise Unclear("no variable of the text")
        behind = [p for p in joint.places if p[0] in given and p != place]
        if strangers := set(given) - joint.known - self.world.conditions:  # D, X, x_1, …, x_N: all the copies there are
            copies = [p for p in joint.places if p[1]]
            if not copies:
                raise Unclear(f"the text does not say how {min(strangers)} is distributed")
            behind += [p for p in copies if p not in behind]
        values = [np.reshape(self.shown[p], (-1, 1)) for p in behind]
        mean, spread = joint.conditional(place, behind, np.vstack(values) if values else np.zeros((0, 1)))
        return (mean, spread) if len(mean) > 1 else (float(mean[0, 0]), float(spread[0, 0]))

    def bind(self, law: Stated) -> None:
        """Give the letters by which a law that follows is written their values."""
        mean, spread = self.conditional(law.variables[0], law.given)
        for node, value in ((law.mean[0], mean), (law.spread[0][0], spread)):
            for name, found in named(node, value):
                if name in self.world.follows:
                    self.world.bound.setdefault(name, found)


def named(node: Node, value: Value) -> Iterator[tuple[str, Value]]:
    """The letter of m, s², S^{-1}, 1/s² and what it is if all of it has a value."""
    if isinstance(node, Fraction) and isinstance(node.above, Num) and node.above.text == "1":
        yield from named(node.below, np.linalg.inv(value) if isinstance(value, np.ndarray) else 1 / value)
    if not isinstance(node, Sym):
        return
    bare = Sym(base=node.base, accents=node.accents, fonts=node.fonts, sub=node.sub, span=node.span)
    if not (name := name_of(bare)):
        return
    power = node.sup.body if isinstance(node.sup, Group) else node.sup
    if power is None:
        yield name, value
    elif isinstance(power, Neg) and isinstance(power.body, Num) and power.body.text == "1":
        yield name, np.linalg.inv(value) if isinstance(value, np.ndarray) else 1 / value
    elif isinstance(power, Num) and power.text == "2" and not isinstance(value, np.ndarray):
        yield name, float(np.sqrt(value))


@dataclass(frozen=True, kw_only=True)
class Setting:
    """The normal variables of a section.

    Attributes:
        laws: the distribution of each variable, the first that the text states.
        follows: those stated of a variable that has one already.
        start: where in the text the last of `laws` stands.
        names: the letters that stand for means and covariances that follow.
        numbers: worlds in which every letter is a number.
        arrays: worlds in which some are columns and matrices; none if that makes no sense.
        plain: whether numbers are all that the text speaks of.
    """

    laws: tuple[Stated, ...]
    follows: tuple[Stated, ...]
    start: int
    names: frozenset[str]
    numbers: tuple[Trial, ...]
    arrays: tuple[Trial, ...]
    plain: bool


def setting_of(lines: Lines) -> Setting | None:
    """What a section says of normal variables; None if it says nothing from which another one follows."""
    laws, placed, start = _stated(lines)
    follows = [law for law, _ in placed]
    if not laws or any(is_unclear(law) for law in laws) or not all(is_derived(law, laws) for law in follows):
        return None
    own = {a.name for law in laws for n in _nodes(law) for a in atoms_of(n)}
    bound = [law for law in follows if len(law.variables) == 1]
    said = {law: _said_before(at, lines) for law, at in placed}  # Σ = L L^⊤ before x ~ N(μ, Σ)
    letters = {n for law in bound for node in _nodes(law) for n, _ in named(node, 1.0) if n not in said[law]} - own
    letters |= {name for law in laws for name in _customary(law)}
    defined = {n: node for n, node in _defined(lines) if n not in letters and n not in _variables(laws)}
    plain = not any(_is_of_arrays(n) for law in (*laws, *follows) for n in _nodes(law))
    kinds = None if plain else assignments(_all_nodes(laws), _variables(laws), lambda k: _fits(laws, k, defined))
    trials = [tuple(_trials(laws, bound, k, defined, frozenset(letters))) if k is not None else () for k in ({}, kinds)]
    return Setting(
        laws=laws,
        follows=tuple(follows),
        start=start,
        names=frozenset(letters),
        numbers=trials[0],
        arrays=trials[1],
        plain=plain,
    )


def _said_before(offset: int, lines: Lines) -> set[str]:
    """The letters for which the text writes expressions before a place."""
    relations = equations(n for n, formula in _own(lines) if formula.offset < offset)
    return {name_of(left) for left, operator, right in relations if operator in ("=", ":=") and atoms_of(right)}


def _stated(lines: Lines) -> tuple[tuple[Stated, ...], list[tuple[Stated, int]], int]:
    """The first law of each variable, the others, and where the last of the first ones stands."""
    nodes = list(_own(lines))
    blocks = blocks_in(n for n, _ in nodes)
    laws: dict[Stated, int] = {}
    follows: list[tuple[Stated, int]] = []
    for found, offset in _each(nodes, lines.prose):
        found = by_blocks(found, blocks)
        if set(found.variables) & _variables(laws):
            follows += [(found, offset)] if not any(_is_same(found, law) for law in laws) else []
        else:
            laws[found] = offset
    for node, formula in nodes:
        for relation in equations((node,)):
            noisy = with_noise(*relation, laws)
            made = noisy or made_of(*relation, laws)
            if made is None:
                continue
            known = next((n for n in laws if made.variables[0] in n.variables), None)
            if known is None and noisy is not None:
                laws[made] = 0
            elif known is not None and len(known.variables) == 1 and formula.offset < laws[known]:
                follows.insert(0, (known, laws[known]))  # z = μ + σ ε says what z ~ N(μ, σ²) only states
                laws = {made if law is known else law: at for law, at in laws.items()} | {made: formula.offset}
    return tuple(laws), follows, max(laws.values(), default=0)


def _own(lines: Lines) -> Iterator[tuple[Node, Formula]]:
    """What stands under the headings of a section, or those above them."""
    own = {line.formula.headings for line in lines.lines if line.number in lines.own}
    for node, formula in lines.nodes:
        if any(headings[: len(formula.headings)] == formula.headings for headings in own):
            yield node, formula


def _each(nodes: list[tuple[Node, Formula]], prose: str) -> Iterator[tuple[Stated, int]]:
    """The normal distributions that a section states, with their places."""
    places = {formula.latex.strip(): formula.offset for _, formula in nodes}
    for found, points in drawn(prose):
        if points in places:
            yield found, places[points]
    for node, formula in nodes:
        for relation in equations((node,)):
            if (found_here := stated(*relation)) is not None:
                yield found_here, formula.offset
        if (alone := standing(node)) is not None:
            yield alone, formula.offset


def _is_same(one: Stated, other: Stated) -> bool:
    """Whether two laws are written alike."""
    return one.variables == other.variables and list(map(unplaced, _nodes(one))) == list(map(unplaced, _nodes(other)))


def is_derived(law: Stated, laws: tuple[Stated, ...]) -> bool:
    """Whether a law says another thing of its variable than the first one: with other things given, or with none."""
    if len(law.variables) != 1:
        return False
    first = next(f for f in laws if law.variables[0] in f.variables)
    rests = {name for n in first.mean for name in used_in(n)} & _variables(laws)
    return bool(law.given and set(law.given) != set(first.given)) or (not law.given and bool(rests or first.given))


def _variables(laws: Iterable[Stated]) -> set[str]:
    return {v for law in laws for v in law.variables}


def _nodes(law: Stated) -> list[Node]:
    return [*law.mean, *(n for row in law.spread for n in row)]


def _all_nodes(laws: tuple[Stated, ...]) -> list[Node]:
    return [n for law in laws for n in _nodes(law)]


def _defined(lines: Lines) -> Iterator[tuple[str, Node]]:
    """The letters that the text writes expressions for, each the first time."""
    seen: set[str] = set()
    for left, operator, right in equations(n for n, _ in _own(lines)):
        name = name_of(left)
        if operator in ("=", ":=") and name and name not in seen and atoms_of(right):
            seen.add(name)
            if name not in {a.name for a in atoms_of(right)}:
                yield name, right


def is_unclear(law: Stated) -> bool:
    """Whether the second parameter may be a standard deviation, or a precision."""
    spreads = [n for row in law.spread for n in row]
    return len(spreads) == 1 and isinstance(spreads[0], Sym) and spreads[0].sup is None and spreads[0].base.islower()


def _is_of_arrays(node: Node) -> bool:
    """Whether an expression has a matrix, a transpose or a letter in bold type."""
    atoms = atoms_of(node)
    capital = any(a.core[:1].isupper() and a.core not in COUNTS for a in atoms)
    return capital or any(a.bold for a in atoms)


def _customary(law: Stated) -> Iterator[str]:
    """The names μ_{1|2} and Σ_{1|2} beside the blocks μ_1 and Σ_{11}."""
    for name, _, _, _ in customary(law):
        yield name


def customary(law: Stated) -> Iterator[tuple[str, int, int, str]]:
    """The names of conditional means and covariances by the blocks: the name, whose, given which, and which of both."""
    if len(law.variables) < 2:
        return
    for i, variable in enumerate(law.variables):
        for j, other in enumerate(law.variables):
            index, behind = variable.rpartition("_")[2], other.rpartition("_")[2]
            if i == j:
                continue
            for node, part in ((law.mean[i], "mean"), (law.spread[i][i], "spread")):
                name = name_of(node)
                if name:
                    yield f"{name.partition('_')[0]}_{index}|{behind}", i, j, part


def _fits(laws: tuple[Stated, ...], kinds: Kinds, defined: Mapping[str, Node]) -> bool:
    """Whether all laws have values if letters are of these kinds."""
    try:
        joint = World(laws=laws, kinds=kinds, defined=defined, seed=1).joint
    except (Unclear, np.linalg.LinAlgError, ValueError):
        return False
    return any(kinds.get(p[0]) == COLUMN for p in joint.places)


def _trials(
    laws: tuple[Stated, ...],
    bound: list[Stated],
    kinds: Kinds,
    defined: Mapping[str, Node],
    letters: frozenset[str],
) -> Iterator[Trial]:
    for seed in SEEDS:
        trial = Trial(world=World(laws=laws, kinds=kinds, defined=defined, seed=seed, follows=letters))
        try:
            joint = trial.world.joint
        except (Unclear, np.linalg.LinAlgError, ValueError):
            return
        draw = np.random.default_rng(seed + 100)
        trial.shown = {p: joint.as_value(p, draw.normal(size=(joint.width(p), 1))) for p in joint.places}
        for law in bound:
            try:
                trial.bind(law)
            except (Unclear, np.linalg.LinAlgError):
                continue
        for law in laws:
            for name, i, j, part in customary(law):
                found = trial.conditional(law.variables[i], (law.variables[j],))
                trial.world.bound.setdefault(name, found[0] if part == "mean" else found[1])
        yield trial
