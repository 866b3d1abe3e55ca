"""`gradproof train`: train a model, held against the proof as it trains."""

from __future__ import annotations

from argparse import Namespace

from ..command import Command, argument, at_least_one
from ..errors import UsageError


def run(args: Namespace) -> int:
    """Train the model, check its gradient on the way, and plot both into the folder `args.output`."""
    raise UsageError("gradproof train is not part of this version yet")


COMMAND = Command(
    name="train",
    summary="train a model, check its gradient against the proof as it trains, and plot it",
    arguments=(
        argument("model", metavar="MODEL", help="a catalogue name, a .tex or .md file, or module:attribute"),
        argument("--data", metavar="NAME|PATH", default="digits", help="a data set's name or file (%(default)s)"),
        argument("--optimizer", metavar="NAME", default="adam", help="an update rule of the catalogue (%(default)s)"),
        argument("--epochs", metavar="N", type=at_least_one, default=20, help="passes over the data (%(default)s)"),
        argument("--seed", metavar="N", type=int, default=0, help="of every random choice (%(default)s)"),
        argument("-o", "--output", metavar="DIR", default="gradproof-train", help="folder to write to (%(default)s)"),
    ),
    run=run,
)
