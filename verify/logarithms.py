"""The log-likelihood that a text writes down, "taking the log", compared with the logarithm of its likelihood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Expr, Product, Sum, log

from derive.calculus.indices import bound_in, free_indices, substitute
from derive.model import Model
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Num
from derive.notation.wholes import lacks_a_point
from derive.vocabulary import index, name_of, names_in

from .context import Context
from .doubts import of_words
from .functions import key_of
from .judge import Equation, Judgement, judge, with_variables
from .lines import Line
from .results import Suggestion, Verdict
from .roles import Role, introduction, mentions

NEGATIVE = re.compile(r"\b(?:negative|minus)\b", re.IGNORECASE)
LOOSE = re.compile(
    r"\b(?:constants?|drop\w*|ignor\w*|omit\w*|up to|approximat\w*|averag\w*|mean|normali[sz]\w*|per|scaled?"
    r"|divid\w*)\b",
    re.IGNORECASE,
)
LIKELIHOOD = re.compile(
    r"(?<!log-)(?<!log )\blikelihood\b(?! (?:ratio|principle|of (?:one|a single|each)))", re.IGNORECASE
)
SIGNS = {True: -1, False: 1}


def likelihood_before(line: Line, context: Context) -> Line | None:
    """The product, defined last before a line, of which the words before it say that the logarithm is taken."""
    sentence = introduction(line.formula)
    if line.link or not mentions(sentence, Role.LOGARITHM) or mentions(sentence, Role.EQUATION, Role.UPDATE):
        return None
    after = line.formula.after.strip()[:120]
    if LOOSE.search(sentence) or (after[:1].islower() and LOOSE.search(after)):
        return None
    before = [n for n in context.lines.lines if n.number < line.number and n.formula.display and n.right is not None]
    products = [n for n in before if any(isinstance(b, Big) and b.op == "prod" for b in walk(n.right or n.left))]
    products = products or [n for n in before if _is_called_likelihood(n)]
    found = next((n for n in reversed(products) if _is_readable(n, context)), None)
    named = () if found is None else [n for n in products if key_of(n.left) == key_of(found.left)]
    return found if len({key_of(n.right) for n in named}) == 1 else None  # a text forwards, and backwards


def _is_called_likelihood(line: Line) -> bool:
    """Whether the words before an equation call it a likelihood, of which λ^n e^{−λs} is one without a product."""
    return line.operator in ("=", ":=") and LIKELIHOOD.search(introduction(line.formula)) is not None


def _is_readable(line: Line, context: Context) -> bool:
    try:
        return line.right is not None and not free_indices(Reader(context.dictionary).read(line.right))
    except (Unreadable, ValueError):
        return False


def judged_logarithm(line: Line, product: Line, context: Context) -> Judgement:
    """The judgement on "this is the logarithm of that product".

    Raises: Unreadable, ModelError: if a side has no reading, or the definitions make no model.
    """
    assert line.right is not None and product.right is not None
    posed = posed_logarithm(line, product, context)
    if posed is None:
        return Judgement(verdict=Verdict.UNDECIDED, because="it speaks of all data points, and of one")
    equation, model = posed
    used = {name_of(a) for side in equation.confirmed for a in names_in(side)}
    begins = other_beginning(line, *equation.confirmed)
    if begins is not None:
        equation = replace(equation, right=begins.repaired)

    def wonder() -> Iterator[str]:
        yield from of_words(line)
        several = context.several(but=line.number)
        yield from (f"{name} has more than one meaning in the text" for name in sorted(used & several))

    found = judge(equation, model, wonder)
    if begins is None:
        return found
    if found.verdict not in (Verdict.PROVED, Verdict.HOLDS):
        return Judgement(verdict=Verdict.UNDECIDED, because=begins.message)
    return Judgement(verdict=Verdict.REFUTED, because=begins.message)


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """A sum that begins elsewhere than the product whose logarithm it is said to be.

    Attributes:
        repaired: what is said, with the sum over the range of the product.
        message: where both begin.
        suggestion: the edit that makes the sum begin where the product does, if the text shows the number.
    """

    repaired: Expr
    message: str
    suggestion: Suggestion | None


def other_beginning(line: Line, whole: Expr, logged: Expr) -> Beginning | None:
    """Whether a single product and a single sum with one upper end begin at different numbers."""
    products, sums = (sorted(e.atoms(kind), key=str) for e, kind in ((whole, Product), (logged, Sum)))
    ends = [bound_in(b) for b in (*products, *sums)]
    if len(products) != 1 or len(sums) != 1 or any(len(e) != 1 for e in ends):
        return None
    (_, first, last), (i, low, high) = ends[0][0], ends[1][0]
    if last != high or first == low or not (first.is_Integer and low.is_Integer):
        return None
    new = index(str(i.label), first, last)
    repaired = logged.xreplace({sums[0]: Sum(substitute(sums[0].function, {i: new}), (new, first, last))})
    message = f"the sum begins at {low}, the product at {first}"
    return Beginning(repaired=repaired, message=message, suggestion=_begun(line, str(first)))


def posed_logarithm(line: Line, product: Line, context: Context) -> tuple[Equation, Model] | None:
    """The equation that is claimed of a logarithm, and the model in which it is judged."""
    assert line.right is not None and product.right is not None
    readers = Reader(context.dictionary), Reader(context.dictionary)
    whole, logged = readers[0].read(product.right), readers[1].read(line.right)
    sign = SIGNS[NEGATIVE.search(introduction(line.formula)) is not None]
    equation = Equation(
        left=sign * log(whole),
        right=logged,
        sources=((product.formula.latex, product.right, readers[0]), (line.formula.latex, line.right, readers[1])),
        confirmed=(whole, logged),
    )
    used = {name_of(a) for side in (whole, logged) for a in names_in(side)}
    of_all = any(reader.samples for reader in readers)
    model = with_variables(equation, context.model_at(line.number, used, whole=of_all))
    return None if any(lacks_a_point(side, model) for side in (whole, logged)) else (equation, model)


def suggested_beginning(line: Line, product: Line, context: Context) -> Suggestion | None:
    """The edit that makes a sum begin where the product does."""
    assert line.right is not None and product.right is not None
    sides = (Reader(context.dictionary).read(n) for n in (product.right, line.right))
    found = other_beginning(line, *sides)
    return found.suggestion if found is not None else None


def _begun(line: Line, first: str) -> Suggestion | None:
    r"""The edit of the number below \sum."""
    assert line.right is not None
    bound = next((b for n in walk(line.right) if isinstance(n, Big) and (b := binder(n.below)) is not None), None)
    if bound is None or not isinstance(bound[1], Num):
        return None
    (start, end), side, source = bound[1].span, line.right.span, line.formula.latex
    span = None if line.formula.origins else (line.formula.offset + start, line.formula.offset + end)
    latex = source[side[0] : start] + first + source[end : side[1]]
    edit = f"{bound[0]}={source[start:end]} → {bound[0]}={first}"
    return Suggestion(latex=latex, edit=edit, verdict=Verdict.PROVED, span=span, text=first)
