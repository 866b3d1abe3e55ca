"""The gallery of the documentation: every model of the catalogue, every gradient proved, formulas well formed."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatch
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from derive.backprop import partial
from derive.catalog import all_models, find, names
from derive.model import Model
from derive.quantities import Kind
from derive.views import title_text
from derive.vocabulary import Partial, name_of
from scripts.docs_hooks import _gradient, _gradients, gallery, systems

TOP = Path(__file__).parents[1]
PAGE, README = TOP / "docs" / "gallery.md", TOP / "README.md"
VERDICT = re.compile(r'<div class="verdict"><em>(\w+)</em>')


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """What is written of each model, by its title."""
    parts = re.split("^## ", "\n".join(gallery()), flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0]: part for part in parts}


def test_the_page_is_generated() -> None:
    assert {"<!-- generated: systems -->", "<!-- generated: gallery -->"} <= set(PAGE.read_text("utf-8").splitlines())


def test_the_table_has_every_model_and_every_question() -> None:
    _, *rows = systems()
    assert [row.split("`")[1] for row in rows] == list(names())
    for model, row in zip(all_models(), rows, strict=True):
        assert row.count("|") == 4
        assert all(title_text(answer)[1:] in row for answer in model.answers)


def test_the_readme_names_models_that_are_there() -> None:
    table = [line for line in README.read_text("utf-8").splitlines() if re.match(r"\| [A-Z].*\| `", line)]
    named = [name for line in table for name in re.findall(r"`([a-z0-9-]+\*?)`", line)]
    assert len(table) > 5
    assert [n for n in named if not any(fnmatch(m, n) for m in names())] == []
    assert [m for m in names() if not any(fnmatch(m, n) for n in named)] == []


def test_no_two_models_have_one_title_or_one_name() -> None:
    models = all_models()
    assert len({m.title for m in models}) == len({m.name for m in models}) == len(models)


def test_every_model_has_a_section(sections: dict[str, str]) -> None:
    assert list(sections) == [model.title for model in all_models()]
    assert all(f"gradproof derive {model.name}`" in sections[model.title] for model in all_models())


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_every_gradient_and_every_answer_is_there_and_proved(model: Model, sections: dict[str, str]) -> None:
    verdicts = VERDICT.findall(sections[model.title])
    shown = [derivation for _, group in _gradients(model) for derivation in group]
    assert len(verdicts) == len(shown) + sum(len(answer.lines) for answer in model.answers)
    assert set(verdicts) == {"proved"}
    assert [f"### {escape(title_text(a))}" in sections[model.title] for a in model.answers].count(False) == 0
    for data, group in enumerate(group for _, group in _gradients(model)):
        by = {name_of(d.target.args[1]) for d in group}
        left = {name_of(p.wrt) for d in group for p in d.result.atoms(Partial)}
        assert not model.objective or by >= {*_trained(model), *left}, "a derivative on the right has no line"
        assert all((d.model.sample is not None) == bool(data) for d in group) or model.sample is not None


def test_formulas_are_well_formed(sections: dict[str, str]) -> None:
    for text in sections.values():
        blocks = re.findall(r'<div class="formula".*', text)
        assert blocks
        for block in blocks:
            ElementTree.fromstring(block)


def test_over_the_data_where_something_is_trained_on_them_and_there_is_no_recursion() -> None:
    for model in all_models():
        data = any(q.kind is Kind.DATA for q in model.given) and model.parameters and model.objective
        once = any(d.recursive for d in model.definitions) or model.sample is not None
        assert len(_gradients(model)) == (2 if data and not once else 1)


def test_the_verdict_is_that_of_the_derivation() -> None:
    model = find("logistic-regression")
    derivation = partial(model, model.quantities["LL"].at(), model.parameters[0].at())
    assert VERDICT.findall(_gradient(derivation)) == ["proved"]
    assert VERDICT.findall(_gradient(replace(derivation, proof=None))) == ["undecided"]


def _trained(model: Model) -> set[str]:
    """The parameters that the objective depends on; what is given, if there are none."""
    reached = {q.name for q in model.given if model.depends(model.objective, q.name)}
    return reached & {q.name for q in model.parameters} or reached
