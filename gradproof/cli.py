"""The command line: a parser built from the table of commands, and one handler for what goes wrong."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from io import TextIOWrapper
from typing import NoReturn

from . import __version__
from .command import add_arguments
from .commands import audit, check, demo, derive, doctor, explain, lower, train
from .commands import list as list_command
from .errors import UsageError, guard

COMMANDS = (
    demo.COMMAND,
    check.COMMAND,
    derive.COMMAND,
    lower.COMMAND,
    train.COMMAND,
    audit.COMMAND,
    explain.COMMAND,
    list_command.COMMAND,
    doctor.COMMAND,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns: 0 if nothing is wrong, 1 for findings, 2 if the call or its input cannot be used, 130 if interrupted.
    """
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal without Greek letters gets \u03b8, not an error
        sys.stdout.reconfigure(errors="backslashreplace")
    return guard(lambda: _run(sys.argv[1:] if argv is None else argv))


def build_parser() -> ArgumentParser:
    """The parser of the whole command line."""
    parser = _Parser(
        prog="gradproof",
        description="Derives, checks and lowers the mathematics of learning.",
        epilog="Exit codes: 0 nothing wrong, 1 findings, 2 the call or its input cannot be used, 130 interrupted.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"gradproof {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", dest="command", required=True)
    for command in COMMANDS:
        child = commands.add_parser(command.name, help=command.summary, description=command.summary, allow_abbrev=False)
        add_arguments(child, command.arguments)
        child.set_defaults(run=command.run)
    return parser


class _Parser(ArgumentParser):
    """Reports a call that cannot be used as every other error is reported, in one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def _run(argv: Sequence[str]) -> int:
    try:
        args: Namespace = build_parser().parse_args(argv)
    except SystemExit as done:  # --help and --version have printed what was asked for
        return int(done.code or 0)
    code: int = args.run(args)
    return code
