"""`gradproof audit`: judge somebody else's gradient code, or recompute a certificate."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from ..command import Command, argument, seconds
from ..errors import UsageError
from ..functions import OPTION, with_functions


def run(args: Namespace) -> int:
    """Hold the function against the model, or every line of the module's certificate against the module."""
    if args.certificate and args.model:
        raise UsageError("--certificate takes the module alone: gradproof audit MODULE.py --certificate")
    if not args.certificate and not args.model:
        raise UsageError("audit needs a model to hold the code against: gradproof audit FILE.py:FUNCTION MODEL")
    return _recompute(args.target) if args.certificate else _judge(args)


def _judge(args: Namespace) -> int:
    """Call the function, compare it with the proved gradient, and say what explains the difference."""
    from ..models import find_model

    path, _, function = args.target.rpartition(":")
    if not path or not function.isidentifier():
        raise UsageError(f"{args.target}: expected FILE.py:FUNCTION, such as student.py:grad")
    if not Path(path).is_file():
        raise UsageError(f"{path}: no such file")
    plain, chosen = find_model(args.model), dict(args.function or ())
    model = with_functions(plain, chosen)
    from verify.audit.asked import audit
    from verify.audit.calling import Target
    from verify.audit.passed import Formula
    from verify.audit.shown import as_data, as_text

    from ..formulas import formulas_of

    found = audit(
        Target(path=path, function=function),
        model,
        mapping=args.mapping,
        timeout=args.timeout,
        functions={n: Formula(value=f, arguments=k, by=at) for n, (f, k, at) in formulas_of(plain, chosen).items()},
    )
    print(json.dumps(as_data(found), indent=1, ensure_ascii=False) if args.format == "json" else as_text(found))
    return 1 if found.findings else 0


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
        OPTION,
        argument("--mapping", metavar="FILE", help="a TOML file that says what the code calls the quantities"),
        argument(
            "--timeout", metavar="S", type=seconds, default=10.0, help="seconds that a call may take (%(default)s)"
        ),
        argument(
            "--format", choices=("text", "json"), default="text", help="how the findings are written (%(default)s)"
        ),
        argument("--certificate", action="store_true", help="recompute everything that the certificate claims"),
    ),
    run=run,
)
