"""`gradproof check`: proof-read documents."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from ..command import Command, argument, at_least_one, one_of, rule_codes, seconds

if TYPE_CHECKING:
    from verify.results import CheckResult, Statement

FORMATS = ("text", "json", "sarif", "github", "junit")


def run(args: Namespace) -> int:
    """Check the documents `args.paths`, print what was found, and correct what can be corrected."""
    from verify.check import check_paths
    from verify.fix import diff, fix
    from verify.formats.as_text import as_text
    from verify.formats.table import FORMATS as WRITERS

    result = reported(check_paths(args.paths, jobs=args.jobs, timeout=args.timeout), args.select, args.ignore)
    if args.diff:
        sys.stdout.write("".join(diff(file) for file in result.files))
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        print(as_text(result, colour=colour) if args.format == "text" else WRITERS[args.format](result))
    if args.fix:
        changed = [file.path for file in result.files if fix(file)]
        print(f"corrected {', '.join(changed) if changed else 'nothing'}", file=sys.stderr)
    return 2 if any(file.error for file in result.files) else 1 if result.has_errors else 0


def reported(result: CheckResult, select: tuple[str, ...] | None, ignore: tuple[str, ...]) -> CheckResult:
    """The result with the findings of unwanted rules no longer findings; their verdicts stay."""

    def wanted(code: str | None) -> bool:
        return code is None or ((select is None or code.startswith(select)) and not code.startswith(tuple(ignore)))

    def quiet(statement: Statement) -> Statement:
        return statement if wanted(statement.rule) else replace(statement, severity=None, suggestion=None)

    files = tuple(replace(file, statements=tuple(quiet(s) for s in file.statements)) for file in result.files)
    return replace(result, files=files)


COMMAND = Command(
    name="check",
    summary="proof-read the formulas of documents",
    arguments=(
        argument(
            "paths",
            metavar="PATH",
            nargs="+",
            help=".md .tex .txt .html .ipynb .docx .rst .org, a folder, or - for standard input",
        ),
        argument("--format", choices=FORMATS, default="text", help="how the findings are written (%(default)s)"),
        argument("--select", metavar="RULES", type=rule_codes, help="report these rules only: codes or prefixes, a,b"),
        argument("--ignore", metavar="RULES", type=rule_codes, default=(), help="do not report these rules"),
        argument("--jobs", metavar="N", type=at_least_one, help="worker processes (the number of cores)"),
        argument("--timeout", metavar="S", type=seconds, default=10.0, help="seconds a formula may take (%(default)s)"),
        one_of(
            argument("--fix", action="store_true", help="write the proved corrections into the files"),
            argument("--diff", action="store_true", help="show what --fix would write"),
        ),
    ),
    run=run,
)
