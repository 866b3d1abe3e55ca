"""What a command of the command line is: a name, a line of help, its arguments, and what it runs."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf, nan


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument: its flags (or its name, if positional) and what `ArgumentParser.add_argument` takes."""

    flags: tuple[str, ...]
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Arguments of which at most one may be given."""

    arguments: tuple[Argument, ...]


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command; `run` gets the parsed arguments and returns the exit code."""

    name: str
    summary: str
    arguments: tuple[Argument | Choice, ...]
    run: Callable[[Namespace], int]


def argument(*flags: str, **options: object) -> Argument:
    """An argument, written as for `ArgumentParser.add_argument`."""
    return Argument(flags=flags, options=options)


def one_of(*arguments: Argument) -> Choice:
    """At most one of the arguments."""
    return Choice(arguments=arguments)


def add_arguments(parser: ArgumentParser, arguments: Iterable[Argument | Choice]) -> None:
    """Declare the arguments on the parser."""
    for row in arguments:
        if isinstance(row, Choice):
            group = parser.add_mutually_exclusive_group()
            for member in row.arguments:
                group.add_argument(*member.flags, **dict(member.options))  # type: ignore[arg-type]
        else:
            parser.add_argument(*row.flags, **dict(row.options))  # type: ignore[arg-type]


def rule_codes(text: str) -> tuple[str, ...]:
    """`"GP201,GP3"` as its parts; a prefix stands for every rule that begins with it."""
    return tuple(code for code in (part.strip().upper() for part in text.split(",")) if code)


def at_least_one(text: str) -> int:
    """A whole number, 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number, 1 or more, got {text!r}")
    return int(text)


def seconds(text: str) -> float:
    """A positive number of seconds."""
    try:
        number = float(text)
    except ValueError:
        number = nan
    if not 0 < number < inf:
        raise ArgumentTypeError(f"expected a positive number of seconds, got {text!r}")
    return number
