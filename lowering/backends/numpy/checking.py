"""The part of every lowered module that refuses what does not fit; the same text for all models that need it."""

from __future__ import annotations

CHECKING = '''
_DTYPES = (np.dtype("float32"), np.dtype("float64"))


def _converted(params, data):
    """The same for arrays that need a closer look: converted to the dtype of the parameters, or refused."""
    arrays = {}
    for group, given, expected, kinds in (("params", params, PARAMETERS, "f"), ("data", data, DATA, "biuf")):
        for name in (name for name in expected if name in _LENGTHS):
            axes = expected[name]
            try:
                array = np.asarray(given[name])
            except (KeyError, IndexError, TypeError):
                raise ValueError(f"{group} has no {name!r}; give an array of shape {_written(axes)}") from None
            if array.dtype.kind not in kinds:
                wanted = "float32 or float64" if kinds == "f" else "real numbers"
                raise ValueError(f"{group}[{name!r}] has dtype {array.dtype}, expected {wanted}; convert it first")
            arrays[name] = array
    _check_shapes(arrays)
    dtypes = {arrays[name].dtype for name in PARAMETERS}
    if len(dtypes) > 1 or not dtypes <= set(_DTYPES):
        found = ", ".join(f"{name} {arrays[name].dtype}" for name in PARAMETERS)
        raise ValueError(f"params have the dtypes {found}, expected float32 for all or float64 for all; convert them")
    dtype = dtypes.pop()
    return tuple(array.astype(dtype, copy=False) for array in arrays.values())


def _check_shapes(arrays):
    """Each size must be the same wherever it occurs."""
    sizes = {}
    for name, lengths in _LENGTHS.items():
        shape = arrays[name].shape
        axes = _written({**PARAMETERS, **DATA}[name])
        if len(shape) != len(lengths):
            raise ValueError(f"{name} has shape {shape}, expected {axes}: {len(lengths)} axes, not {len(shape)}")
        for found, (size, more) in zip(shape, lengths):
            if more is None:  # it follows from other sizes, which may come later
                continue
            known, source = sizes.setdefault(size, (found - more, name)) if size else (0, "the model")
            if found != known + more:
                because = f"{size} = {known} in {source}" if size else "the model says so"
                wanted = f"expected {axes}, where {because}: {known + more}, not {found}"
                raise ValueError(f"{name} has shape {shape}, {wanted}")


def _written(axes):
    """Size names as a shape: (n, m_x + 1)."""
    return f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(axes)})"


def _size(sizes, name, least):
    """A size as a whole number."""
    if name not in sizes:
        raise ValueError(f"sizes has no {name!r}; give a whole number of at least {least}")
    if isinstance(sizes[name], bool) or not isinstance(sizes[name], (int, np.integer)) or sizes[name] < least:
        raise ValueError(f"sizes[{name!r}] is {sizes[name]!r}, expected a whole number of at least {least}")
    return int(sizes[name])
'''


WHOLE = '''
def _whole(data, name):
    """A size that no array has, given with the data as a whole number."""
    number = data.get(name) if hasattr(data, "get") else None
    if number is None or np.shape(number) != () or not np.equal(np.mod(number, 1), 0) or number < 1:
        raise ValueError(f"data[{name!r}] is {number!r}, expected a whole number of at least 1")
    return int(number)
'''

FUNCTIONS_GIVEN = '''
def _functions(data, dtype):
    """The functions that the data hold, in the order of FUNCTIONS."""
    found = []
    for name, labels in FUNCTIONS.items():
        given = data.get(name) if hasattr(data, "get") else None
        if not isinstance(given, (tuple, list)) or len(given) != len(labels) or not all(map(callable, given)):
            wanted = f"({', '.join(labels)}), functions of arrays, entry by entry"
            raise ValueError(f"data[{name!r}] is {given!r}, expected {wanted}")
        found += [_guarded(function, label, dtype) for function, label in zip(given, labels)]
    return found


def _guarded(function, name, dtype):
    """The function of arrays of one shape, which it cannot change; what it returns is copied."""

    def applied(*arrays):
        shape = np.broadcast_shapes(*map(np.shape, arrays))
        found = np.asarray(function(*(np.broadcast_to(np.asarray(a, dtype), shape) for a in arrays)))
        if found.shape != shape or found.dtype.kind not in "biuf":
            came = f"shape {found.shape} and dtype {found.dtype}"
            raise ValueError(f"{name} gave an array of {came}, expected real numbers of shape {shape}")
        return np.array(found, dtype)

    return applied
'''

CHOLESKY = '''
def _cholesky(matrix, name):
    """L with A = L L^T."""
    if not np.allclose(matrix, matrix.T, rtol=1e-4, atol=0.0 if matrix.any() else 1.0):
        raise ValueError(f"{name} is not symmetric; give a symmetric positive definite matrix")
    try:
        return np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise ValueError(f"{name} is not positive definite; give a symmetric positive definite matrix") from None


def _solved(factor, right):
    """A^{-1} b for each b along the last axis, from the Cholesky factor L of A: L (L^T x) = b."""
    columns = right.reshape(-1, right.shape[-1]).T
    return np.linalg.solve(factor.T, np.linalg.solve(factor, columns)).T.reshape(right.shape)
'''

WITHIN = '''
def _within(windows, axis, kind):
    """The sum, product or largest over the places within windows: one place after the other if they are few."""
    places = np.moveaxis(windows, axis, range(len(axis)))
    if np.prod(places.shape[: len(axis)]) > 64:
        return getattr(windows, kind)(axis=axis)
    combine = {"sum": np.add, "prod": np.multiply, "max": np.maximum}[kind]
    first, *others = np.ndindex(places.shape[: len(axis)])
    found = places[first].copy()
    for place in others:
        combine(found, places[place], out=found)
    return found
'''

STACKED = '''
def _stacked(a, b, stacked, over):
    """Σ_K a[J, K] b[I, L, K] at [I, J, L], a matrix product for each I; I has so many axes, K the last ones of both."""
    last, moved = tuple(range(b.ndim - over, b.ndim)), tuple(range(stacked, stacked + over))
    terms = int(np.prod(a.shape[a.ndim - over :]))
    columns = np.moveaxis(b, last, moved).reshape(*b.shape[:stacked], terms, -1)
    found = a.reshape(-1, terms) @ columns
    return found.reshape(*b.shape[:stacked], *a.shape[: a.ndim - over], *b.shape[stacked : b.ndim - over])
'''

ADDED = '''
def _added(a, b, over):
    """Σ_{i,K} a[i, J, K] b[i, L, K] at [J, L]: matrix products for each i, added up; K is the last axes of both."""
    terms = int(np.prod(a.shape[a.ndim - over :]))
    products = a.reshape(len(a), -1, terms) @ b.reshape(len(b), -1, terms).swapaxes(1, 2)
    return products.sum(0).reshape(*a.shape[1 : a.ndim - over], *b.shape[1 : b.ndim - over])
'''

LOG_SUM_EXP = '''
def _log_sum_exp(z, axis, shares=False, logs=False, masked=False, targets=None, out=None):
    """log Σ e^z along axes; if wanted, with the shares e^z / Σ e^z, and with their logarithms.

    Targets, rows or labels, are multiplied with the logarithms; for labels these are computed there alone, in a column.
    Logits of -inf, if they are masked, have a share of 0; its logarithm is the lowest number, so that 0 times it is 0.

    The largest stands in front of the sum, so that nothing overflows; where it is nearly all of the sum, the logarithm
    is that of 1 plus the others, added up by themselves.
    """
    narrow = z.ndim == 2 and axis == 1 and z.shape[1] <= 32 <= len(z)  # short rows, and enough of them
    largest = np.maximum.reduce(z.T.copy())[:, None] if narrow else np.maximum.reduce(z, axis=axis, keepdims=True)
    lowered = np.subtract(z, largest, out=out)
    if masked and np.minimum.reduce(lowered, axis=None) == -np.inf:
        np.maximum(lowered, np.finfo(z.dtype).min, out=lowered)
    labelled = targets is not None and targets.ndim < z.ndim
    chosen = lowered.take(np.arange(0, z.size, z.shape[1]) + targets)[:, None] if labelled else None
    powers = np.exp(lowered, out=lowered if labelled or not logs else None)
    each = np.ones(z.shape[-1], z.dtype)
    total = (powers @ each)[:, None] if narrow else np.add.reduce(powers, axis=axis, keepdims=True)
    logarithm = np.log(total, order="C")
    sure = (total < 1.1).ravel().nonzero()[0]
    if sure.size:
        rows = powers if narrow else np.moveaxis(powers, axis, range(-np.size(axis), 0)).reshape(total.size, -1)
        some = rows if sure.size == len(rows) else rows.take(sure, axis=0)
        others = np.floor(some)
        np.subtract(some, others, out=others)
        logarithm.reshape(-1)[sure] = np.log1p(others @ each if narrow else np.add.reduce(others, axis=1))
    found = ((logarithm + largest).squeeze(axis),)
    if shares:
        powers /= total
        found += (powers,)
    if logs and labelled:
        found += (chosen - logarithm,)
    elif logs:
        lowered -= logarithm  # which changes the lowest number by nothing
        found += (lowered if targets is None else np.multiply(lowered, targets, out=lowered),)
    return found if shares or logs else found[0]
'''

RESIDUAL = '''
def _residual(a, p, over=1):
    """a - p Σ a along the last axes, for a p that adds up to 1: where one has nearly all, that is minus the others.

    For labels a, which stand for one-hot rows, -p, and at the labels minus the sum of that over the others.
    """
    if over > 1:
        rows = (*a.shape[:-over], int(np.prod(a.shape[-over:])))
        return _residual(a.reshape(rows), p.reshape(rows)).reshape(a.shape)
    entries = p.shape[-1]
    each = np.ones(entries, p.dtype) if entries <= 32 else None
    if a.ndim < p.ndim:
        found = np.negative(p, order="C")
        flat, places = found.reshape(-1), np.arange(0, p.size, entries) + a
        flat[places] = 0
        flat[places] = -(np.add.reduce(found, axis=-1) if each is None else found @ each)
        return found
    total = np.add.reduce(a, axis=-1) if each is None else a @ each
    found = np.subtract(a, p if np.count_nonzero(total == 1) == total.size else p * total[..., None], order="C")
    near = (p > 0.9).ravel().nonzero()[0]
    if near.size:
        flat = found.reshape(-1)
        flat[near] = 0
        others = np.add.reduce(found, axis=-1) if each is None else found @ each
        flat[near] = -(others.ravel() if near.size == others.size else others.take(near // entries))
    return found
'''

COLUMN_SUMS = '''
def _column_sums(a):
    """Σ_s a[s, j], as a product with ones."""
    return _ones(len(a), a.dtype).dot(a)
'''

TOTAL = '''
def _total(a):
    """Σ_s a[s], as a product with ones."""
    return _ones(len(a), a.dtype).dot(a)
'''

ONES = '''
@functools.lru_cache(maxsize=8)
def _ones(count, dtype):
    """So many ones, kept for the next call."""
    ones = np.ones(count, dtype)
    ones.flags.writeable = False
    return ones
'''

OVER_TILES = '''
def _over_tiles(sums, *arrays, rows=None, classes=1):
    """Sums over all rows from those over tiles of rows, whose results in between fit the cache.

    Labels of so many classes count as the one-hot rows that they stand for.
    """
    points = len(arrays[0])
    if rows is None:
        size = sum(array.nbytes * (classes if array.dtype.kind == "i" else 1) for array in arrays)
        rows = points if size <= 2**23 else max(2048, 2**20 * points // size)
    if points <= rows:
        return sums(*arrays)
    total = list(sums(*(array[:rows] for array in arrays)))
    for first in range(rows, points, rows):
        for k, part in enumerate(sums(*(array[first : first + rows] for array in arrays))):
            total[k] = total[k] + part
    return total
'''
