"""The gallery of the documentation: every model of the catalogue, every gradient proved, formulas well formed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from derive.backprop import partial
from derive.catalog import all_models, find
from derive.model import Model
from derive.quantities import Kind
from scripts.docs_hooks import _gradient, gallery

PAGE = Path(__file__).parents[1] / "docs" / "gallery.md"
VERDICT = re.compile(r'<div class="verdict"><em>(\w+)</em>')


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """What is written of each model, by its title."""
    parts = "\n".join(gallery()).split("## ")[1:]
    return {part.partition("\n")[0]: part for part in parts}


def test_the_page_is_generated() -> None:
    assert "<!-- generated: gallery -->" in PAGE.read_text(encoding="utf-8").splitlines()


def test_every_model_has_a_section(sections: dict[str, str]) -> None:
    assert list(sections) == [model.title for model in all_models()]
    assert all(f"gradproof derive {model.name}`" in sections[model.title] for model in all_models())


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_every_gradient_is_there_and_proved(model: Model, sections: dict[str, str]) -> None:
    verdicts = VERDICT.findall(sections[model.title])
    assert len(verdicts) == _expected(model) > 0
    assert set(verdicts) == {"proved"}


def test_formulas_are_well_formed(sections: dict[str, str]) -> None:
    for text in sections.values():
        blocks = re.findall(r'<div class="formula".*', text)
        assert blocks
        for block in blocks:
            ElementTree.fromstring(block)


def test_the_verdict_is_that_of_the_derivation() -> None:
    model = find("logistic-regression")
    derivation = partial(model, model.quantities["LL"].at(), model.parameters[0].at())
    assert VERDICT.findall(_gradient(derivation)) == ["proved"]
    assert VERDICT.findall(_gradient(replace(derivation, proof=None))) == ["undecided"]


def _expected(model: Model) -> int:
    """One gradient a parameter that the objective depends on (a datum, if there is none), and as many over the data."""
    data = [q for q in model.given if q.kind is Kind.DATA]
    trained = [q for q in model.parameters or data if model.depends(model.objective, q.name)]
    recursive = any(d.recursive for d in model.definitions)
    return len(trained) * (2 if data and not recursive else 1)
