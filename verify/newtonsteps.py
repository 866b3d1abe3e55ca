r"""Δx = η (∂²L/∂x²)^{-1} ∂L/∂x: a step of Newton's method without its minus, which leads away from where it should.

Whatever is sought, a least value or a greatest one, the step is −H^{-1} g. Steps by the information or by the negative
Hessian, and systems of equations to solve, are others.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.chances.events import unbraced
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Fraction, Group, Juxt, Neg, Node, Num, Sym

from .context import Context
from .descent import Term, factors_of, is_alike, is_gradient, is_rate, terms_of
from .doubts import of_words
from .found import Found
from .lines import Line
from .mended import conflict
from .results import StatementKind, Verdict
from .rules.wrong_quantity import RULE as QUANTITY
from .rules.wrong_sign import RULE

NEWTON = re.compile(r"(?<!quasi-)(?<!gauss-)\bnewton\b", re.IGNORECASE)
OTHERWISE = re.compile(
    r"\b(?:subtract\w*|minus|negative|opposite|information|fisher|scoring|score|quasi|gauss\w*|solv\w+|decrement|instead)\b"
    r"|\blog-?likelihood",
    re.IGNORECASE,
)
HESSIANS = frozenset({"H"})
CHANGE = "Delta"
REACH = 400  # characters of the text before a formula


def newton_found(line: Line, context: Context) -> Found | None:
    """What is found of a step of Newton's method: that it is one, or that its sign is the other one."""
    said = f"{line.formula.before[-REACH:]} {line.formula.after[:REACH]}"
    if line.right is None or line.link or line.carried is not None or line.operator not in ("=", ":=", "<-"):
        return None
    varied = _varied(line.left)
    if (
        varied is None
        or _is_taken_off(line, context)
        or not NEWTON.search(said)
        or OTHERWISE.search(said)
        or any(of_words(line))
    ):
        return None
    terms = list(terms_of(line.right, line.formula.latex))
    if (turned := _turned(terms, line, varied, context)) is not None:
        return turned
    steps = [t for t in terms if _is_step(t.node, line, varied, context)]
    others = [t for t in terms if t not in steps]
    whole = varied == line.left
    if len(steps) != 1 or len(others) != int(whole) or not all(_is_start(t, varied) for t in others):
        return None
    (step,) = steps
    if step.sign < 0:
        because = "it is one step of Newton's method"
        return Found(kind=StatementKind.CLAIM, verdict=Verdict.HOLDS, because=because)
    at = step.at
    start = line.right.span[0]
    places = {(start, start): "-"} if at is None else {(at, at + 1): "-"}
    message = "a step of Newton's method goes against the gradient"
    return conflict(line, message, f"{message}, and the sign is the other one", places, RULE)


def _varied(left: Node) -> Sym | None:
    """The x of Δx = …, and of x_{t+1} = …."""
    if not isinstance(left, Sym):
        return None
    return replace(left, accents=tuple(a for a in left.accents if a != CHANGE))


def _is_taken_off(line: Line, context: Context) -> bool:
    """Whether the text subtracts the change: x − Δx."""
    here = (node for node, f in context.lines.nodes if f.headings == line.formula.headings)
    taken = (n.right for node in here for n in walk(node) if isinstance(n, Bin) and n.op == "-")
    return any(isinstance(n, Sym) and CHANGE in n.accents for n in taken)


def _is_start(term: Term, varied: Sym) -> bool:
    return term.sign > 0 and is_alike(term.node, varied)


def _is_step(node: Node, line: Line, varied: Sym, context: Context) -> bool:
    """Whether a term is the inverse of a second derivative times the first one, with rates."""
    factors = [unbraced(f) for f in factors_of(node)]
    inverses = [f for f in factors if _is_inverse(f, line, context)]
    slopes = [f for f in factors if f not in inverses and is_gradient(f, replace(line, left=varied), context)]
    rates = [f for f in factors if f not in inverses and f not in slopes and is_rate(f)]
    return len(inverses) == 1 == len(slopes) and len(rates) == len(factors) - 2


def _turned(terms: list[Term], line: Line, varied: Sym, context: Context) -> Found | None:
    """The conflict of g^{-1} H, where the wrong one of both is inverted."""
    source = line.formula.latex
    for term in terms:
        match [unbraced(f) for f in factors_of(term.node)]:
            case [Sym(sup=Neg(body=Num(text="1"))) as slope, Sym(sup=None, base=base) as second] if base in HESSIANS:
                bare = replace(slope, sup=None)
                if not is_gradient(bare, replace(line, left=varied), context):
                    continue
                whole = source[slice(*slope.span)]
                name, hessian = whole[: whole.rindex("^")].strip(), source[slice(*second.span)]
                message = "the step of Newton's method is the inverse of the Hessian times the gradient"
                places = {(slope.span[0], second.span[1]): f"{hessian}^{{-1}} {name}"}
                return conflict(line, message, f"{message}, and here the gradient is inverted", places, QUANTITY)
    return None


def _is_inverse(node: Node, line: Line, context: Context) -> bool:
    """Whether a factor is H^{-1}, (∇²f)^{-1} or (∂²L/∂x²)^{-1}, of an H that the text does not define otherwise."""
    match node:
        case Sym(base=base, sup=Neg(body=Num(text="1"))) if base in HESSIANS:
            return not _is_negative(base, line, context)
        case Group(sup=Neg(body=Num(text="1")), body=body):
            return _is_second(unbraced(body))
    return False


def _is_second(node: Node) -> bool:
    if isinstance(node, Fraction):
        heads = [n.items[0] if isinstance(n, Juxt) else n for n in (unbraced(node.above),)]
        return any(isinstance(h, Sym) and h.base in ("partial", "d") and _is_two(h.sup) for h in heads)
    head = node.items[0] if isinstance(node, Juxt) else node
    return isinstance(head, Sym) and (
        (head.base == "nabla" and _is_two(head.sup)) or (head.base in HESSIANS and head.sup is None)
    )


def _is_two(node: Node | None) -> bool:
    return isinstance(node, Num) and node.text == "2"


def _is_negative(letter: str, line: Line, context: Context) -> bool:
    """Whether an equation of the text begins with a minus where it says what a letter is."""
    here = (n for n in context.lines.lines if n.formula.headings == line.formula.headings)
    given = (n.right for n in here if isinstance(n.left, Sym) and n.left.base == letter)
    return any(isinstance(n, Neg) for right in given if right is not None for n in walk(right))
