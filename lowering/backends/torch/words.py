"""PyTorch: the module works on tensors; the backward pass of `objective`, a node of the graph, is the proved one."""

from __future__ import annotations

from ..alike import COLUMN_SUMS, LOG_LIKELIHOOD, TOTAL
from ..numpy.checking import ADDED, STACKED
from ..translation import OPERATORS, Words

_ONE = ("abs", "cos", "exp", "expm1", "log", "log1p", "sign", "sin", "sqrt", "tanh")  # of one tensor

_CONVERTED = '''
def _converted(params, data):
    """The tensors in the order of PARAMETERS and DATA, converted to the dtype of the parameters, or refused."""
    arrays = {}
    for group, given, expected in (("params", params, PARAMETERS), ("data", data, DATA)):
        for name in (name for name in expected if name in _LENGTHS):
            axes = expected[name]
            try:
                tensor = torch.as_tensor(given[name])
            except (KeyError, IndexError, TypeError):
                raise ValueError(f"{group} has no {name!r}; give a tensor of shape {_written(axes)}") from None
            if tensor.is_complex() or (group == "params" and tensor.dtype not in _DTYPES):
                wanted = "torch.float32 or torch.float64" if group == "params" else "real numbers"
                raise ValueError(f"{group}[{name!r}] has dtype {tensor.dtype}, expected {wanted}; convert it first")
            arrays[name] = tensor
    _check_shapes(arrays)
    if len({arrays[name].dtype for name in PARAMETERS}) > 1:
        found = ", ".join(f"{name} {arrays[name].dtype}" for name in PARAMETERS)
        raise ValueError(f"params have the dtypes {found}, expected the same for all; convert them")
    first = next(arrays[name] for name in PARAMETERS)
    return tuple(tensor.to(first.dtype) for tensor in arrays.values())
'''


_CHOLESKY = '''
def _cholesky(matrix, name):
    """L with A = L L^T."""
    if not torch.allclose(matrix, matrix.T, rtol=1e-4, atol=0.0 if matrix.any() else 1.0):
        raise ValueError(f"{name} is not symmetric; give a symmetric positive definite matrix")
    try:
        return torch.linalg.cholesky(matrix)
    except torch.linalg.LinAlgError:
        raise ValueError(f"{name} is not positive definite; give a symmetric positive definite matrix") from None
'''

_LESS_SIGMOID = '''
def _less_sigmoid(a, z, decay):
    """a - sigmoid(z), with all its digits where sigmoid(z) is nearly a."""
    return torch.where(z > 0, (a - 1) + torch.sigmoid(-z), a - torch.sigmoid(z))
'''

_LOG_SUM_EXP = '''
def _log_sum_exp(z, axis, shares=False, logs=False, masked=False, targets=None):
    """log Σ e^z along axes, by the largest and the others; if wanted, with the shares e^z / Σ e^z and their logs.

    Targets, rows or labels, are multiplied with the logs; for labels these are given there alone, in a column.
    """
    largest = z.amax(axis=axis, keepdims=True)
    powers = torch.exp(z - largest)
    total = powers.sum(axis=axis, keepdims=True)
    others = torch.where(powers < 1, powers, 0).sum(axis=axis, keepdims=True)
    logarithm = torch.where(total < 1.1, torch.log1p(others), torch.log(total))
    found = (torch.squeeze(logarithm + largest, axis),)
    found += (powers / total,) if shares else ()
    logs_of_shares = z - largest - logarithm
    if masked:  # whose logarithm is the lowest number, so that 0 times it is 0
        logs_of_shares = logs_of_shares.clamp(min=torch.finfo(z.dtype).min)
    if targets is not None and targets.ndim == z.ndim:
        logs_of_shares = logs_of_shares * targets
    elif targets is not None:
        logs_of_shares = logs_of_shares.gather(1, targets[:, None])
    found += (logs_of_shares,) if logs else ()
    return found if shares or logs else found[0]
'''

_RESIDUAL = '''
def _residual(a, p, over=1):
    """a - p Σ a along the last axes, for a p that adds up to 1: where one has nearly all, that is minus the others."""
    if a.ndim < p.ndim:  # labels
        others = -p.scatter(1, a[:, None], 0)
        return others.scatter(1, a[:, None], -others.sum(axis=1, keepdims=True))
    axes = tuple(range(-over, 0))
    found = a - p * a.sum(axis=axes, keepdims=True)
    others = torch.where(p > 0.9, 0, found).sum(axis=axes, keepdims=True)
    return torch.where(p > 0.9, -others, found)
'''

_ARE_LABELS = '''
def _are_labels(u, points, count):
    """Whether labels fit without a closer look, which they always need here."""
    return False
'''

_CHECKED_LABELS = '''
def _checked_labels(name, labels, count, reason):
    """The labels, whole numbers from 0 to below a count, which has a reason."""
    labels = torch.as_tensor(labels)
    if labels.dtype == torch.bool or labels.is_floating_point() or labels.is_complex():
        raise ValueError(f"data[{name!r}] has dtype {labels.dtype}, expected whole numbers, or one-hot rows")
    labels = labels.long()
    if labels.numel() and not 0 <= labels.min() <= labels.max() < count:
        came = f"labels from {labels.min()} to {labels.max()}"
        raise ValueError(f"data[{name!r}] has {came}, expected 0 to {count - 1}, since {reason}")
    return labels
'''

_ADDED_ROWS = '''
def _added_rows(u, rows, count):
    """u.T @ rows; for labels u the sum of the rows of each of so many labels."""
    return u.T @ rows if u.ndim > 1 else rows.new_zeros((count, rows.shape[1])).index_add(0, u, rows)
'''

_ONE_HOT = '''
def _one_hot(u, count, dtype):
    """A row of so many entries for each label, 1 at the label; rows as they are."""
    return torch.nn.functional.one_hot(u, count).to(dtype) if u.ndim == 1 else u
'''

_SOLVED = '''
def _solved(factor, right):
    """A^{-1} b for each b along the last axis, from the Cholesky factor L of A."""
    columns = right.reshape(-1, right.shape[-1]).T
    return torch.cholesky_solve(columns, factor).T.reshape(right.shape)
'''

_GUARDED = '''
def _guarded(function, name, dtype):
    """The function of copies of tensors of one shape; what it returns is copied."""

    def applied(*tensors):
        same = torch.broadcast_tensors(*(torch.as_tensor(a, dtype=dtype) for a in tensors))
        found = torch.as_tensor(function(*(a.clone() for a in same)))
        if found.shape != same[0].shape or found.is_complex():
            came = f"shape {tuple(found.shape)} and dtype {found.dtype}"
            raise ValueError(f"{name} gave a tensor of {came}, expected real numbers of shape {tuple(same[0].shape)}")
        return found.to(dtype).clone()

    return applied
'''

_WITHIN = '''
def _within(windows, axis, kind):
    """The sum, product or largest over the places within windows."""
    return getattr(windows, "amax" if kind == "max" else kind)(axis)
'''

_AFTER = '''
class Objective(torch.autograd.Function):
    """The objective with the proved gradient as its backward pass."""

    @staticmethod
    def forward(ctx, data, *params):
        value, grads = value_and_grad(dict(zip(PARAMETERS, params)), data)
        ctx.save_for_backward(*(grads[name] for name in PARAMETERS))
        return value

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, cotangent):
        return (None, *(cotangent * grad for grad in ctx.saved_tensors))


def objective(params, data):
    """The value, to be differentiated with `backward()`: its gradient is the proved one. First derivatives only."""
    return Objective.apply(data, *(params[name] for name in PARAMETERS))
'''

_AFTER_LISTS = '''
class Objective(torch.autograd.Function):
    """The objective with the proved gradient as its backward pass."""

    @staticmethod
    def forward(ctx, data, counts, *tensors):
        given = iter(tensors)
        params = {name: [next(given) for _ in range(n)] if name in LISTS else next(given) for name, n in counts.items()}
        value, grads = value_and_grad(params, data)
        ctx.save_for_backward(*_flat(grads))
        return value

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, cotangent):
        return (None, None, *(cotangent * grad for grad in ctx.saved_tensors))


def objective(params, data):
    """The value, to be differentiated with `backward()`: its gradient is the proved one. First derivatives only."""
    return Objective.apply(data, {name: len(params[name]) for name in PARAMETERS}, *_flat(params))


def _flat(params):
    """All tensors in the order of PARAMETERS, those of lists one after the other."""
    return [t for name in PARAMETERS for t in (params[name] if name in LISTS else [params[name]])]
'''

_REAL = '''
def _real(what, tensor, kinds):
    """The tensor, if it holds numbers of such a kind."""
    if tensor.is_complex() or (kinds == "f" and tensor.dtype not in _DTYPES):
        wanted = "torch.float32 or torch.float64" if kinds == "f" else "real numbers"
        raise ValueError(f"{what} has dtype {tensor.dtype}, expected {wanted}; convert it first")
    return tensor
'''

_HELPERS = {
    "_heaviside": '''
def _heaviside(z, at_zero):
    """[z > 0], and `at_zero` at zero; its derivative is zero."""
    return torch.heaviside(z.detach(), torch.full_like(z, at_zero))
''',
    "_larger": '''
def _larger(a, b):
    """Maximum of a tensor and a number, in any order, or of two tensors."""
    a, b = (a, b) if torch.is_tensor(a) else (b, a)
    return torch.maximum(a, torch.as_tensor(b, dtype=a.dtype, device=a.device))
''',
    "_smaller": '''
def _smaller(a, b):
    """Minimum of a tensor and a number, in any order, or of two tensors."""
    a, b = (a, b) if torch.is_tensor(a) else (b, a)
    return torch.minimum(a, torch.as_tensor(b, dtype=a.dtype, device=a.device))
''',
    "_log_add_exp": '''
def _log_add_exp(a, b):
    """log(e^a + e^b) for a number a."""
    return torch.logaddexp(torch.full_like(b, a), b)
''',
    "_polynomial": '''
def _polynomial(coefficients, z):
    """Σ_k c_k z^{K−k}, by Horner's scheme."""
    result = torch.zeros_like(z)
    for c in coefficients:
        result = result * z + c
    return result
''',
    "_windows": '''
def _windows(tensor, lengths, axis):
    """Windows along axes; the places within them come last."""
    for k, length in zip(np.atleast_1d(axis), np.atleast_1d(lengths)):
        tensor = tensor.unfold(int(k), int(length), 1)
    return tensor
''',
}

_PLACEHOLDER = r"torch.zeros((), dtype=torch.as_tensor(\1).dtype).expand(\2)"  # of the shape of one-hot rows

TORCH = Words(
    library="PyTorch",
    imports=("import numpy as np", "import torch"),
    calls={
        **{f"np.{name}": f"torch.{name}({{0}})" for name in _ONE},
        **OPERATORS,
        "np.arange": "torch.arange({0}, {1}, dtype={dtype}, device={owner}.device)",
        "np.array": "torch.as_tensor({0}, dtype={1}, device={owner}.device)",
        "np.asarray": "{0}",
        "np.diagonal": "torch.diagonal({0})",
        "np.einsum": "torch.einsum({*})",
        "np.empty": "{owner}.new_empty({0})",
        "np.eye": "torch.eye({0}, dtype={dtype}, device={owner}.device)",
        "np.full": "{owner}.new_zeros({0}) + {1}",
        "np.heaviside": "_heaviside({0}, {1})",
        "np.lib.stride_tricks.sliding_window_view": "_windows({0}, {1}, {axis})",
        "np.logaddexp": "_log_add_exp({0}, {1})",
        "np.maximum": "_larger({0}, {1})",
        "np.minimum": "_smaller({0}, {1})",
        "np.polyval": "_polynomial({0}, {1})",
        "np.result_type": "{0}.dtype",
        "np.squeeze": "torch.squeeze({0}, {1})",
        "np.tensordot": "torch.tensordot({0}, {1}, dims={axes})",
        "np.where": "torch.where({0}, {1}, {2})",
        "np.zeros": "{owner}.new_zeros({0})",
    },
    methods={
        "copy": "{self}.clone()",
        "dot": "{self} @ {0}",
        "max": "{self}.amax({*})",
        "prod": "{self}.prod({*})",
        "transpose": "{self}.permute({*})",
    },
    add="{array}[{at}] += {value}",
    put="{array}[{at}] = {value}",
    instead={
        "_converted": _CONVERTED,
        "_real": _REAL,
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
        "_added_rows": _ADDED_ROWS,
        "_one_hot": _ONE_HOT,
        "_solved": _SOLVED,
        "_guarded": _GUARDED,
        "_within": _WITHIN,
        "_stacked": STACKED.replace("np.moveaxis", "torch.moveaxis"),
        "_added": ADDED,
    },
    made="torch.as_tensor({})",
    after=_AFTER,
    after_lists=_AFTER_LISTS,
    helpers={**_HELPERS, "_residual": _RESIDUAL},
    checks={
        r'np\.dtype\("(float\d\d)"\)': r"torch.\1",
        r"np\.ndarray": "torch.Tensor",
        r"np\.asarray\(given\.get\(name\)\)": "given.get(name)",
        r"labels\.ndim": "np.ndim(labels)",
        r"np\.broadcast_to\(np\.zeros\(\(\), np\.asarray\((params\[table\])\)\.dtype\), (.*)\)": _PLACEHOLDER,
        r"np\.asarray\(part\)": "torch.as_tensor(part)",
        r"array\.astype\(dtype, copy=False\)": "array.to(dtype)",
        r"\{array\.shape\}": "{tuple(array.shape)}",
        r"= arrays\[name\]\.shape": "= tuple(arrays[name].shape)",
        r"found\[name\]\.shape\}": "tuple(found[name].shape)}",
    },
)
