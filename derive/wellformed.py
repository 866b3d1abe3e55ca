"""What a model must be: every name known, every index in its range, one scalar to train. Anything else is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sympy import Basic, Expr, Idx, KroneckerDelta, MatrixSymbol, Piecewise, nan, oo, zoo
from sympy.core.function import AppliedUndef

from .calculus.indices import free_indices, moved, placed, substitute, within
from .calculus.trees import holds, parts
from .model import ModelError
from .quantities import Definition, Quantity
from .vocabulary import OF_A_MATRIX, Inside, SizeAt, indices_of, is_name, name_of, names_in

if TYPE_CHECKING:
    from .model import Model

GUARDS = (Inside, KroneckerDelta, Piecewise)  # where they stand, an entry may be out of range and not count
MOST_NESTED = 8  # ranges that depend on indices whose ranges do


def check_model(model: Model) -> None:
    """Refuse what cannot be.

    Raises: ModelError: naming the definition, what was expected and what came.
    """
    _check_given(model)
    known = {q.name: q for q in model.given}
    later = {d.name: d for d in model.definitions}
    for definition in model.definitions:
        _check_definition(definition, known, later)
        known[definition.name] = definition.quantity
    _check_ranges(known.values())
    _check_objective(model, known)


def runs_to_itself(i: Idx) -> bool:
    """Whether an index has the letter of its own last value, t = 1..t: what is then said of t has two meanings."""
    return any(s.name == str(i.label) for end in (i.lower, i.upper) for s in end.free_symbols - {i})


def _check_ranges(quantities: Iterable[Quantity]) -> None:
    for q in quantities:
        if (axis := next((i for i in q.axes if runs_to_itself(i)), None)) is not None:
            raise ModelError(f"the index {axis} of {q.name} runs to {axis} itself; give its last value another letter")


def near(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing."""
    found = get_close_matches(name, list(known), n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def reach(place: Expr, *, high: bool) -> Expr | None:
    """The largest, or smallest, value of an index expression over the ranges of its indices; None if it is not known.

    S p + u with p = 0..P−1 and u = 0..F−1 reaches S (P − 1) + F − 1.
    """
    for _ in range(MOST_NESTED):
        place = place.expand()
        letter = min(place.atoms(Idx), key=str, default=None)
        if letter is None:
            return place
        slope = place.coeff(letter)
        if (place - slope * letter).expand().has(letter) or not (slope.is_nonnegative or slope.is_nonpositive):
            return None
        end = letter.upper if bool(slope.is_nonnegative) == high else letter.lower
        place = place.xreplace({letter: end})
    return None


def outside(place: Expr, axis: Idx, *, before: int = 0) -> bool:
    """Whether an index certainly leaves the range of an axis somewhere, or names another range than the axis has.

    Args:
        place: what stands in the place of the axis.
        axis: with its range.
        before: how far below its range there are values, too: one for a recursion, with its base.
    """
    if isinstance(place, Idx) and (place.lower, place.upper) == (axis.lower, axis.upper):
        return False
    if axis.lower.has(SizeAt) or axis.upper.has(SizeAt):
        return not within(place, axis.lower, axis.upper)
    low, high = reach(place, high=False), reach(place, high=True)
    below = None if low is None else (axis.lower - before - low).expand()
    above = None if high is None else (high - axis.upper).expand()
    gaps = [gap for gap in (below, above) if gap is not None]
    if isinstance(place, Idx):
        return not all(gap.is_nonpositive for gap in gaps)
    return any(gap.is_positive for gap in gaps)


def out_of_range(entry: Expr, model: Model) -> str | None:
    """How an index of an entry certainly leaves its range, `z at p = 0..R + 1`; None if none does."""
    quantity = model.quantities.get(name_of(entry))
    if quantity is None or len(indices_of(entry)) != len(quantity.axes):
        return None
    for place, axis in _meant(entry, quantity.axes):
        if isinstance(place, Idx) and (place.upper - axis.upper).expand().is_positive:
            return f"{quantity.name} at {range_of(place)}; expected an index within {range_of(axis)}"
    return None


def range_of(i: Idx) -> str:
    """The index with its range, for messages: `i = 1..d`."""
    return f"{i.label} = {i.lower}..{i.upper}"


def check_entry(model: Model, entry: object) -> Expr:
    """The entry of a quantity that was given as an expression; of a quantity itself, the one at its own indices.

    Raises: ModelError: if it is none, is unknown, has another number of indices, or one that is out of range.
    """
    if isinstance(entry, Quantity):
        entry = entry.at()
    if not isinstance(entry, Expr) or not is_name(entry):
        raise ModelError(f"{entry!r} is no quantity of model {model.name}; expected a name as text, or an entry")
    name = name_of(entry)
    if name not in model.quantities:
        hint = near(name, model.quantities) or f"; it has {', '.join(model.quantities)}"
        raise ModelError(f"model {model.name} has no quantity {name!r}{hint}")
    quantity = model.quantities[name]
    if len(indices_of(entry)) != len(quantity.axes):
        ranges = ", ".join(map(range_of, quantity.axes)) or "none"
        raise ModelError(f"{entry} gives {name} {len(indices_of(entry))} indices; it has {ranges}")
    over = model.defined[name].over if name in model.defined else None
    for place, axis in _meant(entry, quantity.axes):
        if (not isinstance(place, Idx) or axis.upper.has(SizeAt)) and outside(place, axis, before=int(axis == over)):
            raise ModelError(f"{entry} is out of range: expected an index within {range_of(axis)}, came {place}")
    return entry


# -- the parts of a model ----------------------------------------------------------------------------------


def _check_given(model: Model) -> None:
    seen: set[str] = set()
    for quantity in model.given:
        if quantity.name in seen:
            raise ModelError(f"{quantity.name} is given twice; give the second one another name")
        seen.add(quantity.name)


def _check_objective(model: Model, known: Mapping[str, Quantity]) -> None:
    for role, name in (("objective", model.objective), ("likelihood", model.likelihood), ("penalty", model.penalty)):
        if not name:
            continue
        if name not in model.defined:
            came = "which is given" if name in known else f"which is not defined{near(name, model.defined)}"
            raise ModelError(f"model {model.name}: the {role} must be a defined scalar; came {name}, {came}")
        if axes := [i for i in known[name].axes if i != model.sample]:
            ranges = ", ".join(map(range_of, axes))
            expected = f"the {role} must be a defined scalar"
            raise ModelError(f"model {model.name}: {expected}; {name} has the indices {ranges}; sum over them")


def _check_definition(definition: Definition, known: Mapping[str, Quantity], later: Mapping[str, Definition]) -> None:
    """Reject a definition that uses unknown names, leaks an index, leaves a range or is made twice."""
    name = definition.name
    if name in known:
        raise ModelError(f"{name} is defined twice; give the second one another name")
    _check_words(definition)
    _check_recursion(definition)
    for a in _entries(definition):
        if _earlier(a, later):
            _check_places(a, definition, known, later)
            continue
        _check_known(a, name, known, later)
        _check_places(a, definition, known, later)
    _check_matrices(definition, known)
    _check_bound(definition.expr, definition.quantity.axes, name)
    if definition.base is not None:
        _check_bound(definition.base, tuple(i for i in definition.quantity.axes if i != definition.over), name)


def _entries(definition: Definition) -> Iterator[Expr]:
    yield from names_in(definition.expr)
    if definition.base is not None and definition.over is not None:
        axes = definition.quantity.axes
        where = placed(axes, {definition.over: definition.over.lower - 1})
        yield from names_in(substitute(definition.base, dict(zip(axes, where, strict=True))))


def _check_words(definition: Definition) -> None:
    """Reject what is no expression of the language."""
    for expr in (definition.expr, definition.base):
        if expr is None:
            continue
        if not isinstance(expr, Expr):
            raise ModelError(
                f"the definition of {definition.name} is {expr!r}, a {type(expr).__name__}; expected an expression "
                "of data, parameters and names"
            )
        if functions := sorted(str(f.func) for f in parts(expr, AppliedUndef)):
            raise ModelError(
                f"the definition of {definition.name} uses {functions[0]}, a function without a formula; "
                f"make it a Unary row, or unnamed({functions[0]!r})"
            )
        if matrices := parts(expr, MatrixSymbol):
            matrix = min(map(str, matrices))
            raise ModelError(
                f"the definition of {definition.name} uses the whole matrix {matrix}; expected entries {matrix}[i, j]"
            )
        if expr.has(nan, zoo, oo, -oo):
            raise ModelError(f"the definition of {definition.name} is not finite: {expr}; expected a number")


def _check_recursion(definition: Definition) -> None:
    name, over = definition.name, definition.over
    if over is not None and over not in definition.quantity.axes:
        axes = ", ".join(map(range_of, definition.quantity.axes)) or "none"
        raise ModelError(f"the recursion of {name} runs along {over}, which is no index of {name}; its indices: {axes}")
    if over is not None and definition.base is None:
        raise ModelError(f"the recursion of {name} along {over} has no base; give its value before the range")


def _earlier(atom: Expr, later: Mapping[str, Definition]) -> bool:
    """Whether an entry stands at an earlier value of the index of its recursion: h_{t−1}."""
    recursion = later.get(name_of(atom))
    if recursion is None or recursion.over is None:
        return False
    axes = recursion.quantity.axes
    if recursion.over not in axes or len(indices_of(atom)) != len(axes):
        return False
    step = recursion.over - indices_of(atom)[axes.index(recursion.over)]
    return bool(step.is_Integer and step > 0)


def _check_known(a: Expr, name: str, known: Mapping[str, Quantity], later: Mapping[str, Definition]) -> None:
    used = name_of(a)
    if used == name:
        raise ModelError(f"the definition of {name} uses {name} itself; a recursion needs an index, and a base")
    if used not in known:
        hint = "; it is defined further down" if used in later else near(used, known)
        raise ModelError(f"the definition of {name} uses {used}, which is not defined before it{hint}")
    if len(indices_of(a)) != len(known[used].axes):
        wanted = len(known[used].axes)
        raise ModelError(f"the definition of {name} gives {used} {len(indices_of(a))} indices; it has {wanted}")


def _check_places(
    a: Expr, definition: Definition, known: Mapping[str, Quantity], later: Mapping[str, Definition]
) -> None:
    """Reject an entry at an index whose range is not that of the axis, unless a bracket takes care of it."""
    if holds(definition.expr, GUARDS):
        return
    used = name_of(a)
    over = later[used].over if used in later else None
    axes = (later[used].quantity if used in later else known[used]).axes
    for place, axis in _meant(a, axes):
        if axis == over and _earlier(a, later):
            continue
        if outside(place, axis, before=int(axis == over)):
            at = range_of(place) if isinstance(place, Idx) else str(place)
            raise ModelError(
                f"the definition of {definition.name} uses {used} at {at}; expected an index within {range_of(axis)}"
            )


def _meant(entry: Expr, axes: tuple[Idx, ...]) -> Iterator[tuple[Expr, Idx]]:
    """The places of an entry, each with its axis, whose range n_l is the one at the place of l."""
    places: dict[Basic, Expr] = {}
    for place, axis in zip(indices_of(entry), axes, strict=True):
        yield place, moved(axis, places)
        places[axis] = place


def _check_matrices(definition: Definition, known: Mapping[str, Quantity]) -> None:
    """Reject the inverse or the determinant of what is not square, or of part of a matrix."""
    for a in parts(definition.expr, OF_A_MATRIX):
        matrix = known.get(str(a.args[0]))
        if matrix is None or any((i.lower, i.upper) != a.span for i in matrix.axes):
            ranges = "" if matrix is None else ", ".join(map(range_of, matrix.axes))
            raise ModelError(
                f"the definition of {definition.name} needs a square matrix {a.args[0]} over {a.span[0]}..{a.span[1]}; "
                f"its indices are {ranges}"
            )


def _check_bound(expr: Expr, axes: tuple[Idx, ...], name: str) -> None:
    if leaked := free_indices(expr) - set(axes):
        named = ", ".join(sorted(str(i.label) for i in leaked))
        raise ModelError(f"the index {named} of the definition of {name} is neither bound nor an index of {name}")
