"""A model that the formulas of a document define; what keeps them from defining one is told with its place."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UsageError

if TYPE_CHECKING:
    from derive.model import Model
    from derive.notation.definitions import Stated
    from derive.notation.steps import Steps
    from derive.notation.syntax import Node, Sym
    from verify.context import Context
    from verify.documents.document import Document, Formula
    from verify.lines import Line

ESTIMATE = re.compile(r"\\(?:hat|tilde|bar)\b")  # a mark that says that something is computed


def model_of(path: Path) -> Model:
    """The model of a document.

    Raises: UsageError, ModelError, DocumentError: in one line, with its place, what was found and what was expected.
    """
    from verify.documents.readers import read_document

    return _Note.read(read_document(path)).model()


@dataclass(frozen=True, kw_only=True)
class _Note:
    """A document that should define a model, and what was read of it."""

    document: Document
    context: Context

    @classmethod
    def read(cls, document: Document) -> _Note:
        from verify.context import context_of
        from verify.lines import lines_of

        return cls(document=document, context=context_of(lines_of(document)))

    def model(self) -> Model:
        """The model; notes on what was passed over go to standard error.

        Raises: UsageError: if something that the model needs is missing, cannot be read, or cannot be.
        """
        from derive.model import ModelError
        from derive.notation.counts import counted
        from derive.notation.definitions import assemble, with_objective
        from derive.notation.domains import with_domains

        for wrong in self._wrong():
            raise UsageError(wrong)
        if not self.context.definitions:
            raise UsageError(self._nothing())
        path = Path(self.document.path)
        try:
            model = assemble(path.stem, self.context.definitions.values(), self.context.dictionary)
            if not any(not d.quantity.axes for d in model.definitions):
                raise UsageError(self._no_number(model))
            nodes = [node for node, _ in self.context.lines.nodes]
            model = with_domains(counted(with_objective(model)), nodes, self.context.dictionary.survey)
        except ModelError as error:
            raise UsageError(f"{path}: {error}") from None
        for wrong in self._missing(model):
            raise UsageError(wrong)
        for failure in self._failures():
            print(f"gradproof: note: {failure}; passed over", file=sys.stderr)
        return replace(_with_outcomes(model), title=self._title() or path.stem)

    # -- what is wrong ---------------------------------------------------------------------------------

    def _nothing(self) -> str:
        none = f"{self.document.path}: none of its {len(self.document.formulas)} formulas is a definition"
        return f"{next(self._failures(), none)}; a model needs formulas such as h_j = …"

    def _wrong(self) -> Iterator[str]:
        """Definitions that cannot be read, use themselves, or recur without a start."""
        from derive.notation.definitions import unstarted

        context = self.context
        defined = {d.name for d in context.definitions.values()}
        for line in context.lines.lines:
            name = self._name(line)
            if name is None or name in defined:
                continue
            if line.number in context.refusals and line.formula.display:
                yield self._refusal(name, line)
            if line.number in context.updates:
                yield (
                    f"{self._at(line.formula, line.span[0])}: the definition of {name} uses {name} itself; a recursion "
                    f"uses an earlier step, such as {name}_{{t-1}}, and has a start"
                )
        for name in unstarted(context.definitions.values()):
            first = next(n for n, d in context.definitions.items() if d.name == name)
            line = context.lines.lines[first]
            if not self._start_is_given(context.definitions[first]):
                yield (
                    f"{self._at(line.formula, line.span[0])}: the recursion of {name} has no start; expected a "
                    f"definition of what stands before its first step, such as {name}_0 = …, or a word on it: "
                    f"${name}_0$ is given"
                )
        yield from self._uneven()

    def _refusal(self, name: str, line: Line) -> str:
        refusal = self.context.refusals[line.number]
        place = self._at(line.formula, refusal.span[0])
        also = "".join(
            f"; {other} is set at {self._first(other)}" for other in dict.fromkeys(n for n, _ in refusal.axes)
        )
        return f"{place}: the definition of {name} cannot be read: {refusal.reason}{also}"

    def _uneven(self) -> Iterator[str]:
        """Axes whose stated length is not the one that a sum runs over."""
        from derive.notation.axes import bare

        survey = self.context.dictionary.survey
        for (name, rank), stated in survey.declared.sizes.items():
            for k, limits in enumerate(stated):
                others = [w for w in survey.written.get((name, rank + k), ()) if bare(w) != bare(limits)]
                for other in others:
                    low, high = (self.context.dictionary.limits(w, "")[1] for w in (limits, other))
                    yield (
                        f"{self._where(other[1])}: an index of {name} runs to {high} here, but {name} has {low} "
                        f"entries there, at {self._first(name)}"
                    )

    def _missing(self, model: Model) -> Iterator[str]:
        """Names that the model rests on and that nothing defines, though they should be."""
        for line in self.context.lines.lines:
            name = self._name(line)
            if name is not None and line.number in self.context.problems and name in {q.name for q in model.given}:
                problem = self.context.problems[line.number]
                yield f"{self._at(line.formula, 0)}: the definition of {name} cannot be read: {problem}"
        alone = {n.base for n, _ in self.context.lines.nodes if hasattr(n, "base")}
        for q in model.given:
            named = self.context.dictionary.survey.named.get(q.name)
            if named is not None and ESTIMATE.match(q.latex) and named.base not in alone:
                yield f"{self._first(q.name)}: {q.name} is used here and defined nowhere; expected ${q.latex} = …$"

    def _no_number(self, model: Model) -> str:
        last = model.definitions[-1]
        number = max(n for n, d in self.context.definitions.items() if d.name == last.name)
        line = self.context.lines.lines[number]
        return (
            f"{self._at(line.formula, line.span[0])}: {last.name} is no number but has {len(last.quantity.axes)} "
            f"indices, and nothing else is defined that could be trained; an objective is a number, such as E = …"
        )

    def _start_is_given(self, definition: Stated) -> bool:
        """Whether the text names what stands before a recursion, as in: h_0 is given."""
        from derive.notation.runs import walk
        from derive.notation.syntax import Num, Sym

        survey = self.context.dictionary.survey
        settled = (survey.steps.settled(n) for n, _ in self.context.lines.nodes)
        syms = (s for n in settled for s in walk(n) if isinstance(s, Sym) and s.sub is not None)
        starts = (s for s in syms if isinstance(getattr(s.sub, "items", (s.sub,))[0], Num))
        return any(survey.named[definition.name].base == s.base for s in starts)

    # -- places ----------------------------------------------------------------------------------------

    def _at(self, formula: Formula, position: int) -> str:
        line, column = self.document.position(formula.offset_of(position))
        return f"{self.document.path}:{line}:{column}"

    def _first(self, name: str) -> str:
        """Where the shape of a name is stated, else where it first stands."""
        from derive.notation.names_in_notes import take_apart
        from derive.notation.runs import walk
        from derive.notation.syntax import Sym

        survey = self.context.dictionary.survey
        if name in survey.declared.places:
            number, span = survey.declared.places[name]
            return self._at(self.context.lines.nodes[number][1], span[0])
        for node, formula in self.context.lines.nodes:
            for sym in (s for s in walk(node) if isinstance(s, Sym)):
                if survey.name(take_apart(_settled(sym, survey.steps), survey.letters)) == name:
                    return self._at(formula, sym.span[0])
        return self.document.path

    def _where(self, part: Node | None) -> str:
        """The place of a part of a formula."""
        from derive.notation.runs import walk

        for node, formula in self.context.lines.nodes:
            if part is not None and any(n is part for n in walk(node)):
                return self._at(formula, part.span[0])
        return self.document.path

    def _name(self, line: Line) -> str | None:
        from verify.lines import names_defined

        named = names_defined(line, self.context.dictionary)
        return named[0] if named is not None else None

    def _failures(self) -> Iterator[str]:
        """What could not be read, in the order of the text."""
        context = self.context
        found = [(u.formula, u.reason) for u in context.lines.unparsed]
        found += [(n.formula, context.problems[n.number]) for n in context.lines.lines if n.number in context.problems]
        for formula, reason in sorted(found, key=lambda pair: pair[0].offset):
            yield f"{self._at(formula, 0)}: {reason}"

    def _title(self) -> str:
        """The first heading that stands over a formula."""
        return next((f.headings[0] for f in self.document.formulas if f.headings), "")


def _settled(sym: Sym, steps: Steps) -> Sym:
    settled = steps.settled(sym)
    return settled if isinstance(settled, type(sym)) else sym


def _with_outcomes(model: Model) -> Model:
    """The model with the outcome y of a likelihood p^y (1 − p)^{1−y} known to be 0 or 1."""
    from sympy import Pow

    from derive.quantities import Domain, Kind
    from derive.vocabulary import is_name, name_of

    powers = model.defined[model.likelihood].expr.atoms(Pow) if model.likelihood else set()
    exponents = {p.args[1] for p in powers}
    outcomes = {name_of(e) for e in exponents if is_name(e) and 1 - e in exponents}
    binary = (
        replace(q, domain=Domain.BINARY) if q.name in outcomes and q.kind is Kind.DATA else q for q in model.given
    )
    return replace(model, given=tuple(binary))
