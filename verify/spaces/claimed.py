"""Whether a relation is claimed of all values of its letters, so that numbers can speak against it.

It is not where the words around it make a condition, give a letter a value or another meaning, or say of its letters
what random vectors and matrices are not: that they commute, are eigenvectors, solve an equation.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Array, Big, Bin, Empty, Fn, Fraction, Group, Juxt, Neg, Node, Num, Sym

from ..context import Context
from ..declarations import OPENS
from ..doubts import BASES, CONDITIONS_WITHIN, DENIALS, LEFT_OUT, is_special
from ..freedifferentials import is_of_differentials
from ..functions import applied, key_of
from ..lines import Line
from ..roles import CLAIMING, RESERVATIONS, Role, announced, introduction, mentions
from .described import described
from .eigen import eigen_of
from .letters import letter_of
from .texts import Shape, Text
from .trials import Outcome, asked_by, knowledge, outcome, readings_of
from .values import NoValue

SPECIAL = re.compile(
    r"\b(?:commut\w*|parallel|collinear|perpendicular|fixed point|idempotent|diagonal\w*|triangular|permutation"
    r"|(?:full|low|has|have|with)[- ]rank"
    r"|linear (?:function|map|operator)s?|homogeneous|projection\w*|project(?:s|ed|or)?|eigen\w+"
    r"|singular (?:v\w+|pair)"
    r"|conjugate|centered|centred|zero[- ]mean|mean zero|skew\w*|stochastic matri\w+|null ?space|kernel|basis|bases"
    r"|residuals?|equilibrium|steady state|stationary distribution|telescop\w+|inverse (?:function|map)|unbiased"
    r"|special case|even function|odd function|approximat\w+|first[- ]order|negligible|vanish\w*|infinitesimal\w*)\b",
    re.IGNORECASE,
)
EIGEN = re.compile(r"\b(?:eigen\w+|basis|projection|projected|project(?:s|ing)?|PCA)\b", re.IGNORECASE)
FACTORS = re.compile(
    r"\b(?:singular v\w+(?: decomposition)?|diagonal\w*|triangular|eigen\w+|basis|bases|projection\w*"
    r"|cent(?:er|re)d)\b",
    re.IGNORECASE,
)
PROJECTED = re.compile(  # on a unit vector, or by what is written out; not what a letter is
    r"(?<!is the )(?<!be the )(?<!is its )(?<!be its )(?<!denote the )(?<!denotes the )(?<!is a )(?<!as the )"
    r"(?<!orthogonal )\bproject(?:ions?|s|ed|ing|or)?\b",
    re.IGNORECASE,
)
REGULAR = re.compile(  # of an inverse or a derivative this is no condition
    r"\b(?:if|when|suppose|assum\w+|provided)\b[^,.;]*\b(?:invertible|non-?singular|square|differentiable|smooth"
    r"|full (?:column |row )?rank)\b",
    re.IGNORECASE,
)
APPROXIMATE = re.compile(r"\bapproximat\w+|\bfirst[- ]order\b|\bTaylor\b", re.IGNORECASE)
BEHIND = re.compile(
    r"\s*,?\s*(?:for|if|when(?:ever)?|where|with|provided|unless|at|since|because|as)\s+(?:all\s+)?\$[^$]*(?:[<>=]|\\[lgn]e)",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[.!?:;])\s+")
STATED = re.compile(r"\b(?:we|one|you|to) find\b|\b(?:satisf(?:y|ies)|obeys?|fulfil\w*)\W*$", re.IGNORECASE)
LAWS = re.compile(  # by the product rule; a useful identity is
    r"\b(?:rules?|lemmas?|identit(?:y|ies)|theorems?|formulas?|laws?|propert(?:y|ies)|facts?)\b"
    r"|\b(?:recall|note|remember|observe) that\b|\bit holds\b",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\b(?:if|when|where|for|suppose|assume|assuming|provided)\b[^.$]*\$[^$]*\$ (?:is|are|equals?|vanish)"
    r"(?! (?:an? |the |both |any |all |\w+ly |twice |real )*(?:invertib|non-?sing|differenti|smooth|conv|symm|posit"
    r"|vector|matri|number|scalar|constant|function|square|continu|arbitrary|regular))",
    re.IGNORECASE,
)


def may_be_wrong(line: Line, context: Context, asked: frozenset[str], shapes: Mapping[str, Shape]) -> bool:
    """Whether an equation that fails everywhere is a claim, of letters that its left side rests on as well."""
    text = knowledge(context)
    logarithms = any(isinstance(n, Fn) and n.name == "log" for side in (line.left, line.right) for n in _nodes(side))
    if logarithms and BASES.search(text.prose):
        return False
    met = FACTORS if asked & text.forms.keys() else EIGEN if asked & text.eigen.keys() else None
    on_units = bool(asked & text.units) and len(asked - text.units) < 2
    if met is None and (on_units or all(_is_oblong(shapes.get(family, ())) for family in asked)):
        met = PROJECTED
    if (
        is_doubted(line, met=met)
        or not _is_announced(line, asked, text)
        or not asked - text.eigen.keys() <= asked_by(line.left, line, text, shapes)
    ):
        return False
    return not _is_bound_elsewhere(line, context, asked)


def _is_oblong(shape: Shape) -> bool:
    """Whether a shape is one of a matrix that need not be square, and so of no projection."""
    return len(shape) == 2 and shape[0] != shape[1]


def says_nothing(line: Line) -> bool:
    """Whether an equation only says what a letter is: x = 10, i = k, A = [[2, 1], [2, 3]], A = A^T, S v = λ v."""
    assert line.right is not None
    if eigen_of(line.left, line.right) is not None or described(line.left, line.right) is not None:
        return True
    bare = isinstance(_plain(line.left), Sym)
    return bare and not line.link and isinstance(_plain(line.right), Sym | Num | Array | Empty)


def defines(line: Line, text: Text) -> bool:
    """Whether a line may say what a letter or a function is, of which nothing is said before."""
    if line.link or line.carried is not None or is_of_differentials(line):
        return False
    head = applied(line.left)
    sym = line.left if isinstance(line.left, Sym) else head[0] if head is not None else None
    if sym is None:
        return False
    try:
        family = letter_of(dataclasses.replace(sym, primes=0)).family
    except NoValue:
        return True
    every = text.said if head is None else text.functions
    return not sym.primes and not any(s.number < line.number for s in every.get(family, ()))


def is_doubted(line: Line, *, met: re.Pattern[str] | None = None) -> bool:
    """Whether the words around a relation may make a condition that random values do not meet, or deny it.

    Args:
        line: the relation.
        met: words of conditions that the values meet.
    """
    before, after = line.formula.before.strip(), line.formula.after.strip()
    paragraphs = before.split("\n\n")[-1], after.split("\n\n")[0]
    sentences = SENTENCE.split(paragraphs[0])[-1], SENTENCE.split(paragraphs[1])[0]
    if CONDITIONS_WITHIN.search(line.formula.latex[line.span[1] :]) or BEHIND.match(after):
        return True
    if not line.formula.display and OPENS.search(before):
        return True
    if is_special(line) or any(CONDITION.search(s) or LEFT_OUT.search(s) for s in sentences):
        return True
    if line.link and "\\approx" in line.formula.latex[: line.left.span[1]]:  # which such words speak of
        paragraphs = APPROXIMATE.sub(" ", paragraphs[0]), paragraphs[1]
    words = (met.sub(" ", part) if met else part for part in (*paragraphs, *line.formula.headings[-1:]))
    return any(DENIALS.search(part) or SPECIAL.search(part) for part in words)


def is_posed(line: Line, *kinds: Role) -> bool:
    """Whether the words before a relation pose it as an equation or a condition, or in one of some other ways."""
    sentence = REGULAR.sub(" ", introduction(line.formula))
    return mentions(STATED.sub(" ", sentence), Role.EQUATION, Role.ASSUMPTION, *kinds)


def _is_announced(line: Line, asked: frozenset[str], text: Text) -> bool:
    """Whether the words before an equation, or its form, say that it follows, and is no condition, value or update."""
    limit = isinstance(line.left, Big) and line.left.op == "lim"  # one that is a number whatever its letters are
    if is_posed(line) or (asked and isinstance(_plain(line.right), Num) and not limit):
        return False
    if line.link:
        return True
    sentence = introduction(line.formula)
    told = announced(sentence) in CLAIMING or STATED.search(sentence) is not None
    if line.formula.display and _is_inverted(line.left, text):
        return True
    if not line.formula.display and not told:
        return False
    if (isinstance(line.left, Sym) and not line.left.primes) or _is_at_its_parameters(line.left, text):
        return told and not is_posed(line, *RESERVATIONS)  # or it may give a name another meaning
    if LAWS.search(sentence):
        return True
    functions = any(isinstance(n, Sym) and n.base in text.functions for n in walk(line.left))
    if _has_slope(line.left):
        return not functions or not is_posed(line, Role.CHANGE)
    return told or applied(line.left) is not None or not is_posed(line, Role.DEFINITION, Role.UPDATE)


def _is_at_its_parameters(node: Node, text: Text) -> bool:
    """Whether a function stands before the arguments with which the text defines it."""
    found = applied(node)
    if found is None:
        return False
    said = text.functions.get(text.letter(dataclasses.replace(found[0], primes=0)).family, ())
    arguments = tuple(key_of(a) for a in found[1])
    return any(tuple(key_of(p) for p in s.parameters) == arguments for s in said) and not found[0].primes


def _is_bound_elsewhere(line: Line, context: Context, asked: frozenset[str]) -> bool:
    """Whether an equation of the text for letters of a claim does not hold for all values, as a condition would not."""
    text = knowledge(context)
    own = range(line.number - line.link, line.number + 1)
    for other in context.lines.lines:
        if other.right is None or other.number in own or other.operator not in DEFINING or other.link:
            continue
        if isinstance(other.left, Sym | Empty) or defines(other, text) or other.carried is not None:
            continue
        sides = other.left, other.right
        found = outcome(sides, other, context, text, readings_of(sides, other, text)[0])
        if found.fails and found.asked & asked:
            return True
    return False


def _has_slope(node: Node) -> bool:
    return any(isinstance(n, Sym) and (n.base in ("nabla", "partial") or n.primes) for n in walk(node))


def _is_inverted(node: Node, text: Text) -> bool:
    """Whether a left side is the inverse of what the text says, which gives no name a meaning and poses no equation."""
    sup = node.sup if isinstance(node, Sym | Group) else None
    inverse = isinstance(sup, Neg) and isinstance(sup.body, Num)
    named = isinstance(node, Sym) and letter_of(dataclasses.replace(node, sup=None)).family in text.said
    return inverse and (isinstance(node, Group) or named)


def _nodes(node: Node | None) -> Iterator[Node]:
    return walk(node) if node is not None else iter(())


def _plain(node: Node | None) -> Node | None:
    """A letter without its sign, its power and its brackets."""
    if isinstance(node, Neg):
        return _plain(node.body)
    if isinstance(node, Group) and not isinstance(node.body, Juxt):
        return _plain(node.body)
    return node


def is_fixed(line: Line, found: Outcome, text: Text) -> bool:
    """Whether a claim speaks of numbers, the derivative of a function that the text defines, or factors of a matrix."""
    if found.asked & text.forms.keys() and found.asked <= text.orthonormal | text.forms.keys():
        return not line.link
    if not found.asked:
        return line.link > 0 or announced(introduction(line.formula)) in CLAIMING
    functions = any(isinstance(n, Sym) and n.base in text.functions for n in walk(line.left))
    return not line.link and functions and (_has_slope(line.left) or is_of_differentials(line))


def reaches_on(side: Node) -> bool:
    """Whether what d/dx stands before may go on behind a sign: d/dx x² + 3 x."""
    sums = [n for n in walk(side) if isinstance(n, Bin) and n.op in "+-"]
    firsts = (n.items[0] for s in sums for n in walk(s.left) if isinstance(n, Juxt))
    return any(
        isinstance(f, Fraction) and isinstance(f.above, Sym) and f.above.base in ("d", "partial") for f in firsts
    )
