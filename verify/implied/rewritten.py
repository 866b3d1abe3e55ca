r"""What the words say is an expression before it, written in another way: "the loss $E$ can be written as" ℓ = ….

The expression is given the name that the formula has, and the formula is judged as a restatement of it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.notation.definitions import DEFINING
from derive.notation.parser import parse
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Chain, Fn, Fraction, Listing, Node, Sym

from ..context import Context
from ..documents.document import Document, Formula
from ..doubts import SENTENCE, of_words
from ..found import Found
from ..functions import applied
from ..likelihoods.anew import Judge, fresh_name, read_anew
from ..lines import Line
from ..results import StatementKind, Verdict
from ..roles import introduction

SAME = re.compile(
    r"\s*,?\s*(?:(?:which|this|that|and)\s+)?(?:(?:can|could|may|might)\s+)?"
    r"(?:(?:also|then|now|thus|therefore|equivalently|alternatively|often|usually|simply|be|is|are|more \w+ly)\s+){0,4}"
    r"(?:(?:re-?)?(?:written|writes|expressed)(?: out)?(?: \w+ly)?(?: as| in (?:the|a)(?: [\w-]+){0,3} form(?: of)?)?"
    r"|(?:simplifie[sd]|expands|expanded|multiplies out|factori[sz]es|equal)(?: to| as| into)?|equals"
    r"|the same as|identical to)\s*:?\s*",
    re.IGNORECASE,
)
ROUGHLY = re.compile(
    r"\b(?:approx\w*|small|large|limits?|roughly|ignor\w*|neglect\w*|drop\w*|omit\w*|up to|proportional|constants?"
    r"|first[- ]order|leading|asymptot\w*|optim\w*|minim\w*|maxim\w*|expect\w*|averag\w*|bound\w*|at most|at least)\b",
    re.IGNORECASE,
)
UNDER = re.compile(r"\$[^$()=]*=[^$]*\$")  # y = 1, and no definition of σ(z)
MARKS = "$\\[]() \n\t"
TELLING = (Verdict.PROVED, Verdict.HOLDS, Verdict.REFUTED, Verdict.CONFLICT)
WRONG = (Verdict.REFUTED, Verdict.CONFLICT)


def rewritten_found(line: Line, document: Document, context: Context, judged: Judge) -> Found | None:
    """What is found of a formula that the words call an expression right before it; None if they do not.

    Args:
        line: the formula, `name = …` or an expression.
        document: that it stands in.
        context: what the document says.
        judged: what judges a line of a document that is read anew.
    """
    formula = line.formula
    before = [f for f in document.formulas if f.offset < formula.offset]
    if not before or line.link or any(of_words(line)) or ROUGHLY.search(introduction(formula)):
        return None
    between = document.text[before[-1].offset_of(len(before[-1].latex)) : formula.offset].strip(MARKS)
    expression = _expression(before[-1])
    if expression is None or SAME.fullmatch(between) is None:
        return None
    name = _name(line, context) if line.right is not None else fresh_name(document)
    if name is None or (line.right is None and not _is_made(line.left)):
        return None
    given = replace(before[-1], latex=f"{name} = {expression}")
    claim = formula.latex if line.right is not None else f"{name} = {formula.latex}"
    last = replace(formula, latex=claim, before="Equivalently,", after="")
    found = read_anew((*before[:-1], given, last), None, document, judged)
    if found is None or found.verdict not in TELLING:
        return None
    suggestion = found.suggestion
    if found.verdict in WRONG and (suggestion is None or UNDER.search(SENTENCE.split(formula.before.strip())[-1])):
        return None
    if suggestion is not None and line.right is None:
        suggestion = replace(suggestion, span=None)  # it stands elsewhere in the document
    because = f"it {'is not' if found.verdict in WRONG else 'is'} the expression before it, which the text says it is"
    return replace(found, kind=StatementKind.CLAIM, because=because, suggestion=suggestion)


def _expression(formula: Formula) -> str | None:
    """An expression that is made of more than a name, in LaTeX; None for what else a formula is."""
    try:
        (node,) = parse(formula.latex)
    except ValueError:
        return None
    return formula.latex.rstrip(" .,;\n") if _is_made(node) else None


def _is_made(node: Node) -> bool:
    if isinstance(node, Chain | Listing):
        return False
    return any(isinstance(n, Bin | Fraction | Fn) for n in walk(node))


def _name(line: Line, context: Context) -> str | None:
    """The left side of a definition, in LaTeX, if it is a name or a function that the text has not defined before."""
    named = isinstance(line.left, Sym) or applied(line.left) is not None
    if not named or line.operator not in DEFINING or line.number not in context.definitions:
        return None
    return line.formula.latex[slice(*line.left.span)].strip()
