"""Somebody else's gradient, held against the proved one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from derive.backprop import working
from derive.mistakes.step import Slip, steps
from derive.mistakes.table import slips
from derive.model import Model
from derive.vocabulary import length
from lowering.lists import check_arrays
from lowering.loading import loaded_source
from lowering.lower import lowering, proved_partials
from lowering.numeric.environment import whole
from lowering.oracle import Oracle, extreme_points
from lowering.passed import check_formulas
from lowering.stabilise import with_preactivations
from lowering.trialpoints import Arrays, Point, random_point, trial_sizes

from ..sandbox import Fate, Outcome, Workers
from .calling import Answer, AuditError, Call, Parameter, Target, called, described
from .diagnosis import UNEXPLAINED, Diagnosis, Finding
from .names import Binding, Names, arguments, bindings, read_names, results
from .numbers import Derived, number
from .seen import Seen

MOST_JUDGED = 6  # meanings of the arguments that are followed to the end
EXTREMES = (30.0, 800.0)  # pre-activations, and minus these, at which right code may still overflow or cancel
ACCURATE = 1e-6  # of the largest component, there
SQUARE = 3  # all sizes alike, where code runs that takes a transpose for the matrix


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
    """

    target: Target
    model: Model
    binding: Binding
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    judged: tuple[str, ...]
    points: tuple[Mapping[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The proved value and gradient at a point, and what the point's arguments are."""

    point: Point
    data: Mapping[str, Any]
    value: float
    gradient: Arrays


def audit(target: Target, model: Model, *, mapping: str | None = None, timeout: float = 10.0) -> Audit:
    """Hold a function against a model.

    Args:
        target: the function, in a file.
        model: with an objective and parameters.
        mapping: a file that says what the code calls the quantities, where their names do not tell.
        timeout: seconds for each call.
    Raises: AuditError: if the code cannot be judged; LoweringError, ModelError: if the model has no gradient.
    """
    proved = Proved(model)
    names = Names() if mapping is None else read_names(mapping, proved.module.DATA, proved.module.PARAMETERS)
    with Workers(jobs=1, timeout=timeout, preload=("numpy",)) as workers:
        return Case(target, proved, names, workers).audit()


class Proved:
    """The proved gradient of a model as code, and its derivation.

    Args:
        model: for one data point, or over its data.
    Raises: AuditError: if there is no proof of it.
    """

    def __init__(self, model: Model) -> None:
        check_formulas(model, "an audit")
        check_arrays(model, "an audit")
        stages = lowering(model, dtype="float64", backend="numpy")
        if any(e.proof is None for e in proved_partials(stages)):
            raise AuditError(f"the gradient of {model.name} is not proved, so there is nothing to hold code against")
        self.model, self.named = stages.over_data, stages.computable.named
        self.module = loaded_source(stages.source)
        self.textbook = working(with_preactivations(self.model))
        self.derived = Derived(self.textbook, steps(self.textbook))

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        """The mistakes that code may make, the more usual first."""
        return tuple(slips(self.textbook))

    @cached_property
    def truths(self) -> tuple[Truth, ...]:
        """The points at which code is tried."""
        return tuple(self._truth(random_point(self.model, sizes, seed=k)) for k, sizes in enumerate(self._sizes()))

    @cached_property
    def extremes(self) -> tuple[tuple[str, Truth], ...]:
        """Points at which a pre-activation saturates, with a word about each."""
        points = extreme_points(Oracle(self.named), EXTREMES)
        return tuple((f"{name} reaches {largest:g}", self._truth(point)) for name, largest, point in points)

    def _sizes(self) -> Iterator[Mapping[str, int]]:
        """Sizes that all differ, and sizes at which all arrays are square."""
        yield from (found := list(trial_sizes(self.model)))
        alike = dict.fromkeys(found[0], SQUARE)
        for count in (length(i) for q in self.model.given for i in q.axes):
            if len(symbols := count.free_symbols) == 1:
                name = str(*symbols)
                alike[name] += SQUARE - whole(count, alike)
        if all(whole(length(i), alike) > 0 for q in self.model.quantities.values() for i in q.axes):
            yield alike

    def _truth(self, point: Point) -> Truth:
        data = {**point.data, **{n: k for n, k in point.sizes.items() if n in self.module.DATA and n not in point.data}}
        value, gradient = self.module.value_and_grad(point.params, data)
        return Truth(point=point, data=data, value=float(value), gradient=dict(gradient))


class Case:
    """One function, one model.

    Args:
        target: the function.
        proved: the gradient of the model.
        names: what the code calls the quantities.
        workers: where it is called.
    """

    def __init__(self, target: Target, proved: Proved, names: Names, workers: Workers) -> None:
        self.target, self.proved, self.names, self.workers = target, proved, names, workers
        self.truths = proved.truths

    def audit(self) -> Audit:
        """The audit with the one meaning of the arguments under which the numbers can be explained."""
        signature, truth = self._signature(), self.truths[0]
        candidates = bindings(signature, self.names, tuple(truth.point.params), tuple(truth.data), self.target)
        left = candidates if len(candidates) == 1 else self._working(candidates, signature)
        if len(left) > MOST_JUDGED:
            raise self._unclear(left, candidates, signature)
        audits = sorted((self._audited(b, signature) for b in left), key=_doubt)
        if len(audits) > 1 and _doubt(audits[0]) == _doubt(audits[1]) != (0, 0):
            raise self._unclear(left, candidates, signature)
        return audits[0]

    def _audited(self, binding: Binding, signature: Sequence[Parameter]) -> Audit:
        answers = self._answers(binding, self.truths)
        works = [(t, a) for t, a in zip(self.truths, answers, strict=True) if not a.trouble]
        if not works:
            raise AuditError(f"{self.target}: {answers[0].trouble}")
        read = [self._read(t, a, binding, signature) for t, a in works]
        seen = [s for s, _ in read]
        wanted = tuple(self.truths[0].gradient)
        judged = tuple(n for n in wanted if any(n in s.got for s in seen))
        if not judged:
            raise AuditError(f"{self.target} returns no gradient by {', '.join(wanted)}; return a dict of them")
        found = [*self._failures(answers), *self._unsteady(answers)]
        found += Diagnosis(self.proved.derived, self.proved.slips, seen).findings()
        found += self._values(read, found)
        return Audit(
            target=self.target,
            model=self.proved.model,
            binding=binding,
            findings=tuple(found),
            notes=(*self._notes(answers, binding, judged), *(() if found else self._strained(binding, signature))),
            judged=judged,
            points=tuple(t.point.sizes for t, _ in works),
        )

    # -- calls -------------------------------------------------------------------------------------

    def _signature(self) -> Sequence[Parameter]:
        outcome = next(self.workers.map(described, [self.target]))
        found: Sequence[Parameter] | str = self._value(outcome)
        if isinstance(found, str):
            raise AuditError(found)
        return found

    def _value(self, outcome: Outcome[Any]) -> Any:
        if outcome.fate is not Fate.VALUE:
            raise AuditError(f"{self.target}: {outcome.reason}")
        return outcome.value

    def _answers(self, binding: Binding, truths: Sequence[Truth]) -> list[Answer]:
        calls = [Call(target=self.target, arguments=arguments(binding, t.point.params, t.data)) for t in truths]
        return [self._value(outcome) for outcome in self.workers.map(called, calls)]

    def _working(self, candidates: Sequence[Binding], signature: Sequence[Parameter]) -> Sequence[Binding]:
        """The meanings of the arguments at which the function works and gives gradients of the right shapes."""
        for truth in (self.truths[0], self.truths[1], self.truths[-1]):
            fits = [b for b in candidates if self._fits(b, truth, signature)]
            candidates = fits or candidates
            if len(fits) == 1:
                break
        return candidates

    def _unclear(
        self, left: Sequence[Binding], candidates: Sequence[Binding], signature: Sequence[Parameter]
    ) -> AuditError:
        first = self.truths[0]
        unclear = [p.name for p in signature if len({str(b.get(p.name)) for b in left}) > 1]
        trouble = self._answers(candidates[0], [first])[0].trouble
        taken = ", ".join(str(form) for form in candidates[0].values())
        why = f" (taken for {taken}: {trouble})" if trouble and len(left) == len(candidates) else ""
        return AuditError(
            f"it is not clear what {', '.join(unclear)} of {self.target} is{why}; the model has "
            f"{', '.join((*first.point.params, *first.data))}: say it with --mapping FILE.toml"
        )

    def _fits(self, binding: Binding, truth: Truth, signature: Sequence[Parameter]) -> bool:
        got = self._tried(binding, truth, signature)
        return bool(got) and all(a.shape == truth.gradient[n].shape for n, a in got.items())

    def _tried(self, binding: Binding, truth: Truth, signature: Sequence[Parameter]) -> Arrays:
        (answer,) = self._answers(binding, [truth])
        try:
            return {} if answer.trouble else self._read(truth, answer, binding, signature)[0].got
        except AuditError:
            return {}

    def _read(
        self, truth: Truth, answer: Answer, binding: Binding, signature: Sequence[Parameter]
    ) -> tuple[Seen, tuple[float, float] | None]:
        """The gradient in the terms of the model, and the value beside the true one."""
        shapes = {n: np.shape(a) for n, a in truth.gradient.items()}
        named = [binding[p.name].name for p in signature if p.name in binding]
        order = [n for n in dict.fromkeys((*named, *shapes)) if n in shapes]
        found, value = results(answer.parts, shapes, order, self.names)
        scale = self._meant(truth)
        got = {n: a / scale if scale != 1 else a for n, a in found.items()}
        seen = Seen(point=truth.point, truth=truth.gradient, got=got)
        return seen, None if value is None else (float(value) / scale, truth.value)

    def _meant(self, truth: Truth) -> float:
        """What the code's objective is, in those of the model: −1 / n, say."""
        points = self.proved.model.sample
        count = number(length(points), truth.point.sizes) if self.names.mean and points is not None else 1.0
        return (-1.0 if self.names.negated else 1.0) / count

    # -- findings ----------------------------------------------------------------------------------

    def _failures(self, answers: Sequence[Answer]) -> Iterator[Finding]:
        failed = [(t.point.sizes, a.trouble) for t, a in zip(self.truths, answers, strict=True) if a.trouble]
        if failed:
            sizes, trouble = failed[0]
            alike = len(failed) == len(answers) - 1 and not answers[-1].trouble
            only = (
                "it works only where all sizes are equal"
                if alike
                else f"it fails at {len(failed)} of {len(answers)} points"
            )
            where = ", ".join(f"{n} = {k}" for n, k in sizes.items())
            yield Finding(rule="fails", parameters=(), message=f"{only}; at {where}: {trouble}")

    def _unsteady(self, answers: Sequence[Answer]) -> Iterator[Finding]:
        if not all(a.steady for a in answers):
            message = "it gives another result when it is called again with the same arguments"
            yield Finding(rule="unsteady", parameters=(), message=message)

    def _values(
        self, read: Sequence[tuple[Seen, tuple[float, float] | None]], found: Sequence[Finding]
    ) -> Iterator[Finding]:
        off = [pair for _, pair in read if pair is not None and not np.isclose(*pair, rtol=1e-8, atol=0.0)]
        if off and not any(f.rule == "scaled" for f in found):
            name = self.proved.model.objective
            message = f"its value is {off[0][0]:.9g}, {name} is {off[0][1]:.9g}"
            yield Finding(rule="value", parameters=(), message=message)

    def _notes(self, answers: Sequence[Answer], binding: Binding, judged: Sequence[str]) -> Iterator[str]:
        changed = dict.fromkeys(name for a in answers for name in a.changed)
        if changed:
            yield f"it writes to its arguments: {', '.join(changed)}"
        taken = [f"{name} for {form}" for name, form in binding.items() if name != str(form)]
        if taken:
            yield f"it takes {', '.join(taken)}"
        missing = [n for n in self.truths[0].gradient if n not in judged]
        if missing:
            yield f"it gives no gradient by {', '.join(missing)}, which was not judged"

    def _strained(self, binding: Binding, signature: Sequence[Parameter]) -> Iterator[str]:
        """Where code that is right at ordinary points is not, for want of digits or range; one line a parameter."""
        told: set[str] = set()
        for where, truth in self.proved.extremes:
            (answer,) = self._answers(binding, [truth])
            got = {} if answer.trouble else self._read(truth, answer, binding, signature)[0].got
            level = max(float(np.abs(g).max(initial=0.0)) for g in truth.gradient.values())
            for name, array in got.items():
                off = float(np.nan_to_num(np.abs(array - truth.gradient[name]), nan=np.inf).max(initial=0.0))
                if off > ACCURATE * max(level, 1e-6) and name not in told:
                    told.add(name)
                    what = f"is off by {off:.2g}" if np.isfinite(array).all() else "is not finite"
                    yield f"where {where}, its gradient by {name} {what}: write it in a stable form"


def _doubt(audit: Audit) -> tuple[int, int]:
    """How much of an audit is unexplained, and how much is wrong."""
    return sum(f.rule in UNEXPLAINED for f in audit.findings), len(audit.findings)
