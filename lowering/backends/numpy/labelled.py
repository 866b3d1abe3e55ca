"""Labels in the place of one-hot rows: what a module says of them, takes them by, and computes with them."""

from __future__ import annotations

from collections.abc import Mapping

from .shapes import dict_source

LABELLED = '''
def _labelled(params, data):
    """The arrays in the order of PARAMETERS and DATA, with labels, whole numbers from 0, where the data have them."""
    given, kept = dict(data), {}
    for name, (table, axis) in LABELS.items():
        labels = np.asarray(given.get(name))
        if labels.ndim != 1 or table not in params or np.ndim(params[table]) <= axis:
            continue
        count = np.shape(params[table])[axis]
        if labels.dtype.kind not in "iu":
            raise ValueError(f"data[{name!r}] has dtype {labels.dtype}, expected whole numbers, or one-hot rows")
        if labels.size and not 0 <= labels.min() <= labels.max() < count:
            came = f"labels from {labels.min()} to {labels.max()}"
            raise ValueError(f"data[{name!r}] has {came}, expected 0 to {count - 1}, since {table} has {count} rows")
        kept[name] = labels.astype(np.intp)
        given[name] = np.broadcast_to(np.zeros((), np.asarray(params[table]).dtype), (len(labels), count))
    arrays = dict(zip((*PARAMETERS, *(name for name in DATA if name in _LENGTHS)), _arrays(params, given)))
    return tuple({**arrays, **kept}.values())


def _rows(u, table):
    """u @ table; for labels u the rows of the table."""
    return table[u] if u.ndim == 1 else u @ table


def _added_rows(u, rows, count):
    """u.T @ rows; for labels u the sum of the rows of each of so many labels."""
    if u.ndim > 1:
        return u.T @ rows
    width = rows.shape[1]
    places = (u[:, None] * width + np.arange(width)).ravel()
    return np.bincount(places, rows.ravel(), count * width).reshape(count, width).astype(rows.dtype, copy=False)
'''


def labels_line(labels: Mapping[str, tuple[str, int]]) -> str:
    """The line that says which data may be labels, and the rows of what they count."""
    found = dict_source((name, f'("{table}", {axis})') for name, (table, axis) in labels.items())
    return f"LABELS = {found}  # data that may be labels from 0, and the axis that they count"
