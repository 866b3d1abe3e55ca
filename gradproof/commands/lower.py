"""`gradproof lower`: verified gradient code and its certificate."""

from __future__ import annotations

from argparse import Namespace

from ..command import Command, argument
from ..errors import UsageError


def run(args: Namespace) -> int:
    """Write the module of the model, and its certificate beside it."""
    raise UsageError("gradproof lower is not part of this version yet")


COMMAND = Command(
    name="lower",
    summary="write verified gradient code for a model, and its certificate",
    arguments=(
        argument("model", metavar="MODEL", help="a catalogue name, a .tex or .md file, or module:attribute"),
        argument("--backend", choices=("numpy", "jax", "torch"), default="numpy", help="what it runs on (%(default)s)"),
        argument("--dtype", choices=("float32", "float64"), default="float64", help="of the arrays (%(default)s)"),
        argument("-o", "--output", metavar="FILE", help="the module to write (standard output)"),
    ),
    run=run,
)
