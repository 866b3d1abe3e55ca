"""`gradproof list`: what there is, read from the tables themselves."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from ..command import Command, argument


def run(args: Namespace) -> int:
    """Print the names of one section, one a line, or every section under its heading."""
    if args.section is not None:
        print(*SECTIONS[args.section](), sep="\n")
    else:
        print("\n".join(_everything()))
    return 0


def _everything() -> Iterator[str]:
    for section, names in SECTIONS.items():
        yield f"{section}:"
        yield from (f"  {name}" for name in names())


def _models() -> Iterable[str]:
    from derive.catalog import names

    return names()


def _rows(module: str, table: str) -> Callable[[], Iterable[str]]:
    """The names of the rows of a table in `derive/rows`."""
    return lambda: [row.name for row in getattr(import_module(f"derive.rows.{module}"), table)]


def _rules() -> Iterable[str]:
    from verify.rules import RULES

    from .explain import rule_name

    return [f"{code}  {rule_name(text)}" for code, text in RULES.items()]


def _backends() -> Iterable[str]:
    import lowering.backends

    return [module.name for module in iter_modules(lowering.backends.__path__) if module.ispkg]


SECTIONS: dict[str, Callable[[], Iterable[str]]] = {
    "models": _models,
    "functions": _rows("functions", "FUNCTIONS"),
    "losses": _rows("losses", "LOSSES"),
    "layers": _rows("layers", "LAYERS"),
    "rules": _rules,
    "backends": _backends,
}

COMMAND = Command(
    name="list",
    summary="list what there is: models, functions, losses, layers, rules, back ends",
    arguments=(argument("section", nargs="?", choices=tuple(SECTIONS), help="one of these only"),),
    run=run,
)
