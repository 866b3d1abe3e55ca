"""Labels in the place of one-hot rows: what a module says of them, takes them by, and computes with them."""

from __future__ import annotations

from collections.abc import Mapping

from .shapes import dict_source

ARE_LABELS = '''
def _are_labels(u, points, count):
    """Whether an array has a whole number from 0 to below a count for each point; others need a closer look."""
    if u.dtype != np.intp or u.shape != (points,) or not points:
        return False
    return np.maximum.reduce(u.view(np.uintp)) < count  # where numbers below 0 are the largest
'''

LABELLED = '''
def _labelled(params, data):
    """The arrays after a closer look, with labels, whole numbers from 0, where the data have them."""
    given, kept = dict(data), {}
    for name, (table, axis) in LABELS.items():
        labels = np.asarray(given.get(name))
        if labels.ndim != 1 or table not in params or np.ndim(params[table]) <= axis:
            continue
        shape = np.shape(params[table])
        count = shape[axis]
        kept[name] = _checked_labels(name, labels, count, f"{table} has shape {tuple(shape)}")
        given[name] = np.broadcast_to(np.zeros((), np.asarray(params[table]).dtype), (len(labels), count))
    arrays = dict(zip(_LENGTHS, _converted(params, given)))
    return tuple({**arrays, **kept}.values())


def _checked_labels(name, labels, count, reason):
    """The labels, whole numbers from 0 to below a count, which has a reason."""
    if labels.dtype.kind not in "iu":
        raise ValueError(f"data[{name!r}] has dtype {labels.dtype}, expected whole numbers, or one-hot rows")
    if labels.size and not 0 <= labels.min() <= labels.max() < count:
        came = f"labels from {labels.min()} to {labels.max()}"
        raise ValueError(f"data[{name!r}] has {came}, expected 0 to {count - 1}, since {reason}")
    return labels.astype(np.intp)
'''

LABELLED_LISTS = (  # the same where there are lists of arrays
    LABELLED.replace("def _labelled", "def _arrays").replace("_converted(", "_listed(").replace("_LENGTHS", "_AXES")
)

ROWS = '''
def _rows(u, table):
    """u @ table; for labels u the rows of the table."""
    return table[u] if u.ndim == 1 else u @ table
'''

ADDED_ROWS = '''
def _added_rows(u, rows, count):
    """u.T @ rows; for labels u the sum of the rows of each of so many labels."""
    if u.ndim > 1:
        return u.T @ rows
    width = rows.shape[1]
    places = (u[:, None] * width + np.arange(width)).ravel()
    return np.bincount(places, rows.ravel(), count * width).reshape(count, width).astype(rows.dtype, copy=False)
'''

ONE_HOT = '''
def _one_hot(u, count, dtype):
    """A row of so many entries for each label, 1 at the label; rows as they are."""
    return (u[:, None] == np.arange(count)).astype(dtype) if u.ndim == 1 else u
'''


def labels_line(labels: Mapping[str, tuple[str, int]]) -> str:
    """The line that says which data may be labels, and the rows of what they count."""
    found = dict_source((name, f'("{table}", {axis})') for name, (table, axis) in labels.items())
    return f"LABELS = {found}  # data that may be labels from 0, and the axis that they count"
