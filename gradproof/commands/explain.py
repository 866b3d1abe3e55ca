"""`gradproof explain`: the documentation of a finding, which is the docstring of its file."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from ..command import Command, argument
from ..errors import UsageError


def run(args: Namespace) -> int:
    """Print the documentation of the rule."""
    from verify.rules import RULES

    print(explanation(args.rule, RULES))
    return 0


def explanation(wanted: str, rules: Mapping[str, str]) -> str:
    """The documentation of the rule with the code `wanted`, in any case, or named so in its first line.

    Raises: UsageError: if there is no such rule; names those that are close.
    """
    by_name = {code: code for code in rules} | {rule_name(text): code for code, text in rules.items()}
    code = by_name.get(wanted.strip().upper()) or by_name.get(wanted.strip().lower())
    if code is None:
        raise UsageError(f"there is no rule {wanted!r}{_close(wanted, by_name)}; see gradproof list rules")
    return rules[code].strip()


def rule_name(text: str) -> str:
    """The name of the defect, `swapped-index`: the first word of a rule's documentation that is one."""
    first = text.strip().partition("\n")[0]
    words = (word.strip("`*#:.,()").lower() for word in first.split())
    return next((word for word in words if "-" in word), first.lower())


def _close(wanted: str, names: Mapping[str, str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(wanted.upper(), names, n=2) or get_close_matches(wanted.lower(), names, n=2)
    return f"; did you mean {' or '.join(near)}?" if near else ""


COMMAND = Command(
    name="explain",
    summary="print the documentation of a finding",
    arguments=(argument("rule", metavar="RULE", help="its code, as GP201, or its name"),),
    run=run,
)
