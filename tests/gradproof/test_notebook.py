"""The tour in examples/ is a notebook that runs from top to bottom, and what its cells end in shows itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).parents[2]
TOUR = TOP / "examples" / "tour.ipynb"
SHOWN = ("model", "derivation", 'gradproof.find("logistic-regression").answers[0]', "own.over_data()", "gradient")


def code(book: dict[str, Any]) -> list[str]:
    return ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]


@pytest.fixture
def tour() -> dict[str, Any]:
    book: dict[str, Any] = json.loads(TOUR.read_text(encoding="utf-8"))
    return book


def test_it_is_a_notebook_without_outputs(tour: dict[str, Any]) -> None:
    assert (tour["nbformat"], tour["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in tour["cells"]}) == len(tour["cells"])
    runs = [cell for cell in tour["cells"] if cell["cell_type"] == "code"]
    assert runs and all(cell["outputs"] == [] and cell["execution_count"] is None for cell in runs)


def test_its_cells_run_in_order(tour: dict[str, Any]) -> None:
    """Each cell that ends in something to show is asked for what a notebook would show of it."""
    cells = code(tour)
    asked = [f"{c}\nassert ({c.splitlines()[-1]})._repr_html_()" if _shows(c) else c for c in cells]
    assert sum(map(_shows, cells)) == len(SHOWN)
    command = [sys.executable, "-X", "utf8", "-c", "\n".join(asked)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "∂LL/∂θ^(h)_i,j = (y − ŷ) x_i h_j (1 − h_j) θ^(ŷ)_j  [proved]" in done.stdout


def _shows(source: str) -> bool:
    return source.splitlines()[-1] in SHOWN


def test_it_runs_in_jupyter(tour: dict[str, Any]) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    book = nbformat.reads(json.dumps(tour), as_version=4)
    nbformat.validate(book)
    nbclient.NotebookClient(book, timeout=120, resources={"metadata": {"path": str(TOP)}}).execute()
    for cell in book.cells:
        if cell.cell_type == "code" and _shows(cell.source):
            shown = cell.outputs[-1]["data"]
            assert "<math" in shown["text/html"]
            assert "text/latex" in shown or "answers" in cell.source
