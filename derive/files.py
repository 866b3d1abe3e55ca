"""Writing files whole: a reader sees the old content or the new, never a half."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


class CannotWriteError(ValueError):
    """A file cannot be written where it was asked for; nothing of it was left behind."""


def write_text(path: str | Path, text: str) -> None:
    """Write `text` as UTF-8, as `write_bytes` does; line ends stay as they are in `text`.

    Raises: CannotWriteError: if the folder is missing or cannot be written to.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write `data` to a temporary file in the same folder, flush it to disk, and put it in the place of `path`.

    A link is followed, and an existing file keeps its permissions. A device or a pipe is written to directly.

    Raises: CannotWriteError: if the folder is missing or cannot be written to.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file() and not target.is_dir():  # a device or a pipe
            target.write_bytes(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise CannotWriteError(f"cannot write {path}: {_reason(target, error)}") from error


def _replace(target: Path, data: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name[:80]}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _permissions(target))
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _permissions(target: Path) -> int:
    """Those of the file that is replaced, else those that a new file gets by the user's mask."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0o077)  # there is no way to read the mask but to set it
    os.umask(mask)
    return 0o666 & ~mask


def _reason(target: Path, error: OSError) -> str:
    folder = target.parent
    if os.path.isdir(target):
        return "it is a folder; name a file"
    if not folder.exists():
        return f"the folder {folder} does not exist; create it first"
    if not folder.is_dir():
        return f"{folder} is not a folder"
    return f"{error.strerror or error}; choose a place that you can write to"
