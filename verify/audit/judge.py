"""Somebody else's gradient, held against the proved one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from derive.vocabulary import length
from lowering.lists import has_lists
from lowering.padded import in_lists, padded

from ..sandbox import Fate, Outcome, Workers
from .calling import Answer, AuditError, Call, Parameter, Passed, Target, called, described
from .diagnosis import Diagnosis, Finding
from .layouts import Layout, layouts
from .names import Binding, Form, Names, arguments, bindings
from .numbers import number
from .outcome import Audit, doubt, long_shapes, may_lie_otherwise, unfit, wrong_shapes
from .passed import Formula, recognised
from .proved import Points, Proved, Truth
from .returned import Told, Wanted, results
from .seen import Seen
from .shapes import Shape, fitted, shape_of

MOST_JUDGED = 6  # meanings of the arguments that are followed to the end
MOST_TURNED = 24  # meanings of the arguments that are tried with each layout of the arrays
ACCURATE = 1e-6  # of the largest component, there


class Case:
    """One function, one model.

    Args:
        target: the function.
        proved: the gradient of the model.
        names: what the code calls the quantities.
        workers: where it is called.
        points: where it is tried.
        functions: by letter, those that it may take.
        layout: how its arrays lie.
    """

    def __init__(
        self,
        target: Target,
        proved: Proved,
        names: Names,
        workers: Workers,
        points: Points | None = None,
        functions: Mapping[str, Formula] | None = None,
        layout: Layout | None = None,
    ) -> None:
        self.target, self.proved, self.names, self.workers = target, proved, names, workers
        self.layout = layout or Layout()
        self.functions, self.passed = functions or {}, dict[str, Passed]()
        self.points = points or proved.points
        self.truths = self.points.truths

    def audit(self) -> Audit:
        """The audit, with labels for one-hot rows if they explain the numbers better, or with one data point at a time.

        Code that fails or gives wrong shapes for several points is judged by one, if it does not there, and what still
        does by arrays that lie otherwise, if that leaves nothing unexplained or there is no other way.
        """
        try:
            found: Audit | None = self._audit()
        except AuditError as error:
            found, trouble = None, error
        if found is None or found.findings:
            labelled = self._with(self.proved.labelled)
            found = min((a for a in (found, labelled) if a is not None), key=doubt, default=None)
        if found is None or unfit(found):
            every = [points for points in (self.points, self.proved.labelled) if points is not None]
            single = [one for points in every if (one := self.proved.single(points)) is not None]
            alone = [self._with(points) for points in single]
            found = min((a for a in alone if a is not None and not unfit(a)), key=doubt, default=found)
            if (found is None or may_lie_otherwise(found)) and not (self.names.arguments or self.names.results):
                found = self._lying_otherwise(every, single, found) or found
        if found is None:
            raise trouble
        return found

    def _with(self, points: Points | None, layout: Layout | None = None) -> Audit | None:
        """The audit at other points; None if there are none, or the code cannot be judged there."""
        try:
            if points is None:
                return None
            return Case(self.target, self.proved, self.names, self.workers, points, self.functions, layout)._audit()
        except AuditError:
            return None

    def _lying_otherwise(self, every: Sequence[Points], single: Sequence[Points], usual: Audit | None) -> Audit | None:
        """The audit with arrays that lie otherwise, of one data point only where the code fails with several.

        Raises: AuditError: if it gives wrong shapes with several, and is right with one: either may be meant.
        """
        found = self._laid_out(every, usual)
        if found is not None and not unfit(found):
            return found
        of_one = self._laid_out(single, found or usual)
        if found is not None and of_one is not None:
            wrong = ", ".join(dict.fromkeys(n for f in found.findings if f.rule == "shape" for n in f.parameters))
            raise AuditError(
                f"{self.target} works with one data point, a column, and with several, but then its gradients by "
                f"{wrong} have other shapes; audit a function that adds up over the points"
            )
        return of_one or found

    def _laid_out(self, every: Sequence[Points], usual: Audit | None) -> Audit | None:
        """The least doubtful audit with arrays that lie otherwise; None if all fail, or leave more unexplained.

        No two axes at the first point are alike, so that code runs with few layouts.
        """
        found = usual
        for points in every:
            for layout in layouts(alone=bool(points.alone)):
                case = Case(self.target, self.proved, self.names, self.workers, points, self.functions, layout)
                other = self._with(points, layout) if case._runs() else None
                if other is None or any(f.rule == "fails" for f in other.findings):
                    continue
                if found is None or doubt(other) < doubt(found):
                    found = other
        return None if found is usual else found

    def _runs(self) -> bool:
        """Whether the function gives gradients at the first point, one of the right shape at least."""
        signature, truth = self._signature(), self.truths[0]
        candidates = bindings(signature, self.names, tuple(truth.point.params), tuple(truth.data), self.target)
        return any(self._fits(b, truth, signature, but_for_ones=True, how_many=any) for b in candidates[:MOST_TURNED])

    def _audit(self) -> Audit:
        """The audit with the one meaning of the arguments under which the numbers can be explained."""
        signature, truth = self._signature(), self.truths[0]
        candidates = bindings(signature, self.names, tuple(truth.point.params), tuple(truth.data), self.target)
        left = candidates if len(candidates) == 1 else self._working(candidates, signature)
        if len(left) > MOST_JUDGED:
            raise self._unclear(left, candidates, signature)
        audits = sorted((self._audited(b, signature) for b in left), key=doubt)
        if len(audits) > 1 and doubt(audits[0]) == doubt(audits[1]) != (0, 0):
            raise self._unclear(left, candidates, signature)
        return audits[0]

    def _audited(self, binding: Binding, signature: Sequence[Parameter]) -> Audit:
        answers = self._answers(binding, self.truths)
        works = [(t, a) for t, a in zip(self.truths, answers, strict=True) if not a.trouble]
        if not works:
            raise AuditError(f"{self.target}: {answers[0].trouble}")
        first = self._told(*works[0], binding, signature).forms  # where sizes differ, shapes tell
        read = [self._read(t, a, binding, signature, first) for t, a in works]
        wrong = {n for s, _ in read for n in s.misshapen}
        seen = [replace(s, got={n: a for n, a in s.got.items() if n not in wrong}) for s, _ in read]
        wanted = tuple(self.truths[0].gradient)
        judged = tuple(n for n in wanted if any(n in s.got or n in s.misshapen for s in seen))
        if not judged:
            raise AuditError(f"{self.target} returns no gradient by {', '.join(wanted)}; return a dict of them")
        found = [*self._failures(answers), *self._unsteady(answers), *wrong_shapes(seen)]
        told = self.names.negated or self.names.mean  # of the objective, already
        diagnosis = Diagnosis(self.proved.derived, self.proved.slips, seen).findings()
        found += [replace(f, objective=()) if told else f for f in diagnosis]
        found += long_shapes(seen, {n for f in found for n in f.parameters})
        found += self._values(read, found)
        return Audit(
            target=self.target,
            model=self.proved.model,
            binding=binding,
            findings=tuple(found),
            notes=(*self._notes(answers, binding, judged), *(() if found else self._strained(binding, signature))),
            judged=judged,
            points=tuple(t.point.sizes for t, _ in works),
            reshaped=tuple(dict.fromkeys(n for s in seen for n in s.reshaped)),
        )

    # -- calls -------------------------------------------------------------------------------------

    def _signature(self) -> Sequence[Parameter]:
        outcome = next(self.workers.map(described, [self.target]))
        found: Sequence[Parameter] | str = self._value(outcome)
        if isinstance(found, str):
            raise AuditError(found)
        truth = self.truths[0]
        taken = {*self.names.arguments, *truth.point.params, *truth.data}
        self.passed = recognised([p for p in found if p.name not in taken], self.functions)
        return [p for p in found if p.name not in self.passed]

    def _value(self, outcome: Outcome[Any]) -> Any:
        if outcome.fate is not Fate.VALUE:
            raise AuditError(f"{self.target}: {outcome.reason}")
        return outcome.value

    def _answers(self, binding: Binding, truths: Sequence[Truth]) -> list[Answer]:
        calls = [self._call(binding, t) for t in truths]
        return [self._value(outcome) for outcome in self.workers.map(called, calls)]

    def _call(self, binding: Binding, truth: Truth) -> Call:
        params, data = self._arrays(truth)
        laid_out = self.layout.params(params), self.layout.data(data)
        given = {**arguments(binding, *laid_out), **self.passed}
        return Call(target=self.target, arguments=given, lists=has_lists(self.proved.model))

    def _arrays(self, truth: Truth) -> tuple[dict[str, Any], dict[str, Any]]:
        """The parameters and the data of a point, in lists where the model has lists."""
        model, sizes = self.proved.model, truth.point.sizes
        return in_lists(truth.point.params, model, sizes), in_lists(self.points.given(truth), model, sizes)

    def _working(self, candidates: Sequence[Binding], signature: Sequence[Parameter]) -> Sequence[Binding]:
        """The meanings of the arguments at which the function works and gives gradients of the right shapes."""
        for truth in (self.truths[0], self.truths[1], self.truths[-1]):
            fits = [b for b in candidates if self._fits(b, truth, signature)]
            fits = fits or [b for b in candidates if self._fits(b, truth, signature, but_for_ones=True)]
            fits = fits or [b for b in candidates if self._fits(b, truth, signature, but_for_ones=True, how_many=any)]
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

    def _fits(
        self,
        binding: Binding,
        truth: Truth,
        signature: Sequence[Parameter],
        *,
        but_for_ones: bool = False,
        how_many: Callable[[Iterable[bool]], bool] = all,
    ) -> bool:
        """Whether there are gradients, all or any of the right shapes, if need be but for axes of length 1."""
        (answer,) = self._answers(binding, [truth])
        try:
            seen = None if answer.trouble else self._read(truth, answer, binding, signature)[0]
        except AuditError:
            return False
        if seen is None or (seen.misshapen and how_many is all) or (seen.reshaped and not but_for_ones):
            return False
        return bool(seen.got) and how_many(a.shape == truth.gradient[n].shape for n, a in seen.got.items())

    def _shapes(self, truth: Truth) -> Mapping[str, Shape]:
        """Those of the gradients as the code has them, in lists where the model has lists."""
        gradients = in_lists(truth.gradient, self.proved.model, truth.point.sizes)
        return {name: shape_of(part) for name, part in self.layout.params(gradients).items()}

    def _told(
        self,
        truth: Truth,
        answer: Answer,
        binding: Binding,
        signature: Sequence[Parameter],
        forms: Mapping[str, Form] | None = None,
    ) -> Told:
        """What the parts of an answer are."""
        shapes = self._shapes(truth)
        called = {p.name: binding[p.name].name for p in signature if p.name in binding}
        wanted = Wanted(
            shapes=shapes,
            order=[n for n in dict.fromkeys((*called.values(), *shapes)) if n in shapes],
            rare=self.proved.weights,
            called={own: name for own, name in called.items() if name in shapes},
            value=truth.value * self._meant(truth),
        )
        return results(answer.parts, wanted, {**(forms or {}), **self.names.results})

    def _read(
        self,
        truth: Truth,
        answer: Answer,
        binding: Binding,
        signature: Sequence[Parameter],
        forms: Mapping[str, Form] | None = None,
    ) -> tuple[Seen, tuple[float, float] | None]:
        """The gradient in the terms of the model, and the value beside the true one."""
        model, sizes = self.proved.model, truth.point.sizes
        shapes = self._shapes(truth)
        told = self._told(truth, answer, binding, signature, forms)
        value = told.value
        found, reshaped = fitted(told.gradients, shapes)
        scale = self._meant(truth)
        lists = {n for n, shape in shapes.items() if any(isinstance(part, tuple) for part in shape)}
        misshapen = {
            n: f"{n} has shapes {shape_of(found[n])}, expected {shapes[n]}"
            for n in lists & set(found)
            if shape_of(found[n]) != shapes[n]
        }
        whole = {n: a for n, a in found.items() if n not in misshapen}
        arrays = padded(self.layout.back(whole, in_lists(truth.gradient, model, sizes)), model, sizes)
        got = {n: a / scale if scale != 1 else a for n, a in arrays.items()}
        seen = Seen(point=truth.point, truth=truth.gradient, got=got, misshapen=misshapen, reshaped=reshaped)
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
        if forms := self.layout.told(*self._arrays(self.truths[0])):
            yield f"its arrays lie otherwise than those of the model: {forms}"
        if self.points.alone:
            yield "it takes one data point at a time, so it was held against the gradient for one"
        if self.points.labels:
            yield f"it takes labels for {', '.join(self.points.labels)}"
        missing = [n for n in self.truths[0].gradient if n not in judged]
        if missing:
            yield f"it gives no gradient by {', '.join(missing)}, which was not judged"

    def _strained(self, binding: Binding, signature: Sequence[Parameter]) -> Iterator[str]:
        """Where code that is right at ordinary points is not, for want of digits or range; each parameter once."""
        told: set[str] = set()
        for where, truth in self.points.extremes:
            (answer,) = self._answers(binding, [truth])
            got = {} if answer.trouble else self._read(truth, answer, binding, signature)[0].got
            level = max(float(np.abs(g).max(initial=0.0)) for g in truth.gradient.values())
            found: dict[str, list[str]] = {}
            for name, array in got.items():
                off = float(np.nan_to_num(np.abs(array - truth.gradient[name]), nan=np.inf).max(initial=0.0))
                if off > ACCURATE * max(level, 1e-6) and name not in told:
                    told.add(name)
                    what = f"is off by {off:.2g}" if np.isfinite(array).all() else "is not finite"
                    found.setdefault(what, []).append(name)
            for what, names in found.items():
                yield f"where {where}, its gradient by {', '.join(names)} {what}: write it in a stable form"
