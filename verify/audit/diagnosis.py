"""What is wrong with a gradient, by its numbers: named only if a mistaken formula gives the very same numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sympy import Expr, Integer, Rational

from derive.mistakes.models import OtherModel
from derive.mistakes.step import Slip
from derive.vocabulary import length
from lowering.gradcheck import component_name
from lowering.numeric.environment import Environment
from lowering.numeric.errors import EvaluationError
from lowering.trialpoints import Arrays

from .atonce import truncated_at_once
from .clipped import limit
from .elsewhere import another_model
from .numbers import Derived, number
from .seen import Seen, error, proportional, same
from .updated import after_an_update

SCALED, UNEXPLAINED = "scaled", ("unexplained", "inexact", "shape", "not-finite")
TOGETHER = 64  # mistakes that are evaluated at once
NEARLY = 1e-5  # what difference quotients, small ε and narrow numbers come to


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is wrong.

    Attributes:
        rule: the name of the mistake.
        parameters: whose gradients show it.
        message: one line.
        slip: the step that is wrong, as it is and as it was taken; None if no formula was found.
        other: the model whose gradient it is instead, if there is one.
        objective: what a mapping would say of the objective if the code is meant so: negated, mean.
    """

    rule: str
    parameters: tuple[str, ...]
    message: str
    slip: Slip | None = None
    other: OtherModel | None = None
    objective: tuple[str, ...] = ()


class Diagnosis:
    """The findings about one gradient.

    Args:
        derived: the derivation.
        slips: mistakes to look for, the more usual first.
        seen: at several points, of several sizes.
    """

    def __init__(self, derived: Derived, slips: Sequence[Slip], seen: Sequence[Seen]) -> None:
        self.derived, self.slips, self.seen = derived, slips, seen
        self._known: dict[int, Environment] = {}
        self._numbers: dict[tuple[int, int], Arrays | None] = {}
        self._affected: dict[int, tuple[str, ...]] = {}
        self._alike: dict[int, frozenset[str]] = {}
        self._mates: dict[tuple[object, ...], list[Slip]] = {}
        for slip in slips:
            self._mates.setdefault(_step(slip), []).append(slip)
        self._cheap_first = sorted(range(len(seen)), key=lambda k: derived.loops(seen[k].point.sizes))

    def findings(self) -> list[Finding]:
        """All that is wrong; an empty list if nothing is."""
        judged = [n for n in self.seen[0].truth if any(n in s.got for s in self.seen)]
        broken = [n for n in judged if any(n in s.got and not np.isfinite(s.got[n]).all() for s in self.seen)]
        judged = [n for n in judged if n not in broken]
        wrong = [n for n in judged if not self._is(n, Integer(1))]
        found, left = self._found(wrong, may_be_scaled=wrong == judged)  # none is right, so all may be off by a factor
        if left and (updated := after_an_update(self.derived, self.seen, left)):
            slip, names, says = updated
            found.append(Finding(rule=slip.slip.mistake, parameters=names, message=says))
            left = [n for n in left if n not in names]
        if left and (truncated := truncated_at_once(self.derived, self.seen, self.slips, left)):
            names, says = truncated
            found.append(Finding(rule="truncated", parameters=names, message=says))
            left = [n for n in left if n not in names]
        if clipped := limit(self.seen, left):
            says = f"components beyond ±{clipped:g} are cut off, as np.clip(g, -{clipped:g}, {clipped:g}) does"
            found.append(Finding(rule="clipped", parameters=tuple(left), message=says))
            left = []
        if left and not broken and (other := self._of_another_model(wrong)):
            return [other]
        return [*map(self._not_finite, broken), *found, *map(self._unexplained, left)]

    def _found(self, wrong: Sequence[str], *, may_be_scaled: bool) -> tuple[list[Finding], list[str]]:
        """The fewest findings, with one factor for all or without, and the parameters that stay unexplained."""
        scales = list(self._factors()) if may_be_scaled and wrong else []
        for factor, rule, says in scales:
            if all(self._is(n, factor) for n in wrong):
                return [Finding(rule=rule, parameters=tuple(wrong), message=says, objective=self._meant(factor))], []
        found, left = self._explained(Integer(1), wrong)
        if not left and len(found) < 2:
            return found, left
        every = ((found, left), *(self._all_scaled(factor, rule, says, wrong) for factor, rule, says in scales))
        return min(every, key=_cost)

    def _meant(self, factor: Expr) -> tuple[str, ...]:
        """The flags of a mapping that stand for a factor, −1 or 1/n or both; none if there are none."""
        points = self.derived.model.sample
        sizes = {
            Integer(1): (),
            **({} if points is None or self.derived.model.mean else {1 / length(points): ("mean",)}),
        }
        flags = {
            sign * scale: name + mean for sign, name in ((1, ()), (-1, ("negated",))) for scale, mean in sizes.items()
        }
        return flags.get(factor, ())

    def _of_another_model(self, wrong: Sequence[str]) -> Finding | None:
        factors = [(factor, f"; {says}") for factor, _, says in self._factors()]
        found = another_model(self.derived.model, self.seen, factors)
        if found is None:
            return None
        other, says = found
        return Finding(rule=other.mistake, parameters=tuple(wrong), message=other.says + says, other=other)

    def _is(self, name: str, factor: Expr) -> bool:
        """Whether a parameter's gradient is the proved one times a factor, wherever it was computed."""
        levels = [max(float(np.abs(t).max(initial=0.0)) for t in s.truth.values()) for s in self.seen]
        return all(
            same(s.got[name], number(factor, s.point.sizes) * s.truth[name], level)
            for s, level in zip(self.seen, levels, strict=True)
            if name in s.got
        )

    # -- one factor for all ------------------------------------------------------------------------

    def _factors(self) -> Iterator[tuple[Expr, str, str]]:
        """What a gradient of −L, of L / n, of 2 L and so on is off by, the name of that, and how it is said."""
        points = self.derived.model.sample
        scales = [(Integer(1), "", "")]
        if points is not None:
            count = length(points)
            scales += [(1 / count, "mean-for-sum", f" over {count}"), (count, "sum-for-mean", f" times {count}")]
        halves = ((Integer(1), "", ""), (Rational(1, 2), "half", "half "), (Integer(2), "counted-twice", "twice "))
        for sign, opposite, minus in ((1, "", ""), (-1, "opposite-sign", "minus ")):
            for half, lost, times in halves:
                for scale, mean, over in scales:
                    names = [name for name in (opposite, lost, mean) if name]
                    says = f"it is {minus}{times}the gradient of {self.derived.model.objective}{over}"
                    if names:
                        yield sign * half * scale, names[0] if len(names) == 1 else SCALED, says

    def _all_scaled(self, factor: Expr, rule: str, says: str, wrong: Sequence[str]) -> tuple[list[Finding], list[str]]:
        """The findings with one factor for all, and the parameters that stay unexplained."""
        scaled = [n for n in wrong if self._is(n, factor)]
        found, left = self._explained(factor, [n for n in wrong if n not in scaled])
        if not scaled and not found:
            return [], list(wrong)
        every = Finding(rule=rule, parameters=tuple(n for n in wrong if n not in left), message=says)
        return [every, *found], left

    # -- single mistakes ---------------------------------------------------------------------------

    def _explained(self, factor: Expr, wrong: Sequence[str]) -> tuple[list[Finding], list[str]]:
        """The fewest mistakes that give the numbers of the wrong parameters, and what no mistake gives."""
        left, findings = list(wrong), []
        while left:
            best: tuple[str, ...] = ()
            chosen: Slip | None = None
            for slip in self.slips:
                affected = self._affects(slip)
                hoped = [n for n in affected if n in left]
                if len(hoped) > len(best) and set(affected) <= {*wrong, *self._unseen()}:
                    explained = self._explains(slip, hoped, factor)
                    if len(explained) > len(best):
                        best, chosen = explained, slip
            if chosen is None:
                break
            findings.append(Finding(rule=chosen.mistake, parameters=best, message=chosen.says, slip=chosen))
            left = [n for n in left if n not in best]
        return self._explained_alone(factor, findings, left)

    def _explained_alone(
        self, factor: Expr, findings: list[Finding], left: list[str]
    ) -> tuple[list[Finding], list[str]]:
        """What is left explained by mistakes in steps that others share, made where one gradient is computed."""
        for name in tuple(left):
            slips = (slip for slip in self.slips if name in self._affects(slip))
            chosen = next((slip for slip in slips if self._explains(slip, [name], factor)), None)
            if chosen is not None:
                says = f"{chosen.says}, on the way to {name} alone"
                findings.append(Finding(rule=chosen.mistake, parameters=(name,), message=says, slip=chosen))
                left = [n for n in left if n != name]
        return findings, left

    def _unseen(self) -> set[str]:
        return {n for n in self.seen[0].truth if not any(n in s.got for s in self.seen)}

    def _explains(self, slip: Slip, names: Sequence[str], factor: Expr) -> tuple[str, ...]:
        """Those of the parameters whose numbers at all points are those of the mistaken formula."""
        found = [n for n in names if n in self._may_give(slip)]
        for k in self._cheap_first:
            seen = self.seen[k]
            if not any(n in seen.got for n in found):
                continue
            numbers = self._mistaken(k, slip)
            if numbers is None:
                return ()
            scale = number(factor, seen.point.sizes)
            found = [n for n in found if n not in seen.got or same(seen.got[n], scale * numbers[n])]
        return tuple(found)

    def _affects(self, slip: Slip) -> tuple[str, ...]:
        """The parameters whose gradients a mistake changes."""
        if id(slip) not in self._affected:
            self._affected[id(slip)] = self.derived.affected(slip)
        return self._affected[id(slip)]

    def _may_give(self, slip: Slip) -> frozenset[str]:
        """The parameters whose numbers where it is cheapest to tell are those of a mistaken formula but for a factor.

        With |g − r m| ≤ |g − f m| for the best r, at most √N times what rounding allows for any factor f.
        """
        if id(slip) not in self._alike:
            k = self._cheap_first[0]
            got, numbers = self.seen[k].got, self._mistaken(k, slip)
            given = {} if numbers is None else numbers
            self._alike[id(slip)] = frozenset(n for n, a in given.items() if n not in got or proportional(got[n], a))
        return self._alike[id(slip)]

    def _mistaken(self, k: int, slip: Slip) -> Arrays | None:
        """The numbers of a mistaken formula at a point; None if it has none there."""
        if (k, id(slip)) not in self._numbers:
            if k not in self._known:
                self._known[k] = self.derived.at(self.seen[k].point)
            others = self._mates[_step(slip)] if k == self._cheap_first[0] else ()  # elsewhere few are left
            more = [s for s in others if s is not slip and (k, id(s)) not in self._numbers]
            self._evaluate(k, [slip, *more[: TOGETHER - 1]])
        return self._numbers[k, id(slip)]

    def _evaluate(self, k: int, slips: Sequence[Slip]) -> None:
        """Keep the numbers of mistaken formulas at a point; if they do not go together, those of each half."""
        found: Sequence[Arrays | None]
        try:
            found = self.derived.mistaken(self._known[k], slips)
        except EvaluationError:
            if middle := len(slips) // 2:
                self._evaluate(k, slips[:middle])
                self._evaluate(k, slips[middle:])
                return
            found = [None]
        self._numbers |= {(k, id(slip)): numbers for slip, numbers in zip(slips, found, strict=True)}

    # -- what no formula explains ------------------------------------------------------------------

    def _not_finite(self, name: str) -> Finding:
        at = next(s for s in self.seen if name in s.got and not np.isfinite(s.got[name]).all())
        count = int(np.sum(~np.isfinite(at.got[name])))
        message = f"{count} of {at.got[name].size} components of {name} are NaN or infinite {_at(at)}"
        return Finding(rule="not-finite", parameters=(name,), message=message)

    def _unexplained(self, name: str) -> Finding:
        seen = [s for s in self.seen if name in s.got]
        misshapen = next((s for s in seen if s.got[name].shape != s.truth[name].shape), None)
        if misshapen is not None:
            return self._misshapen(name, misshapen, seen)
        worst = max(seen, key=lambda s: error(s.got[name], s.truth[name]))
        got, truth = worst.got[name], worst.truth[name]
        off = np.abs(got - truth)
        place = tuple(int(p) for p in np.unravel_index(int(off.argmax()), truth.shape)) if truth.ndim else ()
        where = component_name(name, place)
        numbers = f"{where} is {float(got[place]):.9g}, expected {float(truth[place]):.9g} {_at(worst)}"
        size = error(got, truth)
        if size < NEARLY:
            why = "as difference quotients, a small ε in a denominator or narrower numbers do"
            return Finding(rule="inexact", parameters=(name,), message=f"{numbers}: off by {size:.1g}, {why}")
        ratio = float(np.vdot(truth, got) / np.vdot(truth, truth))
        known = "no usual mistake gives these numbers"
        if all(same(s.got[name], ratio * s.truth[name]) for s in seen):
            known = f"all of {name} is {ratio:.6g} times what it should be"
        elif truth.size > 1 and float(off.sum()) <= float(off.max()) * (1 + 1e-6):
            known = "the other components agree"
        return Finding(rule="unexplained", parameters=(name,), message=f"{numbers}; {known}")

    def _misshapen(self, name: str, at: Seen, seen: Sequence[Seen]) -> Finding:
        shapes = f"{name} has shape {at.got[name].shape}, expected {at.truth[name].shape} {_at(at)}"
        sizes_agree = all(s.got[name].size == s.truth[name].size for s in seen)
        right = sizes_agree and all(same(s.got[name].reshape(s.truth[name].shape), s.truth[name]) for s in seen)
        return Finding(rule="shape", parameters=(name,), message=shapes + ("; the numbers are right" if right else ""))


def _step(slip: Slip) -> tuple[object, ...]:
    return slip.step.quantity.name, slip.step.expr, slip.axes


def _cost(found: tuple[list[Finding], list[str]]) -> tuple[int, int, bool]:
    findings, left = found
    return len(left), len(findings), bool(findings) and findings[-1].slip is not None


def _at(seen: Seen) -> str:
    return "at " + ", ".join(f"{name} = {number}" for name, number in seen.point.sizes.items())
