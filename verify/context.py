"""What a document has defined where: the model in which each of its claims is judged."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Expr, Idx

from derive.model import Model, ModelError
from derive.notation.definitions import DEFINING, Stated, assemble, drop_sample, per_point, quantity, stated, unstarted
from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.recursions import used_now
from derive.notation.shape import Use, uses_of, weighing
from derive.notation.wholes import assemble_whole, at_points, lacks_a_point
from derive.prove import Proof, prove
from derive.quantities import Kind
from derive.vocabulary import name_of, names_in, tensor

from .carry_out import undefined, with_unknown_slopes
from .chances.knowledge import Knowledge
from .entries import prove_entries
from .functions import Function
from .knownfunctions import note_function, stated_function
from .limits import OutOfTime, time_limit
from .lines import Line, Lines, counts_on, names_defined, supposes
from .naming import at_another_step, earlier_line, is_circular, renews, turned, valued
from .normals.setting import Setting, setting_of
from .shares import said_to_sum_to_one, with_shares
from .solved import solved_name
from .spaces.texts import Text
from .unknown import counts_layers, suppose_any
from .unwritten import objectives, said_means


@dataclass(frozen=True, kw_only=True)
class Again:
    """A second equation for a name.

    Attributes:
        earlier: the line that has defined the name.
        name: the plain name.
        proof: that it follows from the definitions before it, if it does.
        reason: why it does not, if it does not.
        readable: whether it could be read at all.
    """

    earlier: int
    name: str
    proof: Proof | None = None
    reason: str = ""
    readable: bool = True


@dataclass
class Context:
    """The definitions of a document, by the line that makes them.

    Attributes:
        lines: the document taken apart.
        definitions: line number to the definition made there.
        others: line number to a definition that gives an earlier name another meaning.
        restatements: line number to what is known of a second equation for a name.
        problems: line number to the reason why its definition could not be read.
        refusals: line number to the part of its definition that could not be read, where a part is to blame.
        updates: the lines that give a name a new value in terms of its old one.
        listings: the lines that name the entries of a vector or matrix by its own letter: x = (x_1, …, x_n).
        values: the names that the text somewhere sets to a number, `y = 1`, `x_0 = 1`, and in which lines.
        solutions: line number to the name whose best value the line gives.
        unread: name to the reason why no definition of it could be read.
        wrong: line number to the definition that it makes as it stands, which contradicts an earlier one.
        spoken: names of which the text speaks elsewhere, with another label: the x_j of x_i.
        spaces: what the text says of vectors and matrices, once it was asked for.
        lenient_spaces: the same, for telling only what holds.
        timeout: the seconds that one formula may take.
        stated: what its lines define, by line, once terms were asked for.
        known: what is known by some of it, by their identities.
        mends: whether corrections are sought.
    """

    lines: Lines
    definitions: dict[int, Stated] = field(default_factory=dict)
    others: dict[int, Stated] = field(default_factory=dict)
    restatements: dict[int, Again] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    refusals: dict[int, Unreadable] = field(default_factory=dict)
    updates: set[int] = field(default_factory=set)
    listings: set[int] = field(default_factory=set)
    values: dict[str, set[int]] = field(default_factory=dict)
    solutions: dict[int, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    wrong: dict[int, Stated] = field(default_factory=dict)
    spoken: frozenset[str] = frozenset()
    models: dict[tuple[int | str, ...], Model] = field(default_factory=dict)
    wholes: dict[tuple[int | str, ...], Model] = field(default_factory=dict)
    chances: Knowledge = field(default_factory=lambda: Knowledge(speaks=False))
    spaces: Text | None = None
    lenient_spaces: Text | None = None
    timeout: float | None = None
    stated: tuple[Function, ...] | None = None
    known: dict[tuple[int, ...], Any] = field(default_factory=dict)
    mends: bool = True

    @property
    def dictionary(self) -> Dictionary:
        return self.lines.dictionary

    @cached_property
    def shares(self) -> frozenset[str]:
        """The names of vectors whose entries sum to one."""
        return said_to_sum_to_one((node for node, _ in self.lines.nodes), self.dictionary)

    @cached_property
    def weights(self) -> frozenset[Use]:
        """The letters, as they are used, that stand as matrices in norms and layers: ‖A x − b‖, W^{[2]} a."""
        return frozenset(uses_of(weighing(node for node, _ in self.lines.nodes), self.dictionary.survey.letters))

    @cached_property
    def normals(self) -> Setting | None:
        """What the section says of normal variables."""
        return setting_of(self.lines) if self.chances.speaks else None

    def model_at(self, line: int, used: Collection[str] | None = None, *, whole: bool = False) -> Model:
        """The model made by the definitions that hold at a line.

        A name means its latest definition up to that line; if there is none, its first one after it.

        Args:
            line: the number of the line.
            used: the names that matter; only the definitions that they rest on are taken. All if None.
            whole: whether it is of all data points, and not of one.
        Raises: ModelError: if the definitions make no model.
        """
        chosen = self._chosen(line)
        every = self.definitions | self.others
        matrices = self.dictionary.matrices
        if used is not None:
            computed = (entry for entry, (name, _) in matrices.items() if name in used)
            used = {*used, *(name_of(a) for entry in computed for a in names_in(entry))}
        numbers = sorted(chosen.values() if used is None else _resting_on(used, chosen, every))
        key: tuple[int | str, ...] = (*numbers, *(name for name, _ in matrices.values()))
        models = self.wholes if whole else self.models
        if key not in models:
            make = assemble_whole if whole else assemble
            models[key] = with_shares(make("text", [every[k] for k in numbers], self.dictionary), self.shares)
        return models[key] if used is None else self._with_given(models[key], used, every.values(), whole)

    def _with_given(self, model: Model, used: Collection[str], every: Iterable[Stated], whole: bool) -> Model:
        """The model with those names that it lacks and that other definitions of the text are made of."""
        every = tuple(every)
        mentioned = {name_of(a) for d in every for a in names_in(d.expr)}
        lacking = sorted((mentioned & set(used)) - model.quantities.keys())
        found = (quantity(n, Kind.PARAMETER, self.dictionary) for n in lacking)
        given = tuple(at_points(q, every, self.dictionary) if whole else q for q in found)
        return dataclasses.replace(model, given=(*model.given, *given)) if lacking else model

    def _chosen(self, line: int) -> Mapping[tuple[str, bool], int]:
        """By name, and whether it is where a recursion begins, the line whose definition holds."""
        chosen: dict[tuple[str, bool], int] = {}
        for k, definition in sorted((self.definitions | self.others).items()):
            what = definition.name, definition.starts
            if k <= line or what not in chosen:
                chosen[what] = k
        return chosen

    def several(self, but: int = -1) -> frozenset[str]:
        """The names that the text gives more than one meaning, what line `but` says of them left aside."""
        names = [d.name for d in self.definitions.values() if not d.starts]
        twice = {n for n in names if names.count(n) > 1}
        others = {a.name for k, a in self.restatements.items() if k != but and self._differs(k, a)}
        return frozenset(n for n in twice | others if not self.is_anew(n))

    def is_value(self, number: int) -> bool:
        """Whether a line gives a quantity a value, and no formula of the text does: n = 100."""
        formulas = {d.name for d in (*self.definitions.values(), *self.others.values())}
        return any(number in given and name not in formulas for name, given in self.values.items())

    def is_anew(self, name: str) -> bool:
        """Whether a section gives a name a meaning of its own, on which nothing rests that it inherits."""
        if name not in self.lines.introduced:
            return False
        every = self.definitions | self.others
        here = [k for k, d in every.items() if d.name == name and k in self.lines.own]
        again = [k for k, a in self.restatements.items() if a.name == name and k in self.lines.own]
        inherited = (d for k, d in every.items() if k not in self.lines.own and d.name != name)
        return len({*here, *again}) == 1 and not any(name in _names(d) for d in inherited)

    def _differs(self, number: int, again: Again) -> bool:
        """Whether a second equation may mean something else; an unread one under one heading is taken as the same."""
        if again.readable:
            return again.proof is None
        headings = [line.formula.headings for line in self.lines.lines if line.number in (number, again.earlier)]
        return headings[0] != headings[-1]

    def correct(self, line: Line, latex: str | None) -> None:
        """Let a second equation for a name that is wrong count no more, but its correction, if there is one."""
        self.wrong |= {line.number: self.others.pop(line.number)} if line.number in self.others else {}
        again = self.restatements[line.number]
        try:
            nodes = self.lines.wording.read(latex or "")
            definition = stated(line.left, nodes[0], self.dictionary) if len(nodes) == 1 else None
        except ValueError:
            definition = None
        if definition is not None and definition.name == again.name:
            adopt(definition, again.earlier, line.number, self)
        del self.restatements[line.number]

    def as_written(self, number: int) -> Context:
        """The context in which a second equation that contradicts the first one holds as it stands."""
        others = {**self.others, number: self.wrong[number]}
        return dataclasses.replace(self, others=others, models={}, wholes={})

    def line(self, number: int) -> Line:
        """The line with a number."""
        return next(n for n in self.lines.lines if n.number == number)


def context_of(lines: Lines, timeout: float | None = None) -> Context:
    """Collect what a document defines: the first equations for names, and others; each in so many seconds at most."""
    context = Context(lines=lines, timeout=timeout)
    first: dict[tuple[str, str], int] = {}
    again: list[tuple[Line, Stated, int]] = []
    equations = [n for n in lines.lines if n.right is not None and n.operator in DEFINING and not supposes(n)]
    for line in equations:  # which function σ is may be said behind its first use
        if line.link == 0 and (function := stated_function(line.left, lines.dictionary)) is not None:
            note_function(function, line, lines.dictionary)
    for line in equations:
        try:
            with time_limit(timeout):
                again += _collect(turned(line, lines), context, first)
        except (OutOfTime, RecursionError, MemoryError):
            context.problems[line.number] = "it is too large to be read"
    _complete(context, [definition for _, definition, _ in again])
    for line, definition, earlier in again:  # now that all is known that is defined after its use
        try:
            with time_limit(timeout):
                _again(definition, earlier, line, context)
        except (OutOfTime, RecursionError, MemoryError):
            reason = "it is too large to be compared"
            context.restatements[line.number] = Again(earlier=earlier, name=definition.name, reason=reason)
    return context


def _complete(context: Context, again: Sequence[Stated]) -> None:
    """Note what the text says without an equation for a name: objectives, what was not read, what is any function."""
    context.definitions |= dict(objectives(context.lines))
    context.unread |= context.lines.lost
    for number, reason in context.problems.items():
        line = next(n for n in context.lines.lines if n.number == number)
        named = names_defined(line, context.dictionary)
        if named is not None and not counts_on(line.right):
            context.unread.setdefault(named[0], reason)
    for d in context.definitions.values():
        context.unread.pop(d.name, None)
    for number, mean in said_means(context.lines):
        if mean.name not in {d.name for d in context.definitions.values()} | context.unread.keys():
            context.definitions[number] = mean
    for name in unstarted(context.definitions.values()):
        for number, d in context.definitions.items():
            if d.name == name and not any(counts_layers(i, context) for i in d.place):  # any input goes in
                why = f"the text does not say where the recursion of {name} begins"
                context.definitions[number] = dataclasses.replace(d, doubts=(*d.doubts, why))
    suppose_any(context, again)


def _collect(line: Line, context: Context, first: dict[tuple[str, str], int]) -> Iterator[tuple[Line, Stated, int]]:
    """Note what a line defines; what is defined for the second time is handed back with the line that did it first."""
    assert line.right is not None
    dictionary = context.dictionary
    if (name := valued(line, dictionary)) is not None:
        context.values.setdefault(name, set()).add(line.number)
        return
    name = valued(dataclasses.replace(line, link=0), dictionary) if line.link else None  # a = b = 1
    if name is not None and name not in {d.name for d in context.definitions.values()}:
        context.values.setdefault(name, set()).add(line.number)
    if line.link == 0 and stated_function(line.left, dictionary) is not None:
        return
    solved = solved_name(line, context.lines.lines, dictionary)
    if solved is not None:
        context.solutions[line.number] = solved[0]
    found = names_defined(line, dictionary)
    if found is None or (solved is not None and not solved[1]):
        return
    earlier = earlier_line(found, first)
    try:
        definition = stated(line.left, line.right, dictionary)
    except (Unreadable, ValueError) as error:
        if renews(line, found[0], dictionary):  # a step with the data of one point
            context.updates.add(line.number)
        elif earlier is None:
            context.problems[line.number] = str(error)
            if isinstance(error, Unreadable):
                context.refusals[line.number] = error
        else:
            again = Again(earlier=earlier, name=found[0], reason=str(error), readable=False)
            context.restatements[line.number] = again
        return
    if definition is None:
        return
    uses = used_now(definition.body)
    if definition.starts:
        if not any(d.starts and d.name == definition.name for d in context.definitions.values()):
            context.definitions[line.number] = definition
    elif definition.name in uses and _names_entries(definition, dictionary):
        context.listings.add(line.number)
    elif definition.name in uses and earlier is not None and at_another_step(definition):
        return  # δ_l in terms of δ_{l+1}, of what has a definition: a claim
    elif definition.name in uses:
        context.updates.add(line.number)
    elif earlier is not None:
        yield line, definition, earlier
    elif not is_circular(definition.name, uses, context.definitions.values()):
        first[found] = line.number
        context.definitions[line.number] = definition
        dictionary.formulas.setdefault(definition.name, definition.formula)


def _again(definition: Stated, earlier: int, line: Line, context: Context) -> None:
    """Note whether a second equation for a name says what the first one says."""
    name = definition.name
    again = Again(earlier=earlier, name=name, reason=f"{name} is given another meaning here than before")
    try:
        model = with_unknown_slopes(context.model_at(line.number - 1, {name, *_names(definition)}))[0]
        expr = _at_a_point(definition, context.definitions[earlier])
        if expr is None or name not in model.defined:
            again = dataclasses.replace(again, proof=_proof_for_all(definition, line, context))
        else:
            proof = prove_entries(model.quantities[name].at(), expr, model)
            again = dataclasses.replace(again, proof=None if undefined(expr, model) else proof)
    except (ModelError, ValueError) as error:
        again = Again(earlier=earlier, name=name, reason=str(error))
    context.restatements[line.number] = again
    if again.proof is None:
        context.dictionary.redefined.add(name)
    adopt(definition, earlier, line.number, context)


def adopt(definition: Stated, earlier: int, number: int, context: Context) -> None:
    """Take a second equation for a name as what holds from here on: another meaning, or the same in other names."""
    again, first = context.restatements[number], context.definitions[earlier]
    uses = used_now(definition.body)
    known = {d.name for d in context.definitions.values()}
    if again.proof is not None and not (uses & known) - used_now(first.body):
        return
    if is_circular(definition.name, uses, [*context.definitions.values(), *context.others.values()]):
        return
    if again.proof is not None and (definition.whole or first.whole or definition.place):
        return
    context.others[number] = definition


def _names_entries(definition: Stated, dictionary: Dictionary) -> bool:
    """Whether a definition says only that x_1 is an entry of x."""
    if not definition.place or definition.sample is not None:
        return False
    target = tensor(definition.name)[definition.place]
    return prove_entries(target, definition.expr, assemble("text", [], dictionary)) is not None


def _names(definition: Stated) -> set[str]:
    return {name_of(a) for a in names_in(definition.expr)}


def _proof_for_all(definition: Stated, line: Line, context: Context) -> Proof | None:
    """A proof that a second definition says what the first one says, at all data points."""
    whole = context.model_at(line.number - 1, {definition.name, *_names(definition)}, whole=True)
    model = with_unknown_slopes(whole)[0]
    held = model.quantities.get(definition.name)
    at = [i for i in (definition.sample, *definition.place) if isinstance(i, Idx)]
    if held is None or len(held.axes) != len(at) or lacks_a_point(definition.expr, model) is not None:
        return None
    return prove(held.at(*at), definition.expr, model)


def _at_a_point(definition: Stated, earlier: Stated) -> Expr | None:
    """What a second definition says of one data point, if both are sums over the data, both means, or neither."""
    if not definition.whole:
        return definition.expr if definition.sample is None else drop_sample(definition.expr, definition.sample)
    point, first = per_point(definition.expr), per_point(earlier.expr)
    same = point is not None and first is not None and point[1] == first[1]
    return point[0] if point is not None and same else None


def _resting_on(used: Collection[str], chosen: Mapping[tuple[str, bool], int], every: Mapping[int, Stated]) -> set[int]:
    """The lines of the definitions that names rest on, directly or through others."""
    found, todo = set[int](), list(used)
    while todo:
        name = todo.pop()
        lines = {chosen[what] for what in ((name, False), (name, True)) if what in chosen} - found
        found |= lines
        todo += [name_of(a) for k in lines for a in names_in(every[k].expr)]
    return found
