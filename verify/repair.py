"""The smallest edit of the author's formula that makes a false equation true."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice, pairwise, takewhile
from time import process_time

from sympy import Expr

from derive.model import Model, ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.ellipses import prepared
from derive.notation.memory import remembering
from derive.notation.parser import ReadError, parse
from derive.notation.syntax import Chain, Empty, Node
from derive.vocabulary import name_of, names_in
from lowering.numeric.errors import EvaluationError

from .alongsteps import screen_for
from .candidates import Candidate, in_pairs, made_twice
from .conditions import allowed
from .context import Context
from .judge import Equation
from .limits import OutOfTime
from .lines import Line
from .results import Suggestion, Verdict
from .rules import RULE_ROWS
from .rules.edit import Edit, Rule, Side
from .said import met_before
from .scope import (
    Habits,
    chain_of,
    functions_of,
    heads_of,
    names_of,
    scalars_of,
    sizes_of,
    squeezed,
    sums_of,
    transpose_of,
    weights_of,
)
from .screen import AnyScreen
from .symmetric import at_symmetric, said_symmetric

TRIVIAL = re.compile(r"\\frac\s*\{\s*(\\partial|d|\\mathrm\{d\})\s*([^{}]*(?:\{[^{}]*\})*)\}\s*\{\s*\1\s*\2\}")  # ∂z/∂z
MOST_EDITS = 900
COPIED = frozenset({"quantity"})  # what is written twice is copied, and wrong in the copy
MOST_CONFIRMED = 8
UNSCREENED = 40
MOST_RANKED = 500
MOST_JUDGED = 900
USUAL = 1.9  # the cost up to which an edit is tried before two at once
SECONDS = 20.0  # of computing, after which no more corrections are tried, where nobody says how long a formula may take
SHARE = 0.5  # of that time for its correction: how many are tried is bounded too, and is what usually ends a search
TIED = 0.04
TRUE = (Verdict.PROVED, Verdict.HOLDS)


Pose = Callable[[Line], tuple[Equation, Model] | None]


def repair(
    line: Line,
    context: Context,
    verdict: Callable[[Line], Verdict],
    pose: Pose | None = None,
    rules: tuple[Rule, ...] = RULE_ROWS,
) -> tuple[Rule, Suggestion] | None:
    """The cheapest edit, or else pair of edits, after which a line is proved; else one after which it holds.

    Args:
        line: what is false.
        context: what the text says.
        verdict: judges the line after an edit.
        pose: the equation that a line claims, and its model: candidates are then tried at a few points first, and
            only what agrees there is judged. Without it they are judged one by one.
        rules: whose edits are tried.
    Returns: the rule that names the mistake, and the side with the edit made; None if no edit helps.
    """
    if not context.mends:
        return None
    axes, matrices = dict(context.dictionary.axes), dict(context.dictionary.matrices)
    try:
        search = _Repair(line=line, context=context, verdict=verdict, pose=pose or (lambda line: None), rules=rules)
        with remembering(context.dictionary):
            return search.found() if pose is not None else search.judged_directly()
    except OutOfTime:
        return None
    finally:
        context.dictionary.axes.clear()
        context.dictionary.axes.update(axes)
        context.dictionary.matrices.clear()
        context.dictionary.matrices.update(matrices)


def repair_right_side(
    line: Line,
    context: Context,
    rank: Callable[[Node], int | None],
    names: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = RULE_ROWS,
    skip: frozenset[str] = frozenset(),
    missing: frozenset[str] = frozenset(),
) -> tuple[Rule, Suggestion] | None:
    """The cheapest edit of the right side that is ranked 0, else the cheapest of rank 1; None if no edit has a rank.

    Args:
        line: what is not as it should be.
        context: what the text says.
        rank: of an edited right side.
        names: what a quantity may be replaced with besides what the text writes in its formulas.
        rules: whose edits are tried.
        skip: kinds of edits that are not tried.
        missing: letters that the right side may lack; putting one in is tried however unusual that is.
    """
    search = _Repair(
        names=names, line=line, context=context, verdict=lambda _: Verdict.HOLDS, pose=lambda _: None, rules=rules
    )
    try:
        return search.ranked(rank, skip, missing)
    except OutOfTime:
        return None


@dataclass(frozen=True, kw_only=True)
class _Repair:
    """The search for the edit."""

    line: Line
    context: Context
    verdict: Callable[[Line], Verdict]
    pose: Pose
    rules: tuple[Rule, ...] = RULE_ROWS
    names: tuple[str, ...] = ()
    screens: dict[frozenset[str], AnyScreen | None] = field(default_factory=dict)
    begun: float = field(default_factory=process_time)

    def found(self) -> tuple[Rule, Suggestion] | None:
        """The correction, among candidates that are tried at points first."""
        singles = self._singles()
        if not self._is_evaluable():
            return self._confirmed(self._timely(singles[:UNSCREENED]))
        usual, others = self._by_likelihood(singles)
        for candidates in (usual, self._twice(singles), others, in_pairs(singles, self.line)):
            found = self._confirmed(islice(self._survivors(candidates), MOST_CONFIRMED))
            if found is not None:
                return found
        return None

    def judged_directly(self) -> tuple[Rule, Suggestion] | None:
        """The correction, among candidates that are judged at once."""
        singles = self._singles()
        usual, others = self._by_likelihood(singles)
        candidates = islice(chain(usual, self._twice(singles), others), MOST_JUDGED)
        habits, source = Habits.of(self.context, self.line), self.line.formula.latex
        tied: list[tuple[Candidate, tuple[Rule, Suggestion]]] = []
        for c in candidates:
            if tied and c.cost > tied[0][0].cost + TIED:
                break
            if (found := self._judged(c)) is not None:
                tied.append((c, found))
        return max(tied, key=lambda t: habits.fit(source, t[0].edit))[1] if tied else None

    def ranked(
        self, rank: Callable[[Node], int | None], skip: frozenset[str], missing: frozenset[str]
    ) -> tuple[Rule, Suggestion] | None:
        """The correction, among edits of the right side that are ranked by what comes of them."""
        second: Candidate | None = None
        singles = [c for c in self._singles() if not c.on_left and c.edit.kind not in skip]
        singles.sort(key=lambda c: (c.cost, -c.edit.start if c.edit.kind in COPIED else 0))
        itself = squeezed(self.line.formula.latex[slice(*self.line.left.span)])  # x ← x + α (r − x) without its last x
        late = [
            c
            for c in singles[MOST_RANKED:]
            if c.edit.text.strip() in missing
            or (c.edit.kind == "term added" and squeezed(c.edit.text).strip("+-") == itself)
        ]
        for c in self._timely(chain(singles[:MOST_RANKED], late, self._twice(singles))):
            node = self._edited_side(c)
            found = rank(node) if node is not None else None
            if found == 0:
                return self._judged(c)
            second = c if second is None and found == 1 else second
        return self._judged(second) if second is not None else None

    def _singles(self) -> list[Candidate]:
        """The edits, the cheapest first, each result once."""
        sources: dict[str, Candidate] = {}
        for c in sorted(self._candidates(), key=lambda c: c.cost):
            sources.setdefault(c.edit.applied(self.line.formula.latex), c)
        return list(sources.values())[:MOST_EDITS]

    def _twice(self, singles: list[Candidate]) -> Iterator[Candidate]:
        return self._timely(made_twice(singles, self.line))

    def _by_likelihood(self, singles: list[Candidate]) -> tuple[Iterator[Candidate], Iterator[Candidate]]:
        """The usual slips and the others, for as long as there is time."""
        usual, others = ([c for c in singles if (c.cost <= USUAL) is likely] for likely in (True, False))
        return self._timely(usual), self._timely(others)

    def _timely(self, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
        timeout = self.context.timeout
        until = self.begun + (SECONDS if timeout is None else SHARE * timeout)
        return takewhile(lambda c: process_time() < until, candidates)

    def _survivors(self, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
        """Those that may be true, the cheapest first, and of those that cost about the same the best fitting one."""
        habits, source = Habits.of(self.context, self.line), self.line.formula.latex
        tied: list[Candidate] = []
        for c in candidates:
            if tied and c.cost > tied[0].cost + TIED:
                yield from sorted(tied, key=lambda t: -habits.fit(source, t.edit))
                tied = []
            if self._survives(c):
                tied.append(c)
        yield from sorted(tied, key=lambda t: -habits.fit(source, t.edit))

    def _candidates(self) -> Iterator[Candidate]:
        line = self.line
        assert line.right is not None
        for node, on_left in ((line.right, False), (line.left, True)):
            if on_left and (line.carried is not None or line.operator == "propto"):  # which says what the left is like
                continue
            side = self._side(node)
            for rule in self.rules:
                for edit in rule.edits(side):
                    if side.source[edit.start : edit.end] != edit.text:
                        yield Candidate(rule=rule, edit=edit, on_left=on_left)

    def _side(self, node: Node) -> Side:
        context = self.context
        return Side(
            source=self.line.formula.latex,
            node=node,
            others=tuple(pair for pair in chain_of(self.line, context) if pair[1] is not node),
            letters=context.dictionary.survey.letters,
            names=(*self.names, *names_of(self.line, context)),
            scalars=scalars_of(context),
            sums=sums_of(context),
            transpose=transpose_of(context),
            sizes=sizes_of(context),
            heads=heads_of(context),
            functions=functions_of(context),
            weights=weights_of(context),
        )

    def _is_evaluable(self) -> bool:
        """Whether there are points at which the equation as it stands can be evaluated."""
        assert self.line.right is not None
        return self._tried(self.line.left, self.line.right, lambda screen, *sides: screen.is_evaluable(*sides))

    def _survives(self, candidate: Candidate) -> bool:
        node = self._edited_side(candidate)
        if node is None:
            return False
        assert self.line.right is not None
        sides = (node, self.line.right) if candidate.on_left else (self.line.left, node)
        return self._tried(*sides, lambda screen, *posed: screen.may_be_equal(*posed))

    def _tried(self, left: Node, right: Node, test: Callable[[AnyScreen, Expr, Expr], bool]) -> bool:
        """What a test says of two sides at points; false if they cannot be read or have no points."""
        try:
            posed = self.pose(dataclasses.replace(self.line, left=left, right=right))
        except (Unreadable, ModelError, ValueError, RecursionError):
            return False
        if posed is None:
            return False
        screen = self._screen(*posed)
        return screen is not None and test(screen, posed[0].left, posed[0].right)

    def _screen(self, equation: Equation, model: Model) -> AnyScreen | None:
        """Points for an equation: those of the first one, if its model knows all names, else of its own."""
        used = {name_of(a) for side in (equation.left, equation.right) for a in names_in(side)}
        known = next((s for s in self.screens.values() if s is not None and used <= s.model.quantities.keys()), None)
        key = frozenset(used)
        if known is None and key not in self.screens:
            even = at_symmetric(model, said_symmetric(self.context.dictionary)) or model
            met = met_before(self.line, equation, even, self.context).conditions
            try:
                within = allowed(met, even) if met else None
                self.screens[key] = screen_for(equation.left, equation.right, even, within)
            except (EvaluationError, ValueError):
                self.screens[key] = None
        return known or self.screens.get(key)

    def _edited_side(self, candidate: Candidate) -> Node | None:
        """The edited side parsed by itself."""
        side = self.line.left if candidate.on_left else self.line.right
        assert side is not None
        start, end = side.span
        edit, source = candidate.edit, self.line.formula.latex
        text = source[start : edit.start] + edit.text + source[edit.end : end]
        trivial = len(TRIVIAL.findall(text)) > len(TRIVIAL.findall(source[start:end]))
        if trivial or squeezed(text) == self._other_side(candidate):
            return None
        if self._is_rewritten:
            line = self._edited_line(edit)
            return None if line is None else line.left if candidate.on_left else line.right
        try:
            nodes = parse(text, self.context.lines.wording.macros)
        except ReadError:
            return None
        return prepared(nodes[0]) if len(nodes) == 1 and not isinstance(nodes[0], Chain) else None

    @cached_property
    def _is_rewritten(self) -> bool:
        """Whether the sides are read as more than what stands there, so that they cannot be read by themselves."""
        wording, source = self.context.lines.wording, self.line.formula.latex
        return wording.read(source) != [prepared(n) for n in parse(source, wording.macros)]

    def _other_side(self, candidate: Candidate) -> str:
        """The source of the side that is not edited: an edit that only repeats it explains nothing.

        A second equation for a name has a left side of its own, and may say the same as the first one.
        """
        line = self.line
        assert line.right is not None
        own = squeezed(line.formula.latex[line.span[0] : line.right.span[0]]).strip("&=:")
        if line.carried is not None and own:
            return ""
        if candidate.on_left:
            return squeezed(line.formula.latex[slice(*line.right.span)])
        return squeezed((line.carried or line.formula).latex[slice(*line.left.span)])

    # -- judgement -------------------------------------------------------------------------------------

    def _confirmed(self, candidates: Iterator[Candidate]) -> tuple[Rule, Suggestion] | None:
        """The first candidate that is proved; else the first that holds."""
        best: tuple[Rule, Suggestion] | None = None
        for candidate in candidates:
            found = self._judged(candidate)
            if found is not None and found[1].verdict is Verdict.PROVED:
                return found
            best = best or found
        return best

    def _judged(self, candidate: Candidate) -> tuple[Rule, Suggestion] | None:
        edited = self._edited_line(candidate.edit)
        if edited is None:
            return None
        try:
            verdict = self.verdict(edited)
        except (Unreadable, ModelError):
            return None
        if verdict not in TRUE:
            return None
        edit, side = candidate.edit, edited.left if candidate.on_left else edited.right
        assert side is not None
        return candidate.rule, Suggestion(
            latex=edited.formula.latex[side.span[0] : side.span[1]],
            edit=f"{edit.was} → {edit.should_be}",
            verdict=verdict,
            span=self._in_document(edit),
            text=edit.text,
        )

    def _edited_line(self, edit: Edit) -> Line | None:
        """The line in the edited source, found by where its sides begin."""
        line = self.line
        assert line.right is not None
        source = edit.applied(line.formula.latex)
        begins = {line.right.span[0], line.right.span[0] + len(edit.text) - (edit.end - edit.start)}
        try:
            nodes = self.context.lines.wording.read(source)
        except ReadError:
            return None
        for relations in (n for n in nodes if isinstance(n, Chain)):
            for left, right in pairwise(relations.operands):
                if right.span[0] in begins:
                    goes_on = line.carried is not None or isinstance(left, Empty)  # "&= …" in a row of its own
                    kept = line.left if goes_on else left
                    formula = dataclasses.replace(line.formula, latex=source)
                    return dataclasses.replace(line, formula=formula, left=kept, right=right)
        return None

    def _in_document(self, edit: Edit) -> tuple[int, int] | None:
        formula = self.line.formula
        return None if formula.origins else (formula.offset + edit.start, formula.offset + edit.end)
