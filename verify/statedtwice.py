r"""Two equations for a function of a letter, \ln Λ = A - B and \ln Λ = …: what their right sides say together.

The first right side gets a name of its own before the claim, which then states that name again. That it is wrong is
said only where its author has put in what the text defines: letters of the first right side that have a formula are
gone in the second. Other second equations may be of another thing.
"""

from __future__ import annotations

from dataclasses import replace

from derive.chances.events import unbraced
from derive.notation.definitions import DEFINING
from derive.notation.names_in_notes import take_apart
from derive.notation.runs import walk
from derive.notation.syntax import Fn, Node, Sym

from .context import Context
from .documents.document import Document
from .found import WRONG, Found
from .likelihoods.anew import Judge, fresh_name, read_anew
from .likelihoods.found import AGAIN, TRUE
from .lines import Line
from .results import Verdict
from .roles import follows_from


def stated_twice(line: Line, document: Document, context: Context, judged: Judge) -> Found | None:
    """What is found of a second equation for a function of a letter; None if there is none, or it stays open.

    Args:
        line: the claim.
        document: that it stands in.
        context: what the document says.
        judged: what judges a line of a document that is read anew.
    """
    earlier = _stated_before(line, context)
    name = fresh_name(document)
    if earlier is None or earlier.right is None or line.right is None or name is None:
        return None
    first, second = (n.formula.latex[slice(*n.right.span)] for n in (earlier, line) if n.right is not None)
    if "".join(first.split()) == "".join(second.split()):
        return None
    alone = sum(n.formula is earlier.formula for n in context.lines.lines) == 1
    gone = earlier.formula if alone else None  # its place is taken by what gives the name
    before = (f for f in document.formulas if f.offset < line.formula.offset and f is not gone)
    given = replace(line.formula, latex=f"{name} = {first}", before="Let", after="")
    claim = replace(line.formula, latex=f"{name} = {second}", before=AGAIN, after="")
    found = read_anew((*before, given, claim), None, document, judged)
    if found is None or found.verdict not in (*TRUE, *WRONG):
        return None
    where = document.position(earlier.formula.offset_of(earlier.span[0]))[0]
    if found.verdict in TRUE:
        return replace(found, because=f"it follows from line {where}, which gives the same left side")
    if not follows_from(line.formula, earlier.formula, certain=True) or not puts_in(line, earlier, context):
        return None
    because = f"it contradicts line {where}, which gives the same left side"
    suggestion = found.suggestion and replace(found.suggestion, span=None)  # it stands elsewhere in the document
    return replace(found, verdict=Verdict.CONFLICT, because=because, suggestion=suggestion)


def puts_in(line: Line, earlier: Line, context: Context) -> bool:
    """Whether letters that have a formula stand right in an earlier equation, and in a later one no more."""
    assert line.right is not None
    assert earlier.right is not None
    given = {d.name for n, d in context.definitions.items() if n < line.number}
    return bool((_names(earlier.right, context) & given) - _names(line.right, context))


def _stated_before(line: Line, context: Context) -> Line | None:
    """The last line before a claim, under the same heading, that says what the same function of a letter is.

    Only that gives the letter its meaning: E[X] = … and (a + b)² = … are claims themselves, true or not.
    """
    if line.link or line.operator not in DEFINING or not isinstance(line.left, Fn):
        return None
    inside = unbraced(line.left.argument) if line.left.argument is not None else None
    if not isinstance(inside, Sym) or _names(inside, context) & {d.name for d in context.definitions.values()}:
        return None
    left = _shown(line.left, line)
    before = (n for n in context.lines.lines if n.number < line.number and n.formula is not line.formula)
    alike = (n for n in before if n.right is not None and n.operator in DEFINING and n.carried is None)
    alike = (n for n in alike if n.formula.headings == line.formula.headings and not n.link)
    return next((n for n in reversed(list(alike)) if _shown(n.left, n) == left), None)


def _shown(node: Node, line: Line) -> str:
    return "".join(line.formula.latex[slice(*node.span)].split())


def _names(node: Node, context: Context) -> set[str]:
    survey = context.dictionary.survey
    return {survey.name(take_apart(n, survey.letters)) for n in walk(node) if isinstance(n, Sym)}
