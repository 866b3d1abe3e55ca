"""`gradproof derive` on every row of the catalogue: each format is written, and everything in it is proved."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from derive.catalog import all_models, find
from derive.model import Model
from derive.notation.parser import parse
from derive.quantities import Domain, Kind
from gradproof.cli import main
from reports.content.report import build
from reports.content.results import Results, all_results
from reports.content.wording import values
from reports.formats import FORMATS

Capture = pytest.CaptureFixture[str]
WRITTEN = tuple(known for known in FORMATS if known.name != "pdf")
SET = ("average-pooling", "computational-graph", "gaussian-vector", "rnn")  # without parameters, without data, …


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_text_and_json(model: Model, capsys: Capture) -> None:
    assert main(["derive", model.name]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"{model.title} ({model.name})\n")
    assert "✓ proved" in page and "undecided" not in page
    assert main(["derive", model.name, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["definitions"]) == len(model.definitions)
    assert all(parse(latex) for latex in found["definitions"])
    assert found["results"] and {entry["verdict"] for entry in found["results"]} == {"proved"}


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_every_written_format(model: Model) -> None:
    report = build(all_results(model))
    for known in WRITTEN:
        content = known.emit(report)
        assert isinstance(content, str) and "undecided" not in content
        if known.name == "html":
            ElementTree.fromstring(content[content.index("<body>") : content.index("</html>")])


@pytest.mark.parametrize("name", SET)
def test_a_few_are_set(name: str, tmp_path: Path) -> None:
    assert main(["derive", name, "-o", str(tmp_path / "page.pdf")]) == 0
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_each_partial_once_and_the_gradient_whole(model: Model) -> None:
    results = all_results(model)
    for group in (results.local, results.point, results.whole):
        assert len({(r.of, r.wrt) for r in group}) == len(group)
    assert _by(results, data=False) >= _reached(model)
    over_data = any(q.kind is Kind.DATA for q in model.given) and bool(model.parameters)
    assert (results.data is not None) == over_data or model.sample is not None or not model.objective
    assert results.data is None or _by(results, data=True) == _reached(results.data)


def _by(results: Results, *, data: bool) -> set[str]:
    return {r.wrt.partition("[")[0] for r in (results.whole if data else results.point)}


def _reached(model: Model) -> set[str]:
    """What is trained and reaches the objective; all that is given if nothing is."""
    reached = {q.name for q in model.given if model.objective and model.depends(model.objective, q.name)}
    return reached & {q.name for q in model.parameters} or reached


def test_a_derivative_among_neighbours_is_shown_once() -> None:
    alone = all_results(find("gaussian"))
    assert not alone.local and {r.wrt for r in alone.point} == {"mu", "sigma"}


@pytest.mark.parametrize("domain", Domain)
def test_every_domain_has_words(domain: Domain) -> None:
    assert values(domain).strip()
