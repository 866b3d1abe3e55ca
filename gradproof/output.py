"""Where results go: a file that is written whole, standard output, or a folder that is checked before any work."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .errors import UsageError


def deliver(content: str | bytes, output: str | None, what: str) -> None:
    """Write a result to the file, or print it.

    Args:
        content: text, or the bytes of a binary format.
        output: the file; None for standard output.
        what: the format, for messages.
    Raises: UsageError: for a binary format on standard output; CannotWriteError: if the file cannot be written.
    """
    from derive.files import write_bytes

    if output is not None:
        write_bytes(output, content.encode("utf-8") if isinstance(content, str) else content)
    elif isinstance(content, bytes):
        raise UsageError(f"{what} is not text: give a file to write, -o FILE.{what}")
    else:
        sys.stdout.write(content if content.endswith("\n") else content + "\n")


def check_folder(path: str | Path) -> Path:
    """The folder to write to; it is made later, with `make_folder`, when there is something to put into it.

    Raises: UsageError: if it could not be made or written to.
    """
    folder = Path(path)
    nearest = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    if not nearest.is_dir():
        raise UsageError(f"{folder}: {nearest} is a file, not a folder; give another -o")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(f"{folder}: the folder {nearest} cannot be written to; give another -o")
    return folder


def check_file(path: str | Path) -> None:
    """Refuse a file that cannot be written, before the work whose result it would hold.

    Raises: UsageError: if its folder is missing or cannot be written to, or if it is a folder itself.
    """
    file = Path(path)
    if file.is_dir():
        raise UsageError(f"{file} is a folder; give a file to write")
    if not file.absolute().parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent}; make it first")
    check_folder(file.absolute().parent)


def make_folder(folder: Path) -> Path:
    """Make the folder and those above it.

    Raises: UsageError: if that cannot be done.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: the folder cannot be made: {error.strerror}") from None
    return folder
