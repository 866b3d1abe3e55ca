"""Functions of which the text says only what they depend on: the loss L of ∇L(w), and of `L depends on Y`.

A claim about one holds for all such functions, or is false. Where the text may say more of it, that it is convex or at
its minimum, nothing is called wrong; nor is ∇u(x) = 2 x, which tells what u is.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sympy import Expr, Idx, Pow

from derive.calculus.indices import free_indices
from derive.notation.arrays import Array, Slot, Value
from derive.notation.definitions import Stated
from derive.notation.dictionary import Unreadable
from derive.notation.differentials import differentiated_functions
from derive.notation.elaborate import Reader
from derive.notation.introduced import only_names
from derive.notation.names_in_notes import take_apart
from derive.notation.recursions import used_now
from derive.notation.runs import walk
from derive.notation.steps import LAYERS
from derive.notation.syntax import Fraction
from derive.notation.unknownfunctions import any_function
from derive.vocabulary import indices_of, is_name, name_of, names_in, tensor

if TYPE_CHECKING:
    from .context import Context

MORE = re.compile(
    r"\b(?:convex|concave|quadratic|linear|homogeneous|separable|minim(?:um|a|i[sz]er)|maximum|stationary|saddle"
    r"|critical|optim(?:um|al)|vanish\w*|constant|Lipschitz|assum\w+|suppos\w+)\b",
    re.IGNORECASE,
)
MORE_OF = "the text may say more of {}"
SAYS_OF = "it may say what {} is"
ALONE = re.compile(r"\bdepends? (?:only )?on\b|\ba function of\b|\bonly through\b", re.IGNORECASE)


def suppose_any(context: Context, again: Sequence[Stated]) -> None:
    """Define each such function as one of many, behind all that the text defines itself.

    Args:
        context: the text.
        again: what it says of names that it has defined before.
    """
    for name, arguments, certain in (*_of_gradients(context), *_of_partials(context, again)):
        taken = {d.name for d in (*context.definitions.values(), *context.others.values())}
        if name in taken | context.unread.keys() | context.values.keys() or _has_axes(name, context):
            continue
        stated = any_function(name, arguments, context.dictionary)
        if stated is None:
            continue
        said = MORE.search(context.dictionary.prose)
        doubts = ((SAYS_OF if certain and said is None else MORE_OF).format(name),)
        context.definitions[min(context.definitions, default=0) - 1] = dataclasses.replace(stated, doubts=doubts)
        context.dictionary.formulas.setdefault(name, stated.formula)


def _has_axes(name: str, context: Context) -> bool:
    return bool(context.dictionary.survey.axis_letters.get(name, ()))


def _of_gradients(context: Context) -> Iterator[tuple[str, tuple[Value, ...], bool]]:
    """L and w of ∇L(w)."""
    dictionary = context.dictionary
    nodes = [node for node, _ in context.lines.nodes]
    for head, group in differentiated_functions(nodes):
        if not only_names(group) or dictionary.function(head.base) is not None:
            continue
        try:
            arguments = Reader(dictionary).arguments(group)
        except ValueError:
            continue
        yield dictionary.survey.name(take_apart(head, dictionary.survey.letters)), arguments, True


def _of_partials(context: Context, again: Sequence[Stated]) -> Iterator[tuple[str, tuple[Value, ...], bool]]:
    """L and what it is differentiated by, without what only leads there: Y of ∂L/∂W, ∂L/∂Y and Y = X W."""
    by: dict[str, dict[str, Value]] = {}
    settled = context.dictionary.survey.steps.settled
    for node in (n for top, _ in context.lines.nodes for n in walk(settled(top)) if isinstance(n, Fraction)):
        for of, wrt in _differentiated(node, context):
            by.setdefault(of, {})[name_of(_entry(wrt))] = wrt
    above: dict[str, set[str]] = {}
    ever: dict[str, set[str]] = {}
    for d in (*context.definitions.values(), *again):
        above[d.name] = above.get(d.name, set()) | (set() if d.starts else used_now(d.body))
        ever[d.name] = ever.get(d.name, set()) | {name_of(a) for a in names_in(d.expr)}
    certain = ALONE.search(context.dictionary.prose) is not None
    for of, wrts in by.items():
        inner = {n for w in wrts for n in _reached(w, above)}
        outer = {n: v for n, v in wrts.items() if n not in inner}
        last = tuple(_last(v, context) for v in outer.values())
        if all(n in _reached(n, ever) for n in outer if _layer_axes(n, context)) and not any(map(_is_open, last)):
            yield of, last, certain


def counts_layers(step: Expr | None, context: Context) -> bool:
    """Whether the index of a recursion counts layers, and not time."""
    return isinstance(step, Idx) and str(step.label) in LAYERS & context.dictionary.survey.steps.letters


def _last(value: Value, context: Context) -> Value:
    """Of a quantity that is computed layer by layer the last layer: z_L of z_l and z_{l−1}."""
    entry = _entry(value)
    name, places = name_of(entry), list(indices_of(entry))
    for k in _layer_axes(name, context):
        places[k] = context.dictionary.axis(name, k, "l")[1]
    last = tensor(name)[tuple(places)] if places else entry
    slots = tuple(s for s in value.slots if s.index in places) if isinstance(value, Array) else ()
    return Array(entry=last, slots=slots) if slots else last


def _is_open(value: Value) -> bool:
    """Whether a value has an index that is no axis of it."""
    slots = {s.index for s in value.slots} if isinstance(value, Array) else set()
    return bool(free_indices(_entry(value)) - slots)


def _layer_axes(name: str, context: Context) -> tuple[int, ...]:
    """The axes of a quantity that count layers."""
    survey = context.dictionary.survey
    return tuple(k for k in sorted(survey.step_axes(name)) if survey.axis_letters[name][k] in LAYERS)


def _differentiated(node: Fraction, context: Context) -> Iterator[tuple[str, Value]]:
    """The number that a fraction differentiates, and all of what it is differentiated by."""
    reader = Reader(context.dictionary)
    try:
        taken = reader.differentiated(node)
    except (Unreadable, ValueError, RecursionError):
        return
    if taken is None or reader.samples:
        return
    of, wrt = taken
    if isinstance(of, Array) or not is_name(of):
        return
    wrt = wrt.base if isinstance(wrt, Pow) else wrt  # ∂ℓ/∂σ² speaks of σ
    name = name_of(_entry(wrt))
    steps = context.dictionary.survey.step_axes(name)
    places = {k: i for k, i in enumerate(indices_of(_entry(wrt))) if k not in steps or isinstance(i, Idx)}
    if isinstance(wrt, Array) or not places:
        yield name_of(of), wrt
    elif len({*places.values()}) == len(places) and all(isinstance(i, Idx) for i in places.values()):
        slots = tuple(Slot(index=i, axis=(name, k), name=name) for k, i in places.items() if isinstance(i, Idx))
        yield name_of(of), Array(entry=wrt, slots=slots)  # ∂L/∂y_j speaks of all of y


def _reached(name: str, above: dict[str, set[str]]) -> set[str]:
    """The names that a defined name is computed from."""
    found: set[str] = set()
    todo = list(above.get(name, ()))
    while todo:
        n = todo.pop()
        if n not in found:
            found.add(n)
            todo += above.get(n, ())
    return found


def _entry(value: Value) -> Expr:
    return value.entry if isinstance(value, Array) else value
