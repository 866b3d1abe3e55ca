"""A report as a Jupyter notebook: its Markdown in cells, Python listings as code cells, figures attached."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from .document import Report
from .markdown import FIGURE_SUFFIXES, parts
from .outline import figure_file, outline

_MEDIA = {".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def emit(report: Report) -> str:
    """The notebook as JSON, format 4.5; the same report gives the same text.

    Raises: ReportError: as `outline`; if a figure is missing.
    """
    attachments = _attachments(report)
    cells = [_cell(position, part, attachments) for position, part in enumerate(parts(report))]
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    book = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _cell(position: int, markdown: str, attachments: dict[str, dict[str, str]]) -> dict[str, Any]:
    name = f"cell-{position}"
    if markdown.startswith("```python\n"):
        source = _lines(markdown.removeprefix("```python\n").removesuffix("\n```"))
        program = {"cell_type": "code", "id": name, "metadata": {}, "source": source}
        return {**program, "execution_count": None, "outputs": []}
    used = {file: data for file, data in attachments.items() if f"]({file})" in markdown}
    for file in used:
        markdown = markdown.replace(f"]({file})", f"](attachment:{file})")
    cell: dict[str, Any] = {"cell_type": "markdown", "id": name, "metadata": {}, "source": _lines(markdown)}
    return {**cell, "attachments": used} if used else cell


def _attachments(report: Report) -> dict[str, dict[str, str]]:
    files = {name: figure_file(path, FIGURE_SUFFIXES) for name, path in outline(report).figures.items()}
    return {
        f"{name}{file.suffix}": {_MEDIA[file.suffix]: b64encode(file.read_bytes()).decode("ascii")}
        for name, file in files.items()
    }


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
