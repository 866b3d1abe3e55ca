r"""Relations that stay open and claim nothing: conditions, choices, constraints, events, names of things.

What can be proved or refuted is judged first; only what is left open is asked whether it is said to be so at all.
"""

from __future__ import annotations

import re

from derive.notation.conventions import NO_QUANTITIES, PROBABILITY_LETTERS
from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Array, Big, Bin, Empty, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym

from .context import Context
from .declarations import (
    OPENS,
    OPENS_IN_CHINESE,
    SIGNS,
    defines_any,
    has_chances,
    is_plain,
    names_only,
    speaks_of_measures,
)
from .lines import PROBLEM, Line
from .results import StatementKind
from .roles import CLAIMING, announced, introduction
from .solved import is_zero

INTRODUCED = re.compile(r"it may say what|the name may be given another meaning here|it may be a definition")
MAY_FAIL = "it holds for some values and not for others"  # what is said of an inequality that is open
CHANGES = frozenset({"delta", "Delta"})
ROUGH = frozenset({"approx", "simeq"})
FORMULAS = r"(?:\$[^$]*\$[\s,]*(?:and|or)?\s*)*\Z"  # others of a list, up to the one that is asked about
SATISFIED = re.compile(r"\bsatisf\w+[:\s]*" + FORMULAS, re.IGNORECASE)
SETS = re.compile(  # the words right before an equation that is a choice
    r"\b(?:set(?:s|ting)?|put(?:s|ting)?|tak(?:e|es|ing)|choos(?:e|es|ing)|pick(?:s|ing)?|fix(?:es|ing)?"
    r"|substitut\w+|re-?index\w*|denot\w+|defin\w+|call(?:ing)?|introduc\w+|abbreviat\w+|consider(?:ing)?"
    r"|example|e\.\s?g\.|say|at|initiali[sz]\w+|change of variables?)"
    r"[,:\s]*(?:(?:that|of|the|as|with|us|to be|function|functions|equation|model|constraint|case)\s+)*" + FORMULAS,
    re.IGNORECASE,
)
CONDITIONAL = re.compile(
    r"(?:\b(?:if|when(?:ever)?|unless|until|such that|subject to|s\.\s?t\.|assum\w+(?: that)?|suppos\w+(?: that)?"
    r"|provided(?: that)?|given(?: that)?|as long as|requir\w+(?: that)?)|若|如果|假如|当|假设|假定|使得)[:\s]*"
    + FORMULAS,
    re.IGNORECASE,
)
NAMES = re.compile(  # the words right before a relation that is the content of something, and not asserted
    r"\b(?:(?:for|in|under|on) which|whether(?: or not)?|if and only if|only if|iff|e\.\s?g\."
    r"|(?:events?|probability|chance|condition|constraint|assumption|requirement|hypothesis)(?: of| that)?)"
    r"[:\s]*" + FORMULAS + r"|(?:事件|条件|约束|假设|是否)\s*" + FORMULAS,
    re.IGNORECASE,
)
NAMES_BEHIND = re.compile(r"\s*(?:时|的(?:时候|情况|概率|条件|事件|样本)|(?:出现|发生|成立)的概率|这一(?:事件|条件))")
SUPPOSES = re.compile(  # a clause that supposes, up to its end; "suppose that we have" concludes nothing
    r"\b(?:suppos\w+|assum\w+|imagine|given(?! by)|provided)\b(?: that)?"
    r"(?: (?:we|you|one) (?:have|know|observe|see|are given))?(?P<clause>[^,;]*)\Z",
    re.IGNORECASE,
)
ESTIMATES = re.compile(  # what something is approximated by
    r"\b(?:we|to|can|could|may|be|is|are)(?: \w+)? (?:approximat|estimat)\w+\b[^.;]*\Z"
    r"|\b(?:approximat|estimat)\w+\b[^.;]*\b(?:by|with|as|using|via|average|samples?)[:\s]*\Z",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z$(\\])|\n\s*\n")
MATHS = re.compile(r"\$[^$]*\$")


def kind_of_open(line: Line, context: Context, because: str) -> StatementKind:
    """What a relation that is open for some reason is in its text: a claim only if it is said to hold."""
    if line.right is None:
        return StatementKind.CLAIM
    if line.carried is not None and not line.formula.display:  # "a divergence is $\ge 0$" speaks of what words name
        return StatementKind.EXPRESSION
    if _is_posed(line):
        return StatementKind.STATIONARY
    nothing = (
        _is_subject(line)
        or _is_content(line, context)
        or is_setting(line, context)
        or is_restriction(line, because)
        or may_introduce(line, because)
        or _binds_free_letters(line, context)
        or _is_estimate(line)
    )
    return StatementKind.DEFINITION if nothing else StatementKind.CLAIM


def is_setting(line: Line, context: Context) -> bool:
    """Whether an equation that follows from nothing is none that should: a condition, a choice, a name for something.

    That is so of an equation right behind `where`, `if`, `such that`, `set`, and of one for a name or a function of
    letters that no words call a conclusion, or of which the text has not spoken before.
    """
    if line.operator not in DEFINING or not _stands_alone(line):
        return False
    words = words_before(line, context)
    if SATISFIED.search(words) is not None:  # the solution satisfies …, as may be shown
        return False
    if any(pattern.search(words) is not None for pattern in (OPENS, OPENS_IN_CHINESE, SETS)):
        return not _has_slope(line.left) or CONDITIONAL.search(words) is not None  # no words give it a meaning
    concluded = announced(introduction(line.formula)) in CLAIMING
    if not concluded and isinstance(line.right, Array) and line.right.style == "cases":
        return not _has_slope(line.left)
    if not _gives_a_name(line, context):
        return False
    return not concluded or _is_new(line, context)


def may_introduce(line: Line, because: str) -> bool:
    """Whether what keeps an equation open is that it may say what a name is, and no words call it a conclusion."""
    if line.link or line.carried is not None or line.operator not in DEFINING:
        return False
    return INTRODUCED.search(because) is not None and announced(introduction(line.formula)) not in CLAIMING


def is_restriction(line: Line, because: str) -> bool:
    """Whether a comparison that is open restricts something within a sentence that draws no conclusion.

    That is so of bounds of letters, 0 ≤ θ ≤ 1, and of values that meet it at some numbers and fail it at others:
    p ≥ τ of a p that the text defines.
    """
    if line.operator not in SIGNS or line.right is None or line.formula.display or speaks_of_measures(line):
        return False
    if announced(introduction(line.formula)) in CLAIMING:
        return False
    sides = [s.body if isinstance(s, Neg) else s for s in (line.left, line.right)]
    if all(isinstance(s, Num | Sym) for s in sides):
        return True
    return MAY_FAIL in because and not any(map(has_chances, sides)) and all(map(is_plain, sides))


# -- what the words make of a relation -------------------------------------------------------------------


def words_before(line: Line, context: Context) -> str:
    """The words right before a relation: in its formula, or before that, if nothing there says more of other rows."""
    if line.words or line.after:
        return line.words
    rows = (n for n in context.lines.lines if n.formula is line.formula and n.number < line.number)
    return "" if any(n.words or n.after for n in rows) else line.formula.before


def _is_subject(line: Line) -> bool:
    """Whether a relation stands behind the `s.t.` of a problem."""
    return PROBLEM.search(line.formula.latex[: line.span[0]]) is not None


def _is_content(line: Line, context: Context) -> bool:
    """Whether a relation is what an event, a condition or a supposition is about, and is not asserted itself."""
    if not _stands_alone(line):
        return False
    words = words_before(line, context)
    opened = OPENS.search(words) is not None and SATISFIED.search(words) is None
    if opened and (not _has_slope(line.left) or CONDITIONAL.search(words) is not None):
        return True
    if NAMES.search(words) is not None:
        return True
    if not line.formula.display and NAMES_BEHIND.match(line.formula.after) is not None:
        return True
    clause = SUPPOSES.search(MATHS.sub("…", SENTENCE.split(words.rstrip(" :\n"))[-1]))
    return clause is not None and announced(clause["clause"]) not in CLAIMING


def _is_estimate(line: Line) -> bool:
    """Whether a sign ≈ says by what something is approximated: an estimator, which is chosen and not concluded."""
    return line.operator in ROUGH and not line.link and ESTIMATES.search(introduction(line.formula)) is not None


def _stands_alone(line: Line) -> bool:
    """Whether a relation has two sides, and goes on from none before it."""
    sides = isinstance(line.left, Empty) or isinstance(line.right, Empty)
    return not line.link and line.carried is None and line.right is not None and not sides


def _is_posed(line: Line) -> bool:
    """Whether a slope or a sum is set to zero, and no limit, mean or probability is said to vanish."""
    if line.right is None or line.operator not in DEFINING or not is_zero(line.right):
        return False
    if _has_slope(line.left):
        return True
    limits = any(isinstance(n, Big) and n.op == "lim" for n in walk(line.left))
    chances = any(isinstance(n, Sym) and n.base in PROBABILITY_LETTERS for n in walk(line.left))
    return isinstance(line.left, Bin) and not (limits or chances or speaks_of_measures(line))


# -- what its letters make of it -------------------------------------------------------------------------


def _gives_a_name(line: Line, context: Context) -> bool:
    """Whether the left side of an equation is a letter, an entry [H]_{ij}, a function of letters, or several."""
    left = line.left
    if isinstance(left, Group) and left.opening == "[" and left.sub is not None and left.sup is None:
        left = left.body
    if isinstance(left, Juxt) and _is_change(left):
        left = left.items[1]
    if isinstance(left, Juxt) and _is_word(left, line, context):
        return True
    if not isinstance(left, Sym | Juxt | Listing) or not names_only(left):
        return False
    if isinstance(left, Juxt) and speaks_of_measures(line):
        return False
    return all(_may_be_named(n) for n in (left.items if isinstance(left, Listing) else (left,)))


def _may_be_named(node: Node) -> bool:
    """Whether a letter, or that of a function, is one that a text can give a meaning."""
    head = node.items[0] if isinstance(node, Juxt) else node
    if not isinstance(head, Sym) or head.base in NO_QUANTITIES | PROBABILITY_LETTERS or head.primes:
        return False
    return not isinstance(head.sup, Num)


def _is_word(node: Juxt, line: Line, context: Context) -> bool:
    """Whether bare capitals, and figures behind them, are one name, as in F1 and JC: no letter has a meaning alone."""
    letters = [n for n in node.items if isinstance(n, Sym)]
    bare = all(n.sub is None and n.sup is None and not n.accents and "bold" not in n.fonts for n in letters)
    capitals = bare and all(n.base.isupper() for n in letters)
    figures = all(isinstance(n, Num) for n in node.items if not isinstance(n, Sym))
    if not capitals or not figures or not isinstance(node.items[0], Sym) or defines_any(line, context):
        return False
    bases = {n.base for n in letters}
    return line.right is not None and not any(isinstance(n, Sym) and n.base in bases for n in walk(line.right))


def _is_new(line: Line, context: Context) -> bool:
    """Whether what a left side names has not been spoken of before: nothing can be concluded of it."""
    head = next(n for n in walk(line.left) if isinstance(n, Sym))
    letter = head.base, head.accents, head.fonts
    before = (n for n in context.lines.lines if n.number < line.number)
    sides = (side for n in before for side in (n.left, n.right) if side is not None)
    return all((n.base, n.accents, n.fonts) != letter for side in sides for n in walk(side) if isinstance(n, Sym))


def _is_change(node: Juxt) -> bool:
    """Whether a product is one letter with a sign of change before it: δx, Δt."""
    sign, *rest = node.items
    bare = isinstance(sign, Sym) and sign.sub is None and sign.sup is None
    return bare and isinstance(sign, Sym) and sign.base in CHANGES and len(rest) == 1 and isinstance(rest[0], Sym)


def _binds_free_letters(line: Line, context: Context) -> bool:
    """Whether an equation ties letters that the text leaves free to a number or a letter: Σ_i w_i = 1, U^T U = I.

    Of letters that may be anything no such equation is true; it can only be one that they are to meet.
    """
    if line.operator not in DEFINING or not _stands_alone(line) or speaks_of_measures(line) or _has_slope(line.left):
        return False
    right = line.right.body if isinstance(line.right, Neg) else line.right
    if SATISFIED.search(words_before(line, context)) is not None:
        return False
    if not isinstance(right, Num | Sym) or announced(introduction(line.formula)) in CLAIMING:
        return False
    nodes = [n for side in (line.left, right) for n in walk(side)]
    applied = any(isinstance(n, Juxt) and _applies(n) for n in nodes)
    applied = applied or any(isinstance(n, Fn) for n in nodes)
    letters = {n.base for n in nodes if isinstance(n, Sym)}
    bound = {
        n.base for big in nodes if isinstance(big, Big) and big.below for n in walk(big.below) if isinstance(n, Sym)
    }
    if not letters - bound:
        return False
    chances = bool(letters & PROBABILITY_LETTERS)
    unread = {name.split("_")[0] for name in context.unread}
    return not applied and not chances and not letters & unread and not defines_any(line, context)


def _applies(node: Juxt) -> bool:
    """Whether a letter stands before a bracket and may be a function."""
    pairs = zip(node.items, node.items[1:], strict=False)
    return any(isinstance(a, Sym) and isinstance(b, Group) and b.opening in ("(", "[") for a, b in pairs)


def _has_slope(node: Node) -> bool:
    """Whether something is differentiated: ∇, ∂, a prime, or a d above and below a line."""
    parts = list(walk(node))
    lines = (n for n in parts if isinstance(n, Fraction))
    whole = any(all(any(_is_d(n) for n in walk(side)) for side in (line.above, line.below)) for line in lines)
    return whole or any(isinstance(n, Sym) and (n.base in ("nabla", "partial") or n.primes) for n in parts)


def _is_d(node: Node) -> bool:
    return isinstance(node, Sym) and node.base == "d" and node.sub is None
