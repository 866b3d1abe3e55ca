"""The part of a lowered module that takes lists of arrays out of what is passed in: W as W^(1), …, W^(L)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Expr, Idx, Symbol

from derive.calculus.indices import free_indices
from derive.calculus.trees import args_of
from derive.quantities import Quantity
from derive.vocabulary import SizeAt, length

from ...lists import Width, listed_by, span
from ...program import LoweringError
from .naming import local
from .shapes import dict_source, tuple_source, whole

CHECKING_LISTS = '''
_DTYPES = (np.dtype("float32"), np.dtype("float64"))


def _arrays(params, data):
    """The arrays in the order of PARAMETERS and DATA, for each name in LISTS a list of them, after all checks."""
    found = {}
    for group, given, expected, kinds in (("params", params, PARAMETERS, "f"), ("data", data, DATA, "biuf")):
        for name in (name for name in expected if name in _AXES):
            try:
                value = given[name]
            except (KeyError, IndexError, TypeError):
                raise ValueError(f"{group} has no {name!r}; give {_wanted(name)}") from None
            if name in LISTS and not (isinstance(value, (list, tuple)) and value):
                raise ValueError(f"{group}[{name!r}] is no list; give {_wanted(name)}")
            parts = value if name in LISTS else [value]
            found[name] = [_real(f"{group}[{name!r}]", np.asarray(part), kinds) for part in parts]
    _check_lengths(found)
    dtypes = {array.dtype for name in PARAMETERS for array in found[name]}
    if len(dtypes) > 1 or not dtypes <= set(_DTYPES):
        came = ", ".join(sorted(map(str, dtypes)))
        raise ValueError(f"params have the dtypes {came}, expected float32 for all or float64 for all; convert them")
    dtype = dtypes.pop()
    alike = {name: [array.astype(dtype, copy=False) for array in arrays] for name, arrays in found.items()}
    return tuple(arrays if name in LISTS else arrays[0] for name, arrays in alike.items())


def _real(what, array, kinds):
    """The array, if it holds numbers of such a kind."""
    if array.dtype.kind not in kinds:
        wanted = "float32 or float64" if kinds == "f" else "real numbers"
        raise ValueError(f"{what} has dtype {array.dtype}, expected {wanted}; convert it first")
    return array


def _check_lengths(found):
    """Each size must be the same wherever it occurs."""
    sizes = {}
    for name in LISTS:
        _agree(sizes, _COUNTS[name], len(found[name]), f"{name} has {len(found[name])} arrays")
    for name, arrays in found.items():
        for k, array in enumerate(arrays):
            which = f"{name}[{k}]" if name in LISTS else name
            axes = _AXES[name](k + _FIRST.get(name, 0), sizes)
            if array.ndim != len(axes):
                raise ValueError(f"{which} has shape {array.shape}, expected ({', '.join(axes)}): {len(axes)} axes")
            for size, count in zip(axes, array.shape):
                _agree(sizes, size, count, f"{which} has shape {array.shape}")


def _agree(sizes, size, count, came):
    """Note the number that a size is, and where; refuse another one."""
    known, where = sizes.setdefault(size, (count, came))
    if count != known:
        raise ValueError(f"{came}, where {size} = {count}, but {where}, where {size} = {known}")


def _wanted(name):
    """What is expected under a name."""
    axes = {**PARAMETERS, **DATA}[name]
    if name not in LISTS:
        return f"an array of shape ({', '.join(axes)})"
    return f"a list of arrays, one for each {LISTS[name]}, of shapes ({', '.join(axes[1:])})"


def _size(sizes, name, least):
    """A size as a whole number."""
    if name not in sizes:
        raise ValueError(f"sizes has no {name!r}; give a whole number of at least {least}")
    if isinstance(sizes[name], bool) or not isinstance(sizes[name], (int, np.integer)) or sizes[name] < least:
        raise ValueError(f"sizes[{name!r}] is {sizes[name]!r}, expected a whole number of at least {least}")
    return int(sizes[name])


def _widths(sizes, name, first, last):
    """Sizes that differ by place, from the first to the last."""
    given = sizes.get(name)
    if not isinstance(given, (list, tuple)) or len(given) != last - first + 1:
        wanted = f"{last - first + 1} whole numbers, {name}[{first}] to {name}[{last}]"
        raise ValueError(f"sizes[{name!r}] is {given!r}, expected a list of {wanted}")
    return {first + k: _size({f"{name}[{first + k}]": n}, f"{name}[{first + k}]", 1) for k, n in enumerate(given)}
'''


def lists_source(parameters: Sequence[Quantity], data: Sequence[Quantity], name: str = "_arrays") -> str:
    """The function that takes lists, and what it needs to know: the size of each axis, at each place of a list.

    Args:
        parameters: of the model, as the module takes them.
        data: likewise.
        name: of the function.
    Raises: LoweringError: for a length that is neither a size nor a size at a place.
    """
    every, over = (*parameters, *data), {q.name: listed_by(q.axes) for q in (*parameters, *data)}
    listed = {name: i for name, i in over.items() if i is not None}
    axes = "".join(f'    "{q.name}": lambda k, sizes: {_axes(q, over[q.name])},\n' for q in every)
    counts = dict_source((name, f'"{_name(length(i))}"') for name, i in listed.items())
    firsts = dict_source((name, whole(i.lower)) for name, i in listed.items())
    return "\n".join(
        (
            f"_AXES = {{  # the sizes of an array; of the k-th of a list\n{axes}}}",
            f"_COUNTS = {counts}  # how many arrays a list has",
            f"_FIRST = {firsts}  # and how the first is counted",
            CHECKING_LISTS.replace("_arrays", name, 1),
        )
    )


def line_of_lists(quantities: Iterable[Quantity]) -> str:
    """The line that says which names are lists, and by which index."""
    listed = ((q.name, listed_by(q.axes)) for q in quantities)
    names = dict_source((name, f'"{i.label}"') for name, i in listed if i is not None)
    return f"LISTS = {names}  # lists of arrays, one for each value of the index"


def widths_source(found: Sequence[Width]) -> str:
    """Source of a dict from places to sizes: `{0: x.shape[1], **{l: b_l.shape[0] for l, b_l in enumerate(b, 1)}}`."""
    return "{" + ", ".join(_width(w) for w in found) + "}"


def widths_given(letter: str, found: Sequence[Width]) -> str:
    """Python source of the sizes as `init` takes them."""
    first, last = (whole(end) for end in span(found))
    return f'_widths(sizes, "{letter}", {first}, {last})'


def _width(w: Width) -> str:
    name = local(w.quantity.name)
    if w.over is None:
        return f"{whole(w.place)}: {name}.shape[{w.axis}]"
    k = w.axis - (w.quantity.axes.index(w.over) < w.axis)
    each = f"{name}_{w.over.label}"
    return f"**{{{whole(w.place)}: {each}.shape[{k}] for {w.over.label}, {each} in enumerate({name}, {w.over.lower})}}"


def _axes(quantity: Quantity, over: Idx | None) -> str:
    return tuple_source(_size_name(length(i), over) for i in quantity.axes if i != over)


def _size_name(count: Expr, over: Idx | None) -> str:
    """Python source of the name of a size: of n_{l−1} at the k-th array `f"n[{k - 1}]"`."""
    if not isinstance(count, SizeAt):
        return f'"{_name(count)}"'
    letter, place = args_of(count)
    if over is not None and free_indices(place) == {over}:
        shift = place - over
        return f'f"{letter}[{{k{"" if shift == 0 else f" {_signed(shift)}"}}}]"'
    if not isinstance(place, Symbol):
        return f'"{letter}[{whole(place)}]"'
    return f"f\"{letter}[{{sizes['{place}'][0]}}]\""


def _signed(shift: Expr) -> str:
    return f"- {whole(-shift)}" if shift.could_extract_minus_sign() else f"+ {whole(shift)}"


def _name(count: Expr) -> str:
    if not isinstance(count, Symbol):
        raise LoweringError(f"beside lists of arrays, {count} is no length that can be checked; use a size")
    return str(count)
