"""What an audit comes to, and how much of it is unexplained."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from derive.model import Model

from .calling import Target
from .diagnosis import UNEXPLAINED, Finding
from .names import Binding
from .seen import Seen

UNFIT = ("fails", "shape")  # what code for one data point comes to when it is given several


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What was found about a function.

    Attributes:
        target: the function.
        model: over its data.
        binding: what its arguments were taken for.
        findings: what is wrong.
        notes: what is worth saying and no error.
        judged: the parameters whose gradients it gives.
        points: the sizes at which it was called.
        reshaped: those of them that have axes of length 1 too many or too few.
    """

    target: Target
    model: Model
    binding: Binding
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    judged: tuple[str, ...]
    points: tuple[Mapping[str, int], ...]
    reshaped: tuple[str, ...] = ()


def wrong_shapes(seen: Sequence[Seen]) -> Iterator[Finding]:
    """A finding for each list of arrays that has a wrong shape somewhere."""
    for name in dict.fromkeys(n for s in seen for n in s.misshapen):
        first = next(s for s in seen if name in s.misshapen)
        where = ", ".join(f"{size} = {k}" for size, k in first.point.sizes.items())
        yield Finding(rule="shape", parameters=(name,), message=f"{first.misshapen[name]} at {where}")


def long_shapes(seen: Sequence[Seen], wrong: Collection[str]) -> Iterator[Finding]:
    """A finding for each gradient that has axes of length 1 too many or too few, right or wrong otherwise."""
    for name in dict.fromkeys(n for s in seen for n in s.reshaped):
        first = next(s for s in seen if name in s.reshaped)
        where = ", ".join(f"{size} = {k}" for size, k in first.point.sizes.items())
        right = "" if name in wrong else "; the numbers are right"
        yield Finding(rule="shape", parameters=(name,), message=f"{first.reshaped[name]} at {where}{right}")


def unfit(audit: Audit) -> bool:
    """Whether the code failed somewhere, or gave a wrong shape."""
    return any(f.rule in UNFIT for f in audit.findings)


def may_lie_otherwise(audit: Audit) -> bool:
    """Whether there is more amiss with the shapes than an axis of length 1, beside which the numbers are explained."""
    doubtful = (f for f in audit.findings if f.rule in (*UNFIT, *UNEXPLAINED))
    return unfit(audit) and any(f.rule != "shape" or not {*f.parameters} <= {*audit.reshaped} for f in doubtful)


def doubt(audit: Audit) -> tuple[int, int]:
    """How much of an audit is unexplained, and how much is wrong."""
    return sum(f.rule in UNEXPLAINED for f in audit.findings), len(audit.findings)
