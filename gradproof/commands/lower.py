"""`gradproof lower`: verified gradient code and its certificate."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from ..command import Command, argument
from ..errors import UsageError
from ..functions import OPTION, with_functions
from ..models import find_model
from ..output import check_file, deliver


def run(args: Namespace) -> int:
    """Write the module of the model, and its certificate beside it."""
    if args.output is not None:
        check_file(args.output)
        if Path(args.output).suffix != ".py":
            raise UsageError(f"{args.output}: a module is a .py file; give -o NAME.py")
    from lowering.certificate import certificate_path
    from lowering.lower import lower, write

    lowered = lower(
        with_functions(find_model(args.model), dict(args.function or ())), dtype=args.dtype, backend=args.backend
    )
    if args.output is None:
        deliver(lowered.source, None, "py")
        print("gradproof: note: the certificate is written with -o only", file=sys.stderr)
        return 0
    write(lowered, args.output)
    print(f"{args.output}\n{certificate_path(Path(args.output))}")
    return 0


COMMAND = Command(
    name="lower",
    summary="write verified gradient code for a model, and its certificate",
    arguments=(
        argument("model", metavar="MODEL", help="a catalogue name, a .tex or .md file, or module:attribute"),
        OPTION,
        argument("--backend", choices=("numpy", "jax", "torch"), default="numpy", help="what it runs on (%(default)s)"),
        argument("--dtype", choices=("float32", "float64"), default="float64", help="of the arrays (%(default)s)"),
        argument("-o", "--output", metavar="FILE", help="the module to write (standard output)"),
    ),
    run=run,
)
