"""A lowered module in a report: what it computes, what was proved and measured about it, and its heart as a listing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from derive.notation.layout import Fenced
from derive.notation.printer import layout
from derive.vocabulary import scalar
from lowering.certificate import Certificate

from ..document import Block, Code, CodeBlock, Heading, Paragraph, Ref, Table, Text
from .wording import scientific

SHOWN = "value_and_grad"


def code_blocks(source: str, certificate: Certificate, file: str) -> Iterator[Block]:
    """The section on the generated code.

    Args:
        source: of the module.
        certificate: of the module.
        file: its name.
    """
    yield Heading(text="The code")
    proved = [e for e in (*certificate.values, *certificate.partials) if e["verdict"] == "proved"]
    total = len(certificate.values) + len(certificate.partials)
    every = "each of them was" if len(proved) == total else f"{len(proved)} of them were"
    yield Paragraph(
        text=(
            "The module ",
            Code(file),
            f" computes {len(certificate.values)} quantities and {len(certificate.partials)} derivatives over all data "
            f"points. Read back from its operations, {every} proved equal to what the model defines. ",
            _rewritten(certificate),
            "Proofs speak of real numbers; ",
            Ref("checks"),
            " tells how far floating point is from them.",
        )
    )
    yield Table(
        header=("what", "held against", "type", "where", "worst error", "allowed"),
        rows=tuple(_rows(certificate)),
        caption="Relative errors of the finished module: the worst of all components.",
        alignment="llllll",
        label="checks",
    )
    yield Paragraph(text=("The gradient itself takes these lines; ", Code(file), " holds the rest."))
    yield CodeBlock(text=function(source, SHOWN), language="python")


def function(source: str, name: str) -> str:
    """The source of one function of a module, without its docstring."""
    found = next(n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == name)
    lines = source.split("\n")
    first = found.body[1] if ast.get_docstring(found) is not None and len(found.body) > 1 else found.body[0]
    return "\n".join([*lines[found.lineno - 1 : found.body[0].lineno - 1], *lines[first.lineno - 1 : found.end_lineno]])


def _rewritten(certificate: Certificate) -> str:
    """The safe forms, in a sentence; empty where none was needed."""
    count = len(certificate.rewrites)
    if not count:
        return ""
    by = "a rewrite" if count == 1 else f"{count} rewrites"
    proved = all(r["verdict"] == "proved" for r in certificate.rewrites)
    sure = (", which was proved too" if count == 1 else ", each of which was proved too") if proved else ""
    return f"Logarithms are computed in forms that neither overflow nor lose digits, reached by {by}{sure}. "


def _rows(certificate: Certificate) -> Iterator[tuple[Text, ...]]:
    """A row for all checks of a kind: the worst of them."""
    groups: dict[tuple[str, str, str, str], list[Mapping[str, Any]]] = {}
    for check in certificate.checks:
        pushed = check["logits"]["name"] if check.get("logits") else ""
        groups.setdefault((check["what"], _method(check["method"]), check["dtype"], pushed), []).append(check)
    for (what, method, dtype, pushed), members in groups.items():
        worst = max(float(c["worst_relative_error"]) for c in members)
        tolerance = max(float(c["tolerance"]) for c in members)
        where = _pushed(pushed, members) if pushed else f"at {len(members)} choices of sizes"
        yield (what, method, dtype, where, scientific(worst), scientific(tolerance))


def _method(text: str) -> str:
    """The method without its number of digits or type, which differ from check to check."""
    return re.split(r" at | in |,", text)[0].replace("-", " ")


def _pushed(name: str, members: list[Mapping[str, Any]]) -> Text:
    largest = max(float(c["logits"]["largest"]) for c in members)
    return (Fenced("|", layout(scalar(name)), "|"), " up to ", scientific(largest))
