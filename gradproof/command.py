"""What a command of the command line is: a name, a line of help, its arguments, and what it runs."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf, nan
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument: its flags (or its name, if positional) and what `ArgumentParser.add_argument` takes."""

    flags: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


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
                group.add_argument(*member.flags, **dict(member.options))
        else:
            parser.add_argument(*row.flags, **dict(row.options))


def rule_codes(text: str) -> tuple[str, ...]:
    """`"GP201,GP3"` as its parts; a prefix stands for every rule that begins with it."""
    return tuple(code for code in (part.strip().upper() for part in text.split(",")) if code)


def at_least_one(text: str) -> int:
    """A whole number, 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number, 1 or more, got {text!r}")
    return int(text)


def whole_by_name(text: str) -> tuple[str, int | tuple[int, ...]]:
    """`"m_h=64"` as a name and a whole number, 1 or more; `"n=64,32,10"` as a name and several."""
    name, _, numbers = text.partition("=")
    counts = tuple(int(n) if n.strip().isdecimal() else 0 for n in numbers.split(","))
    if not name.strip() or min(counts) < 1:
        raise ArgumentTypeError(
            f"expected NAME=N with a whole number, 1 or more, or NAME=N,N,… with several, got {text!r}"
        )
    return name.strip(), counts[0] if len(counts) == 1 else counts


def name_by_name(text: str) -> tuple[str, str]:
    """`"f=tanh"` as two names."""
    letter, _, name = text.partition("=")
    if not letter.strip() or not name.strip():
        raise ArgumentTypeError(f"expected LETTER=NAME, such as f=tanh, got {text!r}")
    return letter.strip(), name.strip()


def number_by_name(text: str) -> tuple[str, float]:
    """`"lambda=0.1"` as a name and a number."""
    name, _, number = text.partition("=")
    try:
        value = float(number)
    except ValueError:
        value = nan
    if not name.strip() or not -inf < value < inf:
        raise ArgumentTypeError(f"expected NAME=NUMBER, got {text!r}")
    return name.strip(), value


def positive(text: str) -> float:
    """A positive number."""
    try:
        number = float(text)
    except ValueError:
        number = nan
    if not 0 < number < inf:
        raise ArgumentTypeError(f"expected a positive number, got {text!r}")
    return number


def seconds(text: str) -> float:
    """A positive number of seconds."""
    try:
        return positive(text)
    except ArgumentTypeError:
        raise ArgumentTypeError(f"expected a positive number of seconds, got {text!r}") from None
