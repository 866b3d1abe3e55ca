"""How a formula was understood, in LaTeX: with every product, index range and derivative made explicit."""

from __future__ import annotations

from collections.abc import Collection

from sympy import Expr, Idx, Indexed

from derive.notation.dictionary import Dictionary
from derive.notation.layout import Atom, Row
from derive.notation.names import Names
from derive.notation.printer import PrintError, layout
from derive.notation.renderers import to_latex
from derive.notation.renderers.spacing import LayoutError
from derive.vocabulary import name_of, names_in

RELATIONS = {":=": ":=", "triangleq": r"\triangleq", "equiv": r"\equiv"}


def reading(
    left: Expr, right: Expr | None, operator: str, dictionary: Dictionary, samples: Collection[Idx] = ()
) -> str | None:
    """The reading of a relation, or of an expression, in the letters of the text; None if it cannot be set.

    Args:
        left: the left side.
        right: the right side; None for an expression.
        operator: as parsed: `=`, `:=`.
        dictionary: what the letters of the text mean.
        samples: the indices that count data points, set as superscripts.
    """
    names = _names(
        dictionary, {name_of(a) for side in (left, right) if side is not None for a in _sampled(side, samples)}
    )
    try:
        if right is None:
            return to_latex(layout(left, names))
        return to_latex(Row((layout(left, names), Atom(RELATIONS.get(operator, "=")), layout(right, names))))
    except (PrintError, LayoutError):
        return None


def _sampled(expr: Expr, samples: Collection[Idx]) -> set[Indexed]:
    return {a for a in names_in(expr) if isinstance(a, Indexed) and a.indices[0] in samples}


def _names(dictionary: Dictionary, sampled: set[str]) -> Names:
    survey = dictionary.survey
    quantities = {plain: (named.latex, plain in sampled) for plain, named in survey.named.items()}
    return Names(
        quantities=quantities, symbols={size: survey.named[size].latex for size in survey.sizes & set(quantities)}
    )
