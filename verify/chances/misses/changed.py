r"""log p(x) = log q(z) − log |det ∂x/∂z|: the sign of a change of variables, told by what the Jacobian is taken by.

By the argument of the density on the right it is subtracted, by that of the density on the left it is added, whatever
the map is called. Of a map in several steps, with arguments at other steps, nothing is said.
"""

from __future__ import annotations

from dataclasses import replace

from derive.chances.events import unbraced
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Fn, Fraction, Group, Juxt, Neg, Node, Sym

from ...context import Context
from ...functions import Key, key_of
from ...lines import Line
from ...rules import wrong_sign
from .miss import Miss

LOGARITHMS = frozenset({"log", "ln"})
DENSITIES = frozenset("pqf")


def turned_change(line: Line, context: Context) -> Miss | None:
    """The logarithm of a Jacobian determinant, added where it is to be subtracted or the other way round."""
    right = line.right
    if not isinstance(right, Bin) or right.op not in ("+", "-") or line.link or line.operator != "=":
        return None
    there, here, by = _argument(line.left), _argument(right.left), _taken_by(right.right, context)
    if there is None or here is None or by is None or there == here or by not in (there, here):
        return None
    meant = "-" if by == here else "+"
    inverse = any(isinstance(n, Sym) and isinstance(n.sup, Neg) for n in walk(right.right))
    if right.op == meant or (inverse and by == here):  # the Jacobian of f^{-1} at z, loosely written
        return None
    low, high = right.left.span[1], right.right.span[0]
    between = line.formula.latex[low:high]
    return Miss(
        rule=wrong_sign.RULE,
        because="the Jacobian is taken by the argument of the density beside it: its logarithm has the other sign",
        changes=((low, high, between.replace(right.op, meant)),),
        shown=(right.op, meant),
    )


def _argument(node: Node) -> Key | None:
    """The x of log p(x)."""
    match node:
        case Fn(name=name, sup=None, argument=Juxt(items=(Sym(base=head), Group(body=Sym() as x, sup=None)))):
            return key_of(x) if name in LOGARITHMS and head in DENSITIES else None
    return None


def _taken_by(node: Node, context: Context) -> Key | None:
    """The z of log |det ∂x/∂z|, and of log |det J(z)| where the text says that J(z) is ∂x/∂z."""
    match node:
        case Fn(name=name, sup=None, argument=Group(opening="|", body=Fn(name="det", sup=None) as inner, sup=None)):
            if name in LOGARITHMS and inner.argument is not None:
                return _variable(inner.argument) or _variable(_said(inner.argument, context))
    return None


def _said(node: Node, context: Context) -> Node | None:
    """What a text says that a node is, if it says so once."""
    said = [n.right for n in context.lines.lines if n.right is not None and key_of(n.left) == key_of(unbraced(node))]
    return said[0] if len(said) == 1 else None


def _variable(node: Node | None) -> Key | None:
    match None if node is None else unbraced(node):
        case Fraction(below=Juxt(items=(Sym(base="partial" | "d"), Sym() as by))):
            return key_of(replace(by, sup=None))
    return None
