"""What a user's own Python file holds, named as `module:attribute`: models, and rows of functions and losses."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from derive.rows.functions import Unary
    from derive.rows.losses import Loss


def attribute_of(module: str, attribute: str) -> object:
    """What a module calls by that name; the module is looked for in the current folder too.

    Raises: UsageError: if there is none, or the module cannot be imported.
    """
    where = f"{module}:{attribute}"
    with _current_folder():
        try:
            found = import_module(module)
        except ModuleNotFoundError as error:
            if error.name not in (module, module.partition(".")[0]):
                raise
            raise UsageError(f"{where}: there is no module {module} here or on the Python path") from None
        except (Exception, SystemExit) as error:  # whatever the user's own code does
            raise UsageError(f"{where}: importing {module} failed: {type(error).__name__}: {error}") from None
    try:
        value: object = getattr(found, attribute)
    except AttributeError:
        raise UsageError(f"{where}: the module {module} has no {attribute}") from None
    return value


def row_of(value: object) -> Unary | Loss | None:
    """The row that a value is, or that a function of SymPy was made of; None for anything else."""
    from derive.rows.functions import Unary
    from derive.rows.losses import Loss

    row = getattr(value, "row", None) if isinstance(value, type) else value
    return row if isinstance(row, Unary | Loss) else None


def row_at(where: str) -> Unary | Loss:
    """The row of a function or a loss at `module:attribute`.

    Raises: UsageError: if there is none.
    """
    module, _, attribute = where.rpartition(":")
    if not module or not attribute:
        raise UsageError(f"{where}: expected module:row, such as own:squareplus")
    value = attribute_of(module, attribute)
    row = row_of(value)
    if row is None:
        rows = "a row, gradproof.Unary(...) or gradproof.Loss(...)"
        raise UsageError(f"{where} is a {type(value).__name__}; expected {rows}")
    return row


@contextmanager
def _current_folder() -> Iterator[None]:
    sys.path.insert(0, str(Path.cwd()))
    try:
        yield
    finally:
        sys.path.remove(str(Path.cwd()))
