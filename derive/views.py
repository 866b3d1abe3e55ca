"""Models, derivations and answers at a prompt and in a notebook: trees of text, and HTML that unfolds.

Formulas are MathML, so that a page needs nothing from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING

from sympy import Expr

from .notation.equations import equation_layout, matrices_layout, model_names, relation_layout
from .notation.layout import Atom, Layout, Lines, Row
from .notation.printer import entry, layout
from .notation.renderers import to_latex, to_text
from .notation.renderers.mathml import to_mathml
from .vocabulary import scalar

if TYPE_CHECKING:
    from .derivation import Derivation, Step
    from .model import Model
    from .questions.answers import Answer, Line

Words = tuple[str | Layout, ...]

_NAMING = re.compile(r"(?P<words>definition of|in terms of|symmetry of) (?P<name>\w+)\Z")
_LIST = "margin: 0.2em 0 0.2em 1.4em; padding: 0; list-style: none"


def rule_words(step: Step, model: Model) -> Words:
    """The rule of a step; the name of a quantity in it as a formula."""
    found = _NAMING.match(step.rule)
    if found is None or found["name"] not in model.quantities:
        return (step.rule,)
    whole = found["words"] == "symmetry of"  # is one of the matrix, not of its entries
    axes = () if whole else model.quantities[found["name"]].axes
    return (f"{found['words']} ", entry(found["name"], axes, model_names(model)))


def chains(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """The steps that another one relies on, as the chains they are: each goes on from where the one before it ended."""
    begun: list[Step] = []
    for step in steps:
        if begun and step.before != begun[-1].after:
            yield tuple(begun)
            begun = []
        begun.append(step)
    if begun:
        yield tuple(begun)


# -- text ----------------------------------------------------------------------------------------------------


def derivation_text(derivation: Derivation, *, full: bool = True) -> str:
    """A derivation as a tree: its equation, below it a line a step, below a step what it relies on."""
    model = derivation.model
    head = to_text(equation_layout(derivation.target, derivation.result, model))
    return "\n".join(
        [f"{head}  [{derivation.verdict}]", *_branches(derivation.chain, model, full, {derivation.target})]
    )


def _branches(steps: tuple[Step, ...], model: Model, full: bool, seen: set[Expr]) -> Iterator[str]:
    for step in steps:
        last = step is steps[-1]
        mark = "" if step.verdict == "proved" else f"  [{step.verdict}]"
        yield f"{'└─' if last else '├─'} {_text(rule_words(step, model))}: {_formula(step.after, model)}{mark}"
        below = list(_below(step, model, seen)) if full else []
        yield from (f"{'   ' if last else '│  '}{line}" for line in below)


def _below(step: Step, model: Model, seen: set[Expr]) -> Iterator[str]:
    """The chains that a step relies on; one that stands above already is not written out again."""
    for chain in chains(step.steps):
        start = chain[0].before
        equation = to_text(equation_layout(start, chain[-1].after, model))
        again = start in seen
        seen.add(start)
        yield f"{equation}{'  (as above)' if again else ''}"
        yield from () if again else _branches(chain, model, True, seen)


def model_text(model: Model) -> str:
    """The title and the definitions, a line each."""
    lines = (f"  {to_text(equation_layout(left, right, model))}" for left, right in model.equations)
    return "\n".join([f"{model.title} ({model.name})", *lines])


def answer_text(answer: Answer) -> str:
    """The title, the lines with their verdicts, and what they come to."""
    lines = [
        f"  {to_text(formula)}  [{line.verdict}]" for line in answer.lines for formula in _said(line, answer.model)
    ]
    words = _text(outcome_words(answer))
    return "\n".join([title_text(answer), *lines, *([f"  {words}"] if words else [])])


def _text(words: Words) -> str:
    return "".join(w if isinstance(w, str) else to_text(w) for w in words)


def _formula(expr: Expr, model: Model) -> str:
    return to_text(layout(expr, model_names(model)))


# -- HTML ----------------------------------------------------------------------------------------------------


def derivation_html(derivation: Derivation) -> str:
    """A derivation that unfolds: its equation, its steps, and below each step what it relies on."""
    model = derivation.model
    head = _math(equation_layout(derivation.target, derivation.result, model))
    return _fold(f"{head} {_verdict(derivation.verdict)}", _items(derivation.chain, model), opened=True)


def _items(steps: tuple[Step, ...], model: Model) -> str:
    return f'<ul style="{_LIST}">{"".join(_item(step, model) for step in steps)}</ul>'


def _item(step: Step, model: Model) -> str:
    after = _math(Row((Atom("="), layout(step.after, model_names(model)))))
    rule = f'<em style="margin-left: 2em">{_html(rule_words(step, model))}</em>'
    line = f"{after} {rule} {_verdict(step.verdict)}"
    if not step.steps:
        return f"<li>{line}</li>"
    return f"<li>{_fold(line, ''.join(_chain(chain, model) for chain in chains(step.steps)))}</li>"


def _chain(steps: tuple[Step, ...], model: Model) -> str:
    head = _math(equation_layout(steps[0].before, steps[-1].after, model))
    return f'<div style="margin-left: 1.4em">{_fold(head, _items(steps, model))}</div>'


def _fold(summary: str, body: str, *, opened: bool = False) -> str:
    state = ' open="open"' if opened else ""
    return f"<details{state}><summary>{summary}</summary>{body}</details>"


def model_html(model: Model) -> str:
    """The title and the definitions, aligned."""
    return f"<div><strong>{escape(model.title)}</strong><div>{_math(_definitions(model))}</div></div>"


def answer_html(answer: Answer) -> str:
    """The title, each line with the steps that unfold below it, and what they come to."""
    lines = "".join(_answer_line(line, answer.model) for line in answer.lines)
    words = _html(outcome_words(answer))
    return f"<div><strong>{_html(title_words(answer))}</strong>{lines}{f'<p>{words}</p>' if words else ''}</div>"


def _answer_line(line: Line, model: Model) -> str:
    formulas = " ".join(f"<div>{_math(formula)}</div>" for formula in _said(line, model))
    said = f"{escape(line.label[:1].upper() + line.label[1:])} {_verdict(line.verdict)}{formulas}"
    return _fold(said, _items(line.chain, model)) if line.chain else f"<div>{said}</div>"


def _verdict(verdict: str) -> str:
    return f'<small style="margin-left: 1em">{escape(verdict)}</small>'


def _html(words: Words) -> str:
    return "".join(escape(w) if isinstance(w, str) else _math(w) for w in words)


def _math(formula: Layout) -> str:
    return to_mathml(formula, large=True)


# -- for both, and LaTeX -------------------------------------------------------------------------------------


def model_latex(model: Model) -> str:
    """The definitions in LaTeX, aligned."""
    return to_latex(_definitions(model))


def title_words(answer: Answer) -> Words:
    """The title, with the names in it as they are set."""
    names = model_names(answer.model)
    parts = re.split(r"\{(\w+)\}", answer.title)
    return tuple(layout(scalar(part), names) if k % 2 else part for k, part in enumerate(parts) if part)


def title_text(answer: Answer) -> str:
    """The title as one line of text."""
    return _text(title_words(answer))


def outcome_words(answer: Answer) -> Words:
    """The conclusion and its conditions in running text; () if the lines speak for themselves."""
    words: Words = tuple(w if isinstance(w, str) else layout(w, model_names(answer.model)) for w in answer.conclusion)
    conditions = [relation_layout(c, answer.model) for c in answer.conditions]
    if not conditions:
        return words
    return (*words, " " if words else "", "This holds where ", *_listed(conditions), ".")


def _listed(parts: list[Layout]) -> Iterable[str | Layout]:
    for k, part in enumerate(parts):
        if k:
            yield " and " if k == len(parts) - 1 else ", "
        yield part


def _definitions(model: Model) -> Layout:
    names = model_names(model)
    rows = ((layout(left, names), Row((Atom("="), layout(right, names)))) for left, right in model.equations)
    return Lines("aligned", tuple(rows))


def _said(line: Line, model: Model) -> Iterator[Layout]:
    """A line without its steps, in index notation and, where it has one, in matrix notation."""
    yield relation_layout(line.relation, model)
    if line.matrices is not None:
        yield matrices_layout(line.matrices, line.relation.sign, model)
