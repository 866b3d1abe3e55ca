"""A lowered module in a report: what it computes, what was proved and measured about it, and its heart as a listing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from lowering.certificate import Certificate

from ..document import Block, Code, CodeBlock, Heading, Paragraph, Ref, Table, Text

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
            f" computes {len(certificate.values)} quantities and {len(certificate.partials)} derivatives. Read back "
            f"from its operations, {every} proved equal to what the model defines. Logarithms are computed in forms that "
            f"neither overflow nor lose digits, reached by {len(certificate.rewrites)} rewrites",
            ", each of them proved as well. " if certificate.proved else ". ",
            Ref("checks"),
            " shows what the finished code was measured to do.",
        )
    )
    yield Table(
        header=("what", "held against", "dtype", "where", "worst relative error", "allowed"),
        rows=tuple(_rows(certificate)),
        caption="Measurements of the finished module, in every component.",
        alignment="llllrr",
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


def _rows(certificate: Certificate) -> Iterator[tuple[Text, ...]]:
    """A row for all checks of a kind: the worst of them."""
    groups: dict[tuple[str, str, str, str], list[Mapping[str, Any]]] = {}
    for check in certificate.checks:
        key = (check["what"], _method(check["method"]), check["dtype"], _where(check))
        groups.setdefault(key, []).append(check)
    for (what, method, dtype, where), members in groups.items():
        worst = max(float(c["worst_relative_error"]) for c in members)
        tolerance = max(float(c["tolerance"]) for c in members)
        count = f"{len(members)} sizes" if where == "ordinary" else where
        yield (what, method, dtype, count, f"{worst:.1e}", f"{tolerance:.0e}")


def _method(text: str) -> str:
    """The method without the number of digits, which differs from check to check."""
    return text.split(" at ", 1)[0].split(",", 1)[0]


def _where(check: Mapping[str, Any]) -> str:
    extreme = check.get("logits")
    return "ordinary" if extreme is None else f"{extreme['name']} up to ±{extreme['largest']:g}"
