"""Σ y log p of a softmax, and its slopes y − p Σ y, as one function of the logits: both come from the same powers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sympy import Expr, Mul, Sum

from derive.calculus.indices import free_indices
from derive.vocabulary import is_name, name_of, names_in

from ...labels import LogShare, log_shares_at, weight_of_targets
from ...operations import LogSumExp, Operation, Reduction, Residual, reads
from ...program import Program
from .layout import Layout
from .naming import local
from .onepass import Companions, spent, weighted
from .source import source

LOG_LIKELIHOOD = '''
def _log_likelihood(z, targets, slopes=False, out=None):
    """Σ y log p for targets y, rows or labels, and shares p of rows z, softmax(z); with slopes also y - p Σ y.

    A logarithm of a share is a logit less the largest, less the logarithm of the sum that is left. Where one share is
    nearly all, that is log1p of the sum of the others, and its slope is minus the sum of their slopes, so that both
    have all their digits. Logits of -inf have a share of 0; its logarithm is the lowest number: 0 times it is 0.
    """
    points, count = z.shape
    each = _ones(count, z.dtype)
    if few := points < 128:  # a call costs more than a pass
        tops = z.argmax(1)
        if points > 1:
            tops += _starts(points, count)
        largest = z.take(tops)
    else:
        largest = np.maximum.reduce(z.T.copy()) if count <= 32 else np.maximum.reduce(z, axis=1)
    powers = np.subtract(z, largest[:, None], out=out)
    if rows := targets.ndim == 2:
        weights, value = targets.dot(each), np.vdot(targets, powers)
        if not value > -np.inf:
            np.maximum(powers, np.finfo(z.dtype).min, out=powers)
            value = np.vdot(targets, powers)
    else:
        weights, chosen = _ones(points, z.dtype), _starts(points, count) + targets
        value = weights.dot(powers.take(chosen))
        if not value > -np.inf:
            value = weights.dot(np.maximum(powers.take(chosen), np.finfo(z.dtype).min))
    np.exp(powers, out=powers)
    total = powers.dot(each)
    if sure := points > 0 and total.item(total.argmin()) < 1.1:
        if not few:
            tops = (powers == 1).ravel().nonzero()[0]
            if tops.size != points:  # where several are the largest
                tops = powers.argmax(axis=1) + _starts(points, count)
        powers.put(tops, 0)
        value -= weights.dot(np.log1p(powers.dot(each)))
    else:
        value -= weights.dot(np.log(total))
    if not slopes:
        return value
    powers *= (weights / total if rows else -1 / total)[:, None]
    if rows:
        found = np.subtract(targets, powers, out=powers)
    else:
        found = powers
        found.put(chosen, found.take(chosen) + 1)
    if sure:
        found.put(tops, 0)
        found.put(tops, -found.dot(each))
    return value, found


@functools.lru_cache(maxsize=8)
def _starts(points, count):
    """Where each of so many rows of so many entries begins."""
    starts = np.arange(0, points * count, count)
    starts.flags.writeable = False
    return starts
'''


@dataclass(frozen=True, kw_only=True)
class Likelihood:
    """What one call computes.

    Attributes:
        targets: y.
        value: the sum of c y log p over all points and classes.
        weight: its c.
        slopes: b (y − p Σ y); None where only the value is wanted.
        slope_weight: its b.
        made: all names that need no line of their own.
    """

    targets: str
    value: str
    weight: Expr
    slopes: str | None
    slope_weight: Expr
    made: frozenset[str]

    def lines(self, position: int, layout: Layout, together: Companions) -> list[str]:
        """The call, in the buffer of the logits if nothing else reads them any more."""
        placed = layout.placed(cast("LogSumExp", layout.program.operations[position]))
        assert isinstance(placed, LogSumExp)
        z = source(placed.expr, (*placed.out.axes, *placed.over))
        more = "" if self.slopes is None else ", slopes=True"
        more += f", out={z}" if z == local(spent(placed.expr, position, layout.program, together)) else ""
        left = self.value if self.slopes is None else f"{local(self.value)}, {local(self.slopes)}"
        scaled = [] if self.slopes is None else weighted(self.slopes, self.slope_weight, ())
        call = f"{left} = _log_likelihood({z}, {local(self.targets)}{more})"
        return [call, *weighted(self.value, self.weight, ()), *scaled]


def likelihoods(program: Program, together: Mapping[str, Companions]) -> Mapping[str, Likelihood]:
    """For each log Σ_k e^{z_k} of which nothing but Σ y log p and its slopes is wanted, how these are computed."""
    found, known = {}, log_shares_at(program)
    for whole in (s for s in program.operations if isinstance(s, LogSumExp)):
        at = known.get(together[whole.out.name][1] or "")
        if at is not None and (one := _likelihood(program, whole, at, together[whole.out.name])) is not None:
            found[whole.out.name] = one
    return found


def _likelihood(program: Program, whole: LogSumExp, at: LogShare, together: Companions) -> Likelihood | None:
    share, logarithm = together
    slopes = _readers(program, share) if share is not None else []
    others = {o.out.name for o in _readers(program, whole.out.name)} - {share, logarithm}
    sums = _sums(program, at.product)
    if others or {whole.out.name, share} & set(program.outputs) or len(slopes) > 1 or not sums:
        return None
    weights = [Mul(at.weight, *(f for o in sums for f in Mul.make_args(o.expr) if not is_name(f)))]
    if share is not None:
        weights += [
            c for o in slopes if isinstance(o, Residual) and (c := weight_of_targets(o, at.targets)) is not None
        ]
    fixed = not any(name_of(e) in program.by_name or free_indices(e) for c in weights for e in names_in(c))
    if not fixed or len(weights) != 1 + (share is not None):  # what is computed may come later than this
        return None
    made = {at.product, share, logarithm, *(o.out.name for o in (*sums, *slopes))}
    return Likelihood(
        targets=at.targets,
        value=sums[-1].out.name,
        weight=weights[0],
        slopes=slopes[0].out.name if slopes else None,
        slope_weight=weights[-1],
        made=frozenset(name for name in made if name is not None),
    )


def _sums(program: Program, name: str) -> list[Reduction]:
    """The sums that make one number of an array, Σ_s Σ_k, where nothing else reads it or them; else none."""
    found: list[Reduction] = []
    while not found or found[-1].out.axes:
        readers = _readers(program, name)
        if len(readers) != 1 or name in program.outputs or not isinstance(readers[0], Reduction):
            return []
        entries = [f for f in Mul.make_args(readers[0].expr) if free_indices(f)]
        if readers[0].kind is not Sum or len(entries) != 1 or not is_name(entries[0]):
            return []
        found.append(readers[0])
        name = readers[0].out.name
    return found


def _readers(program: Program, name: str) -> list[Operation]:
    return [o for o in program.every if name in reads(o)]
