"""Tensors whose rows differ in length: lists of arrays, one for each value of an index, such as the layer l.

    W[l, i, j] with i = 1, …, n_l and j = 1, …, n_{l−1}    →    an array of shape (n_l, n_{l−1}) for each l

What has an entry for each l is computed in a loop over l, arrays at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

from sympy import Expr, Idx, Sum

from derive.calculus.indices import certainly_nonnegative, free_indices, substitute
from derive.calculus.trees import args_of
from derive.model import Model
from derive.quantities import Quantity
from derive.vocabulary import SizeAt, length, name_of

from .entries import places
from .operations import Contraction, Operation, Read, Reduction, Tensor, entries, reads
from .program import Loop, LoweringError, Program, Step
from .reading import Range


def listed_by(axes: Iterable[Expr]) -> Idx | None:
    """The index along which the lengths of other axes differ; None for an array.

    Raises: LoweringError: if there are several.
    """
    found = {other for i in axes if isinstance(i, Idx) for other in free_indices(length(i))}
    if len(found) > 1:
        raise LoweringError(f"lengths that differ along {' and '.join(sorted(map(str, found)))} have no lists here")
    return next(iter(found), None)


def has_lists(model: Model) -> bool:
    """Whether some quantity is a list of arrays."""
    return any(listed_by(q.axes) is not None for q in model.quantities.values())


# -- loops -----------------------------------------------------------------------------------------


def list_by_list(program: Program) -> Program:
    """The program with every step that computes a list in a loop over its index, in one that is there if it can.

    Raises: LoweringError: for a product or maximum over all arrays of a list, and for a sum over those of two.
    """
    steps: list[Step] = []
    for step in _one_by_one(program):
        over = None if isinstance(step, Loop) else _over(step)
        if over is None or isinstance(step, Loop):
            steps.append(step)
        elif (k := _that_may_have(step, over, steps)) is not None:
            loop = steps[k]
            assert isinstance(loop, Loop)
            steps[k] = replace(loop, body=(*loop.body, step))
        else:
            steps.append(Loop(over=over, backwards=False, body=(step,)))
    return replace(program, operations=tuple(steps))


def _one_by_one(program: Program) -> Iterator[Step]:
    """The steps; what is added up over all arrays of a list is first added up within each: Σ_{l,i,j} = Σ_l Σ_{i,j}."""
    names = set(program.tensors)
    for step in program.operations:
        over = _summed_lists(step)
        if over is None or not isinstance(step, Contraction | Reduction):
            yield step
            continue
        name = next(n for n in (f"each_{step.out.name}{'_' * k}" for k in count()) if n not in names)
        names.add(name)
        each = Tensor(name=name, axes=(over, *step.out.axes))
        if isinstance(step, Contraction):
            yield replace(step, out=each)
        else:
            yield replace(step, out=each, over=tuple(i for i in step.over if i != over))
        yield Reduction(out=step.out, expr=each.entry, over=(over,))


def _summed_lists(step: Step) -> Idx | None:
    """The index of the lists over all arrays of which a step adds up; None if it does not."""
    if not isinstance(step, Contraction) and not (isinstance(step, Reduction) and step.kind is Sum):
        return None
    found = {over for e in entries(step) if (over := listed_by(places(e))) is not None}
    return next(iter(found)) if len(found) == 1 and found <= set(step.over) else None


def _over(step: Operation) -> Idx | None:
    """The index of the loop that a step must be in; none if it computes an array, or a list of what is there.

    What has one number, or one array of the same shape, for each array of a list is computed in the loop too.
    """
    over = listed_by(step.out.axes)
    if isinstance(step, Read):
        return None if step.brackets else over
    read = {listed_by(places(e)) for e in entries(step)} - {None}
    if over is None and read - set(step.out.axes):
        raise LoweringError(f"{step.out.name} sums over arrays of different lengths, which is not written here")
    return over if over is not None or not read else next(iter(read))


def _that_may_have(step: Operation, over: Idx, steps: list[Step]) -> int | None:
    """The position of the last loop over an index, if all that a step reads is there in it by then."""
    loops = [k for k, s in enumerate(steps) if isinstance(s, Loop) and s.over == over]
    if not loops:
        return None
    loop, later = steps[loops[-1]], steps[loops[-1] + 1 :]
    assert isinstance(loop, Loop)
    made = {name for s in later for name in (s.names if isinstance(s, Loop) else (s.out.name,))}
    elsewhere = isinstance(step, Read) and name_of(step.entry) in loop.names
    return None if elsewhere or made & set(reads(step)) else loops[-1]


# -- sizes -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Width:
    """An axis of a given quantity that has n_place entries.

    Attributes:
        quantity: whose axis it is.
        axis: its position.
        letter: n.
        place: l − 1, or a number.
        over: l; None for an array.
    """

    quantity: Quantity
    axis: int
    letter: str
    place: Expr
    over: Idx | None

    @property
    def span(self) -> Range:
        """The first and the last place."""
        if self.over is None:
            return self.place, self.place
        first, last = (substitute(self.place, {self.over: end}) for end in (self.over.lower, self.over.upper))
        return first, last


def widths(quantities: Iterable[Quantity]) -> tuple[Width, ...]:
    """The axes from which sizes n_l can be read, those of arrays first."""
    found = [
        Width(
            quantity=q, axis=k, letter=str(letter), place=place, over=listed_by(q.axes) if free_indices(place) else None
        )
        for q in quantities
        for k, i in enumerate(q.axes)
        if isinstance(length(i), SizeAt)
        for letter, place in (args_of(length(i)),)
    ]
    return tuple(sorted(found, key=lambda w: w.over is not None))


def span(found: Iterable[Width]) -> Range:
    """The first and the last place at which there are sizes of one letter."""
    spans = [w.span for w in found]
    first = next(a for a, _ in spans if all(certainly_nonnegative(other - a) for other, _ in spans))
    last = next(b for _, b in spans if all(certainly_nonnegative(b - other) for _, other in spans))
    return first, last


def by_letter(quantities: Iterable[Quantity]) -> Mapping[str, tuple[Width, ...]]:
    """The same for each letter, without those that others have already."""
    found: dict[str, tuple[Width, ...]] = {}
    for w in widths(quantities):
        known = found.get(w.letter, ())
        if not _covered(w.span, [k.span for k in known]):
            found[w.letter] = (*known, w)
    return found


def _covered(wanted: Range, known: list[Range]) -> bool:
    """Whether every place of a range is in one of those known."""
    at, last = wanted
    while not certainly_nonnegative(at - last - 1):
        reached = [b for a, b in known if certainly_nonnegative(at - a) and certainly_nonnegative(b - at)]
        if not reached:
            return False
        at = (reached[0] + 1).expand()
    return True
