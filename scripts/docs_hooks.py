"""Pages of the documentation that are read from the project itself, put in when mkdocs builds them.

A line `<!-- generated: commands -->` in a page is replaced by what the function of that name writes.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from gradproof.cli import build_parser

if TYPE_CHECKING:
    from derive.derivation import Derivation
    from derive.model import Model
    from derive.notation.layout import Layout
    from derive.questions.answers import Answer
    from reports.document import Piece

DECISIONS = Path(__file__).resolve().parent.parent / "docs" / "decisions"


def on_page_markdown(markdown: str, **_: object) -> str:
    """Called by mkdocs for every page."""
    return _MARKER.sub(lambda match: "\n".join(GENERATED[match[1]]()), markdown)


def commands() -> Iterator[str]:
    """A heading and the help text of every command."""
    parser = build_parser()
    table = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    for name, child in table.choices.items():
        child.formatter_class = _wide
        yield f"### gradproof {name}\n\n```text\n{child.format_help().rstrip()}\n```\n"


def decisions() -> Iterator[str]:
    """A link to every decision record, by its title, in the order of the file names."""
    for file in sorted(DECISIONS.glob("*.md")):
        title = file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("#").strip()
        yield f"- [{title}](decisions/{file.name})"


def rules() -> Iterator[str]:
    """The documentation of every finding, as `gradproof explain` prints it."""
    from verify.rules import RULES

    for code, text in RULES.items():
        yield f"### {code}\n\n{text.strip()}\n"


def mistakes() -> Iterator[str]:
    """The mistakes that an audit looks for, the more usual first."""
    from derive.mistakes.table import MISTAKES

    yield "| finding | formula |\n|---|---|"
    for mistake in MISTAKES:
        yield f"| `{mistake.name}` | {mistake.example} |"


def gallery() -> Iterator[str]:
    """Every model of the catalogue: its definitions, its gradients and the answers to its questions, with verdicts."""
    from derive.catalog import all_models
    from derive.notation.equations import equation_layout

    for model in all_models():
        yield f"## {model.title}\n\n`gradproof derive {model.name}`\n"
        equations = [equation_layout(left, right, model) for left, right in model.equations]
        yield _formulas(equations) + "\n"
        for heading, results in _gradients(model):
            yield f"{heading}:\n"
            yield from (_gradient(result) + "\n" for result in results)
        for answer in model.answers:
            yield from _answer(answer)


def systems() -> Iterator[str]:
    """A table of the catalogue: what each model is called, and what is asked of it besides its gradient."""
    from derive.catalog import all_models
    from derive.views import title_text

    yield "| name | what it is | answered besides the gradient |\n|---|---|---|"
    for model in all_models():
        titles = dict.fromkeys(title[:1].lower() + title[1:] for title in map(title_text, model.answers))
        yield f"| `{model.name}` | {model.title} | {'; '.join(titles)} |"


@cache
def _gradients(model: Model) -> tuple[tuple[str, list[Derivation]], ...]:
    """The objective by each parameter (by what is given, if there are none), for one data point and over the data.

    Along a recursion the objective of one sequence says it all.
    """
    from reports.content.results import all_results, over_points, variables

    if not model.objective:
        return (("The partials", [result.derivation for result in all_results(model).local]),)
    trained = [q.name for q in variables(model, model.objective)]
    data = over_points(model) if model.parameters else None
    point = ("The gradient" if data is None else "For one data point", _by_each(model, trained))
    if data is None or any(d.recursive for d in model.definitions):
        return (point,)
    return point, ("Over the data", _by_each(data, trained))


def _by_each(model: Model, names: list[str]) -> list[Derivation]:
    """The objective by each name, and by each whose derivative a result is left in, such as ∂E/∂z along a recursion."""
    from derive.backprop import partial
    from derive.vocabulary import Partial, name_of

    objective = model.quantities[model.objective].at()
    found: dict[str, Derivation] = {}
    queue = list(names)
    for name in queue:  # which grows
        if name not in found:
            found[name] = partial(model, objective, model.quantities[name].at())
            queue += sorted(name_of(p.wrt) for p in found[name].result.atoms(Partial) if p.of == objective)
    return list(found.values())


def _gradient(derivation: Derivation) -> str:
    """The result with its verdict, and its matrix form if it has one."""
    from derive.notation.equations import equation_layout, matrix_layout

    matrix = derivation.matrix()
    forms = [equation_layout(derivation.target, derivation.result, derivation.model)]
    forms += [matrix_layout(matrix, derivation.model)] if matrix is not None else []
    verdicts = {derivation.verdict, *([matrix.verdict] if matrix is not None else [])}
    return _formulas(forms, "proved" if verdicts == {"proved"} else "undecided")


def _answer(answer: Answer) -> Iterator[str]:
    """What was asked as a heading, each line with its verdict, and what they come to."""
    from derive.views import outcome_words, title_text
    from reports.content.answers import line_layouts, matrix_verdict

    yield f"### {escape(title_text(answer))}\n"
    for line in answer.lines:
        if line.label:
            yield f"{escape(line.label[:1].upper() + line.label[1:])}:\n"
        yield _formulas(list(line_layouts(line, answer.model)), matrix_verdict(line)) + "\n"
    if words := outcome_words(answer):
        yield f"<p>{''.join(_inline(piece) for piece in words)}</p>\n"


def _inline(piece: Piece) -> str:
    from derive.notation.layout import Layout
    from derive.notation.renderers.mathml import to_mathml
    from reports.lines import plain

    return to_mathml(piece) if isinstance(piece, Layout) else escape(plain(piece))


def _formulas(lines: list[Layout], verdict: str = "") -> str:
    """Formulas under each other, as MathML, with the LaTeX of each beside it for who wants to copy it."""
    from derive.notation.renderers import to_latex
    from derive.notation.renderers.mathml import to_mathml
    from reports.lines import aligned, display_rows

    shown = to_mathml(aligned(display_rows(tuple(lines))), display=True)
    source = escape("\n".join(map(to_latex, lines)), quote=True).replace("\n", "&#10;")
    badge = f'<div class="verdict"><em>{verdict}</em></div>' if verdict else ""
    wide = f'<div style="{_SCROLLS}" title="{source}">{shown}</div>'
    return f'<div class="formula" style="{_BESIDE}">{wide}{badge}</div>'


def _wide(prog: str) -> argparse.HelpFormatter:
    """Help as on a terminal of 100 columns, whatever the one that builds the pages."""
    return argparse.HelpFormatter(prog, width=100)


GENERATED: dict[str, Callable[[], Iterator[str]]] = {
    "commands": commands,
    "decisions": decisions,
    "gallery": gallery,
    "mistakes": mistakes,
    "rules": rules,
    "systems": systems,
}

_BESIDE = "display: flex; align-items: center; margin-bottom: 1.2em"
_SCROLLS = "flex: 1; overflow: auto hidden; padding-bottom: 0.5em"

_MARKER = re.compile(rf"^<!-- generated: ({'|'.join(GENERATED)}) -->$", re.MULTILINE)
