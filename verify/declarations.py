r"""Relations that say what something is, and claim nothing: x ∈ ℝⁿ, x ~ p, f: A → B, λ > 0, i < j, i = 1, …, n."""

from __future__ import annotations

import re

from derive.notation.conventions import NO_QUANTITIES, PROBABILITY_LETTERS
from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Chain, Dots, Empty, Entries, Group, Juxt, Listing, Neg, Node, Num, Sym

from .context import Context
from .lines import Line, names_defined
from .roles import CLAIMING, Role, announced, introduction

BELONGS = frozenset({"in", "ni", "~", "subset", "subseteq"})
MAPS = frozenset({":", "to", "mapsto", "->"})
SIGNS = frozenset({"<", ">", "<=", ">=", "!="})
ALWAYS = frozenset({"<<", ">>", "notin", "perp", "models", "succ", "succeq", "prec", "preceq", "<->", "leadsto"})
ROUGHLY = re.compile(r"\\(?:lesssim|gtrsim|lessapprox|gtrapprox)(?![a-zA-Z])")
MEASURES = frozenset({"E", "Var", "Cov", "H", "D", "I", "KL"})  # whose values obey laws
INTRODUCED = re.compile(r"it may say what|the name may be given another meaning here|it may be a definition")
MAY_FAIL = "it holds for some values and not for others"  # what is said of an inequality that is open
CONDITIONS = (Role.EQUATION, Role.ASSUMPTION)  # `subject to`, `assume that`
CHANGES = frozenset({"delta", "Delta"})
LABELS = frozenset({"*", "ast", "star", "prime"})
BARS = frozenset({"|", r"\|", "||"})
OPENS = re.compile(  # the words right before a formula, with other formulas of their list between
    r"\b(?:if|when(?:ever)?|where|such that|subject to|s\.\s?t\.|assum\w+(?: that)?|suppos\w+(?: that)?|let|with"
    r"|for(?: (?:all|any|some|every|each))?|provided(?: that)?|unless|until|while|given(?: that)?|as long as|once"
    r"|requir\w+(?: that)?|satisf\w+|constraints?|conditions?|in case|case|all|any|some|every|each)"
    r"[:\s]*(?:\$[^$]*\$[\s,]*(?:and|or)?\s*)*\Z",
    re.IGNORECASE,
)
OPENS_IN_CHINESE = re.compile(  # if, when, suppose, let, take, note, where, so that, under the constraint
    r"(?:若|如果|假如|当|假设|假定|设|令|记|取|其中|使得|约束(?:条件)?[为是]?|限制(?:条件)?|对于?(?:任意|所有)的?)"
    r"\s*(?:\$[^$]*\$[\s,，、]*(?:和|且|或)?\s*)*\Z"
)
MUST = re.compile(r"\b(?:must|needs? to|has to|have to)\b", re.IGNORECASE)
SATISFIED = re.compile(r"\bsatisf\w+[:\s]*(?:\$[^$]*\$[\s,]*(?:and|or)?\s*)*\Z", re.IGNORECASE)
SETS = re.compile(  # the words right before an equation that is a choice
    r"\b(?:set(?:s|ting)?|put(?:s|ting)?|tak(?:e|es|ing)|choos(?:e|es|ing)|pick(?:s|ing)?|fix(?:es|ing)?"
    r"|substitut\w+|re-?index\w*|denot\w+|defin\w+|call(?:ing)?|introduc\w+|abbreviat\w+|consider(?:ing)?"
    r"|example|e\.\s?g\.|say|at|initiali[sz]\w+|change of variables?)"
    r"[,:\s]*(?:(?:that|of|the|as|with|us|to be|function|functions|equation|model|constraint|case)\s+)*"
    r"(?:\$[^$]*\$[\s,]*(?:and|or)?\s*)*\Z",
    re.IGNORECASE,
)


def bounds_a_name(line: Line, context: Context) -> bool:
    """Whether a relation gives letters a sign or a bound that is a number: λ > 0."""
    if line.operator not in SIGNS or line.right is None or isinstance(line.left, Empty):
        return False
    names = names_only(line.left) and isinstance(line.right.body if isinstance(line.right, Neg) else line.right, Num)
    return names and not speaks_of_measures(line) and not _defines_any(line, context)


def is_declaration(line: Line, context: Context) -> bool:
    """Whether a relation only says what a name is: a member of a set, a map, within bounds, or counting from 1 to n."""
    if line.right is None or isinstance(line.left, Empty):
        return False
    if line.operator in MAPS:
        return not isinstance(line.right, Chain)
    if line.operator in BELONGS:
        return names_only(_unquantified(line.left)) or all(isinstance(s, Num) for s in (line.left, line.right))
    if line.operator in ALWAYS or (line.operator in SIGNS | {"approx"} and _is_rough(line)):
        return True
    if line.operator in SIGNS:
        return is_condition(line, context)
    return line.operator == "=" and isinstance(line.left, Sym) and _counts(line.right)


def _unquantified(node: Node) -> Node:
    r"""The i of `\forall i`."""
    if isinstance(node, Juxt) and isinstance(node.items[0], Sym) and node.items[0].base in ("forall", "exists"):
        rest = node.items[1:]
        return rest[0] if len(rest) == 1 else Juxt(items=rest, span=node.span)
    return node


def names_only(node: Node) -> bool:
    """Letters, with or without indices, listed or one; also the entry before a bracket, P(x), and a pair, (x, y)."""
    if isinstance(node, Listing):
        return all(names_only(i) for i in node.items)
    if isinstance(node, Entries):  # x_1, …, x_n
        return names_only(node.body)
    if isinstance(node, Group):
        return node.opening in ("(", r"\{") and isinstance(node.body, Listing) and names_only(node.body)
    if isinstance(node, Juxt):
        head, *rest = node.items
        return isinstance(head, Sym) and len(rest) == 1 and isinstance(rest[0], Group) and names_only(rest[0].body)
    return isinstance(node, Sym | Dots)


# -- settings ----


def is_setting(line: Line, context: Context) -> bool:
    """Whether an equation that follows from nothing is none that should: a condition, a choice, a name for something.

    That is so of an equation right behind `where`, `if`, `such that`, `set`, and of one for a name or a function of
    letters that no words call a conclusion, or of which the text has not spoken before.
    """
    if line.operator not in DEFINING or line.right is None or line.link or line.carried is not None:
        return False
    if isinstance(line.left, Empty) or isinstance(line.right, Empty):
        return False
    words = _words_before(line)
    if SATISFIED.search(words) is not None:  # the solution satisfies …, as may be shown
        return False
    if any(pattern.search(words) is not None for pattern in (OPENS, OPENS_IN_CHINESE, SETS)):
        return True
    if not _gives_a_name(line):
        return False
    return announced(introduction(line.formula)) not in CLAIMING or _is_new(line, context)


def _words_before(line: Line) -> str:
    """The words right before a relation, in its formula or, where nothing stands between, before that."""
    if line.words:
        return line.words
    return "" if line.formula.latex[: line.span[0]].strip(" {&\n") else line.formula.before


def _gives_a_name(line: Line) -> bool:
    """Whether the left side of an equation is a letter, an entry [H]_{ij}, or a function of letters."""
    left = line.left
    if isinstance(left, Group) and left.opening == "[" and left.sub is not None and left.sup is None:
        left = left.body
    if isinstance(left, Juxt) and _is_change(left):
        left = left.items[1]
    if not isinstance(left, Sym | Juxt) or not names_only(left):
        return False
    if isinstance(left, Juxt) and speaks_of_measures(line):
        return False
    head = left.items[0] if isinstance(left, Juxt) else left
    if not isinstance(head, Sym) or head.base in NO_QUANTITIES | PROBABILITY_LETTERS or head.primes:
        return False
    return not isinstance(head.sup, Num)


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
    return MAY_FAIL in because and not any(map(_has_chances, sides)) and all(map(_is_plain, sides))


def _has_chances(side: Node) -> bool:
    """Whether a side has P(…), of which laws may hold."""
    heads = (n.items[0] for n in walk(side) if isinstance(n, Juxt))
    return any(isinstance(head, Sym) and head.base in PROBABILITY_LETTERS for head in heads)


def is_left_out(line: Line) -> bool:
    """Whether a side of a relation is nothing but dots, x_1 = ⋯, so that it says nothing by itself."""
    return any(isinstance(side, Dots) for side in (line.left, line.right))


# -- conditions ------------------------------------------------------------------------------------------


def is_condition(line: Line, context: Context) -> bool:
    """Whether a comparison restricts what the text leaves free, and says nothing of what it defines."""
    if line.operator not in SIGNS or line.right is None:
        return False
    if line.operator == "!=" and not _defines_any(line, context):
        return True
    opening = line.words or ("" if line.formula.display else line.formula.before)
    if OPENS.search(opening) is not None or OPENS_IN_CHINESE.search(opening) is not None:
        return True
    if speaks_of_measures(line):
        return False
    words = introduction(line.formula) if line.formula.display else ""
    if MUST.search(words) is not None:
        return True
    role = announced(words) if line.formula.display else None
    if role in CONDITIONS or role in CLAIMING:
        return role in CONDITIONS
    if not all(_is_plain(side) for side in (line.left, line.right)):
        return False
    return not _defines_any(line, context)


def speaks_of_measures(line: Line) -> bool:
    """Whether a relation has a letter of expected values, entropies and the like."""
    sides = (side for side in (line.left, line.right) if side is not None)
    return any(isinstance(n, Sym) and n.base in MEASURES for side in sides for n in walk(side))


def _is_rough(line: Line) -> bool:
    """Whether it holds up to a factor, or roughly."""
    assert line.right is not None
    if line.carried is not None:
        return False
    return ROUGHLY.search(line.formula.latex, line.left.span[1], line.right.span[0]) is not None


def _is_plain(node: Node) -> bool:
    """A letter, a value f(x), a magnitude, a number, or a sum or a product of a few of these: k − 1, 2 n."""
    if isinstance(node, Neg):
        return _is_plain(node.body)
    if isinstance(node, Bin):
        return node.op in "+-/" and _is_plain(node.left) and _is_plain(node.right)
    if isinstance(node, Group):
        return node.opening in BARS and node.sup is None and names_only(node.body)
    if isinstance(node, Juxt):
        return names_only(node) or all(isinstance(i, Num | Sym) and _is_plain(i) for i in node.items)
    if isinstance(node, Sym):
        return node.sup is None or isinstance(node.sup, Group) or getattr(node.sup, "base", "") in LABELS
    return isinstance(node, Num | Dots | Empty)


def _defines_any(line: Line, context: Context) -> bool:
    """Whether the text defines a name of a comparison, so that it is a claim about it."""
    defined = {d.name for d in (*context.definitions.values(), *context.others.values())}
    if (found := names_defined(line, context.dictionary)) is not None and found[0] in defined:
        return True
    bases = {name.split("_")[0] for name in defined}
    sides = (side for side in (line.left, line.right) if side is not None)
    return any(isinstance(n, Sym) and n.base in bases for side in sides for n in walk(side))


def _counts(node: Node) -> bool:
    """1, …, n, with commas or without."""
    items = node.items if isinstance(node, Listing | Juxt) else ()
    return len(items) >= 3 and any(isinstance(i, Dots) for i in items)
