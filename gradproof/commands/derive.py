"""`gradproof derive`: a derivation of a model's partials."""

from __future__ import annotations

from argparse import Namespace

from ..command import Command, argument
from ..errors import UsageError

FORMATS = ("text", "latex", "pdf", "html", "md", "ipynb", "json")


def run(args: Namespace) -> int:
    """Derive what is asked for and write it in the format `args.format`."""
    raise UsageError("gradproof derive is not part of this version yet")


COMMAND = Command(
    name="derive",
    summary="derive the partials of a model, step by step",
    arguments=(
        argument("model", metavar="MODEL", help="a catalogue name, a .tex or .md file, or module:attribute"),
        argument("--of", metavar="NAME", help="the quantity to differentiate (the objective)"),
        argument("--wrt", metavar="NAME", help="by which quantity, such as 'theta_h[i,j]' (every parameter)"),
        argument("--form", choices=("index", "matrix"), default="index", help="notation of the results (%(default)s)"),
        argument("--order", type=int, choices=(1, 2), default=1, help="first or second derivatives (%(default)s)"),
        argument("--format", choices=FORMATS, default="text", help="how it is written (%(default)s)"),
        argument("-o", "--output", metavar="FILE", help="file to write (standard output)"),
    ),
    run=run,
)
