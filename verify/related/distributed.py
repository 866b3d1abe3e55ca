"""What is found of ∼ and ∝ that no law of probability decides: sums of squares of normals, and mere names of laws."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.notation.names_in_notes import take_apart
from derive.notation.syntax import Array, Bin, Group, Juxt, Node, Num, Sym

from ..context import Context
from ..declarations import names_only
from ..found import Found
from ..lines import Line, names_defined
from ..results import StatementKind, Suggestion, Verdict
from ..rules.edit import Rule
from ..rules.wrong_exponent import RULE as EXPONENT
from ..rules.wrong_number import RULE as NUMBER

STANDARD = re.compile(r"\bstandard(?:i[sz]ed)? normals?\b", re.IGNORECASE)
INDEPENDENT = re.compile(r"\bindependent\b|\bi\.?\s?i\.?\s?d\b", re.IGNORECASE)
SQUARE = "2"


def distributed_found(line: Line, context: Context) -> Found | None:
    """What is found of what is distributed as, or proportional to, something; None if nothing is known of it."""
    if line.right is None or line.operator not in ("~", "propto"):
        return None
    if line.operator == "~":
        return _chi_square(line, context) or _law_of_names(line)
    if line.link == 0 and names_only(line.left) and not _is_defined(line, context):
        because = "it defines a quantity up to a factor"
        return Found(kind=StatementKind.DEFINITION, verdict=Verdict.DEFINED, because=because)
    return None


def _is_defined(line: Line, context: Context) -> bool:
    found = names_defined(line, context.dictionary)
    return found is not None and any(d.name == found[0] for d in context.definitions.values())


def _law_of_names(line: Line) -> Found | None:
    """That letters written below each other, or in a bracket, have a law, which nothing contradicts."""
    left = line.left
    if isinstance(left, Group) and isinstance(left.body, Array):
        left = left.body
    if not isinstance(left, Array) or not all(names_only(cell) for row in left.rows for cell in row):
        return None
    return Found(kind=StatementKind.DEFINITION, verdict=Verdict.DEFINED)


# -- squares of standard normals -------------------------------------------------------------------------


def _chi_square(line: Line, context: Context) -> Found | None:
    """The squares of k independent standard normals add up to χ² with k degrees of freedom."""
    prose = context.dictionary.prose
    degrees = _degrees(line.right)
    if degrees is None or STANDARD.search(prose) is None or INDEPENDENT.search(prose) is None:
        return None
    terms = list(_terms(line.left))
    syms = [t for t in terms if isinstance(t, Sym) and isinstance(t.sup, Num)]
    letters = context.dictionary.survey.letters
    names = {str(take_apart(t, letters)) for t in syms}
    if len(syms) < len(terms) or len(names) < len(terms) or len(terms) < 2:
        return None
    reading = line.formula.latex[slice(*line.span)]
    powers = [t.sup for t in syms if isinstance(t.sup, Num)]
    wrong = [p for p in powers if p.text != SQUARE]
    fits = int(degrees.text) == len(terms)
    if fits and not wrong:
        because = f"the squares of {len(terms)} independent standard normal variables"
        return Found(verdict=Verdict.PROVED, because=because, reading=reading)
    if fits == (len(wrong) == 1) and len(wrong) < 2:
        rule, node, text = (EXPONENT, wrong[0], SQUARE) if wrong else (NUMBER, degrees, str(len(terms)))
        return _refuted(line, rule, node, text, reading)
    return None


def _refuted(line: Line, rule: Rule, node: Num, text: str, reading: str) -> Found:
    """One exponent is no square, or the degrees of freedom are not their number."""
    source, (start, end) = line.formula.latex, node.span
    changed = source[line.span[0] : start] + text + source[end : line.span[1]]
    span = None if line.formula.origins else (line.formula.offset + start, line.formula.offset + end)
    edit = f"{source[start:end]} → {text}"
    suggestion = Suggestion(latex=changed, edit=edit, verdict=Verdict.PROVED, span=span, text=text)
    because = "a sum of k squares of independent standard normal variables has k degrees of freedom"
    return Found(verdict=Verdict.REFUTED, because=because, reading=reading, rule=rule.code, suggestion=suggestion)


def _terms(node: Node) -> Iterator[Node]:
    if isinstance(node, Bin) and node.op == "+":
        yield from _terms(node.left)
        yield from _terms(node.right)
    else:
        yield node


def _degrees(node: Node | None) -> Num | None:
    r"""The k of `\chi^2_k` and `\chi^2(k)`, where it is a number."""
    head, *rest = node.items if isinstance(node, Juxt) else (node,)
    if not isinstance(head, Sym) or head.base != "chi" or not isinstance(head.sup, Num) or head.sup.text != SQUARE:
        return None
    group = rest[0] if len(rest) == 1 else None
    inner = group.body if isinstance(group, Group) else head.sub if not rest else None
    return inner if isinstance(inner, Num) and inner.text.isdigit() else None
