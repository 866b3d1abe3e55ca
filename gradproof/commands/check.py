"""`gradproof check`: proof-read documents."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..command import Command, argument, at_least_one, one_of, rule_codes, seconds
from ..settings import Settings, settings_of

if TYPE_CHECKING:
    from verify.results import CheckResult, Statement

FORMATS = ("text", "json", "sarif", "github", "junit")


def run(args: Namespace) -> int:
    """Check the documents `args.paths`, print what was found, and correct what can be corrected."""
    from verify.check import check_paths
    from verify.fix import diff, fix
    from verify.formats.as_text import as_text
    from verify.formats.table import FORMATS as WRITERS

    settings = settings_of(Path.cwd())
    if args.select is not None:
        settings = replace(settings, select=args.select)
    if args.ignore is not None:
        settings = replace(settings, ignore=args.ignore)
    found = check_paths(args.paths, jobs=args.jobs, timeout=args.timeout, excluded=settings.excludes)
    result = reported(found, settings)
    if args.diff:
        sys.stdout.write("".join(diff(file) for file in result.files))
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        print(as_text(result, colour=colour) if args.format == "text" else WRITERS[args.format](result))
    if args.fix:
        changed = [file.path for file in result.files if fix(file)]
        print(f"corrected {', '.join(changed) if changed else 'nothing'}", file=sys.stderr)
    return 2 if any(file.error for file in result.files) else 1 if result.has_errors else 0


def reported(result: CheckResult, settings: Settings) -> CheckResult:
    """The result with the findings of unwanted rules no longer findings; their verdicts stay."""

    def quiet(statement: Statement, ignored: tuple[str, ...]) -> Statement:
        code, select = statement.rule, settings.select
        wanted = code is None or ((select is None or code.startswith(select)) and not code.startswith(ignored))
        return statement if wanted else replace(statement, severity=None, suggestion=None)

    files = (
        replace(file, statements=tuple(quiet(s, settings.ignored_in(file.path)) for s in file.statements))
        for file in result.files
    )
    return replace(result, files=tuple(files))


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
        argument("--ignore", metavar="RULES", type=rule_codes, help="do not report these rules"),
        argument("--jobs", metavar="N", type=at_least_one, help="worker processes (the number of cores)"),
        argument("--timeout", metavar="S", type=seconds, default=10.0, help="seconds a formula may take (%(default)s)"),
        one_of(
            argument("--fix", action="store_true", help="write the proved corrections into the files"),
            argument("--diff", action="store_true", help="show what --fix would write"),
        ),
    ),
    run=run,
)
