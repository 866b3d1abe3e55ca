"""JAX: the module is pure, so that `jax.jit`, `jax.grad`, `jax.vmap` and sharded arrays work on its functions."""

from __future__ import annotations

import re

from ..alike import COLUMN_SUMS, LOG_LIKELIHOOD, TOTAL
from ..numpy.checking import ADDED, STACKED
from ..translation import OPERATORS, Words

_SAME = (
    "abs", "arange", "array", "asarray", "cos", "diagonal", "einsum", "empty", "exp", "expm1", "eye",
    "full", "heaviside", "log", "log1p", "logaddexp", "maximum", "minimum", "polyval", "power",
    "sign", "sin", "sqrt", "squeeze", "tanh", "tensordot", "where", "zeros",
)  # fmt: skip

_ARRAY = '''
def _array(value):
    """A JAX array; float64 stays float64."""
    array = jnp.asarray(value)
    if getattr(value, "dtype", None) == np.float64 != array.dtype:
        raise ValueError("JAX makes float32 of float64; call jax.config.update('jax_enable_x64', True) first")
    return array
'''

_CHOLESKY = '''
def _cholesky(matrix, name):
    """L with A = L L^T; NaN where A is not positive definite, since traced code cannot raise."""
    return jnp.linalg.cholesky(matrix)
'''

_LESS_SIGMOID = '''
def _less_sigmoid(a, z, decay):
    """a - sigmoid(z), with all its digits where sigmoid(z) is nearly a."""
    return jnp.where(z > 0, (a - 1) + jax.nn.sigmoid(-z), a - jax.nn.sigmoid(z))
'''

_LOG_SUM_EXP = '''
def _log_sum_exp(z, axis, shares=False, logs=False, masked=False, targets=None):
    """log Σ e^z along axes, by the largest and the others; if wanted, with the shares e^z / Σ e^z and their logs.

    Targets, rows or labels, are multiplied with the logs; for labels these are given there alone, in a column.
    """
    largest = z.max(axis=axis, keepdims=True)
    powers = jnp.exp(z - largest)
    total = powers.sum(axis=axis, keepdims=True)
    others = jnp.where(powers < 1, powers, 0).sum(axis=axis, keepdims=True)
    logarithm = jnp.where(total < 1.1, jnp.log1p(others), jnp.log(total))
    found = (jnp.squeeze(logarithm + largest, axis),)
    found += (powers / total,) if shares else ()
    logs_of_shares = z - largest - logarithm
    if masked:  # whose logarithm is the lowest number, so that 0 times it is 0
        logs_of_shares = jnp.maximum(logs_of_shares, jnp.finfo(z.dtype).min)
    if targets is not None and targets.ndim == z.ndim:
        logs_of_shares = logs_of_shares * targets
    elif targets is not None:
        logs_of_shares = jnp.take_along_axis(logs_of_shares, targets[:, None], axis=1, mode="fill", fill_value=jnp.nan)
    found += (logs_of_shares,) if logs else ()
    return found if shares or logs else found[0]
'''

_RESIDUAL = '''
def _residual(a, p, over=1):
    """a - p Σ a along the last axes, for a p that adds up to 1: where one has nearly all, that is minus the others."""
    if a.ndim < p.ndim:  # labels
        others = jnp.where(a[:, None] == jnp.arange(p.shape[1]), 0, -p)
        found = others.at[jnp.arange(len(a)), a].set(-others.sum(axis=1), mode="drop")
        return jnp.where((a < p.shape[1])[:, None], found, jnp.nan)
    axes = tuple(range(-over, 0))
    found = a - p * a.sum(axis=axes, keepdims=True)
    others = jnp.where(p > 0.9, 0, found).sum(axis=axes, keepdims=True)
    return jnp.where(p > 0.9, -others, found)
'''

_ARE_LABELS = '''
def _are_labels(u, points, count):
    """Whether labels fit without a closer look, which they always need here."""
    return False
'''

_CHECKED_LABELS = '''
def _checked_labels(name, labels, count, reason):
    """The labels; the count, by which results are NaN, for those not below it, since traced code cannot raise."""
    labels = jnp.asarray(labels)
    if np.dtype(labels.dtype).kind not in "iu":
        raise ValueError(f"data[{name!r}] has dtype {labels.dtype}, expected whole numbers, or one-hot rows")
    inside = (labels >= 0) & (labels < count)
    if not isinstance(labels, jax.core.Tracer) and not inside.all():
        came = f"labels from {labels.min()} to {labels.max()}"
        raise ValueError(f"data[{name!r}] has {came}, expected 0 to {count - 1}, since {reason}")
    return jnp.where(inside, labels, count).astype(int)
'''

_ROWS = '''
def _rows(u, table):
    """u @ table; for labels u the rows of the table."""
    return jnp.take(table, u, axis=0, mode="fill", fill_value=jnp.nan) if u.ndim == 1 else u @ table
'''

_ADDED_ROWS = '''
def _added_rows(u, rows, count):
    """u.T @ rows; for labels u the sum of the rows of each of so many labels."""
    if u.ndim > 1:
        return u.T @ rows
    found = jnp.zeros((count, rows.shape[1]), rows.dtype).at[u].add(rows, mode="drop")
    return jnp.where((u < count).all(), found, jnp.nan)
'''

_ONE_HOT = '''
def _one_hot(u, count, dtype):
    """A row of so many entries for each label, 1 at the label; rows as they are."""
    return jnp.where(u[:, None] < count, jax.nn.one_hot(u, count, dtype=dtype), jnp.nan) if u.ndim == 1 else u
'''

_SOLVED = '''
def _solved(factor, right):
    """A^{-1} b for each b along the last axis, from the Cholesky factor L of A."""
    columns = right.reshape(-1, right.shape[-1]).T
    return jax.scipy.linalg.cho_solve((factor, True), columns).T.reshape(right.shape)
'''

_GUARDED = '''
def _guarded(function, name, dtype):
    """The function of arrays of one shape."""

    def applied(*arrays):
        same = jnp.broadcast_arrays(*(jnp.asarray(a, dtype) for a in arrays))
        found = jnp.asarray(function(*same))
        if found.shape != same[0].shape or np.dtype(found.dtype).kind not in "biuf":
            came = f"shape {found.shape} and dtype {found.dtype}"
            raise ValueError(f"{name} gave an array of {came}, expected real numbers of shape {same[0].shape}")
        return found.astype(dtype)

    return applied
'''

_WINDOWS = '''
def _windows(array, lengths, axis):
    """Windows along axes; the places within them come last."""
    axes, lengths = np.atleast_1d(axis), np.atleast_1d(lengths)
    for k, length in zip(axes, lengths):
        starts = np.arange(array.shape[k] - length + 1)[:, None]
        array = jnp.moveaxis(jnp.take(array, starts + np.arange(length), axis=int(k)), int(k) + 1, -1)
    return array
'''

_WITHIN = '''
def _within(windows, axis, kind):
    """The sum, product or largest over the places within windows."""
    return getattr(windows, kind)(axis=axis)
'''


def _tested(types: str) -> str:
    """`type(x) is type(y) is np.ndarray` for arrays that may be traced."""
    names = re.findall(r"type\((\w+)\)", types)
    return " and ".join(f"isinstance({name}, jax.Array)" for name in names)


JAX = Words(
    library="JAX",
    imports=("import jax", "import jax.numpy as jnp", "import numpy as np"),
    calls={
        **{f"np.{name}": f"jnp.{name}({{*}})" for name in _SAME},
        **OPERATORS,
        "np.lib.stride_tricks.sliding_window_view": "_windows({0}, {1}, {axis})",
        "np.linalg.solve": "jnp.linalg.solve({*})",
        "np.result_type": "jnp.result_type({*})",
    },
    methods={"dot": "{self} @ {0}"},
    add="{array} = {array}.at[{at}].add({value})",
    put="{array} = {array}.at[{at}].set({value})",
    instead={
        "_cholesky": _CHOLESKY,
        "_less_sigmoid": _LESS_SIGMOID,
        "_log_sum_exp": _LOG_SUM_EXP,
        "_residual": _RESIDUAL,
        "_log_likelihood": LOG_LIKELIHOOD,
        "_ones": "",
        "_starts": "",
        "_column_sums": COLUMN_SUMS,
        "_total": TOTAL,
        "_are_labels": _ARE_LABELS,
        "_checked_labels": _CHECKED_LABELS,
        "_rows": _ROWS,
        "_added_rows": _ADDED_ROWS,
        "_one_hot": _ONE_HOT,
        "_solved": _SOLVED,
        "_guarded": _GUARDED,
        "_within": _WITHIN,
        "_stacked": STACKED.replace("np.moveaxis", "jnp.moveaxis"),
        "_added": ADDED,
    },
    made="_array({})",
    helpers={"_array": _ARRAY, "_windows": _WINDOWS, "_residual": _RESIDUAL},
    checks={
        r"np\.asarray\((given\[name\]|part)\)": r"_array(\1)",
        r"np\.asarray\(given\.get\(name\)\)": "given.get(name)",
        r"labels\.ndim": "np.ndim(labels)",
        r"np\.asarray\(params\[table\]\)": "jnp.asarray(params[table])",
        r"type\((\w+)\) is (.*) is np\.ndarray": lambda m: _tested(m[0]),
    },
)
