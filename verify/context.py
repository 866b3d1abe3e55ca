"""What a document has defined where: the model in which each of its claims is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from derive.model import Model, ModelError
from derive.notation.definitions import DEFINING, Stated, assemble, stated
from derive.notation.elaborate import Dictionary, Unreadable
from derive.vocabulary import name_of, names_in

from .lines import Line, Lines, names_defined


@dataclass
class Context:
    """The definitions of a document, by the line that makes them.

    Attributes:
        lines: the document taken apart.
        definitions: line number to the definition made there.
        restatements: line number to the line that has already defined the same name.
        problems: line number to the reason why its definition could not be read.
    """

    lines: Lines
    definitions: dict[int, Stated] = field(default_factory=dict)
    restatements: dict[int, int] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    models: dict[tuple[int, ...], Model] = field(default_factory=dict)

    @property
    def dictionary(self) -> Dictionary:
        return self.lines.dictionary

    def model_at(self, line: int) -> Model:
        """The model of one data point made by the definitions that hold at a line.

        A name means its latest definition up to that line; if there is none, its first one after it.
        """
        chosen = self._chosen(line)
        key = tuple(sorted(chosen.values()))
        if key not in self.models:
            self.models[key] = assemble("text", [self.definitions[k] for k in key], self.dictionary)
        return self.models[key]

    def _chosen(self, line: int) -> Mapping[str, int]:
        chosen: dict[str, int] = {}
        for k in sorted(self.definitions):
            name = self.definitions[k].name
            if k <= line or name not in chosen:
                chosen[name] = k
        return chosen

    def line_of(self, name: str, at: int) -> Line | None:
        """The line whose definition of a name holds at a line."""
        number = self._chosen(at).get(name)
        return None if number is None else next(n for n in self.lines.lines if n.number == number)


def context_of(lines: Lines) -> Context:
    """Collect the definitions of a document: the first equation for a name, and those for another of that name."""
    context = Context(lines=lines)
    first: dict[tuple[str, str], int] = {}
    for line in lines.lines:
        found = names_defined(line, lines.dictionary)
        if found is None or line.operator not in DEFINING:
            continue
        earlier = _earlier(found, first)
        if earlier is not None:
            context.restatements[line.number] = earlier
            continue
        try:
            assert line.right is not None
            definition = stated(line.left, line.right, lines.dictionary)
        except (Unreadable, ModelError) as error:
            context.problems[line.number] = str(error)
            continue
        if definition is not None and not _circular(definition, context):
            first[found] = line.number
            context.definitions[line.number] = definition
    return context


def _earlier(found: tuple[str, str], first: Mapping[tuple[str, str], int]) -> int | None:
    """The line that has defined this name with the same arguments, or with arguments where one of the two has none."""
    name, arguments = found
    for (other, its), number in first.items():
        if other == name and (its == arguments or not its or not arguments):
            return number
    return None


def _circular(definition: Stated, context: Context) -> bool:
    """Whether a definition would use the name it defines, directly or through earlier ones."""
    bodies: dict[str, Sequence[str]] = {
        d.name: [name_of(a) for a in names_in(d.expr)] for d in context.definitions.values()
    }
    bodies[definition.name] = [name_of(a) for a in names_in(definition.expr)]
    seen: set[str] = set()
    queue = list(bodies[definition.name])
    while queue:
        name = queue.pop()
        if name == definition.name:
            return True
        if name not in seen:
            seen.add(name)
            queue += bodies.get(name, ())
    return False
