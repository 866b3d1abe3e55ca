"""The part of a lowered module that takes its arrays out of what is passed in, and the lengths they must have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from derive.quantities import Quantity

from .naming import local
from .shapes import Axis, dict_source, shape, tuple_source

INDENT = " " * 4


def arrays_source(
    parameters: Sequence[Quantity], data: Sequence[Quantity], sizes: Mapping[str, str], labels: Collection[str]
) -> str:
    """The function `_arrays`, and `_LENGTHS` by which it looks closer where something does not fit.

    Args:
        parameters: which are passed in, in order.
        data: likewise.
        sizes: each size and the code that reads it.
        labels: the data that may be labels.
    """
    every = [*parameters, *data]
    composed = [(q.name, k, a.text) for q in every for k, a in enumerate(shape(q)) if a.composed]
    names = [local(q.name) for q in every]
    at_once, reading = _read_at_once([q for q in (*data, *parameters) if q.name not in labels], sizes)
    rest = {s: e for s, e in sizes.items() if not any(s in found for found in at_once.values())}
    unpack = [f'params["{q.name}"]' for q in parameters] + [f'data["{q.name}"]' for q in data]
    tests = [  # dtypes are compared by value: those of unpickled arrays are objects of their own
        f"{' is '.join(f'type({n})' for n in names)} is np.ndarray",
        f"{' == '.join(f'{local(q.name)}.dtype' for q in every if q.name not in labels)}",
        f"{names[0]}.dtype in _DTYPES",
        *(_fits(q, rest) for q in every if q.name not in {*labels, *at_once}),
        *(_either(q, names[0]) for q in every if q.name in labels),
    ]
    looked = f"{'_labelled' if labels else '_converted'}(params, data)"
    unpacked = f"{', '.join(names)}{',' if len(names) == 1 else ''}"
    lines = [
        "def _arrays(params, data):",
        f'{INDENT}"""The arrays in the order of PARAMETERS and DATA, after all checks."""',
        f"{INDENT}try:",
        f"{INDENT * 2}{', '.join(names)}{',' if len(names) == 1 else ''} = {', '.join(unpack)}",
        *(f"{INDENT * 2}{line}" for line in (*reading, *(f"{s} = {e}" for s, e in rest.items()))),
        f"{INDENT * 2}fit = (",
        f"{INDENT * 3}" + f"\n{INDENT * 3}and ".join(tests),
        f"{INDENT * 2})",
        f"{INDENT}except (AttributeError, IndexError, KeyError, TypeError{', ValueError' if at_once else ''}):",
        f"{INDENT * 2}fit = False",
        f"{INDENT}return ({unpacked}) if fit else {f'_composed(data, {looked})' if composed else looked}",
    ]
    lengths = dict_source((q.name, tuple_source(_pair(a) for a in shape(q))) for q in every)
    lines += ["", "", f"_LENGTHS = {lengths}  # each axis: a size and how much longer than it"]
    return "\n".join(lines + (_composed(unpacked, composed, sizes) if composed else []))


def _composed(unpacked: str, composed: list[tuple[str, int, str]], sizes: Mapping[str, str]) -> list[str]:
    """The function that checks the lengths which follow from several sizes."""
    return [
        "",
        "",
        "def _composed(data, arrays):",
        f'{INDENT}"""The arrays, after a look at the lengths that follow from several sizes."""',
        f"{INDENT}{unpacked} = arrays",
        *(f"{INDENT}{s} = {e}" for s, e in sizes.items()),
        f"{INDENT}wanted = {{",
        *(f'{INDENT * 2}("{name}", {k}): ({text}, "{text}"),' for name, k, text in composed),
        f"{INDENT}}}",
        f"{INDENT}found = dict(zip((*PARAMETERS, *(name for name in DATA if name in _LENGTHS)), arrays))",
        f"{INDENT}for (name, k), (length, written) in wanted.items():",
        f"{INDENT * 2}if found[name].shape[k] != length:",
        f'{INDENT * 3}shape = f"{{name}} has shape {{found[name].shape}}, expected {{length}} = {{written}}"',
        f'{INDENT * 3}raise ValueError(f"{{shape}} on axis {{k}}; change one or the other")',
        f"{INDENT}return arrays",
    ]


def _shape(quantity: Quantity) -> str:
    return tuple_source(a.text for a in shape(quantity))


def _read_at_once(
    quantities: Sequence[Quantity], sizes: Mapping[str, str]
) -> tuple[Mapping[str, tuple[str, ...]], list[str]]:
    """The arrays whose lengths are sizes that no other such array has, with the lines `n, D = x.shape`."""
    found: dict[str, tuple[str, ...]] = {}
    for q in quantities if not any("_whole" in code for code in sizes.values()) else ():
        plain = tuple(a.size for a in shape(q) if a.size and not a.more)
        known = {s for names in found.values() for s in names}
        if 2 <= len(q.axes) == len(set(plain)) and not known & set(plain):
            found[q.name] = plain
    return found, [f"{', '.join(names)} = {local(q)}.shape" for q, names in found.items()]


def _fits(quantity: Quantity, sizes: Mapping[str, str]) -> str:
    """The test of a shape; of the number of axes alone where all lengths are read off this very array."""
    name, axes = local(quantity.name), shape(quantity)
    own = (sizes.get(a.size or "") == a.solved(f"{name}.shape[{k}]") for k, a in enumerate(axes))
    return f"{name}.ndim == {len(axes)}" if axes and all(own) else f"{name}.shape == {_shape(quantity)}"


def _either(quantity: Quantity, first: str) -> str:
    """The test of rows, or else of labels."""
    y, (points, count) = local(quantity.name), (a.text for a in shape(quantity))
    return f"({y}.dtype == {first}.dtype and {y}.shape == {_shape(quantity)} or _are_labels({y}, {points}, {count}))"


def _pair(axis: Axis) -> str:
    if axis.composed:
        return "(None, None)"
    return f'("{axis.size}", {axis.more})' if axis.size else f"(None, {axis.more})"
