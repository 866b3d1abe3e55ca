"""What a text shows about its letters before anything is supposed of shapes: the ground on which surveys stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from .declared import Declared, declared_in, sizes_in
from .introduced import Arguments, arguments_in
from .letters import letters_in, ranks_in
from .names_in_notes import is_letter, is_power_of_e, take_apart
from .runs import walk
from .scope import reach
from .steps import Steps, step_of, steps_in
from .syntax import Chain, Node, Sym
from .usage import usage_in


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a text shows about its letters, whatever is supposed of their shapes.

    Attributes:
        prose: the text itself, for the words that say what a letter is.
        nodes: what its formulas state, sums with all that they reach over.
        letters: the letters used as indices.
        steps: the letters that count layers and time steps.
        declared: the shapes that the text states.
        defined: the quantities that stand alone to the left of a relation.
        arguments: for each quantity introduced as f(x), L(θ), the arguments it is introduced with.
        stepping: the plain names whose first index counts layers or time steps.
        ranks: for each letter, as a plain name, the numbers of indices it is used with.
        sizes: the plain names that stand as limits of sums.
    """

    prose: str
    nodes: tuple[Node, ...]
    letters: frozenset[str]
    steps: Steps
    declared: Declared
    defined: frozenset[str]
    arguments: Mapping[str, frozenset[Arguments]]
    stepping: frozenset[str]
    ranks: Mapping[str, frozenset[int]]
    sizes: frozenset[str]


def ground_of(nodes: Iterable[Node], prose: str = "", points: frozenset[str] = frozenset()) -> Ground:
    """Look through formulas in the order of the text.

    Args:
        nodes: what its formulas state.
        prose: the text itself.
        points: letters whose subscripts count data points, as those of y_i do where y is a number.
    """
    nodes = tuple(nodes)
    usage = usage_in(nodes, prose, letters_in(nodes), points)
    steps = replace(steps_in(tuple(usage.settled(node) for node in nodes)), usage=usage)
    nodes = tuple(reach(steps.settled(node)) for node in nodes)
    letters = letters_in(nodes) | steps.letters
    declared, defined = declared_in(nodes, prose, letters), left_alone(nodes, letters)
    return Ground(
        prose=prose,
        nodes=nodes,
        letters=letters,
        steps=steps,
        declared=declared,
        defined=defined,
        arguments=arguments_in(nodes, letters, defined),
        stepping=_stepping(nodes, letters, steps),
        ranks=ranks_in(nodes, letters),
        sizes=sizes_in(nodes, declared, letters),
    )


def left_alone(nodes: Iterable[Node], letters: frozenset[str], but: Collection[str] = ()) -> frozenset[str]:
    """The plain names that stand alone to the left of a relation other than these."""
    chains = (node for node in nodes if isinstance(node, Chain))
    lefts = (node.operands[0] for node in chains if node.operators[0] not in but)
    names = (left for left in lefts if isinstance(left, Sym) and not is_power_of_e(left))
    return frozenset(take_apart(left, letters).plain for left in names)


def _stepping(nodes: Iterable[Node], letters: frozenset[str], steps: Steps) -> frozenset[str]:
    """The plain names whose first index counts layers or time steps."""
    syms = (n for top in nodes for n in walk(top) if isinstance(n, Sym) and not is_letter(n, letters))
    first = ((named.plain, named.indices[0]) for named in (take_apart(s, letters) for s in syms) if named.indices)
    return frozenset(name for name, i in first if (step := step_of(i)) is not None and step[0] in steps.letters)
