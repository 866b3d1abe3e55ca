"""Softmax as NumPy source: log Σ e^z with the shares and their logarithms in one pass, and y − p Σ y."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from sympy import Expr

from derive.vocabulary import is_name, name_of

from ...labels import log_shares_at, weight_of_targets
from ...operations import Elementwise, LogSumExp, Residual, reads
from ...program import Loop, Program, Step, step_reads
from ...softmax import is_log_share, is_share
from ...sums import axes_under
from .layout import Layout
from .naming import local
from .reductions import log_sum_exp_source, residual_source
from .source import Axes, source
from .zeros import may_be_masked

Companions = tuple[str | None, str | None]


def companions(steps: Iterable[Step]) -> Mapping[str, Companions]:
    """For each log Σ_k e^{z_k}, the names of e^{z_k − log Σ e^z} and z_k − log Σ e^z, which the same pass gives."""
    found, operations = {}, [s for s in steps if not isinstance(s, Loop)]
    for lse in (o for o in operations if isinstance(o, LogSumExp)):
        alike = [o for o in operations if isinstance(o, Elementwise) and _is_alike(o, lse)]
        share = next((o.out.name for o in alike if is_share(o, lse)), None)
        found[lse.out.name] = (share, next((o.out.name for o in alike if is_log_share(o, lse)), None))
    return found


def _is_alike(operation: Elementwise, lse: LogSumExp) -> bool:
    """Whether the result has the axes that are under the sum, in the same order."""
    own = (i for i in operation.out.axes if i not in lse.out.axes)
    under = axes_under(lse.expr, lse.out.axes, lse.over)
    return operation.out.axes == tuple(next(own, i) if i in lse.over else i for i in under)


def in_one_pass(position: int, layout: Layout, together: Companions) -> list[str]:
    """The line for log Σ e^z and its companions, in the buffer of z if nothing else reads that any more.

    Logarithms of shares that are read at labels alone are multiplied with the targets in the same pass.
    """
    program, (share, logarithm) = layout.program, together
    placed = layout.placed(cast("LogSumExp", program.operations[position]))
    assert isinstance(placed, LogSumExp)
    read = _read_later(position, program, together)
    at = log_shares_at(program).get(logarithm or "")
    results = (share, at.product if at is not None else logarithm)
    names = (local(placed.out.name) if placed.out.name in read else "_", *(local(n) for n in results if n is not None))
    found = log_sum_exp_source(
        placed,
        shares=share is not None,
        logs=logarithm is not None,
        masked=logarithm is not None and may_be_masked(cast("LogSumExp", program.operations[position]), program),
        targets=local(at.targets) if at is not None else "",
        out=local(spent(placed.expr, position, program, together)),
    )
    weight = [] if at is None else weighted(at.product, at.weight, program.tensors[at.product].axes)
    return [f"{', '.join(names)} = {found}", *weight]


def spent(z: Expr, position: int, program: Program, together: Companions) -> str:
    """The name of the logits if their buffer may be overwritten, since nothing else reads it; else ""."""
    kept = _read_later(position, program, together) | program.viewed | set(program.in_loops)
    return name_of(z) if is_name(z) and name_of(z) in program.by_name and name_of(z) not in kept else ""


def _read_later(position: int, program: Program, together: Companions) -> set[str]:
    """What is read after a step, its companions apart."""
    others = [s for s in program.operations[position + 1 :] if isinstance(s, Loop) or s.out.name not in together]
    return {*program.outputs, *(name for step in others for name in step_reads(step))}


def weighted(name: str, weight: Expr, axes: Axes) -> list[str]:
    """The line that multiplies an array by a number, or by one for each point; none for 1."""
    return [] if weight == 1 else [f"{local(name)} *= {source(weight, axes)}"]


def step_in_one_pass(whole: LogSumExp, layout: Layout, loop: Loop, together: Mapping[str, Companions]) -> list[str]:
    """log Σ e^z and its companions at one step; what is kept for all steps is put into its place."""
    share, logarithm = together[whole.out.name]
    kept = {n: name_of(layout.part(layout.program.tensors[n].entry, loop.over)) for n in layout.program.kept}
    names = [whole.out.name, *(n for n in (share, logarithm) if n is not None)]
    read = {*kept, *(n for o in loop.body if o.out.name not in names for n in reads(o))}
    now = {n: f"{n}_now" if n in kept else local(n) if n in read else "_" for n in names}
    masked = logarithm is not None and may_be_masked(whole, layout.program)
    placed = cast("LogSumExp", layout.placed(whole, loop))
    found = log_sum_exp_source(placed, shares=share is not None, logs=logarithm is not None, masked=masked)
    return [f"{', '.join(now.values())} = {found}", *(f"{kept[n]} = {now[n]}" for n in names if n in kept)]


def residual_lines(placed: Residual, program: Program) -> list[str]:
    """y − p Σ y; of a multiple of what may be labels, the same multiple."""
    name = local(placed.out.name)
    targets = next((n for n in program.labels if n in reads(placed)), None)
    if targets is None:
        return [f"{name} = {residual_source(placed)}"]
    weight = weight_of_targets(placed, targets)
    assert weight is not None
    return [
        f"{name} = {residual_source(replace(placed, expr=placed.expr / weight))}",
        *weighted(name, weight, placed.out.axes),
    ]
