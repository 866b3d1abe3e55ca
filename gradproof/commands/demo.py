"""`gradproof demo`: the main job, end to end, on built-in inputs."""

from __future__ import annotations

from argparse import Namespace

from ..command import Command, argument
from ..errors import UsageError


def run(args: Namespace) -> int:
    """Derive a network, check a lecture note, lower, train and report into the folder `args.output`."""
    raise UsageError("gradproof demo is not part of this version yet")


COMMAND = Command(
    name="demo",
    summary="derive a network, check a lecture note, lower, train on real digits and write the report",
    arguments=(
        argument("-o", "--output", metavar="DIR", default="gradproof-demo", help="folder to write to (%(default)s)"),
    ),
    run=run,
)
