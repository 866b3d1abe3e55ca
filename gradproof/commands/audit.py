"""`gradproof audit`: judge somebody else's gradient code, or recompute a certificate."""

from __future__ import annotations

from argparse import Namespace

from ..command import Command, argument
from ..errors import UsageError


def run(args: Namespace) -> int:
    """Hold the function against the model, or every line of the module's certificate against the module."""
    if args.certificate and args.model:
        raise UsageError("--certificate takes the module alone: gradproof audit MODULE.py --certificate")
    if not args.certificate and not args.model:
        raise UsageError("audit needs a model to hold the code against: gradproof audit FILE.py:FUNCTION MODEL")
    if not args.certificate:
        raise UsageError("judging a function against a model is not part of this version yet; use --certificate")
    return _recompute(args.target)


def _recompute(module: str) -> int:
    """Recompute what the certificate beside a lowered module claims, and print what does not hold."""
    from lowering.audit import verify_certificate

    problems = verify_certificate(module)
    for problem in problems:
        print(f"{module}: {problem}")
    if not problems:
        print(f"{module}: every line of its certificate holds")
    return 1 if problems else 0


COMMAND = Command(
    name="audit",
    summary="judge gradient code against a model, or recompute the certificate of a lowered module",
    arguments=(
        argument("target", metavar="FILE.py:FUNCTION", help="the function to judge; MODULE.py with --certificate"),
        argument("model", metavar="MODEL", nargs="?", help="a catalogue name, a .tex or .md file, or module:attribute"),
        argument("--certificate", action="store_true", help="recompute everything that the certificate claims"),
    ),
    run=run,
)
