"""`gradproof check`: proof-read documents."""

from __future__ import annotations

from argparse import Namespace

from ..command import Command, argument, at_least_one, one_of, rule_codes, seconds
from ..errors import UsageError

FORMATS = ("text", "json", "sarif", "github", "junit")


def run(args: Namespace) -> int:
    """Check the documents `args.paths` and print what was found."""
    raise UsageError("gradproof check is not part of this version yet")


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
