"""What the parts of a result are: gradients, told by names, places or shapes, and perhaps the value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, permutations, product

import numpy as np

from .calling import Array, AuditError, Part
from .layers import by_parameter
from .names import Form, alike
from .shapes import Shape, longer, shape_of

MOST_TRIED = 120
VALUES = ("value", "loss", "cost", "objective", "nll")  # what dictionaries call the value
_AFFIX = re.compile(r"^(gradients?|grads?|nabla|d_?l_?d?|d)_?(?=.)|(?<=.)_?(gradients?|grads?|bar)$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a result may hold.

    Attributes:
        shapes: of the gradients, by parameter, by `shape_of`.
        order: the parameters in the order of the code's arguments.
        rare: parameters that code seldom has a gradient by, such as the weight of a penalty.
        called: from the code's own names of its arguments to parameters.
        value: what the objective is; a number that equals it is no gradient.
    """

    shapes: Mapping[str, Shape]
    order: Sequence[str]
    rare: Collection[str] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    value: float = np.nan


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the parts of a result were taken for.

    Attributes:
        gradients: by parameter of the model.
        value: that of the objective, if there is one.
        forms: by part, the parameter that it is the gradient by.
    """

    gradients: Mapping[str, Part]
    value: Array | None
    forms: Mapping[str, Form]


def results(parts: Mapping[str, Part], wanted: Wanted, names: Mapping[str, Form]) -> Told:
    """The gradient by parameter of the model, and the value if there is one.

    Args:
        parts: what the code returned.
        wanted: what it may be.
        names: what is known of the parts: from a mapping file, or from another point.
    Raises: AuditError: if a part is the gradient of nothing that can be told.
    """
    forms: dict[str, Form] = {}
    left: dict[str, Part] = {}
    every = by_parameter(_apart(parts, wanted), wanted.shapes)
    for name, part in every.items():
        form = names.get(name) or _gradient_of(name, wanted)
        if form is not None and form.name not in {f.name for f in forms.values()}:
            forms[name] = form
        else:
            left[name] = part
    open_ = [name for name in wanted.order if name not in {f.name for f in forms.values()}]
    value, placed = _told(left, open_, wanted, beside_names=bool(forms))
    forms |= {part: Form(name=parameter) for part, parameter in placed.items()}
    gradients = {form.name: form.back(every[part]) for part, form in forms.items()}
    return Told(gradients=gradients, value=None if value is None else np.asarray(left[value]), forms=forms)


def _apart(parts: Mapping[str, Part], wanted: Wanted) -> Mapping[str, Part]:
    """The entries of one row of numbers, where each of the parameters is a number: [∂L/∂μ, ∂L/∂σ]."""
    usual = [name for name in wanted.order if name not in wanted.rare]
    whole = parts.get("", np.empty(0))
    row = len(usual) > 1 and not isinstance(whole, list) and whole.shape == (len(usual),)
    numbers = not any(wanted.shapes[name] for name in usual)
    return {str(k): np.asarray(entry) for k, entry in enumerate(whole)} if row and numbers else parts


def _told(
    left: Mapping[str, Part], open_: Sequence[str], wanted: Wanted, *, beside_names: bool
) -> tuple[str | None, dict[str, str]]:
    """The part that is the value, if one is, and the parameters by which the others are gradients."""
    value = _value_among(left, wanted.value, beside_names=beside_names)
    rest = _without(left, value)
    if beside_names:  # what has a name of its own is seldom the gradient by the weight of a penalty
        open_ = [name for name in open_ if name not in wanted.rare]
        rest = {n: part for n, part in rest.items() if open_ or shape_of(part) or n.isdecimal()}
    for number, kept in _ways(rest, may_have_value=value is None):
        if (placed := _in_order(kept, open_, wanted)) is not None:
            return value or number, placed
    first = next(iter(rest), None)
    if first is not None and value is None and len(rest) == len(open_) + 1 and not shape_of(rest[first]):
        value, rest = first, _without(rest, first)
    return value, _by_shape(rest, open_, wanted)


def _value_among(left: Mapping[str, Part], true: float, *, beside_names: bool) -> str | None:
    """A number that equals the value, is called so, or stands without a name beside gradients that have names."""
    numbers = [name for name, part in left.items() if not shape_of(part)]
    alone = len(left) == 1 and not beside_names
    for name in () if alone else numbers:
        if np.isclose(float(np.asarray(left[name])), true, rtol=1e-8, atol=0.0):
            return name
    called = [name for name in numbers if name.lower() in VALUES or (beside_names and name.isdecimal())]
    return called[0] if len(called) == 1 else None


def _ways(left: Mapping[str, Part], may_have_value: bool) -> Iterator[tuple[str | None, Mapping[str, Part]]]:
    """What is left as gradients alone, then without the first or the last part where that is a number."""
    yield None, left
    if may_have_value and len(left) > 1:
        names = list(left)
        for name in (names[0], names[-1]):
            if not shape_of(left[name]):
                yield name, _without(left, name)


def _without(left: Mapping[str, Part], name: str | None) -> dict[str, Part]:
    return {n: part for n, part in left.items() if n != name}


def _in_order(left: Mapping[str, Part], open_: Sequence[str], wanted: Wanted) -> dict[str, str] | None:
    """The parameters whose shapes the parts have, in the order of the code's arguments, usual ones first."""
    usual = [name for name in open_ if name not in wanted.rare]
    for may_be_longer, pool in product((False, True), (usual, open_)):
        for chosen in islice(combinations(pool, len(left)), MOST_TRIED):
            pairs = [(shape_of(a), wanted.shapes[n]) for a, n in zip(left.values(), chosen, strict=True)]
            if all(a == b or (may_be_longer and longer(a) == longer(b)) for a, b in pairs):
                return dict(zip(left, chosen, strict=True))
    return None


def _by_shape(left: Mapping[str, Part], open_: Sequence[str], wanted: Wanted) -> dict[str, str]:
    """What is left, in order if the numbers agree, and by shape if they do not."""
    shapes = wanted.shapes
    for pool in (open_, [name for name in open_ if name not in wanted.rare]):
        if len(left) == len(pool):
            best = max(
                islice(permutations(pool), MOST_TRIED),
                key=lambda names: sum(shape_of(a) == shapes[n] for a, n in zip(left.values(), names, strict=True)),
            )
            return dict(zip(left, best, strict=True))
    found: dict[str, str] = {}
    for name, array in left.items():
        fitting = [n for n in open_ if shapes[n] == shape_of(array) and n not in found.values()]
        if len(fitting) == 1:
            found[name] = fitting[0]
        elif shape_of(array) and len(left) < len(open_):
            what = f"the part {name!r} of its result" if name else "its result"
            raise AuditError(
                f"{what}, of shape {shape_of(array)}, is the gradient of none of {_shaped(open_, shapes)} for sure; "
                "name it in a dict, or with --mapping FILE.toml"
            )
    return found


def _gradient_of(name: str, wanted: Wanted) -> Form | None:
    """The parameter that a name says, by the model's names or by those of the code's arguments."""
    for spelling in (name, _AFFIX.sub("", name)):
        for known in (dict.fromkeys(wanted.shapes), wanted.called):
            meant = spelling if spelling in known else alike(spelling, known)
            if meant is not None:
                return Form(name=known[meant] or meant)
    return None


def _shaped(names: Iterable[str], shapes: Mapping[str, Shape]) -> str:
    return ", ".join(f"{name} {shapes[name]}" for name in names)
