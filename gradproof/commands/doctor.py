"""`gradproof doctor`: what is installed, and what each missing part would give."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator

from .. import __version__
from ..command import Command
from ..extras import EXTRAS, Extra

TEX_PROGRAMS = ("latexmk", "pdflatex")
TEX_GIVES = "the best PDF; without it reports are set by Typst. Debian: apt install texlive-latex-extra latexmk lmodern"


def run(args: Namespace) -> int:
    """Print the report."""
    print("\n".join(report()))
    return 0


def report() -> Iterator[str]:
    """The report, line by line: ours and Python's version, requirements, extras, TeX."""
    import platform

    yield f"gradproof {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield ""
    yield "required:"
    yield from _table((name, installed_version(name) or "MISSING: pip install gradproof") for name in requirements())
    yield ""
    yield "extras:"
    yield from _table((extra.name, _extra_status(extra)) for extra in EXTRAS)
    yield ""
    yield "programs:"
    yield from _table((program, _program_status(program)) for program in TEX_PROGRAMS)


def requirements() -> tuple[str, ...]:
    """The distributions that gradproof cannot do without, as its own metadata names them.

    Raises: ValueError: if gradproof runs from a source tree that was never installed.
    """
    from importlib.metadata import PackageNotFoundError, requires

    try:
        declared = requires("gradproof") or []
    except PackageNotFoundError:
        raise ValueError("gradproof is not installed here; run: pip install .") from None
    return tuple(distribution_name(line) for line in declared if "extra ==" not in line)


def distribution_name(requirement: str) -> str:
    """`"dask[distributed]>=2024.5"` -> `"dask"`."""
    import re

    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def installed_version(name: str) -> str | None:
    """The version of an installed distribution, None if it is not there."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _extra_status(extra: Extra) -> str:
    from importlib.util import find_spec

    if all(find_spec(module) for module in extra.modules):
        return f"installed: {extra.gives}"
    return f"missing: {extra.install_line} would give {extra.gives}"


def _program_status(program: str) -> str:
    from shutil import which

    return which(program) or f"missing: gives {TEX_GIVES}"


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    table = list(rows)
    width = max((len(name) for name, _ in table), default=0)
    return (f"  {name:<{width}}  {note}" for name, note in table)


COMMAND = Command(
    name="doctor",
    summary="show what is installed and what each missing extra would give",
    arguments=(),
    run=run,
)
