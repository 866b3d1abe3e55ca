"""A lowered module as a Python module, from its file or its source."""

from __future__ import annotations

import importlib.util
import tempfile
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType


class CannotLoadError(ValueError):
    """A file that cannot be imported; the message says why."""


def loaded(path: str | Path) -> ModuleType:
    """The module in a file, run now: no trace in `sys.modules`, no bytecode read or written.

    Raises: CannotLoadError: if it cannot be read or run.
    """
    spec = importlib.util.spec_from_loader("lowered", _Fresh("lowered", str(path)))
    assert spec is not None and spec.loader is not None  # a loader was given
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise CannotLoadError(f"{path} cannot be imported: {type(error).__name__}: {error}") from None
    return module


def loaded_source(source: str) -> ModuleType:
    """The module with this source."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lowered.py"
        path.write_text(source, encoding="utf-8")
        return loaded(path)


class _Fresh(SourceFileLoader):
    """Compiles the file as it is: bytecode is told apart by a time stamp, too coarse for files written in a row."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(Path(self.path).read_bytes(), self.path)
