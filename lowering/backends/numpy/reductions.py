"""Sums, products, maxima, log-sum-exp and solutions of linear systems as NumPy source."""

from __future__ import annotations

from sympy import Product, Sum

from derive.calculus.indices import free_indices
from derive.vocabulary import Maximum, is_name, name_of

from ...entries import places
from ...operations import LogSumExp, Reduction, Residual, Solved
from ...program import LoweringError
from ...sums import axes_under
from .naming import local
from .source import ATOM, entry_source, source


def solution_source(operation: Solved, dtype: str) -> str:
    """A^{-1} b by the factor of A; the inverse itself where there is no b."""
    factor = local(name_of(operation.factor))
    if operation.right is None or operation.over is None:
        return f"_solved({factor}, np.eye(len({factor}), dtype={dtype}))"
    axes = (*(i for i in places(operation.right) if i != operation.over), operation.over)
    return f"_solved({factor}, {entry_source(operation.right, axes)})"


_REDUCTIONS = {Sum: "sum", Product: "prod", Maximum: "max"}


def reduction_source(operation: Reduction, within: bool) -> str:
    """A sum, product or maximum over axes; `within` windows by a helper.

    Raises: LoweringError: for a product of numbers alone.
    """
    axes = axes_under(operation.expr, operation.out.axes, operation.over)
    if not set(operation.over) <= free_indices(operation.expr):
        raise LoweringError(f"{operation.out.name} multiplies a constant over an index, which has no array form here")
    function = _REDUCTIONS[operation.kind]
    where = tuple(sorted(axes.index(i) for i in operation.over))
    if within:
        return f'_within({source(operation.expr, axes)}, {where}, "{function}")'
    if operation.kind is Sum and where == (0,) and len(axes) == 2 and is_name(operation.expr):
        column = entry_source(operation.expr, axes)
        if column.isidentifier():  # the whole of an array
            return f"_column_sums({column})"
    if operation.kind is Sum and len(axes) == 1:
        return f"_total({source(operation.expr, axes)})"
    axis = "" if not operation.out.axes else f"axis={where[0] if len(where) == 1 else where}"
    return f"{source(operation.expr, axes, ATOM)}.{function}({axis})"


def log_sum_exp_source(
    operation: LogSumExp,
    *,
    shares: bool = False,
    logs: bool = False,
    masked: bool = False,
    targets: str = "",
    out: str = "",
) -> str:
    """log Σ e^z, if wanted with the shares and their logarithms, in the buffer `out`; `masked` if z may be −∞.

    With targets y in the place of the logarithms y log p, as `LogShare` has it.
    """
    axes = axes_under(operation.expr, operation.out.axes, operation.over)
    where = tuple(sorted(axes.index(i) for i in operation.over))
    z, along = source(operation.expr, axes), where[0] if len(where) == 1 else where
    more = (", shares=True" if shares else "") + (", logs=True" if logs else "")
    more += (", masked=True" if masked else "") + (f", targets={targets}" if targets else "")
    more += f", out={z}" if z == out else ""
    return f"_log_sum_exp({z}, {along}{more})"


def residual_source(operation: Residual) -> str:
    """With the axes that are summed over as the last ones, and the result's axes back in their order."""
    out, own = operation.out.axes, tuple(i for i in operation.out.axes if i in operation.over)
    axes = (*(i for i in out if i not in own), *own)
    more = f", {len(own)}" if len(own) > 1 else ""
    text = f"_residual({source(operation.expr, axes)}, {source(operation.shares, axes)}{more})"
    back = ", ".join(str(axes.index(i)) for i in out)
    return text if axes == out else f"{text}.T" if len(out) == 2 else f"{text}.transpose({back})"
