"""The verdict on the distribution of a weighted sum of independent normal variables: aX + bY ~ N(…, …)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from functools import partial

from derive.chances.events import NotAProbability, label, unbraced
from derive.chances.standing import Law, law_of, moved
from derive.model import ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.enclosed import WRITTEN_OUT
from derive.notation.names_in_notes import text_of
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Chain, Group, Juxt, Neg, Node, Num, Span, Sym

from ..context import Context
from ..doubts import of_words
from ..equations import equation_of, model_for
from ..judge import Judgement, judge, true_or_open, with_variables
from ..lines import Line
from ..results import Verdict
from ..roles import introduction
from .independence import is_independence

VARIANCE = re.compile(r"\bvariance\b[\s:,]*\Z", re.IGNORECASE)
DEPENDENT = re.compile(r"correlat|covarian|\bdepend|\bcoupl|\bjoint", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n\s*\n")
Weighted = tuple[tuple[Node, ...], str]  # the factors of a variable, and its name


def judge_linear(line: Line, context: Context, *, edited: bool = False) -> Judgement | None:
    """The verdict on aX + bY ~ N(m, v), or p(aX + bY) = N(m, v); None of anything else.

    Means add up with their factors, variances with the squares of these.
    """
    if line.right is None or line.operator not in ("=", "~", "sim") or line.link:
        return None
    claimed = law_of(line.right)
    terms = _weighted(_summed(line))
    if claimed is None or terms is None or len(claimed[1]) != 2 or not context.chances.independently:
        return None
    laws = normal_laws(context)
    if len(terms) < 2 or any(name not in laws for _, name in terms) or len({n for _, n in terms}) < len(terms):
        return None
    span = line.left.span
    mean = _written([(factors, laws[name][1][0]) for factors, name in terms], span, squared=False)
    variance = _written([(factors, laws[name][1][1]) for factors, name in terms], span, squared=True)
    if not all(_is_variance(law[1][1]) for law in (claimed, *(laws[n] for _, n in terms))):
        return None
    found = [
        _judged(dataclasses.replace(line, left=ours, right=theirs, operator="=", link=1), context, edited)
        for ours, theirs in ((mean, claimed[1][0]), (variance, claimed[1][1]))
    ]
    if None in found:
        return None
    judgements = [j for j in found if j is not None]
    wrong = next((j for j in judgements if j.verdict is Verdict.REFUTED), None)
    if wrong is not None:
        which = "mean" if wrong is judgements[0] else "variance"
        return dataclasses.replace(wrong, because=f"the {which} of the sum is another one")
    if all(j.verdict is Verdict.PROVED for j in judgements):
        because = "means add up with their factors, variances of independent variables with the squares of these"
        return Judgement(verdict=Verdict.PROVED, because=because)
    return next(j for j in judgements if j.verdict is not Verdict.PROVED)


def judge_spread(line: Line, context: Context, *, edited: bool = False) -> Judgement | None:
    """The verdict on the variance of a sum that the words before a line announce: D = X − Y, with variance σ_D² = ….

    None where the sum is none of independent variables with normal distributions, or it is not clear what is meant.
    """
    words = context.lines.words_under(line.formula.headings)
    if line.right is None or line.operator != "=" or line.link:
        return None
    if DEPENDENT.search(words) or not any(map(is_independence, SENTENCE.split(words))):
        return None
    left, laws = line.left, normal_laws(context)
    if VARIANCE.search(introduction(line.formula)) is None or not isinstance(left, Sym) or not _is_variance(left):
        return None
    sums = (n for n in context.lines.lines if n.number < line.number and n.formula.headings == line.formula.headings)
    named = [
        n for n in sums if isinstance(n.left, Sym) and left.sub is not None and _plain(n.left) == text_of(left.sub)
    ]
    terms = _weighted(named[0].right) if len(named) == 1 and named[0].right is not None else None
    if terms is None or len(terms) < 2 or not {name for _, name in terms} <= laws.keys():
        return None
    if len({n for _, n in terms}) < len(terms) or not all(_is_variance(laws[n][1][1]) for _, n in terms):
        return None
    variance = _written([(factors, laws[name][1][1]) for factors, name in terms], left.span, squared=True)
    found = _judged(dataclasses.replace(line, left=variance, link=1), context, edited)
    if found is None or found.verdict is not Verdict.REFUTED:
        return found if found is not None and found.verdict is Verdict.PROVED else None
    return dataclasses.replace(found, because="variances of independent variables add up with the squared factors")


def normal_laws(context: Context) -> Mapping[str, Law]:
    """The normal distribution of each variable, from X ~ N(μ, v) and p(x) = N(x | μ, v); of several the one for all."""
    found: dict[str, set[Law]] = {}
    for node, _ in context.lines.nodes:
        if not isinstance(node, Chain) or len(node.operands) != 2 or node.operators[0] not in ("~", "sim", "="):
            continue
        law = law_of(node.operands[1])
        if law is not None and len(law[1]) == 2:
            for name in _subjects(node):
                found.setdefault(name, set()).add(law)
    return {name: min(laws, key=str) for name, laws in found.items() if len(laws) == 1}


def _subjects(node: Chain) -> Iterator[str]:
    left = unbraced(node.operands[0])
    if node.operators[0] == "=":
        items = left.items if isinstance(left, Juxt) else ()
        left = unbraced(items[1].body) if len(items) == 2 and isinstance(items[1], Group) else left
        if not items:
            return
    if isinstance(left, Sym):
        yield _plain(left)


def _plain(node: Sym) -> str:
    try:
        return label(node)
    except NotAProbability:
        return ""


def _summed(line: Line) -> Node:
    """The sum that a claim speaks of: before ~, or within the bracket of p(…)."""
    left = unbraced(line.left)
    items = left.items if isinstance(left, Juxt) else ()
    if line.operator == "=" and len(items) == 2 and isinstance(items[0], Sym) and items[0].base in ("p", "P"):
        return unbraced(items[1].body) if isinstance(items[1], Group) else left
    return left


def _weighted(node: Node) -> list[Weighted] | None:
    """The summands of aX + bY − Z, each as its factors and its variable."""
    node = unbraced(node)
    if isinstance(node, Bin) and node.op in ("+", "-"):
        left, right = _weighted(node.left), _weighted(node.right)
        if left is None or right is None:
            return None
        sign = (Neg(body=Num(text="1", span=node.span), span=node.span),) if node.op == "-" else ()
        return left + [((*sign, *factors), name) for factors, name in right]
    items = node.items if isinstance(node, Juxt) else (node,)
    last = items[-1]
    if not isinstance(last, Sym) or any(isinstance(n, Group) for n in items):
        return None
    name = _plain(last)
    return [(tuple(items[:-1]), name)] if name else None


def _written(parts: list[tuple[tuple[Node, ...], Node]], span: Span, *, squared: bool) -> Node:
    """Σ c m, or Σ c² v, at one span of the source."""
    whole: Node | None = None
    for factors, value in parts:
        power = Num(text="2", span=span) if squared else None
        raised = [Group(opening="(", body=f, closing=")", sup=power, span=span) for f in factors]
        group = Group(opening="(", body=value, closing=")", span=span)
        product: Node = Juxt(items=(*raised, group), span=span) if raised else group
        whole = product if whole is None else Bin(op="+", left=whole, right=product, span=span)
    assert whole is not None
    return Group(opening=WRITTEN_OUT, body=moved(whole, span), closing=WRITTEN_OUT, span=span)


def _is_variance(node: Node) -> bool:
    """Whether the second parameter is a variance, by its square or as a matrix; a plain letter may be the deviation."""
    return any(isinstance(n, Num) or (isinstance(n, Sym) and _is_of_second_order(n)) for n in walk(node))


def _is_of_second_order(node: Sym) -> bool:
    squared = isinstance(node.sup, Num) and node.sup.text == "2"
    return squared or node.base in ("Sigma", "Lambda")


def judged_as(line: Line, left: Node, context: Context, edited: bool) -> Judgement | None:
    """The verdict on a line whose left side is written out; None if it has no reading."""
    return _judged(dataclasses.replace(line, left=left, operator="=", link=1), context, edited)


def _judged(line: Line, context: Context, edited: bool) -> Judgement | None:
    try:
        equation = equation_of(line, context)
        model = with_variables(equation, model_for(equation, context, line.number))
    except (Unreadable, ModelError, ValueError):
        return None
    if edited:
        return true_or_open(equation, model, "no proof was found")
    return judge(equation, model, partial(of_words, line))
