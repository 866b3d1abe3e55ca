"""A first pass over all formulas of a text: which letters are indices, over which ranges, and what has how many.

Shapes are found by use: x_i under Σ_{i=0}^{m} gives x one axis from 0 to m wherever x appears, and θ the same at
the axis where i stands in Σ_i x_i θ_{i,j}.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from .axes import Axes, Limits, usual
from .declared import Declared
from .differentials import opens
from .ground import Ground, ground_of, left_alone
from .introduced import Arguments
from .names_in_notes import Named, entry_within, is_letter, is_power_of_e, ranked, take_apart
from .pointfree import KNOWN_FUNCTIONS
from .runs import children
from .scope import binder, present
from .shape import Use
from .shapes import Shapes
from .squares import squares_in
from .stacks import Known, Stack
from .steps import Steps, step_of
from .suppositions import Suppositions
from .syntax import Big, Entries, Fraction, Juxt, Node, Num, Sym

MEMBER = frozenset({"in"})


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What a text shows about its letters.

    Attributes:
        letters: the letters used as indices.
        ranges: for each quantity, by plain name, the limits of each of its axes (None where the text gives none).
        axis_letters: for each quantity, the letter first seen at each of its axes ("" where only numbers were).
        axis_sizes: for each axis without limits, the letter that names its size; axes that share an index share it.
        letter_ranges: for each index letter, the limits it is usually summed over.
        uneven: the quantities with an axis for which the text writes different limits in different places.
        rank: for each quantity its number of indices; one of the same letter with another number is another quantity.
        ranks: for each letter, as a plain name, the numbers of indices it is used with.
        sampled: the quantities that carry a data point's index, and that index's limits.
        sizes: the plain names that stand as limits of sums.
        differentiated: the quantities by which something is differentiated.
        named: for each plain name its letter taken apart, at its first use.
        arguments: for each quantity that the text introduces as f(x), L(θ), the arguments it is introduced with.
        defined: the quantities that stand alone to the left of a relation.
        bare: the quantities that stand without scripts within a formula, by whether they are bold.
        standing: the letters that stand within a formula other than before a bracket, or as e^….
        extra: for each use of a letter the axes that it has beside the indices written at it.
        guessed: the plain names whose axes are known by custom only.
        told: whether the use of some letter told its axes.
        asked: what of the suppositions it hangs on; without any of the others it would be the same.
        steps: the letters that count layers and time steps.
        declared: the shapes that the text states.
        letters_of_axes: for each axis a letter to write it with, another one for another size.
        written: the limits that the text writes for each axis.
        stacks: the letters that hold all data points.
        moving: for each axis an index made of several letters that stands there, as in x_{S p + u}.
        squared: the quantities that the text names by their squares, and whether it has not used them before.
        from_zero: the axes at which nothing but numbers stand, 0 among them: μ_0 and μ_1.
    """

    letters: frozenset[str]
    ranges: Mapping[str, tuple[Limits | None, ...]] = field(default_factory=dict)
    axis_letters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    axis_sizes: Mapping[tuple[str, int], str] = field(default_factory=dict)
    letter_ranges: Mapping[str, Limits] = field(default_factory=dict)
    uneven: frozenset[str] = frozenset()
    rank: Mapping[str, int] = field(default_factory=dict)
    ranks: Mapping[str, frozenset[int]] = field(default_factory=dict)
    sampled: Mapping[str, Limits | None] = field(default_factory=dict)
    sizes: frozenset[str] = frozenset()
    differentiated: frozenset[str] = frozenset()
    named: Mapping[str, Named] = field(default_factory=dict)
    arguments: Mapping[str, frozenset[Arguments]] = field(default_factory=dict)
    defined: frozenset[str] = frozenset()
    bare: Mapping[str, frozenset[bool]] = field(default_factory=dict)
    standing: frozenset[str] = frozenset()
    extra: Mapping[Use, int] = field(default_factory=dict)
    guessed: frozenset[str] = frozenset()
    told: bool = False
    asked: frozenset[str] = field(default=frozenset(), compare=False)
    steps: Steps = field(default_factory=Steps)
    declared: Declared = field(default_factory=Declared)
    letters_of_axes: Mapping[tuple[str, int], str] = field(default_factory=dict)
    written: Mapping[Hashable, tuple[Limits, ...]] = field(default_factory=dict)
    moving: Mapping[tuple[str, int], Node] = field(default_factory=dict)
    stacks: Mapping[str, Stack] = field(default_factory=dict)
    squared: Mapping[str, bool] = field(default_factory=dict)
    from_zero: frozenset[tuple[str, int]] = frozenset()

    def name(self, named: Named) -> str:
        """The plain name of a letter with its indices: `y` for y_i, `y_2` for y_{ik} beside it."""
        return ranked(named, self.ranks, self.extra)

    def step_axes(self, name: str) -> frozenset[int]:
        """The axes of a quantity that count layers or time steps."""
        seen = self.axis_letters.get(name, ())
        return frozenset(k for k, letter in enumerate(seen) if letter in self.steps.letters)

    def axes_beside(self, named: Named) -> int:
        """The number of axes that a letter has beside the indices written at it."""
        return self.extra.get((named.plain, len(named.indices)), 0)


def survey(
    nodes: Iterable[Node], prose: str = "", *, custom: bool = True, infer: bool = True, labelled: bool = True
) -> Survey:
    """Look through formulas in the order of the text; the arguments are those of `ground_of` and `surveyed`."""
    return surveyed(ground_of(nodes, prose), custom=custom, infer=infer, labelled=labelled)


def surveyed(ground: Ground, *, custom: bool = True, infer: bool = True, labelled: bool = True) -> Survey:
    """What formulas show if something is supposed of their shapes.

    Args:
        ground: what they show of their letters.
        custom: whether a capital before a small letter is taken for a matrix where nothing else says so.
        infer: whether it is told from its use that a letter without a mark of its own is a vector or a matrix.
        labelled: whether bold type marks a vector also where there is a label below.
    """
    nodes, letters, usage = ground.nodes, ground.letters, ground.steps.usage
    shapes = Shapes(
        letters=letters,
        sizes=ground.sizes,
        ranks=ground.ranks,
        functions=KNOWN_FUNCTIONS,
        values=frozenset(ground.arguments) - KNOWN_FUNCTIONS,
        defined=ground.defined,
        steps=ground.steps.letters,
        stepping=ground.stepping,
        declared=ground.declared,
        identity=usage.identity,
        supposed=Suppositions(custom=custom, infer=infer, labelled=labelled),
    )
    shapes.settle(nodes)
    found = _Found(shapes, ground.steps, ground.declared)
    for number, node in enumerate(nodes):
        found.visit(node, {}, number)
    result = found.surveyed(ground.arguments, ground.defined)
    given = left_alone(nodes, letters, but=MEMBER)
    known = Known(
        extra=shapes.extra,
        ranges=result.ranges,
        limits=result.sampled,
        declared=ground.declared.sizes,
        defined=given,
        letters=letters,
    )
    return replace(result, stacks=known.stacks(usage.whole, ground.prose), squared=squares_in(nodes, letters))


SLOT_LETTERS = "ijkpqruvabcdefgh"  # for indices that a text leaves out


class _Found:
    """What the survey has come across so far."""

    def __init__(self, shapes: Shapes, steps: Steps, declared: Declared) -> None:
        self.letters = shapes.letters
        self.ranks = shapes.ranks
        self.shapes = shapes
        self.steps = steps
        self.declared = declared
        self.axes = Axes()
        self.rank: dict[str, int] = {}
        self.axis_letters: dict[str, list[str]] = {}
        self.summed: dict[str, list[Limits]] = {}
        self.sampled: dict[str, Limits | None] = {}
        self.sizes: set[str] = set()
        self.differentiated: set[str] = set()
        self.named: dict[str, Named] = {}
        self.bare: dict[str, set[bool]] = {}
        self.standing: set[str] = set()
        self.moving: dict[tuple[str, int], Node] = {}
        self.zero: set[tuple[str, int]] = set()

    def surveyed(self, arguments: Mapping[str, frozenset[Arguments]], defined: frozenset[str]) -> Survey:
        """All that was found."""
        self.axes.joins += self.shapes.joins
        for axis, found in self.shapes.limits.items():
            self.axes.limit(axis, found)
        classes = self.axes.classes()
        return Survey(
            letters=self.letters,
            ranges={name: tuple(self.range_of(name, k, classes) for k in range(n)) for name, n in self.rank.items()},
            axis_letters={name: tuple(seen) for name, seen in self.axis_letters.items()},
            axis_sizes=self.sizes_of_axes(),
            letter_ranges={k: limits for k, written in self.summed.items() if (limits := usual(written)) is not None},
            uneven=frozenset(
                name for name, n in self.rank.items() if any(self.axes.is_uneven((name, k)) for k in range(n))
            ),
            rank=self.rank,
            ranks=self.ranks,
            sampled=self.sampled,
            sizes=frozenset(self.sizes),
            differentiated=frozenset(self.differentiated),
            named=self.named,
            arguments=arguments,
            defined=defined,
            bare={name: frozenset(fonts) for name, fonts in self.bare.items()},
            standing=frozenset(self.standing),
            extra=self.shapes.extra,
            guessed=frozenset(name for name, _ in self.shapes.guessed),
            told=self.shapes.told,
            asked=frozenset(self.shapes.supposed.asked),
            steps=self.steps,
            declared=self.declared,
            letters_of_axes=self._letters_of_axes(),
            written={axis: tuple(limits) for axis, limits in self.axes.written.items()},
            moving=self.moving,
            from_zero=frozenset((name, k) for name, k in self.zero if not self.axis_letters[name][k]),
        )

    def visit(self, node: Node, bound: Mapping[str, Hashable], statement: int, *, inner: bool = False) -> None:
        """Look at a node under the sums that bind letters; each letter has a key, a sum of its own or the statement."""
        if isinstance(node, Big):
            self._big(node, bound, statement)
            return
        if isinstance(node, Entries):
            bound = dict(bound)
            for letter, first, last in node.running:
                bound[letter] = key = ("entries", statement, node.span, letter)
                self.axes.limit(key, (first, last))
        if isinstance(node, Fraction):
            self._fraction(node)
        if isinstance(node, Sym):
            self._sym(node, bound, statement, inner=inner)
        if (entry := entry_within(node, self.letters)) is not None:
            self._sym(entry, bound, statement, inner=True)
            self._square(entry)
        heads = [a for a, b in pairwise(node.items) if opens(b)] if isinstance(node, Juxt) else []
        for child in children(node):
            self.visit(child, bound, statement, inner=not any(child is head for head in heads))

    def range_of(self, name: str, k: int, classes: Mapping[Hashable, list[Limits]]) -> Limits | None:
        """The limits of an axis: those written most often where it is summed over, else those of its class."""
        own = self.axes.written.get((name, k))
        return usual(own or classes.get(self.axes.root((name, k)), []))

    def sizes_of_axes(self) -> dict[tuple[str, int], str]:
        """The letter first seen at any axis of the same class, else a quantity of that length."""
        axes = [(name, k) for name, seen in self.axis_letters.items() for k in range(len(seen))]
        first: dict[Hashable, str] = {}
        for name, k in axes:
            if letter := self.axis_letters[name][k]:
                first.setdefault(self.axes.root((name, k)), letter)
        nameless = {name: seen.count("") for name, seen in self.axis_letters.items()}
        for name, k in sorted(axes, key=lambda axis: nameless[axis[0]]):  # N_x rather than N_W
            own = name if nameless[name] == 1 else f"{name}{k + 1}"
            first.setdefault(self.axes.root((name, k)), own)
        return {axis: first[self.axes.root(axis)] for axis in axes}

    def _letters_of_axes(self) -> dict[tuple[str, int], str]:
        """A letter for each axis: one of the text's where it has one for that size, else one that no other size has."""
        axes = sorted(
            ((name, k) for name, seen in self.axis_letters.items() for k in range(len(seen))),
            key=lambda axis: -len(self.axis_letters[axis[0]]),
        )
        own: dict[Hashable, str] = {}
        for name, k in axes:
            if letter := self.axis_letters[name][k]:
                own.setdefault(self.axes.root((name, k)), letter)
        free = [c for c in SLOT_LETTERS if c not in own.values() and c not in self.named]
        found: dict[tuple[str, int], str] = {}
        for name, k in axes:
            taken = {found[name, m] for m in range(k)} | set(self.axis_letters[name][k + 1 :])
            letter = self.axis_letters[name][k] or own.get(self.axes.root((name, k)), "")
            if not letter or letter in taken:
                letter = next((c for c in free if c not in taken), f"i{k}")
                if self.axes.root((name, k)) not in own:
                    own[self.axes.root((name, k))] = letter
                    free = [c for c in free if c != letter]
            found[name, k] = letter
        return found

    def _big(self, node: Big, bound: Mapping[str, Hashable], statement: int) -> None:
        b = binder(node.below)
        inner = dict(bound)
        if b is not None:
            limits = (b[1], present(node.above))
            inner[b[0]] = key = ("sum", statement, node.span, b[0])
            if limits[1] is not None:
                self.axes.limit(key, limits)
                self.summed.setdefault(b[0], []).append(limits)
                if isinstance(limits[1], Sym):
                    self.sizes.add(take_apart(limits[1], self.letters).plain)
        self.visit(node.body, inner, statement, inner=True)

    def _fraction(self, node: Fraction) -> None:
        below = node.below
        if isinstance(below, Juxt) and isinstance(below.items[0], Sym) and below.items[0].base in ("partial", "d"):
            for item in below.items[1:]:
                if isinstance(item, Sym):
                    self.differentiated.add(take_apart(item, self.letters).plain)

    def _sym(self, sym: Sym, bound: Mapping[str, Hashable], statement: int, *, inner: bool) -> None:
        if is_letter(sym, self.letters):
            return
        if sym.base == "nabla" and isinstance(sym.sub, Sym):
            self.differentiated.add(take_apart(sym.sub, self.letters).plain)
        named = take_apart(sym, self.letters)
        name = self.shapes.name(named)
        self.named.setdefault(name, named)
        if inner and not is_power_of_e(sym):
            self.standing.add(name)
        if sym.sub is None and sym.sup is None and inner:
            self.bare.setdefault(name, set()).add("bold" in sym.fonts)
        if named.sample is not None:
            self._sampled(named, bound)
        self._axes_of(named, name)
        seen = self.axis_letters[name]
        for k, index in enumerate(named.indices):
            step = step_of(index)
            if isinstance(index, Num) and index.text == "0":
                self.zero.add((name, k))
            if step is None and not isinstance(index, Num):
                self.moving.setdefault((name, k), index)
            if step is not None and (step[1] == 0 or step[0] in self.steps.letters):
                seen[k] = seen[k] or step[0]
            if step is not None and step[0] in self.steps.letters:
                self.axes.limit((name, k), self.steps.limits[step[0]])
            elif step is not None and step[1] == 0:
                key = bound.get(step[0], ("free", statement, step[0]))
                self.axes.stands_at(key, (name, k))

    def _square(self, entry: Sym) -> None:
        """The last two axes of what has an inverse are equally long."""
        named = take_apart(entry, self.letters)
        name, last = self.shapes.name(named), len(named.indices) - 1
        self.axes.joins.append(((name, last - 1), (name, last)))

    def _axes_of(self, named: Named, name: str) -> None:
        """The axes of a letter, those at which no index is written too, with the sizes that the text states."""
        use = (named.plain, len(named.indices))
        rank = len(named.indices) + self.shapes.extra.get(use, 0)
        self.rank[name] = max(self.rank.get(name, 0), rank)
        seen = self.axis_letters.setdefault(name, [])
        seen += [""] * (rank - len(seen))
        for k, limits in enumerate(self.declared.sizes.get(use, ())):
            if limits not in self.axes.written.get((name, len(named.indices) + k), ()):
                self.axes.limit((name, len(named.indices) + k), limits)
                if isinstance(limits[1], Sym):
                    self.sizes.add(take_apart(limits[1], self.letters).plain)

    def _sampled(self, named: Named, bound: Mapping[str, Hashable]) -> None:
        limits = None
        if isinstance(named.sample, Sym):
            limits = usual(self.axes.written.get(bound.get(named.sample.base), []))
        self.sampled[named.plain] = self.sampled.get(named.plain) or limits
